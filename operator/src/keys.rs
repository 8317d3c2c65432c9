//! What must be secret: made once, kept, never printed and never copied out of its namespace.
//!
//! ```text
//!  Pool        pool-ca (authority), pool-operator-tls, and the certificate of every program:
//!              pool-web-tls, <kind>-<name>-tls; pool-database-{ledger,payout,web}, pool-signer-token,
//!              pool-database-owner (bundled database; stays when its Pool goes)
//!  Currency    currency-<name>-statement-key (stays when its Currency goes)
//!  Coinserver  coinserver-<name>-rpc
//! ```
//!
//! All certificates are looked at together, by the Pool: a change of authorities concerns them all at
//! once. Everything here is pure but for randomness: it says what the Secrets of an object should be,
//! given what they are. Only [`write()`] acts.

mod authority;
mod certificate;
mod database;
mod made;
mod rotation;
mod wanted;
mod write;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use k8s_openapi::api::core::v1::Secret;
use ngpool_crds::{
    Kind, ObjectRef, Objects,
    kinds::{POOL_NAME, Pool},
};

use sha2::{Digest, Sha256};

pub use authority::{Authority, Phase};
pub use certificate::{AUTHORITIES_KEY, CERTIFICATE_KEY, Named, PRIVATE_KEY};
pub use database::{has_url, logins_digest};
pub use wanted::wanted;
pub use write::{Write, write};

use crate::{
    build::{
        Child,
        pool::{ROLES, role_secret},
    },
    names::Part,
    status::Note,
    view::View,
};

/// Secret of the authority of a Pool. No pod mounts it.
pub const AUTHORITY_SECRET: &str = "pool-ca";
/// Secret of what the operator itself shows the programs of a Pool.
pub const OPERATOR_SECRET: &str = "pool-operator-tls";
/// Annotation of a Pool whose change begins a new authority.
pub const ROTATE: &str = "ngpool.io/rotate";
/// Annotation of a statement key's Secret with its public half, which signers are told of.
pub const PUBLIC_KEY: &str = "ngpool.io/public-key";

const POOL: Part<'static> = Part::of(Kind::Pool, POOL_NAME);

/// Contents of a Secret.
type Data = BTreeMap<String, Vec<u8>>;

/// Why a Secret that is there cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unusable(&'static str);

/// What an object needs.
#[derive(Debug, Default)]
pub struct Keys {
    /// Its Secrets that are not as they should be, in the order to write them.
    pub secrets: Vec<Write>,
    /// What is asked of cert-manager, to be applied as any other child.
    pub children: Vec<Child>,
    /// Pool only: whether every program has a certificate.
    pub certificates: Option<Result<(), Note>>,
    /// Pool only: a change of authorities that is under way, and what it waits for.
    pub hold: Option<Note>,
    /// What only somebody can put right.
    pub refused: Option<String>,
    /// When to look again at the latest, where nothing may be heard before.
    pub again: Option<Duration>,
}

/// A program's certificate: whose it is, the part it is of, and the program.
struct Leaf<'a> {
    object: ObjectRef,
    part: Part<'a>,
    program: &'static str,
    secret: String,
}

/// Names of the Secrets that the operator makes for an object, or looks at when it makes its children.
pub fn names(objects: &Objects, object: &ObjectRef) -> Vec<String> {
    let part = Part::of(object.kind, &object.name);
    let mut names = match object.kind {
        Kind::Pool => leaves(objects).map(|leaf| leaf.secret).collect(),
        _ => vec![part.own("tls")],
    };
    match object.kind {
        Kind::Pool => {
            names.extend([AUTHORITY_SECRET.to_owned()]);
            names.extend(ROLES.map(role_secret));
            let pool = objects.pool.as_ref();
            if pool.is_some_and(has_own_token) {
                names.push(POOL.part("signer-token").child());
            }
            if pool.is_some_and(|pool| pool.spec.database.bundled.is_some()) {
                names.push(POOL.part("database-owner").child());
            }
        }
        Kind::Currency => names.extend([part.own("statement-key"), role_secret("payout")]),
        Kind::Coinserver if has_daemon(objects, &object.name) => names.push(part.own("rpc")),
        Kind::Sharechain => names.push(role_secret("ledger")),
        Kind::Coinserver | Kind::StratumPort => {}
        Kind::Secret | Kind::ConfigMap => names.clear(),
    }
    names
}

