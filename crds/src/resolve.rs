//! From objects to documents: pure, and shared by the operator, `ngpool up` and `ngpool check`.
//!
//! Each kind has a module that makes one document of one object. What two objects are needed for is
//! checked here: references, algorithms that must agree, addresses of the right network. A problem
//! names the object, the field and what would be right.

mod blocks;
mod coinserver;
mod context;
mod currency;
mod payout;
mod pod;
mod ranges;
mod sharechain;
mod stratum_port;
mod unused;
mod web;

use std::collections::BTreeMap;

use ngpool_settings::{CoinserverSettings, LedgerSettings, StratumSettings, WebSettings};

pub(crate) use context::Context;
pub use context::Origin;
pub use pod::effective_pod;

use crate::{
    documents::{DaemonPod, DatabaseChoice, Documents, PayoutJob},
    environment::Environment,
    kinds::{POOL_NAME, Pool},
    objects::{Kind, ObjectRef, Objects},
    problem::{Problem, Problems, Severity},
};

/// Finished documents for every program of a pool, or everything that is wrong.
pub fn resolve(objects: &Objects, environment: &dyn Environment) -> Result<Documents, Problems> {
    let mut context = Context::new(objects, environment);
    let documents = all(&mut context);
    // A reference with a typing error leaves its object unused: that would be said twice.
    if !context.has_errors() {
        unused::warn(&mut context);
    }
    let mut problems = context.into_problems();
    problems.extend(objects.sources.warnings.clone());
    problems.sort();
    if problems.has_errors() {
        return Err(problems);
    }
    // Without a problem there is a document: what makes none says why.
    documents
        .map(|documents| Documents {
            warnings: problems,
            ..documents
        })
        .ok_or_else(|| Problem::error("no documents could be made of the objects").into())
}

/// The document of one Coinserver, whatever is wrong with other objects.
pub fn coinserver_document(
    objects: &Objects,
    environment: &dyn Environment,
    name: &str,
) -> Result<CoinserverSettings, Problems> {
    alone(objects, environment, |context| {
        coinserver::document(context, name)
    })
}

/// The daemon of one Coinserver, for whoever runs it beside its program; nothing for one that runs
/// elsewhere.
pub fn daemon_pod(
    objects: &Objects,
    environment: &dyn Environment,
    name: &str,
) -> Result<Option<DaemonPod>, Problems> {
    let runs_here = objects
        .coinservers
        .get(name)
        .is_some_and(|coinserver| coinserver.spec.daemon.is_some());
    if !runs_here {
        return Ok(None);
    }
    alone(objects, environment, |context| {
        coinserver::daemon_pod(context, name)
    })
    .map(Some)
}

/// The document of one StratumPort, whatever is wrong with other objects.
pub fn stratum_document(
    objects: &Objects,
    environment: &dyn Environment,
    name: &str,
) -> Result<StratumSettings, Problems> {
    alone(objects, environment, |context| {
        stratum_port::document(context, name)
    })
}

/// The document of one Sharechain's ledger, whatever is wrong with other objects.
pub fn ledger_document(
    objects: &Objects,
    environment: &dyn Environment,
    name: &str,
) -> Result<LedgerSettings, Problems> {
    alone(objects, environment, |context| {
        sharechain::document(context, name)
    })
}

/// The jobs of one Currency, whatever is wrong with other objects.
pub fn payout_job(
    objects: &Objects,
    environment: &dyn Environment,
    name: &str,
) -> Result<PayoutJob, Problems> {
    alone(objects, environment, |context| payout::job(context, name))
}

/// The document of the web side, whatever is wrong with objects that it shows: those it leaves out.
pub fn web_document(
    objects: &Objects,
    environment: &dyn Environment,
) -> Result<WebSettings, Problems> {
    let mut context = Context::new(objects, environment);
    let made = web::document(&mut context);
    let problems = context.into_problems();
    let pool = ObjectRef::new(Kind::Pool, POOL_NAME);
    let stops = |problem: &Problem| {
        problem.severity == Severity::Error && problem.object.as_ref() == Some(&pool)
    };
    match made {
        Some(document) if !problems.iter().any(stops) => Ok(document),
        _ => Err(problems),
    }
}

/// Resolves one object for what the context records on the way.
pub(crate) fn of_object(context: &mut Context<'_>, object: &ObjectRef) {
    let name = object.name.as_str();
    match object.kind {
        // The ledgers know how long statistics are kept.
        Kind::Pool => {
            drop(web::document(context));
            for name in context.objects.sharechains.keys() {
                drop(sharechain::document(context, name));
            }
        }
        Kind::Currency => drop(payout::job(context, name)),
        Kind::Coinserver => drop(coinserver::document(context, name)),
        Kind::Sharechain => drop(sharechain::document(context, name)),
        Kind::StratumPort => drop(stratum_port::document(context, name)),
        Kind::Secret | Kind::ConfigMap => {}
    }
}

