//! A job as a miner works on it: header building, search spaces, nonce search.

use std::{
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use ngpool_chain::{
    Algorithm, BlockHash, Difficulty, Header, PowHash, Target, hash_many, merkle, sha256d,
};
use serde_json::Value;
use thiserror::Error;

/// The parameters of a `mining.notify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// The pool's name of the job.
    pub job_id: String,
    /// The block it builds on.
    pub previous: BlockHash,
    /// Coinbase before the extranonces.
    pub coinbase1: Vec<u8>,
    /// Coinbase after the extranonces.
    pub coinbase2: Vec<u8>,
    /// Merkle branch of the coinbase, bottom up.
    pub branch: Vec<[u8; 32]>,
    /// Version before rolling.
    pub version: u32,
    /// Compact target of the block.
    pub bits: u32,
    /// Seconds since the epoch.
    pub time: u32,
    /// Whether earlier jobs are worth nothing now.
    pub clean: bool,
}

/// A `mining.notify` that cannot be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the pool sent a job whose {0} cannot be read")]
pub struct NotifyError(&'static str);

impl Notify {
    /// Reads the positional parameters.
    pub fn parse(params: &[Value]) -> Result<Self, NotifyError> {
        let text = |at: usize, name| {
            params
                .get(at)
                .and_then(Value::as_str)
                .ok_or(NotifyError(name))
        };
        let bytes = |at, name| hex::decode(text(at, name)?).map_err(|_| NotifyError(name));
        let number =
            |at, name| u32::from_str_radix(text(at, name)?, 16).map_err(|_| NotifyError(name));
        let mut previous = hash(text(1, "previous hash")?).ok_or(NotifyError("previous hash"))?;
        // The protocol sends every 4-byte word of the hash byte-reversed.
        for word in previous.as_chunks_mut::<4>().0 {
            word.reverse();
        }
        let branch = params
            .get(4)
            .and_then(Value::as_array)
            .and_then(|branch| branch.iter().map(|node| hash(node.as_str()?)).collect())
            .ok_or(NotifyError("merkle branch"))?;
        Ok(Self {
            job_id: text(0, "id")?.to_owned(),
            previous: BlockHash::from_bytes(previous),
            coinbase1: bytes(2, "coinbase")?,
            coinbase2: bytes(3, "coinbase")?,
            branch,
            version: number(5, "version")?,
            bits: number(6, "bits")?,
            time: number(7, "time")?,
            clean: params.get(8).and_then(Value::as_bool).unwrap_or(true),
        })
    }
}

fn hash(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// Tells the proof of work from a job: on a `sha256d` chain the hash of the previous block is its
/// proof of work and so lies under the target, on a scrypt chain it is as good as random.
///
/// None where the target is so easy that a random hash may lie under it.
pub fn detect_algorithm(notify: &Notify) -> Option<Algorithm> {
    /// A retarget changes the target at most fourfold.
    const RETARGET: u32 = 4;
    /// Chance of 4 in 2^20 to take a scrypt chain for the other.
    const SURE: u128 = 1 << 20;
    let target = Target::from_compact(notify.bits).ok()?;
    let mut previous = notify.previous.to_bytes();
    previous.reverse();
    if Target::from_be_bytes(previous).harder_by(RETARGET) > target {
        return Some(Algorithm::Scrypt);
    }
    (target.work().0 >= SURE).then_some(Algorithm::Sha256d)
}

/// Hands out search spaces: each pair of extranonce2 and version bits once in the life of a
/// connection, because a pool may send the same template again under another id.
#[derive(Debug, Default)]
pub struct Spaces(AtomicU64);

/// What a thread varies nonces in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// As submitted.
    pub extranonce2: Vec<u8>,
    /// The rolled bits, within the version mask.
    pub version_bits: u32,
    header: Header,
}

impl Space {
    /// The header before a nonce was chosen.
    pub fn header(&self) -> Header {
        self.header
    }
}

/// A job with everything that a share of it depends on.
#[derive(Debug)]
pub struct Work {
    /// The job.
    pub notify: Notify,
    /// The connection's part of the coinbase.
    pub extranonce1: Vec<u8>,
    /// Bytes of the coinbase that are ours.
    pub extranonce2_size: usize,
    /// Search spaces of the connection.
    pub spaces: Arc<Spaces>,
    /// What a share must meet.
    pub target: Target,
    /// Version bits that may be rolled; 0 for none.
    pub version_mask: u32,
    /// Proof of work.
    pub algorithm: Algorithm,
    /// The connection that sent the job.
    pub epoch: u64,
    /// Count of clean jobs on the connection up to this one.
    pub tip: u64,
}

impl Work {
    /// The target of a difficulty as pools write it; the easiest for one that makes no sense.
    pub fn target(difficulty: f64, algorithm: Algorithm) -> Target {
        Target::from_difficulty(Difficulty(difficulty), algorithm).unwrap_or(Target::MAX)
    }

    /// A space nobody has searched: versions vary first, then extranonce2.
    pub fn next_space(&self) -> Space {
        self.space(self.spaces.0.fetch_add(1, Ordering::Relaxed))
    }

    /// The space of a number.
    pub fn space(&self, number: u64) -> Space {
        let bits = self.version_mask.count_ones();
        let version_bits = deposit(number, self.version_mask);
        let counter = number.checked_shr(bits).unwrap_or(0).to_be_bytes();
        let mut extranonce2 = vec![0; self.extranonce2_size];
        for (to, from) in extranonce2.iter_mut().rev().zip(counter.iter().rev()) {
            *to = *from;
        }
        let version = (self.notify.version & !self.version_mask) | version_bits;
        let header = self.header(&extranonce2, version);
        Space {
            extranonce2,
            version_bits,
            header,
        }
    }

    fn header(&self, extranonce2: &[u8], version: u32) -> Header {
        let notify = &self.notify;
        let coinbase = [
            &notify.coinbase1,
            &self.extranonce1,
            extranonce2,
            &notify.coinbase2,
        ]
        .concat();
        Header {
            version,
            previous: notify.previous,
            merkle_root: merkle::fold_coinbase(sha256d(&coinbase), &notify.branch),
            time: notify.time,
            bits: notify.bits,
            nonce: 0,
        }
    }

    /// Nonces of a range that meet the target.
    pub fn search(&self, space: &Space, nonces: RangeInclusive<u32>) -> Vec<u32> {
        let headers: Vec<Header> = nonces
            .map(|nonce| Header {
                nonce,
                ..space.header
            })
            .collect();
        let mut hashes = vec![PowHash::default(); headers.len()];
        hash_many(self.algorithm, &headers, &mut hashes);
        headers
            .iter()
            .zip(&hashes)
            .filter(|(_, hash)| self.target.is_met_by(hash))
            .map(|(header, _)| header.nonce)
            .collect()
    }

    /// Nonces to search before looking for another job: a few milliseconds.
    pub(super) fn batch_size(&self) -> u32 {
        match self.algorithm {
            Algorithm::Sha256d => 4_096,
            Algorithm::Scrypt => 32,
        }
    }
}

/// Spreads the low bits of a number over the set bits of a mask, lowest first.
fn deposit(mut number: u64, mask: u32) -> u32 {
    let mut bits = 0;
    let mut left = mask;
    while left != 0 {
        let lowest = left & left.wrapping_neg();
        if number & 1 == 1 {
            bits |= lowest;
        }
        number >>= 1;
        left ^= lowest;
    }
    bits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    /// Bitcoin block 125552, its coinbase cut so that the last 8 bytes of the script are extranonces.
    fn block_125552() -> Notify {
        Notify::parse(&[
            json!("job"),
            // The display hex with its eight 8-character words in reverse order.
            json!("ab02cd818b9e567ee21793cddef299feb29ad444a41b85b8000008a300000000"),
            json!(""),
            json!(""),
            json!([]),
            json!("00000001"),
            json!("1a44b9f2"),
            json!("4dd7f5c7"),
            json!(true),
        ])
        .unwrap()
    }

    fn work(notify: Notify, version_mask: u32) -> Work {
        Work {
            notify,
            extranonce1: vec![1, 2, 3, 4],
            extranonce2_size: 8,
            spaces: Arc::default(),
            target: Target::MAX,
            version_mask,
            algorithm: Algorithm::Sha256d,
            epoch: 1,
            tip: 1,
        }
    }

    #[test]
    fn the_header_of_a_published_block_is_built_from_its_job() {
        let notify = block_125552();
        assert_eq!(
            notify.previous.to_string(),
            "00000000000008a3a41b85b8b29ad444def299fee21793cd8b9e567eab02cd81"
        );
        let header = Header {
            version: notify.version,
            previous: notify.previous,
            merkle_root: hash("e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122b")
                .unwrap(),
            time: notify.time,
            bits: notify.bits,
            nonce: 0x9546_a142,
        };
        assert_eq!(
            header.hash().to_string(),
            "00000000000000001e8d6829a8a21adc5d38d0a473b144b6765798e61f98bd1d"
        );
    }

    #[test]
    fn the_coinbase_is_folded_with_both_extranonces_and_the_branch() {
        let mut notify = block_125552();
        notify.coinbase1 = vec![0xaa];
        notify.coinbase2 = vec![0xbb];
        notify.branch = vec![[7; 32], [9; 32]];
        let space = work(notify, 0).space(0x0102);
        assert_eq!(space.extranonce2, [0, 0, 0, 0, 0, 0, 1, 2]);
        let coinbase = sha256d(&[0xaa, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 1, 2, 0xbb]);
        let root = merkle::parent(&merkle::parent(&coinbase, &[7; 32]), &[9; 32]);
        assert_eq!(space.header().merkle_root, root);
    }

    #[test]
    fn no_two_spaces_have_the_same_header() {
        let work = work(block_125552(), 0x1fff_e000);
        let numbers = [0, 1, 2, 0xffff, 0x1_0000, 0x1_0001, 0x2_0000];
        let headers: HashSet<_> = numbers
            .iter()
            .map(|number| work.space(*number).header().to_bytes())
            .collect();
        assert_eq!(headers.len(), numbers.len());
        let space = work.space(0xffff);
        assert_eq!(space.version_bits, 0x1fff_e000);
        assert_eq!(space.header().version, 0x1fff_e001);
        assert_eq!(work.space(0x1_0000).extranonce2.last(), Some(&1));
    }

    #[test]
    fn found_nonces_are_those_whose_header_meets_the_target() {
        for algorithm in [Algorithm::Sha256d, Algorithm::Scrypt] {
            let mut work = work(block_125552(), 0);
            work.algorithm = algorithm;
            work.target = Target::MAX.harder_by(4);
            let space = work.space(3);
            let found = work.search(&space, 0..=63);
            let expected: Vec<u32> = (0..=63)
                .filter(|nonce| {
                    let header = Header {
                        nonce: *nonce,
                        ..space.header()
                    };
                    work.target.is_met_by(&header.pow_hash(algorithm))
                })
                .collect();
            assert_eq!(found, expected);
            assert!(!found.is_empty() && found.len() < 64);
        }
    }

    #[test]
    fn the_algorithm_is_told_where_the_job_tells_it() {
        let mut notify = block_125552();
        assert_eq!(detect_algorithm(&notify), Some(Algorithm::Sha256d));
        notify.previous = BlockHash::from_bytes([0x55; 32]);
        assert_eq!(detect_algorithm(&notify), Some(Algorithm::Scrypt));
        notify.bits = 0x207f_ffff;
        assert_eq!(detect_algorithm(&notify), None);
    }

    #[test]
    fn a_job_that_cannot_be_read_names_its_part() {
        let error = Notify::parse(&[json!("job"), json!("00")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the pool sent a job whose previous hash cannot be read"
        );
    }
}
