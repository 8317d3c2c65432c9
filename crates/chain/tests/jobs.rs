//! From template to job to block: what miner, pool and daemon compute is the same.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use bytes::Bytes;
use ngpool_chain::{
    Amount, AuxCommitment, BlockError, BlockHash, CoinbaseError, CoinbaseSpec, Header, Height, Job,
    ProcessTag, TemplateBody, TemplateHead, TemplateTransaction, Txid, assemble_block,
    coinbase::{self, LONGEST_TAG},
    merkle, sha256d, stratum_v1,
};
use proptest::prelude::*;
use serde_json::Value;

const PROCESS: [u8; 8] = [0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8];

fn spec(height: u32) -> CoinbaseSpec {
    CoinbaseSpec {
        height: Height(height),
        value: Amount(5_000_000_000),
        script: Bytes::from_static(&[0x51]),
        witness_commitment: None,
        aux: None,
        process: ProcessTag::new(PROCESS).unwrap(),
        tag: Bytes::from_static(b"/pool/"),
    }
}

fn head(transactions: &[TemplateTransaction]) -> TemplateHead {
    let txids: Vec<_> = transactions.iter().map(|one| one.txid.to_bytes()).collect();
    TemplateHead {
        previous: "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"
            .parse()
            .unwrap(),
        height: Height(440),
        version: 0x2000_0000,
        bits: 0x207f_ffff,
        min_time: 1_700_000_000,
        cur_time: 1_700_000_100,
        coinbase_value: Amount(5_000_000_000),
        merkle_branch: merkle::coinbase_branch(&txids),
        witness_commitment: None,
        transaction_count: u32::try_from(transactions.len()).unwrap(),
        has_mweb: false,
    }
}

fn transactions(count: usize) -> Vec<TemplateTransaction> {
    (0..count)
        .map(|place| {
            let data = Bytes::from(place.to_le_bytes().to_vec());
            TemplateTransaction {
                txid: Txid::of(&data),
                data,
            }
        })
        .collect()
}

/// Fields of a coinbase, read without the code under test.
struct Read {
    script_sig: Vec<u8>,
    sequence: u32,
    outputs: Vec<(i64, Vec<u8>)>,
    lock_time: u32,
}

fn read(bytes: &[u8]) -> Read {
    let tx: bitcoin::Transaction = bitcoin::consensus::deserialize(bytes).unwrap();
    assert_eq!(tx.version.0, 2);
    assert!(tx.is_coinbase());
    assert_eq!(tx.input.len(), 1);
    let outputs = tx.output.iter().map(|output| {
        (
            output.value.to_sat().try_into().unwrap(),
            output.script_pubkey.to_bytes(),
        )
    });
    Read {
        script_sig: tx.input[0].script_sig.to_bytes(),
        sequence: tx.input[0].sequence.0,
        outputs: outputs.collect(),
        lock_time: tx.lock_time.to_consensus_u32(),
    }
}

/// BIP 34, by Bitcoin Core's serialisation of a height.
#[test]
fn heights_are_pushed_in_the_shortest_way() {
    let pushes = [
        (1, "51"),
        (2, "52"),
        (16, "60"),
        (17, "0111"),
        (127, "017f"),
        (128, "028000"),
        (255, "02ff00"),
        (256, "020001"),
        (32_767, "02ff7f"),
        (32_768, "03008000"),
        (65_535, "03ffff00"),
        (227_836, "03fc7903"),
        (8_388_607, "03ffff7f"),
        (8_388_608, "0400008000"),
        (499_999_999, "04ff64cd1d"),
    ];
    for (height, push) in pushes {
        assert_eq!(
            hex::encode(coinbase::height_push(Height(height))),
            push,
            "{height}"
        );
    }
}

#[test]
fn the_script_sig_has_its_parts_in_order() {
    let aux = AuxCommitment {
        root: [0xcc; 32],
        size: 4,
        nonce: 7,
    };
    let spec = CoinbaseSpec {
        aux: Some(aux),
        ..spec(2_383_209)
    };
    let parts = spec.build().unwrap();
    let read = read(&parts.fill([1, 2, 3, 4], [5; 8]));
    let expected = [
        hex::decode("03695d24").unwrap(),
        hex::decode(format!("2cfabe6d6d{}0400000007000000", "cc".repeat(32))).unwrap(),
        [&[8][..], &PROCESS].concat(),
        vec![12, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5],
        b"\x06/pool/".to_vec(),
    ]
    .concat();
    assert_eq!(hex::encode(read.script_sig), hex::encode(expected));
    assert_eq!((read.sequence, read.lock_time), (0xffff_fffe, 2_383_208));
    assert_eq!(read.outputs, [(5_000_000_000, vec![0x51])]);
    // The hole is where it is said to be.
    assert_eq!(parts.coinb1.last(), Some(&12));
    assert_eq!(parts.coinb2.first(), Some(&6));
}

