//! The coinbase: everything but the extranonce is fixed per job.
//!
//! ```text
//!  coinb1                                                   │ hole         │ coinb2
//!  version 2, one input, scriptSig:                         │              │
//!    height  [push 44: merged-mining commitment]  push 8:   │ push 12:     │ pool tag, sequence,
//!    (BIP 34)                                   process tag │ en1(4)en2(8) │ outputs, lock time
//! ```
//!
//! The lock time is height − 1 and the sequence is not final, so that no two coinbases can be equal
//! (BIP 54).

use bytes::Bytes;

use crate::{Amount, Height, TemplateHead, Txid, aux::AuxCommitment};

/// Bytes of extranonce1: the server's part.
pub const EXTRANONCE1: usize = 4;

/// Bytes of extranonce2: the miner's part.
pub const EXTRANONCE2: usize = 8;

/// Marks a merged-mining commitment. It may be in a coinbase once, or every aux proof is void.
pub const AUX_MARKER: [u8; 4] = [0xfa, 0xbe, 0x6d, 0x6d];

/// Longest pool tag: 100 bytes of scriptSig less height 4, commitment 45, process tag 9, extranonce
/// 13 and the tag's own push.
pub const LONGEST_TAG: usize = 28;

/// Random bytes a process draws at start: no two processes can build the same header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProcessTag([u8; 8]);

impl ProcessTag {
    /// From random bytes; none for bytes that hold the merged-mining marker: draw again.
    #[must_use]
    pub fn new(random: [u8; 8]) -> Option<Self> {
        (!contains_marker(&random)).then_some(Self(random))
    }

    /// The bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }
}

/// What a coinbase is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoinbaseSpec {
    /// Height of the block (BIP 34).
    pub height: Height,
    /// What the pool's output pays.
    pub value: Amount,
    /// Where the pool's output pays to.
    pub script: Bytes,
    /// Whole script of the witness commitment output.
    pub witness_commitment: Option<Bytes>,
    /// Merged-mining commitment.
    pub aux: Option<AuxCommitment>,
    /// The process that serves the job.
    pub process: ProcessTag,
    /// Who mines, for people; at most [`LONGEST_TAG`] bytes, may be empty.
    pub tag: Bytes,
}

/// Why a coinbase cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoinbaseError {
    /// The pool's tag is too long.
    #[error("the coinbase tag has {0} bytes, the most is {LONGEST_TAG}: shorten it")]
    TagTooLong(usize),
    /// The pool's tag holds the merged-mining marker.
    #[error("the coinbase tag holds the merged-mining marker fabe6d6d: choose another")]
    TagHoldsMarker,
    /// scriptSig would be longer than consensus allows.
    #[error("the coinbase's scriptSig has {0} bytes, the most is 100: shorten the coinbase tag")]
    ScriptTooLong(usize),
    /// There is no block below height 1 to build on, and a lock time must stay a height.
    #[error("height {0} is not between 1 and 499,999,999")]
    Height(u32),
    /// Negative value.
    #[error("a coinbase cannot pay {0}")]
    Value(Amount),
}

/// A coinbase with a hole for the extranonce, serialised without witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoinbaseParts {
    /// Before extranonce1.
    pub coinb1: Bytes,
    /// After extranonce2.
    pub coinb2: Bytes,
}

impl CoinbaseSpec {
    /// The usual coinbase of a template: all of its value to one script.
    #[must_use]
    pub fn of(head: &TemplateHead, script: Bytes, process: ProcessTag, tag: Bytes) -> Self {
        Self {
            height: head.height,
            value: head.coinbase_value,
            script,
            witness_commitment: head.witness_commitment.clone(),
            aux: None,
            process,
            tag,
        }
    }

    /// Serialises it around the hole.
    pub fn build(&self) -> Result<CoinbaseParts, CoinbaseError> {
        let lock_time = self
            .height
            .previous()
            .filter(|_| self.height.0 < LOCK_TIME_THRESHOLD)
            .ok_or(CoinbaseError::Height(self.height.0))?;
        if self.value < Amount::ZERO {
            return Err(CoinbaseError::Value(self.value));
        }
        if self.tag.len() > LONGEST_TAG {
            return Err(CoinbaseError::TagTooLong(self.tag.len()));
        }
        if contains_marker(&self.tag) {
            return Err(CoinbaseError::TagHoldsMarker);
        }

        let mut before = height_push(self.height);
        if let Some(aux) = &self.aux {
            push_data(&mut before, &aux.to_bytes());
        }
        push_data(&mut before, &self.process.0);
        // At most 12 bytes: the push is one byte of length.
        before.push(EXTRANONCE_PUSH);
        let mut after = Vec::new();
        if !self.tag.is_empty() {
            push_data(&mut after, &self.tag);
        }
        let script_length = before.len() + EXTRANONCE1 + EXTRANONCE2 + after.len();
        let length = u8::try_from(script_length)
            .ok()
            .filter(|length| *length <= LONGEST_SCRIPT_SIG)
            .ok_or(CoinbaseError::ScriptTooLong(script_length))?;

        let mut coinb1 = Vec::with_capacity(128);
        coinb1.extend(2_u32.to_le_bytes());
        coinb1.push(1);
        coinb1.extend([0; 32]);
        coinb1.extend(u32::MAX.to_le_bytes());
        coinb1.push(length);
        coinb1.extend(before);

        let mut coinb2 = after;
        coinb2.extend(SEQUENCE.to_le_bytes());
        let outputs = [
            Some((self.value, &self.script)),
            self.witness_commitment
                .as_ref()
                .map(|script| (Amount::ZERO, script)),
        ];
        push_compact_size(&mut coinb2, outputs.iter().flatten().count());
        for (value, script) in outputs.into_iter().flatten() {
            coinb2.extend(value.0.to_le_bytes());
            push_compact_size(&mut coinb2, script.len());
            coinb2.extend_from_slice(script);
        }
        coinb2.extend(lock_time.0.to_le_bytes());
        Ok(CoinbaseParts {
            coinb1: coinb1.into(),
            coinb2: coinb2.into(),
        })
    }
}

