//! Server-side apply of children, only where something differs.
//!
//! A child carries a digest of what was wanted when it was last applied. It is left alone when that
//! digest is today's and every field we set still has our value; so a steady state is read from the
//! caches and writes nothing. What the API server writes in other words than ours (`500m` for `0.5`)
//! is learnt from its answer.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use kube::{
    Api, Client,
    api::{DeleteParams, Patch, PatchParams, Preconditions, PropagationPolicy},
    core::DynamicObject,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{build::Child, names::FIELD_MANAGER, view::Live};

/// Annotation with the digest of what was last applied.
pub const APPLIED: &str = "ngpool.io/applied";
/// Annotation with the digest of the pod template that was last applied: what rolls pods.
pub const TEMPLATE: &str = "ngpool.io/template";

/// Why a child could not be brought to what is wanted.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// The API server will refuse it again.
    #[error("{kind} {name} is refused: {message}")]
    Refused {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// The API server's words.
        message: String,
    },
    /// It did not work this time.
    #[error("{kind} {name} cannot be written: {source}")]
    Failed {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// What went wrong.
        source: Box<kube::Error>,
    },
}

impl ApplyError {
    pub(crate) fn of(kind: &str, name: &str, error: kube::Error) -> Self {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        match error {
            kube::Error::Api(status) if matches!(status.code, 400 | 403 | 422) => Self::Refused {
                kind,
                name,
                message: status.message.clone(),
            },
            error => Self::Failed {
                kind,
                name,
                source: Box::new(error),
            },
        }
    }
}

/// What became of a child.
#[derive(Debug)]
pub enum Applied {
    /// It was as wanted.
    Unchanged,
    /// It was not there.
    Created(DynamicObject),
    /// It differed.
    Changed(DynamicObject),
}

/// Applies children, and remembers the API server's words for them.
pub struct Applier {
    client: Client,
    /// By uid: the digest of what was applied, and how the API server stored the fields we set.
    stored: Mutex<HashMap<String, (String, Value)>>,
}

impl fmt::Debug for Applier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applier").finish_non_exhaustive()
    }
}

impl Applier {
    /// By a client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            stored: Mutex::default(),
        }
    }

    /// Brings one child to what is wanted.
    pub async fn apply(
        &self,
        namespace: &str,
        child: &Child,
        live: Option<&Live>,
    ) -> Result<Applied, ApplyError> {
        let kind = child.resource.kind.as_str();
        let name = child.name();
        let wanted = marked(child);
        // What a Job is made of cannot change; another one has another name.
        if live.is_some_and(|live| self.is_as_wanted(live, &wanted) || kind == "Job") {
            return Ok(Applied::Unchanged);
        }
        let api: Api<DynamicObject> =
            Api::namespaced_with(self.client.clone(), namespace, &child.resource);
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let stored = api
            .patch(&name, &parameters, &Patch::Apply(&wanted.object))
            .await
            .map_err(|error| ApplyError::of(kind, &name, error))?;
        self.learn(&stored, &wanted);
        tracing::info!(kind, name, "applied");
        Ok(if live.is_some() {
            Applied::Changed(stored)
        } else {
            Applied::Created(stored)
        })
    }

    /// Deletes a child that is not wanted any more, if it still is the one that was seen.
    pub async fn delete(
        &self,
        namespace: &str,
        resource: &kube::core::ApiResource,
        name: &str,
        uid: &str,
    ) -> Result<(), ApplyError> {
        let api: Api<DynamicObject> =
            Api::namespaced_with(self.client.clone(), namespace, resource);
        let parameters = DeleteParams {
            propagation_policy: Some(PropagationPolicy::Background),
            preconditions: Some(Preconditions {
                uid: Some(uid.to_owned()),
                resource_version: None,
            }),
            ..DeleteParams::default()
        };
        match api.delete(name, &parameters).await {
            Ok(_) => {
                tracing::info!(
                    kind = resource.kind,
                    name,
                    "deleted, it is not wanted any more"
                );
                Ok(())
            }
            // 404: gone already; 409: another has come in its place.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(()),
            Err(error) => Err(ApplyError::of(&resource.kind, name, error)),
        }
    }

    /// Forgets the words for objects that are not among these uids.
    pub fn forget_all_but<'a>(&self, uids: impl IntoIterator<Item = &'a str>) {
        let uids: HashSet<&str> = uids.into_iter().collect();
        let mut stored = self.stored.lock();
        stored.retain(|uid, _| uids.contains(uid.as_str()));
    }

    fn is_as_wanted(&self, live: &Live, wanted: &Marked) -> bool {
        let Ok(value) = serde_json::from_str::<Value>(&live.text) else {
            return false;
        };
        if value["metadata"]["annotations"][APPLIED] != wanted.digest {
            return false;
        }
        let ours = project(&value, &wanted.object);
        let stored = self.stored.lock();
        match stored.get(&live.uid) {
            Some((digest, before)) if *digest == wanted.digest => ours == *before,
            _ => ours == wanted.object,
        }
    }

    fn learn(&self, stored: &DynamicObject, wanted: &Marked) {
        let Some(uid) = stored.metadata.uid.clone() else {
            return;
        };
        if let Ok(value) = serde_json::to_value(stored) {
            let ours = project(&value, &wanted.object);
            let entry = (wanted.digest.clone(), ours);
            self.stored.lock().insert(uid, entry);
        }
    }
}

