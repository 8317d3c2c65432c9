//! Amounts, heights, work and difficulty as types of their own.
//!
//! Money and work are integers. [`Difficulty`] is the one float, for the text of stratum v1 and for
//! pages; nothing that pays is computed from it.

use std::{fmt, iter::Sum, str::FromStr};

use serde::{Deserialize, Serialize};

/// An amount in base units of a currency (satoshi, litoshi, koinu). Negative amounts are debits.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(pub i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point.
    #[error("`{0}` is not an amount: write digits with at most one point, such as 0.5")]
    NotANumber(String),
    /// More decimal places than the currency has.
    #[error("`{text}` has more than {decimals} decimal places")]
    TooPrecise {
        /// The text as given.
        text: String,
        /// Decimal places of the currency.
        decimals: u8,
    },
    /// Does not fit 64 bits of base units.
    #[error("`{0}` is larger than any amount can be")]
    TooLarge(String),
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, unless it leaves 64 bits.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, unless it leaves 64 bits.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// The opposite, unless it leaves 64 bits.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(opposite) => Some(Self(opposite)),
            None => None,
        }
    }

    /// The sum of many, unless it leaves 64 bits.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whole coins with every decimal place, such as `12.50000000`.
    #[must_use]
    pub fn to_decimal(self, decimals: u8) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let digits = self.0.unsigned_abs().to_string();
        let places = usize::from(decimals);
        if places == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        format!("{sign}{whole}.{fraction}")
    }

    /// Reads whole coins such as `12.5`, exactly: no rounding, no exponent.
    pub fn from_decimal(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let not_a_number = || AmountError::NotANumber(text.to_owned());
        let (negative, magnitude) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let empty_fraction = magnitude.contains('.') && fraction.is_empty();
        if whole.is_empty() || empty_fraction || !all_digits(whole) || !all_digits(fraction) {
            return Err(not_a_number());
        }
        if fraction.len() > usize::from(decimals) {
            return Err(AmountError::TooPrecise {
                text: text.to_owned(),
                decimals,
            });
        }
        let digits = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
        let sign = if negative { "-" } else { "" };
        // Only digits are left, so the one way to fail is size.
        format!("{sign}{digits}")
            .parse()
            .map(Self)
            .map_err(|_| AmountError::TooLarge(text.to_owned()))
    }
}

impl fmt::Display for Amount {
    /// Base units, without a point: the decimals belong to the currency, see
    /// [`Amount::to_decimal`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A block's distance from block 0.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Height(pub u32);

impl Height {
    /// The height after this one; stays at the largest.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The height below this one; none below block 0.
    #[must_use]
    pub const fn previous(self) -> Option<Self> {
        match self.0.checked_sub(1) {
            Some(height) => Some(Self(height)),
            None => None,
        }
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Work in expected hashes.
///
/// 128 bits last: the whole Bitcoin chain is below 2^97, and 2^128 is a century of a hundred
/// million times today's hash rate.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Work(pub u128);

impl Work {
    /// No work.
    pub const ZERO: Self = Self(0);
    /// The largest that can be told; also stands for everything above.
    pub const MAX: Self = Self(u128::MAX);

    /// The sum, unless it leaves 128 bits.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The sum, at most [`Work::MAX`].
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// As it travels: 16 bytes, the most significant first.
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// From 16 bytes, the most significant first.
    #[must_use]
    pub const fn from_be_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// From the 32 bytes, the most significant first, in which daemons tell the work of a chain;
    /// saturates.
    #[must_use]
    pub fn from_be_bytes_256(bytes: [u8; 32]) -> Self {
        let (high, low) = bytes.split_at(16);
        if high.iter().any(|byte| *byte != 0) {
            return Self::MAX;
        }
        Self(
            low.iter()
                .fold(0, |work, byte| work << 8 | u128::from(*byte)),
        )
    }

    /// As 32 bytes, the most significant first.
    #[must_use]
    pub fn to_be_bytes_256(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[16..].copy_from_slice(&self.to_be_bytes());
        bytes
    }

    /// For people and rates only: 53 bits of precision.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Said in the name and the documentation.
    pub const fn approximate(self) -> f64 {
        self.0 as f64
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Work {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Sum for Work {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::saturating_add)
    }
}

/// Difficulty as miners and pages know it. Text only: the truth is a [`crate::Target`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Difficulty(pub f64);

impl Difficulty {
    /// Whether a target can be made of it: a finite number above zero.
    #[must_use]
    pub fn is_usable(self) -> bool {
        self.0.is_finite() && self.0 > 0.0
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_is_written_with_all_its_decimals() {
        assert_eq!(Amount(1_250_000_000).to_decimal(8), "12.50000000");
        assert_eq!(Amount(1).to_decimal(8), "0.00000001");
        assert_eq!(Amount(-150).to_decimal(2), "-1.50");
        assert_eq!(Amount(7).to_decimal(0), "7");
        assert_eq!(Amount(i64::MIN).to_decimal(8), "-92233720368.54775808");
    }

    #[test]
    fn a_text_that_is_no_exact_amount_is_refused() {
        for text in [
            "", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1 ", "1.2.3", "--1", "0x1", "1,5",
        ] {
            let refusal = Amount::from_decimal(text, 8);
            assert!(
                matches!(refusal, Err(AmountError::NotANumber(_))),
                "{text}: {refusal:?}"
            );
        }
        assert!(matches!(
            Amount::from_decimal("0.001", 2),
            Err(AmountError::TooPrecise { .. })
        ));
        assert!(matches!(
            Amount::from_decimal("92233720368.54775808", 8),
            Err(AmountError::TooLarge(_))
        ));
        assert_eq!(
            Amount::from_decimal("-92233720368.54775808", 8),
            Ok(Amount(i64::MIN))
        );
    }

    #[test]
    fn sums_that_leave_their_range_are_noticed() {
        assert_eq!(Amount(i64::MAX).checked_add(Amount(1)), None);
        assert_eq!(Amount(i64::MIN).checked_sub(Amount(1)), None);
        assert_eq!(Amount(i64::MIN).checked_neg(), None);
        assert_eq!(
            Amount::checked_sum([Amount(i64::MAX), Amount(1), Amount(-1)]),
            None
        );
        assert_eq!(Work::MAX.checked_add(Work(1)), None);
        assert_eq!(Work::MAX.saturating_add(Work(1)), Work::MAX);
        assert_eq!(Work(1).saturating_sub(Work(2)), Work::ZERO);
        assert_eq!([Work(1), Work(2)].into_iter().sum::<Work>(), Work(3));
    }

    #[test]
    fn chain_work_of_a_daemon_saturates() {
        let mut bytes = [0; 32];
        bytes[31] = 2;
        assert_eq!(Work::from_be_bytes_256(bytes), Work(2));
        bytes[15] = 1;
        assert_eq!(Work::from_be_bytes_256(bytes), Work::MAX);
    }

    proptest! {
        #[test]
        fn decimal_text_reads_back(units: i64, decimals in 0_u8..=12) {
            let text = Amount(units).to_decimal(decimals);
            prop_assert_eq!(Amount::from_decimal(&text, decimals), Ok(Amount(units)));
        }

        #[test]
        fn work_reads_back(work: u128) {
            let work = Work(work);
            prop_assert_eq!(work.to_string().parse(), Ok(work));
            prop_assert_eq!(Work::from_be_bytes(work.to_be_bytes()), work);
            prop_assert_eq!(Work::from_be_bytes_256(work.to_be_bytes_256()), work);
        }
    }
}
