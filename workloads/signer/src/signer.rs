//! One signer: its keys, its journal and its policy, answering requests one by one.
//!
//! Order of every signature: rules → sign and verify → journal on the disk → marker sealed in the
//! keystore → handed out. Whatever is cut off in between, the next request for the same payout is
//! given the same transaction.

mod others;

use ngpool_chain::{BlockHash, Network};
use thiserror::Error;

use crate::{
    books::{Books, PayoutBooks, Record, SignedResult, Timestamp},
    encoding::RawTransaction,
    journal::{Journal, JournalError},
    keyring::Keyring,
    keystore::{Keystore, KeystoreError},
    policy::Policy,
    psbt::{self, Checked, PsbtRefusal, SigningError},
    request::{
        FORMAT, Outcome, Payout, Position, Request, Response, SignedPayout, SignedVersion,
        SignedVersions, Statement, StatementsAfter, Task,
    },
    rules::{
        self, Approved, Context, Decision, Refusal, VoidDecision,
        ledger::{Mark, NumberRefusal},
    },
    statements::{self, StatementRefusal, StatementRules},
};

pub use others::Handed;

/// Most payouts given to a pool that is behind in one answer; it books them and asks again.
const MOST_PAYOUTS: usize = 100;
/// Most bytes of them; half of what a pool reads, because JSON is written with spaces into files.
const MOST_BYTES: usize = 8 << 20;

/// A signer.
pub struct Signer {
    keystore: Keystore,
    journal: Journal,
    policy: Policy,
    genesis: BlockHash,
}

