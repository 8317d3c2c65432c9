//! What the objects' statuses say: pure until it is written, and written only when it differs.
//!
//! ```text
//!  caches, reports ──Seen──┐
//!                          ├──draft──▶ Draft ──over what is stored──▶ Status ──Writer──▶ API server
//!  resolve, build, apply ──Learnt──┘   (no times)                              └────▶ events
//! ```
//!
//! Every kind has `Ready` (always there, `Unknown` at first), `Reconciling` and `Stalled` (true only
//! when something is unusual, as kstatus wants it), `ReferencesResolved` and `Paused`, and the
//! conditions of its own domain. A reason is one of a fixed list; a message is a sentence with the way
//! out. What always moves, such as heights, is in no message of a healthy object.

mod coinserver;
mod conditions;
mod currency;
mod pool;
mod references;
mod sharechain;
mod stratum_port;
mod verdict;
mod workload;
mod write;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, StatefulSet},
        batch::v1::{CronJob, Job},
        core::v1::{Pod, Service},
    },
    apimachinery::pkg::apis::meta::v1::Condition,
    jiff::Timestamp,
};
use ngpool_crds::{
    Kind, ObjectRef, Objects, Problems,
    kinds::{CoinserverStatus, CurrencyStatus, PoolStatus, SharechainStatus, StratumPortStatus},
};
use serde::Serialize;

pub use conditions::{
    AVAILABLE, CERTIFICATES_READY, DATABASE_READY, Finding, MINEABLE, PAUSED, READY, RECONCILING,
    REFERENCES_RESOLVED, SCHEMA_READY, STALLED, SYNCED, TEMPLATE_FRESH, Truth, find, merge,
};
pub use references::{Reference, foreign_secrets, references};
pub use workload::{Progress, Trouble, trouble};
pub use write::{STATUS_MANAGER, Writer, Written};

use crate::health::Reports;

/// What the caches of one namespace hold, as far as statuses are made of it. `S` is whatever is
/// remembered of a Secret that people made.
#[derive(Debug)]
pub struct Seen<'a, S> {
    /// The namespace.
    pub namespace: &'a str,
    /// The objects.
    pub objects: &'a Objects,
    /// Deployments by name.
    pub deployments: &'a BTreeMap<String, Deployment>,
    /// Each `StatefulSet` by name.
    pub stateful_sets: &'a BTreeMap<String, StatefulSet>,
    /// Jobs by name.
    pub jobs: &'a BTreeMap<String, Job>,
    /// Each `CronJob` by name.
    pub cron_jobs: &'a BTreeMap<String, CronJob>,
    /// Services by name.
    pub services: &'a BTreeMap<String, Service>,
    /// Pods by name.
    pub pods: &'a BTreeMap<String, Pod>,
    /// Secrets that objects name: whether they are there. One that was not asked about is absent.
    pub foreign_secrets: &'a BTreeMap<String, Option<S>>,
    /// What the programs say, by pod.
    pub reports: &'a Reports,
}

impl<S> Clone for Seen<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Seen<'_, S> {}

/// A reason with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// One word for programs; from a fixed list.
    pub reason: &'static str,
    /// A sentence for people, with the way out.
    pub message: String,
}

impl Note {
    /// A reason with its sentence.
    pub fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
        }
    }
}

/// How applying the children of an object went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was applied yet.
    #[default]
    NotYet,
    /// Every child is as it should be.
    Applied,
    /// The API server refused a child, and will again until somebody changes something.
    Refused(String),
    /// It did not work this time and is tried again.
    Failed(String),
}

/// What resolve, build and apply learnt of one object.
#[derive(Debug, Clone, Default)]
pub struct Learnt {
    /// What resolving found wrong, of this object or of those it needs; warnings among it.
    pub problems: Problems,
    /// How applying went.
    pub outcome: Outcome,
    /// Why its roll-out waits for another one, if it does.
    pub hold: Option<Note>,
    /// Pool only: whether certificates are there and good; absent while nobody can say.
    pub certificates: Option<Result<(), Note>>,
    /// Currency only: the public key of its statements; absent while nobody can say.
    pub statement_key: Option<String>,
}

/// A status of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Status {
    /// Of a Pool.
    Pool(PoolStatus),
    /// Of a Currency.
    Currency(CurrencyStatus),
    /// Of a Coinserver.
    Coinserver(CoinserverStatus),
    /// Of a Sharechain.
    Sharechain(SharechainStatus),
    /// Of a StratumPort.
    StratumPort(StratumPortStatus),
}

