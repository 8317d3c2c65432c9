//! What may be paid from what, and what is open: balances, spendable coins, the task for the signer.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, BlockHash, Height};
use sqlx::{PgConnection, Row};

use super::{
    AnchorSight, ChainSpender, Outpoint, PayeeRefusal, PayoutInput, PayoutRow, PayoutState,
    refused::read_refusal,
    rows::{outpoint, read},
};
use crate::{
    Store, StoreError,
    follow::tip,
    numeric::{to_block_hash, to_i64, to_txid, to_u32, to_u64},
    statements::statements_ahead,
};

/// A payee with a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payable {
    /// Who, as in the books.
    pub payee: String,
    /// What he can be paid.
    pub balance: Amount,
    /// Least that he wants to be paid; none for the currency's.
    pub minimum: Option<Amount>,
    /// Why nothing is paid to him now.
    pub hold: Option<String>,
    /// Why a signer refused to pay him.
    pub refused: Option<PayeeRefusal>,
    /// When he was credited first.
    pub first_credited: DateTime<Utc>,
}

/// A coin that a payout may spend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendableCoin {
    /// The coin.
    pub coin: PayoutInput,
    /// Height of the block that made it.
    pub height: Height,
    /// That block: daemons without a transaction index find its transaction by it.
    pub block: BlockHash,
    /// Whether it is a coinbase's.
    pub coinbase: bool,
}

/// What is set for one payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeeSetting {
    /// Who.
    pub payee: String,
    /// Least that he wants to be paid.
    pub minimum: Option<Amount>,
    /// Why nothing is paid to him.
    pub hold: Option<String>,
}

/// What the signer is to be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenTask {
    /// To sign a version of a payout: the payout whole, and the number of the version.
    Sign {
        /// The payout; the version has a PSBT and is among its versions.
        payout: Box<PayoutRow>,
        /// The version.
        version: u32,
    },
    /// To record a number void, or to tell what was signed under it.
    Void {
        /// The number.
        number: u64,
    },
    /// To give back the statements that the database lacks after it was put back: of each chain of
    /// which the signer has more, its name and the number of the last one here.
    Tell {
        /// The chains.
        after: Vec<(String, u64)>,
    },
}

/// The oldest open task of a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    /// Code of the currency.
    pub currency: String,
    /// What to ask.
    pub task: OpenTask,
}

