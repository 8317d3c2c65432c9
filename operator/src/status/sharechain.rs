//! A Sharechain: whether its ledger takes shares.

use ngpool_crds::{Kind, kinds::SharechainStatus};

use super::{
    Note, Seen, Status,
    coinserver::{not_running, reports},
    conditions::{Finding, READY, Truth},
    verdict::Domain,
    workload::Progress,
};
use crate::names::Part;

pub(super) fn status<S>(seen: &Seen<'_, S>, name: &str) -> (Domain, Status) {
    let part = Part::of(Kind::Sharechain, name);
    let progress = seen
        .deployments
        .get(&part.child())
        .map(Progress::of_deployment);
    let domain = Domain {
        needs: vec![books(seen, part)],
        rolling: progress
            .filter(Progress::is_rolling)
            .map(|_| Note::new("RollingOut", "its pod is being replaced")),
        well: Some(Note::new("BooksOpen", "the ledger takes shares")),
        ..Domain::default()
    };
    (domain, Status::Sharechain(SharechainStatus::default()))
}

fn books<S>(seen: &Seen<'_, S>, part: Part<'_>) -> Finding {
    // During a roll-out there may be two ledgers, and either takes shares.
    let mut answers: Vec<_> = reports(seen, part).map(|(_, report)| report).collect();
    answers.sort_by_key(|report| (!report.ready, !report.answered));
    match answers.first() {
        Some(report) if report.ready => {
            Finding::new(READY, Truth::True, "BooksOpen", "the ledger takes shares")
        }
        Some(report) if report.answered => Finding::new(
            READY,
            Truth::False,
            "BooksClosed",
            format!(
                "shares stay with the servers until the ledger takes them: {}",
                report.reason
            ),
        ),
        silent => not_running(seen, part, silent.copied()),
    }
}
