//! One connection to a pool, from subscribe to its end.

use std::{collections::HashMap, sync::Arc, time::Duration};

use ngpool_chain::Algorithm;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Counters, MinerError, MinerOptions, PoolUrl,
    connection::{Connection, LineError},
    hashing::{Found, Slot},
    protocol::{self, Incoming, PoolError, VERSION_MASK},
    work::{Notify, Spaces, Work, detect_algorithm},
};

/// A pool sends a job or a difficulty at least every minute or two.
const SILENCE: Duration = Duration::from_mins(5);
/// From connect to the first job.
const START: Duration = Duration::from_secs(30);
/// A pool that does not read for this long is gone.
const SEND: Duration = Duration::from_secs(10);
/// Shares sent and not answered: a pool that is so far behind does not answer at all.
const UNANSWERED: usize = 1_000;

/// How a session ended.
#[derive(Debug)]
pub(super) enum End {
    /// This miner was told to stop.
    Stopped,
    /// The pool asked to connect again, there, after so long.
    Redirected(PoolUrl, Duration),
    /// The connection is lost; trying again may help.
    Lost(String),
    /// Trying again would end the same way.
    Refused(MinerError),
}

impl From<LineError> for End {
    fn from(error: LineError) -> Self {
        Self::Lost(error.to_string())
    }
}

/// What a number we sent was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Configure,
    Subscribe,
    Authorize,
    ExtranonceSubscribe,
    Submit,
}

/// What a session works with and leaves as it is.
pub(super) struct Session<'a> {
    pub(super) url: &'a PoolUrl,
    pub(super) options: &'a MinerOptions,
    pub(super) slot: &'a Slot,
    pub(super) counters: &'a Counters,
    pub(super) cancel: &'a CancellationToken,
    /// Number of this connection: shares of an earlier one are not sent.
    pub(super) epoch: u64,
}

struct State<'a> {
    at: &'a Session<'a>,
    connection: Connection,
    next_id: u64,
    asked: HashMap<u64, Asked>,
    extranonce: Option<(Vec<u8>, usize)>,
    /// Search spaces of this connection, never used twice.
    spaces: Arc<Spaces>,
    difficulty: f64,
    mask: u32,
    authorized: bool,
    algorithm: Option<Algorithm>,
    /// Counts jobs that made the earlier ones stale.
    tip: u64,
    notify: Option<Notify>,
}

impl Session<'_> {
    /// Mines on an open connection until it ends.
    pub(super) async fn run(
        &self,
        connection: Connection,
        found: &mut mpsc::Receiver<Found>,
    ) -> End {
        let mut state = State {
            at: self,
            connection,
            next_id: 1,
            asked: HashMap::new(),
            extranonce: None,
            spaces: Arc::default(),
            difficulty: 1.0,
            mask: 0,
            authorized: false,
            algorithm: self.options.algorithm,
            tip: 0,
            notify: None,
        };
        let end = match state.run(found).await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        let unanswered = state
            .asked
            .values()
            .filter(|asked| **asked == Asked::Submit)
            .count();
        self.slot.offer(None);
        self.counters.update(|status| {
            status.mining = false;
            status.unanswered += u64::try_from(unanswered).unwrap_or(u64::MAX);
        });
        end
    }
}

