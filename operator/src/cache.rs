//! What the watches brought: the namespaces, always whole.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Secret, Service},
};
use kube::{ResourceExt, core::DynamicObject};
use ngpool_crds::{Kind, ObjectRef, kinds::POOL_NAME};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    foreign::{Foreign, Names},
    health::Reports,
    unreadable::Unreadable,
    view::{ChildKey, Live, View},
};

/// Which objects a change concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Nothing that anything is made of.
    Nothing,
    /// These.
    Objects(Vec<ObjectRef>),
    /// Everything in the namespace: all documents are made of it.
    All,
}

/// Every namespace that has objects of ours.
#[derive(Debug, Default)]
pub struct Cache(Mutex<HashMap<String, View>>);

impl Cache {
    /// A namespace as it is now.
    pub fn view(&self, namespace: &str) -> View {
        self.0.lock().get(namespace).cloned().unwrap_or_default()
    }

    /// Namespaces that have an object of the five kinds.
    pub fn namespaces(&self) -> Vec<String> {
        let all = self.0.lock();
        all.iter()
            .filter(|(_, view)| !is_empty(view))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Takes an object in as the API server has it; `kind` is its kind.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "who puts it has no more use for it"
    )]
    pub fn put(&self, kind: &str, object: DynamicObject) -> Touched {
        let namespace = object.namespace().unwrap_or_default();
        let mut all = self.0.lock();
        let view = all.entry(namespace.clone()).or_default();
        view.namespace = namespace;
        put(view, kind, &object)
    }

    /// Forgets an object.
    pub fn remove(&self, kind: &str, namespace: &str, name: &str) -> Touched {
        let mut all = self.0.lock();
        let Some(view) = all.get_mut(namespace) else {
            return Touched::Nothing;
        };
        let touched = remove(view, kind, name);
        if is_empty(view) && view.live.is_empty() && view.pods.is_empty() {
            all.remove(namespace);
        }
        touched
    }

    /// Takes in all children of a kind in a namespace, and forgets those that are not among them.
    pub fn replace(&self, kind: &str, namespace: &str, objects: Vec<DynamicObject>) {
        let names: Vec<String> = objects.iter().map(ResourceExt::name_any).collect();
        for object in objects {
            self.put(kind, object);
        }
        for (other, name) in self.names(kind) {
            if other == namespace && !names.contains(&name) {
                self.remove(kind, namespace, &name);
            }
        }
    }

    /// Names of all objects of a kind, with their namespaces: what a list that is over did not name
    /// has gone.
    pub fn names(&self, kind: &str) -> Vec<(String, String)> {
        let all = self.0.lock();
        let mut names = Vec::new();
        for (namespace, view) in all.iter() {
            let found: Vec<String> = match kind {
                "Pod" => view.pods.keys().cloned().collect(),
                _ => match five(kind) {
                    Some(kind) => of_five(view, kind),
                    None => view
                        .live
                        .keys()
                        .filter(|(other, _)| other == kind)
                        .map(|(_, name)| name.clone())
                        .collect(),
                },
            };
            names.extend(found.into_iter().map(|name| (namespace.clone(), name)));
        }
        names
    }

    /// Takes in what was found out of the Secrets and `ConfigMaps` that people made, and forgets those
    /// that nothing names any more. Says whether anything is news.
    pub fn foreign(&self, namespace: &str, found: Foreign, named: &Names) -> bool {
        let mut all = self.0.lock();
        let Some(view) = all.get_mut(namespace) else {
            return false;
        };
        let mut secrets = (*view.foreign_secrets).clone();
        secrets.extend(found.secrets);
        secrets.retain(|name, _| named.secrets.contains(name));
        let mut config_maps = view.objects.config_maps.clone();
        for (name, map) in found.config_maps {
            match map {
                Some(map) => drop(config_maps.insert(name, map)),
                None => drop(config_maps.remove(&name)),
            }
        }
        config_maps.retain(|name, _| named.config_maps.contains(name));
        let same = *view.foreign_secrets == secrets && view.objects.config_maps == config_maps;
        if !same {
            view.foreign_secrets = Arc::new(secrets);
            Arc::make_mut(&mut view.objects).config_maps = config_maps;
        }
        !same
    }

    /// Takes in what the programs say.
    pub fn reports(&self, namespace: &str, reports: Arc<Reports>) {
        if let Some(view) = self.0.lock().get_mut(namespace) {
            view.reports = reports;
        }
    }
}

fn is_empty(view: &View) -> bool {
    Kind::ALL
        .into_iter()
        .all(|kind| of_five(view, kind).is_empty())
        && view.unreadable.is_empty()
}

