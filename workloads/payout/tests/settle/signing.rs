//! A real signer beside a test pool: its own files, asked as the web would hand the pool's requests on.

use std::path::PathBuf;

use age::secrecy::ExposeSecret;
use bitcoin::{OutPoint, ScriptBuf, Txid, hashes::Hash};
use ngpool_chain::{Address, Network, PrivateKey};
use ngpool_signing::{
    encoding::{Base64, Hex},
    request::{
        FORMAT, Outcome, PayeePart, Payout, Request, Response, Statement, StatementsAfter, Task,
    },
};
use ngpool_store::{OpenTask, PayoutRow, SignedStatement};
use ngsign::{
    journal::Journal,
    keyring::{Key, Kind, address_of},
    keystore::{Keystore, Unlock},
    policy::Policy,
    signer::Signer,
};
use tempfile::TempDir;

use crate::{pool::Pool, world::CODE};

pub struct Signing {
    signer: Signer,
    _files: TempDir,
}

fn network() -> Network {
    Network::preset("litecoin-regtest").unwrap()
}

fn key(kind: Kind) -> Key {
    let wif = PrivateKey::from_bytes(&[7; 32]).unwrap().to_wif(&network());
    Key::parse(&kind.descriptor(&wif), &network()).unwrap()
}

/// Where the signer's coins of a kind are paid to.
pub fn own_address(kind: Kind) -> String {
    address_of(&key(kind), &network())
        .unwrap()
        .as_str()
        .to_owned()
}

/// A payee's address: his name in the books.
pub fn payee(seed: u8) -> String {
    let key = PrivateKey::from_bytes(&[seed; 32]).unwrap();
    key.p2wpkh(&network()).unwrap().to_string()
}

pub fn script_of(address: &str) -> Vec<u8> {
    Address::parse(address, &network())
        .unwrap()
        .script()
        .to_vec()
}

impl Signing {
    /// A signer with a key of a kind, that believes the statements of a pool.
    pub async fn new(pool: &Pool, kind: Kind) -> Self {
        Self::with_kinds(pool, &[kind]).await
    }

    /// The same with a key of each of some kinds, all of which change may go to.
    pub async fn with_kinds(pool: &Pool, kinds: &[Kind]) -> Self {
        Self::with_scripts(pool, kinds, "{hours: 0, limit: 0}").await
    }

    /// The same with a rule for new scripts.
    pub async fn with_scripts(pool: &Pool, kinds: &[Kind], scripts: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = |name: &str| -> PathBuf { files.path().join(name) };
        let identity = age::x25519::Identity::generate();
        let unlock = Unlock::Identity(identity.to_string().expose_secret().to_owned().into());
        let statement = pool
            .payout
            .last_statement(CODE, "main")
            .await
            .unwrap()
            .unwrap();
        let policy = format!(
            "format: 1\n\
             currency: {CODE}\n\
             statementKeys: [{}]\n\
             limits: {{payout: 100000000000, day: 1000000000000, payeeDay: 1000000000000}}\n\
             fee: {{transaction: 10000000, day: 100000000, rate: 10000}}\n\
             newScripts: {scripts}\n\
             maxChangeOutputs: {}\n\
             poolFeeAddresses: [{}]\n\
             maxBlockReward: 100000000000\n",
            hex::encode(statement.key),
            kinds.len(),
            payee(99)
        );
        let policy = Policy::parse(&policy, &network()).unwrap();
        let journal = Journal::create(&path("journal"), [9; 16]).unwrap();
        let mut keystore =
            Keystore::create(&path("keystore"), unlock, CODE, network(), journal.marker()).unwrap();
        for kind in kinds {
            keystore.add(key(*kind)).unwrap();
        }
        Self {
            signer: Signer::new(keystore, journal, policy).unwrap(),
            _files: files,
        }
    }

    /// One turn: what the pool asks is answered, and the answer is in its inbox. The outcome, if
    /// anything was asked.
    pub async fn turn(&mut self, pool: &Pool) -> Option<Outcome> {
        let response = self.answer(pool).await?;
        deliver(pool, &response).await;
        Some(response.outcome)
    }

    /// What the signer answers to what the pool asks; nobody hears of it.
    pub async fn answer(&mut self, pool: &Pool) -> Option<Response> {
        let open = pool.payout.open_request(CODE).await.unwrap()?;
        let task = match open.task {
            OpenTask::Sign { payout, version } => Task::Sign(asked(&payout, version)),
            OpenTask::Void { number } => Task::Void { number },
            OpenTask::Tell { after } => Task::Tell {
                after: after
                    .into_iter()
                    .map(|(sharechain, after)| StatementsAfter { sharechain, after })
                    .collect(),
            },
        };
        let statements = pool.payout.statements(CODE, "main", 0, 1000).await.unwrap();
        let request = Request {
            format: FORMAT,
            currency: CODE.to_owned(),
            genesis_hash: network().genesis_hash,
            statements: statements.iter().map(statement).collect(),
            task: Some(task),
        };
        Some(self.signer.answer(&request, 1_790_000_000).unwrap())
    }
}

/// Puts an answer into the pool's inbox, as the web does.
pub async fn deliver(pool: &Pool, response: &Response) {
    let web = crate::pool::open(&pool.database.url_of("web"));
    let body = serde_json::to_vec(response).unwrap();
    let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    web.receive_signer_message(CODE, &body, now).await.unwrap();
    let position = serde_json::to_value(&response.position).unwrap();
    web.see_signer(CODE, response.position.payout, &position, now)
        .await
        .unwrap();
}

fn asked(payout: &PayoutRow, version: u32) -> Payout {
    let stored = payout.version(version).unwrap();
    let anchor = payout.anchor.unwrap();
    Payout {
        number: payout.number,
        version,
        anchor: OutPoint {
            txid: Txid::from_byte_array(anchor.txid.to_bytes()),
            vout: anchor.vout,
        },
        payees: payout
            .parts
            .iter()
            .map(|part| PayeePart {
                payee: part.payee.clone(),
                script: ScriptBuf::from_bytes(part.script.clone()),
                amount: part.amount.0 as u64,
                fee_share: part.fee_share.0 as u64,
            })
            .collect(),
        fee: stored.fee.0 as u64,
        psbt: Base64(stored.psbt.clone().unwrap()),
    }
}

fn statement(stored: &SignedStatement) -> Statement {
    Statement {
        body: Base64(stored.body.clone()),
        digest: Hex(stored.digest),
        signature: Hex(stored.signature),
    }
}
