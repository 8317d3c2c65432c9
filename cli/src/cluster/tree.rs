//! A pool as a tree: pool, currencies, and under each its nodes, ports and chains. Pure.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::core::ObjectMeta;
use ngpool_crds::{
    Kind, ObjectRef, Objects,
    kinds::{Method, POOL_NAME},
};
use serde::Serialize;

use super::{figures::Figures, objects::Found};
use crate::text::hash_rate;

/// How an object is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum State {
    /// All is well.
    Ready,
    /// All is well, and something is being changed.
    Changing,
    /// Nothing is changed on purpose; what runs is well.
    Paused,
    /// Not known yet.
    Unknown,
    /// Something is wrong.
    NotReady,
}

impl State {
    /// For people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Changing => "changing",
            Self::Paused => "paused",
            Self::Unknown => "unknown",
            Self::NotReady => "NOT READY",
        }
    }

    /// Whether nobody has to look.
    pub(super) const fn is_well(self) -> bool {
        matches!(self, Self::Ready | Self::Changing | Self::Paused)
    }
}

/// An object in the tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    /// Such as `StratumPort/main`.
    pub(super) object: String,
    pub(super) state: State,
    /// One word: why.
    pub(super) reason: String,
    /// A sentence with the way out; empty when all is well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) messages: Vec<String>,
    /// What else is known, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) details: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<Item>,
}

impl Item {
    /// Whether nothing of it is unwell.
    pub(super) fn is_well(&self) -> bool {
        self.state.is_well() && self.items.iter().all(Self::is_well)
    }
}

/// The trees of a namespace: the Pool's, and objects that belong under nothing that is there.
pub(super) fn grow(found: &Found, figures: Option<&Figures>) -> Vec<Item> {
    Grower { found, figures }.all()
}

struct Grower<'a> {
    found: &'a Found,
    figures: Option<&'a Figures>,
}

