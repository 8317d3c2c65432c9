//! How a namespace's worker brings one object to what is wanted, and tells its status.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use k8s_openapi::api::core::v1::Secret;
use kube::core::{ApiResource, DynamicObject};
use ngpool_crds::{Kind, ObjectRef, Problems, kinds::POOL_NAME};

use super::Worker;
use crate::{
    apply::{Applied, ApplyError},
    build::Child,
    cache::{self, Touched},
    events::transitions,
    keys, plan, refresh, rollout,
    status::{Finding, Learnt, Outcome, READY, Status, Written, draft},
    unreadable::{self, Unreadable},
    view::View,
    watch,
};

/// Time between two looks at what waits for another's roll-out, beside what changes meanwhile.
const HELD: Duration = Duration::from_secs(5);

/// Annotation by which a person asks that an object is looked at again, and its Secrets read: any value
/// that it did not have before, such as the time.
const LOOK_AGAIN: &str = "ngpool.io/reconcile";

impl Worker {
    pub(super) async fn bring(&self, object: &ObjectRef) -> &'static str {
        let view = self.view();
        if let Some(unreadable) = view.unreadable.get(object) {
            return self.tell_unreadable(object, unreadable).await;
        }
        let Some(metadata) = cache::metadata(&view, object) else {
            self.held.lock().remove(object);
            self.operator.metrics.gone(&self.namespace, object);
            // What is its own goes with it: one of its name that comes later finds nothing.
            self.forget(object);
            return "gone";
        };
        if metadata.deletion_timestamp.is_some() {
            return "gone";
        }
        let wish = metadata
            .annotations
            .as_ref()
            .and_then(|all| all.get(LOOK_AGAIN));
        if self.is_new_wish(object, wish) {
            self.forget(object);
            // It is the Pool that hands out certificates.
            let pool = ObjectRef::new(Kind::Pool, POOL_NAME);
            self.queue.add(Touched::Objects(vec![pool]));
        }
        let uid = metadata.uid.clone().unwrap_or_default();
        let mut learnt = Learnt::default();
        let strangers = match self.read_ours(object).await {
            Ok(strangers) => strangers,
            Err(error) => {
                tracing::warn!(%error, "the operator's own Secrets cannot be read");
                return "failed";
            }
        };
        let view = self.view();
        let result = if !strangers.is_empty() {
            learnt.outcome = Outcome::Refused(format!(
                "Secret {} was not made by the operator and has the name of one that it makes: \
                 rename or delete it",
                strangers.join(", ")
            ));
            "failed"
        } else if is_paused(&view, object) {
            learnt.outcome = Outcome::Applied;
            "paused"
        } else {
            self.make(&view, object, &uid, &mut learnt).await
        };
        if learnt.hold.is_some() {
            self.held.lock().insert(object.clone());
            self.queue.add_later(object, HELD);
        } else {
            self.held.lock().remove(object);
        }
        match self.tell(object, &uid, &learnt).await {
            Ok(()) => result,
            Err(error) => {
                tracing::warn!(%error, "the status could not be written");
                "failed"
            }
        }
    }

    /// Forgets an object's Secrets, so that they are read again.
    fn forget(&self, object: &ObjectRef) {
        for (name, secret) in self.view().secrets.iter() {
            if cache::owner_of_labels(secret.metadata.labels.as_ref()).as_ref() == Some(object) {
                self.read.lock().remove(name);
                let cache = &self.operator.cache;
                cache.remove("Secret", &self.namespace, name);
            }
        }
    }

    /// Whether a person asks anew that nothing be taken from memory.
    fn is_new_wish(&self, object: &ObjectRef, wish: Option<&String>) -> bool {
        let mut wishes = self.wishes.lock();
        match wish {
            Some(wish) => wishes.insert(object.clone(), wish.clone()).as_ref() != Some(wish),
            None => wishes.remove(object).is_some(),
        }
    }

    /// Makes the children of an object what they should be.
    async fn make(
        &self,
        view: &View,
        object: &ObjectRef,
        uid: &str,
        learnt: &mut Learnt,
    ) -> &'static str {
        let defaults = &self.operator.defaults;
        let keys = keys::wanted(view, object, defaults, SystemTime::now());
        let written = self.write_secrets(object, &keys.secrets).await;
        learnt.certificates = keys.certificates;
        if object.kind == Kind::Currency {
            learnt.statement_key = keys::statement_public(view, &object.name);
        }
        learnt.hold = keys.hold;
        if let Some(pause) = keys.again {
            self.queue.add_later(object, pause);
        }
        let children = match plan::children(view, object, defaults) {
            Ok(children) => children.0,
            // What was made before goes on: a wrong field is no reason to end a pool.
            Err(problems) => {
                learnt.problems = problems;
                learnt.outcome = Outcome::Applied;
                return "invalid";
            }
        };
        learnt.problems = Problems::default();
        let migration = plan::migration_job(view, defaults);
        let mut wanted = BTreeSet::new();
        let mut failure: Option<ApplyError> = written.err();
        for child in keys.children.iter().chain(&children) {
            let (kind, name) = (child.resource.kind.clone(), child.name());
            let key = (kind, name);
            let mut scaled = None;
            // Between the decision that pods may be replaced and its being done, nobody else decides.
            let _rolling = match child.resource.kind.as_str() {
                "Deployment" => Some(self.rolling.lock().await),
                _ => None,
            };
            // What was applied a moment ago counts: two must not roll at once.
            if let Some(note) = rollout::hold(&self.view(), object, child, migration.as_deref()) {
                learnt.hold.get_or_insert(note);
                let live = view.live.get(&key);
                scaled = live.and_then(|live| rollout::only_scaled(child, live));
                if scaled.is_none() {
                    wanted.insert(key);
                    continue;
                }
            }
            wanted.insert(key);
            let child = scaled.as_ref().unwrap_or(child);
            if let Err(error) = self.apply(view, child).await {
                tracing::warn!(%error, "a child could not be applied");
                let worse = matches!(error, ApplyError::Refused { .. });
                if failure.is_none() || worse {
                    failure = Some(error);
                }
            }
        }
        let failure = match failure {
            Some(failure) => Some(failure),
            None => self.prune(view, uid, &wanted).await.err(),
        };
        match failure {
            None => match keys.refused {
                None => {
                    learnt.outcome = Outcome::Applied;
                    "ok"
                }
                Some(refused) => {
                    learnt.outcome = Outcome::Refused(refused);
                    "failed"
                }
            },
            Some(error @ ApplyError::Refused { .. }) => {
                learnt.outcome = Outcome::Refused(error.to_string());
                "failed"
            }
            Some(error) => {
                learnt.outcome = Outcome::Failed(error.to_string());
                "failed"
            }
        }
    }

    async fn apply(&self, view: &View, child: &Child) -> Result<(), ApplyError> {
        let kind = child.resource.kind.as_str();
        let live = view.child(kind, &child.name());
        let applier = &self.applier;
        let stored = match applier.apply(&self.namespace, child, live).await? {
            Applied::Unchanged => return Ok(()),
            Applied::Created(stored) => stored,
            Applied::Changed(stored) => {
                let pods = refresh::pods_with(view, kind, &child.name());
                if !pods.is_empty() {
                    refresh::touch(&self.operator.client, &self.namespace, pods);
                }
                stored
            }
        };
        self.operator.metrics.wrote(kind);
        self.operator.cache.put(kind, stored);
        Ok(())
    }

    /// Writes Secrets of an object, and has everything looked at again that is made of them.
    async fn write_secrets(
        &self,
        object: &ObjectRef,
        secrets: &[keys::Write],
    ) -> Result<(), ApplyError> {
        for secret in secrets {
            let name = secret.name();
            let written = keys::write(&self.operator.client, &self.namespace, secret)
                .await
                .map_err(|error| ApplyError::of("Secret", name, error))?;
            let Some(stored) = written.and_then(dynamic) else {
                // Another is there than was seen.
                self.read.lock().remove(name);
                self.queue.add(Touched::Objects(vec![object.clone()]));
                continue;
            };
            self.operator.metrics.wrote("Secret");
            let touched = self.operator.cache.put("Secret", stored);
            // All certificates are looked at by the Pool, and whoever waits for one goes on.
            self.queue.add(touched);
            let pods = refresh::pods_with(&self.view(), "Secret", name);
            if matches!(secret, keys::Write::Replace(_)) && !pods.is_empty() {
                refresh::touch(&self.operator.client, &self.namespace, pods);
            }
        }
        Ok(())
    }

    /// Deletes children of this object that are not wanted any more. What has no owner stays.
    async fn prune(
        &self,
        view: &View,
        uid: &str,
        wanted: &BTreeSet<(String, String)>,
    ) -> Result<(), ApplyError> {
        for (key, live) in view.live.iter() {
            let (kind, name) = key;
            // Secrets go with their objects and never before: what was made once may be needed again.
            let keep = kind == "Secret" || live.going || wanted.contains(key);
            if keep || live.owner.as_deref() != Some(uid) {
                continue;
            }
            let Some(resource) = watch::resource(kind) else {
                continue;
            };
            let applier = &self.applier;
            applier
                .delete(&self.namespace, &resource, name, &live.uid)
                .await?;
            self.operator.metrics.wrote(kind);
        }
        Ok(())
    }

    async fn tell_unreadable(&self, object: &ObjectRef, what: &Unreadable) -> &'static str {
        let client = &self.operator.client;
        let Some(resource) = watch::resource(object.kind.name()) else {
            return "unreadable";
        };
        match unreadable::tell(client, &resource, &self.namespace, object, what).await {
            Ok(None) => "unreadable",
            Ok(Some((before, after))) => {
                self.operator.metrics.wrote(object.kind.name());
                let told = transitions(&before, &after);
                let announcer = &self.operator.announcer;
                announcer
                    .tell(&self.namespace, object, &what.uid, &told)
                    .await;
                "unreadable"
            }
            Err(error) => {
                tracing::warn!(%error, "the status could not be written");
                "failed"
            }
        }
    }

    async fn tell(
        &self,
        object: &ObjectRef,
        uid: &str,
        learnt: &Learnt,
    ) -> Result<(), kube::Error> {
        let view = self.view();
        let (Some(stored), Some(draft)) = (
            Status::stored(&view.objects, object),
            draft(&view.seen(), object, learnt),
        ) else {
            return Ok(());
        };
        let metrics = &self.operator.metrics;
        let ready = draft.finding(READY).is_some_and(Finding::holds);
        metrics.ready(&self.namespace, object, ready);
        if object.kind == Kind::Pool {
            metrics.certificates(&self.namespace, keys::expiries(&view));
        }
        let writer = &self.operator.writer;
        let written = writer
            .write(&self.namespace, object, uid, stored, draft)
            .await?;
        match written {
            Written::Unchanged | Written::Gone => {}
            Written::Later(pause) => self.queue.add_later(object, pause),
            Written::Changed { before, after } => {
                self.operator.metrics.wrote(object.kind.name());
                let told = transitions(&before, after.conditions());
                let announcer = &self.operator.announcer;
                announcer.tell(&self.namespace, object, uid, &told).await;
            }
        }
        Ok(())
    }
}

/// Whether nothing of an object is changed. A Currency's own pause is something to be applied: it
/// suspends its jobs.
fn is_paused(view: &View, object: &ObjectRef) -> bool {
    let objects = &view.objects;
    let name = &object.name;
    let own = match object.kind {
        Kind::Coinserver => objects.coinservers.get(name).and_then(|it| it.spec.paused),
        Kind::Sharechain => objects.sharechains.get(name).and_then(|it| it.spec.paused),
        Kind::StratumPort => objects
            .stratum_ports
            .get(name)
            .and_then(|it| it.spec.paused),
        Kind::Pool | Kind::Currency | Kind::Secret | Kind::ConfigMap => None,
    };
    let pool = objects.pool.as_ref().and_then(|pool| pool.spec.paused);
    pool == Some(true) || own == Some(true)
}

/// A Secret as caches hold objects; always JSON.
fn dynamic(secret: Secret) -> Option<DynamicObject> {
    let resource = ApiResource::erase::<Secret>(&());
    let mut value = serde_json::to_value(secret).ok()?;
    value["apiVersion"] = resource.api_version.into();
    value["kind"] = resource.kind.into();
    serde_json::from_value(value).ok()
}
