//! Published addresses of every network, and what is not one.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use ngpool_chain::{
    Address, AddressError, AddressKind, Network, PrivateKey,
    address::{dust_limit, is_unspendable},
};
use proptest::prelude::*;

fn network(name: &str) -> Network {
    Network::preset(name).unwrap()
}

fn parse(text: &str, name: &str) -> Result<Address, AddressError> {
    Address::parse(text, &network(name))
}

/// (network, text, script): from BIP 173 and BIP 350.
const SEGWIT: &[(&str, &str, &str)] = &[
    (
        "bitcoin",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "0014751e76e8199196d454941c45d1b3a323f1433bd6",
    ),
    (
        "bitcoin-testnet",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
    ),
    (
        "bitcoin",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
    ),
    ("bitcoin", "BC1SW50QGDZ25J", "6002751e"),
    (
        "bitcoin",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "5210751e76e8199196d454941c45d1b3a323",
    ),
    (
        "bitcoin-testnet",
        "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
        "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
    ),
    (
        "bitcoin-testnet",
        "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
        "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
    ),
    (
        "bitcoin",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    ),
];

/// (network, text): from BIP 173 and BIP 350.
const NOT_SEGWIT: &[(&str, &str)] = &[
    (
        "bitcoin-testnet",
        "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
    ),
    ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
    ("bitcoin", "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2"),
    ("bitcoin", "bc1rw5uspcuh"),
    (
        "bitcoin",
        "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90",
    ),
    (
        "bitcoin-testnet",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
    ),
    ("bitcoin", "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du"),
    (
        "bitcoin-testnet",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv",
    ),
    ("bitcoin", "bc1gmk9yu"),
    (
        "bitcoin-testnet",
        "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
    ),
    (
        "bitcoin",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    ),
    (
        "bitcoin-testnet",
        "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    ),
    (
        "bitcoin",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    ),
    ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh"),
    (
        "bitcoin-testnet",
        "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
    ),
    (
        "bitcoin",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    ),
    (
        "bitcoin",
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    ),
    ("bitcoin", "bc1pw5dgrnzv"),
    (
        "bitcoin",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    ),
    ("bitcoin", "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P"),
    (
        "bitcoin-testnet",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    ),
    (
        "bitcoin",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    ),
    (
        "bitcoin-testnet",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    ),
    ("bitcoin", "BC1SW50QA3JX3S"),
    ("bitcoin", "bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj"),
    (
        "bitcoin",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx",
    ),
];

#[test]
fn segwit_addresses_of_the_bips_give_their_scripts() {
    for (name, text, script) in SEGWIT {
        let address = parse(text, name).unwrap();
        assert_eq!(hex::encode(address.script()), *script, "{text}");
        assert_eq!(address.as_str(), text.to_lowercase());
        let upper = parse(&text.to_uppercase(), name).unwrap();
        assert_eq!(upper, address);
        let back = Address::from_script(address.script(), &network(name)).unwrap();
        assert_eq!(back, address);
    }
}

#[test]
fn what_the_bips_call_invalid_is_refused() {
    for (name, text) in NOT_SEGWIT {
        let refusal = parse(text, name);
        assert!(
            matches!(
                refusal,
                Err(AddressError::Malformed { .. } | AddressError::Length(_))
            ),
            "{text}: {refusal:?}"
        );
    }
}

/// (network, text, script or nothing): addresses that are in use, or in the projects' own tests.
#[test]
fn known_addresses_of_each_network_are_read() {
    let known = [
        (
            "bitcoin",
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            AddressKind::P2pkh,
        ),
        (
            "bitcoin",
            "3NJZLcZEEYBpxYEUGewU4knsQRn1WM5Fkt",
            AddressKind::P2sh,
        ),
        (
            "bitcoin-testnet",
            "mzBc4XEFSdzCDcTxAgf6EZXgsZWpztRhef",
            AddressKind::P2pkh,
        ),
        (
            "bitcoin-testnet",
            "2MxKEf2su6FGAUfCEAHreGFQvEYrfYNHvL7",
            AddressKind::P2sh,
        ),
        (
            "litecoin",
            "LQ5X1r32bU3v2TgVxE9osb2YnCZNFY6ikm",
            AddressKind::P2pkh,
        ),
        (
            "litecoin",
            "LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqLU",
            AddressKind::P2pkh,
        ),
        (
            "litecoin",
            "MU5iLJNz5m4MAEtmjz5nbdJicJkdiHWnQR",
            AddressKind::P2sh,
        ),
        (
            "litecoin",
            "ltc1qrqlkqqa7d9kpvxdcpd6ycja8uerskwxkhfy500",
            AddressKind::P2wpkh,
        ),
        (
            "litecoin",
            "ltc1qhxka8d59lylj76rpsflhagp76nvckggd8x0tt7jtnphpkmfv3snsk6suq0",
            AddressKind::P2wsh,
        ),
        (
            "litecoin-testnet",
            "mzBc4XEFSdzCDcTxAgf6EZXgsZWpztRhef",
            AddressKind::P2pkh,
        ),
        (
            "litecoin-testnet",
            "QW2SvwjaJU8LD6GSmtm1PHnBG2xPuxwZFy",
            AddressKind::P2sh,
        ),
        (
            "litecoin-testnet",
            "tltc1qu78xur5xnq6fjy83amy0qcjfau8m367defyhms",
            AddressKind::P2wpkh,
        ),
        (
            "litecoin-testnet",
            "tltc1pxdvk48nchp45mcg8pcht5ss8ladtxnl7mkr96lrw93q79g407ufqmelwuu",
            AddressKind::P2tr,
        ),
        (
            "dogecoin",
            "DPpJVPpvPNP6i6tMj4rTycAGh8wReTqaSU",
            AddressKind::P2pkh,
        ),
        (
            "dogecoin-testnet",
            "nn1EAEJtjLaHRJqn4smeASuhcUWbx71rwx",
            AddressKind::P2pkh,
        ),
    ];
    for (name, text, kind) in known {
        let address = parse(text, name).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((address.kind(), address.as_str()), (kind, text));
        assert_eq!(
            Address::from_script(address.script(), &network(name)),
            Some(address)
        );
    }
}

/// Scripts beside addresses in real blocks.
#[test]
fn addresses_of_a_real_block_pay_its_scripts() {
    let pairs = [
        (
            "LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqLU",
            "76a91457757ed9e2fa7d86636bdd8066078e22cfa1924488ac",
        ),
        (
            "MU5iLJNz5m4MAEtmjz5nbdJicJkdiHWnQR",
            "a914dd6178d74ec33f6d90f0cf4205122d10e5a3804487",
        ),
        (
            "ltc1qrqlkqqa7d9kpvxdcpd6ycja8uerskwxkhfy500",
            "0014183f6003be696c1619b80b744c4ba7e6470b38d6",
        ),
    ];
    for (text, script) in pairs {
        assert_eq!(
            hex::encode(parse(text, "litecoin").unwrap().script()),
            script
        );
    }
}

#[test]
fn an_old_version_byte_is_read_and_written_as_the_preferred_one() {
    let old = parse("3NJZLcZEEYBpxYEUGewU4knsQRn1WM5Fkt", "litecoin").unwrap();
    assert!(old.as_str().starts_with('M'), "{old}");
    assert_eq!(parse(old.as_str(), "litecoin").unwrap(), old);
    let old = parse("2MxKEf2su6FGAUfCEAHreGFQvEYrfYNHvL7", "litecoin-regtest").unwrap();
    assert!(old.as_str().starts_with('Q'), "{old}");
}

#[test]
fn an_mweb_stealth_address_is_refused_with_its_reason() {
    let stealth = "ltcmweb1qqwkdldufg0enxpphwc8rwucc9ru6h43x5uklzm78ektgmufmw3j6kqu76qqw66w204vn7zd\
                   dfgmnyq9ujugjvx4t2mhuqkuj5h4tgd8cvs6gg076";
    let refusal = parse(stealth, "litecoin").unwrap_err();
    assert!(matches!(refusal, AddressError::Stealth(_)));
    assert!(
        refusal.to_string().contains("an ordinary address"),
        "{refusal}"
    );
    let refusal = parse(stealth, "litecoin-regtest").unwrap_err();
    assert!(
        matches!(refusal, AddressError::OtherNetwork { .. }),
        "{refusal}"
    );
}

#[test]
fn an_address_of_another_network_is_told_apart() {
    let named = |text, name| match parse(text, name) {
        Err(AddressError::OtherNetwork { networks, .. }) => networks,
        other => panic!("{text} on {name}: {other:?}"),
    };
    assert_eq!(
        named("LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqLU", "bitcoin"),
        "litecoin"
    );
    assert_eq!(
        named("DPpJVPpvPNP6i6tMj4rTycAGh8wReTqaSU", "litecoin"),
        "dogecoin"
    );
    let testnets = named("mzBc4XEFSdzCDcTxAgf6EZXgsZWpztRhef", "litecoin");
    assert!(
        testnets.contains("litecoin-testnet, litecoin-regtest"),
        "{testnets}"
    );
    let bitcoin = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    assert_eq!(named(bitcoin, "litecoin-regtest"), "bitcoin");
    assert_eq!(named(bitcoin, "dogecoin"), "bitcoin");
}

#[test]
fn a_text_that_is_no_address_says_what_is_wrong() {
    let malformed = |text: &str| match parse(text, "litecoin") {
        Err(AddressError::Malformed { reason, .. }) => reason,
        other => panic!("{text}: {other:?}"),
    };
    assert!(malformed("LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqLV").contains("checksum"));
    assert!(malformed("LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqL0").contains("invalid"));
    assert!(malformed("ltc1qrqlkqqa7d9kpvxdcpd6ycja8uerskwxkhfy501").contains("checksum"));
    assert_eq!(parse("", "litecoin"), Err(AddressError::Length(0)));
    assert_eq!(
        parse(&"L".repeat(500), "litecoin"),
        Err(AddressError::Length(500))
    );
    assert!(parse("ltc1qrqlkqqa7d9kpvxdcpd6ycja8uerskwxkhfy500 ", "litecoin").is_err());
}

#[test]
fn scripts_without_an_address_have_none() {
    let litecoin = network("litecoin");
    for script in [
        "", "6a", "51", "76a914", "5820", "002100", "a91400", "21ff", "0000",
    ] {
        let script = hex::decode(script).unwrap();
        assert_eq!(Address::from_script(&script, &litecoin), None);
    }
    // The HogEx's output of a real block: nobody's address.
    let program = "fc7da6da9aeb7186c6fcdd7d9b770de8b93f8116820e6441f370b3c92b29ca53";
    for (opcode, has_address) in [("57", true), ("58", false), ("59", false), ("5a", true)] {
        let script = hex::decode(format!("{opcode}20{program}")).unwrap();
        assert_eq!(
            Address::from_script(&script, &litecoin).is_some(),
            has_address,
            "{opcode}"
        );
        // The same program on a chain without MWEB is an address, and not one of Litecoin.
        let bitcoin = Address::from_script(&script, &network("bitcoin")).unwrap();
        assert!(Address::parse(bitcoin.as_str(), &litecoin).is_err());
    }
    let witness = hex::decode("0014751e76e8199196d454941c45d1b3a323f1433bd6").unwrap();
    assert_eq!(Address::from_script(&witness, &network("dogecoin")), None);
}

#[test]
fn a_text_under_a_version_of_mweb_is_refused_with_its_reason() {
    use bitcoin::bech32::{Fe32, Hrp, segwit};
    for version in [8, 9] {
        let hrp = Hrp::parse("ltc").unwrap();
        let text = segwit::encode(hrp, Fe32::try_from(version).unwrap(), &[7; 32]).unwrap();
        let refusal = parse(&text, "litecoin").unwrap_err().to_string();
        assert!(refusal.contains("MWEB's own outputs"), "{refusal}");
    }
}

#[test]
fn dust_is_what_the_daemons_call_dust() {
    // The limits of Bitcoin Core at 3,000 per 1,000 bytes.
    let limit = |text, name, fee| parse(text, name).unwrap().dust_limit(fee);
    assert_eq!(
        limit("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin", 3000),
        546
    );
    assert_eq!(
        limit("3NJZLcZEEYBpxYEUGewU4knsQRn1WM5Fkt", "bitcoin", 3000),
        540
    );
    assert_eq!(
        limit(
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bitcoin",
            3000
        ),
        294
    );
    let wide = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
    assert_eq!(limit(wide, "bitcoin", 3000), 330);
    // Litecoin's daemons ask ten times as much.
    assert_eq!(
        limit("LTCPodha2LAxSyBGsGfkWcmKDEB8cWrqLU", "litecoin", 30_000),
        5460
    );
    assert!(is_unspendable(&[0x6a, 1, 2]));
    assert!(!is_unspendable(&[]));
    assert_eq!(dust_limit(&[0x6a], 3000), 0);
}

#[test]
fn keys_give_addresses_of_their_network() {
    let key = PrivateKey::from_bytes(&[7; 32]).unwrap();
    for name in Network::preset_names() {
        let network = network(name);
        let address = key.p2pkh(&network);
        assert_eq!(Address::parse(address.as_str(), &network), Ok(address));
        if let Some(address) = key.p2wpkh(&network) {
            assert_eq!(Address::parse(address.as_str(), &network), Ok(address));
        }
        assert!(key.to_wif(&network).len() > 50);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,120}") {
        for name in ["litecoin", "dogecoin"] {
            if let Ok(address) = parse(&text, name) {
                prop_assert_eq!(Address::parse(address.as_str(), &network(name)), Ok(address));
            }
        }
    }

    #[test]
    fn any_script_with_an_address_gets_it_back(script in proptest::collection::vec(any::<u8>(), 0..50)) {
        for name in ["litecoin-regtest", "dogecoin"] {
            let network = network(name);
            if let Some(address) = Address::from_script(&script, &network) {
                prop_assert_eq!(&address.script()[..], &script[..]);
                prop_assert_eq!(Address::parse(address.as_str(), &network), Ok(address));
            }
        }
    }

    #[test]
    fn every_key_hash_reads_back(hash: [u8; 20], version in 0_u8..=16, length in 2_usize..=40) {
        let network = network("litecoin-regtest");
        let address = Address::p2pkh(hash, &network);
        prop_assert_eq!(Address::parse(address.as_str(), &network), Ok(address));
        let opcode = if version == 0 { 0 } else { 0x50 + version };
        let mut script = vec![opcode, u8::try_from(length).unwrap()];
        script.extend((0..length).map(|place| hash[place % 20]));
        let allowed = match version {
            0 => length == 20 || length == 32,
            8 | 9 => false,
            _ => true,
        };
        prop_assert_eq!(Address::from_script(&script, &network).is_some(), allowed);
    }
}
