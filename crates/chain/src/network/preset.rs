//! The chains that are known by name.

use std::sync::LazyLock;

use super::{Algorithm, Network};
use crate::BlockHash;

/// A chain known by name, with what its daemon and its people call things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Name in documents, such as `litecoin-regtest`.
    pub name: &'static str,
    /// Code of the currency, such as `LTC`. Test networks have codes of their own, because their
    /// coins are worth nothing.
    pub code: &'static str,
    /// Parameters.
    pub network: Network,
    /// Decimal places of a whole coin.
    pub decimals: u8,
    /// Default port between nodes.
    pub p2p_port: u16,
    /// Default port of JSON-RPC.
    pub rpc_port: u16,
    /// File name of the daemon.
    pub daemon: &'static str,
    /// What `getblockchaininfo` calls the chain.
    pub daemon_chain: &'static str,
    /// Option of the daemon's configuration file that chooses the chain, such as `regtest=1`; none
    /// for the main chain.
    pub daemon_option: Option<&'static str>,
    /// Folder of the chain inside the daemon's data folder; empty for the main chain.
    pub daemon_folder: &'static str,
}

impl Preset {
    /// Every known chain.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PRESETS
    }

    /// The chain of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    vec![
        litecoin(),
        litecoin_testnet(),
        litecoin_regtest(),
        bitcoin(),
        bitcoin_testnet(),
        bitcoin_testnet4(),
        bitcoin_signet(),
        bitcoin_regtest(),
        dogecoin(),
        dogecoin_testnet(),
        dogecoin_regtest(),
        namecoin(),
        namecoin_regtest(),
    ]
});

fn litecoin() -> Preset {
    Preset {
        name: "litecoin",
        code: "LTC",
        network: Network {
            genesis_hash: genesis(
                "12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2",
            ),
            algorithm: Algorithm::Scrypt,
            p2pkh: 48,
            p2sh: vec![50, 5],
            bech32: Some("ltc".to_owned()),
            mweb_bech32: Some("ltcmweb".to_owned()),
            wif: 176,
            template_rules: rules(&["mweb", "segwit"]),
            coinbase_maturity: 100,
            aux_chain_id: None,
            regtest: false,
        },
        decimals: 8,
        p2p_port: 9333,
        rpc_port: 9332,
        daemon: "litecoind",
        daemon_chain: "main",
        daemon_option: None,
        daemon_folder: "",
    }
}

fn litecoin_testnet() -> Preset {
    let main = litecoin();
    Preset {
        name: "litecoin-testnet",
        code: "TLTC",
        network: Network {
            genesis_hash: genesis(
                "4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0",
            ),
            p2pkh: 111,
            p2sh: vec![58, 196],
            bech32: Some("tltc".to_owned()),
            mweb_bech32: Some("tmweb".to_owned()),
            wif: 239,
            ..main.network
        },
        p2p_port: 19335,
        rpc_port: 19332,
        daemon_chain: "test",
        daemon_option: Some("testnet=1"),
        daemon_folder: "testnet4",
        ..main
    }
}

fn litecoin_regtest() -> Preset {
    let test = litecoin_testnet();
    Preset {
        name: "litecoin-regtest",
        code: "RLTC",
        network: Network {
            genesis_hash: genesis(
                "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
            ),
            bech32: Some("rltc".to_owned()),
            regtest: true,
            ..test.network
        },
        p2p_port: 19444,
        rpc_port: 19443,
        daemon_chain: "regtest",
        daemon_option: Some("regtest=1"),
        daemon_folder: "regtest",
        ..test
    }
}

fn bitcoin() -> Preset {
    Preset {
        name: "bitcoin",
        code: "BTC",
        network: Network {
            genesis_hash: genesis(
                "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
            ),
            algorithm: Algorithm::Sha256d,
            p2pkh: 0,
            p2sh: vec![5],
            bech32: Some("bc".to_owned()),
            mweb_bech32: None,
            wif: 128,
            template_rules: rules(&["segwit"]),
            coinbase_maturity: 100,
            aux_chain_id: None,
            regtest: false,
        },
        decimals: 8,
        p2p_port: 8333,
        rpc_port: 8332,
        daemon: "bitcoind",
        daemon_chain: "main",
        daemon_option: None,
        daemon_folder: "",
    }
}

fn bitcoin_testnet() -> Preset {
    let main = bitcoin();
    Preset {
        name: "bitcoin-testnet",
        code: "TBTC",
        network: Network {
            genesis_hash: genesis(
                "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
            ),
            p2pkh: 111,
            p2sh: vec![196],
            bech32: Some("tb".to_owned()),
            wif: 239,
            ..main.network
        },
        p2p_port: 18333,
        rpc_port: 18332,
        daemon_chain: "test",
        daemon_option: Some("testnet=1"),
        daemon_folder: "testnet3",
        ..main
    }
}

fn bitcoin_testnet4() -> Preset {
    let test = bitcoin_testnet();
    Preset {
        name: "bitcoin-testnet4",
        code: "TBTC4",
        network: Network {
            genesis_hash: genesis(
                "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
            ),
            ..test.network
        },
        p2p_port: 48333,
        rpc_port: 48332,
        daemon_chain: "testnet4",
        daemon_option: Some("testnet4=1"),
        daemon_folder: "testnet4",
        ..test
    }
}

