//! What a block of a known chain may create beside its fees.

use super::{Network, Preset};
use crate::{Amount, Height};

const COIN: i64 = 100_000_000;

/// How a subsidy falls.
struct Schedule {
    /// Base units at height 0.
    first: i64,
    /// Blocks after which it halves.
    interval: u32,
    /// Halvings after which it stays at `last`; none for a chain that goes on halving to nothing.
    until: Option<u32>,
    /// Base units from then on.
    last: i64,
    /// Lower heights have rules of their own.
    from: u32,
}

/// By the source of each daemon: `GetBlockSubsidy`, and Dogecoin's `GetDogecoinBlockSubsidy`.
fn schedule(preset: &str) -> Option<Schedule> {
    let halving = |interval| Schedule {
        first: 50 * COIN,
        interval,
        until: None,
        last: 0,
        from: 0,
    };
    let dogecoin = |interval, from| Schedule {
        first: 500_000 * COIN,
        interval,
        until: Some(6),
        last: 10_000 * COIN,
        from,
    };
    Some(match preset {
        "bitcoin" | "bitcoin-testnet" | "bitcoin-testnet4" | "bitcoin-signet" | "namecoin" => {
            halving(210_000)
        }
        "litecoin" | "litecoin-testnet" => halving(840_000),
        "bitcoin-regtest" | "litecoin-regtest" | "namecoin-regtest" => halving(150),
        // Before that height the subsidy was drawn at random from the hash of the block before.
        "dogecoin" | "dogecoin-testnet" => dogecoin(100_000, 145_000),
        "dogecoin-regtest" => dogecoin(150, 0),
        _ => return None,
    })
}

impl Network {
    /// The subsidy of the block at a height. `None` for a chain that has no preset, and for heights
    /// at which a chain had no fixed one.
    #[must_use]
    pub fn subsidy(&self, height: Height) -> Option<Amount> {
        let preset = Preset::all()
            .iter()
            .find(|preset| preset.network.genesis_hash == self.genesis_hash)?;
        let schedule = schedule(preset.name).filter(|schedule| height.0 >= schedule.from)?;
        let halvings = height.0 / schedule.interval;
        if schedule.until.is_some_and(|until| halvings >= until) {
            return Some(Amount(schedule.last));
        }
        Some(Amount(schedule.first.checked_shr(halvings).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subsidy(preset: &str, height: u32) -> Option<i64> {
        let network = Network::preset(preset).unwrap();
        network.subsidy(Height(height)).map(|amount| amount.0)
    }

    #[test]
    fn subsidies_are_those_of_the_daemons() {
        for (preset, height, expected) in [
            ("bitcoin", 0, Some(5_000_000_000)),
            ("bitcoin", 209_999, Some(5_000_000_000)),
            ("bitcoin", 210_000, Some(2_500_000_000)),
            ("bitcoin", 840_000, Some(312_500_000)),
            ("bitcoin", u32::MAX, Some(0)),
            ("litecoin", 2_520_000, Some(625_000_000)),
            ("litecoin-regtest", 432, Some(1_250_000_000)),
            ("dogecoin", 144_999, None),
            ("dogecoin", 145_000, Some(25_000_000_000_000)),
            ("dogecoin", 600_000, Some(1_000_000_000_000)),
            ("dogecoin", 5_000_000, Some(1_000_000_000_000)),
        ] {
            assert_eq!(subsidy(preset, height), expected, "{preset} at {height}");
        }
    }

    #[test]
    fn every_preset_has_a_subsidy_and_a_chain_made_by_hand_has_none() {
        for preset in Network::preset_names() {
            assert!(subsidy(preset, 700_000).is_some(), "{preset}");
        }
        let own = Network {
            genesis_hash: crate::BlockHash::from_bytes([9; 32]),
            ..Network::preset("bitcoin").unwrap()
        };
        assert_eq!(own.subsidy(Height(1)), None);
    }
}
