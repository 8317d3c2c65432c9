//! Targets: the 256-bit numbers a proof-of-work hash has to stay under.
//!
//! ```text
//!  compact bits ──▶ Target ◀──▶ Difficulty (text)
//!                     │
//!                     ├──▶ Work (expected hashes)
//!                     └──▶ is_met_by(PowHash)
//! ```

use std::{fmt, str::FromStr};

use ruint::{Uint, aliases::U256};

use crate::{Algorithm, Difficulty, PowHash, Work};

/// The largest hash, read as a little-endian number, that still counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target(U256);

/// Why compact bits are no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompactError {
    /// The sign bit is set.
    #[error("compact target {0:08x} is negative")]
    Negative(u32),
    /// Does not fit 256 bits.
    #[error("compact target {0:08x} is larger than 256 bits")]
    Overflow(u32),
    /// No hash can be under it.
    #[error("compact target {0:08x} is zero")]
    Zero(u32),
}

/// Why a text or number is no target.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TargetError {
    /// Zero, negative or not finite.
    #[error("difficulty {0} is not usable: it must be a finite number above zero")]
    Difficulty(f64),
    /// Not 64 hex digits.
    #[error("`{0}` is not a target: write 64 hex digits, the most significant first")]
    Text(String),
}

impl Target {
    /// Every hash is under it.
    pub const MAX: Self = Self(U256::MAX);

    /// From a number.
    #[must_use]
    pub const fn from_u256(number: U256) -> Self {
        Self(number)
    }

    /// As a number.
    #[must_use]
    pub const fn to_u256(self) -> U256 {
        self.0
    }

