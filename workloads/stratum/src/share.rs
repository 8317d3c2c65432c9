//! A share on its way: what was checked, what is still to be hashed, why it is refused.

use std::{collections::HashSet, hash::BuildHasherDefault, sync::Arc};

use ngpool_chain::{Header, Target, Work};

use crate::{
    jobs::{Job, JobHandle, JobTable},
    wire::{Code, EXTRANONCE2_LENGTH},
    workers::Worker,
};

/// Why a share is refused, in the order in which it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reject {
    /// Its fields are not what they should be.
    Malformed,
    /// No subscribe before.
    NotSubscribed,
    /// No authorize of this worker before.
    Unauthorized,
    /// The job is not one of this connection, or too old.
    UnknownJob,
    /// The header's time is out of bounds.
    Time,
    /// Version bits without negotiation.
    VersionNotNegotiated,
    /// Version bits outside the mask.
    VersionBits,
    /// The extranonce completes a merged-mining marker.
    Marker,
    /// The header was sent before.
    Duplicate,
    /// The job's tip is no longer the one mined on.
    Stale,
    /// Above the share target.
    LowDifficulty,
    /// It could not be written down.
    Journal,
}

impl Reject {
    /// Code of stratum v1.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownJob | Self::Stale => Code::Stale,
            Self::Duplicate => Code::Duplicate,
            Self::LowDifficulty => Code::LowDifficulty,
            Self::Unauthorized => Code::Unauthorized,
            Self::NotSubscribed => Code::NotSubscribed,
            Self::Malformed
            | Self::Time
            | Self::VersionNotNegotiated
            | Self::VersionBits
            | Self::Marker
            | Self::Journal => Code::Other,
        }
    }

    /// What the miner reads.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Malformed => "malformed share",
            Self::NotSubscribed => "not subscribed",
            Self::Unauthorized => "unauthorized worker",
            Self::UnknownJob => "job not found",
            Self::Time => "ntime out of range",
            Self::VersionNotNegotiated => "version rolling was not negotiated",
            Self::VersionBits => "version bits outside the mask",
            Self::Marker => "extranonce2 holds a reserved marker",
            Self::Duplicate => "duplicate share",
            Self::Stale => "stale share",
            Self::LowDifficulty => "low difficulty share",
            Self::Journal => "shares cannot be kept right now, use your backup pool",
        }
    }

    /// For metrics and the books' counts.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotSubscribed => "not-subscribed",
            Self::Unauthorized => "unauthorized",
            Self::UnknownJob => "unknown-job",
            Self::Time => "time",
            Self::VersionNotNegotiated | Self::VersionBits => "version",
            Self::Marker => "marker",
            Self::Duplicate => "duplicate",
            Self::Stale => "stale",
            Self::LowDifficulty => "low-difficulty",
            Self::Journal => "journal",
        }
    }

    /// Whether the miner is to blame. Our own journal is not his fault.
    #[must_use]
    pub const fn counts_against(self) -> bool {
        !matches!(self, Self::Journal)
    }
}

/// Difficulty of the jobs from one handle on.
#[derive(Debug, Clone, Copy)]
pub struct Grade {
    /// First handle sent with it.
    pub from: JobHandle,
    /// As told to the miner.
    pub difficulty: f64,
    /// The same, exactly.
    pub target: Target,
    /// Expected hashes of a share.
    pub work: Work,
}

/// Difficulties of one connection, oldest first.
///
/// A job's difficulty is the last one told before it was sent. When difficulty has fallen since, most
/// miners apply the lower one at once, to the old jobs too: then the lower counts, and is credited.
#[derive(Debug, Clone, Default)]
pub struct Grades(Vec<Grade>);

/// Changes remembered: with 15 repetitions a job at most, several jobs' worth.
const GRADES: usize = 48;

impl Grades {
    /// Difficulty told last.
    #[must_use]
    pub fn last(&self) -> Option<&Grade> {
        self.0.last()
    }

