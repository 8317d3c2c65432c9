//! Writes the seeds of formats that nobody types: `cargo run -p ngpool-fuzz --example seeds`.
//!
//! The other seeds are files written by hand.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A tool for us: it fails by panicking.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use ngpool_chain::{Amount, BlockHash, Height, Txid, Work};
use ngpool_crds::{LocalMachine, load, resolve};
use ngpool_fuzz::MemoryFiles;
use ngpool_rpc::v1::{self, SubmitOutcome};
use ngpool_store::Batch;
use ngstratum::journal::{
    BlockJournal, JobCurrency, JournalOptions, ShareJournal, ShareRecord, SolvedBlock, WeightSet,
};
use prost::Message;

fn main() {
    let content = share_journal();
    messages(&content);
    block_journal();
    template_stream();
    sealed_sums();
    documents();
    signer();
}

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
}

/// `flags | u16 length of the first file | first file | second file`, as it is and repaired.
fn write_files(target: &str, name: &str, first: &[u8], second: &[u8]) {
    for (flags, name) in [(0, name.to_owned()), (1, format!("{name}-repaired"))] {
        let mut bytes = vec![flags];
        bytes.extend(u16::try_from(first.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(first);
        bytes.extend_from_slice(second);
        write(target, &name, &bytes);
    }
}

fn share_journal() -> Vec<u8> {
    let files = MemoryFiles::default();
    let options = JournalOptions {
        sync_every: None,
        clock: Arc::new(|| 1_700_000_000_000),
        ..JournalOptions::new("main", 1 << 30, 100)
    };
    let journal = ShareJournal::open(Path::new("/s"), options, files.clone()).unwrap();
    let share = |worker: &str, work, codes: &[&str]| ShareRecord {
        user: "rltc1qf5ewen2s0f0t6rfehmg5qvyf0jmlkzxqgpvvkx".into(),
        worker: worker.into(),
        work: Work(work),
        set: Arc::new(WeightSet {
            currencies: codes
                .iter()
                .map(|code| JobCurrency {
                    code: (*code).to_owned(),
                    network_work: Work(1 << 40),
                    coinbase_value: Amount(5_000_000_000),
                })
                .collect(),
        }),
    };
    journal
        .append(&[share("a", 65_537, &["LTC", "DOGE"]), share("", 7, &["LTC"])])
        .unwrap();
    journal.reject(&"user".into(), &"a".into(), "stale", Work(7));
    journal.close(false).unwrap();
    journal.append(&[share("b", 1 << 70, &["LTC"])]).unwrap();
    journal.close(false).unwrap();
    let content = journal.batch(1).unwrap().unwrap().content.to_vec();
    journal.append(&[share("c", 1, &["DOGE", "LTC"])]).unwrap();
    let contents = files.contents();
    let file = |prefix: &str| {
        let found = contents
            .iter()
            .find(|(path, _)| path.to_string_lossy().contains(prefix));
        found.unwrap().1.clone()
    };
    let (raw, batches) = (file("raw-"), file("batches-"));
    write_files("share_journal", "raw-and-batches", &raw, &batches);
    write_files("share_journal", "raw", &raw, &[]);
    write_files("share_journal", "batches", &[], &batches);
    write_files(
        "share_journal",
        "torn",
        &raw[..raw.len() - 3],
        &batches[..batches.len() - 3],
    );
    write("batch_content", "merged", &content);
    write(
        "batch_content",
        "plain",
        &journal.batch(2).unwrap().unwrap().content,
    );
    content
}

fn messages(content: &[u8]) {
    let batch = v1::Batch {
        producer: Bytes::from_static(&[2; 16]),
        number: 1,
        previous_digest: Bytes::from_static(&[0; 32]),
        digest: Bytes::copy_from_slice(&Batch::digest_of(&[0; 32], 1, content)),
        content: Bytes::copy_from_slice(content),
    };
    write("ledger_messages", "batch", &batch.encode_to_vec());
    let report = v1::BlockReport {
        currency: "LTC".into(),
        hash: Bytes::from_static(&[1; 32]),
        height: 440,
        previous_hash: Bytes::from_static(&[2; 32]),
        bits: 0x207f_ffff,
        sharechain: "main".into(),
        port: "main".into(),
        user: "user".into(),
        worker: "rig\n".into(),
        coinbase_txid: Bytes::from_static(&[3; 32]),
        reward: 5_000_000_000,
        coinbase_vout: 0,
        script: Bytes::from_static(&[0x51]),
        found_ms: 1_700_000_000_000,
        answers: vec![v1::NodeAnswer {
            node: "litecoin-a".into(),
            outcome: SubmitOutcome::Accepted.into(),
            reason: "duplicate".into(),
        }],
        pow_hash: Bytes::from_static(&[4; 32]),
        r#final: true,
    };
    write("ledger_messages", "block", &report.encode_to_vec());
    let live = v1::LiveReport {
        producer: Bytes::from_static(&[2; 16]),
        port: "main".into(),
        round: 7,
        last: true,
        connections: 3,
        workers: vec![v1::LiveWorker {
            user: "user".into(),
            worker: "rig".into(),
            connections: 1,
            difficulty: 0.5,
            hash_rate: 1e6,
            last_share_ms: 1_700_000_000_000,
            user_agent: "cgminer/4.11.1".into(),
        }],
    };
    write("ledger_messages", "live", &live.encode_to_vec());
}

fn block_journal() {
    let solved = |hash: u8, block: Option<&'static [u8]>| SolvedBlock {
        currency: "LTC".into(),
        hash: BlockHash::from_bytes([hash; 32]),
        height: Height(440),
        previous_hash: BlockHash::from_bytes([2; 32]),
        bits: 0x207f_ffff,
        sharechain: "main".into(),
        port: "main".into(),
        user: "user".into(),
        worker: "rig".into(),
        coinbase_txid: Txid::from_bytes([3; 32]),
        reward: Amount(5_000_000_000),
        coinbase_vout: 0,
        script: Bytes::from_static(&[0x51]),
        found_ms: 1_700_000_000_000,
        pow_hash: [4; 32],
        node: "litecoin-a".into(),
        template_id: Bytes::from_static(b"template"),
        header: Bytes::from_static(&[5; 80]),
        coinbase: Bytes::from_static(&[6; 100]),
        block: block.map(Bytes::from_static),
        proof: Bytes::new(),
    };
    let files = MemoryFiles::default();
    let journal = BlockJournal::open(Path::new("/b"), Arc::new(|| 7), files.clone()).unwrap();
    journal.append(&solved(1, Some(b"block"))).unwrap();
    journal.append(&solved(2, None)).unwrap();
    let hash = BlockHash::from_bytes([2; 32]);
    journal
        .complete(hash, Bytes::from_static(b"whole"))
        .unwrap();
    journal
        .answered(hash, "litecoin-a", SubmitOutcome::Rejected, "high-hash")
        .unwrap();
    journal.finished(hash).unwrap();
    let contents: Vec<_> = files.contents().into_values().collect();
    write_files("block_journal", "two", &contents[0], &contents[1]);
    write_files(
        "block_journal",
        "torn",
        &contents[0][..200],
        &contents[1][..400],
    );
}

fn template_stream() {
    use v1::template_event::Event;
    let head = v1::TemplateHead {
        template_id: Bytes::from_static(b"one"),
        previous_hash: Bytes::from_static(&[1; 32]),
        height: 440,
        version: 0x2000_0000,
        bits: 0x207f_ffff,
        min_time: 1_700_000_000,
        current_time: 1_700_000_100,
        coinbase_value: 5_000_000_000,
        merkle_branch: vec![Bytes::from_static(&[7; 32])],
        witness_commitment: Bytes::from_static(&[0x6a; 38]),
        chain_work: Bytes::from_static(&[0; 32]),
        has_mweb: true,
        transaction_count: 1,
        received_ms: 1_700_000_000_000,
        currency: "BTC".into(),
        ..v1::TemplateHead::default()
    };
    let body = v1::TemplateBody {
        template_id: Bytes::from_static(b"one"),
        transactions: vec![v1::TemplateTransaction {
            txid: Bytes::from_static(&[7; 32]),
            data: Some(Bytes::from_static(b"data")),
        }],
        mweb: Bytes::from_static(b"mweb"),
    };
    let health = v1::NodeHealth {
        reason: "no peers".into(),
        ..v1::NodeHealth::default()
    };
    let mut bytes = Vec::new();
    for event in [
        Event::Heartbeat(v1::Heartbeat {}),
        Event::Head(head),
        Event::Body(body),
    ] {
        let message = v1::TemplateEvent { event: Some(event) }.encode_to_vec();
        bytes.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
        bytes.extend(message);
    }
    write("template_stream", "head-and-body", &bytes);
    let message = v1::TemplateEvent {
        event: Some(Event::Health(health)),
    }
    .encode_to_vec();
    bytes.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
    bytes.extend(message);
    write("template_stream", "unwell", &bytes);
}

/// By hand: `u16 length of the sums | sums | weights`.
fn sealed_sums() {
    let seal = |name: &str, sums: &[u8], weights: &[u8]| {
        let mut bytes = u16::try_from(sums.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend_from_slice(sums);
        bytes.extend_from_slice(weights);
        write("sealed_sums", name, &bytes);
    };
    let sums = b"\x01\x02\x08DOGE,LTC\x03LTC\x02\x01a\x02\0\x02\x01\0\x05\x01\x01\x07\x01\x01b\x01\x01\x01\x09\x03";
    seal(
        "two-users",
        sums,
        b"\x01\x01\x01\x01\x02\x01\x03\x01\x04\x01\x05\x01\x06\x01\x07\x01\x08",
    );
    seal("none", b"\x01\0\0", b"\x01");
    // Once read one user beyond the last.
    seal("last-user-without-entries", b"\x01\0\x01\0\0", b"\x01");
}

fn documents() {
    let example = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/litecoin-regtest"
    ));
    let objects = load(&[example]).expect("the example is right");
    let documents = resolve(&objects, &LocalMachine::for_checking(&objects)).expect("and resolves");
    let json = |name: &str, document: Vec<u8>| write("documents", name, &document);
    json(
        "coinserver",
        serde_json::to_vec(&documents.coinservers[0]).unwrap(),
    );
    json(
        "stratum",
        serde_json::to_vec(&documents.stratum[0]).unwrap(),
    );
    json("ledger", serde_json::to_vec(&documents.ledgers[0]).unwrap());
    json(
        "payout",
        serde_json::to_vec(&documents.payouts[0].settings).unwrap(),
    );
    json("web", serde_json::to_vec(&documents.web).unwrap());
}

