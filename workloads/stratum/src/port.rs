//! What the connections of a port share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use ngpool_chain::{Difficulty, Target, TargetError};
use ngpool_rpc::v1::LiveWorker;
use ngpool_settings::StratumSettings;
use siphasher::sip::SipHasher13;

use crate::{
    clock::Clock,
    jobs::{JobHandle, JobTable},
    journal::ShareJournal,
    limits::Gate,
    live::{LiveSnapshot, LiveSource},
    metrics::PortMetrics,
    pow_pool::PowPool,
    readiness::Readiness,
    registry::{self, Registry, Timeouts},
    resume::Sessions,
    share::Grade,
    solve::Solver,
    workers::Workers,
};

/// Version bits that miners may ever roll: BIP 323's. Bit 29, which says that the version is one of
/// BIP 9, stays set.
const ROLLABLE: u32 = 0x1fff_ffe0;
/// The same for a parent of merged-mined chains: bit 8 marks an AuxPoW block, and a parent that sets
/// it is refused (BIP 320's mask is below it).
const ROLLABLE_WITH_AUX: u32 = 0x1fff_e000;

/// The state of one port.
pub struct Port {
    /// The document in force.
    pub settings: ArcSwap<StratumSettings>,
    /// What can be mined on.
    pub jobs: ArcSwap<JobTable>,
    /// Every connection.
    pub registry: Arc<Registry>,
    /// Everybody who mines.
    pub workers: Workers,
    /// Who may come in.
    pub gate: Arc<Gate>,
    /// Extranonces and sessions to resume.
    pub sessions: Sessions,
    /// Accepted shares.
    pub journal: Arc<ShareJournal>,
    /// Where scrypt is computed.
    pub pow: PowPool,
    /// Where blocks go.
    pub solver: Solver,
    /// Counters.
    pub metrics: Arc<PortMetrics>,
    /// Time.
    pub clock: Clock,
    /// Whether the port is ready, and why not.
    pub readiness: Readiness,
    /// Whether there is, or may soon be, work to give.
    pub has_work: AtomicBool,
    /// Whether the journal takes shares.
    pub keeps_shares: AtomicBool,
    /// Keyed, so that nobody can make two headers that collide.
    pub fingerprints: SipHasher13,
}

impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port").finish_non_exhaustive()
    }
}

impl Port {
    /// The version bits a miner may roll here.
    #[must_use]
    pub fn version_mask(&self) -> u32 {
        let settings = self.settings.load();
        let rollable = if settings.aux.is_empty() {
            ROLLABLE
        } else {
            ROLLABLE_WITH_AUX
        };
        settings.version_mask & rollable
    }

    /// What shares of a difficulty have to meet.
    pub fn grade(&self, from: JobHandle, difficulty: f64) -> Result<Grade, TargetError> {
        let algorithm = self.settings.load().base.network.algorithm;
        let target = Target::from_difficulty(Difficulty(difficulty), algorithm)?;
        Ok(Grade {
            from,
            difficulty,
            target,
            work: target.work(),
        })
    }

    /// Difficulty of the easiest chain mined on now.
    #[must_use]
    pub fn easiest_difficulty(&self) -> f64 {
        self.jobs
            .load()
            .current()
            .map_or(f64::INFINITY, |job| job.easiest_difficulty)
    }

    /// Looks after what time changes: overdue connections, silent miners, old names and bans.
    pub async fn look_after(self: Arc<Self>, stop: tokio_util::sync::CancellationToken) {
        let mut tick = tokio::time::interval(Duration::from_millis(250));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut round = 0_u32;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let (now, settings) = (self.clock.now(), self.settings.load_full());
            let limits = &settings.limits;
            let ms = |seconds: u64| seconds.saturating_mul(1_000);
            self.registry.sweep(
                now,
                Timeouts {
                    first_message: ms(limits.first_message_s),
                    authorize: ms(limits.authorize_s),
                    idle: ms(limits.idle_s),
                },
            );
            self.metrics
                .connections
                .set(i64::try_from(self.registry.count()).unwrap_or(i64::MAX));
            if let Some(job) = self.jobs.load().current() {
                self.metrics.job_age.set(job.age().as_secs_f64());
            }
            round = round.wrapping_add(1);
            if round.is_multiple_of(40) {
                self.gate.forget(limits, now);
                self.workers.forget(now);
                self.sessions.forget(now);
            }
        }
    }

    /// Asks every connection to look at the settings.
    pub fn settings_changed(&self) {
        self.registry.raise(registry::SETTINGS);
    }

    /// Whether connections are let in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.has_work.load(Ordering::Relaxed) && self.keeps_shares.load(Ordering::Relaxed)
    }
}

impl LiveSource for Port {
    fn snapshot(&self) -> LiveSnapshot {
        let workers = self.workers.report(self.clock.now());
        LiveSnapshot {
            connections: u32::try_from(self.registry.count()).unwrap_or(u32::MAX),
            workers: workers
                .into_iter()
                .map(|worker| LiveWorker {
                    user: worker.user.to_string(),
                    worker: worker.worker.to_string(),
                    connections: worker.connections,
                    difficulty: worker.difficulty,
                    hash_rate: worker.hash_rate,
                    last_share_ms: worker.last_share_ms,
                    user_agent: worker.agent.to_string(),
                })
                .collect(),
        }
    }
}