impl Store {
    /// Every payee with a balance, in the order of the names. The pool's own accounts are not among
    /// them; a draw of fees is a part for [`POOL_FEE`](super::POOL_FEE), up to the balance of `fee`.
    pub async fn payable(&self, currency: &str) -> Result<Vec<Payable>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.payee, p.amount, s.minimum, coalesce(s.hold, false) AS hold,
                    coalesce(s.hold_reason, '') AS hold_reason,
                    r.reason AS refused_reason, r.until AS refused_until,
                    (SELECT min(t.posted_at) FROM book_entry e
                     JOIN book_transaction t USING (currency, id)
                     WHERE e.currency = $1 AND e.account = p.account AND e.amount > 0) AS first
             FROM (SELECT account, substr(account, 7) AS payee, amount FROM balance
                   WHERE currency = $1 AND kind = 'payee' AND amount > 0
                     AND account NOT LIKE '%:held') p
             LEFT JOIN payee_setting s ON s.currency = $1 AND s.payee = p.payee
             LEFT JOIN payee_refusal r ON r.currency = $1 AND r.payee = p.payee
             ORDER BY p.payee COLLATE \"C\"",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let minimum: Option<i64> = row.try_get("minimum")?;
                Ok(Payable {
                    payee: row.try_get("payee")?,
                    balance: Amount(row.try_get("amount")?),
                    minimum: minimum.map(Amount),
                    hold: hold(row.try_get("hold")?, row.try_get("hold_reason")?),
                    refused: read_refusal(row)?,
                    first_credited: row.try_get("first")?,
                })
            })
            .collect()
    }

    /// Coins of ours that a payout may spend: created `depth` deep on the followed chain (a coinbase's
    /// block credited), held by the books, unspent, and taken by no live payout. The oldest first.
    pub async fn spendable_outputs(
        &self,
        currency: &str,
        depth: u32,
    ) -> Result<Vec<SpendableCoin>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let Some((tip, _)) = tip(&mut connection, currency).await? else {
            return Ok(Vec::new());
        };
        let rows = sqlx::query(
            "SELECT txid, vout, amount, script, created_height, created_hash, coinbase
             FROM chain_output o
             WHERE currency = $1 AND created_height <= $2 AND spent_height IS NULL AND amount > 0
               AND in_books(currency, txid, vout)
               AND NOT EXISTS (SELECT FROM payout_reserve r
                   WHERE r.currency = o.currency AND r.txid = o.txid AND r.vout = o.vout)
             ORDER BY created_height, txid, vout",
        )
        .bind(currency)
        .bind(i64::from(tip.0) - i64::from(depth))
        .fetch_all(&mut *connection)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SpendableCoin {
                    coin: PayoutInput {
                        outpoint: outpoint(row.try_get("txid")?, row.try_get("vout")?)?,
                        amount: Amount(row.try_get("amount")?),
                        script: row.try_get("script")?,
                    },
                    height: Height(to_u32(row.try_get("created_height")?, "a height")?),
                    block: to_block_hash(row.try_get("created_hash")?)?,
                    coinbase: row.try_get("coinbase")?,
                })
            })
            .collect()
    }

    /// What the followed chain shows of a coin.
    pub async fn anchor_sight(
        &self,
        currency: &str,
        coin: Outpoint,
    ) -> Result<AnchorSight, StoreError> {
        let row = sqlx::query(
            "SELECT o.created_height IS NOT NULL AS is_there, s.txid, s.height, s.hash,
                    s.in_txids, s.in_vouts, s.out_amounts, s.out_scripts
             FROM chain_output o
             LEFT JOIN chain_spender s ON s.currency = o.currency AND s.txid = o.spent_txid
                 AND s.hash = o.spent_hash
             WHERE o.currency = $1 AND o.txid = $2 AND o.vout = $3",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .bind(i64::from(coin.vout))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(AnchorSight::Absent);
        };
        let Some(txid) = row.try_get::<Option<&[u8]>, _>("txid")? else {
            return Ok(if row.try_get("is_there")? {
                AnchorSight::Unspent
            } else {
                AnchorSight::Absent
            });
        };
        let txids: Vec<Vec<u8>> = row.try_get("in_txids")?;
        let vouts: Vec<i64> = row.try_get("in_vouts")?;
        let amounts: Vec<i64> = row.try_get("out_amounts")?;
        let scripts: Vec<Vec<u8>> = row.try_get("out_scripts")?;
        let inputs = txids.iter().zip(vouts);
        Ok(AnchorSight::Spent {
            by: ChainSpender {
                txid: to_txid(txid)?,
                inputs: inputs
                    .map(|(txid, vout)| outpoint(txid, vout))
                    .collect::<Result<_, _>>()?,
                outputs: amounts.into_iter().map(Amount).zip(scripts).collect(),
            },
            height: Height(to_u32(row.try_get("height")?, "a height")?),
            block: to_block_hash(row.try_get("hash")?)?,
        })
    }

    /// Why a coin that the chain does not have can never come: the block whose coinbase it is was
    /// orphaned and is `maturity` deep under the tip, or the payout whose change it is confirmed
    /// under another txid or is void. None while it may come.
    pub async fn never_comes(
        &self,
        currency: &str,
        coin: Outpoint,
        maturity: u32,
    ) -> Result<Option<String>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let Some((tip, _)) = tip(&mut connection, currency).await? else {
            return Ok(None);
        };
        let orphan: Option<i64> = sqlx::query_scalar(
            // One job solved twice makes two blocks with one coinbase: the coin is dead when all are.
            "SELECT min(height) FROM block WHERE currency = $1 AND coinbase_txid = $2
             HAVING bool_and(state IN ('orphaned', 'rejected') AND height <= $3)
                AND bool_or(state = 'orphaned')",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .bind(i64::from(tip.0) - i64::from(maturity))
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(height) = orphan {
            return Ok(Some(format!(
                "its coin {coin} was made by our block at height {height}, which is orphaned"
            )));
        }
        let row = sqlx::query(
            "SELECT p.number, p.state FROM payout_txid t JOIN payout p USING (currency, number)
             WHERE t.currency = $1 AND t.txid = $2
               AND (p.state = 'void' OR p.state = 'confirmed' AND p.confirmed_txid <> t.txid)",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await?;
        row.map(|row| {
            let number: i64 = row.try_get("number")?;
            let state: &str = row.try_get("state")?;
            Ok(format!(
                "its coin {coin} is change of payout {number}, which is {state} otherwise"
            ))
        })
        .transpose()
    }

    /// What the signer is to be asked next; none when nothing is open. Before all else the statements
    /// that it has and the database lacks, without which both would count otherwise. Then a number that is
    /// void here and not known there, because the signer takes numbers in their order only. Then, oldest
    /// first: a number to be void, a version to be signed (one that waits for others to sign after those that nobody has signed),
    /// and, when the signer says that it has signed numbers that the database does not know, the first
    /// of them.
    pub async fn open_request(&self, currency: &str) -> Result<Option<OpenRequest>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let ahead = statements_ahead(&mut connection, currency).await?;
        if !ahead.is_empty() {
            let after = ahead
                .into_iter()
                .map(|chain| (chain.sharechain, chain.here));
            return Ok(Some(OpenRequest {
                currency: currency.to_owned(),
                task: OpenTask::Tell {
                    after: after.collect(),
                },
            }));
        }
        if let Some(number) = skipped_number(&mut connection, currency).await? {
            return Ok(Some(OpenRequest {
                currency: currency.to_owned(),
                task: OpenTask::Void { number },
            }));
        }
        let row = sqlx::query(
            "SELECT p.number, v.version, p.void_asked_at IS NOT NULL AND p.state = 'prepared' AS void
             FROM payout p JOIN payout_version v USING (currency, number)
             WHERE p.currency = $1 AND p.state IN ('prepared', 'signed', 'broadcast')
               AND v.transaction IS NULL AND v.psbt IS NOT NULL
             ORDER BY v.waiting_at NULLS FIRST, p.number, v.version LIMIT 1",
        )
        .bind(currency)
        .fetch_optional(&mut *connection)
        .await?;
        let task = match row {
            Some(row) => {
                let number = to_u64(row.try_get("number")?, "a payout number")?;
                if row.try_get("void")? {
                    Some(OpenTask::Void { number })
                } else {
                    let version = super::rows::version(row.try_get("version")?)?;
                    let payout = read(&mut connection, currency, number).await?;
                    payout.map(|payout| OpenTask::Sign {
                        payout: Box::new(payout),
                        version,
                    })
                }
            }
            None => unknown_number(&mut connection, currency)
                .await?
                .map(|number| OpenTask::Void { number }),
        };
        Ok(task.map(|task| OpenRequest {
            currency: currency.to_owned(),
            task,
        }))
    }

    /// What is set for payees.
    pub async fn payee_settings(&self, currency: &str) -> Result<Vec<PayeeSetting>, StoreError> {
        let rows = sqlx::query(
            "SELECT payee, minimum, hold, hold_reason FROM payee_setting
             WHERE currency = $1 ORDER BY payee COLLATE \"C\"",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let minimum: Option<i64> = row.try_get("minimum")?;
                Ok(PayeeSetting {
                    payee: row.try_get("payee")?,
                    minimum: minimum.map(Amount),
                    hold: hold(row.try_get("hold")?, row.try_get("hold_reason")?),
                })
            })
            .collect()
    }

    /// Sets what a payee's payouts are to keep to.
    pub async fn set_payee(
        &self,
        currency: &str,
        setting: &PayeeSetting,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO payee_setting (currency, payee, minimum, hold, hold_reason, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (currency, payee) DO UPDATE
             SET minimum = excluded.minimum, hold = excluded.hold,
                 hold_reason = excluded.hold_reason, updated_at = excluded.updated_at",
        )
        .bind(currency)
        .bind(&setting.payee)
        .bind(setting.minimum.map(|minimum| minimum.0))
        .bind(setting.hold.is_some())
        .bind(setting.hold.as_deref().unwrap_or_default())
        .bind(at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// How many payouts are signed or sent and not confirmed.
    pub async fn payouts_in_flight(&self, currency: &str) -> Result<u64, StoreError> {
        let states = [
            PayoutState::Signed.as_str(),
            PayoutState::Broadcast.as_str(),
        ];
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM payout WHERE currency = $1 AND state = ANY ($2)",
        )
        .bind(currency)
        .bind(states.as_slice())
        .fetch_one(&self.pool)
        .await?;
        to_u64(count, "a count")
    }
}

