//! Payouts that a keystore does not sign alone: other signers have keys of a multisig, or a device
//! has the keys.
//!
//! ```text
//!  request ──cosign──▶ request with our signatures ──▶ the next signer … ──▶ answer
//!  request ──export──▶ PSBT ──▶ device ──▶ PSBT ──import──▶ answer
//! ```
//!
//! What leaves this signer counts as signed from the moment that the journal says so, before it
//! leaves: whoever has it may sign and send it, and never say so.

use bitcoin::{Psbt, Transaction};
use ngpool_signing::encoding::{Base64, RawTransaction};

use super::{Signer, SignerError, refuse_psbt, refused, signed};
use crate::{
    books::{Record, SignedResult, Timestamp},
    psbt::{Checked, PsbtRefusal, Signatures, for_device},
    request::{FORMAT, Outcome, Payout, Request, Response, Task},
    rules::{Decision, ledger::NumberRefusal},
};

/// What a step with others came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// An answer for the pool.
    Answer(Box<Response>),
    /// A request for the next signer, with the signatures so far.
    PassOn {
        /// The request.
        request: Box<Request>,
        /// Signatures that are lacking at most at one input.
        lacking: usize,
    },
    /// A PSBT for a device.
    Device {
        /// Its bytes.
        psbt: Vec<u8>,
        /// What the pool may be told meanwhile.
        answer: Box<Response>,
    },
}

impl Signer {
    /// Adds our signatures to a request's PSBT, under all the rules, as the first or a later of
    /// several signers.
    pub fn cosign(&mut self, request: &Request, clock: Timestamp) -> Result<Handed, SignerError> {
        let (payout, checked, given) = match self.unpack(request, clock)? {
            Ok(unpacked) => unpacked,
            Err(outcome) => return Ok(self.said(request, outcome)),
        };
        if !checked.has_own(self.keystore.keyring()) {
            let text = "this keystore has no secret key for any of the inputs: its device signs by \
                        `ngsign export-psbt`";
            return Ok(self.said(request, refused("no_key", text.to_owned())));
        }
        let decision = self.decide(payout, &checked, clock)?;
        let known = match &decision {
            Decision::Behind { from } => {
                let outcome = self.behind(*from)?;
                return Ok(self.said(request, outcome));
            }
            Decision::Refuse(refusal) => {
                let outcome = self.refuse_payout(payout, refusal, clock);
                return Ok(self.said(request, outcome));
            }
            Decision::GiveAgain(version) if version.transaction.is_some() => {
                let outcome = self.again(payout, version.clone())?;
                return Ok(self.said(request, outcome));
            }
            Decision::GiveAgain(version) => Some(version.version),
            Decision::Sign(_) => None,
        };
        let mut signatures = Signatures::own(&checked, self.keystore.keyring())?;
        signatures.add(given);
        let whole = self.whole(&signatures, &checked)?;
        if let Decision::Sign(approved) = &decision {
            let result = match &whole {
                Some(whole) => SignedResult::Whole(RawTransaction(whole.clone())),
                None => SignedResult::Cosigners(payout.psbt.clone()),
            };
            self.record(approved, result, clock)?;
        }
        let outcome = match (whole, known) {
            (None, _) => {
                self.keystore.seal(self.journal.marker())?;
                return Ok(pass_on(request.clone(), payout, &signatures, &checked));
            }
            (Some(whole), None) => signed(whole, false),
            (Some(whole), Some(version)) => self.finish(payout.number, version, whole, clock)?,
        };
        Ok(self.said(request, outcome))
    }

    /// Makes the PSBT of a request for a device, under all the rules. From now on the payout counts
    /// as signed.
    pub fn export(&mut self, request: &Request, clock: Timestamp) -> Result<Handed, SignerError> {
        let (payout, checked, _) = match self.unpack(request, clock)? {
            Ok(unpacked) => unpacked,
            Err(outcome) => return Ok(self.said(request, outcome)),
        };
        if checked.first_by_others(self.keystore.keyring()).is_none() {
            let text = "this keystore has the secret keys of all inputs: use `ngsign sign`";
            return Ok(self.said(request, refused("no_device", text.to_owned())));
        }
        let version = match self.decide(payout, &checked, clock)? {
            Decision::Sign(approved) => {
                let device = SignedResult::Device(payout.psbt.clone());
                self.record(&approved, device, clock)?;
                payout.version
            }
            Decision::GiveAgain(version) if version.transaction.is_none() => {
                self.keystore.seal(self.journal.marker())?;
                version.version
            }
            Decision::GiveAgain(version) => {
                let outcome = self.again(payout, version)?;
                return Ok(self.said(request, outcome));
            }
            Decision::Behind { from } => {
                let outcome = self.behind(from)?;
                return Ok(self.said(request, outcome));
            }
            Decision::Refuse(refusal) => {
                let outcome = self.refuse_payout(payout, &refusal, clock);
                return Ok(self.said(request, outcome));
            }
        };
        // It was read before.
        let mut psbt = match Psbt::deserialize(&payout.psbt.0) {
            Ok(psbt) => psbt,
            Err(error) => {
                let refusal = PsbtRefusal::Malformed(error.to_string());
                return Ok(self.said(request, refuse_psbt(&refusal)));
            }
        };
        for_device(&mut psbt, &checked, self.keystore.keyring());
        let outcome = self.waiting(payout.number, version);
        Ok(Handed::Device {
            psbt: psbt.serialize(),
            answer: Box::new(self.response(request, outcome)),
        })
    }

