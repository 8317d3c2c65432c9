//! Who is connected now, told to the ledger every 5 seconds. Nothing that pays depends on it.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use ngpool_rpc::{
    Security,
    channel::{self, with_deadline},
    v1::{LiveReport, LiveWorker, ledger_client::LedgerClient},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use crate::journal::ProducerId;

/// Time between two rounds.
const ROUND: Duration = Duration::from_secs(5);

/// Workers of one call.
const WORKERS_PER_CALL: usize = 1_000;

/// Who is connected at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LiveSnapshot {
    /// Open connections.
    pub connections: u32,
    /// Each (user, worker) once.
    pub workers: Vec<LiveWorker>,
}

/// Where snapshots come from. Called on the reactor every 5 seconds: it must not wait.
pub trait LiveSource: Send + Sync + 'static {
    /// Who is connected now.
    fn snapshot(&self) -> LiveSnapshot;
}

/// Reports rounds of live workers.
pub struct Reporter {
    /// Where snapshots come from.
    pub source: Arc<dyn LiveSource>,
    /// The journal's id, so that rounds of two servers of one port are told apart.
    pub producer: ProducerId,
    /// Name of the port.
    pub port: String,
    /// gRPC address of the ledger; may change.
    pub ledger: watch::Receiver<String>,
    /// How it is talked to.
    pub security: Security,
}

impl Reporter {
    /// Reports until `stop` is cancelled. A round that fails is lost: the next one says more.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(ROUND);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut client: Option<LedgerClient<Channel>> = None;
        let mut round = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            if client.is_none() || self.ledger.has_changed().unwrap_or(false) {
                let url = self.ledger.borrow_and_update().clone();
                client = channel::connect(&url, &self.security)
                    .ok()
                    .map(crate::ship::client);
            }
            let Some(client) = &mut client else { continue };
            round += 1;
            for report in reports(self.source.snapshot(), self.producer, &self.port, round) {
                let sent = tokio::select! {
                    () = stop.cancelled() => return,
                    sent = client.report_live(with_deadline(report, ROUND)) => sent,
                };
                if let Err(status) = sent {
                    tracing::debug!(%status, "live workers were not reported");
                    break;
                }
            }
        }
    }
}

/// The calls of one round; the last one says so.
fn reports(
    snapshot: LiveSnapshot,
    producer: ProducerId,
    port: &str,
    round: u64,
) -> Vec<LiveReport> {
    let mut parts: Vec<Vec<LiveWorker>> = Vec::new();
    for worker in snapshot.workers {
        match parts.last_mut() {
            Some(part) if part.len() < WORKERS_PER_CALL => part.push(worker),
            _ => parts.push(vec![worker]),
        }
    }
    if parts.is_empty() {
        parts.push(Vec::new());
    }
    let count = parts.len();
    parts
        .into_iter()
        .enumerate()
        .map(|(number, workers)| LiveReport {
            producer: Bytes::copy_from_slice(&producer.0),
            port: port.to_owned(),
            connections: snapshot.connections,
            workers,
            last: number + 1 == count,
            round,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_cut_into_bounded_calls_and_ends_once() {
        for (workers, calls) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (2_500, 3)] {
            let snapshot = LiveSnapshot {
                connections: 9,
                workers: vec![LiveWorker::default(); workers],
            };
            let reports = reports(snapshot, ProducerId([1; 16]), "main", 4);
            assert_eq!(reports.len(), calls);
            assert!(
                reports
                    .iter()
                    .all(|report| report.workers.len() <= WORKERS_PER_CALL)
            );
            assert_eq!(
                reports
                    .iter()
                    .map(|report| report.workers.len())
                    .sum::<usize>(),
                workers
            );
            let last: Vec<bool> = reports.iter().map(|report| report.last).collect();
            assert_eq!(last.iter().filter(|last| **last).count(), 1);
            assert!(*last.last().unwrap());
        }
    }
}