impl CoinbaseParts {
    /// The serialisation without witness: what a miner hashes.
    #[must_use]
    pub fn fill(&self, extranonce1: [u8; EXTRANONCE1], extranonce2: [u8; EXTRANONCE2]) -> Vec<u8> {
        [&self.coinb1[..], &extranonce1, &extranonce2, &self.coinb2].concat()
    }

    /// Its id, which no witness changes.
    #[must_use]
    pub fn txid(&self, extranonce1: [u8; EXTRANONCE1], extranonce2: [u8; EXTRANONCE2]) -> Txid {
        Txid::of(&self.fill(extranonce1, extranonce2))
    }

    /// Whether an extranonce leaves the coinbase with no merged-mining marker outside the
    /// commitment. One more anywhere, even half of it in the bytes around, voids every aux proof,
    /// so a share with such an extranonce is refused.
    #[must_use]
    pub fn accepts_extranonce(
        &self,
        extranonce1: [u8; EXTRANONCE1],
        extranonce2: [u8; EXTRANONCE2],
    ) -> bool {
        const EDGE: usize = AUX_MARKER.len() - 1;
        // Only a marker that touches the hole can be new: look at it and three bytes on either
        // side.
        let mut around = [0; EDGE + EXTRANONCE1 + EXTRANONCE2 + EDGE];
        let (left, rest) = around.split_at_mut(EDGE);
        let (hole1, rest) = rest.split_at_mut(EXTRANONCE1);
        let (hole2, right) = rest.split_at_mut(EXTRANONCE2);
        hole1.copy_from_slice(&extranonce1);
        hole2.copy_from_slice(&extranonce2);
        // Both parts are far longer than three bytes: `build` made them.
        if let Some(end) = self.coinb1.last_chunk::<EDGE>() {
            left.copy_from_slice(end);
        }
        if let Some(start) = self.coinb2.first_chunk::<EDGE>() {
            right.copy_from_slice(start);
        }
        !contains_marker(&around)
    }
}

/// Whether bytes hold the merged-mining marker.
#[must_use]
pub fn contains_marker(bytes: &[u8]) -> bool {
    bytes
        .windows(AUX_MARKER.len())
        .any(|window| window == AUX_MARKER)
}

/// The height as the shortest script number push, with the small-number opcodes up to 16 (BIP 34,
/// as `CScript() << height` writes it).
#[must_use]
pub fn height_push(height: Height) -> Vec<u8> {
    match height.0 {
        0 => vec![0],
        small @ 1..=16 => vec![0x50 + small.to_le_bytes()[0]],
        large => {
            let mut number = large.to_le_bytes().to_vec();
            while number.last() == Some(&0) {
                number.pop();
            }
            // The top bit is a sign.
            if number.last().is_some_and(|byte| byte & 0x80 != 0) {
                number.push(0);
            }
            let mut push = Vec::with_capacity(6);
            push_data(&mut push, &number);
            push
        }
    }
}

/// A length as Bitcoin serialises it.
pub(crate) fn push_compact_size(bytes: &mut Vec<u8>, size: usize) {
    // Everything counted here fits memory limits far below 2^32; larger sizes take the last arm.
    match (u8::try_from(size), u16::try_from(size), u32::try_from(size)) {
        (Ok(small), _, _) if small < 0xfd => bytes.push(small),
        (_, Ok(medium), _) => {
            bytes.push(0xfd);
            bytes.extend(medium.to_le_bytes());
        }
        (_, _, Ok(large)) => {
            bytes.push(0xfe);
            bytes.extend(large.to_le_bytes());
        }
        _ => {
            bytes.push(0xff);
            bytes.extend((size as u64).to_le_bytes());
        }
    }
}

/// A push of at most 75 bytes: one byte of length. Everything pushed here is shorter by its type or
/// by a check above.
fn push_data(script: &mut Vec<u8>, data: &[u8]) {
    debug_assert!(data.len() <= 75, "a longer push needs another opcode");
    script.extend(u8::try_from(data.len()));
    script.extend_from_slice(data);
}

/// From here on a lock time is a time.
const LOCK_TIME_THRESHOLD: u32 = 500_000_000;

/// Most bytes of a coinbase's scriptSig, by consensus.
const LONGEST_SCRIPT_SIG: u8 = 100;

/// Not final, so that the lock time counts (BIP 54).
const SEQUENCE: u32 = 0xffff_fffe;

/// Opcode that pushes both parts of the extranonce.
#[allow(clippy::cast_possible_truncation)] // 12
const EXTRANONCE_PUSH: u8 = (EXTRANONCE1 + EXTRANONCE2) as u8;
