//! Signing and sending: what the signer gave, and what the nodes said.

use chrono::{DateTime, Utc};
use ngpool_chain::{Amount, Txid};
use sqlx::PgConnection;

use super::{
    NewPayout, NewVersion, Outpoint, PayoutChange, PayoutInput, PayoutKind, PayoutPart,
    PayoutRefusal, PayoutRow, PayoutState, PayoutVersion,
    coins::{release, release_unused, reserve},
    posting::{Step, parts_entries, version_turn},
    prepare::{insert_payout, last_number},
    rows::{known, read},
    versions::{check, column, insert_version},
};
use crate::{Store, StoreError, follow::lock_follower, numeric::to_i64};

const RELEASED: &str = "the signer's operator released it: it can never confirm, he says";

/// A payout that the signer's journal has and the database lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPayout {
    /// Code of the currency.
    pub currency: String,
    /// Its number.
    pub number: u64,
    /// What it is for.
    pub kind: PayoutKind,
    /// For a child: the payout whose change it spends.
    pub parent: Option<u64>,
    /// The coin that every version spends.
    pub anchor: Outpoint,
    /// Who is paid.
    pub parts: Vec<PayoutPart>,
    /// The signer's operator said by hand that it can never confirm: it is booked void, until the
    /// chain shows otherwise.
    pub is_released: bool,
    /// What was signed, in order from version 1.
    pub versions: Vec<ImportedVersion>,
}

/// A version that the signer's journal has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVersion {
    /// Its fee.
    pub fee: Amount,
    /// The transaction without signatures.
    pub unsigned: Vec<u8>,
    /// What it spends, in the transaction's order.
    pub inputs: Vec<PayoutInput>,
    /// Its outputs to scripts of ours.
    pub change: Vec<PayoutChange>,
    /// The whole transaction and its id; none while others have yet to sign. It counts as signed all
    /// the same.
    pub transaction: Option<(Vec<u8>, Txid)>,
    /// When the signer signed.
    pub signed_at: DateTime<Utc>,
}