#[test]
fn the_longest_coinbase_fits_consensus() {
    let aux = Some(AuxCommitment {
        root: [0; 32],
        size: 1,
        nonce: 0,
    });
    let spec = CoinbaseSpec {
        aux,
        tag: Bytes::from(vec![b'x'; LONGEST_TAG]),
        ..spec(8_000_000)
    };
    let read = read(&spec.build().unwrap().fill([0; 4], [0; 8]));
    assert_eq!(read.script_sig.len(), 100);
    // A height of four bytes leaves no room for the longest tag and aux chains together.
    let higher = CoinbaseSpec {
        height: Height(8_388_608),
        ..spec
    };
    assert_eq!(higher.build(), Err(CoinbaseError::ScriptTooLong(101)));
}

#[test]
fn an_impossible_coinbase_is_refused() {
    let long = CoinbaseSpec {
        tag: Bytes::from(vec![b'x'; LONGEST_TAG + 1]),
        ..spec(1)
    };
    assert_eq!(long.build(), Err(CoinbaseError::TagTooLong(29)));
    let marker = CoinbaseSpec {
        tag: Bytes::from_static(b"\xfa\xbemm"),
        ..spec(1)
    };
    assert_eq!(marker.build(), Err(CoinbaseError::TagHoldsMarker));
    assert_eq!(spec(0).build(), Err(CoinbaseError::Height(0)));
    assert_eq!(
        spec(500_000_000).build(),
        Err(CoinbaseError::Height(500_000_000))
    );
    let negative = CoinbaseSpec {
        value: Amount(-1),
        ..spec(1)
    };
    assert_eq!(negative.build(), Err(CoinbaseError::Value(Amount(-1))));
}

#[test]
fn a_process_tag_never_holds_the_marker() {
    assert!(ProcessTag::new([0, 0xfa, 0xbe, 0x6d, 0x6d, 0, 0, 0]).is_none());
    assert!(ProcessTag::new([0xfa, 0xbe, 0x6d, 0, 0x6d, 0, 0, 0]).is_some());
}

#[test]
fn an_extranonce_that_completes_the_marker_is_told() {
    let parts = spec(440).build().unwrap();
    let ok = |en1, en2| parts.accepts_extranonce(en1, en2);
    assert!(ok([0; 4], [0; 8]));
    assert!(!ok([0xfa, 0xbe, 0x6d, 0x6d], [0; 8]));
    assert!(!ok([0, 0, 0xfa, 0xbe], [0x6d, 0x6d, 0, 0, 0, 0, 0, 0]));
    assert!(!ok([0; 4], [0, 0, 0, 0, 0xfa, 0xbe, 0x6d, 0x6d]));
    // The tag's push is 0x6d when it would have that many bytes; ours is shorter, so a marker
    // cannot be completed by it, but one that ends in the tag's text could.
    let tagged = CoinbaseSpec {
        tag: Bytes::new(),
        ..spec(440)
    }
    .build()
    .unwrap();
    assert!(tagged.accepts_extranonce([0; 4], [0, 0, 0, 0, 0, 0xfa, 0xbe, 0x6d]));
}

#[test]
fn bits_outside_the_mask_are_no_version() {
    let job = Job::new(&head(&[]), &spec(440)).unwrap();
    assert_eq!(job.rolled_version(0, 0x1fff_e000), Some(0x2000_0000));
    assert_eq!(
        job.rolled_version(0x1fff_e000, 0x1fff_e000),
        Some(0x3fff_e000)
    );
    assert_eq!(job.rolled_version(0x100, 0x1fff_e000), None);
    assert_eq!(job.rolled_version(0x4000_0000, 0x1fff_e000), None);
    assert_eq!(job.rolled_version(1, 0), None);
}

