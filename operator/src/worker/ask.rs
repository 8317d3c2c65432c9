//! What a namespace's worker asks for, because no watch brings it: Secrets by their names, what people
//! made, kinds that a cluster need not have, and how the programs are.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use kube::{Api, ResourceExt, api::ListParams, core::DynamicObject};
use ngpool_crds::{Kind, ObjectRef, kinds::POOL_NAME};
use tokio::sync::Notify;

use super::Worker;
use crate::{
    cache::{self, Touched},
    foreign,
    health::{Credentials, Reports, Round, Target},
    keys,
    names::Part,
    status::Progress,
    view::View,
    watch,
};

/// Time between two questions for what people made and objects name, at least.
const FOREIGN: Duration = Duration::from_secs(30);
/// So much time for each of them: a thousand are a question every half second.
const EACH: Duration = Duration::from_millis(500);

impl Worker {
    /// Reads children of kinds that are not watched, because a cluster need not have them.
    pub(super) async fn list_optional(&self) {
        for resource in watch::optional() {
            let client = self.operator.client.clone();
            let api: Api<DynamicObject> = Api::namespaced_with(client, &self.namespace, &resource);
            let parameters = ListParams::default().labels(&watch::selector());
            match api.list(&parameters).await {
                Ok(list) => {
                    let cache = &self.operator.cache;
                    cache.replace(&resource.kind, &self.namespace, list.items);
                }
                // There are no such objects here, or none that concern the operator.
                Err(kube::Error::Api(status)) if matches!(status.code, 403 | 404) => {}
                Err(error) => {
                    tracing::warn!(%error, kind = resource.kind, "children could not be listed");
                }
            }
        }
    }

    /// Asks for everything that people made and objects name, and says when to ask again.
    pub(super) async fn ask_foreign(&self) -> Duration {
        let view = self.view();
        let names = foreign::Names::of(&view.objects);
        let count = u32::try_from(names.count()).unwrap_or(u32::MAX);
        self.ask(&view, names).await;
        FOREIGN.max(EACH.saturating_mul(count))
    }

    /// Asks for what was not asked for yet.
    pub(super) async fn ask_foreign_unknown(&self) {
        let view = self.view();
        let mut names = foreign::Names::of(&view.objects);
        names
            .secrets
            .retain(|name| !view.foreign_secrets.contains_key(name));
        self.ask(&view, names).await;
    }

    async fn ask(&self, view: &View, names: foreign::Names) {
        let found = foreign::ask(&self.operator.client, &self.namespace, names).await;
        let known = foreign::Names::of(&view.objects);
        if self.operator.cache.foreign(&self.namespace, found, &known) {
            self.queue.add(Touched::All);
        }
    }

    /// Asks the programs how they are, and looks again at what says something new.
    pub(super) fn ask_programs(self: Arc<Self>) -> tokio::task::JoinHandle<()> {
        let (tell, mut told) = tokio::sync::watch::channel(Arc::new(Reports::new()));
        let wake = Arc::new(Notify::new());
        let worker = Arc::clone(&self);
        let round = move || worker.round();
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let asking = self.operator.poller.clone().watch(round, wake, tell, stop);
            let hearing = async {
                while told.changed().await.is_ok() {
                    let reports = Arc::clone(&told.borrow_and_update());
                    let touched = touched_by(&self.view(), &reports);
                    self.operator.cache.reports(&self.namespace, reports);
                    self.queue.add(Touched::Objects(touched));
                }
            };
            tokio::join!(asking, hearing);
        })
    }

    fn round(&self) -> Round {
        let view = self.view();
        let targets = view
            .pods
            .values()
            .filter_map(|pod| {
                let owner = cache::owner_of_labels(pod.metadata.labels.as_ref())?;
                Target::of(pod, service(&owner))
            })
            .collect();
        let credentials = view
            .secrets
            .get(keys::OPERATOR_SECRET)
            .and_then(|secret| Credentials::of_secret(secret).ok());
        let hurry = view
            .deployments
            .values()
            .any(|deployment| Progress::of_deployment(deployment).is_rolling());
        Round {
            targets,
            credentials,
            hurry,
        }
    }

    /// Reads the Secrets of an object that were not read yet, and gives the names of those that are
    /// somebody else's.
    pub(super) async fn read_ours(&self, object: &ObjectRef) -> Result<Vec<String>, kube::Error> {
        let names = keys::names(&self.view().objects, object);
        let unread: Vec<String> = {
            let read = self.read.lock();
            let unread = names.iter().filter(|name| !read.contains_key(*name));
            unread.cloned().collect()
        };
        let client = &self.operator.client;
        let (found, strangers) =
            foreign::ours(client, &self.namespace, unread.iter().cloned()).await?;
        let cache = &self.operator.cache;
        for name in &unread {
            if !found.iter().any(|secret| secret.name_any() == *name) {
                cache.remove("Secret", &self.namespace, name);
            }
        }
        for secret in found {
            cache.put("Secret", secret);
        }
        let mut read = self.read.lock();
        for name in unread {
            let strange = strangers.contains(&name);
            read.insert(name, strange);
        }
        let strange = |name: &String| read.get(name) == Some(&true);
        Ok(names.into_iter().filter(strange).collect())
    }
}

/// Name of the Service of an object's main program, which its certificate holds.
fn service(object: &ObjectRef) -> String {
    let part = Part::of(object.kind, &object.name);
    match object.kind {
        Kind::Pool => part.part("web").child(),
        _ => part.child(),
    }
}

/// Objects whose status is made of the reports that are new.
fn touched_by(view: &View, reports: &Reports) -> Vec<ObjectRef> {
    let mut touched = BTreeSet::from([ObjectRef::new(Kind::Pool, POOL_NAME)]);
    for (name, pod) in view.pods.iter() {
        if view.reports.get(name) == reports.get(name) {
            continue;
        }
        let Some(owner) = cache::owner_of_labels(pod.metadata.labels.as_ref()) else {
            continue;
        };
        if let Some(coinserver) = view.objects.coinservers.get(&owner.name)
            && owner.kind == Kind::Coinserver
        {
            let currency = coinserver.spec.currency.to_string();
            touched.insert(ObjectRef::new(Kind::Currency, currency));
        }
        touched.insert(owner);
    }
    touched.into_iter().collect()
}
