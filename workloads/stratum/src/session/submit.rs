//! Shares: checked in order of cost, hashed in batches, answered in order.

use std::sync::Arc;

use ngpool_chain::PowHash;

use super::Session;
use crate::{
    journal::ShareRecord,
    limits::Verdict,
    registry::Close,
    share::{Batch, Candidate, Entry, Put, Reject},
    solve::Solution,
    wire::{Submit, encode},
    workers::Worker,
};

impl Session {
    /// Everything but the proof of work. An error ends the connection.
    pub(super) fn check(&mut self, submit: &Submit<'_>) -> Result<Entry, Close> {
        let worker = self
            .workers
            .iter()
            .find(|authorized| *authorized.name == *submit.name)
            .map(|authorized| authorized.worker.clone());
        match self.candidate(submit, worker.as_ref()) {
            Ok(candidate) => Ok(Entry::Candidate(candidate)),
            Err(Refusal::Reject(reject)) => Ok(Entry::Refused(reject, worker)),
            Err(Refusal::Close(close)) => Err(close),
        }
    }

    fn candidate(
        &mut self,
        submit: &Submit<'_>,
        worker: Option<&Arc<Worker>>,
    ) -> Result<Candidate, Refusal> {
        let extranonce1 = self.extranonce1.ok_or(Reject::NotSubscribed)?;
        let worker = worker.ok_or(Reject::Unauthorized)?;
        let handle = crate::jobs::JobHandle(submit.job);
        let table = self.port.jobs.load();
        let grade = self.grades.of(handle).filter(|_| handle <= self.sent);
        let job = table.find(handle.number());
        let (Some(grade), Some(job)) = (grade, job) else {
            return Err(Reject::UnknownJob.into());
        };
        if !job.allows_time(submit.time, self.port.clock.unix_seconds()) {
            return Err(Reject::Time.into());
        }
        let version = match submit.version_bits {
            None => job.work.version,
            Some(_) if self.version_mask == 0 => {
                return Err(Reject::VersionNotNegotiated.into());
            }
            Some(bits) => job
                .work
                .rolled_version(bits, self.version_mask)
                .ok_or(Reject::VersionBits)?,
        };
        let extranonce2 = submit.extranonce2;
        if !job.aux.is_empty()
            && !job
                .work
                .parts()
                .accepts_extranonce(extranonce1, extranonce2)
        {
            return Err(Reject::Marker.into());
        }
        let header = job
            .work
            .header(extranonce1, extranonce2, version, submit.time, submit.nonce);
        // Put before the proof of work: two copies in one batch would both pass otherwise.
        let fingerprint = self.port.fingerprints.hash(&header.to_bytes());
        match self.seen.put(job.tip, fingerprint, &table) {
            Put::New => {}
            Put::Duplicate => return Err(Reject::Duplicate.into()),
            Put::Full => return Err(Refusal::Close(Close::Budget)),
        }
        Ok(Candidate {
            stale: !table.is_on_tip(job),
            job: job.clone(),
            header,
            extranonce1,
            extranonce2,
            grade: *grade,
            worker: worker.clone(),
        })
    }

