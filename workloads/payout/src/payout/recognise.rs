//! Recognising a payout by what its transaction spends and pays, never by its txid alone: a third
//! party can change the txid of a P2PKH spend on its way.

use bitcoin::{OutPoint, ScriptBuf, Transaction, Txid, Witness, consensus::encode, hashes::Hash};
use ngpool_store::{ChainSpender, Outpoint, PayoutRow};
use thiserror::Error;

use super::life::Spender;

/// Why stored bytes are not what they should be.
#[derive(Debug, Error)]
pub enum RecogniseError {
    /// The stored unsigned transaction cannot be read.
    #[error(
        "version {version} of payout {number} is stored as bytes that are no transaction: {source}"
    )]
    Stored {
        /// The payout.
        number: u64,
        /// The version.
        version: u32,
        /// Why.
        source: encode::Error,
    },
}

/// Reads the bytes of a transaction, as nodes encode it.
pub fn read(bytes: &[u8]) -> Result<Transaction, encode::Error> {
    encode::deserialize(bytes)
}

/// A transaction without its signatures.
pub fn without_signatures(transaction: &Transaction) -> Transaction {
    let mut bare = transaction.clone();
    for input in &mut bare.input {
        input.script_sig = ScriptBuf::new();
        input.witness = Witness::new();
    }
    bare
}

/// Which version of a payout a transaction of the chain is.
pub fn spender(payout: &PayoutRow, by: &ChainSpender) -> Result<Spender, RecogniseError> {
    for version in &payout.versions {
        let unsigned = read(&version.unsigned).map_err(|source| RecogniseError::Stored {
            number: payout.number,
            version: version.version,
            source,
        })?;
        if is_same(&unsigned, by) {
            return Ok(Spender::Version(version.version));
        }
    }
    Ok(Spender::Stranger)
}

/// Same inputs and same outputs, in the same order.
fn is_same(unsigned: &Transaction, by: &ChainSpender) -> bool {
    let inputs = unsigned.input.iter().map(|input| input.previous_output);
    let outputs = unsigned
        .output
        .iter()
        .map(|output| (output.value.to_sat(), output.script_pubkey.as_bytes()));
    let chain_outputs = by.outputs.iter().map(|(amount, script)| {
        (
            u64::try_from(amount.0).unwrap_or(u64::MAX),
            script.as_slice(),
        )
    });
    inputs.eq(by.inputs.iter().copied().map(to_bitcoin)) && outputs.eq(chain_outputs)
}

/// An outpoint as the library has it.
pub fn to_bitcoin(outpoint: Outpoint) -> OutPoint {
    OutPoint {
        txid: Txid::from_byte_array(outpoint.txid.to_bytes()),
        vout: outpoint.vout,
    }
}

/// An outpoint as the store has it.
pub fn from_bitcoin(outpoint: OutPoint) -> Outpoint {
    Outpoint {
        txid: txid(outpoint.txid),
        vout: outpoint.vout,
    }
}

/// A txid as the store has it.
pub fn txid(txid: Txid) -> ngpool_chain::Txid {
    ngpool_chain::Txid::from_bytes(txid.to_byte_array())
}