/// PSBTs from coins of every kind of key, requests with them, and what goes back.
fn signer() {
    use bitcoin::{
        Amount as Value, OutPoint, Psbt, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
        absolute::LockTime, transaction::Version,
    };
    use ngpool_signing::{
        encoding::{Base64, Hex, RawTransaction},
        request::{
            FORMAT, Outcome, PayeePart, Payout, Poll, Position, Request, Response, SignedPayout,
            SignedVersion, SignedVersions, Statement, StatementsAfter, Task,
        },
    };
    let input = |previous_output, script_sig| TxIn {
        previous_output,
        script_sig,
        sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
        witness: Witness::new(),
    };
    let output = |script_pubkey: &ScriptBuf, value| TxOut {
        value: Value::from_sat(value),
        script_pubkey: script_pubkey.clone(),
    };
    let transaction = |input, output| Transaction {
        version: Version::TWO,
        lock_time: LockTime::ZERO,
        input,
        output,
    };
    let keys = ngpool_fuzz::KEYRING.keys();
    let coin = |place: usize| {
        let paid = OutPoint::new(
            "aa".repeat(32).parse().unwrap(),
            u32::try_from(place).unwrap(),
        );
        transaction(
            vec![input(paid, ScriptBuf::from_bytes(vec![0x51]))],
            vec![output(keys[place].script(), 1_000_000)],
        )
    };
    let payee = keys[1].script();
    let psbt = |places: &[usize]| {
        let coins: Vec<_> = places.iter().map(|place| coin(*place)).collect();
        let inputs = coins
            .iter()
            .map(|coin| input(OutPoint::new(coin.compute_txid(), 0), ScriptBuf::new()));
        let spent = 1_000_000 * coins.len() as u64;
        let outputs = vec![output(payee, 400_000), output(payee, spent - 402_000)];
        let unsigned = transaction(inputs.collect(), outputs);
        let mut psbt = Psbt::from_unsigned_tx(unsigned).unwrap();
        for (input, coin) in psbt.inputs.iter_mut().zip(coins) {
            input.non_witness_utxo = Some(coin);
        }
        psbt
    };
    let write_psbt = |name: &str, psbt: &Psbt| {
        let bytes = psbt.serialize();
        ngsign::psbt::Checked::parse(&bytes, &ngpool_fuzz::KEYRING).unwrap();
        write("signer_psbt", name, &bytes);
    };
    let names = ["pkh", "wpkh", "sh-wpkh", "tr", "multisig", "device"];
    for (place, name) in names.iter().enumerate() {
        write_psbt(name, &psbt(&[place]));
    }
    let all = psbt(&[0, 1, 2, 3]);
    write_psbt("all", &all);
    let mut stated = psbt(&[3]);
    stated.inputs[0].witness_utxo =
        Some(stated.inputs[0].non_witness_utxo.take().unwrap().output[0].clone());
    write_psbt("stated", &stated);

    let anchor = all.unsigned_tx.input[0].previous_output;
    let payees = vec![PayeePart {
        payee: "alice".to_owned(),
        script: payee.clone(),
        amount: 400_000,
        fee_share: 3,
    }];
    let genesis_hash = BlockHash::from_bytes([7; 32]);
    let request = |task| Request {
        format: FORMAT,
        currency: "RLTC".to_owned(),
        genesis_hash,
        statements: vec![Statement {
            body: Base64(b"ngpool/statement/1\n".to_vec()),
            digest: Hex([1; 32]),
            signature: Hex([2; 64]),
        }],
        task,
    };
    let payout = Payout {
        number: 1,
        version: 1,
        anchor,
        payees: payees.clone(),
        fee: 2000,
        psbt: Base64(all.serialize()),
    };
    let json = |target: &str, name: &str, document: serde_json::Value| {
        write(target, name, document.to_string().as_bytes());
    };
    for (name, task) in [
        ("sign", Some(Task::Sign(payout))),
        ("void", Some(Task::Void { number: 3 })),
        ("book", None),
    ] {
        json(
            "signer_request",
            name,
            serde_json::to_value(request(task)).unwrap(),
        );
    }

    let position = Position {
        payout: 4,
        statements: vec![StatementsAfter {
            sharechain: "main".to_owned(),
            after: 9,
        }],
        scripts: Vec::new(),
    };
    let poll = Poll {
        format: FORMAT,
        currency: "RLTC".to_owned(),
        genesis_hash,
        position: position.clone(),
    };
    json(
        "signer_exchange",
        "poll",
        serde_json::to_value(poll).unwrap(),
    );
    let whole = RawTransaction(coin(1));
    let signed = SignedVersions {
        anchor,
        payees,
        versions: vec![SignedVersion {
            version: 1,
            fee: 2000,
            signed_at: 1_700_000_000,
            unsigned: whole.clone(),
            transaction: Some(whole.clone()),
        }],
    };
    for (name, outcome) in [
        (
            "signed",
            Outcome::Signed {
                txid: whole.0.compute_txid(),
                transaction: whole,
                again: true,
            },
        ),
        ("voided", Outcome::Voided {}),
        ("booked", Outcome::Booked {}),
        (
            "waiting",
            Outcome::Waiting {
                text: "a device".to_owned(),
            },
        ),
        (
            "refused",
            Outcome::Refused {
                reason: "credit".to_owned(),
                text: "no".to_owned(),
                payees: Vec::new(),
            },
        ),
        (
            "needs",
            Outcome::Needs {
                statements: position.statements.clone(),
                payouts: vec![SignedPayout {
                    number: 4,
                    signed: Some(signed),
                    released: true,
                }],
            },
        ),
    ] {
        let response = Response {
            format: FORMAT,
            currency: "RLTC".to_owned(),
            genesis_hash,
            number: (name != "booked").then_some(4),
            version: (name == "signed").then_some(1),
            position: position.clone(),
            outcome,
        };
        json(
            "signer_exchange",
            name,
            serde_json::to_value(response).unwrap(),
        );
    }
    let one = "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9";
    let two = "03fff97bd5755eeea420453a14355235d382f6472f8568a18b2f057a1460297556";
    for (name, text) in [
        ("wpkh-origin", format!("wpkh([d34db33f/84h/2h/0h]{one})")),
        ("pkh", format!("pkh({two})")),
        ("tr", format!("tr({})", &one[2..])),
        ("sh-wpkh", format!("sh(wpkh({one}))")),
        (
            "sortedmulti",
            format!("wsh(sortedmulti(1,{one},[d34db33f]{two}))"),
        ),
        ("multi", format!("wsh(multi(2,{two},{one}))")),
        (
            "checksum",
            "pkh(KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn)#aaaaaaaa".to_owned(),
        ),
    ] {
        write("signer_descriptor", name, text.as_bytes());
    }
}
