//! Difficulty of one session: what changes it, and within which bounds.

use super::Session;
use crate::{
    jobs::JobHandle,
    vardiff::{self, Bounds},
    wire::encode,
};

/// Time between two suggestions of a difficulty that are followed.
const SUGGESTION_MS: u64 = 30_000;

impl Session {
    /// The settings have changed: bring difficulty and mask into their new bounds.
    pub fn settings_changed(&mut self, out: &mut Vec<u8>) {
        let mask = self.version_mask_asked & self.port.version_mask();
        if mask != self.version_mask {
            self.version_mask = mask;
            encode::set_version_mask(out, mask);
        }
        self.reclamp(out);
    }

    /// The miner has been silent for a while: lower its difficulty if that is due.
    pub fn sweep(&mut self, out: &mut Vec<u8>) {
        let now = self.port.clock.now();
        let settings = self.port.settings.load();
        let (wish, bounds) = (self.wish, self.bounds());
        let change = self.vardiff.sweep(now, wish, &settings.vardiff, bounds);
        self.plan_sweep();
        if self.fixed.is_none()
            && let Some(change) = change
        {
            self.change_difficulty(change.difficulty, change.at_once, out);
        }
    }

    pub(super) fn suggest(&mut self, difficulty: f64, out: &mut Vec<u8>) {
        let now = self.port.clock.now();
        let too_soon = self
            .suggested_at
            .is_some_and(|at| now.since(at) < SUGGESTION_MS);
        if too_soon || !(difficulty.is_finite() && difficulty > 0.0) {
            return;
        }
        self.suggested_at = Some(now);
        self.suggested = Some(difficulty);
        if self.fixed.is_none() {
            let clamped = self.clamp(difficulty);
            self.change_difficulty(clamped, true, out);
        }
    }

    pub(super) fn reclamp(&mut self, out: &mut Vec<u8>) {
        let clamped = self.clamp(self.fixed.unwrap_or(self.wish));
        self.change_difficulty(clamped, true, out);
    }

    fn change_difficulty(&mut self, difficulty: f64, at_once: bool, out: &mut Vec<u8>) {
        if difficulty.to_bits() == self.wish.to_bits() {
            return;
        }
        self.port.metrics.vardiff(self.wish, difficulty);
        self.wish = difficulty;
        self.vardiff.restart(self.port.clock.now());
        if at_once && self.sent != JobHandle(0) {
            self.send_again(out);
        }
    }

    pub(super) fn clamp(&self, difficulty: f64) -> f64 {
        vardiff::clamp(
            difficulty,
            &self.port.settings.load().vardiff,
            self.bounds(),
        )
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            own_minimum: self.own_minimum,
            easiest_chain: self.port.easiest_difficulty(),
        }
    }

    /// Says when to look at difficulty again though nothing comes.
    pub(super) fn plan_sweep(&self) {
        let retarget = self
            .port
            .settings
            .load()
            .vardiff
            .retarget_s
            .saturating_mul(1_000);
        self.handle.sweep_at(self.port.clock.now().plus(retarget));
    }
}