#[test]
fn a_notify_is_what_the_protocol_says() {
    let txs = transactions(3);
    let job = Job::new(&head(&txs), &spec(440)).unwrap();
    let line = stratum_v1::notify_line(&job, "4f", true);
    assert!(line.ends_with('\n'));
    let notify: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&notify["id"], &notify["method"]),
        (&Value::Null, &"mining.notify".into())
    );
    let params = notify["params"].as_array().unwrap();
    assert_eq!(params.len(), 9);
    assert_eq!(params[0], "4f");
    // Eight words of the display order, the last first.
    assert_eq!(
        params[1],
        "56c416f962df51fcd6d78578dc02ed74ad25a288d12af0b38f93b43e530827f3"
    );
    assert_eq!(params[2], hex::encode(job.coinb1()));
    assert_eq!(params[3], hex::encode(job.coinb2()));
    let branch: Vec<_> = job.branch.iter().map(hex::encode).collect();
    assert_eq!(params[4], serde_json::json!(branch));
    assert_eq!(
        (&params[5], &params[6]),
        (&"20000000".into(), &"207fffff".into())
    );
    assert_eq!((&params[7], &params[8]), (&"6553f164".into(), &true.into()));
    let other: Value =
        serde_json::from_str(&stratum_v1::Notify::new(&job).line("50", false)).unwrap();
    assert_eq!(
        (&other["params"][0], &other["params"][8]),
        (&"50".into(), &false.into())
    );
}

/// The example of Bitcoin's genesis hash.
#[test]
fn the_previous_hash_is_sent_word_by_word() {
    let hash: BlockHash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
        .parse()
        .unwrap();
    let text = stratum_v1::previous_hash(&hash);
    assert_eq!(
        text,
        "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000"
    );
    assert_eq!(stratum_v1::parse_previous_hash(&text), Some(hash));
}

#[test]
fn numbers_are_exactly_eight_digits() {
    assert_eq!(stratum_v1::number(0x0000_00ff), "000000ff");
    assert_eq!(stratum_v1::parse_number("000000FF"), Some(255));
    for text in [
        "",
        "ff",
        "0x0000ff",
        "000000ff0",
        "000000fg",
        "+00000ff",
        "é00000f",
    ] {
        assert_eq!(stratum_v1::parse_number(text), None, "{text}");
    }
}

#[test]
fn a_block_of_other_parts_is_refused() {
    let txs = transactions(2);
    let (head, spec) = (head(&txs), spec(440));
    let body = TemplateBody {
        transactions: txs,
        mweb: None,
    };
    let job = Job::new(&head, &spec).unwrap();
    let header = job.header([1; 4], [2; 8], job.version, job.time, 3);
    let coinbase = job.coinbase([1; 4], [2; 8]);
    assert!(assemble_block(&header, &coinbase, &head, &body).is_ok());

    let other = job.coinbase([1; 4], [3; 8]);
    assert_eq!(
        assemble_block(&header, &other, &head, &body),
        Err(BlockError::MerkleRoot)
    );
    let tip = Header {
        previous: BlockHash::default(),
        ..header
    };
    let refusal = assemble_block(&tip, &coinbase, &head, &body);
    assert!(matches!(refusal, Err(BlockError::Previous { .. })));
    let empty = TemplateBody::default();
    let refusal = assemble_block(&header, &coinbase, &head, &empty);
    assert_eq!(refusal, Err(BlockError::Transactions { head: 2, body: 0 }));
    let mweb = TemplateBody {
        mweb: Some(Bytes::from_static(b"x")),
        ..body
    };
    assert_eq!(
        assemble_block(&header, &coinbase, &head, &mweb),
        Err(BlockError::Mweb)
    );
}

#[test]
fn a_coinbase_that_is_none_is_refused() {
    let commitment = Bytes::from([&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed][..], &[0; 32]].concat());
    let head = TemplateHead {
        witness_commitment: Some(commitment),
        ..head(&[])
    };
    for coinbase in [&[][..], &[2, 0, 0, 0], &[2, 0, 0, 0, 0, 1, 1, 0, 0, 0]] {
        let header = Header {
            version: 1,
            previous: head.previous,
            merkle_root: sha256d(coinbase),
            time: 0,
            bits: 0,
            nonce: 0,
        };
        let refusal = assemble_block(&header, coinbase, &head, &TemplateBody::default());
        assert_eq!(refusal, Err(BlockError::Coinbase), "{coinbase:?}");
    }
}

