//! Made-up objects for tests.

use std::collections::BTreeMap;

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Pod, Service},
};
use ngpool_crds::Objects;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Seen, Status};
use crate::health::{Report, Reports};

fn read<T: DeserializeOwned>(document: &Value) -> T {
    serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

/// Objects of the five kinds, by their documents without `apiVersion`.
pub(super) fn objects(documents: &[Value]) -> Objects {
    let mut objects = Objects::default();
    for document in documents {
        let mut document = document.clone();
        document["apiVersion"] = json!("ngpool.io/v1alpha1");
        let name = document["metadata"]["name"].as_str().unwrap().to_owned();
        match document["kind"].as_str().unwrap() {
            "Pool" => objects.pool = Some(read(&document)),
            "Currency" => drop(objects.currencies.insert(name, read(&document))),
            "Coinserver" => drop(objects.coinservers.insert(name, read(&document))),
            "Sharechain" => drop(objects.sharechains.insert(name, read(&document))),
            "StratumPort" => drop(objects.stratum_ports.insert(name, read(&document))),
            other => panic!("no such kind: {other}"),
        }
    }
    objects
}

/// A namespace that is made up step by step.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) objects: Objects,
    pub(super) deployments: BTreeMap<String, Deployment>,
    pub(super) stateful_sets: BTreeMap<String, StatefulSet>,
    pub(super) jobs: BTreeMap<String, Job>,
    pub(super) cron_jobs: BTreeMap<String, CronJob>,
    pub(super) services: BTreeMap<String, Service>,
    pub(super) pods: BTreeMap<String, Pod>,
    pub(super) foreign_secrets: BTreeMap<String, Option<()>>,
    pub(super) reports: Reports,
}

impl World {
    /// With a Pool, a Currency, a Coinserver, a Sharechain and a StratumPort.
    pub(super) fn usual() -> Self {
        let of = |kind: &str, name: &str, spec: Value| {
            json!({
                "kind": kind,
                "metadata": {"name": name, "namespace": "mine", "generation": 3, "uid": name},
                "spec": spec,
            })
        };
        Self {
            objects: objects(&[
                of("Pool", "pool", json!({"database": {"bundled": {}}})),
                of(
                    "Currency",
                    "ltc",
                    json!({"code": "LTC", "preset": "litecoin-regtest", "subsidyAddress": "x"}),
                ),
                of("Coinserver", "a", json!({"currency": "ltc", "daemon": {}})),
                of(
                    "Sharechain",
                    "main",
                    json!({"algorithm": "scrypt", "method": {"prop": {}}}),
                ),
                of(
                    "StratumPort",
                    "main",
                    json!({"port": 3333, "currency": "ltc", "sharechain": "main"}),
                ),
            ]),
            ..Self::default()
        }
    }

    pub(super) fn seen(&self) -> Seen<'_, ()> {
        Seen {
            namespace: "mine",
            objects: &self.objects,
            deployments: &self.deployments,
            stateful_sets: &self.stateful_sets,
            jobs: &self.jobs,
            cron_jobs: &self.cron_jobs,
            services: &self.services,
            pods: &self.pods,
            foreign_secrets: &self.foreign_secrets,
            reports: &self.reports,
        }
    }

    /// A Deployment of so many pods, so many of them ready, nothing rolling.
    pub(super) fn deployment(&mut self, name: &str, wanted: i32, ready: i32) {
        let deployment = json!({
            "metadata": {"name": name, "generation": 1},
            "spec": {"replicas": wanted, "selector": {}, "template": {}},
            "status": {
                "observedGeneration": 1, "replicas": wanted, "updatedReplicas": wanted,
                "readyReplicas": ready,
            },
        });
        self.deployments.insert(name.to_owned(), read(&deployment));
    }

    /// A pod of a component and object, with its status.
    pub(super) fn pod(&mut self, name: &str, component: &str, instance: &str, status: &Value) {
        let pod = json!({
            "metadata": {"name": name, "labels": {
                "app.kubernetes.io/component": component,
                "app.kubernetes.io/instance": instance,
                "app.kubernetes.io/part-of": "ngpool",
            }},
            "status": status,
        });
        self.pods.insert(name.to_owned(), read(&pod));
    }

    /// What a pod says: ready, or why not; `state` among its facts.
    pub(super) fn report(&mut self, pod: &str, ready: bool, reason: &str, facts: &[(&str, &str)]) {
        let report = Report {
            answered: true,
            ready,
            reason: reason.to_owned(),
            version: "0.1.0".to_owned(),
            facts: facts
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            ..Report::default()
        };
        self.reports.insert(pod.to_owned(), report);
    }

    /// Everything runs and is well.
    pub(super) fn all_well(&mut self) {
        for (name, component, instance) in [
            ("coinserver-a", "coinserver", "a"),
            ("sharechain-main", "sharechain", "main"),
            ("stratumport-main", "stratumport", "main"),
            ("pool-web", "pool-web", "pool"),
        ] {
            self.deployment(name, 1, 1);
            let pod = format!("{name}-0");
            self.pod(
                &pod,
                component,
                instance,
                &json!({"podIP": "10.0.0.1", "phase": "Running"}),
            );
            let facts: &[(&str, &str)] = if component == "coinserver" {
                &[("state", "ready"), ("height", "432"), ("peers", "3")]
            } else {
                &[]
            };
            self.report(&pod, true, "", facts);
            let service = json!({"metadata": {"name": name}, "spec": {"ports": [{"port": 3333}]}});
            self.services.insert(name.to_owned(), read(&service));
        }
        let set = json!({
            "metadata": {"name": "pool-database", "generation": 1},
            "spec": {"replicas": 1, "serviceName": "x", "selector": {}, "template": {}},
            "status": {"observedGeneration": 1, "replicas": 1, "readyReplicas": 1},
        });
        self.stateful_sets
            .insert("pool-database".to_owned(), read(&set));
        self.migration(&json!({"conditions": [{"type": "Complete", "status": "True"}]}));
    }

    /// Stores a status, as the API server does.
    pub(super) fn store(&mut self, status: Status) {
        let objects = &mut self.objects;
        match status {
            Status::Pool(it) => objects.pool.as_mut().unwrap().status = Some(it),
            Status::Currency(it) => objects.currencies.get_mut("ltc").unwrap().status = Some(it),
            Status::Coinserver(it) => objects.coinservers.get_mut("a").unwrap().status = Some(it),
            Status::Sharechain(it) => {
                objects.sharechains.get_mut("main").unwrap().status = Some(it);
            }
            Status::StratumPort(it) => {
                objects.stratum_ports.get_mut("main").unwrap().status = Some(it);
            }
        }
    }

    /// The migration Job with its status.
    pub(super) fn migration(&mut self, status: &Value) {
        let name = "pool-migrate-0123456789";
        let job = json!({"metadata": {"name": name}, "status": status});
        self.jobs.insert(name.to_owned(), read(&job));
    }

    /// A settle job by its times.
    pub(super) fn settle(&mut self, scheduled: &str, succeeded: &str) {
        let job = json!({
            "metadata": {"name": "currency-ltc-settle"},
            "spec": {"schedule": "* * * * *", "jobTemplate": {}},
            "status": {"lastScheduleTime": scheduled, "lastSuccessfulTime": succeeded},
        });
        self.cron_jobs
            .insert("currency-ltc-settle".to_owned(), read(&job));
    }
}