/// What an object's pods mount and is not there yet: kubelet would try again and again, ever slower.
pub fn missing(view: &View, object: &ObjectRef) -> Option<Note> {
    let objects = &view.objects;
    let part = Part::of(object.kind, &object.name);
    let role = match object.kind {
        Kind::Pool => Some("web"),
        Kind::Currency => Some("payout"),
        Kind::Sharechain => Some("ledger"),
        _ => None,
    };
    if let Some(role) = role.filter(|role| !has_url(view, role)) {
        return Some(Note::new(
            "WaitingForDatabase",
            format!(
                "where the database is, for the role {role}, is told by the migration Job when it \
                 ends; if its pod is gone, delete the Job for another run"
            ),
        ));
    }
    let mut needed = match object.kind {
        Kind::Pool => vec![POOL.part("web").own("tls")],
        _ => vec![part.own("tls")],
    };
    match object.kind {
        Kind::Pool if objects.pool.as_ref().is_some_and(has_own_token) => {
            needed.push(POOL.part("signer-token").child());
        }
        Kind::Currency => needed.push(part.own("statement-key")),
        Kind::Coinserver if has_daemon(objects, &object.name) => needed.push(part.own("rpc")),
        _ => {}
    }
    let missing = needed
        .into_iter()
        .find(|name| !view.secrets.contains_key(name))?;
    Some(Note::new(
        "WaitingForSecret",
        format!("the operator has not made the Secret `{missing}` yet"),
    ))
}

/// A digest of what an object's programs read when they start and not again: another one makes pods
/// roll. Nothing while something of it is not there.
pub fn read_at_start(view: &View, object: &ObjectRef) -> Option<String> {
    let part = Part::of(object.kind, &object.name);
    let objects = &view.objects;
    let mut read: Vec<(String, Option<&str>)> = match object.kind {
        Kind::Pool => vec![(role_secret("web"), Some("web"))],
        Kind::Sharechain => vec![(role_secret("ledger"), Some("ledger"))],
        Kind::Coinserver if has_daemon(objects, &object.name) => vec![(part.own("rpc"), None)],
        _ => return None,
    };
    if object.kind == Kind::Pool && objects.pool.as_ref().is_some_and(has_own_token) {
        read.push((POOL.part("signer-token").child(), None));
    }
    let mut hash = Sha256::new();
    for (secret, only) in read {
        let data = data(view.secrets.get(&secret)?);
        if only.is_some_and(|only| !data.contains_key(only)) {
            return None;
        }
        for (key, value) in &data {
            if only.is_none_or(|only| only == key) {
                // Each holds 256 random bits, so that a digest tells nothing of it.
                hash.update(Sha256::digest(value));
            }
        }
    }
    hex::encode(hash.finalize())
        .get(..32)
        .map(ToOwned::to_owned)
}

/// The public half of a currency's statement key, which its signers are told of.
pub fn statement_public(view: &View, currency: &str) -> Option<String> {
    let secret = Part::of(Kind::Currency, currency).own("statement-key");
    made::statement_public(&data(view.secrets.get(&secret)?))
}

/// When the certificates of a namespace end, by the names of their Secrets.
pub fn expiries(view: &View) -> BTreeMap<String, SystemTime> {
    let of = |secret: &Secret, key: &str| {
        let data = data(secret);
        certificate::parse(made::text(&data, key)?, certificate::ends)
    };
    let leaves = leaves(&view.objects).filter_map(|leaf| {
        let ends = of(view.secrets.get(&leaf.secret)?, CERTIFICATE_KEY)?;
        Some((leaf.secret, ends))
    });
    let authority = view
        .secrets
        .get(AUTHORITY_SECRET)
        .and_then(|secret| Some((AUTHORITY_SECRET.to_owned(), of(secret, "ca.crt")?)));
    leaves.chain(authority).collect()
}

/// The certificates of a pool.
fn leaves(objects: &Objects) -> impl Iterator<Item = Leaf<'_>> {
    let pool = || ObjectRef::new(Kind::Pool, POOL_NAME);
    let own = [
        Leaf {
            object: pool(),
            part: POOL.part("operator"),
            program: "ngpool-operator",
            secret: OPERATOR_SECRET.to_owned(),
        },
        Leaf {
            object: pool(),
            part: POOL.part("web"),
            program: "ngweb",
            secret: POOL.part("web").own("tls"),
        },
    ];
    own.into_iter()
        .chain(
            objects
                .currencies
                .keys()
                .map(|name| leaf(Kind::Currency, name, "ngpayout")),
        )
        .chain(
            objects
                .coinservers
                .keys()
                .map(|name| leaf(Kind::Coinserver, name, "ngcoinserver")),
        )
        .chain(
            objects
                .sharechains
                .keys()
                .map(|name| leaf(Kind::Sharechain, name, "ngledger")),
        )
        .chain(
            objects
                .stratum_ports
                .keys()
                .map(|name| leaf(Kind::StratumPort, name, "ngstratum")),
        )
}

fn leaf<'a>(kind: Kind, name: &'a str, program: &'static str) -> Leaf<'a> {
    let part = Part::of(kind, name);
    Leaf {
        object: ObjectRef::new(kind, name),
        part,
        program,
        secret: part.own("tls"),
    }
}

fn has_own_token(pool: &Pool) -> bool {
    let web = pool.spec.web.as_ref();
    web.is_none_or(|web| web.signer_token_secret.is_none())
}

fn has_daemon(objects: &Objects, coinserver: &str) -> bool {
    let node = objects.coinservers.get(coinserver);
    node.is_some_and(|node| node.spec.daemon.is_some())
}

fn data(secret: &Secret) -> Data {
    let data = secret.data.iter().flatten();
    data.map(|(key, value)| (key.clone(), value.0.clone()))
        .collect()
}
