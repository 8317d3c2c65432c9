//! The rounds.

use std::{collections::HashMap, error::Error as _, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use ngpool_rpc::{
    channel::with_deadline,
    v1::{StatusReply, StatusRequest, status_client::StatusClient},
};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::{
    Report, Reports, Target,
    connect::{self, CONNECT, Credentials},
    is_news,
};

/// Calls at once over all namespaces: enough for a thousand pods in a few seconds, and few enough
/// that a thousand that do not answer hold no more than this many sockets.
const CALLS: usize = 64;
/// Calls at once of one namespace, so that one with many silent pods does not hold up the others.
const CALLS_OF_ONE: usize = 16;
/// Time an answer may take, the connection included.
const PATIENCE: Duration = Duration::from_secs(3);
/// Time between two rounds when all is well.
const SLOW: Duration = Duration::from_secs(10);
/// Time between two rounds while something is unwell or rolls.
const FAST: Duration = Duration::from_secs(2);

/// What one round asks.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// The pods.
    pub targets: Vec<Target>,
    /// What the operator shows of itself; absent before the Pool has certificates.
    pub credentials: Option<Credentials>,
    /// Whether something rolls, so that answers are wanted sooner.
    pub hurry: bool,
}

/// Asks programs; cheap to clone, and one for all namespaces so that calls are bounded.
#[derive(Debug, Clone)]
pub struct Poller {
    calls: Arc<Semaphore>,
}

impl Default for Poller {
    fn default() -> Self {
        Self {
            calls: Arc::new(Semaphore::new(CALLS)),
        }
    }
}

/// Channels that stand from one round to the next.
#[derive(Debug, Default)]
struct Channels {
    credentials: Option<Credentials>,
    open: HashMap<Target, Channel>,
}

impl Poller {
    /// Asks the pods of one namespace until the stop, and tells the reports whenever one is news.
    /// `round` is asked before each round; `wake` begins one at once.
    pub async fn watch(
        self,
        round: impl Fn() -> Round + Send,
        wake: Arc<tokio::sync::Notify>,
        tell: watch::Sender<Arc<Reports>>,
        stop: CancellationToken,
    ) {
        let mut channels = Channels::default();
        loop {
            let asked = round();
            let hurry = asked.hurry;
            let targets = asked.targets.clone();
            let reports = tokio::select! {
                () = stop.cancelled() => return,
                reports = self.ask(asked, &mut channels) => reports,
            };
            let unwell = reports.values().any(|report| !report.ready);
            tell.send_if_modified(|before| {
                let news = is_news(before, &reports);
                if news {
                    *before = Arc::new(reports);
                }
                news
            });
            let mut left = if hurry || unwell { FAST } else { SLOW };
            while !left.is_zero() {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = wake.notified() => break,
                    () = tokio::time::sleep(FAST) => {}
                }
                left = left.saturating_sub(FAST);
                // A pod that has come is asked at once.
                if round().targets != targets {
                    break;
                }
            }
        }
    }

    /// One round on channels of its own.
    pub async fn once(&self, round: Round) -> Reports {
        self.ask(round, &mut Channels::default()).await
    }

    async fn ask(&self, round: Round, channels: &mut Channels) -> Reports {
        let Round {
            targets,
            credentials,
            ..
        } = round;
        // Nobody is asked then; that a Pool has no certificates is told of the Pool.
        let Some(credentials) = credentials else {
            return Reports::new();
        };
        if channels.credentials.as_ref() != Some(&credentials) {
            channels.open.clear();
            channels.credentials = Some(credentials.clone());
        }
        channels.open.retain(|target, _| targets.contains(target));
        let mut asked = Vec::new();
        for target in targets {
            let channel = match channels.open.get(&target) {
                Some(channel) => Ok(channel.clone()),
                None => connect::channel(target.address, &target.server, &credentials),
            };
            if let Ok(channel) = &channel {
                channels.open.insert(target.clone(), channel.clone());
            }
            asked.push((target.pod, channel));
        }
        stream::iter(asked)
            .map(|(pod, channel)| async move {
                let report = match channel {
                    Ok(channel) => self.status(channel).await,
                    Err(error) => Report::silent(format!("cannot be asked: {error}")),
                };
                (pod, report)
            })
            .buffer_unordered(CALLS_OF_ONE)
            .collect()
            .await
    }

    async fn status(&self, channel: Channel) -> Report {
        // Never closed, so there always is a permit in the end.
        let _permit = self.calls.acquire().await;
        let mut client = StatusClient::new(channel);
        let call = client.get(with_deadline(StatusRequest {}, PATIENCE));
        match tokio::time::timeout(PATIENCE + CONNECT, call).await {
            Ok(Ok(reply)) => reply.into_inner().into(),
            Ok(Err(status)) => Report::silent(format!("does not answer: {}", cause(&status))),
            Err(_) => Report::silent("does not answer: nothing heard in time"),
        }
    }
}

/// The innermost reason of a failed call, which is what tells a refused connection from a wrong
/// certificate; tonic's own text is `transport error`.
fn cause(status: &tonic::Status) -> String {
    let mut text = status.message().to_owned();
    let mut source = status.source();
    while let Some(error) = source {
        text = error.to_string();
        source = error.source();
    }
    text
}

impl From<StatusReply> for Report {
    fn from(reply: StatusReply) -> Self {
        Self {
            answered: true,
            ready: reply.ready,
            reason: reply.reason,
            program: reply.program,
            version: reply.version,
            document: reply.document,
            bundle: reply.bundle,
            facts: reply.facts.into_iter().collect(),
        }
    }
}
