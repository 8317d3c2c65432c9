//! A pool of a test: a namespace of its own, the objects of an example, and what a user does with it.

mod chain;
mod forward;
mod miner;
mod objects;
mod signer;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use hyper::Request;
use k8s_openapi::{
    api::{
        batch::v1::{CronJob, Job},
        core::v1::{Namespace, Pod},
    },
    apimachinery::pkg::apis::meta::v1::Condition,
};
use kube::{
    Api, Resource, ResourceExt,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
    core::NamespaceResourceScope,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use forward::Forward;
pub use miner::{Mined, Miner, MinerOptions};
pub use objects::{Layout, example};
pub use signer::Signer;

use crate::{
    session::Session,
    wait::{until, until_true},
};

/// The longest that a pool may take from its objects to the first job for miners, on two busy cores.
pub const READY: Duration = Duration::from_mins(3);
/// The longest for anything that the operator does at once.
pub const SOON: Duration = Duration::from_mins(1);
/// Field manager of the tests.
const MANAGER: &str = "ngpool-e2e";

/// A namespace with a pool in it; it goes when the suite has passed.
#[derive(Debug, Clone)]
pub struct Pool {
    /// The run that it belongs to.
    pub session: Arc<Session>,
    /// Its namespace.
    pub namespace: String,
}

impl Pool {
    /// The namespace of a suite, whether it is there or not.
    pub fn of(session: &Arc<Session>, name: &str) -> Self {
        Self {
            session: Arc::clone(session),
            namespace: format!("ngpool-e2e-{name}"),
        }
    }

    /// An empty namespace in which only restricted pods may run.
    pub async fn empty(session: &Arc<Session>, name: &str) -> anyhow::Result<Self> {
        let pool = Self::of(session, name);
        let namespaces: Api<Namespace> = Api::all(session.client.clone());
        let object: Namespace = serde_json::from_value(json!({
            "metadata": {
                "name": pool.namespace,
                "labels": {
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/warn": "restricted",
                },
            },
        }))?;
        namespaces
            .create(&PostParams::default(), &object)
            .await
            .with_context(|| format!("cannot make the namespace {}", pool.namespace))?;
        Ok(pool)
    }

    /// A namespace with the objects of a layout, ready to be mined on.
    pub async fn ready(session: &Arc<Session>, name: &str, layout: Layout) -> anyhow::Result<Self> {
        let pool = Self::empty(session, name).await?;
        pool.apply(&layout.objects).await?;
        pool.wait_ready(READY).await?;
        Ok(pool)
    }

    /// Applies objects as `kubectl apply --server-side` does.
    pub async fn apply(&self, objects: &[Value]) -> anyhow::Result<()> {
        for object in objects {
            let kind = object["kind"].as_str().unwrap_or_default();
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            let parameters = PatchParams::apply(MANAGER).force();
            self.dynamic(kind)
                .patch(name, &parameters, &Patch::Apply(object))
                .await
                .with_context(|| format!("cannot apply {kind} {name}"))?;
        }
        Ok(())
    }

    /// Changes some fields of an object, as `kubectl patch --type=merge` does.
    pub async fn patch(&self, kind: &str, name: &str, change: Value) -> anyhow::Result<()> {
        self.dynamic(kind)
            .patch(name, &PatchParams::default(), &Patch::Merge(change))
            .await
            .with_context(|| format!("cannot change {kind} {name}"))?;
        Ok(())
    }

    /// Deletes an object, and with it all that hangs on it.
    pub async fn delete(&self, kind: &str, name: &str) -> anyhow::Result<()> {
        self.dynamic(kind)
            .delete(name, &DeleteParams::foreground())
            .await
            .with_context(|| format!("cannot delete {kind} {name}"))?;
        Ok(())
    }

    /// Objects of one of the five kinds.
    pub fn dynamic(&self, kind: &str) -> Api<DynamicObject> {
        let client = self.session.client.clone();
        Api::namespaced_with(client, &self.namespace, &objects::resource(kind))
    }

    /// Objects of a kind of Kubernetes itself, in this namespace.
    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.session.client.clone(), &self.namespace)
    }

    /// A condition as it stands.
    pub async fn condition(
        &self,
        kind: &str,
        name: &str,
        type_: &str,
    ) -> anyhow::Result<Option<Condition>> {
        let object = self.dynamic(kind).get(name).await?;
        let conditions = object.data.pointer("/status/conditions");
        let conditions = conditions.cloned().unwrap_or_else(|| json!([]));
        let conditions: Vec<Condition> = serde_json::from_value(conditions)?;
        Ok(conditions.into_iter().find(|it| it.type_ == type_))
    }

    /// Waits until a condition of the newest generation has a status; gives it.
    pub async fn wait_condition(
        &self,
        kind: &str,
        name: &str,
        type_: &str,
        status: &str,
        deadline: Duration,
    ) -> anyhow::Result<Condition> {
        let what = format!("{type_}={status} of {kind} {name}");
        until(what, deadline, async || {
            let object = self.dynamic(kind).get(name).await?;
            let condition = self.condition(kind, name, type_).await?;
            let condition = condition.with_context(|| format!("there is no condition {type_}"))?;
            let observed = condition.observed_generation.unwrap_or_default();
            if condition.status != status || Some(observed) < object.metadata.generation {
                anyhow::bail!(
                    "it is {} of generation {observed}: {}: {}",
                    condition.status,
                    condition.reason,
                    condition.message
                );
            }
            Ok(Some(condition))
        })
        .await
    }

    /// Waits until every object of the five kinds is ready.
    pub async fn wait_ready(&self, deadline: Duration) -> anyhow::Result<()> {
        let began = std::time::Instant::now();
        for kind in objects::KINDS {
            for object in self.dynamic(kind).list(&ListParams::default()).await? {
                let left = deadline.saturating_sub(began.elapsed());
                self.wait_condition(kind, &object.name_any(), "Ready", "True", left)
                    .await?;
            }
        }
        Ok(())
    }

    /// Pods with some labels, such as `app.kubernetes.io/component=stratumport`.
    pub async fn pods(&self, labels: &str) -> anyhow::Result<Vec<Pod>> {
        let pods = self.api::<Pod>();
        Ok(pods
            .list(&ListParams::default().labels(labels))
            .await?
            .items)
    }

    /// Names of the pods of a component that are ready and not going.
    pub async fn ready_pods(&self, component: &str) -> anyhow::Result<Vec<String>> {
        let labels = format!("app.kubernetes.io/component={component}");
        let pods = self.pods(&labels).await?;
        Ok(pods
            .iter()
            .filter(|pod| is_ready(pod))
            .map(Pod::name_any)
            .collect())
    }

    /// Waits until exactly so many pods of a component are ready.
    pub async fn wait_pods(
        &self,
        component: &str,
        number: usize,
        deadline: Duration,
    ) -> anyhow::Result<Vec<String>> {
        until(
            format!("{number} pods of {component}"),
            deadline,
            async || {
                let pods = self.ready_pods(component).await?;
                anyhow::ensure!(pods.len() == number, "{} are ready", pods.len());
                Ok(Some(pods))
            },
        )
        .await
    }

    /// The pool's own API, such as `blocks?limit=10`, asked through the API server.
    pub async fn rest(&self, path: &str) -> anyhow::Result<Value> {
        let path = format!(
            "/api/v1/namespaces/{}/services/pool-web:http/proxy/api/v1/{path}",
            self.namespace
        );
        self.get(&path).await
    }

    /// Metrics of a pod as text.
    pub async fn metrics(&self, pod: &str) -> anyhow::Result<String> {
        let path = format!(
            "/api/v1/namespaces/{}/pods/{pod}:9000/proxy/metrics",
            self.namespace
        );
        let request = Request::get(path).body(Vec::new())?;
        Ok(self.session.client.request_text(request).await?)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let request = Request::get(path).body(Vec::new())?;
        let text = self.session.client.request_text(request).await?;
        serde_json::from_str(&text).with_context(|| format!("{path} answers {text}"))
    }

    /// Runs a CronJob by hand, as `kubectl create job --from` does; waits for its end.
    pub async fn run_now(&self, cron_job: &str, name: &str) -> anyhow::Result<()> {
        let template = self.api::<CronJob>().get(cron_job).await?;
        let spec = template.spec.context("a CronJob without a spec")?;
        let job = Job {
            metadata: kube::core::ObjectMeta {
                name: Some(name.to_owned()),
                ..Default::default()
            },
            spec: spec.job_template.spec,
            ..Default::default()
        };
        let jobs = self.api::<Job>();
        jobs.create(&PostParams::default(), &job).await?;
        until_true(format!("job {name}"), SOON, async || {
            let status = jobs.get(name).await?.status.unwrap_or_default();
            if status.failed.unwrap_or_default() > 0 {
                let logs = self.logs(&format!("job/{name}")).await;
                anyhow::bail!("it failed: {}", logs.unwrap_or_default());
            }
            Ok(status.succeeded.unwrap_or_default() > 0)
        })
        .await
    }

    /// What a query of the bundled database gives: one value a line.
    pub async fn sql(&self, query: &str) -> anyhow::Result<String> {
        let text = self
            .kubectl([
                "exec",
                "pool-database-0",
                "--container=postgres",
                "--",
                "psql",
                "--username=ngpool",
                "--no-align",
                "--tuples-only",
                "--command",
                query,
            ])
            .await?;
        Ok(text.trim().to_owned())
    }

    /// Shares in the books of some miners, as they are counted off the batches, each once.
    pub async fn shares_booked(&self, addresses: &[String]) -> anyhow::Result<u64> {
        let addresses = addresses.join(",");
        let sum = self
            .sql(&format!(
                "SELECT coalesce(sum(shares), 0) FROM worker_minute \
                 WHERE user_name = ANY ('{{{addresses}}}')"
            ))
            .await?;
        Ok(sum.parse()?)
    }

    /// Waits until the books hold exactly what miners were told, who have stopped: every accepted
    /// share, and at most those besides whose answer was lost with a connection.
    pub async fn wait_booked(&self, mined: &Mined) -> anyhow::Result<()> {
        until_true("every accepted share in the books", SOON, async || {
            let booked = self.shares_booked(&mined.addresses).await?;
            anyhow::ensure!(
                booked >= mined.accepted,
                "{booked} are booked, and {} were told accepted",
                mined.accepted
            );
            Ok(true)
        })
        .await?;
        let booked = self.shares_booked(&mined.addresses).await?;
        anyhow::ensure!(
            booked <= mined.accepted + mined.unanswered,
            "{booked} shares are booked, and only {} accepted and {} unanswered were sent",
            mined.accepted,
            mined.unanswered
        );
        Ok(())
    }

    /// A way from here to a port of a pod or Service, such as `pod/NAME`; open until it is dropped.
    pub async fn forward(&self, to: &str, port: &str) -> anyhow::Result<Forward> {
        Forward::open(self, to, port).await
    }

    /// The last lines of a log, such as that of `job/NAME` or `deploy/NAME`.
    pub async fn logs(&self, of: &str) -> anyhow::Result<String> {
        self.kubectl(["logs", of, "--all-containers", "--tail=40"])
            .await
    }

    /// Runs `kubectl` in this namespace.
    pub async fn kubectl<const N: usize>(&self, arguments: [&str; N]) -> anyhow::Result<String> {
        let namespace = format!("--namespace={}", self.namespace);
        let words = std::iter::once(namespace.as_str()).chain(arguments);
        self.session.kubectl(words).await
    }

    /// Writes what a person would look at into a folder, and gives the shortest of it.
    pub async fn report(&self, folder: &Path) -> anyhow::Result<String> {
        let all = "pods,deployments,statefulsets,jobs,cronjobs,services,pvc,events,ngpool";
        for (file, words) in [
            ("objects", ["get", all, "-o", "wide"]),
            ("kinds.yaml", ["get", "ngpool", "-o", "yaml"]),
            ("pods.yaml", ["get", "pods", "-o", "yaml"]),
            ("documents.yaml", ["get", "configmaps", "-o", "yaml"]),
        ] {
            let text = self.kubectl(words).await;
            std::fs::write(
                folder.join(file),
                text.unwrap_or_else(|error| format!("{error:#}")),
            )?;
        }
        for pod in self.pods("").await? {
            let name = pod.name_any();
            let text = self
                .kubectl(["logs", &name, "--all-containers", "--prefix"])
                .await;
            std::fs::write(
                folder.join(format!("{name}.log")),
                text.unwrap_or_else(|error| format!("{error:#}")),
            )?;
        }
        let short = self.kubectl(["get", "ngpool,pods"]).await;
        Ok(short.unwrap_or_else(|error| format!("{error:#}")))
    }

    /// Removes the namespace, if it is there, and with it everything in it.
    pub async fn remove(&self) -> anyhow::Result<()> {
        let namespaces: Api<Namespace> = Api::all(self.session.client.clone());
        let parameters = DeleteParams::default();
        match namespaces.delete(&self.namespace, &parameters).await {
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(()),
            done => Ok(done.map(drop)?),
        }
    }

    /// The same, until nothing of it is left.
    pub async fn remove_whole(&self) -> anyhow::Result<()> {
        self.remove().await?;
        let namespaces: Api<Namespace> = Api::all(self.session.client.clone());
        until_true("the namespace to be gone", READY, async || {
            let left = namespaces.get_opt(&self.namespace).await?;
            let status = left.and_then(|namespace| namespace.status);
            let conditions = status.and_then(|status| status.conditions);
            if let Some(conditions) = conditions {
                let words: Vec<_> = conditions.into_iter().filter_map(|it| it.message).collect();
                anyhow::bail!("{}", words.join("; "));
            }
            Ok(namespaces.get_opt(&self.namespace).await?.is_none())
        })
        .await
    }
}

/// Whether a pod is ready and stays.
pub fn is_ready(pod: &Pod) -> bool {
    let conditions = pod
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    let ready = conditions
        .into_iter()
        .flatten()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True");
    ready && pod.metadata.deletion_timestamp.is_none()
}