    /// Takes PSBTs that devices or other signers signed, of one transaction that was handed out.
    /// Nothing in them is believed but good signatures.
    pub fn import(&mut self, psbts: &[Psbt], clock: Timestamp) -> Result<Handed, SignerError> {
        let refuse_all = |signer: &Self, refusal: &PsbtRefusal| {
            signer.said(&signer.request(None), refuse_psbt(refusal))
        };
        let transaction = match psbts.split_first() {
            Some((first, rest))
                if rest
                    .iter()
                    .all(|psbt| psbt.unsigned_tx == first.unsigned_tx) =>
            {
                &first.unsigned_tx
            }
            _ => return Ok(refuse_all(self, &PsbtRefusal::NotWaiting)),
        };
        let Some((payout, is_released)) = self.books().asked_as(transaction) else {
            return Ok(refuse_all(self, &PsbtRefusal::NotWaiting));
        };
        let (number, version) = (payout.number, payout.version);
        let request = self.request(Some(Task::Sign(payout.clone())));
        if is_released {
            let refusal = NumberRefusal::Released(number);
            return Ok(self.said(&request, refused(refusal.code(), refusal.to_string())));
        }
        if self.books().waiting(number, version).is_none() {
            // It was imported before.
            let outcome = match self.books().version(number, version).cloned() {
                Some(version) => self.again(&payout, version)?,
                None => refuse_psbt(&PsbtRefusal::NotWaiting),
            };
            return Ok(self.said(&request, outcome));
        }
        let keyring = self.keystore.keyring();
        let (checked, mut signatures) = match Checked::parse_signed(&payout.psbt.0, keyring) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(self.said(&request, refuse_psbt(&refusal))),
        };
        signatures.add(Signatures::own(&checked, keyring)?);
        for psbt in psbts {
            match Signatures::read(psbt, &checked, keyring, true) {
                Ok(read) => signatures.add(read),
                Err(refusal) => return Ok(self.said(&request, refuse_psbt(&refusal))),
            }
        }
        match self.whole(&signatures, &checked)? {
            Some(whole) => {
                let outcome = self.finish(number, version, whole, clock)?;
                Ok(self.said(&request, outcome))
            }
            None => Ok(pass_on(request, &payout, &signatures, &checked)),
        }
    }

    /// The checked payout of a request and the signatures in it; an outcome where there is none.
    fn unpack<'a>(
        &mut self,
        request: &'a Request,
        clock: Timestamp,
    ) -> Result<Result<(&'a Payout, Checked, Signatures), Outcome>, SignerError> {
        if let Some(outcome) = self.receive(request, clock)? {
            return Ok(Err(outcome));
        }
        let payout = match &request.task {
            None => return Ok(Err(Outcome::Booked {})),
            Some(Task::Void { number }) => return Ok(Err(self.void(*number, clock)?)),
            Some(Task::Tell { after }) => return Ok(Err(self.tell(after)?)),
            Some(Task::Sign(payout)) => payout,
        };
        Ok(
            match Checked::parse_signed(&payout.psbt.0, self.keystore.keyring()) {
                Ok((checked, signatures)) => Ok((payout, checked, signatures)),
                Err(refusal) => Err(refuse_psbt(&refusal)),
            },
        )
    }

    fn whole(
        &self,
        signatures: &Signatures,
        checked: &Checked,
    ) -> Result<Option<Transaction>, SignerError> {
        if signatures
            .lacking(checked)
            .iter()
            .any(|lacking| *lacking > 0)
        {
            return Ok(None);
        }
        Ok(Some(signatures.finish(checked, self.keystore.keyring())?))
    }

    /// Writes down the whole transaction of a version that waited.
    fn finish(
        &mut self,
        number: u64,
        version: u32,
        whole: Transaction,
        clock: Timestamp,
    ) -> Result<Outcome, SignerError> {
        let record = Record::Finished {
            number,
            version,
            transaction: RawTransaction(whole.clone()),
            at: self.books().time(clock),
        };
        self.journal.append(&[record])?;
        self.keystore.seal(self.journal.marker())?;
        Ok(signed(whole, false))
    }

    fn said(&self, request: &Request, outcome: Outcome) -> Handed {
        Handed::Answer(Box::new(self.response(request, outcome)))
    }

    fn request(&self, task: Option<Task>) -> Request {
        Request {
            format: FORMAT,
            currency: self.currency().to_owned(),
            genesis_hash: self.genesis,
            statements: Vec::new(),
            task,
        }
    }
}

/// The request for the next signer: as it came, with all signatures so far.
fn pass_on(
    mut request: Request,
    payout: &Payout,
    signatures: &Signatures,
    checked: &Checked,
) -> Handed {
    let mut payout = payout.clone();
    if let Ok(mut psbt) = Psbt::deserialize(&payout.psbt.0) {
        signatures.write(&mut psbt);
        payout.psbt = Base64(psbt.serialize());
    }
    request.task = Some(Task::Sign(payout));
    Handed::PassOn {
        request: Box::new(request),
        lacking: signatures.lacking(checked).into_iter().max().unwrap_or(0),
    }
}
