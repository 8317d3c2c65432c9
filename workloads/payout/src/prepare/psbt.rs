//! The PSBT that a signer is given (BIP 174, version 0), and the previous transactions in it.
//!
//! Every input brings its whole previous transaction, because only that proves what it is worth;
//! segwit inputs state their output beside it, which hardware wallets ask for.

use std::collections::BTreeMap;

use bitcoin::{
    Amount as Sats, OutPoint, Psbt, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
    absolute::LockTime,
    consensus::{self, Decodable, encode::Error as DecodeError},
    hashes::Hash,
    transaction::Version,
};
use ngpool_chain::{Amount, Txid};
use ngpool_settings::Replacement;
use ngpool_store::{NewVersion, Outpoint};
use thiserror::Error;

use super::draft::Draft;

/// Transactions by their id.
pub type Previous = BTreeMap<Txid, Transaction>;

/// Why there is no PSBT.
#[derive(Debug, Error)]
pub enum PsbtError {
    /// The previous transaction of an input is not there.
    #[error("the transaction {0} of a coin is not known")]
    NoPrevious(Txid),
    /// It says something else than the books about the coin.
    #[error("coin {0} is not what its transaction says: compare the database with the node")]
    OtherCoin(Outpoint),
    /// Bytes that are no transaction.
    #[error("transaction {txid} cannot be read")]
    Transaction {
        /// Its id.
        txid: Txid,
        /// Why.
        source: DecodeError,
    },
    /// A node gave another transaction than it was asked for.
    #[error("asked for transaction {asked}, the node gave {given}")]
    OtherTransaction {
        /// The id asked for.
        asked: Txid,
        /// That of what came.
        given: Txid,
    },
    /// An amount below zero.
    #[error("an amount of {0}")]
    Amount(Amount),
    /// The library does not take it, or a stored one cannot be read.
    #[error("the PSBT cannot be made or read: {0}")]
    Library(String),
}

/// The transaction of a draft without signatures: version 2, no lock time.
pub fn unsigned(draft: &Draft, replacement: Replacement) -> Result<Transaction, PsbtError> {
    let sequence = match replacement {
        Replacement::Rbf => Sequence::ENABLE_RBF_NO_LOCKTIME,
        Replacement::Cpfp | Replacement::None => Sequence::ENABLE_LOCKTIME_NO_RBF,
    };
    let input = |coin: &Outpoint| TxIn {
        previous_output: OutPoint {
            txid: bitcoin::Txid::from_byte_array(coin.txid.to_bytes()),
            vout: coin.vout,
        },
        script_sig: ScriptBuf::new(),
        sequence,
        witness: Witness::new(),
    };
    let parts = draft.parts.iter().map(|part| (part.amount, &part.script));
    let change = draft.change.iter().map(|it| (it.amount, &it.script));
    Ok(Transaction {
        version: Version::TWO,
        lock_time: LockTime::ZERO,
        input: draft.inputs.iter().map(|it| input(&it.outpoint)).collect(),
        output: parts
            .chain(change)
            .map(|(amount, script)| {
                Ok(TxOut {
                    value: sats(amount)?,
                    script_pubkey: ScriptBuf::from_bytes(script.clone()),
                })
            })
            .collect::<Result<_, PsbtError>>()?,
    })
}

/// A draft as a version to be stored: its PSBT, its transaction, its coins.
pub fn version(
    draft: &Draft,
    previous: &Previous,
    replacement: Replacement,
) -> Result<NewVersion, PsbtError> {
    let transaction = unsigned(draft, replacement)?;
    Ok(NewVersion {
        fee: draft.fee,
        psbt: Some(psbt(draft, &transaction, previous)?),
        unsigned: consensus::serialize(&transaction),
        inputs: draft.inputs.clone(),
        change: draft.change.clone(),
    })
}

/// The PSBT of a draft's transaction.
fn psbt(
    draft: &Draft,
    transaction: &Transaction,
    previous: &Previous,
) -> Result<Vec<u8>, PsbtError> {
    let mut psbt = Psbt::from_unsigned_tx(transaction.clone())
        .map_err(|error| PsbtError::Library(error.to_string()))?;
    for (field, coin) in psbt.inputs.iter_mut().zip(&draft.inputs) {
        let Outpoint { txid, vout } = coin.outpoint;
        let transaction = previous.get(&txid).ok_or(PsbtError::NoPrevious(txid))?;
        let spent = usize::try_from(vout)
            .ok()
            .and_then(|vout| transaction.output.get(vout))
            .filter(|output| {
                output.script_pubkey.as_bytes() == coin.script
                    && sats(coin.amount).is_ok_and(|amount| amount == output.value)
            })
            .ok_or(PsbtError::OtherCoin(coin.outpoint))?;
        // P2SH counts where it hides a witness program, which only its key's owner knows.
        if spent.script_pubkey.is_witness_program() {
            field.witness_utxo = Some(spent.clone());
        }
        field.non_witness_utxo = Some(transaction.clone());
    }
    Ok(psbt.serialize())
}

/// The previous transactions in a stored PSBT.
pub fn previous_of(psbt: &[u8]) -> Result<Previous, PsbtError> {
    let psbt = Psbt::deserialize(psbt).map_err(|error| PsbtError::Library(error.to_string()))?;
    Ok(psbt
        .inputs
        .into_iter()
        .filter_map(|input| input.non_witness_utxo)
        .map(|transaction| (id_of(&transaction), transaction))
        .collect())
}

/// Reads a transaction as a node gives it, without its witnesses and without what Litecoin adds for
/// MWEB: its id is of neither.
pub fn parse_previous(raw: &[u8], txid: Txid) -> Result<Transaction, PsbtError> {
    let transaction = strip(raw).map_err(|source| PsbtError::Transaction { txid, source })?;
    let given = id_of(&transaction);
    if given != txid {
        return Err(PsbtError::OtherTransaction { asked: txid, given });
    }
    Ok(transaction)
}

/// Version, marker and flags (BIP 144; LIP 3 gives flag 8 to MWEB), inputs, outputs, then what the
/// flags announce, and the lock time as the last four bytes.
fn strip(raw: &[u8]) -> Result<Transaction, DecodeError> {
    let short = DecodeError::ParseFailed("a transaction ends too early");
    let mut rest = raw;
    let version = Version::consensus_decode(&mut rest)?;
    if let [0, 1..=u8::MAX, after @ ..] = rest {
        rest = after;
    }
    let input = Vec::<TxIn>::consensus_decode(&mut rest)?;
    let output = Vec::<TxOut>::consensus_decode(&mut rest)?;
    let lock_time = rest.last_chunk::<4>().ok_or(short)?;
    Ok(Transaction {
        version,
        lock_time: LockTime::from_consensus(u32::from_le_bytes(*lock_time)),
        input,
        output,
    })
}

fn id_of(transaction: &Transaction) -> Txid {
    Txid::from_bytes(transaction.compute_txid().to_byte_array())
}

fn sats(amount: Amount) -> Result<Sats, PsbtError> {
    u64::try_from(amount.0)
        .map(Sats::from_sat)
        .map_err(|_| PsbtError::Amount(amount))
}
