//! A pool for tests: its statement key, its statements and its coins.

use std::collections::BTreeMap;

use bitcoin::{
    Amount, OutPoint, Psbt, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
    absolute::LockTime, transaction::Version,
};
use ed25519_dalek::{Signer as _, SigningKey};
use ngpool_accounting::{Payee, StatementBody, StatementEntry, Subject};
use ngpool_chain::{Address, BlockHash, Network, PrivateKey};
use ngsign::{
    encoding::{Base64, Hex},
    journal::Journal,
    keyring::{Key, Kind},
    keystore::{Keystore, Unlock},
    policy::Policy,
    request::{FORMAT, Outcome, PayeePart, Payout, Request, Response, Statement, Task},
    rules::ledger::NumberRefusal,
    signer::{Handed, Signer, release},
};
use tempfile::TempDir;

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const KINDS: [Kind; 4] = [Kind::P2pkh, Kind::P2wpkh, Kind::P2shP2wpkh, Kind::P2tr];
pub(crate) const COIN: u64 = 100_000_000;

pub(crate) fn network() -> Network {
    Network::preset("litecoin-regtest").unwrap()
}

pub(crate) fn wif(seed: u8) -> String {
    PrivateKey::from_bytes(&[seed; 32])
        .unwrap()
        .to_wif(&network())
}

/// A key of the signer.
pub(crate) fn own(kind: Kind) -> Key {
    Key::parse(&kind.descriptor(&wif(7)), &network()).unwrap()
}

/// The address of a payee: its name in the books.
pub(crate) fn payee(seed: u8) -> String {
    let key = PrivateKey::from_bytes(&[seed; 32]).unwrap();
    key.p2wpkh(&network()).unwrap().to_string()
}

pub(crate) fn script_of(address: &str) -> ScriptBuf {
    let address = Address::parse(address, &network()).unwrap();
    ScriptBuf::from_bytes(address.script().to_vec())
}

/// Policies by text, so that the format is what is tested.
pub(crate) fn policy(change: &str) -> Policy {
    Policy::parse(&policy_text(change), &network()).unwrap()
}