/// Why a signer cannot work at all. Refusals are answers, not errors.
#[derive(Debug, Error)]
pub enum SignerError {
    /// Policy and keystore are of different currencies.
    #[error("the policy is for {policy}, the keystore for {keystore}")]
    Currency {
        /// The policy's.
        policy: String,
        /// The keystore's.
        keystore: String,
    },
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The keystore.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// A signature.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// Takes a signed payout out of what counts as paid, because its operator verified that none of its
/// versions can ever confirm. Whether it was new; a refusal where there is nothing to release.
pub fn release(
    keystore: &mut Keystore,
    journal: &mut Journal,
    number: u64,
    clock: Timestamp,
) -> Result<Result<bool, NumberRefusal>, SignerError> {
    let books = journal.books();
    let is_new = match books.ledger().release(number) {
        Ok(mark) => mark == Mark::Record,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if is_new {
        let at = books.time(clock);
        journal.append(&[Record::Released { number, at }])?;
    }
    keystore.seal(journal.marker())?;
    Ok(Ok(is_new))
}

impl Signer {
    /// Puts the parts together.
    pub fn new(keystore: Keystore, journal: Journal, policy: Policy) -> Result<Self, SignerError> {
        check_currency(&policy, &keystore)?;
        let genesis = keystore.network().genesis_hash;
        Ok(Self {
            keystore,
            journal,
            policy,
            genesis,
        })
    }

    /// Goes by another policy from now on; one of another currency is refused, and the old one stays.
    pub fn set_policy(&mut self, policy: Policy) -> Result<(), SignerError> {
        check_currency(&policy, &self.keystore)?;
        self.policy = policy;
        Ok(())
    }

    /// Its chain.
    pub const fn network(&self) -> &Network {
        self.keystore.network()
    }

    /// Code of its currency.
    pub fn currency(&self) -> &str {
        self.keystore.currency()
    }

    /// Its keys.
    pub const fn keyring(&self) -> &Keyring {
        self.keystore.keyring()
    }

    /// Hash of its chain's block 0.
    pub const fn genesis(&self) -> BlockHash {
        self.genesis
    }

    /// What it knows.
    pub const fn books(&self) -> &Books {
        self.journal.books()
    }

    /// How far its books go, and what it can sign for.
    pub fn position(&self) -> Position {
        let books = self.books();
        let keys = self.keyring().keys().iter();
        Position {
            payout: books.last_payout(),
            statements: books.stated(),
            scripts: keys.map(|key| key.script().clone()).collect(),
        }
    }

    /// Answers one request at a time of the clock.
    pub fn answer(&mut self, request: &Request, clock: Timestamp) -> Result<Response, SignerError> {
        let outcome = match self.receive(request, clock)? {
            Some(outcome) => outcome,
            None => match &request.task {
                None => Outcome::Booked {},
                Some(Task::Sign(payout)) => self.sign(payout, clock)?,
                Some(Task::Void { number }) => self.void(*number, clock)?,
                Some(Task::Tell { after }) => self.tell(after)?,
            },
        };
        Ok(self.response(request, outcome))
    }

    /// Whether a request is for this signer, and its statements. An outcome when that is all there
    /// is to say.
    fn receive(
        &mut self,
        request: &Request,
        clock: Timestamp,
    ) -> Result<Option<Outcome>, SignerError> {
        if request.currency != self.keystore.currency() || request.genesis_hash != self.genesis {
            let text = format!(
                "the request is for {} on the chain {}, this signer's keys are for {} on {}",
                request.currency,
                request.genesis_hash,
                self.keystore.currency(),
                self.genesis
            );
            return Ok(Some(refused("currency", text)));
        }
        let Err(refusal) = self.book(&request.statements, clock)? else {
            return Ok(None);
        };
        Ok(Some(match refusal.missing() {
            Some(missing) => Outcome::Needs {
                statements: vec![missing],
                payouts: Vec::new(),
            },
            None => refused(refusal.code(), refusal.to_string()),
        }))
    }

    fn response(&self, request: &Request, outcome: Outcome) -> Response {
        Response {
            format: FORMAT,
            // Its own, whatever was asked: the answer goes to where it asked.
            currency: self.keystore.currency().to_owned(),
            genesis_hash: self.genesis,
            number: request.number(),
            version: request.version(),
            position: self.position(),
            outcome,
        }
    }

    /// Books statements; those before a bad one stay booked.
    fn book(
        &mut self,
        statements: &[Statement],
        clock: Timestamp,
    ) -> Result<Result<(), StatementRefusal>, SignerError> {
        for statement in statements {
            let books = self.journal.books();
            let rules = StatementRules {
                currency: self.keystore.currency(),
                genesis: self.genesis,
                keys: &self.policy.statement_keys,
                max_block_reward: self.policy.max_block_reward,
                max_pps_ahead: self.policy.max_pps_ahead,
            };
            match statements::verify(statement, books, &rules, books.time(clock)) {
                Ok(Some(record)) => {
                    let record = Record::Statement(Box::new(record));
                    self.journal.append(&[record])?;
                }
                Ok(None) => {}
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(()))
    }

    fn sign(&mut self, payout: &Payout, clock: Timestamp) -> Result<Outcome, SignerError> {
        let checked = match Checked::parse(&payout.psbt.0, self.keystore.keyring()) {
            Ok(checked) => checked,
            Err(refusal) => return Ok(refuse_psbt(&refusal)),
        };
        match self.decide(payout, &checked, clock)? {
            Decision::Sign(approved) => {
                if let Some(input) = checked.first_by_others(self.keystore.keyring()) {
                    let text = format!(
                        "input {input} takes signatures that this keystore cannot make alone: use \
                         `ngsign cosign` with the other signers, or `ngsign export-psbt` for a device"
                    );
                    return Ok(refused("others_needed", text));
                }
                let transaction = psbt::sign(&approved, self.keystore.keyring())?;
                let whole = SignedResult::Whole(RawTransaction(transaction.clone()));
                self.record(&approved, whole, clock)?;
                Ok(signed(transaction, false))
            }
            Decision::GiveAgain(version) => self.again(payout, version),
            Decision::Behind { from } => self.behind(from),
            Decision::Refuse(refusal) => Ok(self.refuse_payout(payout, &refusal, clock)),
        }
    }

    /// A refusal with the payees for whom it is, if it is for some alone.
    fn refuse_payout(&self, payout: &Payout, refusal: &Refusal, clock: Timestamp) -> Outcome {
        Outcome::Refused {
            reason: refusal.code().to_owned(),
            text: refusal.to_string(),
            payees: rules::refused_payees(&self.context(clock), payout, refusal),
        }
    }

    /// What the rules say about a payout. Scripts that are new are booked whatever they say.
    fn decide(
        &mut self,
        payout: &Payout,
        checked: &Checked,
        clock: Timestamp,
    ) -> Result<Decision, SignerError> {
        let new_scripts = rules::new_scripts(&self.context(clock), payout);
        self.journal.append(&new_scripts)?;
        let keyring = self.keystore.keyring();
        Ok(rules::decide(
            &self.context(clock),
            keyring,
            payout,
            checked,
        ))
    }

    /// Writes down what was approved and what it came to, before anything of it is handed out.
    fn record(
        &mut self,
        approved: &Approved,
        result: SignedResult,
        clock: Timestamp,
    ) -> Result<(), SignerError> {
        let now = self.books().time(clock);
        let record = approved.record(result, now);
        self.journal.append(&[Record::Signed(Box::new(record))])?;
        self.keystore.seal(self.journal.marker())?;
        Ok(())
    }

    /// What was signed before.
    fn again(&mut self, payout: &Payout, version: SignedVersion) -> Result<Outcome, SignerError> {
        // The one before may have been cut off between journal and marker.
        self.keystore.seal(self.journal.marker())?;
        Ok(match version.transaction {
            Some(transaction) => signed(transaction.0, true),
            None => self.waiting(payout.number, version.version),
        })
    }

    fn waiting(&self, number: u64, version: u32) -> Outcome {
        let waiting = self.books().waiting(number, version);
        let text = if waiting.is_some_and(|waiting| waiting.is_device) {
            "it was exported to a device, whose PSBT was not imported yet"
        } else {
            "other signers have to sign it too"
        };
        Outcome::Waiting {
            text: text.to_owned(),
        }
    }

    fn void(&mut self, number: u64, clock: Timestamp) -> Result<Outcome, SignerError> {
        let books = self.journal.books();
        match rules::void(books, number, books.time(clock)) {
            VoidDecision::Record(record) => {
                self.journal.append(&[record])?;
                self.keystore.seal(self.journal.marker())?;
                Ok(Outcome::Voided {})
            }
            VoidDecision::Again => {
                self.keystore.seal(self.journal.marker())?;
                Ok(Outcome::Voided {})
            }
            VoidDecision::Behind { from } => self.behind(from),
            VoidDecision::Refuse(refusal) => Ok(refuse(&refusal)),
        }
    }

    /// What a pool that is behind must book first: as much as one answer takes, and at least one.
    fn behind(&mut self, from: u64) -> Result<Outcome, SignerError> {
        self.keystore.seal(self.journal.marker())?;
        let mut payouts = Vec::new();
        let mut room = MOST_BYTES;
        for (number, payout) in self.books().payouts_from(from).take(MOST_PAYOUTS) {
            let payout = signed_payout(number, payout);
            let size = serde_json::to_vec(&payout).map_or(0, |text| text.len());
            if size > room && !payouts.is_empty() {
                break;
            }
            room = room.saturating_sub(size);
            payouts.push(payout);
        }
        Ok(Outcome::Needs {
            statements: Vec::new(),
            payouts,
        })
    }

    /// The statements that a pool lost: as many as one answer takes, and at least one.
    fn tell(&self, after: &[StatementsAfter]) -> Result<Outcome, SignerError> {
        let mut statements = Vec::new();
        let mut room = MOST_BYTES;
        'chains: for chain in after {
            let mut number = chain.after;
            loop {
                number = number.saturating_add(1);
                let Some(statement) = self.journal.statement(&chain.sharechain, number)? else {
                    break;
                };
                // Base64 of the body and the fixed rest.
                let size = statement.body.0.len() / 3 * 4 + 256;
                if size > room && !statements.is_empty() {
                    break 'chains;
                }
                room = room.saturating_sub(size);
                statements.push(statement);
            }
        }
        Ok(Outcome::Told { statements })
    }

    fn context(&self, clock: Timestamp) -> Context<'_> {
        let books = self.journal.books();
        Context {
            books,
            policy: &self.policy,
            network: self.keystore.network(),
            now: books.time(clock),
        }
    }
}

fn check_currency(policy: &Policy, keystore: &Keystore) -> Result<(), SignerError> {
    if policy.currency == keystore.currency() {
        return Ok(());
    }
    Err(SignerError::Currency {
        policy: policy.currency.clone(),
        keystore: keystore.currency().to_owned(),
    })
}

fn signed_payout(number: u64, payout: &PayoutBooks) -> SignedPayout {
    let (signed, released) = match payout {
        PayoutBooks::Void => (None, false),
        PayoutBooks::Signed(signed) => (
            Some(SignedVersions {
                anchor: signed.anchor,
                payees: signed.parts.clone(),
                versions: signed.versions.clone(),
            }),
            signed.is_released,
        ),
    };
    SignedPayout {
        number,
        signed,
        released,
    }
}

fn signed(transaction: bitcoin::Transaction, again: bool) -> Outcome {
    Outcome::Signed {
        txid: transaction.compute_txid(),
        transaction: RawTransaction(transaction),
        again,
    }
}

fn refuse(refusal: &Refusal) -> Outcome {
    refused(refusal.code(), refusal.to_string())
}

fn refuse_psbt(refusal: &PsbtRefusal) -> Outcome {
    refused(refusal.code(), refusal.to_string())
}

fn refused(code: &str, text: String) -> Outcome {
    Outcome::Refused {
        reason: code.to_owned(),
        text,
        payees: Vec::new(),
    }
}
