//! A PSBT is checked whole before anything is signed, and the signed transaction again before it is
//! handed out.
//!
//! The signing function of the library signs what it is told, so it is not used. Values of inputs
//! come from their previous transactions alone; only when every input is Taproot, whose signatures
//! cover all values and scripts (BIP 341), a stated output is enough.

mod device;
mod sign;

use std::collections::HashSet;

use bitcoin::{
    Amount, EcdsaSighashType, OutPoint, Psbt, ScriptBuf, Sequence, TapSighashType, Transaction,
    TxOut, absolute::LockTime, psbt::Input, transaction::Version,
};
use thiserror::Error;

use crate::keyring::{Keyring, Spend};

pub(crate) use device::for_device;
pub use sign::{Signatures, SigningError, sign};

/// Most inputs and most outputs of one transaction: far above any that nodes relay (400,000 weight
/// units hold 1,500 inputs).
const MOST: usize = 10_000;

/// A transaction whose inputs are all ours, with the values they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    transaction: Transaction,
    inputs: Vec<CheckedInput>,
    fee: u64,
    vsize: u64,
}

/// An input of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedInput {
    pub(crate) spent: TxOut,
    pub(crate) spend: Spend,
    /// For Taproot; others always sign all.
    pub(crate) sighash: TapSighashType,
}

/// Why a PSBT is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PsbtRefusal {
    /// Not a PSBT.
    #[error("the PSBT cannot be read: {0}")]
    Malformed(String),
    /// There are bytes that the reading did not use.
    #[error("the PSBT has bytes after its end, or is not in its shortest form")]
    Trailing,
    /// Something in it is not known to this program.
    #[error(
        "{place} of the PSBT has a field that this signer does not know: it signs no such thing"
    )]
    UnknownField {
        /// The part of the PSBT.
        place: String,
    },
    /// A version that gives fields another meaning.
    #[error("the transaction has version {0}; 1 and 2 are signed")]
    Version(i32),
    /// It could not be sent at once.
    #[error(
        "the transaction may not be sent at once: its lock time or an input's sequence holds it back"
    )]
    Locked,
    /// No inputs, no outputs, or far too many.
    #[error(
        "the transaction has {inputs} inputs and {outputs} outputs; 1 to {MOST} of each are signed"
    )]
    Count {
        /// Inputs.
        inputs: usize,
        /// Outputs.
        outputs: usize,
    },
    /// The same coin twice.
    #[error("input {0} spends a coin that another input spends")]
    DuplicateInput(usize),
    /// Signed already, by nobody knows whom.
    #[error("input {0} comes with signatures")]
    AlreadySigned(usize),
    /// A signature that is wrong, or by a key that has no part in its input.
    #[error("input {0} comes with a signature that is not good for it")]
    Signature(usize),
    /// It is none of those that wait.
    #[error(
        "the PSBT is of another transaction than any that this signer handed out and waits for"
    )]
    NotWaiting,
    /// Taproot scripts, preimages or foreign scripts.
    #[error("input {0} has scripts or preimages that its key does not need")]
    ForeignScript(usize),
    /// Something else than all of the transaction would be signed.
    #[error("input {0} asks for a signature that does not cover the whole transaction")]
    Sighash(usize),
    /// Nothing proves what the input is worth.
    #[error("input {0} lacks its previous transaction")]
    NoPrevious(usize),
    /// The previous transaction is another.
    #[error("the previous transaction of input {0} has another txid")]
    PreviousTxid(usize),
    /// The previous transaction has no such output.
    #[error("input {0} spends an output that its previous transaction does not have")]
    OutOfRange(usize),
    /// The stated output is not the previous transaction's.
    #[error("input {0} states an output that differs from its previous transaction's")]
    FalseOutput(usize),
    /// Not one of the keys here.
    #[error("input {0} is not spent by a key of this keystore")]
    NotOurs(usize),
    /// The sums do not fit, or the outputs are worth more than the inputs.
    #[error("the outputs are worth more than the inputs")]
    Value,
}

impl PsbtRefusal {
    /// Stable code of the reason.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "psbt_malformed",
            Self::Trailing => "psbt_trailing",
            Self::UnknownField { .. } => "psbt_unknown_field",
            Self::Version(_) => "psbt_version",
            Self::Locked => "psbt_locked",
            Self::Count { .. } => "psbt_count",
            Self::DuplicateInput(_) => "psbt_duplicate_input",
            Self::AlreadySigned(_) => "psbt_already_signed",
            Self::Signature(_) => "psbt_signature",
            Self::NotWaiting => "psbt_not_waiting",
            Self::ForeignScript(_) => "psbt_foreign_script",
            Self::Sighash(_) => "psbt_sighash",
            Self::NoPrevious(_) => "psbt_no_previous",
            Self::PreviousTxid(_) => "psbt_previous_txid",
            Self::OutOfRange(_) => "psbt_out_of_range",
            Self::FalseOutput(_) => "psbt_false_output",
            Self::NotOurs(_) => "psbt_not_ours",
            Self::Value => "psbt_value",
        }
    }
}

