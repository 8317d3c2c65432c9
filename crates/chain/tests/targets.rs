//! Targets: the exact rules of compact bits, difficulty and work.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use ngpool_chain::{Algorithm, CompactError, Difficulty, PowHash, Target, TargetError, Work};
use proptest::prelude::*;
use ruint::{Uint, aliases::U256};

type U512 = Uint<512, 8>;

fn target(text: &str) -> Target {
    format!("{text:0>64}").parse().unwrap()
}

/// The cases of Bitcoin Core's own `bignum_SetCompact`: bits, number, bits written back.
#[test]
fn compact_bits_follow_bitcoins_rules() {
    let read = [
        (0x0112_3456, "12", 0x0112_0000),
        (0x0212_3456, "1234", 0x0212_3400),
        (0x0312_3456, "123456", 0x0312_3456),
        (0x0412_3456, "12345600", 0x0412_3456),
        (0x0500_9234, "92340000", 0x0500_9234),
        (
            0x2012_3456,
            "1234560000000000000000000000000000000000000000000000000000000000",
            0x2012_3456,
        ),
        // A second byte of zeros in the mantissa still leaves room for a length of 33 and 34.
        (
            0x2100_1234,
            "1234000000000000000000000000000000000000000000000000000000000000",
            0x2012_3400,
        ),
        (
            0x2200_0012,
            "1200000000000000000000000000000000000000000000000000000000000000",
            0x2012_0000,
        ),
        (
            0x1d00_ffff,
            "ffff0000000000000000000000000000000000000000000000000000",
            0x1d00_ffff,
        ),
    ];
    for (bits, number, back) in read {
        assert_eq!(Target::from_compact(bits), Ok(target(number)), "{bits:08x}");
        assert_eq!(target(number).to_compact(), back, "{bits:08x}");
    }
    for bits in [
        0,
        0x0012_3456,
        0x0100_3456,
        0x0200_0056,
        0x0300_0000,
        0x0400_0000,
        0x0092_3456,
        0x0180_3456,
        0x0280_0056,
        0x0380_0000,
        0x0480_0000,
    ] {
        assert_eq!(
            Target::from_compact(bits),
            Err(CompactError::Zero(bits)),
            "{bits:08x}"
        );
    }
    for bits in [0x01fe_dcba, 0x0492_3456] {
        assert_eq!(
            Target::from_compact(bits),
            Err(CompactError::Negative(bits)),
            "{bits:08x}"
        );
    }
    for bits in [0xff12_3456, 0x2101_0000, 0x2200_0100, 0x2300_0001] {
        assert_eq!(
            Target::from_compact(bits),
            Err(CompactError::Overflow(bits)),
            "{bits:08x}"
        );
    }
    // 0x80 alone would be a sign: one byte more.
    assert_eq!(target("80").to_compact(), 0x0200_8000);
}

#[test]
fn difficulty_one_is_the_published_target() {
    let one = |algorithm| Target::from_difficulty(Difficulty(1.0), algorithm).unwrap();
    assert_eq!(
        one(Algorithm::Sha256d),
        Target::from_compact(0x1d00_ffff).unwrap()
    );
    assert_eq!(
        one(Algorithm::Scrypt),
        Target::from_compact(0x1f00_ffff).unwrap()
    );
    // A share of difficulty 65,536 on a scrypt pool is one of network difficulty 1.
    assert_eq!(
        Target::from_difficulty(Difficulty(65_536.0), Algorithm::Scrypt),
        Ok(one(Algorithm::Sha256d))
    );
}

#[test]
fn work_is_that_of_published_blocks() {
    let work = |bits| Target::from_compact(bits).unwrap().work();
    // `chainwork` of Bitcoin's genesis block.
    assert_eq!(work(0x1d00_ffff), Work(0x1_0001_0001));
    // And of a regtest block.
    assert_eq!(work(0x207f_ffff), Work(2));
    assert_eq!(Target::MAX.work(), Work(1));
    assert_eq!(target("0").work(), Work::MAX);
    assert_eq!(target("1").work(), Work::MAX);
}

#[test]
fn a_difficulty_that_is_no_number_above_zero_is_refused() {
    for difficulty in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refusal = Target::from_difficulty(Difficulty(difficulty), Algorithm::Sha256d);
        assert!(
            matches!(refusal, Err(TargetError::Difficulty(_))),
            "{difficulty}"
        );
    }
    // The smallest and the largest float are clamped.
    let of = |difficulty| Target::from_difficulty(Difficulty(difficulty), Algorithm::Scrypt);
    assert_eq!(of(5e-324), Ok(Target::MAX));
    assert_eq!(of(f64::MAX), Ok(target("1")));
}

/// At 2^-16 every hash is a share of a scrypt pool; there is nothing easier.
#[test]
fn the_easiest_difficulty_of_scrypt_is_the_largest_target() {
    let of = |difficulty| Target::from_difficulty(Difficulty(difficulty), Algorithm::Scrypt);
    assert_eq!(of(0.000_01), Ok(Target::MAX));
    assert!(of(0.000_015_5).unwrap() < Target::MAX);
}