fn alone<T>(
    objects: &Objects,
    environment: &dyn Environment,
    make: impl FnOnce(&mut Context<'_>) -> Option<T>,
) -> Result<T, Problems> {
    let mut context = Context::new(objects, environment);
    let made = make(&mut context);
    let problems = context.into_problems();
    match made {
        Some(document) if !problems.has_errors() => Ok(document),
        _ => Err(problems),
    }
}

fn all(context: &mut Context<'_>) -> Option<Documents> {
    let objects = context.objects;
    let pool = pool(context);
    let database = pool.and_then(|pool| database(context, pool));
    let coinservers: Vec<_> = objects
        .coinservers
        .keys()
        .map(|name| coinserver::document(context, name))
        .collect();
    let stratum: Vec<_> = objects
        .stratum_ports
        .iter()
        .map(|(name, port)| {
            (
                stratum_port::document(context, name),
                port.spec.replicas > 0,
            )
        })
        .collect();
    let ledgers: Vec<_> = objects
        .sharechains
        .keys()
        .map(|name| sharechain::document(context, name))
        .collect();
    let payouts: Vec<_> = objects
        .currencies
        .keys()
        .map(|name| payout::job(context, name))
        .collect();
    let web = web::document(context);
    codes_differ(context);
    listeners_differ(context);
    Some(Documents {
        coinservers: coinservers.into_iter().collect::<Option<_>>()?,
        stratum: stratum
            .into_iter()
            .filter(|(_, runs)| *runs)
            .map(|(document, _)| document)
            .collect::<Option<_>>()?,
        ledgers: ledgers.into_iter().collect::<Option<_>>()?,
        payouts: payouts.into_iter().collect::<Option<_>>()?,
        web: web?,
        database: database?,
        secret_files: context.take_secret_files(),
        warnings: Problems::none(),
    })
}

/// The Pool, and a problem if there is none.
fn pool<'a>(context: &mut Context<'a>) -> Option<&'a Pool> {
    let pool = context.objects.pool.as_ref();
    if pool.is_none() {
        context.report(
            Problem::error("there is no Pool")
                .on(ObjectRef::new(Kind::Pool, POOL_NAME), "")
                .help("add one: apiVersion ngpool.io/v1alpha1, kind Pool, metadata.name pool, spec.database.bundled {}"),
        );
    }
    pool
}

fn database(context: &mut Context<'_>, pool: &Pool) -> Option<DatabaseChoice> {
    let object = ObjectRef::new(Kind::Pool, POOL_NAME);
    let database = &pool.spec.database;
    if let Some(secret) = &database.url_secret {
        let owner_url_file = context.secret_key(&object, "spec.database.urlSecret", secret)?;
        return Some(DatabaseChoice::Url { owner_url_file });
    }
    if let Some(cluster) = &database.cloud_native_pg {
        if !context.environment.one_machine() {
            return Some(DatabaseChoice::CloudNativePg {
                cluster: cluster.cluster.to_string(),
            });
        }
        context.warning(
            &object,
            "spec.database.cloudNativePG",
            "is only there in a cluster; on one machine a private PostgreSQL is used",
            None,
        );
    }
    Some(DatabaseChoice::Bundled)
}

/// The books are kept under the code.
fn codes_differ(context: &mut Context<'_>) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, currency) in &context.objects.currencies {
        if let Some(other) = first.insert(&currency.spec.code, name) {
            let message = format!(
                "`{}` is the code of Currency/{other} too",
                currency.spec.code
            );
            context.error(
                &ObjectRef::new(Kind::Currency, name),
                "spec.code",
                message,
                Some("the books are kept under the code: give each Currency its own".to_owned()),
            );
        }
    }
}

/// On one machine every listener that people chose the port of needs its own.
fn listeners_differ(context: &mut Context<'_>) {
    if !context.environment.one_machine() {
        return;
    }
    let mut first: BTreeMap<u16, String> = BTreeMap::new();
    if let Some(pool) = &context.objects.pool {
        first.insert(
            web::port(pool),
            "the API (Pool/pool spec.web.port)".to_owned(),
        );
    }
    for (name, port) in &context.objects.stratum_ports {
        if port.spec.replicas == 0 {
            continue;
        }
        let object = ObjectRef::new(Kind::StratumPort, name);
        if let Some(other) = first.insert(port.spec.port, object.to_string()) {
            let message = format!("port {} is taken by {other}", port.spec.port);
            let help = "on one machine every StratumPort needs a port of its own".to_owned();
            context.error(&object, "spec.port", message, Some(help));
        }
    }
}