    /// A difficulty was told, just before a job was sent.
    pub fn push(&mut self, grade: Grade) {
        if self.0.len() == GRADES {
            self.0.remove(0);
        }
        self.0.push(grade);
    }

    /// What a share of a job must meet; none for jobs that were never sent or are forgotten.
    #[must_use]
    pub fn of(&self, handle: JobHandle) -> Option<&Grade> {
        let at = self.0.iter().rposition(|grade| grade.from <= handle)?;
        self.0.get(at..)?.iter().max_by_key(|grade| grade.target)
    }

    /// Forgets what only jobs before a handle need.
    pub fn prune(&mut self, oldest: JobHandle) {
        while self.0.get(1).is_some_and(|second| second.from <= oldest) {
            self.0.remove(0);
        }
    }
}

/// A hash set of fingerprints, which are hashes already.
type Fingerprints = HashSet<u64, BuildHasherDefault<Already>>;

/// Passes a keyed hash through.
#[derive(Debug, Clone, Copy, Default)]
struct Already(u64);

impl std::hash::Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {
        // Only whole fingerprints are put in, through `write_u64`.
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}

/// Headers a connection may send on one tip. At the aimed 20 a minute that is two days; a flood that
/// passes it ends the connection, because dropping old ones would let them be paid again.
pub const HEADERS_OF_TIP: usize = 65_536;

/// Headers of one connection, by tip.
#[derive(Debug, Clone, Default)]
pub struct Seen(Vec<(u32, Fingerprints)>);

/// What became of a header given to [`Seen::put`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is new.
    New,
    /// It was sent before.
    Duplicate,
    /// There is no room on this tip.
    Full,
}

impl Seen {
    /// Puts a header in, unless it is there.
    pub fn put(&mut self, tip: u32, fingerprint: u64, table: &JobTable) -> Put {
        let known = self.0.iter().rposition(|(of, _)| *of == tip);
        let place = known.unwrap_or_else(|| {
            self.0.retain(|(of, _)| table.keeps_tip(*of));
            self.0.push((tip, Fingerprints::default()));
            self.0.len() - 1
        });
        let Some((_, headers)) = self.0.get_mut(place) else {
            return Put::Full;
        };
        if headers.contains(&fingerprint) {
            return Put::Duplicate;
        }
        if headers.len() == HEADERS_OF_TIP {
            return Put::Full;
        }
        headers.insert(fingerprint);
        Put::New
    }

    /// How many headers are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|(_, headers)| headers.len()).sum()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A share that passed everything but its proof of work.
#[derive(Debug)]
pub struct Candidate {
    /// Its job.
    pub job: Arc<Job>,
    /// Its header.
    pub header: Header,
    /// The server's part of its extranonce.
    pub extranonce1: [u8; 4],
    /// The miner's part.
    pub extranonce2: [u8; EXTRANONCE2_LENGTH],
    /// What it must meet.
    pub grade: Grade,
    /// Who sent it.
    pub worker: Arc<Worker>,
    /// Whether its tip was left when it came; it is still tried as a block.
    pub stale: bool,
}

/// One submit of a batch, in the order received.
#[derive(Debug)]
pub enum Entry {
    /// To be hashed.
    Candidate(Candidate),
    /// Refused without hashing.
    Refused(Reject, Option<Arc<Worker>>),
}

/// Submits that are answered together. Replies keep the order of submits, because some miners send
/// all of them under one id.
#[derive(Debug, Default)]
pub struct Batch {
    entries: Vec<(Entry, usize)>,
    /// The ids, one after the other.
    ids: String,
}

impl Batch {
    /// Adds a submit.
    pub fn push(&mut self, id: &str, entry: Entry) {
        self.ids.push_str(id);
        self.entries.push((entry, self.ids.len()));
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it is to be hashed before more is taken: a connection that sends hundreds of shares at
    /// once waits in the queue between its batches, like everybody else.
    #[must_use]
    pub fn is_full(&self) -> bool {
        const SUBMITS: usize = 16;
        self.entries.len() >= SUBMITS
    }

    /// The headers to hash.
    #[must_use]
    pub fn headers(&self) -> Vec<Header> {
        self.entries
            .iter()
            .filter_map(|(entry, _)| match entry {
                Entry::Candidate(candidate) => Some(candidate.header),
                Entry::Refused(..) => None,
            })
            .collect()
    }

    /// Each entry with its id.
    pub fn iter(&self) -> impl Iterator<Item = (&Entry, &str)> {
        self.entries.iter().scan(0, |start, (entry, end)| {
            let id = self.ids.get(*start..*end).unwrap_or("null");
            *start = *end;
            Some((entry, id))
        })
    }
}

#[cfg(test)]
mod tests {
    use ngpool_chain::{Algorithm, Difficulty};