impl Grower<'_> {
    fn objects(&self) -> &Objects {
        &self.found.objects
    }

    fn all(&self) -> Vec<Item> {
        let objects = self.objects();
        let mut items: Vec<Item> = objects
            .currencies
            .keys()
            .map(|name| self.currency(name))
            .collect();
        items.extend(self.strays());
        if objects.pool.is_none() {
            let missing = Item {
                object: ObjectRef::new(Kind::Pool, POOL_NAME).to_string(),
                state: State::NotReady,
                reason: "PoolNotFound".to_owned(),
                messages: vec![
                    "There is no Pool here; create one with metadata.name `pool`.".to_owned(),
                ],
                details: Vec::new(),
                items,
            };
            return vec![missing];
        }
        vec![Item {
            items,
            ..self.item(Kind::Pool, POOL_NAME, self.pool_details())
        }]
    }

    fn pool_details(&self) -> Vec<String> {
        let Some(pool) = &self.objects().pool else {
            return Vec::new();
        };
        let mut details = vec![pool.spec.title.clone()];
        let status = pool.status.as_ref();
        details.extend(
            status
                .and_then(|status| status.version.as_ref())
                .map(|version| format!("version {version}")),
        );
        if let Some(Figures { pool, .. }) = self.figures {
            details.push(count(pool.connections, "connection", "connections"));
            details.push(hash_rate(pool.hash_rate));
            let blocks = pool
                .blocks
                .iter()
                .map(|(state, number)| format!("{number} {state}"));
            let blocks: Vec<String> = blocks.collect();
            if !blocks.is_empty() {
                details.push(format!("blocks: {}", blocks.join(", ")));
            }
        }
        details
    }

    fn currency(&self, name: &str) -> Item {
        let objects = self.objects();
        let mut details = Vec::new();
        if let Some(currency) = objects.currencies.get(name) {
            details.push(currency.spec.code.clone());
            let status = currency.status.as_ref();
            details.extend(status.and_then(|it| it.algorithm.clone()));
            details.extend(
                status
                    .and_then(|it| it.nodes.as_ref())
                    .map(|nodes| format!("nodes {nodes}")),
            );
        }
        let mut item = self.item(Kind::Currency, name, details);
        if let Some(figures) = self.figures.and_then(|it| it.currencies.get(name)) {
            if !figures.failed.is_empty() {
                let steps = figures.failed.join(", ");
                let words = format!("The last run of its jobs failed at: {steps}.");
                unwell(&mut item, "JobFailed", words);
            }
            if let Some(reason) = &figures.stopped {
                unwell(
                    &mut item,
                    "PayoutsStopped",
                    format!("Payouts are stopped: {reason}"),
                );
            }
        }
        let nodes = objects
            .coinservers
            .iter()
            .filter(|(_, node)| &*node.spec.currency == name)
            .map(|(node, _)| self.coinserver(node));
        item.items.extend(nodes);
        let mut chains = BTreeSet::new();
        for (port, object) in &objects.stratum_ports {
            if &*object.spec.currency == name {
                item.items.push(self.port(port));
                chains.insert(object.spec.sharechain.to_string());
            }
        }
        let chains = chains
            .iter()
            .filter(|chain| objects.sharechains.contains_key(*chain));
        item.items
            .extend(chains.map(|chain| self.sharechain(chain)));
        item
    }

    /// What no Currency of the namespace holds.
    fn strays(&self) -> Vec<Item> {
        let objects = self.objects();
        let known = |currency: &str| objects.currencies.contains_key(currency);
        let mut strays: Vec<Item> = objects
            .coinservers
            .iter()
            .filter(|(_, node)| !known(&node.spec.currency))
            .map(|(name, _)| self.coinserver(name))
            .collect();
        let mut used = BTreeSet::new();
        for (name, port) in &objects.stratum_ports {
            if known(&port.spec.currency) {
                used.insert(port.spec.sharechain.to_string());
            } else {
                strays.push(self.port(name));
            }
        }
        let unused = objects
            .sharechains
            .keys()
            .filter(|name| !used.contains(*name));
        strays.extend(unused.map(|name| self.sharechain(name)));
        let unreadable = self.found.unreadable.iter().map(|(object, why)| Item {
            object: object.to_string(),
            state: State::Unknown,
            reason: "Unreadable".to_owned(),
            messages: vec![format!("This version cannot read it: {why}.")],
            details: Vec::new(),
            items: Vec::new(),
        });
        strays.extend(unreadable);
        strays
    }

    fn coinserver(&self, name: &str) -> Item {
        let status = self
            .objects()
            .coinservers
            .get(name)
            .and_then(|node| node.status.as_ref());
        let mut details = Vec::new();
        details.extend(
            status
                .and_then(|status| status.height)
                .map(|height| format!("height {height}")),
        );
        details.extend(
            status
                .and_then(|status| status.peers)
                .and_then(|peers| u64::try_from(peers).ok())
                .map(|peers| count(peers, "peer", "peers")),
        );
        self.item(Kind::Coinserver, name, details)
    }

    fn sharechain(&self, name: &str) -> Item {
        let mut details = Vec::new();
        if let Some(chain) = self.objects().sharechains.get(name) {
            details.push(method(&chain.spec.method).to_owned());
            details.push(format!("fee {}", chain.spec.fee));
        }
        self.item(Kind::Sharechain, name, details)
    }

    fn port(&self, name: &str) -> Item {
        let mut details = Vec::new();
        if let Some(port) = self.objects().stratum_ports.get(name) {
            let status = port.status.clone().unwrap_or_default();
            let address = status.address.clone();
            details.push(address.unwrap_or_else(|| format!("port {}", port.spec.port)));
            if let (Some(ready), Some(all)) = (status.ready_replicas, status.replicas) {
                details.push(format!("pods {ready}/{all}"));
            }
            if !port.spec.aux_currencies.is_empty() {
                let names: Vec<String> = port
                    .spec
                    .aux_currencies
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                details.push(format!("with {}", names.join(", ")));
            }
        }
        if let Some(figures) = self.figures.and_then(|it| it.ports.get(name)) {
            details.push(count(figures.connections, "connection", "connections"));
            details.push(count(figures.workers, "worker", "workers"));
            details.push(hash_rate(figures.hash_rate));
        }
        self.item(Kind::StratumPort, name, details)
    }

    fn item(&self, kind: Kind, name: &str, details: Vec<String>) -> Item {
        let object = ObjectRef::new(kind, name);
        let (state, reason, messages) = self.condition(&object);
        Item {
            object: object.to_string(),
            state,
            reason,
            messages,
            details,
            items: Vec::new(),
        }
    }

    /// State, reason and what is to be said.
    fn condition(&self, object: &ObjectRef) -> (State, String, Vec<String>) {
        let Some((metadata, conditions, observed)) = status(self.objects(), object) else {
            return (State::Unknown, "NotSeen".to_owned(), Vec::new());
        };
        let find = |type_: &str| conditions.iter().find(|one| one.type_ == type_);
        let Some(ready) = find("Ready") else {
            let words = "No operator has looked at it: is ngpool-operator running, and does it \
                         watch this namespace?";
            return (State::Unknown, "NotSeen".to_owned(), vec![words.to_owned()]);
        };
        let holds = |type_: &str| find(type_).filter(|one| one.status == "True");
        let mut messages = Vec::new();
        let mut say = |condition: &Condition| {
            if !condition.message.is_empty() && !messages.contains(&condition.message) {
                messages.push(condition.message.clone());
            }
        };
        let state = match ready.status.as_str() {
            "True" => {
                if let Some(paused) = holds("Paused") {
                    say(paused);
                    State::Paused
                } else if let Some(reconciling) = holds("Reconciling") {
                    say(reconciling);
                    State::Changing
                } else {
                    State::Ready
                }
            }
            "False" => State::NotReady,
            _ => State::Unknown,
        };
        let mut reason = ready.reason.clone();
        if !state.is_well() {
            say(ready);
            // Of what a person can act on, everything: one may hide the other.
            for type_ in ["Stalled", "Reconciling"] {
                if let Some(condition) = holds(type_) {
                    say(condition);
                }
            }
        } else if let (State::Changing, Some(reconciling)) = (state, holds("Reconciling")) {
            reason.clone_from(&reconciling.reason);
        } else if state == State::Paused {
            "Paused".clone_into(&mut reason);
        }
        if let (Some(generation), Some(observed)) = (metadata.generation, observed)
            && observed < generation
        {
            messages
                .push("The operator has not seen the latest change yet; is it running?".to_owned());
        }
        (state, reason, messages)
    }
}