fn hold(is_set: bool, reason: String) -> Option<String> {
    is_set.then_some(reason)
}

/// The signer's next number, when it will never be signed: it is void here, by the chain or by a word
/// that was not the signer's; or it confirmed by the same transaction that the signer had signed under
/// an earlier number, whose answer was kept from us.
async fn skipped_number(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Option<u64>, StoreError> {
    let number: Option<i64> = sqlx::query_scalar(
        "SELECT p.number FROM signer_seen s
         JOIN payout p ON p.currency = s.currency AND p.number = s.payout + 1
         WHERE s.currency = $1
           AND (p.state = 'void' OR p.state = 'confirmed' AND NOT EXISTS (
               SELECT FROM payout_version v
               WHERE v.currency = p.currency AND v.number = p.number
                 AND (v.transaction IS NOT NULL OR v.waiting_at IS NOT NULL)))",
    )
    .bind(currency)
    .fetch_optional(connection)
    .await?;
    number
        .map(|number| to_u64(number, "a payout number"))
        .transpose()
}

/// The next number, when the signer has one there already.
async fn unknown_number(
    connection: &mut PgConnection,
    currency: &str,
) -> Result<Option<u64>, StoreError> {
    let last = super::prepare::last_number(connection, currency).await?;
    let seen: Option<i64> =
        sqlx::query_scalar("SELECT payout FROM signer_seen WHERE currency = $1 AND payout > $2")
            .bind(currency)
            .bind(to_i64(last, "a payout number")?)
            .fetch_optional(connection)
            .await?;
    Ok(seen.and_then(|_| last.checked_add(1)))
}
