//! From the nodes' offers to jobs on the wire, and what happens when there are none.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use ngpool_chain::ProcessTag;
use ngpool_settings::{CurrencySettings, StratumSettings};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    aux::{AuxBook, AuxSet},
    clock::Moment,
    jobs::{JobBook, Urgency},
    port::Port,
    readiness::Cause,
    registry::{self, Close, Handle},
    templates::{Boards, NodeReport, Offer},
};

/// Between two looks at what no event announces: silence of a node, the time without work.
const LOOK: Duration = Duration::from_millis(100);
/// Without a usable template for this long, miners are better off with their backup pools.
const PATIENCE_MS: u64 = 60_000;
/// Over which a fee refresh is spread when there are many connections. Below the time between two
/// refreshes, so that one is done before the next.
const REFRESH_SPREAD: Duration = Duration::from_secs(20);
/// Connections that are told of a refresh at once.
const REFRESH_AT_ONCE: usize = 256;
/// Over which connections are closed, so that backup pools are not stormed.
const CLOSE_SPREAD: Duration = Duration::from_secs(30);
/// Tips of aux chains that come within so long after one that was handed out are joined in one job.
const AUX_JOIN_MS: u64 = 200;
/// Between two steps of anything spread.
const STEP: Duration = Duration::from_millis(100);

/// Draws a process tag that does not hold the merged-mining marker.
#[must_use]
pub fn draw_process_tag() -> ProcessTag {
    loop {
        if let Some(tag) = ProcessTag::new(rand::random()) {
            return tag;
        }
    }
}

/// Acts on connections a few at a time, evenly over some time.
pub async fn spread(handles: Vec<Arc<Handle>>, over: Duration, act: impl Fn(&Handle)) {
    let steps = (over.as_millis() / STEP.as_millis()).max(1);
    let steps = usize::try_from(steps).unwrap_or(usize::MAX);
    let per_step = handles.len().div_ceil(steps).max(1);
    let parts = u32::try_from(handles.len().div_ceil(per_step))
        .unwrap_or(u32::MAX)
        .max(1);
    let mut tick = tokio::time::interval((over / parts).max(Duration::from_millis(1)));
    for part in handles.chunks(per_step) {
        tick.tick().await;
        for handle in part {
            act(handle);
        }
    }
}

/// Makes jobs of the best offers and hands them to the connections.
pub struct Work {
    port: Arc<Port>,
    boards: Arc<Boards>,
    book: JobBook,
    aux: AuxBook,
    /// When aux chains were looked at and something was new.
    aux_taken: Option<Moment>,
    offer: Option<Arc<Offer>>,
    /// What the current job was made with.
    currency: Option<CurrencySettings>,
    /// When work was last there; none while it is.
    without_since: Option<Moment>,
    /// Why the best offer cannot be used.
    useless: Option<String>,
    /// Nodes facts were told of.
    told: BTreeSet<Arc<str>>,
    /// Aux currencies facts were told of.
    told_aux: BTreeSet<String>,
    /// When facts are told again.
    facts_due: Moment,
    /// A refresh under way.
    pacing: Option<JoinHandle<()>>,
    /// Connections being closed for want of work.
    closing: Option<JoinHandle<()>>,
}

impl Work {
    /// No job yet.
    #[must_use]
    pub fn new(port: Arc<Port>, boards: Arc<Boards>, process: ProcessTag) -> Self {
        let without_since = Some(port.clock.now());
        Self {
            port,
            boards,
            book: JobBook::new(process),
            aux: AuxBook::new(process),
            aux_taken: None,
            offer: None,
            currency: None,
            without_since,
            useless: None,
            told: BTreeSet::new(),
            told_aux: BTreeSet::new(),
            facts_due: Moment(0),
            pacing: None,
            closing: None,
        }
    }

