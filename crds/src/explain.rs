//! Each effective value of an object, and where it came from.

use crate::{
    environment::Environment,
    objects::{Kind, ObjectRef, Objects},
    problem::{Problem, Problems},
    resolve::{Context, Origin},
};

/// One effective value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Path of the field, such as `spec.vardiff.min`.
    pub field: String,
    /// The value in effect, as it would be written.
    pub value: String,
    /// Who said so.
    pub origin: Origin,
}

/// Every effective value of an object by field: those it gives, those the Pool gives, those that are
/// built in. Problems of the object are given instead if it cannot be resolved.
pub fn explain(
    objects: &Objects,
    environment: &dyn Environment,
    object: &ObjectRef,
) -> Result<Vec<Explained>, Problems> {
    if !objects.contains(object) {
        return Err(Problem::error(format!("there is no {object}")).into());
    }
    let mut context = Context::new(objects, environment).explaining(object);
    crate::resolve::of_object(&mut context, object);
    let mut explained = context.take_explained();
    let problems = context.into_problems();
    if problems.has_errors() {
        return Err(problems);
    }
    explained.sort_by(|a, b| a.field.cmp(&b.field));
    Ok(explained)
}

impl Kind {
    /// Whether objects of the kind have effective values.
    pub const fn is_resolved(self) -> bool {
        !matches!(self, Self::Secret | Self::ConfigMap)
    }
}