impl Status {
    /// As the cache has it; empty for an object that has none. Nothing for one that is not there.
    pub fn stored(objects: &Objects, object: &ObjectRef) -> Option<Self> {
        let name = object.name.as_str();
        let status = match object.kind {
            Kind::Pool => Self::Pool(objects.pool.as_ref()?.status.clone().unwrap_or_default()),
            Kind::Currency => Self::Currency(
                objects
                    .currencies
                    .get(name)?
                    .status
                    .clone()
                    .unwrap_or_default(),
            ),
            Kind::Coinserver => Self::Coinserver(
                objects
                    .coinservers
                    .get(name)?
                    .status
                    .clone()
                    .unwrap_or_default(),
            ),
            Kind::Sharechain => Self::Sharechain(
                objects
                    .sharechains
                    .get(name)?
                    .status
                    .clone()
                    .unwrap_or_default(),
            ),
            Kind::StratumPort => Self::StratumPort(
                objects
                    .stratum_ports
                    .get(name)?
                    .status
                    .clone()
                    .unwrap_or_default(),
            ),
            Kind::Secret | Kind::ConfigMap => return None,
        };
        Some(status)
    }

    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        match self {
            Self::Pool(status) => &status.conditions,
            Self::Currency(status) => &status.conditions,
            Self::Coinserver(status) => &status.conditions,
            Self::Sharechain(status) => &status.conditions,
            Self::StratumPort(status) => &status.conditions,
        }
    }

    fn conditions_mut(&mut self) -> &mut Vec<Condition> {
        match self {
            Self::Pool(status) => &mut status.conditions,
            Self::Currency(status) => &mut status.conditions,
            Self::Coinserver(status) => &mut status.conditions,
            Self::Sharechain(status) => &mut status.conditions,
            Self::StratumPort(status) => &mut status.conditions,
        }
    }

    fn set_generation(&mut self, generation: Option<i64>) {
        let place = match self {
            Self::Pool(status) => &mut status.observed_generation,
            Self::Currency(status) => &mut status.observed_generation,
            Self::Coinserver(status) => &mut status.observed_generation,
            Self::Sharechain(status) => &mut status.observed_generation,
            Self::StratumPort(status) => &mut status.observed_generation,
        };
        *place = generation;
    }
}

/// A status without its times: the same for the same caches.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The conditions.
    pub findings: Vec<Finding>,
    /// Everything else; its conditions are empty.
    fields: Status,
    generation: Option<i64>,
}

impl Draft {
    /// The status to store where `stored` is stored now.
    #[must_use]
    pub fn over(self, stored: &[Condition], now: Timestamp) -> Status {
        let mut status = self.fields;
        status.set_generation(self.generation);
        *status.conditions_mut() = merge(stored, self.findings, self.generation, now);
        status
    }

    /// A condition.
    pub fn finding(&self, condition: &str) -> Option<&Finding> {
        self.findings.iter().find(|one| one.condition == condition)
    }
}

/// The status of an object; nothing for one that is not there.
pub fn draft<S>(seen: &Seen<'_, S>, object: &ObjectRef, learnt: &Learnt) -> Option<Draft> {
    let stored = Status::stored(seen.objects, object)?;
    let (domain, fields) = match stored {
        Status::Pool(stored) => pool::status(seen, learnt, &stored)?,
        Status::Currency(_) => currency::status(seen, learnt, &object.name)?,
        Status::Coinserver(_) => coinserver::status(seen, &object.name)?,
        Status::Sharechain(_) => sharechain::status(seen, &object.name),
        Status::StratumPort(_) => stratum_port::status(seen, &object.name)?,
    };
    Some(Draft {
        findings: verdict::of(seen, object, learnt, domain),
        fields,
        generation: generation(seen.objects, object),
    })
}

fn generation(objects: &Objects, object: &ObjectRef) -> Option<i64> {
    let name = object.name.as_str();
    let metadata = match object.kind {
        Kind::Pool => &objects.pool.as_ref()?.metadata,
        Kind::Currency => &objects.currencies.get(name)?.metadata,
        Kind::Coinserver => &objects.coinservers.get(name)?.metadata,
        Kind::Sharechain => &objects.sharechains.get(name)?.metadata,
        Kind::StratumPort => &objects.stratum_ports.get(name)?.metadata,
        Kind::Secret | Kind::ConfigMap => return None,
    };
    metadata.generation
}
