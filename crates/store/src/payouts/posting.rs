//! Posting what a payout does, one entry an account.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ngpool_chain::Amount;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{POOL_FEE, PayoutPart, coins::more};
use crate::{Account, Entry, StoreError, Transaction, TransactionId, books};

/// Names a posting: the payout, the kind, and how often it has happened.
pub(super) struct Step<'a> {
    pub(super) currency: &'a str,
    pub(super) number: u64,
    pub(super) kind: &'a str,
    /// Tells this turn from others of the kind.
    pub(super) turn: u64,
    pub(super) at: DateTime<Utc>,
}

impl Step<'_> {
    pub(super) fn id(&self) -> TransactionId {
        let parts: [&[u8]; 2] = [&self.number.to_be_bytes(), &self.turn.to_be_bytes()];
        TransactionId::derive(self.currency, self.kind, &parts)
    }

    /// Posts entries and commits what was done with them: the end of a step that changed something.
    pub(super) async fn end(
        &self,
        mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
        entries: Vec<Entry>,
    ) -> Result<bool, StoreError> {
        self.post(&mut tx, entries).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Posts entries, those of one account summed. Nothing is posted when nothing moves.
    pub(super) async fn post(
        &self,
        connection: &mut PgConnection,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
        for Entry { account, amount } in entries {
            let sum = sums.entry(account).or_default();
            *sum = more(*sum, amount.0)?;
        }
        let entries: Vec<_> = sums
            .into_iter()
            .filter(|(_, amount)| *amount != 0)
            .map(|(account, amount)| Entry {
                account,
                amount: Amount(amount),
            })
            .collect();
        if entries.is_empty() {
            return Ok(());
        }
        let transaction = Transaction {
            currency: self.currency.to_owned(),
            id: self.id(),
            kind: self.kind.to_owned(),
            cause: json!({ "payout": self.number, "turn": self.turn }),
            at: self.at,
            entries,
        };
        books::post(connection, &transaction).await?;
        Ok(())
    }
}

/// Tells the posting of a version from those of all others: its number may be given again.
pub(super) fn version_turn(unsigned: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (place, byte) in first.iter_mut().zip(Sha256::digest(unsigned)) {
        *place = byte;
    }
    u64::from_be_bytes(first)
}

/// What the parts of a payout take from their accounts and put on its own; the reverse when undone.
pub(super) fn parts_entries(
    number: u64,
    parts: &[PayoutPart],
    undo: bool,
) -> Result<Vec<Entry>, StoreError> {
    let sign = if undo { -1 } else { 1 };
    let mut sum = 0;
    let mut entries = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        let charge = more(part.amount.0, part.fee_share.0)?;
        sum = more(sum, charge)?;
        let account = if part.payee == POOL_FEE {
            Account::Fee
        } else {
            Account::Payee(part.payee.clone())
        };
        // Charges are positive: the sign of one cannot overflow.
        let amount = Amount(-sign * charge);
        entries.push(Entry { account, amount });
    }
    entries.push(Entry {
        account: Account::Payout(number),
        amount: Amount(sign * sum),
    });
    Ok(entries)
}

/// What a payout carries: all parts and their fee shares; and the fee shares alone.
pub(super) fn carried(parts: &[PayoutPart]) -> Result<(i64, i64), StoreError> {
    let (mut amounts, mut shares) = (0, 0);
    for part in parts {
        amounts = more(amounts, part.amount.0)?;
        shares = more(shares, part.fee_share.0)?;
    }
    Ok((more(amounts, shares)?, shares))
}