    /// Works until it is told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.boards.changed() => {}
                _ = look.tick() => {}
            }
            let now = self.port.clock.now();
            let base = self.port.settings.load().base.code.clone();
            let best = self.boards.of(&base).best(self.offer.as_ref(), now);
            if !best.is_some_and(|offer| self.take(&offer, now)) {
                self.miss(now);
            }
            if now >= self.facts_due {
                self.tell_facts(now);
                self.facts_due = now.plus(1_000);
            }
        }
        for task in [self.pacing.take(), self.closing.take()]
            .into_iter()
            .flatten()
        {
            task.abort();
        }
    }

    /// Makes the best offer the job, if it is not, with the aux chains as they are. Returns whether
    /// there is work.
    fn take(&mut self, offer: &Arc<Offer>, now: Moment) -> bool {
        let settings = self.port.settings.load_full();
        let same = self
            .offer
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, offer))
            && self.currency.as_ref() == Some(&settings.base);
        // A base template that cannot be used is not tried again for the sake of others.
        let other_aux =
            (!same || self.useless.is_none()) && self.look_at_aux(&settings, now, !same);
        if !same || other_aux {
            // What cannot be made once cannot be made again: remember it either way.
            let first_on_tip = self
                .offer
                .as_ref()
                .is_none_or(|current| current.head.previous != offer.head.previous);
            self.offer = Some(offer.clone());
            self.currency = Some(settings.base.clone());
            let aux = AuxSet::new(&self.aux.works(), offer.head.version);
            match self.book.publish(offer, &aux, &settings.base) {
                Ok((table, urgency)) => {
                    self.useless = None;
                    self.port.jobs.store(Arc::new(table));
                    self.hand_out(urgency);
                    self.note(offer, first_on_tip);
                    self.facts_due = Moment(0);
                }
                Err(error) => {
                    tracing::error!(node = &*offer.node, %error, "a template is of no use");
                    self.port.readiness.set(Cause::Template, error.to_string());
                    self.useless = Some(error.to_string());
                }
            }
        }
        if self.useless.is_some() {
            return false;
        }
        if self.without_since.take().is_some() {
            if let Some(closing) = self.closing.take() {
                closing.abort();
            }
            self.port.has_work.store(true, Ordering::Relaxed);
            self.port.readiness.clear(Cause::Template);
        }
        true
    }

    /// Whether aux chains have something that a new job is worth, not so soon after the last.
    fn look_at_aux(&mut self, settings: &StratumSettings, now: Moment, anyway: bool) -> bool {
        let just_taken = self
            .aux_taken
            .is_some_and(|taken| now.since(taken) < AUX_JOIN_MS);
        if just_taken && !anyway {
            return false;
        }
        let new = self.aux.look(&self.boards, &settings.aux, now, anyway);
        if new {
            self.aux_taken = Some(now);
        }
        new
    }

    fn hand_out(&mut self, urgency: Urgency) {
        if let Some(pacing) = self.pacing.take() {
            pacing.abort();
        }
        let registry = &self.port.registry;
        if urgency == Urgency::Refresh && registry.count() > REFRESH_AT_ONCE {
            let handles = registry.snapshot();
            self.pacing = Some(tokio::spawn(spread(handles, REFRESH_SPREAD, |handle| {
                handle.raise(registry::JOB);
            })));
        } else {
            registry.raise(registry::JOB);
        }
    }

    fn note(&self, offer: &Offer, first_on_tip: bool) {
        let head = &offer.head;
        self.port.metrics.height.set(i64::from(head.height.0));
        if first_on_tip {
            let delay = self.port.clock.unix_ms().saturating_sub(offer.received_ms);
            self.port
                .metrics
                .template_delay(Duration::from_millis(delay).as_secs_f64());
            tracing::info!(
                height = head.height.0,
                previous = %head.previous,
                node = &*offer.node,
                connections = self.port.registry.count(),
                "new tip"
            );
        } else {
            tracing::debug!(height = head.height.0, node = &*offer.node, "job refreshed");
        }
        // By now the job before has reached whoever it could.
        let table = self.port.jobs.load();
        if let Some(current) = table.current()
            && let Some(before) = table.find(current.number.wrapping_sub(1))
        {
            self.port.metrics.fan_out(before.fan_out().as_secs_f64());
        }
    }

    /// No node has anything. Miners go on with the last job for a while.
    fn miss(&mut self, now: Moment) {
        let since = *self.without_since.get_or_insert(now);
        if now.since(since) < PATIENCE_MS || self.closing.is_some() {
            return;
        }
        let base = self.port.settings.load().base.code.clone();
        let nodes: Vec<String> = self
            .boards
            .of(&base)
            .report(now)
            .into_iter()
            .map(|node| format!("{}: {}", node.name, node.state))
            .chain(self.useless.clone())
            .collect();
        let reason = format!("no usable template for 60 s ({})", nodes.join("; "));
        tracing::error!(reason, "the port closes its connections");
        self.port.readiness.set(Cause::Template, reason);
        self.port.has_work.store(false, Ordering::Relaxed);
        let port = self.port.clone();
        self.closing = Some(tokio::spawn(close_in_steps(port, Close::NoWork)));
    }

    /// At which height an aux chain is mined, or why it is not.
    fn tell_aux(&mut self, code: &str, nodes: &[NodeReport]) {
        let jobs = self.port.jobs.load();
        let work = jobs
            .current()
            .and_then(|job| job.aux.works().iter().find(|work| work.code == code));
        let state = match work {
            Some(work) => format!("height {}", work.offer.head.height),
            None if nodes.is_empty() => "not mined: no node".to_owned(),
            None => {
                let states: Vec<String> = nodes
                    .iter()
                    .map(|node| format!("{}: {}", node.name, node.state))
                    .collect();
                format!("not mined ({})", states.join("; "))
            }
        };
        self.port
            .readiness
            .health()
            .fact(&format!("aux {code}"), state);
        self.told_aux.insert(code.to_owned());
    }

    fn tell_facts(&mut self, now: Moment) {
        let health = self.port.readiness.health().clone();
        health.fact("connections", self.port.registry.count());
        let settings = self.port.settings.load_full();
        let mut nodes = self.boards.of(&settings.base.code).report(now);
        for currency in &settings.aux {
            let own = self.boards.of(&currency.code).report(now);
            self.tell_aux(&currency.code, &own);
            nodes.extend(own);
        }
        self.told_aux.retain(|code| {
            let known = settings.aux.iter().any(|currency| currency.code == *code);
            if !known {
                health.fact(&format!("aux {code}"), "removed");
            }
            known
        });
        for name in &self.told {
            if !nodes.iter().any(|node| node.name == *name) {
                health.fact(&format!("node {name}"), "removed");
            }
        }
        for node in nodes {
            health.fact(&format!("node {}", node.name), node.state);
            self.told.insert(node.name);
        }
        if let Some(job) = self.port.jobs.load().current() {
            health.fact("height", job.work.height);
            health.fact("job_age_s", job.age().as_secs());
            health.fact("node", &job.base.node);
        }
    }
}

