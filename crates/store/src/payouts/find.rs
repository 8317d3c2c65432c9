//! Finding payouts and coins by what the chain or the signer names.

use ngpool_chain::{Amount, Txid};
use sqlx::Row;

use super::{Outpoint, PayoutInput, prepare::last_number, rows::outpoint};
use crate::{
    Store, StoreError,
    numeric::{to_txid, to_u64},
};

impl Store {
    /// The highest payout number of a currency; 0 before the first.
    pub async fn last_payout(&self, currency: &str) -> Result<u64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        last_number(&mut connection, currency).await
    }

    /// The payout that has or had a txid.
    pub async fn payout_of(&self, currency: &str, txid: Txid) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> =
            sqlx::query_scalar("SELECT number FROM payout_txid WHERE currency = $1 AND txid = $2")
                .bind(currency)
                .bind(txid.as_bytes().as_slice())
                .fetch_optional(&self.pool)
                .await?;
        number
            .map(|number| to_u64(number, "a payout number"))
            .transpose()
    }

    /// A coin of ours, as the chain made it or as a version of a payout makes it.
    pub async fn coin_of_ours(
        &self,
        currency: &str,
        coin: Outpoint,
    ) -> Result<Option<PayoutInput>, StoreError> {
        let row = sqlx::query(
            "SELECT amount, script FROM chain_output
             WHERE currency = $1 AND txid = $2 AND vout = $3
             UNION ALL
             SELECT c.amount, c.script FROM payout_txid t
             JOIN payout_change c USING (currency, number, version)
             WHERE t.currency = $1 AND t.txid = $2 AND c.vout = $3
             LIMIT 1",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .bind(i64::from(coin.vout))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(PayoutInput {
                outpoint: coin,
                amount: Amount(row.try_get("amount")?),
                script: row.try_get("script")?,
            })
        })
        .transpose()
    }

    /// Void payouts whose anchor is spent on the followed chain: perhaps by a version after all.
    pub async fn void_payouts_spent(&self, currency: &str) -> Result<Vec<u64>, StoreError> {
        let numbers: Vec<i64> = sqlx::query_scalar(
            "SELECT p.number FROM payout p
             JOIN chain_output o ON o.currency = p.currency AND o.txid = p.anchor_txid
                 AND o.vout = p.anchor_vout
             WHERE p.currency = $1 AND p.state = 'void' AND o.spent_height IS NOT NULL
               -- What confirmed another payout is not looked at again in every run.
               AND NOT EXISTS (SELECT FROM payout q WHERE q.currency = p.currency
                   AND q.state = 'confirmed' AND q.confirmed_txid = o.spent_txid)
               -- A payout that took the coin since comes first: its transaction may be the same.
               AND NOT EXISTS (SELECT FROM payout q WHERE q.currency = p.currency
                   AND q.state <> 'void' AND q.anchor_txid = p.anchor_txid
                   AND q.anchor_vout = p.anchor_vout)
             ORDER BY p.number",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        numbers
            .into_iter()
            .map(|number| to_u64(number, "a payout number"))
            .collect()
    }

    /// Coins that the books hold and that the followed chain shows as spent by a transaction that no
    /// payout knows: (the coin, the transaction).
    pub async fn unknown_spends(
        &self,
        currency: &str,
    ) -> Result<Vec<(Outpoint, Txid)>, StoreError> {
        let rows = sqlx::query(
            "SELECT o.txid, o.vout, o.spent_txid FROM chain_output o
             WHERE o.currency = $1 AND o.spent_txid IS NOT NULL
               AND in_books(o.currency, o.txid, o.vout)
               AND NOT EXISTS (SELECT FROM payout_txid t
                   WHERE t.currency = o.currency AND t.txid = o.spent_txid)
               AND NOT EXISTS (SELECT FROM chain_output a JOIN payout p ON p.currency = a.currency
                       AND p.anchor_txid = a.txid AND p.anchor_vout = a.vout
                   WHERE a.currency = o.currency AND a.spent_txid = o.spent_txid
                     AND p.state IN ('signed', 'broadcast'))
             ORDER BY o.spent_height, o.txid, o.vout",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let coin = outpoint(row.try_get("txid")?, row.try_get("vout")?)?;
                Ok((coin, to_txid(row.try_get("spent_txid")?)?))
            })
            .collect()
    }
}
