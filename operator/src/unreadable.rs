//! Objects that are there and say something that this operator does not understand, such as one of a
//! later version: they are told of it, what was made for them stays, and nobody else is held up.

use k8s_openapi::{apimachinery::pkg::apis::meta::v1::Condition, jiff::Timestamp};
use kube::{
    Api, Client, ResourceExt,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::ObjectRef;
use serde_json::json;

use crate::status::{Finding, READY, RECONCILING, STALLED, STATUS_MANAGER, Truth, merge};

/// The reason of its conditions.
pub const UNREADABLE: &str = "Unreadable";

/// An object that cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable {
    /// Its uid.
    pub uid: String,
    /// Its generation.
    pub generation: Option<i64>,
    /// Conditions as they are stored.
    pub conditions: Vec<Condition>,
    /// Where reading it fails, and why.
    pub why: String,
}

impl Unreadable {
    /// An object as the API server has it, and why it cannot be read.
    pub fn of(object: &DynamicObject, error: &serde_json::Error) -> Self {
        let conditions = object.data["status"]["conditions"].clone();
        Self {
            uid: object.uid().unwrap_or_default(),
            generation: object.metadata.generation,
            conditions: serde_json::from_value(conditions).unwrap_or_default(),
            why: error.to_string(),
        }
    }

    /// Whether nothing but its status differs.
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        self.uid == other.uid && self.generation == other.generation && self.why == other.why
    }

    /// The conditions it should have.
    fn wanted(&self, now: Timestamp) -> Vec<Condition> {
        let message = format!(
            "this operator cannot read the object: {}; what was made for it stays as it is until \
             the object is put right, or the operator is of its version",
            self.why
        );
        let findings = vec![
            Finding::new(READY, Truth::False, UNREADABLE, message.clone()),
            Finding::new(RECONCILING, Truth::False, UNREADABLE, ""),
            Finding::new(STALLED, Truth::True, UNREADABLE, message),
        ];
        merge(&self.conditions, findings, self.generation, now)
    }

    fn is_told(&self, wanted: &[Condition]) -> bool {
        wanted.iter().all(|one| self.conditions.contains(one))
    }
}

/// Tells an object that it cannot be read, where it was not told yet, and gives the conditions before
/// and after.
///
/// # Errors
///
/// What the API server says; an object that has gone is none.
pub async fn tell(
    client: &Client,
    resource: &ApiResource,
    namespace: &str,
    object: &ObjectRef,
    unreadable: &Unreadable,
) -> Result<Option<(Vec<Condition>, Vec<Condition>)>, kube::Error> {
    let wanted = unreadable.wanted(Timestamp::now());
    if unreadable.is_told(&wanted) {
        return Ok(None);
    }
    let body = json!({
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "metadata": {"name": object.name, "namespace": namespace, "uid": unreadable.uid},
        "status": {"observedGeneration": unreadable.generation, "conditions": wanted},
    });
    let api: Api<DynamicObject> = Api::namespaced_with(client.clone(), namespace, resource);
    let parameters = PatchParams::apply(STATUS_MANAGER).force();
    match api
        .patch_status(&object.name, &parameters, &Patch::Apply(&body))
        .await
    {
        Ok(_) => Ok(Some((unreadable.conditions.clone(), wanted))),
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once() {
        let error = serde_json::from_str::<u8>("true").unwrap_err();
        let object: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "ngpool.io/v1alpha1", "kind": "Coinserver",
            "metadata": {"name": "a", "uid": "u", "generation": 3},
        }))
        .unwrap();
        let mut unreadable = Unreadable::of(&object, &error);
        let at = |second| Timestamp::from_second(second).unwrap();
        let wanted = unreadable.wanted(at(10));
        assert!(!unreadable.is_told(&wanted));
        assert!(
            wanted[0].message.contains("boolean"),
            "{}",
            wanted[0].message
        );
        unreadable.conditions = wanted;
        assert!(unreadable.is_told(&unreadable.wanted(at(20))));
    }
}
