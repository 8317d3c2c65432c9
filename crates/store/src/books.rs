//! The books: accounts, transactions, and the one way to post.
//!
//! A transaction moves coins between accounts; its entries sum to zero. Coins that we hold are negative
//! on the `utxo` accounts, and positive on the account of whoever they are held for. The database checks
//! every rule; this module only names things.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Row};

use crate::{Store, StoreError};

/// An account of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Coinbase outputs that are not mature. Negative: coins we hold.
    UtxoCoinbase,
    /// Outputs that can be spent. Negative.
    UtxoSpendable,
    /// Outputs that a payout has taken. Negative.
    UtxoReserved,
    /// The reward of a block that is not mature.
    Block(BlockHash),
    /// What a payee can be paid.
    Payee(String),
    /// What is his and held back.
    PayeeHeld(String),
    /// What a payout in flight carries.
    Payout(u64),
    /// The pool's fees.
    Fee,
    /// What payees give to the pool.
    Donation,
    /// For bonuses to finders.
    Bonus,
    /// What pays PPS work before blocks do.
    PpsReserve,
    /// Fees of our transactions.
    NetworkFee,
    /// Rewards lost to reorganisations after they were credited. Negative: a loss.
    OrphanLoss,
    /// The operator's own money.
    Capital,
    /// Deposits that nobody expected.
    Unallocated,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UtxoCoinbase => f.write_str("utxo:coinbase"),
            Self::UtxoSpendable => f.write_str("utxo:spendable"),
            Self::UtxoReserved => f.write_str("utxo:reserved"),
            Self::Block(hash) => write!(f, "block:{hash}"),
            Self::Payee(id) => write!(f, "payee:{id}"),
            Self::PayeeHeld(id) => write!(f, "payee:{id}:held"),
            Self::Payout(number) => write!(f, "payout:{number}"),
            Self::Fee => f.write_str("fee"),
            Self::Donation => f.write_str("donation"),
            Self::Bonus => f.write_str("bonus"),
            Self::PpsReserve => f.write_str("pps_reserve"),
            Self::NetworkFee => f.write_str("network_fee"),
            Self::OrphanLoss => f.write_str("orphan_loss"),
            Self::Capital => f.write_str("capital"),
            Self::Unallocated => f.write_str("unallocated"),
        }
    }
}

impl FromStr for Account {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let plain = [
            Self::UtxoCoinbase,
            Self::UtxoSpendable,
            Self::UtxoReserved,
            Self::Fee,
            Self::Donation,
            Self::Bonus,
            Self::PpsReserve,
            Self::NetworkFee,
            Self::OrphanLoss,
            Self::Capital,
            Self::Unallocated,
        ];
        if let Some(account) = plain
            .into_iter()
            .find(|account| account.to_string() == text)
        {
            return Ok(account);
        }
        let unknown = || StoreError::Damaged(format!("an account {text}"));
        match text.split_once(':').ok_or_else(unknown)? {
            ("block", hash) => hash.parse().map(Self::Block).map_err(|_| unknown()),
            ("payee", id) => Ok(match id.strip_suffix(":held") {
                Some(id) => Self::PayeeHeld(id.to_owned()),
                None => Self::Payee(id.to_owned()),
            }),
            ("payout", number) => number.parse().map(Self::Payout).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

/// The id of a transaction, derived from what it is about: a database restored from a backup names
/// the same thing the same way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransactionId(pub [u8; 32]);

impl TransactionId {
    /// From the currency, the kind and the parts that tell this one from others of its kind.
    pub fn derive(currency: &str, kind: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"ngpool/transaction/1\n");
        for part in [currency.as_bytes(), kind.as_bytes()].iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransactionId({self})")
    }
}

/// One side of a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// What it gains; negative for what it gives.
    pub amount: Amount,
}

/// A movement.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Code of the currency.
    pub currency: String,
    /// Derived from its content.
    pub id: TransactionId,
    /// Such as `mature`; lower-case letters and `_`.
    pub kind: String,
    /// What caused it, for people and statements.
    pub cause: serde_json::Value,
    /// When.
    pub at: DateTime<Utc>,
    /// Its entries; they sum to zero.
    pub entries: Vec<Entry>,
}

/// Something wrong with the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    /// `transaction`, `balance`, `split`, `reward`, `reserved`, `payout` or `version`.
    pub what: String,
    /// Which one.
    pub name: String,
    /// By how many base units.
    pub off_by: String,
}

impl Store {
    /// Posts a transaction. Returns whether it is new: a repeat changes nothing.
    pub async fn post(&self, transaction: &Transaction) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        let new = post(&mut tx, transaction).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// Everything wrong with the books of a currency: transactions that do not sum to zero, balances
    /// that are not the sum of their entries, splits that are not their block's reward, payouts that
    /// do not carry their parts or hold their coins. Empty when all is well. Reads every entry.
    pub async fn books_check(&self, currency: &str) -> Result<Vec<Discrepancy>, StoreError> {
        let rows = sqlx::query(
            "SELECT what, name, off_by::text AS off_by FROM books_check($1)
             UNION ALL SELECT what, name, off_by::text FROM payouts_check($1)",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Discrepancy {
                    what: row.try_get("what")?,
                    name: row.try_get("name")?,
                    off_by: row.try_get("off_by")?,
                })
            })
            .collect()
    }

    /// What every account of a currency holds, those that hold nothing left out.
    pub async fn account_balances(
        &self,
        currency: &str,
    ) -> Result<BTreeMap<Account, Amount>, StoreError> {
        let rows =
            sqlx::query("SELECT account, amount FROM balance WHERE currency = $1 AND amount <> 0")
                .bind(currency)
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                let account: Account = row.try_get::<&str, _>("account")?.parse()?;
                Ok((account, Amount(row.try_get("amount")?)))
            })
            .collect()
    }
}

/// Posts within a transaction of the database, so that what it is about changes with it or not at all.
pub(crate) async fn post(
    connection: &mut PgConnection,
    transaction: &Transaction,
) -> Result<bool, StoreError> {
    let accounts: Vec<String> = transaction
        .entries
        .iter()
        .map(|entry| entry.account.to_string())
        .collect();
    let amounts: Vec<i64> = transaction
        .entries
        .iter()
        .map(|entry| entry.amount.0)
        .collect();
    Ok(
        sqlx::query_scalar("SELECT post($1, $2, $3, $4, $5, $6, $7)")
            .bind(&transaction.currency)
            .bind(transaction.id.0.as_slice())
            .bind(&transaction.kind)
            .bind(&transaction.cause)
            .bind(transaction.at)
            .bind(accounts)
            .bind(amounts)
            .fetch_one(connection)
            .await?,
    )
}
