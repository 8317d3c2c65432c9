//! How a connection's difficulty follows its miner.
//!
//! The rules are those that users of ckpool call sane: a decaying average over five minutes, corrected
//! for its start; looked at after as many shares as the interval should bring, or after the interval;
//! nothing happens within a wide band around the aim; the first share after a silence never lowers.
//! Two paths are added: a fast new miner is raised after a handful of shares, and a silent one comes
//! down by a sweep.
//!
//! Nothing here is paid: credit follows the target of each share's own job.

use ngpool_settings::VardiffSettings;

use crate::clock::Moment;

/// Time constant of the average: 5 minutes.
const AVERAGE_MS: f64 = 300_000.0;
/// Shares that a quick start waits for. At the aimed rate, 8 shares in a quarter of their time happen
/// by luck once in a thousand checks.
const QUICK_SHARES: u32 = 8;
/// How far above the aim a miner must be for a quick start.
const QUICK_RATIO: f64 = 4.0;
/// Largest step of a quick start: a 200 TH/s machine at difficulty 1 needs four.
const QUICK_STEP: f64 = 64.0;
/// Rates between these parts of the aim are left alone (ckpool: 0.15 to 0.4 around 0.3).
const BAND: std::ops::Range<f64> = 0.5..4.0 / 3.0;
/// A sweep divides by at most this.
const SWEEP_STEP: f64 = 4.0;

/// Bounds on one connection's difficulty.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// What the miner asked for as least; 0 when it did not.
    pub own_minimum: f64,
    /// Difficulty of the easiest chain worked on: a harder share target would hide its blocks.
    pub easiest_chain: f64,
}

/// A new difficulty for a connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The difficulty.
    pub difficulty: f64,
    /// Whether to send the current job again now instead of waiting for the next one.
    pub at_once: bool,
}

/// Brings a wish into its bounds: chains bound from above, the port's minimum wins over all.
#[must_use]
pub fn clamp(wish: f64, rules: &VardiffSettings, bounds: Bounds) -> f64 {
    wish.max(bounds.own_minimum)
        .min(rules.max)
        .min(bounds.easiest_chain)
        .max(rules.min)
}

/// The nearest difficulty of three significant digits: its text is short on every miner's display.
#[must_use]
pub fn rounded(difficulty: f64) -> f64 {
    format!("{difficulty:.2e}").parse().unwrap_or(difficulty)
}

/// The measurements of one connection.
#[derive(Debug, Clone)]
pub struct Vardiff {
    /// Decaying sum of difficulty per millisecond.
    average: f64,
    /// When the average was brought up to date.
    averaged: Moment,
    /// When measuring began.
    began: Moment,
    /// When difficulty last changed, or a silence ended.
    changed: Moment,
    /// Sum of difficulties since then.
    sum: f64,
    /// Shares since then.
    shares: u32,
}