impl Checked {
    /// Checks everything about a PSBT that can be known without knowing what it is for. Signatures in
    /// it are refused.
    pub fn parse(bytes: &[u8], keyring: &Keyring) -> Result<Self, PsbtRefusal> {
        let (checked, signatures) = Self::parse_signed(bytes, keyring)?;
        match signatures.first() {
            Some(index) => Err(PsbtRefusal::AlreadySigned(index)),
            None => Ok(checked),
        }
    }

    /// The same for a PSBT that other signers may have signed: their signatures are verified.
    pub fn parse_signed(
        bytes: &[u8],
        keyring: &Keyring,
    ) -> Result<(Self, Signatures), PsbtRefusal> {
        let psbt =
            Psbt::deserialize(bytes).map_err(|error| PsbtRefusal::Malformed(error.to_string()))?;
        if psbt.serialize().len() != bytes.len() {
            return Err(PsbtRefusal::Trailing);
        }
        check_fields(&psbt)?;
        let transaction = &psbt.unsigned_tx;
        check_transaction(transaction)?;
        let mut inputs = Vec::with_capacity(psbt.inputs.len());
        for (index, (input, txin)) in psbt.inputs.iter().zip(&transaction.input).enumerate() {
            inputs.push(check_input(index, input, txin.previous_output, keyring)?);
        }
        let is_all_taproot = inputs.iter().all(|input| input.spend.is_taproot());
        if let Some(index) = psbt
            .inputs
            .iter()
            .position(|input| input.non_witness_utxo.is_none() && !is_all_taproot)
        {
            return Err(PsbtRefusal::NoPrevious(index));
        }
        let spent = sum(inputs.iter().map(|input| input.spent.value));
        let paid = sum(transaction.output.iter().map(|output| output.value));
        let fee = spent
            .zip(paid)
            .and_then(|(spent, paid)| spent.checked_sub(paid))
            .ok_or(PsbtRefusal::Value)?;
        let weight = bitcoin::transaction::predict_weight(
            inputs.iter().map(|input| input.spend.weight()),
            transaction.script_pubkey_lens(),
        );
        let checked = Self {
            vsize: weight.to_vbytes_ceil(),
            transaction: transaction.clone(),
            inputs,
            fee,
        };
        let signatures = Signatures::read(&psbt, &checked, keyring, false)?;
        Ok((checked, signatures))
    }

    /// The transaction without signatures.
    pub const fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Inputs − outputs, base units.
    pub const fn fee(&self) -> u64 {
        self.fee
    }

    /// Virtual bytes with the longest signatures.
    pub const fn vsize(&self) -> u64 {
        self.vsize
    }

    /// Whether a secret key for any of its inputs is here.
    pub fn has_own(&self, keyring: &Keyring) -> bool {
        self.inputs
            .iter()
            .filter_map(|input| keyring.key_of(&input.spent.script_pubkey))
            .any(|key| key.own().is_some())
    }

    /// The first input that the secret keys here are not enough for.
    pub fn first_by_others(&self, keyring: &Keyring) -> Option<usize> {
        self.inputs.iter().position(|input| {
            keyring
                .key_of(&input.spent.script_pubkey)
                .is_none_or(|key| !key.is_enough())
        })
    }

    /// The coins it spends.
    pub fn outpoints(&self) -> impl Iterator<Item = OutPoint> {
        self.transaction
            .input
            .iter()
            .map(|input| input.previous_output)
    }

    pub(crate) fn inputs(&self) -> &[CheckedInput] {
        &self.inputs
    }
}

fn check_fields(psbt: &Psbt) -> Result<(), PsbtRefusal> {
    let unknown = |place: String| Err(PsbtRefusal::UnknownField { place });
    if !psbt.unknown.is_empty() || !psbt.proprietary.is_empty() || psbt.version != 0 {
        return unknown("the beginning".to_owned());
    }
    for (index, input) in psbt.inputs.iter().enumerate() {
        if !input.unknown.is_empty() || !input.proprietary.is_empty() {
            return unknown(format!("input {index}"));
        }
    }
    for (index, output) in psbt.outputs.iter().enumerate() {
        if !output.unknown.is_empty() || !output.proprietary.is_empty() {
            return unknown(format!("output {index}"));
        }
    }
    Ok(())
}

