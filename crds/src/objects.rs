//! The objects of one namespace.

use std::{collections::BTreeMap, fmt};

use k8s_openapi::api::core::v1::{ConfigMap, Secret};

use crate::{
    kinds::{Coinserver, Currency, Pool, Sharechain, StratumPort},
    load::Sources,
    problem::Place,
};

/// Kinds that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// One a namespace.
    Pool,
    /// A chain.
    Currency,
    /// A node.
    Coinserver,
    /// A book of work.
    Sharechain,
    /// Where miners connect.
    StratumPort,
    /// Secrets the kinds refer to.
    Secret,
    /// Settings the kinds refer to.
    ConfigMap,
}

impl Kind {
    /// All of them, the five first.
    pub const ALL: [Self; 7] = [
        Self::Pool,
        Self::Currency,
        Self::Coinserver,
        Self::Sharechain,
        Self::StratumPort,
        Self::Secret,
        Self::ConfigMap,
    ];

    /// Name in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pool => "Pool",
            Self::Currency => "Currency",
            Self::Coinserver => "Coinserver",
            Self::Sharechain => "Sharechain",
            Self::StratumPort => "StratumPort",
            Self::Secret => "Secret",
            Self::ConfigMap => "ConfigMap",
        }
    }

    /// `apiVersion` in manifests.
    pub const fn api_version(self) -> &'static str {
        match self {
            Self::Secret | Self::ConfigMap => "v1",
            _ => "ngpool.io/v1alpha1",
        }
    }

    /// The kind of a name that people type: the kind itself, its plural, its short name.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let kind = match name.as_str() {
            "pool" | "pools" => Self::Pool,
            "cur" | "currency" | "currencies" => Self::Currency,
            "coin" | "coinserver" | "coinservers" => Self::Coinserver,
            "shc" | "sharechain" | "sharechains" => Self::Sharechain,
            "sp" | "stratumport" | "stratumports" => Self::StratumPort,
            "secret" | "secrets" => Self::Secret,
            "cm" | "configmap" | "configmaps" => Self::ConfigMap,
            _ => return None,
        };
        Some(kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An object by kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectRef {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

impl ObjectRef {
    /// An object by kind and name.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// The objects of one namespace by name: what [`load`](crate::load) reads, or what an operator has
/// in its caches.
#[derive(Clone, Default)]
pub struct Objects {
    /// The Pool.
    pub pool: Option<Pool>,
    /// Chains.
    pub currencies: BTreeMap<String, Currency>,
    /// Nodes.
    pub coinservers: BTreeMap<String, Coinserver>,
    /// Books of work.
    pub sharechains: BTreeMap<String, Sharechain>,
    /// Where miners connect.
    pub stratum_ports: BTreeMap<String, StratumPort>,
    /// Secrets; only read on one machine, where the programs' files are made from them.
    pub secrets: BTreeMap<String, Secret>,
    /// Settings the kinds refer to.
    pub config_maps: BTreeMap<String, ConfigMap>,
    /// Where each was written.
    pub(crate) sources: Sources,
}

impl fmt::Debug for Objects {
    /// Names alone: Secrets are among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("pool", &self.pool.is_some())
            .field("currencies", &self.currencies.keys())
            .field("coinservers", &self.coinservers.keys())
            .field("sharechains", &self.sharechains.keys())
            .field("stratum_ports", &self.stratum_ports.keys())
            .field("secrets", &self.secrets.keys())
            .field("config_maps", &self.config_maps.keys())
            .finish_non_exhaustive()
    }
}

impl Objects {
    /// The bytes of a key of a Secret, whether given as `data` or `stringData`.
    pub fn secret_value(&self, name: &str, key: &str) -> Option<Vec<u8>> {
        let secret = self.secrets.get(name)?;
        let text = secret.string_data.as_ref().and_then(|data| data.get(key));
        text.map(|text| text.clone().into_bytes()).or_else(|| {
            secret
                .data
                .as_ref()
                .and_then(|data| data.get(key))
                .map(|bytes| bytes.0.clone())
        })
    }

    /// Keys of a Secret.
    pub fn secret_keys(&self, name: &str) -> Vec<&str> {
        let Some(secret) = self.secrets.get(name) else {
            return Vec::new();
        };
        let data = secret.data.iter().flat_map(BTreeMap::keys);
        let text = secret.string_data.iter().flat_map(BTreeMap::keys);
        data.chain(text).map(String::as_str).collect()
    }

    /// Where a field of an object was written: the nearest enclosing field that was written at all.
    /// Nothing for objects that were not read from a file.
    pub fn place(&self, object: &ObjectRef, field: &str) -> Option<Place> {
        self.sources.place(object, field)
    }

    /// Whether the object is there.
    pub fn contains(&self, object: &ObjectRef) -> bool {
        let name = object.name.as_str();
        match object.kind {
            Kind::Pool => self
                .pool
                .as_ref()
                .is_some_and(|p| p.metadata.name.as_deref() == Some(name)),
            Kind::Currency => self.currencies.contains_key(name),
            Kind::Coinserver => self.coinservers.contains_key(name),
            Kind::Sharechain => self.sharechains.contains_key(name),
            Kind::StratumPort => self.stratum_ports.contains_key(name),
            Kind::Secret => self.secrets.contains_key(name),
            Kind::ConfigMap => self.config_maps.contains_key(name),
        }
    }
}