pub(crate) fn policy_text(change: &str) -> String {
    let key = hex::encode(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    let mut fields: BTreeMap<&str, String> = [
        ("format", "1"),
        ("currency", "RLTC"),
        (
            "limits",
            "{payout: 100000000000, day: 100000000000, payeeDay: 100000000000}",
        ),
        ("fee", "{transaction: 1000000, day: 10000000, rate: 10000}"),
        ("newScripts", "{hours: 0, limit: 0}"),
        ("maxChangeOutputs", "1"),
        ("maxBlockReward", "100000000000"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .collect();
    fields.insert("statementKeys", format!("[{key}]"));
    if let Some((name, value)) = change.split_once(": ") {
        fields.insert(name, value.to_owned());
    }
    let lines: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.join("\n")
}

/// A signer on its own files, and the pool that asks it.
pub(crate) struct Scene {
    pub(crate) folder: TempDir,
    pub(crate) signer: Option<Signer>,
    pub(crate) policy: Policy,
    last: BTreeMap<String, (u64, [u8; 32])>,
    coins: u32,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with_policy("")
    }

    pub(crate) fn with_policy(change: &str) -> Self {
        Self::holding(change, KINDS.map(own))
    }

    pub(crate) fn holding(change: &str, keys: impl IntoIterator<Item = Key>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        std::fs::write(
            folder.path().join("identity"),
            age::secrecy::ExposeSecret::expose_secret(&identity.to_string()),
        )
        .unwrap();
        let mut scene = Self {
            folder,
            signer: None,
            policy: policy(change),
            last: BTreeMap::new(),
            coins: 0,
        };
        let journal = Journal::create(&scene.path("journal"), [9; 16]).unwrap();
        let (path, unlock) = (scene.path("keystore"), scene.unlock());
        let mut keystore =
            Keystore::create(&path, unlock, "RLTC", network(), journal.marker()).unwrap();
        for key in keys {
            keystore.add(key).unwrap();
        }
        scene.signer = Some(Signer::new(keystore, journal, scene.policy.clone()).unwrap());
        scene
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn unlock(&self) -> Unlock {
        let text = std::fs::read_to_string(self.path("identity")).unwrap();
        Unlock::Identity(text.into())
    }

    /// Ends the signer and starts it on its files.
    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.signer = None;
        let locked = Journal::lock(&self.path("journal"))?;
        let keystore = Keystore::open(&self.path("keystore"), self.unlock())?;
        let journal = Journal::open(locked, keystore.journal())?;
        self.signer = Some(Signer::new(keystore, journal, self.policy.clone())?);
        Ok(())
    }

    /// Releases a payout by hand.
    pub(crate) fn release(&mut self, number: u64) -> anyhow::Result<Result<bool, NumberRefusal>> {
        self.signer = None;
        let locked = Journal::lock(&self.path("journal"))?;
        let mut keystore = Keystore::open(&self.path("keystore"), self.unlock())?;
        let mut journal = Journal::open(locked, keystore.journal())?;
        let released = release(&mut keystore, &mut journal, number, NOW)?;
        drop(journal);
        self.restart()?;
        Ok(released)
    }

    /// The next statement of a chain.
    pub(crate) fn body(&self, sharechain: &str, credits: &[(&str, u64)]) -> StatementBody {
        let (number, previous) = self.last.get(sharechain).copied().unwrap_or_default();
        let entries = credits.iter().map(|(name, amount)| {
            let script = Address::parse(name, &network())
                .map(|address| address.script().to_vec())
                .unwrap_or_default();
            let entry = StatementEntry {
                script,
                amount: *amount,
            };
            (Payee::new(*name), entry)
        });
        let sum = credits.iter().map(|(_, amount)| amount).sum::<u64>() + 10;
        let mut block = [0; 32];
        block[..8].copy_from_slice(&(number + 1).to_be_bytes());
        block[8] = sharechain.as_bytes()[0];
        StatementBody {
            currency: "RLTC".to_owned(),
            genesis: genesis().to_bytes(),
            sharechain: sharechain.to_owned(),
            number: number + 1,
            previous,
            subject: Subject::Block {
                hash: block,
                height: 5,
                reward: sum,
            },
            amount: sum,
            fee: 10,
            donation: 0,
            reserve: 0,
            bonus: 0,
            root: [0; 32],
            entries: entries.collect(),
        }
    }

    /// Goes on after a statement.
    pub(crate) fn keep(&mut self, body: &StatementBody) {
        let last = (body.number, body.digest());
        self.last.insert(body.sharechain.clone(), last);
    }

    /// Credits on the chain `main`.
    pub(crate) fn credit(&mut self, credits: &[(&str, u64)]) -> Statement {
        let body = self.body("main", credits);
        self.last
            .insert("main".to_owned(), (body.number, body.digest()));
        signed(&body)
    }

    /// A coin of ours, as its previous transaction.
    pub(crate) fn coin(&mut self, kind: Kind, value: u64) -> Transaction {
        self.coin_to(own(kind).script(), value)
    }

    /// A coin of a script.
    pub(crate) fn coin_to(&mut self, script: &ScriptBuf, value: u64) -> Transaction {
        self.coins += 1;
        let mut coin = transaction(
            vec![OutPoint::new("aa".repeat(32).parse().unwrap(), self.coins)],
            vec![output(script, value)],
        );
        coin.input[0].script_sig = ScriptBuf::from_bytes(vec![1]);
        coin
    }

    pub(crate) fn ask(&mut self, request: &Request) -> Response {
        self.ask_at(request, NOW)
    }

    pub(crate) fn cosign(&mut self, request: &Request) -> Handed {
        self.signer.as_mut().unwrap().cosign(request, NOW).unwrap()
    }

    pub(crate) fn export(&mut self, request: &Request) -> Handed {
        self.signer.as_mut().unwrap().export(request, NOW).unwrap()
    }

    pub(crate) fn import(&mut self, psbts: &[Psbt]) -> Handed {
        self.signer.as_mut().unwrap().import(psbts, NOW).unwrap()
    }

    pub(crate) fn ask_at(&mut self, request: &Request, now: i64) -> Response {
        self.signer.as_mut().unwrap().answer(request, now).unwrap()
    }
}

pub(crate) fn genesis() -> BlockHash {
    network().genesis_hash
}

pub(crate) fn signed(body: &StatementBody) -> Statement {
    let bytes = body.encode();
    Statement {
        digest: Hex(body.digest()),
        signature: Hex(SigningKey::from_bytes(&[1; 32]).sign(&bytes).to_bytes()),
        body: Base64(bytes),
    }
}

pub(crate) fn output(script: &ScriptBuf, value: u64) -> TxOut {
    TxOut {
        value: Amount::from_sat(value),
        script_pubkey: script.clone(),
    }
}

pub(crate) fn transaction(inputs: Vec<OutPoint>, outputs: Vec<TxOut>) -> Transaction {
    Transaction {
        version: Version::TWO,
        lock_time: LockTime::ZERO,
        input: inputs
            .into_iter()
            .map(|previous_output| TxIn {
                previous_output,
                script_sig: ScriptBuf::new(),
                sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
                witness: Witness::new(),
            })
            .collect(),
        output: outputs,
    }
}

pub(crate) fn part(payee: &str, amount: u64) -> PayeePart {
    PayeePart {
        payee: payee.to_owned(),
        script: script_of(payee),
        amount,
        fee_share: 0,
    }
}

/// The PSBT of a payout that pays nobody: everything but the fee to our own P2WPKH script, from the
/// given outputs.
pub(crate) fn own_psbt(coins: &[(&Transaction, u32)], fee: u64) -> Psbt {
    let inputs = coins
        .iter()
        .map(|(coin, vout)| OutPoint::new(coin.compute_txid(), *vout));
    let spent: u64 = coins
        .iter()
        .map(|(coin, vout)| coin.output[usize::try_from(*vout).unwrap()].value.to_sat())
        .sum();
    let outputs = vec![output(own(Kind::P2wpkh).script(), spent - fee)];
    let mut psbt = Psbt::from_unsigned_tx(transaction(inputs.collect(), outputs)).unwrap();
    for (input, (coin, _)) in psbt.inputs.iter_mut().zip(coins) {
        input.non_witness_utxo = Some((*coin).clone());
    }
    psbt
}

/// The PSBT of a payout from coins, change to our own P2WPKH script.
pub(crate) fn psbt(coins: &[Transaction], parts: &[PayeePart], fee: u64) -> Psbt {
    psbt_back_to(own(Kind::P2wpkh).script(), coins, parts, fee)
}

/// The PSBT of a payout from coins, change to a script.
pub(crate) fn psbt_back_to(
    change: &ScriptBuf,
    coins: &[Transaction],
    parts: &[PayeePart],
    fee: u64,
) -> Psbt {
    let inputs = coins
        .iter()
        .map(|coin| OutPoint::new(coin.compute_txid(), 0))
        .collect();
    let spent: u64 = coins.iter().map(|coin| coin.output[0].value.to_sat()).sum();
    let paid: u64 = parts.iter().map(|part| part.amount).sum();
    let mut outputs: Vec<TxOut> = parts
        .iter()
        .map(|part| output(&part.script, part.amount))
        .collect();
    outputs.push(output(change, spent - paid - fee));
    let mut psbt = Psbt::from_unsigned_tx(transaction(inputs, outputs)).unwrap();
    for (input, coin) in psbt.inputs.iter_mut().zip(coins) {
        input.non_witness_utxo = Some(coin.clone());
    }
    psbt
}

pub(crate) fn payout(number: u64, parts: &[PayeePart], fee: u64, psbt: &Psbt) -> Payout {
    Payout {
        number,
        version: 1,
        anchor: psbt.unsigned_tx.input[0].previous_output,
        payees: parts.to_vec(),
        fee,
        psbt: Base64(psbt.serialize()),
    }
}

pub(crate) fn request(statements: Vec<Statement>, task: Task) -> Request {
    Request {
        format: FORMAT,
        currency: "RLTC".to_owned(),
        genesis_hash: genesis(),
        statements,
        task: Some(task),
    }
}

/// The answer that a step with others came to.
pub(crate) fn answered(handed: Handed) -> Response {
    match handed {
        Handed::Answer(response) => *response,
        other => panic!("no answer: {other:?}"),
    }
}

/// The next signer's request, and how many signatures are lacking.
pub(crate) fn passed_on(handed: Handed) -> (Request, usize) {
    match handed {
        Handed::PassOn { request, lacking } => (*request, lacking),
        other => panic!("not passed on: {other:?}"),
    }
}

/// Code of a refusal; another outcome fails the test.
pub(crate) fn reason(response: &Response) -> String {
    match &response.outcome {
        Outcome::Refused { reason, text, .. } => {
            assert!(!text.is_empty());
            reason.clone()
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// The transaction that was signed, and whether again.
pub(crate) fn given(response: &Response) -> (Transaction, bool) {
    match &response.outcome {
        Outcome::Signed {
            transaction, again, ..
        } => (transaction.0.clone(), *again),
        other => panic!("not signed: {other:?}"),
    }
}