    /// Judges the hashes of a batch, writes accepted shares down, and answers. Returns a reason to
    /// close the connection, if there is one.
    pub fn finish(
        &mut self,
        batch: &Batch,
        hashes: &[PowHash],
        out: &mut Vec<u8>,
    ) -> Option<Close> {
        let judged = self.judge(batch, hashes);
        let records: Vec<ShareRecord> = judged
            .iter()
            .filter_map(|(_, judgement, _)| match judgement {
                Ok(candidate) => Some(ShareRecord {
                    user: candidate.worker.user.clone(),
                    worker: candidate.worker.worker.clone(),
                    work: candidate.grade.work,
                    set: candidate.job.set.clone(),
                }),
                Err(_) => None,
            })
            .collect();
        let kept = match self.port.journal.append(&records) {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!(%error, shares = records.len(), "shares refused");
                false
            }
        };
        if kept {
            self.port.metrics.accepted(records.len() as u64);
        }
        let mut close = None;
        for (id, judgement, worker) in judged {
            let judgement = if kept {
                judgement
            } else {
                judgement.and(Err(Reject::Journal))
            };
            match judgement {
                Ok(candidate) => {
                    encode::accepted(out, id);
                    self.count_accepted(candidate);
                }
                Err(reject) => {
                    encode::error(out, id, reject.code(), reject.message());
                    self.port.metrics.rejected(reject);
                    if let Some(worker) = worker {
                        let work = self
                            .grades
                            .last()
                            .map(|grade| grade.work)
                            .unwrap_or_default();
                        let journal = &self.port.journal;
                        journal.reject(&worker.user, &worker.worker, reject.label(), work);
                    }
                    close = close.or(self.count_rejected(reject, worker, out));
                }
            }
        }
        self.follow_vardiff(out);
        close
    }

    /// Each share by itself: the share target, the chain's, and each aux chain's. What solves a block
    /// is sent off whatever becomes of the share.
    fn judge<'b>(&self, batch: &'b Batch, hashes: &[PowHash]) -> Vec<Judged<'b>> {
        let mut hashes = hashes.iter();
        batch
            .iter()
            .map(|(entry, id)| match entry {
                Entry::Refused(reject, worker) => (id, Err(*reject), worker.as_ref()),
                Entry::Candidate(candidate) => {
                    // One hash a candidate: the pool gave as many as there are headers.
                    let hash = hashes
                        .next()
                        .copied()
                        .unwrap_or(PowHash::from_bytes([0xff; 32]));
                    let target = candidate.grade.target;
                    if candidate.job.solve_target(target).is_met_by(&hash) {
                        self.port
                            .solver
                            .solved(Solution::new(candidate, hash, &self.port));
                    }
                    self.judge_aux(candidate, hash);
                    let judgement = if candidate.stale {
                        Err(Reject::Stale)
                    } else if target.is_met_by(&hash) {
                        Ok(candidate)
                    } else {
                        Err(Reject::LowDifficulty)
                    };
                    (id, judgement, Some(&candidate.worker))
                }
            })
            .collect()
    }

    fn judge_aux(&self, candidate: &Candidate, hash: PowHash) {
        for work in candidate.job.aux.works() {
            let target = work.solve_target(candidate.grade.target);
            if !target.is_met_by(&hash) || !work.solve() {
                continue;
            }
            match Solution::aux(candidate, hash, work, &self.port) {
                Ok(solution) => self.port.solver.solved(solution),
                Err(error) => {
                    tracing::error!(currency = work.code, %error, "an aux block cannot be proven");
                }
            }
        }
    }

    fn count_accepted(&mut self, candidate: &Candidate) {
        let now = self.port.clock.now();
        candidate
            .worker
            .share(candidate.grade.work, now, self.port.clock.unix_ms());
        let settings = self.port.settings.load();
        let _fine = self.conduct.count(false, &settings.limits);
        let (wish, bounds) = (self.wish, self.bounds());
        let rules = &settings.vardiff;
        let difficulty = candidate.grade.difficulty;
        if let Some(fixed) = self.fixed {
            self.vardiff.count(now, difficulty);
            if self.vardiff.is_flood(now, fixed, rules) {
                // Nobody may hold the server to a difficulty far below his speed.
                self.fixed = None;
            }
            return;
        }
        if let Some(change) = self.vardiff.share(now, difficulty, wish, rules, bounds) {
            self.port.metrics.vardiff(wish, change.difficulty);
            self.wish = change.difficulty;
            self.resend |= change.at_once;
        }
    }

    fn follow_vardiff(&mut self, out: &mut Vec<u8>) {
        self.plan_sweep();
        if std::mem::take(&mut self.resend) {
            self.send_again(out);
        }
    }

    fn count_rejected(
        &mut self,
        reject: Reject,
        worker: Option<&Arc<Worker>>,
        out: &mut Vec<u8>,
    ) -> Option<Close> {
        if !reject.counts_against() {
            return None;
        }
        let settings = self.port.settings.load();
        match self.conduct.count(true, &settings.limits) {
            Verdict::Fine => None,
            Verdict::Warn => {
                encode::show_message(
                    out,
                    "many of your shares are rejected; if this goes on, you are banned for a while",
                );
                None
            }
            Verdict::Ban => {
                let name = self
                    .workers
                    .iter()
                    .find(|own| worker.is_some_and(|worker| Arc::ptr_eq(worker, &own.worker)))
                    .or(self.workers.first())
                    .map_or("", |own| &*own.name);
                let now = self.port.clock.now();
                let seconds = self.port.gate.ban(self.peer, name, &settings.limits, now);
                tracing::warn!(peer = %self.peer, name, seconds, "banned for rejected shares");
                Some(Close::Banned)
            }
        }
    }
}

/// A share's id, what became of it, and who sent it.
type Judged<'b> = (
    &'b str,
    Result<&'b Candidate, Reject>,
    Option<&'b Arc<Worker>>,
);

enum Refusal {
    Reject(Reject),
    Close(Close),
}

impl From<Reject> for Refusal {
    fn from(reject: Reject) -> Self {
        Self::Reject(reject)
    }
}
