//! What the server knows of one miner, and how it answers. No I/O: calls come in, text goes out.

mod difficulty;
mod submit;

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use ngpool_chain::Header;

use crate::{
    clock::Moment,
    jobs::{Job, JobHandle},
    limits::Conduct,
    names::{Arguments, Name},
    port::Port,
    pow_pool::Submitted,
    registry::{Close, Handle, Stage},
    resume::Saved,
    share::{Batch, Entry, Grades, Reject, Seen},
    vardiff::Vardiff,
    wire::{
        Call, Code, Configure, Request, WireError,
        encode::{self, Granted},
    },
    workers::Worker,
};

/// Longest name of a miner's software kept.
const AGENT_LIMIT: usize = 64;

/// One miner's session.
#[derive(Debug)]
pub struct Session {
    port: Arc<Port>,
    handle: Arc<Handle>,
    peer: IpAddr,
    agent: Arc<str>,
    extranonce1: Option<[u8; 4]>,
    extranonce_subscribed: bool,
    workers: Vec<Authorized>,
    /// Mask granted; 0 when version rolling was not negotiated.
    version_mask: u32,
    /// What was asked for, so that a wider mask can be granted later.
    version_mask_asked: u32,
    grades: Grades,
    /// The last handle sent; 0 before the first.
    sent: JobHandle,
    sent_tip: Option<u32>,
    /// Difficulty of the next job sent.
    wish: f64,
    own_minimum: f64,
    /// Difficulty the miner wants to stay at.
    fixed: Option<f64>,
    suggested: Option<f64>,
    suggested_at: Option<Moment>,
    vardiff: Vardiff,
    seen: Seen,
    conduct: Conduct,
    /// A share of the batch under way asked for the job to be sent again.
    resend: bool,
}

#[derive(Debug)]
struct Authorized {
    name: Box<str>,
    worker: Arc<Worker>,
}

/// What a line leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next line may be taken.
    Go,
    /// The line was a share, it is in the batch.
    Batched,
    /// The line must wait until the batch is answered, or replies would change their order.
    AnswerFirst,
    /// The connection ends once what was said is sent.
    Close(Close),
}

impl Session {
    /// A connection that has said nothing.
    #[must_use]
    pub fn new(port: Arc<Port>, handle: Arc<Handle>, peer: IpAddr) -> Self {
        let now = port.clock.now();
        let start = port.settings.load().vardiff.start;
        Self {
            port,
            handle,
            peer,
            agent: "".into(),
            extranonce1: None,
            extranonce_subscribed: false,
            workers: Vec::new(),
            version_mask: 0,
            version_mask_asked: 0,
            grades: Grades::default(),
            sent: JobHandle(0),
            sent_tip: None,
            wish: start,
            own_minimum: 0.0,
            fixed: None,
            suggested: None,
            suggested_at: None,
            vardiff: Vardiff::new(now),
            seen: Seen::default(),
            conduct: Conduct::default(),
            resend: false,
        }
    }

    /// The miner has sent a line.
    pub fn heard(&self) {
        self.handle.heard(self.port.clock.now(), Stage::Speaking);
    }

    /// Has headers hashed.
    pub fn pow(&self, headers: Vec<Header>) -> Submitted {
        self.port.pow.submit(headers)
    }

    /// Takes one line without its end. A share goes into the batch; anything else is answered into
    /// `out`, but not before the batch is.
    pub fn line(&mut self, line: &[u8], batch: &mut Batch, out: &mut Vec<u8>) -> Next {
        let request = match crate::wire::parse(line) {
            Ok(request) => request,
            Err(WireError::Malformed) => {
                if !batch.is_empty() {
                    return Next::AnswerFirst;
                }
                encode::error(out, "null", Code::Other, "not a stratum message");
                return Next::Close(Close::Malformed);
            }
            Err(WireError::Parameters {
                id,
                submit: true,
                what,
            }) => {
                tracing::trace!(peer = %self.peer, what, "malformed share");
                batch.push(&id, Entry::Refused(Reject::Malformed, None));
                return Next::Batched;
            }
            Err(WireError::Parameters {
                id,
                submit: false,
                what,
            }) => {
                if !batch.is_empty() {
                    return Next::AnswerFirst;
                }
                encode::error(out, &id, Code::Other, what);
                return Next::Go;
            }
        };
        if let Call::Submit(submit) = &request.call {
            return match self.check(submit) {
                Ok(entry) => {
                    batch.push(request.id, entry);
                    Next::Batched
                }
                Err(close) if batch.is_empty() => Next::Close(close),
                Err(_) => Next::AnswerFirst,
            };
        }
        if !batch.is_empty() {
            return Next::AnswerFirst;
        }
        self.call(request, out)
    }