fn check_transaction(transaction: &Transaction) -> Result<(), PsbtRefusal> {
    if !matches!(transaction.version, Version::ONE | Version::TWO) {
        return Err(PsbtRefusal::Version(transaction.version.0));
    }
    let (inputs, outputs) = (transaction.input.len(), transaction.output.len());
    if !(1..=MOST).contains(&inputs) || !(1..=MOST).contains(&outputs) {
        return Err(PsbtRefusal::Count { inputs, outputs });
    }
    // Below the last three numbers a sequence can hold the input back (BIP 68).
    let is_free = |sequence: Sequence| sequence >= Sequence::ENABLE_RBF_NO_LOCKTIME;
    if transaction.lock_time != LockTime::ZERO
        || !transaction
            .input
            .iter()
            .all(|input| is_free(input.sequence))
    {
        return Err(PsbtRefusal::Locked);
    }
    let mut seen = HashSet::new();
    match transaction
        .input
        .iter()
        .position(|input| !seen.insert(input.previous_output))
    {
        Some(index) => Err(PsbtRefusal::DuplicateInput(index)),
        None => Ok(()),
    }
}

fn check_input(
    index: usize,
    input: &Input,
    outpoint: OutPoint,
    keyring: &Keyring,
) -> Result<CheckedInput, PsbtRefusal> {
    let is_finished = input.final_script_sig.is_some()
        || input.final_script_witness.is_some()
        || !input.tap_script_sigs.is_empty();
    if is_finished {
        return Err(PsbtRefusal::AlreadySigned(index));
    }
    let spent = spent_output(index, input, outpoint)?;
    let key = keyring
        .key_of(&spent.script_pubkey)
        .ok_or(PsbtRefusal::NotOurs(index))?;
    let spend = key.spend().clone();
    let is_other = |given: &Option<ScriptBuf>, own: Option<&ScriptBuf>| {
        given.is_some() && given.as_ref() != own
    };
    let is_foreign = is_other(&input.witness_script, spend.witness_script())
        || !input.ripemd160_preimages.is_empty()
        || !input.sha256_preimages.is_empty()
        || !input.hash160_preimages.is_empty()
        || !input.hash256_preimages.is_empty()
        || !input.tap_scripts.is_empty()
        || input.tap_merkle_root.is_some()
        || is_other(&input.redeem_script, spend.redeem_script().as_ref())
        || input.tap_internal_key.is_some_and(
            |given| !matches!(spend, Spend::P2tr { internal, .. } if internal == given),
        );
    if is_foreign {
        return Err(PsbtRefusal::ForeignScript(index));
    }
    let sighash = match input.sighash_type {
        None => TapSighashType::Default,
        Some(asked) if spend.is_taproot() => match asked.taproot_hash_ty() {
            Ok(sighash @ (TapSighashType::Default | TapSighashType::All)) => sighash,
            _ => return Err(PsbtRefusal::Sighash(index)),
        },
        Some(asked) => match asked.ecdsa_hash_ty() {
            Ok(EcdsaSighashType::All) => TapSighashType::All,
            _ => return Err(PsbtRefusal::Sighash(index)),
        },
    };
    Ok(CheckedInput {
        spent,
        spend,
        sighash,
    })
}

/// The output that an input spends: from its previous transaction, or as stated. Whether a stated
/// one is enough is decided when all inputs are known.
fn spent_output(index: usize, input: &Input, outpoint: OutPoint) -> Result<TxOut, PsbtRefusal> {
    let Some(previous) = &input.non_witness_utxo else {
        return input
            .witness_utxo
            .clone()
            .ok_or(PsbtRefusal::NoPrevious(index));
    };
    if previous.compute_txid() != outpoint.txid {
        return Err(PsbtRefusal::PreviousTxid(index));
    }
    let output = usize::try_from(outpoint.vout)
        .ok()
        .and_then(|vout| previous.output.get(vout))
        .ok_or(PsbtRefusal::OutOfRange(index))?;
    if input
        .witness_utxo
        .as_ref()
        .is_some_and(|stated| stated != output)
    {
        return Err(PsbtRefusal::FalseOutput(index));
    }
    Ok(output.clone())
}

fn sum(mut amounts: impl Iterator<Item = Amount>) -> Option<u64> {
    amounts.try_fold(0_u64, |sum, amount| sum.checked_add(amount.to_sat()))
}