#[test]
fn a_hash_meets_a_target_that_is_equal_or_larger() {
    let target = target("0123456789abcdef000000000000000000000000000000000000000000000000");
    let equal: PowHash = target.to_string().parse().unwrap();
    assert!(target.is_met_by(&equal));
    let mut above = equal.to_bytes();
    above[0] += 1;
    assert!(!target.is_met_by(&PowHash::from_bytes(above)));
    assert!(target.is_met_by(&PowHash::default()));
    assert!(!target.is_met_by(&PowHash::from_bytes([0xff; 32])));
}

#[test]
fn odds_divide_a_target() {
    assert_eq!(target("64").harder_by(10), target("0a"));
    assert_eq!(target("64").harder_by(1), target("64"));
    assert_eq!(target("64").harder_by(0), target("64"));
}

#[test]
fn a_text_that_is_no_target_is_refused() {
    for text in ["", "0", &"0".repeat(63), &"0".repeat(65), &"x".repeat(64)] {
        assert!(
            matches!(text.parse::<Target>(), Err(TargetError::Text(_))),
            "{text}"
        );
    }
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop_oneof![Just(Algorithm::Sha256d), Just(Algorithm::Scrypt)]
}

fn number() -> impl Strategy<Value = U256> {
    (any::<[u8; 32]>(), 0_usize..256).prop_map(|(bytes, shift)| U256::from_be_bytes(bytes) >> shift)
}

/// An exact fraction of a float above zero: numerator and denominator.
fn fraction(number: f64) -> (U512, U512) {
    let (mut denominator, mut scaled) = (U512::ONE, number);
    while scaled.fract() != 0.0 {
        scaled *= 2.0;
        denominator <<= 1;
    }
    let mut numerator = U512::ZERO;
    let mut place = U512::ONE;
    while scaled > 0.0 {
        if scaled % 2.0 > 0.5 {
            numerator += place;
            scaled -= 1.0;
        }
        scaled /= 2.0;
        place <<= 1;
    }
    (numerator, denominator)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// t = floor(one / d) means t · d ≤ one < (t + 1) · d, in whole numbers.
    #[test]
    fn a_target_is_the_exact_quotient(exponent in -5.0_f64..18.0, algorithm in algorithm()) {
        let difficulty = 10_f64.powf(exponent);
        let target = Target::from_difficulty(Difficulty(difficulty), algorithm).unwrap();
        prop_assume!(target != Target::MAX);
        let (numerator, denominator) = fraction(difficulty);
        let one = U512::from(Target::of_difficulty_one(algorithm).to_u256()) * denominator;
        let target = U512::from(target.to_u256());
        prop_assert!(target * numerator <= one);
        prop_assert!(one < (target + U512::ONE) * numerator);
    }

    #[test]
    fn difficulty_reads_back(exponent in -5.0_f64..18.0, algorithm in algorithm()) {
        let difficulty = 10_f64.powf(exponent);
        let target = Target::from_difficulty(Difficulty(difficulty), algorithm).unwrap();
        prop_assume!(target != Target::MAX);
        let back = target.difficulty(algorithm).0;
        prop_assert!((back / difficulty - 1.0).abs() < 1e-14, "{} became {}", difficulty, back);
    }

    /// 2^256 / (t + 1), by the schoolbook.
    #[test]
    fn work_is_the_exact_quotient(number in number()) {
        let exact = (U512::ONE << 256) / (U512::from(number) + U512::ONE);
        let expected = u128::try_from(exact).unwrap_or(u128::MAX);
        prop_assert_eq!(Target::from_u256(number).work(), Work(expected));
    }

    #[test]
    fn a_harder_target_is_more_work(a in number(), b in number()) {
        let (easy, hard) = (Target::from_u256(a.max(b)), Target::from_u256(a.min(b)));
        prop_assert!(easy.work() <= hard.work());
    }

    /// Compact bits keep at least the top 16 bits and never make a target easier.
    #[test]
    fn compact_bits_round_towards_harder(number in number().prop_filter("zero", |n| !n.is_zero())) {
        let exact = Target::from_u256(number);
        let rounded = Target::from_compact(exact.to_compact()).unwrap();
        prop_assert!(rounded <= exact);
        let lost = number - rounded.to_u256();
        prop_assert!(lost <= number >> 15);
        prop_assert_eq!(rounded.to_compact(), exact.to_compact());
    }

    #[test]
    fn any_bits_are_read_without_panic(bits: u32) {
        if let Ok(target) = Target::from_compact(bits) {
            prop_assert_eq!(Target::from_compact(target.to_compact()), Ok(target));
        }
    }

    #[test]
    fn text_reads_back(number in number()) {
        let target = Target::from_u256(number);
        prop_assert_eq!(target.to_string().parse(), Ok(target));
        prop_assert_eq!(Target::from_be_bytes(target.to_be_bytes()), target);
    }
}
