//! Networks known by name, and what a daemon of each is given.

use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Deref, str::FromStr};

use ngpool_chain::Preset;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{kinds::PayoutReplacement, suggest::did_you_mean};

/// A preset by its name, such as `litecoin-regtest`.
#[derive(Clone, Copy)]
pub struct PresetName(&'static Preset);

impl Deref for PresetName {
    type Target = Preset;

    fn deref(&self) -> &Preset {
        self.0
    }
}

impl PartialEq for PresetName {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for PresetName {}

impl fmt::Debug for PresetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for PresetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// A name that no preset has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no preset is called {name:?}{hint}")]
pub struct UnknownPreset {
    name: String,
    hint: String,
}

impl FromStr for PresetName {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        Preset::named(name).map(Self).ok_or_else(|| UnknownPreset {
            name: name.to_owned(),
            hint: did_you_mean(name, Preset::all().iter().map(|preset| preset.name))
                .map(|hint| format!("; {hint}"))
                .unwrap_or_default(),
        })
    }
}

impl Serialize for PresetName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

impl<'de> Deserialize<'de> for PresetName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for PresetName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Preset".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Preset::all().iter().map(|preset| preset.name).collect();
        json_schema!({"type": "string", "maxLength": 32, "enum": names})
    }
}

impl PresetName {
    /// Blocks under the tip after which what the chain says is taken as settled: about an hour where
    /// coins have value, a few blocks on regtest, where reorganisations are made on purpose.
    pub fn settle_depth(self) -> u32 {
        if self.network.regtest {
            return 3;
        }
        match self.daemon {
            "litecoind" => 24,
            "dogecoind" => 60,
            _ => 6,
        }
    }

    /// What the network's nodes and people are used to in payouts.
    pub fn payouts(self) -> PayoutHabits {
        let usual = PayoutHabits::default();
        match self.daemon {
            "bitcoind" => PayoutHabits {
                replacement: PayoutReplacement::Rbf,
                ..usual
            },
            // Litecoin Core: `DUST_RELAY_TX_FEE` of 30,000; replacement is off by default.
            "litecoind" => PayoutHabits {
                dust_relay_fee: 30_000,
                ..usual
            },
            // Dogecoin Core, src/policy/policy.h (1.14.6 to 1.14.9): `RECOMMENDED_MIN_TX_FEE` is
            // 0.01 DOGE per 1,000 bytes, from which miners take a transaction, and so much is
            // `DEFAULT_DUST_LIMIT`, below which an output costs as much again. It goes by no rate; this
            // one gives it for the smallest usual output, P2SH (32 + 148 bytes).
            "dogecoind" => PayoutHabits {
                fallback: 1_000_000,
                ceiling: 20_000_000,
                dust_relay_fee: 5_560_000,
                ..usual
            },
            // Namecoin Core, src/policy/policy.h (nc31): `DEFAULT_MIN_RELAY_TX_FEE` is 0.001 NMC per
            // 1,000 virtual bytes, a hundred times Bitcoin's; `DUST_RELAY_TX_FEE` is Bitcoin's 3,000.
            "namecoind" => PayoutHabits {
                fallback: 120_000,
                ceiling: 2_000_000,
                ..usual
            },
            _ => usual,
        }
    }

    /// Whether the daemon as distributions build it publishes blocks by ZMQ; Debian's `litecoind`
    /// does not.
    pub fn zmq(self) -> bool {
        self.daemon != "litecoind"
    }

    /// Lines of the daemon's configuration that the preset brings.
    pub fn options(self) -> BTreeMap<String, String> {
        let mut options = BTreeMap::new();
        if self.network.regtest {
            // A regtest chain's last block may be of last year: a daemon would take itself for one
            // in initial download and give no templates.
            options.insert("maxtipage".to_owned(), "1000000000".to_owned());
        }
        options
    }

    /// Size of a volume that holds the chain with room for some years.
    pub fn storage_size(self) -> &'static str {
        match (self.daemon, self.daemon_chain) {
            (_, "regtest") => "1Gi",
            ("bitcoind", "main") => "1500Gi",
            ("litecoind" | "dogecoind", "main") => "400Gi",
            (_, "main") => "50Gi",
            _ => "100Gi",
        }
    }
}

/// Payout values that differ from network to network. Rates are base units per 1,000 virtual bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayoutHabits {
    /// Fee rate while no node has an estimate.
    pub fallback: u64,
    /// Fee rate that is never exceeded.
    pub ceiling: u64,
    /// The nodes' `dustrelayfee`.
    pub dust_relay_fee: u64,
    /// What is done with a payout that is stuck.
    pub replacement: PayoutReplacement,
}

impl Default for PayoutHabits {
    /// For a network of one's own: what Bitcoin Core does, without the replacement that a node may
    /// not do.
    fn default() -> Self {
        Self {
            fallback: 10_000,
            ceiling: 200_000,
            dust_relay_fee: 3_000,
            replacement: PayoutReplacement::Cpfp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_of_the_chain_crate_is_known_by_its_name() {
        for preset in Preset::all() {
            let name: PresetName = preset.name.parse().unwrap();
            assert_eq!(
                serde_json::to_string(&name).unwrap(),
                format!("\"{}\"", preset.name)
            );
        }
    }

    #[test]
    fn an_unknown_preset_names_the_nearest() {
        assert_eq!(
            "litecoin-regtes"
                .parse::<PresetName>()
                .unwrap_err()
                .to_string(),
            "no preset is called \"litecoin-regtes\"; did you mean `litecoin-regtest`?"
        );
    }
}
