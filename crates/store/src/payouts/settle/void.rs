//! Payouts that never happen, and those that do after all.

use chrono::{DateTime, Utc};

use super::{is_there, live_state, reserve_again, turns};
use crate::{
    Store, StoreError,
    follow::lock_follower,
    numeric::to_i64,
    payouts::{
        Confirmation, PayoutRefusal, PayoutState, VoidCause,
        posting::{Step, parts_entries},
        prepare::last_number,
        rows::known,
        sign::{post_void, set_state},
    },
};

impl Store {
    /// A payout never happens: balances and coins are given back. Refused when the cause does not hold
    /// (any more). Returns whether anything changed.
    pub async fn void_payout(
        &self,
        currency: &str,
        number: u64,
        cause: &VoidCause,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        let state = payout.state;
        let holds = match cause {
            _ if state == PayoutState::Void => return Ok(false),
            _ if state == PayoutState::Confirmed => false,
            VoidCause::Signer => state == PayoutState::Prepared && !payout.is_signed(),
            // The signer may know the number otherwise: it is asked.
            _ if state == PayoutState::Prepared => false,
            VoidCause::Spent {
                txid,
                height,
                block,
                depth,
            } => {
                let spender = Confirmation {
                    version: 0,
                    txid: *txid,
                    height: *height,
                    block: *block,
                };
                is_there(&mut tx, currency, spender, *depth).await?
            }
            VoidCause::NeverComes(_) => true,
        };
        if !holds {
            return Err(PayoutRefusal::State {
                number,
                state,
                wanted: "void",
            }
            .into());
        }
        let reason = match cause {
            VoidCause::Signer => "the signer recorded it void".to_owned(),
            VoidCause::Spent { txid, height, .. } => {
                format!(
                    "its anchor is spent by {txid} at height {height}, which is no version of it"
                )
            }
            VoidCause::NeverComes(reason) => reason.clone(),
        };
        let turns = turns(&mut tx, &payout).await?;
        post_void(&mut tx, &payout, turns.bookings, at).await?;
        set_state(&mut tx, &payout, PayoutState::Void, &reason, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The signer recorded a number void that the database does not know: it is used up. Returns
    /// whether anything changed.
    pub async fn import_void(
        &self,
        currency: &str,
        number: u64,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let last = last_number(&mut tx, currency).await?;
        if number <= last {
            return Ok(false);
        }
        if last.checked_add(1) != Some(number) {
            return Err(PayoutRefusal::Gap {
                what: "payout",
                found: number,
                last,
            }
            .into());
        }
        sqlx::query(
            "INSERT INTO payout (currency, number, kind, state, state_at, reason, created_at)
             VALUES ($1, $2, 'payees', 'void', $3, 'the signer recorded this number void', $3)",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A void payout's anchor is spent by one of its versions after all (a reorganisation deeper than
    /// what made it void): its balances and coins are taken again. Returns whether anything changed.
    ///
    /// [`StoreError::Overdrawn`]: the balances were paid out otherwise meanwhile; a person must look.
    pub async fn revive_payout(
        &self,
        currency: &str,
        number: u64,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        if payout.state != PayoutState::Void {
            return Ok(false);
        }
        let turns = turns(&mut tx, &payout).await?;
        let turn = turns
            .bookings
            .checked_add(1)
            .ok_or(StoreError::TooLarge("a number of bookings"))?;
        sqlx::query("UPDATE payout SET bookings = $3 WHERE currency = $1 AND number = $2")
            .bind(currency)
            .bind(to_i64(number, "a payout number")?)
            .bind(turn)
            .execute(&mut *tx)
            .await?;
        let (state, reason) = live_state(&payout, "the chain shows it after all");
        set_state(&mut tx, &payout, state, reason, at).await?;
        let mut entries = parts_entries(number, &payout.parts, false)?;
        entries.extend(reserve_again(&mut tx, &payout, None).await?);
        let step = Step {
            currency,
            number,
            kind: "payout_prepare",
            turn: u64::from(turn.unsigned_abs()),
            at,
        };
        step.end(tx, entries).await
    }

    /// Asks the signer to record a payout void that is prepared and not signed. Returns whether the
    /// question is new.
    pub async fn ask_void(
        &self,
        currency: &str,
        number: u64,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool.begin().await?;
        lock_follower(&mut tx, currency).await?;
        let payout = known(&mut tx, currency, number).await?;
        if payout.state == PayoutState::Void || payout.void_asked_at.is_some() {
            return Ok(false);
        }
        if payout.state != PayoutState::Prepared {
            let state = payout.state;
            return Err(PayoutRefusal::State {
                number,
                state,
                wanted: "void by the signer",
            }
            .into());
        }
        sqlx::query(
            "UPDATE payout SET void_asked_at = $3, reason = $4 WHERE currency = $1 AND number = $2",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(at)
        .bind(reason)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Says why a payout stays in the state it is in.
    pub async fn explain_payout(
        &self,
        currency: &str,
        number: u64,
        state: PayoutState,
        reason: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE payout SET reason = $4
             WHERE currency = $1 AND number = $2 AND state = $3 AND reason <> $4",
        )
        .bind(currency)
        .bind(to_i64(number, "a payout number")?)
        .bind(state.as_str())
        .bind(reason)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