/// What a miner does with the words of a notify, by the protocol's text alone.
fn mine(notify: &Value, extranonces: &[u8], version: u32, time: u32, nonce: u32) -> [u8; 80] {
    let params = &notify["params"];
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let coinbase = [&bytes(&params[2])[..], extranonces, &bytes(&params[3])].concat();
    let root = params[4]
        .as_array()
        .unwrap()
        .iter()
        .fold(sha256d(&coinbase), |node, branch| {
            sha256d(&[&node[..], &bytes(branch)].concat())
        });
    let mut previous = bytes(&params[1]);
    previous.chunks_mut(4).for_each(<[u8]>::reverse);
    let mut bits = bytes(&params[6]);
    bits.reverse();
    let parts = [
        &version.to_le_bytes()[..],
        &previous,
        &root,
        &time.to_le_bytes(),
        &bits,
        &nonce.to_le_bytes(),
    ];
    parts.concat().try_into().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn miner_pool_and_daemon_agree(
        count in 0_usize..20,
        height in 1_u32..500_000_000,
        previous: [u8; 32],
        en1: [u8; 4],
        en2: [u8; 8],
        time: u32,
        nonce: u32,
        bits: u32,
        segwit: bool,
        mweb in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..40)),
        tag in proptest::collection::vec(any::<u8>(), 0..=28),
    ) {
        let commitment = [&[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed][..], &[9; 32]].concat();
        let txs = transactions(count);
        let head = TemplateHead {
            previous: BlockHash::from_bytes(previous),
            height: Height(height),
            witness_commitment: segwit.then(|| Bytes::from(commitment.clone())),
            has_mweb: mweb.is_some(),
            ..head(&txs)
        };
        let body = TemplateBody { transactions: txs, mweb: mweb.clone().map(Bytes::from) };
        let process = ProcessTag::new(PROCESS).unwrap();
        let script = Bytes::from_static(&[0x51]);
        let spec = CoinbaseSpec::of(&head, script, process, Bytes::from(tag));
        prop_assume!(!coinbase::contains_marker(&spec.tag));
        let job = Job::new(&head, &spec).unwrap();
        let mask = 0x1fff_e000;
        let version = job.rolled_version(bits & mask, mask).unwrap();
        let header = job.header(en1, en2, version, time, nonce);

        let notify: Value = serde_json::from_str(&stratum_v1::notify_line(&job, "1", false)).unwrap();
        let theirs = mine(&notify, &[&en1[..], &en2].concat(), version, time, nonce);
        prop_assert_eq!(header.to_bytes(), theirs);

        let coinbase = job.coinbase(en1, en2);
        prop_assert_eq!(job.parts().txid(en1, en2), Txid::of(&coinbase));
        let read = read(&coinbase);
        prop_assert_eq!(read.lock_time, height - 1);
        prop_assert!(read.script_sig.len() <= 100);
        prop_assert_eq!(read.outputs.len(), if segwit { 2 } else { 1 });
        let marker = coinbase::contains_marker(&read.script_sig);
        prop_assert!(!marker || !job.parts().accepts_extranonce(en1, en2));

        let block = assemble_block(&header, &coinbase, &head, &body).unwrap();
        prop_assert_eq!(&block[..80], &header.to_bytes()[..]);
        prop_assert_eq!(usize::from(block[80]), count + 1);
        let end = block.len() - mweb.as_ref().map_or(0, |bytes| bytes.len() + 1);
        if let Some(mweb) = mweb {
            prop_assert_eq!(block[end], 1);
            prop_assert_eq!(&block[end + 1..], &mweb[..]);
        }
        let data: Vec<u8> = body.transactions.iter().flat_map(|one| one.data.to_vec()).collect();
        let coinbase_end = end - data.len();
        prop_assert_eq!(&block[coinbase_end..end], &data[..]);
        let tx: bitcoin::Transaction =
            bitcoin::consensus::deserialize(&block[81..coinbase_end]).unwrap();
        let witness = tx.input[0].witness.to_vec();
        prop_assert_eq!(witness, if segwit { vec![vec![0; 32]] } else { vec![] });
        let txid: Txid = tx.compute_txid().to_string().parse().unwrap();
        prop_assert_eq!(txid, Txid::of(&coinbase));
    }

    #[test]
    fn any_hex_is_read_without_panic(text in ".{0,70}") {
        let _ = stratum_v1::parse_number(&text);
        let _ = stratum_v1::parse_previous_hash(&text);
    }
}
