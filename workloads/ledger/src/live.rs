//! Who is connected now, as the servers say; bounded by the document's `live_workers`.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::Utc;
use ngpool_rpc::v1::LiveReport;
use ngpool_store::{LivePort, LiveWorker, ProducerId};
use parking_lot::Mutex;
use tokio::time::Instant;
use tonic::Status;

use crate::{convert, ledger::Ledger, service::within};

/// Workers of one call.
const WORKERS_PER_CALL: usize = 1_000;

/// A server that said nothing for so long is gone, and its workers with it.
pub(crate) const GONE: Duration = Duration::from_secs(30);

/// Takes the servers' rounds.
pub(crate) struct LiveWriter {
    ledger: Arc<Ledger>,
    rounds: Mutex<HashMap<ProducerId, Round>>,
}

struct Round {
    number: u64,
    /// Workers listed in it so far.
    workers: usize,
    /// Workers of the round before: they are listed until this one ends.
    before: usize,
    at: Instant,
}

impl LiveWriter {
    pub(crate) fn new(ledger: Arc<Ledger>) -> Self {
        Self {
            ledger,
            rounds: Mutex::default(),
        }
    }

    /// Stores one call of a round.
    pub(crate) async fn take(&self, report: LiveReport) -> Result<(), Status> {
        let producer = convert::producer(&report.producer)?;
        let offered = report.workers.len().min(WORKERS_PER_CALL);
        let limit = usize::try_from(self.ledger.document().live_workers).unwrap_or(usize::MAX);
        let taken = admit(
            &mut self.rounds.lock(),
            producer,
            report.round,
            offered,
            limit,
        );
        let workers: Vec<LiveWorker> = report
            .workers
            .into_iter()
            .take(taken)
            .map(|worker| LiveWorker {
                user: convert::text(&worker.user),
                worker: convert::text(&worker.worker),
                connections: worker.connections,
                difficulty: worker.difficulty,
                hash_rate: worker.hash_rate,
                last_share: Some(worker.last_share_ms)
                    .filter(|milliseconds| *milliseconds > 0)
                    .and_then(convert::time),
                user_agent: convert::text(&worker.user_agent),
            })
            .collect();
        let port = LivePort {
            producer,
            sharechain: self.ledger.sharechain.clone(),
            port: convert::text(&report.port),
            connections: report.connections,
            seen_at: Utc::now(),
        };
        within(
            self.ledger
                .store
                .report_live(&port, report.round, &workers, report.last),
        )
        .await
    }
}

/// How many of `offered` workers fit, all servers together below `limit`.
fn admit(
    rounds: &mut HashMap<ProducerId, Round>,
    producer: ProducerId,
    number: u64,
    offered: usize,
    limit: usize,
) -> usize {
    let now = Instant::now();
    rounds.retain(|_, round| now - round.at < GONE);
    let others: usize = rounds
        .iter()
        .filter(|(other, _)| **other != producer)
        .map(|(_, round)| round.workers.max(round.before))
        .sum();
    let round = rounds.entry(producer).or_insert(Round {
        number,
        workers: 0,
        before: 0,
        at: now,
    });
    if round.number != number {
        *round = Round {
            number,
            workers: 0,
            before: round.workers,
            at: now,
        };
    }
    round.at = now;
    let taken = offered.min(limit.saturating_sub(others + round.workers));
    round.workers += taken;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_servers_together_stay_below_the_bound_and_make_room_when_they_go() {
        let mut rounds = HashMap::new();
        let (one, two) = (ProducerId([1; 16]), ProducerId([2; 16]));
        assert_eq!(admit(&mut rounds, one, 1, 1_000, 1_500), 1_000);
        assert_eq!(admit(&mut rounds, one, 1, 200, 1_500), 200);
        assert_eq!(admit(&mut rounds, two, 1, 1_000, 1_500), 300);
        assert_eq!(admit(&mut rounds, two, 2, 1_000, 1_500), 300);
        tokio::time::advance(GONE).await;
        assert_eq!(admit(&mut rounds, two, 3, 1_000, 1_500), 1_000);
    }
}