/// Closes every connection, spread over half a minute.
pub async fn close_in_steps(port: Arc<Port>, reason: Close) {
    spread(port.registry.snapshot(), CLOSE_SPREAD, move |handle| {
        handle.close(reason);
    })
    .await;
    // Whoever came in meanwhile.
    for handle in port.registry.snapshot() {
        handle.close(reason);
    }
}

/// Follows the journal's state: while it takes no shares the port is not ready and miners are sent
/// to their backup pools.
pub async fn follow_journal(port: Arc<Port>, stop: CancellationToken) {
    let mut state = port.journal.watch_state();
    let mut closing: Option<JoinHandle<()>> = None;
    loop {
        let reason = state.borrow_and_update().reason();
        match reason {
            None => {
                if let Some(closing) = closing.take() {
                    closing.abort();
                }
                port.keeps_shares.store(true, Ordering::Relaxed);
                port.readiness.clear(Cause::Journal);
            }
            Some(reason) => {
                port.keeps_shares.store(false, Ordering::Relaxed);
                port.readiness.set(Cause::Journal, reason);
                if closing.is_none() {
                    let port = port.clone();
                    closing = Some(tokio::spawn(close_in_steps(port, Close::Journal)));
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = state.changed() => if changed.is_err() { break },
        }
    }
    if let Some(closing) = closing {
        closing.abort();
    }
}
