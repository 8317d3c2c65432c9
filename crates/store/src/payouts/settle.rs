//! What the chain decides: a payout confirms, is reorganised out, is void, or comes back.

mod void;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Height};
use sqlx::{PgConnection, Row};

use super::{
    Confirmation, PayoutRefusal, PayoutRow, PayoutState, PayoutVersion,
    coins::{came, entries, gone, less, more, negative, take_reserved},
    posting::{Step, carried},
    rows::known,
    sign::know_txid,
    versions::column,
};
use crate::{
    Account, Entry, Store, StoreError,
    follow::{lock_follower, post_deposit, read_output, tip},
    numeric::to_i64,
};

/// How often a payout was booked and confirmed.
struct Turns {
    bookings: i32,
    confirmations: i32,
}

impl Store {
    /// A version is `depth` deep on the followed chain: what was reserved is spent, change comes to the
    /// books, the difference between the fee and what the payees were charged for it is the pool's.
    /// Refused while the chain does not show it any more, or while the books do not hold a coin that
    /// it spends. Returns whether anything changed.
    pub async fn confirm_payout(
        &self,
        currency: &str,
        number: u64,
        confirmation: Confirmation,
        depth: u32,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        match payout.state {
            PayoutState::Confirmed if payout.confirmed == Some(confirmation) => return Ok(false),
            // Signed elsewhere, by the chain's word, when no signature is known here.
            PayoutState::Prepared | PayoutState::Signed | PayoutState::Broadcast => {}
            state => {
                return Err(PayoutRefusal::State {
                    number,
                    state,
                    wanted: "confirmed",
                }
                .into());
            }
        }
        let shape = |what: &str| PayoutRefusal::Shape {
            number,
            what: what.to_owned(),
        };
        if !is_there(&mut tx, currency, confirmation, depth).await? {
            return Err(shape("its block left the chain, or is not deep enough").into());
        }
        let version = payout
            .version(confirmation.version)
            .ok_or_else(|| shape("has no such version"))?;
        let turns = turns(&mut tx, &payout).await?;
        let turn = turns
            .confirmations
            .checked_add(1)
            .ok_or(StoreError::TooLarge("a number of confirmations"))?;
        take_back_change(&mut tx, currency, confirmation, at).await?;
        let mut entries = spent(&mut tx, &payout, version).await?;
        move_confirmed(&mut tx, &payout, Some(confirmation), turn, at).await?;
        know_txid(
            &mut tx,
            currency,
            number,
            version.version,
            confirmation.txid,
        )
        .await?;
        for change in &version.change {
            let coin = (confirmation.txid, Some(change.vout));
            entries.extend(came(&mut tx, currency, coin.0, coin.1, change.amount).await?);
        }
        let (carried, shares) = carried(&payout.parts)?;
        entries.push(entry(Account::Payout(number), negative(carried)?));
        let fee = less(shares, version.fee.0)?;
        entries.push(entry(Account::NetworkFee, fee));
        let paid_back = pay_back(&mut tx, currency, fee).await?;
        entries.push(entry(Account::NetworkFee, paid_back));
        entries.push(entry(Account::Fee, negative(paid_back)?));
        let step = Step {
            currency,
            number,
            kind: "payout_confirm",
            turn: u64::from(turn.unsigned_abs()),
            at,
        };
        step.end(tx, entries).await
    }

    /// Payouts that are confirmed in a block that the followed chain does not have any more, the last
    /// number first: so they are to be undone, for a later one may spend an earlier one's change.
    pub async fn unconfirmed_payouts(&self, currency: &str) -> Result<Vec<u64>, StoreError> {
        let numbers: Vec<i64> = sqlx::query_scalar(
            "SELECT number FROM payout p WHERE currency = $1 AND state = 'confirmed'
                 AND NOT EXISTS (SELECT FROM chain_spender s
                     WHERE s.currency = p.currency AND s.txid = p.confirmed_txid
                       AND s.hash = p.confirmed_hash)
             ORDER BY number DESC",
        )
        .bind(currency)
        .fetch_all(&self.pool)
        .await?;
        numbers
            .into_iter()
            .map(|number| crate::numeric::to_u64(number, "a payout number"))
            .collect()
    }

