//! What the chain made of payouts: confirmed, reorganised out, void, back again.

use ngpool_chain::Height;
use ngpool_store::{
    AnchorSight, ChainSpender, Confirmation, Outpoint, PayoutRefusal, PayoutRow, PayoutState,
    StoreError, VoidCause,
};

use super::{
    life::{Cause, Effect, Event, Sight, Spender, step},
    life_of, recognise,
};
use crate::settle::{Pass, SettleReport, StepError};

/// What the chain shows of a payout, with what it was read from.
pub(super) struct Seen {
    pub(super) sight: Sight,
    spent: Option<(ChainSpender, Height, ngpool_chain::BlockHash)>,
    never: Option<String>,
}

/// Takes confirmations back whose block left the chain, the last payout first. Before blocks are
/// settled: the coins that such a payout had spent are taken again, so that a lost block's are found.
pub(crate) async fn undo(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    for number in pass.store.unconfirmed_payouts(pass.code()).await? {
        let Some(payout) = pass.store.payout(pass.code(), number).await? else {
            continue;
        };
        let (_, effects) = step(&life_of(&payout), Event::Lost, depth(pass));
        if effects.contains(&Effect::Unconfirm)
            && pass
                .store
                .unconfirm_payout(pass.code(), number, pass.at)
                .await?
        {
            tracing::warn!(
                currency = pass.code(),
                number,
                "the block of a confirmed payout left the chain: it is sent again"
            );
            report.payout(pass, number, "its block left the chain".to_owned());
        }
    }
    Ok(())
}

/// Looks at every payout that is under way, and at void ones whose anchor is spent.
pub(crate) async fn confirm(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let live = [
        PayoutState::Prepared,
        PayoutState::Signed,
        PayoutState::Broadcast,
    ];
    let mut payouts = pass.store.payouts(pass.code(), &live).await?;
    for number in pass.store.void_payouts_spent(pass.code()).await? {
        payouts.extend(pass.store.payout(pass.code(), number).await?);
    }
    payouts.sort_by_key(|payout| payout.number);
    let mut failures = Vec::new();
    for payout in &payouts {
        match one(pass, payout, report).await {
            Ok(()) => {}
            Err(error @ StepError::Store(StoreError::Away(_))) => return Err(error),
            Err(error) => {
                let error = crate::settle::with_sources(&error);
                failures.push(format!("payout {}: {error}", payout.number));
            }
        }
    }
    crate::settle::together(failures)
}

async fn one(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let Some(anchor) = payout.anchor else {
        return Ok(());
    };
    let seen = look(pass, payout, anchor).await?;
    let (_, effects) = step(&life_of(payout), Event::Seen(seen.sight), depth(pass));
    for effect in effects {
        match act(pass, payout, &seen, effect, report).await {
            // It is void still: its balances are waited for.
            Err(StepError::Store(StoreError::Payout(PayoutRefusal::State { .. }))) => break,
            done => done?,
        }
    }
    if let Sight::Spent {
        by: Spender::Version(version),
        above,
    } = seen.sight
        && above < depth(pass)
        && let Some((_, height, _)) = &seen.spent
    {
        let reason = format!(
            "version {version} is in a block at height {height}, {above} of {} deep",
            depth(pass)
        );
        pass.store
            .explain_payout(pass.code(), payout.number, payout.state, &reason)
            .await?;
    }
    Ok(())
}

async fn act(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    seen: &Seen,
    effect: Effect,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    let (store, code, number) = (pass.store, pass.code(), payout.number);
    match (effect, &seen.spent) {
        (Effect::Confirm(version), Some((by, height, block))) => {
            let confirmation = Confirmation {
                version,
                txid: by.txid,
                height: *height,
                block: *block,
            };
            match store
                .confirm_payout(code, number, confirmation, depth(pass), pass.at)
                .await
            {
                Ok(true) => {
                    let text = format!("confirmed by version {version} as {}", by.txid);
                    report.payout(pass, number, text);
                }
                Ok(false) => {}
                // The block that made the coin, or the payout whose change it is, comes first.
                Err(StoreError::Payout(error @ PayoutRefusal::CoinNotHeld(_))) => {
                    let text = format!("payout {number} is in the chain and waits: {error}");
                    report.waiting.push(text);
                }
                Err(error) => return Err(error.into()),
            }
        }
        (Effect::Void(Cause::Stranger), Some((by, height, block))) => {
            let cause = VoidCause::Spent {
                txid: by.txid,
                height: *height,
                block: *block,
                depth: depth(pass),
            };
            void(pass, number, &cause, report).await?;
        }
        (Effect::Void(Cause::Never), _) => {
            let cause = VoidCause::NeverComes(seen.never.clone().unwrap_or_default());
            void(pass, number, &cause, report).await?;
        }
        (Effect::Revive, _) => super::revive(pass, number, report).await?,
        (Effect::AskVoid, _) => {
            let never = seen.never.as_deref();
            let reason = never.unwrap_or("its anchor is spent by something that is not known here");
            super::ask_void(pass, payout, reason, report).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn void(
    pass: &Pass<'_>,
    number: u64,
    cause: &VoidCause,
    report: &mut SettleReport,
) -> Result<(), StepError> {
    if pass
        .store
        .void_payout(pass.code(), number, cause, pass.at)
        .await?
    {
        tracing::error!(
            currency = pass.code(),
            number,
            ?cause,
            "a payout can never confirm: its balances and coins are given back; before they are \
             paid again the signer's operator must release the number"
        );
        report.payout(pass, number, "void: it can never confirm".to_owned());
    }
    Ok(())
}

/// What the followed chain shows of a payout's anchor.
pub(super) async fn look(
    pass: &Pass<'_>,
    payout: &PayoutRow,
    anchor: Outpoint,
) -> Result<Seen, StepError> {
    let (store, code) = (pass.store, pass.code());
    let plain = |sight| Seen {
        sight,
        spent: None,
        never: None,
    };
    match store.anchor_sight(code, anchor).await? {
        AnchorSight::Unspent => Ok(plain(Sight::Unspent)),
        AnchorSight::Absent => {
            let maturity = pass.settings.currency.maturity;
            let never = store.never_comes(code, anchor, maturity).await?;
            Ok(Seen {
                sight: if never.is_some() {
                    Sight::Never
                } else {
                    Sight::Absent
                },
                spent: None,
                never,
            })
        }
        AnchorSight::Spent { by, height, block } => {
            let tip = store.followed_tip(code).await?.map_or(height, |tip| tip.0);
            Ok(Seen {
                sight: Sight::Spent {
                    by: recognise::spender(payout, &by)?,
                    above: tip.0.saturating_sub(height.0),
                },
                spent: Some((by, height, block)),
                never: None,
            })
        }
    }
}

fn depth(pass: &Pass<'_>) -> u32 {
    pass.settings.currency.settle_depth
}