impl Store {
    /// Stores the signed transaction of a version. Returns whether anything changed: the same bytes
    /// again change nothing, others are refused.
    pub async fn store_signed(
        &self,
        currency: &str,
        number: u64,
        version: u32,
        transaction: &[u8],
        txid: Txid,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        let stored = payout.version(version).ok_or(PayoutRefusal::Gap {
            what: "version",
            found: version.into(),
            last: payout.versions.last().map_or(0, |last| last.version.into()),
        })?;
        if let Some(signed) = &stored.signed {
            return if signed.bytes == transaction {
                Ok(false)
            } else {
                Err(PayoutRefusal::Otherwise {
                    number,
                    what: "signed transaction",
                }
                .into())
            };
        }
        sign_version(&mut tx, currency, number, version, transaction, txid, at).await?;
        if payout.state == PayoutState::Prepared {
            set_state(&mut tx, &payout, PayoutState::Signed, "", at).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The signer says that a version counts as signed while others have yet to sign: it can never be
    /// void by the signer's word any more. Returns whether anything changed.
    pub async fn mark_waiting(
        &self,
        currency: &str,
        number: u64,
        version: u32,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        let done = sqlx::query(
            "UPDATE payout_version SET waiting_at = $4
             WHERE currency = $1 AND number = $2 AND version = $3 AND transaction IS NULL",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(column(version)?)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() > 0 && payout.state == PayoutState::Prepared {
            set_state(&mut tx, &payout, PayoutState::Signed, reason, at).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Records that a version was sent and what the nodes said. The first time the payout becomes
    /// `broadcast`. Returns whether it did.
    pub async fn mark_broadcast(
        &self,
        currency: &str,
        number: u64,
        version: u32,
        answer: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        let is_signed = payout
            .version(version)
            .is_some_and(|version| version.signed.is_some());
        if !is_signed {
            return Err(PayoutRefusal::State {
                number,
                state: payout.state,
                wanted: "sent before it is signed",
            }
            .into());
        }
        sqlx::query(
            "UPDATE payout_version SET broadcast_at = coalesce(broadcast_at, $5), answer = $4,
                 answer_at = $5
             WHERE currency = $1 AND number = $2 AND version = $3",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(column(version)?)
        .bind(answer)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        let is_first = payout.state == PayoutState::Signed;
        if is_first {
            set_state(&mut tx, &payout, PayoutState::Broadcast, "", at).await?;
        }
        tx.commit().await?;
        Ok(is_first)
    }

    /// Books a payout as the signer's journal has it. One that the database has with the same anchor
    /// and parts gets the versions that it lacks; one that is only prepared with others gives its
    /// number up (coins and balances go back first). Returns whether anything changed.
    ///
    /// [`StoreError::Overdrawn`]: the credits it pays are not booked yet; try again when they are.
    pub async fn import_signed(
        &self,
        imported: &ImportedPayout,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (currency, number) = (imported.currency.as_str(), imported.number);
        let first = imported.versions.first().ok_or(PayoutRefusal::Shape {
            number,
            what: "the signer's journal names no version".to_owned(),
        })?;
        for version in &imported.versions {
            check(number, imported.anchor, &imported.parts, &version.to_new())?;
        }
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let mut bookings = 1;
        let there = match read(&mut tx, currency, number).await? {
            // Nothing was known to be signed under it, and something was: it was not void.
            Some(there) if there.state == PayoutState::Void && is_unsigned(&there) => {
                bookings = give_up(&mut tx, &there, at).await?;
                None
            }
            Some(there) if is_same(&there, imported) => Some(there),
            Some(there) if is_unsigned(&there) => {
                bookings = give_up(&mut tx, &there, at).await?;
                None
            }
            Some(_) => {
                return Err(PayoutRefusal::Otherwise {
                    number,
                    what: "anchor or parts than the signer signed",
                }
                .into());
            }
            None => None,
        };
        let mut changed = false;
        if let Some(payout) = there {
            for (version, place) in imported.versions.iter().zip(1_u32..) {
                changed |= add_imported(&mut tx, &payout, place, version, at).await?;
            }
            if payout.state == PayoutState::Prepared && imported.is_released {
                let turn = bookings_of(&mut tx, &payout).await?;
                post_void(&mut tx, &payout, turn, at).await?;
                set_state(&mut tx, &payout, PayoutState::Void, RELEASED, at).await?;
            } else if payout.state == PayoutState::Prepared {
                set_state(&mut tx, &payout, PayoutState::Signed, "", at).await?;
            }
        } else {
            // One that gave its number up may not have been the last.
            let last = last_number(&mut tx, currency).await?;
            if bookings == 1 && last.checked_add(1) != Some(number) {
                return Err(PayoutRefusal::Gap {
                    what: "payout",
                    found: number,
                    last,
                }
                .into());
            }
            let new = NewPayout {
                currency: currency.to_owned(),
                kind: imported.kind,
                parent: imported.parent,
                anchor: imported.anchor,
                parts: imported.parts.clone(),
                version: first.to_new(),
            };
            insert_payout(&mut tx, number, bookings, &new, at).await?;
            let payout = known(&mut tx, currency, number).await?;
            for (version, place) in imported.versions.iter().zip(1_u32..) {
                insert_imported(&mut tx, currency, number, place, version, at).await?;
            }
            if imported.is_released {
                set_state(&mut tx, &payout, PayoutState::Void, RELEASED, at).await?;
                tx.commit().await?;
                return Ok(true);
            }
            let mut entries = parts_entries(number, &imported.parts, false)?;
            for version in &imported.versions {
                // Blocks and payouts that made the coins may be booked later.
                entries.extend(reserve(&mut tx, currency, number, &version.inputs, true).await?);
            }
            let step = Step {
                currency,
                number,
                kind: "payout_prepare",
                turn: u64::from(bookings.unsigned_abs()),
                at,
            };
            step.post(&mut tx, entries).await?;
            let reason = "taken over from the signer's journal";
            set_state(&mut tx, &payout, PayoutState::Signed, reason, at).await?;
            changed = true;
        }
        tx.commit().await?;
        Ok(changed)
    }
}

impl ImportedVersion {
    fn to_new(&self) -> NewVersion {
        NewVersion {
            fee: self.fee,
            psbt: None,
            unsigned: self.unsigned.clone(),
            inputs: self.inputs.clone(),
            change: self.change.clone(),
        }
    }
}

fn is_same(payout: &PayoutRow, imported: &ImportedPayout) -> bool {
    let mut parts = imported.parts.clone();
    parts.sort_by(|a, b| a.payee.cmp(&b.payee));
    payout.anchor == Some(imported.anchor) && payout.parts == parts
}

fn is_unsigned(payout: &PayoutRow) -> bool {
    matches!(payout.state, PayoutState::Prepared | PayoutState::Void) && !payout.is_signed()
}

/// Frees the number of a payout that was never signed. Returns the count for the next booking.
async fn give_up(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    at: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let (currency, number) = (payout.currency.as_str(), payout.number);
    let bookings = bookings_of(connection, payout).await?;
    if payout.state == PayoutState::Prepared {
        post_void(connection, payout, bookings, at).await?;
        set_state(
            connection,
            payout,
            PayoutState::Void,
            "its number is another's",
            at,
        )
        .await?;
    }
    sqlx::query("SELECT forget_payout($1, $2)")
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .execute(&mut *connection)
        .await?;
    bookings
        .checked_add(1)
        .ok_or(StoreError::TooLarge("a number of bookings"))
}

async fn bookings_of(connection: &mut PgConnection, payout: &PayoutRow) -> Result<i32, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT bookings FROM payout WHERE currency = $1 AND number = $2")
            .bind(&payout.currency)
            .bind(to_i64(payout.number, "a payout number")?)
            .fetch_one(connection)
            .await?,
    )
}

/// Gives back what a payout has taken.
pub(super) async fn post_void(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    bookings: i32,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (currency, number) = (payout.currency.as_str(), payout.number);
    let mut entries = parts_entries(number, &payout.parts, true)?;
    entries.extend(release(connection, currency, number).await?);
    let step = Step {
        currency,
        number,
        kind: "payout_void",
        turn: u64::from(bookings.unsigned_abs()),
        at,
    };
    step.post(connection, entries).await
}

/// Adds one version of an import to a payout that is there. Returns whether it was new.
async fn add_imported(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    place: u32,
    version: &ImportedVersion,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (currency, number) = (payout.currency.as_str(), payout.number);
    match payout.version(place) {
        Some(stored) if stored.unsigned == version.unsigned => {
            // A signature may be given twice with other bytes only by another signer: the first stays.
            if stored.signed.is_some() {
                return Ok(false);
            }
            let Some((bytes, txid)) = &version.transaction else {
                return Ok(false);
            };
            sign_version(connection, currency, number, place, bytes, *txid, at).await?;
            return Ok(true);
        }
        Some(stored) if stored.signed.is_some() || stored.waiting_at.is_some() => {
            return Err(PayoutRefusal::Otherwise {
                number,
                what: "version than the signer signed",
            }
            .into());
        }
        // A version that was never signed gives its number up.
        Some(stored) => forget_version(connection, payout, stored, at).await?,
        None => {}
    }
    insert_imported(connection, currency, number, place, version, at).await?;
    if matches!(payout.state, PayoutState::Confirmed | PayoutState::Void) {
        return Ok(true);
    }
    let entries = reserve(connection, currency, number, &version.inputs, true).await?;
    let step = Step {
        currency,
        number,
        kind: "payout_version",
        turn: version_turn(&version.unsigned),
        at,
    };
    step.post(connection, entries).await?;
    Ok(true)
}

async fn forget_version(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    version: &PayoutVersion,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (currency, number) = (payout.currency.as_str(), payout.number);
    sqlx::query("SELECT forget_payout_version($1, $2, $3)")
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(column(version.version)?)
        .execute(&mut *connection)
        .await?;
    let step = Step {
        currency,
        number,
        kind: "payout_version_void",
        turn: version_turn(&version.unsigned),
        at,
    };
    let entries = release_unused(connection, currency, number).await?;
    step.post(connection, entries).await
}

async fn insert_imported(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    place: u32,
    version: &ImportedVersion,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let new = version.to_new();
    insert_version(connection, currency, number, place, &new, at).await?;
    if let Some((bytes, txid)) = &version.transaction {
        let signed_at = version.signed_at;
        return sign_version(connection, currency, number, place, bytes, *txid, signed_at).await;
    }
    sqlx::query(
        "UPDATE payout_version SET waiting_at = $4
         WHERE currency = $1 AND number = $2 AND version = $3",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .bind(column(place)?)
    .bind(version.signed_at)
    .execute(connection)
    .await?;
    Ok(())
}

async fn sign_version(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    version: u32,
    transaction: &[u8],
    txid: Txid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE payout_version SET transaction = $4, txid = $5, signed_at = $6
         WHERE currency = $1 AND number = $2 AND version = $3",
    )
    .bind(currency)
    .bind(to_i64(number, "a payout number")?)
    .bind(column(version)?)
    .bind(transaction)
    .bind(txid.as_bytes().as_slice())
    .bind(at)
    .execute(&mut *connection)
    .await?;
    know_txid(connection, currency, number, version, txid).await
}

/// Remembers a txid that a version has or had.
pub(super) async fn know_txid(
    connection: &mut PgConnection,
    currency: &str,
    number: u64,
    version: u32,
    txid: Txid,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO payout_txid (currency, txid, number, version) VALUES ($1, $2, $3, $4)
         ON CONFLICT (currency, txid) DO NOTHING",
    )
    .bind(currency)
    .bind(txid.as_bytes().as_slice())
    .bind(to_i64(number, "a payout number")?)
    .bind(column(version)?)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn set_state(
    connection: &mut PgConnection,
    payout: &PayoutRow,
    state: PayoutState,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE payout SET state = $3, state_at = $4, reason = $5
         WHERE currency = $1 AND number = $2",
    )
    .bind(&payout.currency)
    .bind(to_i64(payout.number, "a payout number")?)
    .bind(state.as_str())
    .bind(at)
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(())
}