impl State<'_> {
    async fn run(
        &mut self,
        found: &mut mpsc::Receiver<Found>,
    ) -> Result<std::convert::Infallible, End> {
        let mask = format!("{VERSION_MASK:08x}");
        self.ask(
            Asked::Configure,
            "mining.configure",
            json!([
                ["version-rolling", "subscribe-extranonce"],
                { "version-rolling.mask": mask, "version-rolling.min-bit-count": 2 }
            ]),
        )
        .await?;
        let agent = concat!("ngpool/", env!("CARGO_PKG_VERSION"));
        self.ask(Asked::Subscribe, "mining.subscribe", json!([agent]))
            .await?;
        let start = Instant::now() + START;
        let mut silent_at = Instant::now() + SILENCE;
        loop {
            let mining = self.is_mining();
            let deadline = if mining {
                silent_at
            } else {
                start.min(silent_at)
            };
            tokio::select! {
                biased;
                () = self.at.cancel.cancelled() => return Err(End::Stopped),
                line = self.connection.receive() => {
                    silent_at = Instant::now() + SILENCE;
                    self.incoming(&line?).await?;
                }
                share = found.recv() => {
                    // The threads' senders outlive every session.
                    if let Some(share) = share {
                        self.submit(&share).await?;
                    }
                }
                () = tokio::time::sleep_until(deadline) => {
                    return Err(End::Lost(if mining {
                        format!("nothing heard from the pool for {} s", SILENCE.as_secs())
                    } else {
                        format!("no job within {} s of the connect", START.as_secs())
                    }));
                }
            }
        }
    }

    fn is_mining(&self) -> bool {
        self.authorized && self.notify.is_some() && self.extranonce.is_some()
    }

    async fn incoming(&mut self, line: &str) -> Result<(), End> {
        if line.trim().is_empty() {
            return Ok(());
        }
        match Incoming::parse(line).map_err(|error| End::Lost(error.to_string()))? {
            Incoming::Reply { id, outcome } => match self.asked.remove(&id) {
                Some(asked) => self.answered(asked, outcome).await,
                None => Ok(()),
            },
            Incoming::Call { id, method, params } => self.called(id, &method, &params).await,
        }
    }

    async fn answered(
        &mut self,
        asked: Asked,
        outcome: Result<Value, PoolError>,
    ) -> Result<(), End> {
        match (asked, outcome) {
            (Asked::Configure, Ok(result)) => self.mask = protocol::granted_mask(&result),
            // A pool that knows no configure simply has no rolling; one without extranonce
            // subscription never changes it.
            (Asked::Configure, Err(_)) | (Asked::ExtranonceSubscribe, _) => {}
            (Asked::Subscribe, Ok(result)) => {
                self.extranonce = Some(
                    protocol::extranonce(result.get(1), result.get(2)).ok_or_else(|| {
                        End::Lost("the pool's answer to subscribe has no extranonce".to_owned())
                    })?,
                );
                let (user, password) = (&self.at.options.user, &self.at.options.password);
                self.ask(
                    Asked::Authorize,
                    "mining.authorize",
                    json!([user, password]),
                )
                .await?;
            }
            (Asked::Subscribe, Err(error)) => {
                return Err(End::Lost(format!("the pool refused to subscribe: {error}")));
            }
            (Asked::Authorize, Ok(Value::Bool(true))) => {
                self.authorized = true;
                self.ask(
                    Asked::ExtranonceSubscribe,
                    "mining.extranonce.subscribe",
                    json!([]),
                )
                .await?;
                self.offer()?;
            }
            (Asked::Authorize, outcome) => {
                let reason = match outcome {
                    Ok(_) => "no reason given".to_owned(),
                    Err(error) => error.to_string(),
                };
                let user = self.at.options.user.clone();
                return Err(End::Refused(MinerError::Unauthorized { user, reason }));
            }
            (Asked::Submit, Ok(Value::Bool(true))) => {
                self.at.counters.update(|status| status.accepted += 1);
            }
            (Asked::Submit, outcome) => {
                let reason = match outcome {
                    Ok(_) => "refused without a reason".to_owned(),
                    Err(error) => error.message,
                };
                tracing::warn!(reason, "share rejected");
                self.at.counters.update(|status| {
                    // The pool writes the words, so their variety is bounded here.
                    let known = status.rejected.contains_key(&reason);
                    let reason = if known || status.rejected.len() < 32 {
                        reason
                    } else {
                        "other".into()
                    };
                    *status.rejected.entry(reason).or_default() += 1;
                });
            }
        }
        Ok(())
    }

    async fn called(
        &mut self,
        id: Option<Value>,
        method: &str,
        params: &[Value],
    ) -> Result<(), End> {
        match method {
            "mining.set_difficulty" => {
                if let Some(difficulty) = params.first().and_then(Value::as_f64)
                    && difficulty.is_finite()
                    && difficulty > 0.0
                {
                    self.difficulty = difficulty;
                }
            }
            "mining.notify" => {
                let notify = Notify::parse(params).map_err(|error| End::Lost(error.to_string()))?;
                if notify.clean {
                    self.tip += 1;
                }
                self.notify = Some(notify);
                self.at.counters.update(|status| status.jobs += 1);
                self.offer()?;
            }
            "mining.set_extranonce" => {
                // Counts from the next job on.
                if let Some(extranonce) = protocol::extranonce(params.first(), params.get(1)) {
                    self.extranonce = Some(extranonce);
                }
            }
            "mining.set_version_mask" => {
                let mask = params.first().and_then(Value::as_str);
                if let Some(mask) = mask.and_then(|mask| u32::from_str_radix(mask, 16).ok()) {
                    self.mask = mask & VERSION_MASK;
                }
            }
            "client.show_message" => {
                if let Some(message) = params.first().and_then(Value::as_str) {
                    tracing::info!(message, "the pool says");
                }
            }
            "client.reconnect" => return self.redirected(params),
            "client.get_version" => {
                let agent = concat!("ngpool/", env!("CARGO_PKG_VERSION"));
                self.answer(id.as_ref(), json!(agent)).await?;
            }
            "mining.ping" => self.answer(id.as_ref(), json!("pong")).await?,
            _ => tracing::debug!(method, "the pool called a method this miner does not know"),
        }
        Ok(())
    }

    fn redirected(&self, params: &[Value]) -> Result<(), End> {
        let mut url = self.at.url.clone();
        if let Some(host) = params
            .first()
            .and_then(Value::as_str)
            .filter(|host| !host.is_empty())
        {
            if !url.may_redirect_to(host) {
                tracing::warn!(
                    host,
                    "refused to follow the pool to a host of another domain"
                );
                return Ok(());
            }
            host.clone_into(&mut url.host);
        }
        let port = params.get(1).and_then(|port| match port {
            Value::String(port) => port.parse().ok(),
            other => other.as_u64().and_then(|port| u16::try_from(port).ok()),
        });
        if let Some(port) = port.filter(|port| *port != 0) {
            url.port = port;
        }
        let wait = params.get(2).and_then(|wait| match wait {
            Value::String(wait) => wait.parse().ok(),
            other => other.as_u64(),
        });
        // A longer wait would be an idle machine; the pool can close the connection instead.
        Err(End::Redirected(
            url,
            Duration::from_secs(wait.unwrap_or(0).min(300)),
        ))
    }

    /// Puts the newest job before the threads.
    fn offer(&mut self) -> Result<(), End> {
        let (Some(notify), Some((extranonce1, size)), true) =
            (&self.notify, &self.extranonce, self.authorized)
        else {
            return Ok(());
        };
        let algorithm = if let Some(algorithm) = self.algorithm {
            algorithm
        } else {
            let algorithm = detect_algorithm(notify).ok_or(End::Refused(MinerError::Algorithm))?;
            tracing::info!(?algorithm, "algorithm told from the job");
            self.algorithm = Some(algorithm);
            algorithm
        };
        let work = Work {
            notify: notify.clone(),
            extranonce1: extranonce1.clone(),
            extranonce2_size: *size,
            spaces: Arc::clone(&self.spaces),
            target: Work::target(self.difficulty, algorithm),
            version_mask: self.mask,
            algorithm,
            epoch: self.at.epoch,
            tip: self.tip,
        };
        self.at.slot.offer(Some(Arc::new(work)));
        self.at.counters.update(|status| {
            if !status.mining {
                tracing::info!(pool = %self.at.url, user = self.at.options.user, "mining");
            }
            status.mining = true;
            status.difficulty = self.difficulty;
        });
        Ok(())
    }

    async fn submit(&mut self, found: &Found) -> Result<(), End> {
        if found.work.epoch != self.at.epoch || found.work.tip != self.tip {
            return Ok(());
        }
        if self.asked.len() >= UNANSWERED {
            return Err(End::Lost(
                "the pool does not answer submitted shares".to_owned(),
            ));
        }
        let mut params = vec![
            json!(self.at.options.user),
            json!(found.work.notify.job_id),
            json!(hex::encode(&found.space.extranonce2)),
            json!(format!("{:08x}", found.work.notify.time)),
            json!(format!("{:08x}", found.nonce)),
        ];
        if found.work.version_mask != 0 {
            params.push(json!(format!("{:08x}", found.space.version_bits)));
        }
        self.ask(Asked::Submit, "mining.submit", Value::Array(params))
            .await
    }

    async fn ask(&mut self, asked: Asked, method: &str, params: Value) -> Result<(), End> {
        let id = self.next_id;
        self.next_id += 1;
        self.asked.insert(id, asked);
        self.send(protocol::request(id, method, &params)).await
    }

    async fn answer(&mut self, id: Option<&Value>, result: Value) -> Result<(), End> {
        match id {
            Some(id) => self.send(protocol::answer(id, &result)).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, line: String) -> Result<(), End> {
        match timeout(SEND, self.connection.send(line)).await {
            Ok(sent) => Ok(sent?),
            Err(_) => Err(End::Lost(format!(
                "the pool read nothing for {} s",
                SEND.as_secs()
            ))),
        }
    }
}