fn bitcoin_signet() -> Preset {
    let test = bitcoin_testnet();
    Preset {
        name: "bitcoin-signet",
        code: "SBTC",
        network: Network {
            genesis_hash: genesis(
                "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
            ),
            template_rules: rules(&["segwit", "signet"]),
            ..test.network
        },
        p2p_port: 38333,
        rpc_port: 38332,
        daemon_chain: "signet",
        daemon_option: Some("signet=1"),
        daemon_folder: "signet",
        ..test
    }
}

fn bitcoin_regtest() -> Preset {
    let test = bitcoin_testnet();
    Preset {
        name: "bitcoin-regtest",
        code: "RBTC",
        network: Network {
            genesis_hash: genesis(
                "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
            ),
            bech32: Some("bcrt".to_owned()),
            regtest: true,
            ..test.network
        },
        p2p_port: 18444,
        rpc_port: 18443,
        daemon_chain: "regtest",
        daemon_option: Some("regtest=1"),
        daemon_folder: "regtest",
        ..test
    }
}

fn dogecoin() -> Preset {
    Preset {
        name: "dogecoin",
        code: "DOGE",
        network: Network {
            genesis_hash: genesis(
                "1a91e3dace36e2be3bf030a65679fe821aa1d6ef92e7c9902eb318182c355691",
            ),
            algorithm: Algorithm::Scrypt,
            p2pkh: 30,
            p2sh: vec![22],
            bech32: None,
            mweb_bech32: None,
            wif: 158,
            template_rules: Vec::new(),
            coinbase_maturity: 240,
            aux_chain_id: Some(0x62),
            regtest: false,
        },
        decimals: 8,
        p2p_port: 22556,
        rpc_port: 22555,
        daemon: "dogecoind",
        daemon_chain: "main",
        daemon_option: None,
        daemon_folder: "",
    }
}

fn dogecoin_testnet() -> Preset {
    let main = dogecoin();
    Preset {
        name: "dogecoin-testnet",
        code: "TDOGE",
        network: Network {
            genesis_hash: genesis(
                "bb0a78264637406b6360aad926284d544d7049f45189db5664f3c4d07350559e",
            ),
            p2pkh: 113,
            p2sh: vec![196],
            wif: 241,
            ..main.network
        },
        p2p_port: 44556,
        rpc_port: 44555,
        daemon_chain: "test",
        daemon_option: Some("testnet=1"),
        daemon_folder: "testnet3",
        ..main
    }
}

fn dogecoin_regtest() -> Preset {
    let test = dogecoin_testnet();
    Preset {
        name: "dogecoin-regtest",
        code: "RDOGE",
        network: Network {
            genesis_hash: genesis(
                "3d2160a3b5dc4a9d62e7e66a295f70313ac808440ef7400d6c0772171ce973a5",
            ),
            p2pkh: 111,
            wif: 239,
            coinbase_maturity: 60,
            regtest: true,
            ..test.network
        },
        p2p_port: 18444,
        rpc_port: 18332,
        daemon_chain: "regtest",
        daemon_option: Some("regtest=1"),
        daemon_folder: "regtest",
        ..test
    }
}

fn namecoin() -> Preset {
    Preset {
        name: "namecoin",
        code: "NMC",
        network: Network {
            genesis_hash: genesis(
                "000000000062b72c5e2ceb45fbc8587e807c155b0da735e6483dfba2f0a9c770",
            ),
            algorithm: Algorithm::Sha256d,
            p2pkh: 52,
            p2sh: vec![13],
            bech32: Some("nc".to_owned()),
            mweb_bech32: None,
            wif: 180,
            template_rules: rules(&["segwit"]),
            coinbase_maturity: 100,
            aux_chain_id: Some(1),
            regtest: false,
        },
        decimals: 8,
        p2p_port: 8334,
        rpc_port: 8336,
        daemon: "namecoind",
        daemon_chain: "main",
        daemon_option: None,
        daemon_folder: "",
    }
}

fn namecoin_regtest() -> Preset {
    let main = namecoin();
    Preset {
        name: "namecoin-regtest",
        code: "RNMC",
        network: Network {
            genesis_hash: genesis(
                "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
            ),
            p2pkh: 111,
            p2sh: vec![196],
            bech32: Some("ncrt".to_owned()),
            wif: 239,
            regtest: true,
            ..main.network
        },
        p2p_port: 18444,
        rpc_port: 18443,
        daemon_chain: "regtest",
        daemon_option: Some("regtest=1"),
        daemon_folder: "regtest",
        ..main
    }
}

/// The hash written in a preset. None is mistyped: tests compare each with the block it is of.
fn genesis(text: &str) -> BlockHash {
    text.parse().unwrap_or_default()
}

fn rules(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_preset_is_well_formed() {
        for preset in Preset::all() {
            assert_ne!(
                preset.network.genesis_hash,
                BlockHash::default(),
                "{}",
                preset.name
            );
            assert!(!preset.network.p2sh.is_empty(), "{}", preset.name);
            let text = serde_json::to_string(&preset.network).unwrap();
            assert_eq!(
                serde_json::from_str::<Network>(&text).unwrap(),
                preset.network
            );
            assert_eq!(preset.network.regtest, preset.daemon_chain == "regtest");
            assert_eq!(Network::preset(preset.name).as_ref(), Some(&preset.network));
        }
        assert_eq!(Network::preset("litecoin-mainnet"), None);
    }

    #[test]
    fn names_and_codes_are_unique() {
        let names: HashSet<_> = Network::preset_names().collect();
        let codes: HashSet<_> = Preset::all().iter().map(|preset| preset.code).collect();
        assert_eq!(names.len(), Preset::all().len());
        assert_eq!(codes.len(), Preset::all().len());
    }
}