impl Vardiff {
    /// Starts measuring.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        Self {
            average: 0.0,
            averaged: now,
            began: now,
            changed: now,
            sum: 0.0,
            shares: 0,
        }
    }

    /// Difficulty per second, as far as is known.
    #[must_use]
    pub fn rate(&self, now: Moment) -> f64 {
        let elapsed = span(now, self.began);
        let weight = 1.0 - (-elapsed / AVERAGE_MS).exp();
        if weight <= 0.0 {
            return 0.0;
        }
        self.average * (-span(now, self.averaged) / AVERAGE_MS).exp() / weight * 1_000.0
    }

    /// An accepted share of some difficulty, when none may change.
    pub fn count(&mut self, now: Moment, share: f64) {
        self.average *= (-span(now, self.averaged) / AVERAGE_MS).exp();
        self.average += share / AVERAGE_MS;
        self.averaged = now;
        self.sum += share;
        self.shares = self.shares.saturating_add(1);
    }

    /// An accepted share of some difficulty; perhaps a new difficulty follows from it.
    pub fn share(
        &mut self,
        now: Moment,
        share: f64,
        current: f64,
        rules: &VardiffSettings,
        bounds: Bounds,
    ) -> Option<Change> {
        self.count(now, share);
        let aim = aim(rules);
        if rules.quick_start
            && self.shares >= QUICK_SHARES
            && let Some(change) = self.quick_start(now, current, aim, rules, bounds)
        {
            return Some(change);
        }
        let interval = interval_ms(rules);
        let expected = (aim * interval / 1_000.0).max(1.0);
        let elapsed = span(now, self.changed);
        if f64::from(self.shares) < expected && elapsed < interval {
            return None;
        }
        let rate = self.rate(now);
        if BAND.contains(&(rate / current / aim)) {
            return None;
        }
        let difficulty = clamp(rounded(rate / aim), rules, bounds);
        if difficulty < current && self.shares == 1 {
            // The first share after a silence: the miner has only just come back.
            self.changed = now;
            return None;
        }
        self.change(now, difficulty, current, false)
    }

    /// Looks at a connection that may have fallen silent.
    pub fn sweep(
        &mut self,
        now: Moment,
        current: f64,
        rules: &VardiffSettings,
        bounds: Bounds,
    ) -> Option<Change> {
        let quiet = span(now, self.changed.max(self.averaged));
        if quiet < interval_ms(rules) {
            return None;
        }
        let aim = aim(rules);
        let rate = self.rate(now);
        if rate / current / aim >= BAND.start {
            return None;
        }
        let wish = (rate / aim).max(current / SWEEP_STEP);
        let difficulty = clamp(rounded(wish), rules, bounds);
        if difficulty >= current {
            return None;
        }
        self.change(now, difficulty, current, true)
    }

    /// Whether shares of a difficulty the miner insists on come ten times too often: more than a
    /// server should bear for one miner.
    #[must_use]
    pub fn is_flood(&self, now: Moment, fixed: f64, rules: &VardiffSettings) -> bool {
        const SHARES: u32 = 60;
        const RATIO: f64 = 10.0;
        let seconds = (span(now, self.changed) / 1_000.0).max(0.001);
        self.shares >= SHARES && self.sum / seconds > RATIO * aim(rules) * fixed
    }

    /// Starts a new interval because difficulty was changed from outside.
    pub fn restart(&mut self, now: Moment) {
        self.changed = now;
        self.sum = 0.0;
        self.shares = 0;
    }

    fn quick_start(
        &mut self,
        now: Moment,
        current: f64,
        aim: f64,
        rules: &VardiffSettings,
        bounds: Bounds,
    ) -> Option<Change> {
        let seconds = (span(now, self.changed) / 1_000.0).max(0.001);
        let ratio = self.sum / seconds / (aim * current);
        if ratio <= QUICK_RATIO {
            return None;
        }
        let difficulty = clamp(rounded(current * ratio.min(QUICK_STEP)), rules, bounds);
        if difficulty <= current {
            return None;
        }
        self.change(now, difficulty, current, true)
    }

    // Compared exactly on purpose: a clamped wish is the bound itself, bit by bit.
    #[allow(clippy::float_cmp)]
    fn change(
        &mut self,
        now: Moment,
        difficulty: f64,
        current: f64,
        at_once: bool,
    ) -> Option<Change> {
        if difficulty == current {
            return None;
        }
        self.restart(now);
        Some(Change {
            difficulty,
            at_once,
        })
    }
}

/// Shares per second aimed at.
fn aim(rules: &VardiffSettings) -> f64 {
    (rules.shares_per_minute / 60.0).max(f64::MIN_POSITIVE)
}

fn interval_ms(rules: &VardiffSettings) -> f64 {
    to_f64(rules.retarget_s.saturating_mul(1_000))
}

fn span(now: Moment, earlier: Moment) -> f64 {
    to_f64(now.since(earlier))
}