    fn call(&mut self, request: Request<'_>, out: &mut Vec<u8>) -> Next {
        let id = request.id;
        match request.call {
            // Handled by the caller, in batches.
            Call::Submit(_) | Call::Answer => {}
            Call::Subscribe { agent, session } => {
                return self.subscribe(id, &agent, session.as_deref(), out);
            }
            Call::Authorize { name, password } => {
                return self.authorize(id, &name, &password, out);
            }
            Call::Configure(configure) => self.configure(id, &configure, out),
            Call::ExtranonceSubscribe => {
                self.extranonce_subscribed = true;
                encode::accepted(out, id);
            }
            Call::SuggestDifficulty(difficulty) => {
                encode::accepted(out, id);
                self.suggest(difficulty, out);
            }
            Call::SuggestTarget(bytes) => {
                encode::accepted(out, id);
                let algorithm = self.port.settings.load().base.network.algorithm;
                let target = ngpool_chain::Target::from_be_bytes(bytes);
                self.suggest(target.difficulty(algorithm).0, out);
            }
            Call::Ping => encode::result(out, id, "\"pong\""),
            Call::GetTransactions => encode::error(
                out,
                id,
                Code::Other,
                "this pool does not hand out transactions over stratum",
            ),
            // Known, not offered: version rolling is negotiated by mining.configure.
            Call::MultiVersion => encode::result(out, id, "false"),
            Call::Unknown(method) => {
                let method: String = method.chars().take(64).collect();
                encode::error(out, id, Code::Other, &format!("unknown method {method}"));
            }
        }
        Next::Go
    }

    fn subscribe(
        &mut self,
        id: &str,
        agent: &str,
        session: Option<&str>,
        out: &mut Vec<u8>,
    ) -> Next {
        let now = self.port.clock.now();
        let agent: String = agent
            .chars()
            .filter(|letter| !letter.is_control())
            .take(AGENT_LIMIT)
            .collect();
        if !agent.is_empty() {
            self.agent = agent.into();
        }
        let before = self.extranonce1;
        if let Some(saved) = session.and_then(|session| self.port.sessions.take(session, now)) {
            self.take_up(saved);
        }
        if self.extranonce1.is_none() {
            self.extranonce1 = self.port.sessions.extranonce1();
        }
        let Some(extranonce1) = self.extranonce1 else {
            encode::error(
                out,
                id,
                Code::Other,
                "no extranonce left, connect again later",
            );
            return Next::Close(Close::NoWork);
        };
        let session = format!("{:016x}", self.port.sessions.id(extranonce1));
        encode::subscribed(out, id, &session, extranonce1);
        match before {
            // It subscribed again, for a session of its own: what it mines on has to follow.
            Some(before) if before != extranonce1 => {
                if self.extranonce_subscribed {
                    encode::set_extranonce(out, extranonce1);
                }
                self.send_again(out);
            }
            Some(_) => {}
            None => self.send_job(out),
        }
        Next::Go
    }

    fn take_up(&mut self, saved: Saved) {
        self.extranonce1 = Some(saved.extranonce1);
        self.grades = saved.grades;
        self.seen = saved.seen;
        self.sent = self.sent.max(saved.sent);
        self.wish = self.clamp(saved.difficulty);
        self.suggested = self.suggested.or(Some(saved.difficulty));
        self.sent_tip = None;
    }

    fn authorize(&mut self, id: &str, name: &str, password: &str, out: &mut Vec<u8>) -> Next {
        let (port, now) = (self.port.clone(), self.port.clock.now());
        let settings = port.settings.load();
        let known = self.workers.iter().any(|worker| &*worker.name == name);
        if !known {
            if let Err(refusal) = port.gate.check_worker(self.peer, name, now) {
                port.metrics.refused(refusal, self.peer);
                encode::error(out, id, Code::Unauthorized, &refusal.to_string());
                return Next::Close(Close::Banned);
            }
            if self.workers.len() >= settings.limits.workers_per_connection as usize {
                encode::error(
                    out,
                    id,
                    Code::Unauthorized,
                    "too many workers on one connection",
                );
                return Next::Go;
            }
            let parsed = match Name::parse(name, &settings.base.network) {
                Ok(parsed) => parsed,
                Err(error) => {
                    encode::error(out, id, Code::Unauthorized, &error.to_string());
                    return Next::Go;
                }
            };
            if !port.workers.knows(&parsed.user)
                && let Err(refusal) = port.gate.count_new_name(self.peer, &settings.limits, now)
            {
                port.metrics.refused(refusal, self.peer);
                encode::error(out, id, Code::Unauthorized, &refusal.to_string());
                return Next::Go;
            }
            let limit = settings.limits.workers_per_user;
            let worker = port.workers.join(&parsed, &self.agent, limit, now);
            self.workers.push(Authorized {
                name: name.into(),
                worker,
            });
        }
        encode::accepted(out, id);
        self.handle.heard(now, Stage::Authorized);
        let arguments = Arguments::parse(password);
        if let Some(minimum) = arguments.minimum {
            self.own_minimum = minimum;
        }
        if self.workers.len() == 1 && !known {
            self.fixed = arguments.fixed;
            let start = arguments
                .fixed
                .or(self.suggested)
                .unwrap_or(settings.vardiff.start);
            self.wish = self.clamp(start);
            if !settings.banner.is_empty() {
                encode::show_message(out, &settings.banner);
            }
            self.vardiff = Vardiff::new(now);
            self.send_job(out);
        }
        Next::Go
    }