/// A child with its digests on it.
struct Marked {
    object: Value,
    digest: String,
}

fn marked(child: &Child) -> Marked {
    let mut object = serde_json::to_value(&child.object).unwrap_or_default();
    let template = template_digest(child);
    let digest = digest(&object);
    let annotations = &mut object["metadata"]["annotations"];
    if annotations.is_null() {
        *annotations = json!({});
    }
    annotations[APPLIED] = digest.clone().into();
    if let Some(template) = template {
        annotations[TEMPLATE] = template.into();
    }
    Marked { object, digest }
}

/// Digest of the pod template of a Deployment or StatefulSet: pods roll when it changes.
pub fn template_digest(child: &Child) -> Option<String> {
    matches!(child.resource.kind.as_str(), "Deployment" | "StatefulSet")
        .then(|| digest(&child.object.data["spec"]["template"]))
}

fn digest(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string());
    hex::encode(hash)[..32].to_owned()
}

/// The fields of `live` that `wanted` sets: maps by key, lists as a whole.
fn project(live: &Value, wanted: &Value) -> Value {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => wanted
            .iter()
            .map(|(key, wanted)| {
                let live = live.get(key).unwrap_or(&Value::Null);
                (key.clone(), project(live, wanted))
            })
            .collect(),
        (Value::Array(live), Value::Array(wanted)) if live.len() == wanted.len() => live
            .iter()
            .zip(wanted)
            .map(|(live, wanted)| project(live, wanted))
            .collect(),
        (live, _) => live.clone(),
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;
    use kube::core::ApiResource;

    use tonic::codegen::http;

    use super::*;

    fn child(data: &Value) -> Child {
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "c", "namespace": "a", "labels": {"l": "1"}},
            "data": data,
        });
        Child {
            resource: ApiResource::erase::<ConfigMap>(&()),
            object: serde_json::from_value(object).unwrap(),
        }
    }

    fn live(value: &Value) -> Live {
        Live {
            version: 0,
            uid: "u".to_owned(),
            owner: None,
            text: value.to_string().into(),
            scaled_elsewhere: false,
            going: false,
        }
    }

    fn applier() -> Applier {
        let nobody = tower::service_fn(|_: http::Request<kube::client::Body>| async {
            Ok::<_, std::convert::Infallible>(http::Response::new(kube::client::Body::empty()))
        });
        Applier::new(Client::new(nobody, "a"))
    }

    #[tokio::test]
    async fn what_is_as_wanted_is_left_alone_whatever_others_add() {
        let applier = applier();
        let wanted = marked(&child(&json!({"a": "1"})));
        let mut value = wanted.object.clone();
        assert!(applier.is_as_wanted(&live(&value), &wanted));
        value["metadata"]["annotations"]["theirs"] = "x".into();
        value["metadata"]["resourceVersion"] = "7".into();
        assert!(applier.is_as_wanted(&live(&value), &wanted));
    }

    #[tokio::test]
    async fn what_somebody_changed_is_applied_again() {
        let applier = applier();
        let wanted = marked(&child(&json!({"a": "1"})));
        let mut value = wanted.object.clone();
        value["data"]["a"] = "2".into();
        assert!(!applier.is_as_wanted(&live(&value), &wanted));
    }

    #[tokio::test]
    async fn what_is_not_wanted_any_more_is_noticed_by_the_digest() {
        let applier = applier();
        let before = marked(&child(&json!({"a": "1", "b": "2"})));
        let wanted = marked(&child(&json!({"a": "1"})));
        assert!(!applier.is_as_wanted(&live(&before.object), &wanted));
    }

    #[tokio::test]
    async fn the_api_servers_own_words_are_no_difference_once_they_are_known() {
        let applier = applier();
        let wanted = marked(&child(&json!({"cpu": "0.5"})));
        let mut stored = wanted.object.clone();
        stored["data"]["cpu"] = "500m".into();
        stored["metadata"]["uid"] = "u".into();
        assert!(!applier.is_as_wanted(&live(&stored), &wanted));
        applier.learn(&serde_json::from_value(stored.clone()).unwrap(), &wanted);
        assert!(applier.is_as_wanted(&live(&stored), &wanted));
        stored["data"]["cpu"] = "1".into();
        assert!(!applier.is_as_wanted(&live(&stored), &wanted));
    }
}