// Milliseconds of any uptime are far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn to_f64(milliseconds: u64) -> f64 {
    milliseconds as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> VardiffSettings {
        VardiffSettings {
            start: 16.0,
            min: 0.001,
            max: 1e12,
            shares_per_minute: 20.0,
            retarget_s: 240,
            quick_start: true,
        }
    }

    const FREE: Bounds = Bounds {
        own_minimum: 0.0,
        easiest_chain: f64::INFINITY,
    };

    /// A miner of constant speed: difficulty per second.
    struct Miner {
        speed: f64,
        now: f64,
        difficulty: f64,
        vardiff: Vardiff,
        changes: Vec<f64>,
    }

    impl Miner {
        fn new(speed: f64, difficulty: f64) -> Self {
            let vardiff = Vardiff::new(Moment(0));
            Self {
                speed,
                now: 0.0,
                difficulty,
                vardiff,
                changes: Vec::new(),
            }
        }

        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        fn moment(&self) -> Moment {
            Moment(self.now as u64)
        }

        /// Mines evenly and returns the shares of the time.
        fn mine(&mut self, seconds: f64, rules: &VardiffSettings, bounds: Bounds) -> u32 {
            let (end, mut shares) = (self.now + seconds * 1_000.0, 0);
            loop {
                let next = self.now + self.difficulty / self.speed * 1_000.0;
                if next > end {
                    self.now = end;
                    return shares;
                }
                self.now = next;
                shares += 1;
                let (now, difficulty) = (self.moment(), self.difficulty);
                let change = self
                    .vardiff
                    .share(now, difficulty, difficulty, rules, bounds);
                if let Some(change) = change {
                    self.difficulty = change.difficulty;
                    self.changes.push(change.difficulty);
                }
            }
        }
    }

    #[test]
    fn a_miner_at_the_aimed_rate_is_left_alone() {
        let mut miner = Miner::new(16.0 / 3.0, 16.0);
        miner.mine(3_600.0, &rules(), FREE);
        assert_eq!(miner.changes, Vec::<f64>::new());
    }

    #[test]
    fn a_huge_miner_is_raised_within_seconds() {
        // 200 TH/s at difficulty 1 of SHA256d: 46,566 shares a second.
        let mut miner = Miner::new(46_566.0, 1.0);
        let shares = miner.mine(10.0, &rules(), FREE);
        assert!(
            shares < 100,
            "{shares} shares in ten seconds: {:?}",
            miner.changes
        );
        miner.mine(600.0, &rules(), FREE);
        let per_minute = miner.mine(600.0, &rules(), FREE) / 10;
        assert!(
            (10..=27).contains(&per_minute),
            "{per_minute} {:?}",
            miner.changes
        );
    }

    #[test]
    fn without_quick_start_the_interval_is_waited_for() {
        let rules = VardiffSettings {
            quick_start: false,
            ..rules()
        };
        let mut miner = Miner::new(160.0, 16.0);
        miner.mine(7.0, &rules, FREE);
        assert_eq!(miner.changes.len(), 0);
        miner.mine(2.0, &rules, FREE);
        assert_eq!(miner.changes.len(), 1, "80 shares are an interval's worth");
    }

    #[test]
    fn a_slow_miner_comes_down_by_its_shares_to_the_aim() {
        let mut miner = Miner::new(1.0, 16.0);
        miner.mine(3_600.0, &rules(), FREE);
        let per_minute = miner.mine(600.0, &rules(), FREE) / 10;
        assert!(
            (10..=27).contains(&per_minute),
            "{per_minute} {:?}",
            miner.changes
        );
    }

    #[test]
    fn a_silent_miner_comes_down_by_the_sweep_and_stops_at_the_minimum() {
        let mut vardiff = Vardiff::new(Moment(0));
        let rules = VardiffSettings {
            min: 2.0,
            ..rules()
        };
        assert_eq!(vardiff.sweep(Moment(239_000), 16.0, &rules, FREE), None);
        let first = vardiff.sweep(Moment(240_000), 16.0, &rules, FREE);
        assert_eq!(
            first,
            Some(Change {
                difficulty: 4.0,
                at_once: true
            })
        );
        assert_eq!(vardiff.sweep(Moment(300_000), 4.0, &rules, FREE), None);
        let second = vardiff.sweep(Moment(480_000), 4.0, &rules, FREE);
        assert_eq!(
            second,
            Some(Change {
                difficulty: 2.0,
                at_once: true
            })
        );
        assert_eq!(vardiff.sweep(Moment(720_000), 2.0, &rules, FREE), None);
    }

    #[test]
    fn the_first_share_after_a_silence_does_not_lower() {
        let mut vardiff = Vardiff::new(Moment(0));
        let rules = rules();
        assert_eq!(
            vardiff.share(Moment(1_000_000), 16.0, 16.0, &rules, FREE),
            None
        );
        // The interval started again with that share.
        assert_eq!(
            vardiff.share(Moment(1_100_000), 16.0, 16.0, &rules, FREE),
            None
        );
        let later = vardiff.share(Moment(1_300_000), 16.0, 16.0, &rules, FREE);
        assert!(later.is_some_and(|change| change.difficulty < 16.0 && !change.at_once));
    }

    #[test]
    fn the_easiest_chain_bounds_from_above_and_the_port_from_below() {
        let rules = VardiffSettings {
            min: 8.0,
            max: 1_000.0,
            ..rules()
        };
        let bounds = |own_minimum, easiest_chain| Bounds {
            own_minimum,
            easiest_chain,
        };
        for (wish, own, easiest, expected) in [
            (500.0, 0.0, f64::INFINITY, 500.0),
            (5_000.0, 0.0, f64::INFINITY, 1_000.0),
            (500.0, 0.0, 100.0, 100.0),
            (500.0, 0.0, 0.1, 8.0),
            (1.0, 0.0, f64::INFINITY, 8.0),
            (1.0, 64.0, f64::INFINITY, 64.0),
            (1.0, 5_000.0, 100.0, 100.0),
        ] {
            let difficulty = clamp(wish, &rules, bounds(own, easiest));
            assert!(
                (difficulty - expected).abs() < f64::EPSILON,
                "{wish} {own} {easiest}"
            );
        }
    }

    #[test]
    fn an_esp32_and_a_farm_both_find_their_difficulty() {
        for speed in [0.000_5, 1.0, 1e6, 1e9] {
            let mut miner = Miner::new(speed, 1.0);
            for _minute in 0..120 {
                miner.mine(60.0, &rules(), FREE);
                let (now, current) = (miner.moment(), miner.difficulty);
                if let Some(change) = miner.vardiff.sweep(now, current, &rules(), FREE) {
                    miner.difficulty = change.difficulty;
                }
            }
            let per_minute = f64::from(miner.mine(1_200.0, &rules(), FREE)) / 20.0;
            assert!((8.0..=27.0).contains(&per_minute), "{speed}: {per_minute}");
        }
    }

    #[test]
    fn rounded_difficulties_have_short_texts() {
        for (exact, text) in [
            (1234.567, "1230"),
            (0.001_234_567, "0.00123"),
            (16.0, "16"),
            (99_999.0, "100000"),
        ] {
            assert_eq!(rounded(exact).to_string(), text);
        }
    }
}
