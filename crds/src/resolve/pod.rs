//! What the pods of an object get: object over Pool, field by field.

use serde_json::Value;

use super::{
    blocks::defaults,
    context::{Context, Origin},
};
use crate::{
    kinds::PodSettings,
    objects::{ObjectRef, Objects},
};

/// The effective `pod` block of an object whose own is `own`. Objects in it are merged key by key;
/// lists and single values of the object replace the Pool's.
pub fn effective_pod(objects: &Objects, own: Option<&PodSettings>) -> PodSettings {
    let pool = objects
        .pool
        .as_ref()
        .and_then(|pool| pool.spec.defaults.as_ref()?.pod.as_ref());
    match (own, pool) {
        (None, None) => PodSettings::default(),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (Some(own), Some(pool)) => {
            let merged = json(pool).zip(json(own)).map(|(pool, own)| over(own, pool));
            // Both are of the type, and so is what has the fields of both.
            merged
                .and_then(|merged| serde_json::from_value(merged).ok())
                .unwrap_or_else(|| own.clone())
        }
    }
}

fn json(pod: &PodSettings) -> Option<Value> {
    serde_json::to_value(pod).ok()
}

fn over(own: Value, pool: Value) -> Value {
    match (own, pool) {
        (Value::Object(own), Value::Object(mut pool)) => {
            for (key, value) in own {
                let below = pool.remove(&key).unwrap_or(Value::Null);
                pool.insert(key, over(value, below));
            }
            Value::Object(pool)
        }
        (own, _) => own,
    }
}

/// Records each value of the effective `pod` block with its origin.
pub(super) fn note(context: &mut Context<'_>, of: &ObjectRef, own: Option<&PodSettings>) {
    let pool = defaults(context).and_then(|defaults| defaults.pod.as_ref());
    let own = own.and_then(json).unwrap_or(Value::Null);
    let pool = pool.and_then(json).unwrap_or(Value::Null);
    let merged = over(own.clone(), pool);
    leaves(context, of, "spec.pod", &merged, &own);
}

fn leaves(context: &mut Context<'_>, of: &ObjectRef, path: &str, value: &Value, own: &Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                let below = own.get(key).unwrap_or(&Value::Null);
                leaves(context, of, &format!("{path}.{key}"), value, below);
            }
        }
        value => {
            let origin = if own.is_null() {
                Origin::Pool
            } else {
                Origin::Object
            };
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            context.note(of, path, text, origin);
        }
    }
}
