//! Texts of the chains: digits, addresses, templates.

use bytes::Bytes;
use ngpool_chain::{
    Address, Amount, BlockHash, CoinbaseSpec, Job, Network, ProcessTag, Template, Work,
    address::is_unspendable, assemble_block, fuzzing, stratum_v1,
};
use serde_json::Value;

/// Longest error about an address: the text is cut to 120 characters of up to 4 bytes, and every
/// network may be named.
const ADDRESS_ERROR: usize = 1_200;

/// Hex digits, hashes, numbers of headers, amounts.
pub fn hexadecimal(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let decoded = fuzzing::decode_hex(text);
    assert_eq!(decoded, hex::decode(text).ok(), "{text:?}");
    if let Some(bytes) = decoded {
        let mut again = String::new();
        fuzzing::push_hex(&mut again, &bytes);
        assert!(
            again.eq_ignore_ascii_case(text),
            "{text:?} becomes {again:?}"
        );
    }
    if let Ok(hash) = text.parse::<BlockHash>() {
        assert!(hash.to_string().eq_ignore_ascii_case(text));
    }
    if let Some(hash) = stratum_v1::parse_previous_hash(text) {
        assert!(stratum_v1::previous_hash(&hash).eq_ignore_ascii_case(text));
    }
    if let Some(number) = stratum_v1::parse_number(text) {
        assert!(stratum_v1::number(number).eq_ignore_ascii_case(text));
    }
    if let Ok(work) = text.parse::<Work>() {
        assert_eq!(work.to_string().parse(), Ok(work));
    }
    for decimals in [0, 8, 18, u8::MAX] {
        if let Ok(amount) = Amount::from_decimal(text, decimals) {
            let again = amount.to_decimal(decimals);
            assert_eq!(
                Amount::from_decimal(&again, decimals),
                Ok(amount),
                "{text:?}"
            );
        }
    }
}

/// An address on every known network, text to script and back.
pub fn address(data: &[u8]) {
    for name in Network::preset_names() {
        let network = Network::preset(name).unwrap();
        if let Ok(text) = std::str::from_utf8(data) {
            match Address::parse(text, &network) {
                Ok(address) => reads_back(&address, &network),
                Err(error) => {
                    let said = error.to_string();
                    assert!(said.len() <= ADDRESS_ERROR, "{} bytes of error", said.len());
                }
            }
        }
        if let Some(address) = Address::from_script(data, &network) {
            assert_eq!(&address.script()[..], data);
            reads_back(&address, &network);
        }
    }
}

fn reads_back(address: &Address, network: &Network) {
    let again = Address::parse(address.as_str(), network);
    assert_eq!(again.as_ref(), Ok(address), "canonical text reads back");
    let again = Address::from_script(address.script(), network);
    assert_eq!(again.as_ref(), Some(address), "its script is its own");
    assert!((22..=42).contains(&address.script().len()) || address.script().len() >= 4);
    assert!(!is_unspendable(address.script()));
}

/// A template of a daemon: what is taken can be mined, and a block of it put together.
pub fn block_template(data: &[u8]) {
    for name in ["litecoin-regtest", "bitcoin", "dogecoin"] {
        let network = Network::preset(name).unwrap();
        let template = Template::from_gbt_text(data, &network);
        let Ok(value) = serde_json::from_slice::<Value>(data) else {
            continue;
        };
        let by_value = Template::from_gbt(&value, &network);
        match template {
            Ok(template) => {
                assert_eq!(
                    by_value.as_ref(),
                    Ok(&template),
                    "text and value say the same"
                );
                mine(&template);
            }
            Err(error) => {
                let said = error.to_string();
                assert!(said.len() <= 1_500, "{} bytes of error", said.len());
            }
        }
    }
}

fn mine(template: &Template) {
    let head = &template.head;
    assert!(head.min_time <= head.cur_time);
    assert!(head.merkle_branch.len() <= 32);
    let process = ProcessTag::new([1; 8]).unwrap();
    let script = Bytes::from_static(&[0x51]);
    let spec = CoinbaseSpec::of(head, script, process, Bytes::from_static(b"/fuzz/"));
    let job = Job::new(head, &spec).expect("a template that was taken makes a job");
    for clean in [false, true] {
        let line = stratum_v1::notify_line(&job, "1f0", clean);
        let message: Value = serde_json::from_str(&line).expect("a notify is JSON");
        let params = message["params"]
            .as_array()
            .expect("a notify has parameters");
        let read = ngpool::miner::Notify::parse(params).expect("our own miner reads it");
        assert_eq!(
            (read.previous, read.bits, read.time),
            (head.previous, head.bits, head.cur_time)
        );
        assert_eq!(
            (read.clean, read.branch),
            (clean, head.merkle_branch.clone())
        );
    }
    let coinbase = job.coinbase([2; 4], [3; 8]);
    let header = job.header([2; 4], [3; 8], job.version, job.time, 7);
    let block = assemble_block(&header, &coinbase, head, &template.body)
        .expect("a header of the job makes a block");
    assert!(block.starts_with(&header.to_bytes()));
}
