//! From resolved documents to the objects of the cluster: pure, and unable to fail.
//!
//! Each kind has a module. It takes what is resolved and gives every child of one object; whatever is
//! not given any more is deleted by who applies. Nothing here asks the API server anything.
//!
//! ```text
//!  Coinserver   Deployment (daemon + ngcoinserver), Service, claim, ConfigMaps
//!  Sharechain   Deployment (ngledger), Service, ConfigMap
//!  StratumPort  Deployment (ngstratum), Services, PodDisruptionBudget, ConfigMap, TCPRoute
//!  Currency     CronJobs settle and payout, PodDisruptionBudget of its nodes, ConfigMap
//!  Pool         Deployment (ngweb), Service, migration Job, bundled PostgreSQL
//! ```

pub mod coinserver;
pub mod currency;
mod network_policy;
mod pod;
pub mod pool;
pub mod sharechain;
pub mod stratum_port;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, StatefulSet},
        batch::v1::{CronJob, Job},
        core::v1::{ConfigMap, PersistentVolumeClaim, Service},
        networking::v1::NetworkPolicy,
        policy::v1::PodDisruptionBudget,
    },
    apimachinery::pkg::apis::meta::v1::OwnerReference,
};
use kube::{
    Resource, ResourceExt,
    core::{ApiResource, DynamicObject},
};
use ngpool_crds::kinds::ImagePullPolicy;
use serde::Serialize;

pub use pod::{DOCUMENT_KEY, Mounts};

use crate::names::Owner;

/// Image and how to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Image of the programs with its tag.
    pub programs: String,
    /// Repository that images of daemons come from, such as `ghcr.io/ngpool/node`.
    pub nodes: String,
    /// Image of the bundled PostgreSQL.
    pub postgres: String,
    /// When images are pulled.
    pub pull_policy: ImagePullPolicy,
    /// Names of Secrets to pull with.
    pub pull_secrets: Vec<String>,
}

/// What every build is given beside its own object.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Who the children belong to.
    pub owner: Owner,
    /// Images.
    pub images: Images,
}

/// One object to be there.
#[derive(Debug, Clone, PartialEq)]
pub struct Child {
    /// Its kind.
    pub resource: ApiResource,
    /// It, with only the fields that are meant.
    pub object: DynamicObject,
}

impl Child {
    /// Its name.
    pub fn name(&self) -> String {
        self.object.name_any()
    }
}

/// Every child of one object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Children(pub Vec<Child>);

/// Kinds of children, all of which the operator watches and cleans up.
macro_rules! children {
    ($($method:ident: $kind:ty),+ $(,)?) => {
        impl Children {
            $(
                #[doc = concat!("Adds a ", stringify!($kind), ".")]
                pub fn $method(&mut self, object: $kind) -> &mut Self {
                    self.add::<$kind>(&object)
                }
            )+

            /// Kinds of children.
            pub fn kinds() -> Vec<ApiResource> {
                vec![$(ApiResource::erase::<$kind>(&())),+]
            }
        }
    };
}

children! {
    config_map: ConfigMap,
    service: Service,
    claim: PersistentVolumeClaim,
    deployment: Deployment,
    stateful_set: StatefulSet,
    cron_job: CronJob,
    job: Job,
    disruption_budget: PodDisruptionBudget,
    network_policy: NetworkPolicy,
}

impl Children {
    fn add<K>(&mut self, object: &K) -> &mut Self
    where
        K: Resource<DynamicType = ()> + Serialize,
    {
        let resource = ApiResource::erase::<K>(&());
        // The types of k8s-openapi are made of maps with text keys: they always are JSON.
        if let Ok(mut value) = serde_json::to_value(object) {
            value["apiVersion"] = resource.api_version.clone().into();
            value["kind"] = resource.kind.clone().into();
            if let Ok(object) = serde_json::from_value(value) {
                self.0.push(Child { resource, object });
            }
        }
        self
    }

    /// Adds an object of a kind that has no type here, such as a `TCPRoute`.
    pub fn other(&mut self, resource: ApiResource, object: DynamicObject) -> &mut Self {
        self.0.push(Child { resource, object });
        self
    }

    /// The child of a kind and name.
    pub fn get(&self, kind: &str, name: &str) -> Option<&Child> {
        self.0
            .iter()
            .find(|child| child.resource.kind == kind && child.name() == name)
    }
}

/// A reference to an object of ours that its children carry.
pub fn owned_by<K: Resource<DynamicType = ()>>(object: &K) -> Option<OwnerReference> {
    object.controller_owner_ref(&())
}