    fn configure(&mut self, id: &str, configure: &Configure, out: &mut Vec<u8>) {
        let version_mask = configure.version_mask.map(|asked| {
            self.version_mask_asked = asked;
            self.version_mask = asked & self.port.version_mask();
            self.version_mask
        });
        let minimum_difficulty = configure.minimum_difficulty.map(|minimum| {
            let usable = minimum.is_finite() && minimum > 0.0;
            if usable {
                self.own_minimum = minimum;
                self.reclamp(out);
            }
            usable
        });
        self.extranonce_subscribed |= configure.subscribe_extranonce;
        encode::configured(
            out,
            id,
            &Granted {
                version_mask,
                minimum_difficulty,
                subscribe_extranonce: configure.subscribe_extranonce,
                unknown: &configure.unknown,
            },
        );
    }

    /// The port's banner, again because it has changed.
    pub fn show_banner(&self, out: &mut Vec<u8>) {
        let settings = self.port.settings.load();
        if !self.workers.is_empty() && !settings.banner.is_empty() {
            encode::show_message(out, &settings.banner);
        }
    }

    /// Sends the current job unless it was sent already.
    pub fn send_job(&mut self, out: &mut Vec<u8>) {
        let table = self.port.jobs.load();
        let Some(job) = table.current() else { return };
        if self.is_mining() && self.sent.number() != job.number {
            let line = self.announce(job, JobHandle::first(job.number), out);
            out.extend_from_slice(&line);
            job.sent();
        }
    }

    /// Sends the current job again under a new handle, with the difficulty now wished.
    fn send_again(&mut self, out: &mut Vec<u8>) {
        let table = self.port.jobs.load();
        let Some(job) = table.current() else { return };
        if !self.is_mining() {
            return;
        }
        let next = if self.sent.number() == job.number {
            self.sent.again()
        } else {
            Some(JobHandle::first(job.number))
        };
        // Without a handle left the difficulty goes out with the next job.
        if let Some(next) = next {
            let line = self.announce(job, next, out);
            out.extend_from_slice(&line);
        }
    }

    /// Writes a change of difficulty, if there is one, and returns the job's line.
    fn announce(&mut self, job: &Arc<Job>, handle: JobHandle, out: &mut Vec<u8>) -> Bytes {
        let table = self.port.jobs.load();
        if let Some(oldest) = table.oldest() {
            self.grades.prune(JobHandle::first(oldest));
        }
        self.wish = self.clamp(self.wish);
        let told = self.grades.last().map(|grade| grade.difficulty.to_bits());
        if (told != Some(self.wish.to_bits()) || self.sent_tip.is_none())
            && let Ok(grade) = self.port.grade(handle, self.wish)
        {
            encode::set_difficulty(out, self.wish);
            self.grades.push(grade);
            for authorized in &self.workers {
                authorized.worker.difficulty(self.wish);
            }
        }
        // Whoever was not on this tip has nothing worth keeping.
        let clean = self.sent_tip != Some(job.tip);
        let first = handle == JobHandle::first(job.number);
        self.sent = handle;
        self.sent_tip = Some(job.tip);
        self.plan_sweep();
        if first {
            job.notify.line(clean).clone()
        } else {
            job.notify.line_as(handle.0, clean)
        }
    }

    fn is_mining(&self) -> bool {
        self.extranonce1.is_some() && !self.workers.is_empty()
    }

    /// The connection has ended: keep what a miner that comes back needs.
    pub fn end(&mut self) {
        let now = self.port.clock.now();
        for authorized in self.workers.drain(..) {
            authorized.worker.leave(now);
        }
        // Without a job it has nothing that could be resumed.
        if let Some(extranonce1) = self.extranonce1.take()
            && self.sent != JobHandle(0)
        {
            let saved = Saved {
                extranonce1,
                grades: std::mem::take(&mut self.grades),
                seen: std::mem::take(&mut self.seen),
                sent: self.sent,
                difficulty: self.wish,
            };
            self.port.sessions.save(saved, now);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}