/// The five kinds, which people write.
pub fn five(kind: &str) -> Option<Kind> {
    Kind::ALL
        .into_iter()
        .filter(|one| !matches!(one, Kind::Secret | Kind::ConfigMap))
        .find(|one| one.name() == kind)
}

fn of_five(view: &View, kind: Kind) -> Vec<String> {
    let objects = &view.objects;
    let mut names: Vec<String> = match kind {
        Kind::Pool => objects.pool.iter().map(|_| POOL_NAME.to_owned()).collect(),
        Kind::Currency => objects.currencies.keys().cloned().collect(),
        Kind::Coinserver => objects.coinservers.keys().cloned().collect(),
        Kind::Sharechain => objects.sharechains.keys().cloned().collect(),
        Kind::StratumPort => objects.stratum_ports.keys().cloned().collect(),
        Kind::Secret | Kind::ConfigMap => Vec::new(),
    };
    let unreadable = view.unreadable.keys().filter(|one| one.kind == kind);
    names.extend(unreadable.map(|one| one.name.clone()));
    names
}

fn put(view: &mut View, kind: &str, object: &DynamicObject) -> Touched {
    if let Some(kind) = five(kind) {
        return put_object(view, kind, object);
    }
    let touched = owner(object).map_or(Touched::Nothing, |one| Touched::Objects(vec![one]));
    let name = object.name_any();
    let scaled_elsewhere = scaled_elsewhere(object);
    let Ok(mut value) = serde_json::to_value(object) else {
        return Touched::Nothing;
    };
    if let Some(metadata) = value["metadata"].as_object_mut() {
        metadata.remove("managedFields");
    }
    if kind == "Pod" {
        keep(&mut view.pods, name, value);
        return touched;
    }
    let live = live(object, &value, scaled_elsewhere);
    let key: ChildKey = (kind.to_owned(), name.clone());
    if let Some(before) = view.live.get(&key) {
        // The echo of what was written and put here from its answer, or what was there before it.
        if before.text == live.text || before.uid == live.uid && before.version > live.version {
            return Touched::Nothing;
        }
    }
    match kind {
        "Deployment" => keep::<Deployment>(&mut view.deployments, name, value),
        "StatefulSet" => keep::<StatefulSet>(&mut view.stateful_sets, name, value),
        "Job" => keep::<Job>(&mut view.jobs, name, value),
        "CronJob" => keep::<CronJob>(&mut view.cron_jobs, name, value),
        "Service" => keep::<Service>(&mut view.services, name, value),
        "Secret" => keep::<Secret>(&mut view.secrets, name, value),
        _ => {}
    }
    Arc::make_mut(&mut view.live).insert(key, live);
    touched
}

fn put_object(view: &mut View, kind: Kind, object: &DynamicObject) -> Touched {
    let name = object.name_any();
    let reference = ObjectRef::new(kind, name.clone());
    let before = meaning(view, &reference);
    let value = serde_json::to_value(object).unwrap_or_default();
    let objects = Arc::make_mut(&mut view.objects);
    let read = match kind {
        Kind::Pool => serde_json::from_value(value).map(|it| objects.pool = Some(it)),
        Kind::Currency => insert(&mut objects.currencies, &name, value),
        Kind::Coinserver => insert(&mut objects.coinservers, &name, value),
        Kind::Sharechain => insert(&mut objects.sharechains, &name, value),
        Kind::StratumPort => insert(&mut objects.stratum_ports, &name, value),
        Kind::Secret | Kind::ConfigMap => Ok(()),
    };
    match read {
        Ok(()) => {
            // It can be read again, whether or not it says the same as before.
            if view.unreadable.contains_key(&reference) {
                Arc::make_mut(&mut view.unreadable).remove(&reference);
                return reach(view, &reference);
            }
        }
        // What was read before stays in force: an object that cannot be read stops nothing.
        Err(error) => {
            let now = Unreadable::of(object, &error);
            let before = view.unreadable.get(&reference);
            let told = before.is_some_and(|before| now.is_the_same_as(before));
            Arc::make_mut(&mut view.unreadable).insert(reference.clone(), now);
            if told {
                return Touched::Nothing;
            }
            tracing::error!(%error, object = %reference, "an object cannot be read");
            return Touched::Objects(vec![reference]);
        }
    }
    let after = meaning(view, &reference);
    if before == after {
        return Touched::Nothing;
    }
    reach(view, &reference)
}

fn insert<T: DeserializeOwned>(
    all: &mut BTreeMap<String, T>,
    name: &str,
    value: Value,
) -> serde_json::Result<()> {
    let object = serde_json::from_value(value)?;
    all.insert(name.to_owned(), object);
    Ok(())
}