    use super::*;

    fn grade(from: u32, difficulty: f64) -> Grade {
        let target = Target::from_difficulty(Difficulty(difficulty), Algorithm::Scrypt).unwrap();
        Grade {
            from: JobHandle(from),
            difficulty,
            target,
            work: target.work(),
        }
    }

    fn of(grades: &Grades, handle: u32) -> Option<f64> {
        grades.of(JobHandle(handle)).map(|grade| grade.difficulty)
    }

    #[test]
    fn a_job_keeps_its_difficulty_through_a_rise_and_takes_the_lower_after_a_fall() {
        let mut grades = Grades::default();
        assert_eq!(of(&grades, 16), None);
        grades.push(grade(16, 8.0));
        grades.push(grade(48, 32.0));
        assert_eq!(
            (of(&grades, 15), of(&grades, 16), of(&grades, 47)),
            (None, Some(8.0), Some(8.0))
        );
        assert_eq!(of(&grades, 48), Some(32.0));
        grades.push(grade(64, 4.0));
        assert_eq!(
            (of(&grades, 16), of(&grades, 48), of(&grades, 64)),
            (Some(4.0), Some(4.0), Some(4.0))
        );
        grades.push(grade(80, 100.0));
        assert_eq!((of(&grades, 64), of(&grades, 80)), (Some(4.0), Some(100.0)));
    }

    #[test]
    fn difficulties_no_kept_job_needs_are_forgotten() {
        let mut grades = Grades::default();
        for from in 1..=10 {
            grades.push(grade(from * 16, f64::from(from)));
        }
        grades.prune(JobHandle(5 * 16));
        assert_eq!(
            (of(&grades, 4 * 16), of(&grades, 5 * 16)),
            (None, Some(5.0))
        );
        for from in 11..=100 {
            grades.push(grade(from * 16, f64::from(from)));
        }
        assert_eq!(grades.0.len(), GRADES);
    }

    #[test]
    fn a_header_is_new_once_and_the_budget_evicts_nothing() {
        let mut seen = Seen::default();
        let table = JobTable::default();
        assert_eq!(seen.put(1, 7, &table), Put::New);
        assert_eq!(seen.put(1, 7, &table), Put::Duplicate);
        for fingerprint in 0..HEADERS_OF_TIP as u64 {
            seen.put(1, fingerprint, &table);
        }
        assert_eq!(seen.put(1, u64::MAX, &table), Put::Full);
        assert_eq!(seen.put(1, 7, &table), Put::Duplicate);
        assert_eq!(seen.len(), HEADERS_OF_TIP);
    }

    #[test]
    fn a_batch_keeps_order_and_ids() {
        let mut batch = Batch::default();
        for id in ["1", "\"a\"", "null"] {
            batch.push(id, Entry::Refused(Reject::Stale, None));
        }
        assert_eq!(
            batch.iter().map(|(_, id)| id).collect::<Vec<_>>(),
            ["1", "\"a\"", "null"]
        );
        assert!(batch.headers().is_empty());
    }
}