    /// The block of a confirmed payout left the chain: the confirmation's booking is taken back, and it
    /// is `broadcast` again. Returns whether anything changed.
    pub async fn unconfirm_payout(
        &self,
        currency: &str,
        number: u64,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        let Some(confirmation) = payout.confirmed else {
            return Ok(false);
        };
        if is_there(&mut tx, currency, confirmation, 0).await? {
            return Ok(false);
        }
        let version = payout.version(confirmation.version).ok_or_else(|| {
            StoreError::Damaged(format!("no version that payout {number} confirmed by"))
        })?;
        let turns = turns(&mut tx, &payout).await?;
        let mut entries = Vec::new();
        for change in &version.change {
            let coin = (confirmation.txid, Some(change.vout));
            entries.extend(gone(&mut tx, currency, coin.0, coin.1, change.amount).await?);
        }
        let id = confirm_id(currency, number, turns.confirmations, at);
        entries.extend(reversed(&mut tx, currency, &id).await?);
        move_confirmed(&mut tx, &payout, None, turns.confirmations, at).await?;
        entries.extend(reserve_again(&mut tx, &payout, Some(version)).await?);
        let step = Step {
            currency,
            number,
            kind: "payout_unconfirm",
            turn: u64::from(turns.confirmations.unsigned_abs()),
            at,
        };
        step.end(tx, entries).await
    }
}

fn entry(account: Account, amount: i64) -> Entry {
    Entry {
        account,
        amount: Amount(amount),
    }
}

/// The state of a payout that is out and not confirmed.
fn live_state<'a>(payout: &PayoutRow, reason: &'a str) -> (PayoutState, &'a str) {
    let state = if payout.newest_signed().is_some() {
        PayoutState::Broadcast
    } else {
        PayoutState::Signed
    };
    (state, reason)
}

fn confirm_id(
    currency: &str,
    number: u64,
    confirmations: i32,
    at: DateTime<Utc>,
) -> crate::TransactionId {
    let step = Step {
        currency,
        number,
        kind: "payout_confirm",
        turn: u64::from(confirmations.unsigned_abs()),
        at,
    };
    step.id()
}

/// Whether the followed chain has the transaction in that block, that deep.
async fn is_there(
    connection: &mut PgConnection,
    currency: &str,
    confirmation: Confirmation,
    depth: u32,
) -> Result<bool, StoreError> {
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM chain_spender
             WHERE currency = $1 AND txid = $2 AND hash = $3 AND height = $4)",
    )
    .bind(currency)
    .bind(confirmation.txid.as_bytes().as_slice())
    .bind(confirmation.block.as_bytes().as_slice())
    .bind(i64::from(confirmation.height.0))
    .fetch_one(&mut *connection)
    .await?;
    let tip = tip(connection, currency).await?.map(|(height, _)| height);
    Ok(there && is_deep(tip, confirmation.height, depth))
}

/// Whether a height has `depth` blocks above it.
fn is_deep(tip: Option<Height>, height: Height, depth: u32) -> bool {
    tip.and_then(|tip| tip.0.checked_sub(height.0))
        .is_some_and(|above| above >= depth)
}

async fn turns(connection: &mut PgConnection, payout: &PayoutRow) -> Result<Turns, StoreError> {
    let row = sqlx::query(
        "SELECT bookings, confirmations FROM payout WHERE currency = $1 AND number = $2",
    )
    .bind(&payout.currency)
    .bind(to_i64(payout.number, "a payout number")?)
    .fetch_one(connection)
    .await?;
    Ok(Turns {
        bookings: row.try_get("bookings")?,
        confirmations: row.try_get("confirmations")?,
    })
}