/// What of an object's metadata says that something else is meant: everything but its status.
fn meaning(view: &View, object: &ObjectRef) -> Option<impl PartialEq + use<>> {
    let metadata = metadata(view, object)?;
    Some((
        metadata.uid.clone(),
        metadata.generation,
        metadata.labels.clone(),
        metadata.annotations.clone(),
        metadata.deletion_timestamp.clone(),
    ))
}

/// Metadata of one of the five kinds.
pub fn metadata<'a>(view: &'a View, object: &ObjectRef) -> Option<&'a kube::core::ObjectMeta> {
    let objects = &view.objects;
    let name = object.name.as_str();
    let metadata = match object.kind {
        Kind::Pool => &objects.pool.as_ref()?.metadata,
        Kind::Currency => &objects.currencies.get(name)?.metadata,
        Kind::Coinserver => &objects.coinservers.get(name)?.metadata,
        Kind::Sharechain => &objects.sharechains.get(name)?.metadata,
        Kind::StratumPort => &objects.stratum_ports.get(name)?.metadata,
        Kind::Secret | Kind::ConfigMap => return None,
    };
    Some(metadata)
}

/// Which documents an object is part of. Ports are many and shape few: a thousand that come at once
/// do not make each other's documents again.
fn reach(view: &View, object: &ObjectRef) -> Touched {
    if object.kind != Kind::StratumPort {
        return Touched::All;
    }
    let mut all = vec![object.clone(), ObjectRef::new(Kind::Pool, POOL_NAME)];
    if let Some(port) = view.objects.stratum_ports.get(&object.name) {
        all.push(ObjectRef::new(
            Kind::Sharechain,
            port.spec.sharechain.to_string(),
        ));
    }
    Touched::Objects(all)
}

fn remove(view: &mut View, kind: &str, name: &str) -> Touched {
    let Some(kind) = five(kind) else {
        return remove_child(view, kind, name);
    };
    let reference = ObjectRef::new(kind, name);
    let touched = reach(view, &reference);
    let objects = Arc::make_mut(&mut view.objects);
    match kind {
        Kind::Pool => objects.pool = None,
        Kind::Currency => drop(objects.currencies.remove(name)),
        Kind::Coinserver => drop(objects.coinservers.remove(name)),
        Kind::Sharechain => drop(objects.sharechains.remove(name)),
        Kind::StratumPort => drop(objects.stratum_ports.remove(name)),
        Kind::Secret | Kind::ConfigMap => {}
    }
    Arc::make_mut(&mut view.unreadable).remove(&reference);
    touched
}

fn remove_child(view: &mut View, kind: &str, name: &str) -> Touched {
    let gone = match kind {
        "Pod" => Arc::make_mut(&mut view.pods)
            .remove(name)
            .and_then(|pod| owner_of_labels(pod.metadata.labels.as_ref())),
        _ => None,
    };
    match kind {
        "Deployment" => drop(Arc::make_mut(&mut view.deployments).remove(name)),
        "StatefulSet" => drop(Arc::make_mut(&mut view.stateful_sets).remove(name)),
        "Job" => drop(Arc::make_mut(&mut view.jobs).remove(name)),
        "CronJob" => drop(Arc::make_mut(&mut view.cron_jobs).remove(name)),
        "Service" => drop(Arc::make_mut(&mut view.services).remove(name)),
        "Secret" => drop(Arc::make_mut(&mut view.secrets).remove(name)),
        _ => {}
    }
    let key = (kind.to_owned(), name.to_owned());
    let live = Arc::make_mut(&mut view.live).remove(&key);
    let of_live = live.and_then(|live| {
        let value: Value = serde_json::from_str(&live.text).ok()?;
        let labels = serde_json::from_value(value["metadata"]["labels"].clone()).ok()?;
        owner_of_labels(Some(&labels))
    });
    gone.or(of_live)
        .map_or(Touched::Nothing, |one| Touched::Objects(vec![one]))
}

fn keep<T: DeserializeOwned + Clone>(
    all: &mut Arc<BTreeMap<String, T>>,
    name: String,
    value: Value,
) {
    match serde_json::from_value(value) {
        Ok(object) => drop(Arc::make_mut(all).insert(name, object)),
        Err(error) => tracing::error!(%error, name, "a child cannot be read"),
    }
}

fn live(object: &DynamicObject, value: &Value, scaled_elsewhere: bool) -> Live {
    let controller = object
        .owner_references()
        .iter()
        .find(|one| one.controller == Some(true));
    let version = object.resource_version();
    Live {
        uid: object.uid().unwrap_or_default(),
        version: version
            .and_then(|version| version.parse().ok())
            .unwrap_or(0),
        owner: controller.map(|one| one.uid.clone()),
        text: without_status(value).into(),
        scaled_elsewhere,
        going: object.metadata.deletion_timestamp.is_some(),
    }
}

