//! The encodings of stratum v1: `mining.notify`, written once per job.

use crate::{BlockHash, Job, hexadecimal};

/// The previous hash as `mining.notify` has it: internal order with each 4-byte word reversed.
#[must_use]
pub fn previous_hash(hash: &BlockHash) -> String {
    hex::encode(swap_words(*hash.as_bytes()))
}

/// Reads what [`previous_hash`] writes.
#[must_use]
pub fn parse_previous_hash(text: &str) -> Option<BlockHash> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(BlockHash::from_bytes(swap_words(bytes)))
}

/// A number of a header (version, bits, time, nonce): 8 hex digits, the most significant first.
#[must_use]
pub fn number(number: u32) -> String {
    hex::encode(number.to_be_bytes())
}

/// Reads what [`number`] writes; exactly 8 hex digits of either case.
#[must_use]
pub fn parse_number(text: &str) -> Option<u32> {
    let mut bytes = [0; 4];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(u32::from_be_bytes(bytes))
}

/// A whole `mining.notify` line with its line feed.
///
/// `id` is put between quotes as it is: give letters and digits.
#[must_use]
pub fn notify_line(job: &Job, id: &str, clean_jobs: bool) -> String {
    let notify = Notify::new(job);
    notify.line(id, clean_jobs)
}

/// The part of a notify that does not depend on the id of the job, so that a job sent again under
/// another id is not serialised again.
#[derive(Debug, Clone)]
pub struct Notify {
    /// From the comma after the id up to the comma before `clean_jobs`.
    middle: String,
}

const START: &str = r#"{"id":null,"method":"mining.notify","params":[""#;

impl Notify {
    /// Serialises a job.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        let coinbase = job.coinb1().len() + job.coinb2().len();
        let capacity = 2 * coinbase + 67 * job.branch.len() + 128;
        let mut middle = String::with_capacity(capacity);
        middle.push_str("\",\"");
        middle.push_str(&previous_hash(&job.previous));
        middle.push_str("\",\"");
        hexadecimal::push(&mut middle, job.coinb1());
        middle.push_str("\",\"");
        hexadecimal::push(&mut middle, job.coinb2());
        middle.push_str("\",[");
        for (place, node) in job.branch.iter().enumerate() {
            middle.push_str(if place == 0 { "\"" } else { ",\"" });
            hexadecimal::push(&mut middle, node);
            middle.push('"');
        }
        middle.push_str("],\"");
        middle.push_str(&number(job.version));
        middle.push_str("\",\"");
        middle.push_str(&number(job.bits));
        middle.push_str("\",\"");
        middle.push_str(&number(job.time));
        middle.push_str("\",");
        Self { middle }
    }

    /// The whole line with its line feed; `id` goes between quotes as it is.
    #[must_use]
    pub fn line(&self, id: &str, clean_jobs: bool) -> String {
        let end = if clean_jobs { "true]}\n" } else { "false]}\n" };
        [START, id, &self.middle, end].concat()
    }
}

fn swap_words(mut bytes: [u8; 32]) -> [u8; 32] {
    for word in bytes.chunks_exact_mut(4) {
        word.reverse();
    }
    bytes
}
