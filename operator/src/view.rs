//! One namespace as the operator sees it at one moment.

use std::{collections::BTreeMap, fmt, sync::Arc};

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Pod, Secret, Service},
};
use ngpool_crds::{ObjectRef, Objects};

use crate::{health::Reports, status::Seen, unreadable::Unreadable};

/// A child as the API server has it, as far as it is compared with what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Its uid.
    pub uid: String,
    /// Its resource version; 0 where it is no number.
    pub version: u64,
    /// Uid of the object that controls it.
    pub owner: Option<String>,
    /// Its JSON without status and without what the API server keeps about managers.
    pub text: Arc<str>,
    /// Whether somebody else set how many pods there are, by its scale.
    pub scaled_elsewhere: bool,
    /// Whether it is being deleted.
    pub going: bool,
}

/// Kind and name of a child.
pub type ChildKey = (String, String);

/// One namespace at one moment; cheap to clone.
#[derive(Clone, Default)]
pub struct View {
    /// The namespace.
    pub namespace: String,
    /// The objects of the five kinds, and the `ConfigMaps` they name.
    pub objects: Arc<Objects>,
    /// Objects that cannot be read as they are now.
    pub unreadable: Arc<BTreeMap<ObjectRef, Unreadable>>,
    /// Deployments by name.
    pub deployments: Arc<BTreeMap<String, Deployment>>,
    /// `StatefulSets` by name.
    pub stateful_sets: Arc<BTreeMap<String, StatefulSet>>,
    /// Jobs by name.
    pub jobs: Arc<BTreeMap<String, Job>>,
    /// `CronJobs` by name.
    pub cron_jobs: Arc<BTreeMap<String, CronJob>>,
    /// Services by name.
    pub services: Arc<BTreeMap<String, Service>>,
    /// Pods by name.
    pub pods: Arc<BTreeMap<String, Pod>>,
    /// Secrets that the operator made, by name.
    pub secrets: Arc<BTreeMap<String, Secret>>,
    /// Every child by kind and name, for comparing.
    pub live: Arc<BTreeMap<ChildKey, Live>>,
    /// Secrets that people made and objects name: their resource version, or nothing where there is
    /// no such Secret. One that was not asked about yet is absent.
    pub foreign_secrets: Arc<BTreeMap<String, Option<String>>>,
    /// What the programs say of themselves, by pod.
    pub reports: Arc<Reports>,
}

impl fmt::Debug for View {
    /// Names alone: Secrets are among it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("namespace", &self.namespace)
            .field("objects", &self.objects)
            .finish_non_exhaustive()
    }
}

impl View {
    /// What statuses are made of.
    pub fn seen(&self) -> Seen<'_, String> {
        Seen {
            namespace: &self.namespace,
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

    /// A child as it is.
    pub fn child(&self, kind: &str, name: &str) -> Option<&Live> {
        self.live.get(&(kind.to_owned(), name.to_owned()))
    }
}