async fn move_confirmed(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    confirmed: Option<Confirmation>,
    confirmations: i32,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (state, reason) = if confirmed.is_some() {
        (PayoutState::Confirmed, "")
    } else {
        live_state(payout, "its block left the chain: it is sent again")
    };
    let version = confirmed
        .map(|confirmed| column(confirmed.version))
        .transpose()?;
    sqlx::query(
        "UPDATE payout SET state = $3, state_at = $4, reason = $5, confirmations = $6,
             confirmed_version = $7, confirmed_txid = $8, confirmed_height = $9, confirmed_hash = $10
         WHERE currency = $1 AND number = $2",
    )
    .bind(&payout.currency)
    .bind(to_i64(payout.number, "a payout number")?)
    .bind(state.as_str())
    .bind(at)
    .bind(reason)
    .bind(confirmations)
    .bind(version)
    .bind(
        confirmed
            .as_ref()
            .map(|confirmed| confirmed.txid.as_bytes().as_slice()),
    )
    .bind(confirmed.map(|confirmed| i64::from(confirmed.height.0)))
    .bind(
        confirmed
            .as_ref()
            .map(|confirmed| confirmed.block.as_bytes().as_slice()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Entries for the coins of a payout that confirms: those it spends leave the books, others that its
/// versions had taken are free again.
async fn spent(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    version: &PayoutVersion,
) -> Result<Vec<Entry>, StoreError> {
    let currency = payout.currency.as_str();
    let spends: BTreeSet<_> = version.inputs.iter().map(|input| input.outpoint).collect();
    let mut own = BTreeSet::new();
    let (mut reserved, mut free) = (0, 0);
    for coin in take_reserved(connection, currency, payout.number).await? {
        own.insert(coin.outpoint);
        let is_spent = spends.contains(&coin.outpoint);
        if is_spent && !coin.held {
            return Err(PayoutRefusal::CoinNotHeld(coin.outpoint).into());
        }
        if coin.held {
            reserved = more(reserved, coin.amount)?;
            free = less(free, if is_spent { 0 } else { coin.amount })?;
        }
    }
    let mut all = entries(reserved, free);
    // A coin that was given back when another version confirmed, and this one confirms after all.
    for input in &version.inputs {
        let coin = input.outpoint;
        if !own.contains(&coin) {
            all.extend(
                gone(
                    connection,
                    currency,
                    coin.txid,
                    Some(coin.vout),
                    input.amount,
                )
                .await?,
            );
        }
    }
    Ok(all)
}

/// Takes the coins of all versions for a payout again, as far as no other has taken them. Those of
/// the version that had confirmed come back to the books; of others only what the books hold.
async fn reserve_again(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    confirmed: Option<&PayoutVersion>,
) -> Result<Vec<Entry>, StoreError> {
    let currency = payout.currency.as_str();
    let spent: BTreeSet<_> = confirmed
        .into_iter()
        .flat_map(|version| &version.inputs)
        .map(|input| input.outpoint)
        .collect();
    let inputs = payout.versions.iter().flat_map(|version| &version.inputs);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for input in inputs.filter(|input| seen.insert(input.outpoint)) {
        let coin = input.outpoint;
        let was_spent = spent.contains(&coin);
        let row = sqlx::query(
            "INSERT INTO payout_reserve (currency, txid, vout, number, amount, held)
             VALUES ($1, $2, $3, $4, $5, NOT $6 AND in_books($1, $2, $3))
             ON CONFLICT (currency, txid, vout) DO NOTHING
             RETURNING held",
        )
        .bind(currency)
        .bind(coin.txid.as_bytes().as_slice())
        .bind(i64::from(coin.vout))
        .bind(to_i64(payout.number, "a payout number")?)
        .bind(input.amount.0)
        .bind(was_spent)
        .fetch_optional(&mut *connection)
        .await?;
        if was_spent {
            all.extend(
                came(
                    connection,
                    currency,
                    coin.txid,
                    Some(coin.vout),
                    input.amount,
                )
                .await?,
            );
        } else if let Some(row) = row
            && row.try_get("held")?
        {
            all.extend(entries(negative(input.amount.0)?, input.amount.0));
        }
    }
    Ok(all)
}

/// What of the fees the pool lent, this payout's among them, its fee account pays back now.
async fn pay_back(
    connection: &mut PgConnection,
    currency: &str,
    fee: i64,
) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "SELECT coalesce(sum(amount) FILTER (WHERE account = 'fee'), 0)::bigint AS fee,
                coalesce(sum(amount) FILTER (WHERE account = 'network_fee'), 0)::bigint AS lent
         FROM balance WHERE currency = $1 AND account IN ('fee', 'network_fee')",
    )
    .bind(currency)
    .fetch_one(connection)
    .await?;
    let owed = negative(more(row.try_get("lent")?, fee)?)?;
    let there: i64 = row.try_get("fee")?;
    Ok(owed.min(there).max(0))
}

/// The reverse of what a confirmation posted to the accounts that are not coins.
async fn reversed(
    connection: &mut PgConnection,
    currency: &str,
    id: &crate::TransactionId,
) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query(
        "SELECT account, amount FROM book_entry
         WHERE currency = $1 AND id = $2 AND account NOT LIKE 'utxo:%'",
    )
    .bind(currency)
    .bind(id.0.as_slice())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let account: Account = row.try_get::<&str, _>("account")?.parse()?;
            Ok(entry(account, negative(row.try_get("amount")?)?))
        })
        .collect()
}

/// Change that was taken for a deposit, because nobody knew the payout then, is booked as what it is.
async fn take_back_change(
    connection: &mut PgConnection,
    currency: &str,
    confirmation: Confirmation,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT txid, vout, amount, script, coinbase, bookings FROM chain_output
         WHERE currency = $1 AND txid = $2 AND booked ORDER BY vout",
    )
    .bind(currency)
    .bind(confirmation.txid.as_bytes().as_slice())
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let output = read_output(row)?;
        let turn = row.try_get("bookings")?;
        post_deposit(connection, currency, &output, turn, true, at).await?;
        sqlx::query(
            "UPDATE chain_output SET booked = false
             WHERE currency = $1 AND txid = $2 AND vout = $3",
        )
        .bind(currency)
        .bind(output.txid.as_bytes().as_slice())
        .bind(i64::from(output.vout))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