    /// From 32 bytes, the most significant first.
    #[must_use]
    pub const fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self(U256::from_be_bytes(bytes))
    }

    /// As 32 bytes, the most significant first.
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 32] {
        self.0.to_be_bytes()
    }

    /// Reads the `bits` of a header: 8 bits of length in bytes, a sign bit, 23 bits of mantissa
    /// (`arith_uint256::SetCompact`).
    pub fn from_compact(bits: u32) -> Result<Self, CompactError> {
        let length = bits >> 24;
        let mantissa = bits & 0x007f_ffff;
        let number = if length <= 3 {
            U256::from(mantissa >> (8 * (3 - length)))
        } else {
            // The shift is at most 8 × 252; what it would push out is told apart below.
            U256::from(mantissa).wrapping_shl(8 * (length as usize - 3))
        };
        let significant = if length <= 3 {
            mantissa >> (8 * (3 - length))
        } else {
            mantissa
        };
        if significant == 0 {
            return Err(CompactError::Zero(bits));
        }
        if bits & 0x0080_0000 != 0 {
            return Err(CompactError::Negative(bits));
        }
        let overflows =
            length > 34 || (mantissa > 0xff && length > 33) || (mantissa > 0xffff && length > 32);
        if overflows {
            return Err(CompactError::Overflow(bits));
        }
        Ok(Self(number))
    }

    /// Writes the `bits` of a header; what does not fit the mantissa is cut off
    /// (`arith_uint256::GetCompact`).
    #[must_use]
    pub fn to_compact(self) -> u32 {
        let mut length = self.0.bit_len().div_ceil(8);
        let mut mantissa = if length <= 3 {
            low_u32(self.0) << (8 * (3 - length))
        } else {
            low_u32(self.0 >> (8 * (length - 3)))
        };
        // The top bit of the mantissa is a sign: make room.
        if mantissa & 0x0080_0000 != 0 {
            mantissa >>= 8;
            length += 1;
        }
        // At most 33.
        #[allow(clippy::cast_possible_truncation)]
        let length = length as u32;
        mantissa | length << 24
    }

    /// The target of difficulty 1: `0xffff · 2^208` for `SHA256d`; scrypt pools count in units
    /// 65,536 times smaller, `0xffff · 2^224`.
    #[must_use]
    pub fn of_difficulty_one(algorithm: Algorithm) -> Self {
        let shift: usize = match algorithm {
            Algorithm::Sha256d => 208,
            Algorithm::Scrypt => 224,
        };
        Self(U256::from(0xffff_u32) << shift)
    }

    /// `floor(target of difficulty 1 / difficulty)`, computed exactly from the bits of the float
    /// and clamped to 1..=[`Target::MAX`]: scrypt below 2^-16 and `SHA256d` below 2^-32 take every
    /// hash.
    pub fn from_difficulty(
        difficulty: Difficulty,
        algorithm: Algorithm,
    ) -> Result<Self, TargetError> {
        if !difficulty.is_usable() {
            return Err(TargetError::Difficulty(difficulty.0));
        }
        let (mantissa, exponent) = decompose(difficulty.0);
        let one = Uint::<512, 8>::from(Self::of_difficulty_one(algorithm).0);
        let mantissa = Uint::<512, 8>::from(mantissa);
        let quotient = if exponent >= 0 {
            // floor(floor(a / m) / 2^e) = floor(a / (m · 2^e)); 512 bits or more leave nothing.
            (one / mantissa) >> exponent.unsigned_abs().min(511) as usize
        } else {
            // `one` has at most 240 bits, so 260 more still fit; the quotient is then far above the
            // maximum already.
            (one << exponent.unsigned_abs().min(260) as usize) / mantissa
        };
        let largest = Uint::<512, 8>::from(U256::MAX);
        let clamped = quotient.min(largest).max(Uint::from(1_u32));
        Ok(Self(U256::from(clamped)))
    }

    /// The difficulty of this target, for text and pages.
    #[must_use]
    pub fn difficulty(self, algorithm: Algorithm) -> Difficulty {
        Difficulty(to_f64(Self::of_difficulty_one(algorithm).0) / to_f64(self.0.max(U256::ONE)))
    }

    /// Expected hashes until one is under it: `2^256 / (target + 1)`, saturating.
    #[must_use]
    pub fn work(self) -> Work {
        // 2^256 / (t + 1) = (2^256 - (t + 1)) / (t + 1) + 1 = !t / (t + 1) + 1
        let Some(divisor) = self.0.checked_add(U256::ONE) else {
            return Work(1);
        };
        let quotient = (!self.0) / divisor;
        u128::try_from(quotient).map_or(Work::MAX, |work| Work(work.saturating_add(1)))
    }

    /// Whether a hash is good enough.
    #[must_use]
    pub fn is_met_by(self, hash: &PowHash) -> bool {
        U256::from_le_bytes(hash.to_bytes()) <= self.0
    }

    /// The target that is met `odds` times less often, for the `blockOdds` of regression-test
    /// networks. Odds of 0 count as 1.
    #[must_use]
    pub fn harder_by(self, odds: u32) -> Self {
        Self(self.0 / U256::from(odds.max(1)))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:064x}", self.0)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| TargetError::Text(text.chars().take(80).collect()))?;
        Ok(Self::from_be_bytes(bytes))
    }
}

/// A finite float above zero as `mantissa · 2^exponent`, exactly (IEEE 754 binary64).
fn decompose(number: f64) -> (u64, i32) {
    const FRACTION_BITS: u32 = 52;
    let bits = number.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    // Eleven bits; the sign is known to be clear.
    #[allow(clippy::cast_possible_truncation)]
    let biased = (bits >> FRACTION_BITS) as i32;
    if biased == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << FRACTION_BITS, biased - 1075)
    }
}

/// The nearest float below or at a number: its top 53 bits.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation
)]
fn to_f64(number: U256) -> f64 {
    let shift = number.bit_len().saturating_sub(53);
    let top = (number >> shift).as_limbs()[0];
    // 53 bits are exact in a float, and a shift below 256 is exact in an i32.
    top as f64 * 2_f64.powi(shift as i32)
}

/// The lowest 32 bits.
#[allow(clippy::cast_possible_truncation)]
fn low_u32(number: U256) -> u32 {
    number.as_limbs()[0] as u32
}
