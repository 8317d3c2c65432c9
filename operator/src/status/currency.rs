//! A Currency: `Mineable`, its nodes, and whether its jobs run.

use k8s_openapi::{api::batch::v1::CronJob, jiff::SignedDuration};
use ngpool_chain::{Algorithm, Network};
use ngpool_crds::{
    Kind,
    kinds::{CurrencySpec, CurrencyStatus},
};

use super::{
    Learnt, Note, Seen, Status,
    coinserver::synced,
    conditions::{Finding, MINEABLE, READY, Truth},
    verdict::Domain,
};
use crate::names::Part;

/// The settle job runs every few minutes at most; so long without a success is not one bad run.
const SETTLE_LATE: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn status<S>(
    seen: &Seen<'_, S>,
    learnt: &Learnt,
    name: &str,
) -> Option<(Domain, Status)> {
    let currency = seen.objects.currencies.get(name)?;
    let nodes: Vec<(&str, Finding)> = seen
        .objects
        .coinservers
        .iter()
        .filter(|(_, node)| &*node.spec.currency == name)
        .map(|(node, _)| (node.as_str(), synced(seen, node)))
        .collect();
    let ready = nodes.iter().filter(|(_, synced)| synced.holds()).count();
    let unasked = nodes.iter().any(|(_, synced)| synced.provisional);
    let stored = currency.status.clone().unwrap_or_default();
    let counted = format!("{ready}/{}", nodes.len());
    let network = network(&currency.spec);
    let fields = CurrencyStatus {
        algorithm: network
            .as_ref()
            .map(|it| algorithm(it.algorithm).to_owned()),
        genesis_hash: network.map(|network| network.genesis_hash.to_string()),
        nodes: stored.nodes.filter(|_| unasked).or(Some(counted)),
        // What was told once stands while nobody looks.
        statement_key: learnt.statement_key.clone().or(stored.statement_key),
        ..CurrencyStatus::default()
    };
    let domain = Domain {
        conditions: vec![mineable(name, &nodes)],
        needs: settles(seen, name).into_iter().collect(),
        well: Some(Note::new("Mineable", "a node gives work, and its jobs run")),
        ..Domain::default()
    };
    Some((domain, Status::Currency(fields)))
}

fn network(spec: &CurrencySpec) -> Option<Network> {
    spec.network
        .clone()
        .map(Network::from)
        .or_else(|| Some(spec.preset.as_ref()?.network.clone()))
}

const fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256d => "sha256d",
        Algorithm::Scrypt => "scrypt",
    }
}

fn mineable(name: &str, nodes: &[(&str, Finding)]) -> Finding {
    if nodes.is_empty() {
        return Finding::new(
            MINEABLE,
            Truth::False,
            "NoCoinserver",
            format!("no Coinserver serves it; create one with spec.currency `{name}`"),
        );
    }
    if nodes.iter().any(|(_, synced)| synced.holds()) {
        return Finding::new(MINEABLE, Truth::True, "NodeReady", "a node gives work");
    }
    let reasons: Vec<String> = nodes
        .iter()
        .map(|(node, synced)| {
            let why = synced.message.trim_end_matches('.');
            format!("Coinserver `{node}`: {why}")
        })
        .collect();
    // Whether nobody can say is the better answer while nothing is known to be wrong.
    let known = nodes.iter().any(|(_, one)| one.truth == Truth::False);
    let begin = ["Starting", "Syncing", "NoPod", "NotAsked"];
    let begins = nodes.iter().all(|(_, one)| begin.contains(&one.reason));
    Finding {
        provisional: nodes.iter().any(|(_, one)| one.provisional),
        ..Finding::new(
            MINEABLE,
            if known { Truth::False } else { Truth::Unknown },
            if begins {
                "NodesStarting"
            } else {
                "NoNodeReady"
            },
            format!("no node gives work: {}", reasons.join("; ")),
        )
    }
}

/// A settle job that fails credits nobody; nothing while it runs well or has not had its time.
fn settles<S>(seen: &Seen<'_, S>, name: &str) -> Option<Finding> {
    let job = Part::of(Kind::Currency, name).part("settle").child();
    let cron = seen.cron_jobs.get(&job)?;
    is_late(cron).then(|| {
        Finding::new(
            READY,
            Truth::False,
            "SettleFailing",
            format!(
                "no run of its settle job has succeeded for {} minutes, so blocks are not credited; \
                 see `kubectl ngpool logs currency/{name}`",
                SETTLE_LATE.as_mins()
            ),
        )
    })
}

/// By the times the cluster itself wrote down, so that no clock is needed here.
fn is_late(cron: &CronJob) -> bool {
    let suspended = cron.spec.as_ref().and_then(|spec| spec.suspend) == Some(true);
    let times = cron.status.as_ref().and_then(|status| {
        let last = status.last_schedule_time.as_ref()?.0;
        let since = status
            .last_successful_time
            .as_ref()
            .or(cron.metadata.creation_timestamp.as_ref())?
            .0;
        Some((last, since))
    });
    !suspended && times.is_some_and(|(last, since)| last.duration_since(since) > SETTLE_LATE)
}