fn without_status(value: &Value) -> String {
    let Some(fields) = value.as_object() else {
        return value.to_string();
    };
    let fields: serde_json::Map<String, Value> = fields
        .iter()
        .filter(|(key, _)| *key != "status")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(fields).to_string()
}

/// Whether another manager owns the number of pods, as an autoscaler does that was given the
/// Deployment itself.
fn scaled_elsewhere(object: &DynamicObject) -> bool {
    object.managed_fields().iter().any(|entry| {
        entry.subresource.as_deref() == Some("scale")
            && entry
                .fields_v1
                .as_ref()
                .is_some_and(|fields| fields.0["f:spec"]["f:replicas"].is_object())
    })
}

/// Whose part a child is, by its labels.
fn owner(object: &DynamicObject) -> Option<ObjectRef> {
    owner_of_labels(object.metadata.labels.as_ref())
}

/// Whose part something with these labels is.
pub fn owner_of_labels(labels: Option<&BTreeMap<String, String>>) -> Option<ObjectRef> {
    let labels = labels?;
    let component = labels.get("app.kubernetes.io/component")?;
    let instance = labels.get("app.kubernetes.io/instance")?;
    let kind = component.split('-').next()?;
    Some(ObjectRef::new(Kind::named(kind)?, instance))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn dynamic(value: Value) -> DynamicObject {
        serde_json::from_value(value).unwrap()
    }

    #[allow(clippy::needless_pass_by_value, reason = "as `json!` gives it")]
    fn port(generation: i64, spec: Value) -> DynamicObject {
        dynamic(json!({
            "apiVersion": "ngpool.io/v1alpha1", "kind": "StratumPort",
            "metadata": {"name": "main", "namespace": "a", "generation": generation, "uid": "u"},
            "spec": spec,
        }))
    }

    fn good() -> Value {
        json!({"port": 3333, "currency": "ltc", "sharechain": "main"})
    }

    #[test]
    fn a_port_concerns_itself_its_chain_and_the_pool() {
        let cache = Cache::default();
        let Touched::Objects(all) = cache.put("StratumPort", port(1, good())) else {
            panic!("not everything");
        };
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(all, ["StratumPort/main", "Pool/pool", "Sharechain/main"]);
        assert_eq!(cache.namespaces(), ["a"]);
    }

    #[test]
    fn a_status_concerns_nothing() {
        let cache = Cache::default();
        cache.put("StratumPort", port(1, good()));
        let mut again = port(1, good());
        again.data["status"] = json!({"replicas": 1});
        assert_eq!(cache.put("StratumPort", again), Touched::Nothing);
        let status = cache.view("a").objects.stratum_ports["main"].status.clone();
        assert_eq!(status.unwrap().replicas, Some(1));
    }

    #[test]
    fn an_object_that_cannot_be_read_leaves_what_was_read_before() {
        let cache = Cache::default();
        cache.put("StratumPort", port(1, good()));
        let touched = cache.put("StratumPort", port(2, json!({"port": "none"})));
        let reference = ObjectRef::new(Kind::StratumPort, "main");
        assert_eq!(touched, Touched::Objects(vec![reference.clone()]));
        let view = cache.view("a");
        assert!(view.unreadable.contains_key(&reference));
        assert_eq!(view.objects.stratum_ports["main"].spec.port, 3333);
        cache.put("StratumPort", port(3, good()));
        assert!(cache.view("a").unreadable.is_empty());
    }

    #[test]
    fn a_child_concerns_the_object_whose_labels_it_has() {
        let cache = Cache::default();
        let service = dynamic(json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "pool-web", "namespace": "a", "labels": {
                "app.kubernetes.io/component": "pool-web", "app.kubernetes.io/instance": "pool",
            }},
        }));
        let pool = Touched::Objects(vec![ObjectRef::new(Kind::Pool, "pool")]);
        assert_eq!(cache.put("Service", service.clone()), pool);
        assert_eq!(cache.put("Service", service), Touched::Nothing);
        assert_eq!(
            cache.names("Service"),
            [("a".to_owned(), "pool-web".to_owned())]
        );
        assert_eq!(cache.remove("Service", "a", "pool-web"), pool);
        assert!(cache.names("Service").is_empty());
    }

    #[test]
    fn what_an_autoscaler_set_is_seen() {
        let of = |subresource: Option<&str>| {
            scaled_elsewhere(&dynamic(json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "d", "managedFields": [{
                    "manager": "x", "operation": "Update", "subresource": subresource,
                    "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:replicas": {}}},
                }]},
            })))
        };
        assert!(of(Some("scale")));
        assert!(!of(None));
    }
}