/// Something that only the API knows is wrong.
fn unwell(item: &mut Item, reason: &str, message: String) {
    if item.state.is_well() {
        item.state = State::NotReady;
        reason.clone_into(&mut item.reason);
    }
    item.messages.push(message);
}

type Told<'a> = (&'a ObjectMeta, Vec<Condition>, Option<i64>);

fn status<'a>(objects: &'a Objects, object: &ObjectRef) -> Option<Told<'a>> {
    macro_rules! told {
        ($object:expr) => {{
            let object = $object?;
            let status = object.status.clone().unwrap_or_default();
            (
                &object.metadata,
                status.conditions,
                status.observed_generation,
            )
        }};
    }
    let name = object.name.as_str();
    Some(match object.kind {
        Kind::Pool => told!(objects.pool.as_ref()),
        Kind::Currency => told!(objects.currencies.get(name)),
        Kind::Coinserver => told!(objects.coinservers.get(name)),
        Kind::Sharechain => told!(objects.sharechains.get(name)),
        Kind::StratumPort => told!(objects.stratum_ports.get(name)),
        Kind::Secret | Kind::ConfigMap => return None,
    })
}

const fn method(method: &Method) -> &'static str {
    match method {
        Method { pplns: Some(_), .. } => "PPLNS",
        Method { prop: Some(_), .. } => "PROP",
        Method { solo: Some(_), .. } => "SOLO",
        Method { pps: Some(_), .. } => "PPS",
        Method { fpps: Some(_), .. } => "FPPS",
        _ => "no method",
    }
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
