//! Buys work: closes the periods of the sharechains that are paid per share, and decides from where on
//! the reserve buys and from where on it does not.
//!
//! ```text
//!  work after the head ──▶ worth ──▶ Rate::credit ──▶ close_period (reserve ─▶ payees)
//!                                        │ the reserve does not hold it
//!                                        ▼
//!  Reserve::decide ──▶ begin_buying at the chain's head, end_buying where the last period ended
//! ```
//!
//! Every step asks the database where it stands, and does nothing when another run was there first:
//! it may be killed anywhere, repeated, and run twice at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_accounting::{
    FeePpm, Payee, StatementBody, Subject, apportion,
    pps::{Carried, MEAN_BLOCKS, Rate, Worth, mean_fees},
    reserve::{Decision, Reserve, Safety, Shortage},
};
use ngpool_chain::{Amount, Height, Work};
use ngpool_settings::{PpsChain, PpsSettings};
use ngpool_store::{
    CarriedUnits, PeriodClose, PeriodCredit, PeriodOutcome, PpsHead, ReserveState, SwitchCause,
};
use serde::{Deserialize, Serialize};

use super::{Pass, SettleReport, StepError, split::donations, taken};

/// What holds for a period from the moment at which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    /// Whether the mean fees are paid too.
    with_fees: bool,
    /// What the pool keeps, in millionths.
    fee_ppm: u32,
    /// Seconds after which it is closed.
    period_seconds: u32,
    /// Height of the first block that its work could find, which says the subsidy.
    height: u32,
}

/// What the reserve does for a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The sharechain.
    pub sharechain: String,
    /// What was done, in words.
    pub what: String,
}

pub(super) async fn buy(pass: &Pass<'_>, report: &mut SettleReport) -> Result<(), StepError> {
    let buying = pass.store.buying_sharechains(pass.code()).await?;
    if pass.settings.pps.is_empty() && buying.is_empty() {
        return Ok(());
    }
    let Some((tip, _)) = pass.store.followed_tip(pass.code()).await? else {
        return Ok(());
    };
    let ahead = taken::ahead(pass).await?;
    let taken = pass.store.next_taken(pass.code()).await?;
    let buyer = Buyer {
        pass,
        next: tip.next(),
        fees: recent_fees(pass).await?,
        held: ahead
            .into_iter()
            .map(|(sharechain, _)| sharechain)
            .chain(taken.into_iter().map(|statement| statement.sharechain))
            .collect(),
    };
    let mut failures = Vec::new();
    for chain in &pass.settings.pps {
        if let Err(error) = buyer.chain(chain, report).await {
            failures.push(format!(
                "{}: {}",
                chain.sharechain,
                super::with_sources(&error)
            ));
        }
    }
    // What the settings have no more is paid up to now, and then no more.
    for name in buying {
        if !pass
            .settings
            .pps
            .iter()
            .any(|chain| chain.sharechain == name)
            && let Err(error) = buyer.retire(&name, report).await
        {
            failures.push(format!("{name}: {}", super::with_sources(&error)));
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(StepError::Purchases(failures.join("; ")))
    }
}

/// The mean of the last fees of the chain.
async fn recent_fees(pass: &Pass<'_>) -> Result<u64, StepError> {
    let network = &pass.settings.currency.network;
    let blocks = pass
        .store
        .coinbase_values(pass.code(), MEAN_BLOCKS)
        .await?
        .into_iter()
        .filter_map(|(height, value)| {
            let subsidy = network.subsidy(height)?;
            Some((unsigned(value), unsigned(subsidy)))
        });
    Ok(mean_fees(blocks))
}

/// Amounts of the chain are not negative.
fn unsigned(amount: Amount) -> u64 {
    u64::try_from(amount.0).unwrap_or_default()
}

fn signed(amount: u64) -> Amount {
    // More than all coins of any chain is taken for as many as there can be.
    Amount(i64::try_from(amount).unwrap_or(i64::MAX))
}

struct Buyer<'a> {
    pass: &'a Pass<'a>,
    /// Height of the block that is mined now.
    next: Height,
    /// Mean fees of a block.
    fees: u64,
    /// Chains whose statements are being taken over from a signer: no period of ours is closed there.
    held: BTreeSet<String>,
}

impl Buyer<'_> {
    async fn chain(&self, chain: &PpsChain, report: &mut SettleReport) -> Result<(), StepError> {
        let store = self.pass.store;
        let name = chain.sharechain.as_str();
        let terms = self.terms(chain);
        if self.held.contains(name) {
            return self.take_over(chain, &terms, report).await;
        }
        let mut head = store.pps_head(self.pass.code(), name).await?;
        if let Some(open) = head.as_ref().filter(|head| head.buys)
            && is_due(open, self.pass.at)
        {
            let is_short = self.close(chain, open, &terms, report).await?;
            head = store.pps_head(self.pass.code(), name).await?;
            if let Some(short) = is_short {
                return self.fall_back(chain, head.as_ref(), &short, report).await;
            }
        }
        let buys = head.as_ref().is_some_and(|head| head.buys);
        match self.decide(chain, buys).await? {
            (Decision::Buys, reserve, needed) if !buys => {
                let cause = SwitchCause {
                    reason: "the reserve is full: work is bought from here on".to_owned(),
                    reserve,
                    needed,
                };
                let terms = to_json(&terms)?;
                let begun = store
                    .begin_buying(self.pass.code(), name, &terms, &cause, self.pass.at)
                    .await?;
                if begun {
                    self.tell(name, cause.reason, report);
                }
                Ok(())
            }
            (Decision::FallsBack(shortage), reserve, needed) if buys => {
                let cause = SwitchCause {
                    reason: self.words(shortage, reserve, needed),
                    reserve,
                    needed,
                };
                self.fall_back(chain, head.as_ref(), &cause, report).await
            }
            (Decision::FallsBack(shortage), reserve, needed) => {
                report.waiting.push(format!(
                    "sharechain {name} is paid by its window: {}",
                    self.words(shortage, reserve, needed)
                ));
                Ok(())
            }
            (Decision::Buys, ..) => Ok(()),
        }
    }

    /// The terms that a period has which begins now.
    fn terms(&self, chain: &PpsChain) -> Terms {
        Terms {
            with_fees: chain.with_fees,
            fee_ppm: chain.fee_ppm,
            period_seconds: chain.settings.period_seconds,
            height: self.next.0,
        }
    }

    /// Whether the reserve allows to buy, how it stands, and what it needs.
    async fn decide(
        &self,
        chain: &PpsChain,
        bought: bool,
    ) -> Result<(Decision, ReserveState, Option<Amount>), StepError> {
        let safety = safety(&chain.settings)?;
        let state = self.pass.store.reserve_state(self.pass.code()).await?;
        let needed = self.needed()?;
        let reserve = Reserve {
            held: unsigned(state.held),
            coming: unsigned(state.coming),
            needed,
        };
        Ok((reserve.decide(&safety, bought), state, needed.map(signed)))
    }

    /// What the reserve needs: one reserve stands behind all chains, so the one that needs most counts.
    fn needed(&self) -> Result<Option<u64>, StepError> {
        let subsidy = self.subsidy(self.next)?;
        let reward = subsidy.saturating_add(self.fees);
        let mut most = Some(0);
        for chain in &self.pass.settings.pps {
            let fee = share(chain.fee_ppm)?;
            let needed = safety(&chain.settings)?.needed(reward, fee);
            most = most.zip(needed).map(|(most, needed)| most.max(needed));
        }
        Ok(most)
    }

    fn subsidy(&self, height: Height) -> Result<u64, StepError> {
        let subsidy = self.pass.settings.currency.network.subsidy(height);
        subsidy
            .map(unsigned)
            .ok_or_else(|| StepError::Subsidy(self.pass.code().to_owned()))
    }

    /// Closes the open period at the chain's head. Returns why the reserve cannot, when it cannot.
    async fn close(
        &self,
        chain: &PpsChain,
        open: &PpsHead,
        next_terms: &Terms,
        report: &mut SettleReport,
    ) -> Result<Option<SwitchCause>, StepError> {
        let (store, code) = (self.pass.store, self.pass.code());
        let name = chain.sharechain.as_str();
        let to = store.head(name).await?;
        let close = self.period(name, open, next_terms, to).await?;
        match store.close_period(&close, self.pass.at).await? {
            PeriodOutcome::Closed { amount } => {
                let decimals = self.pass.settings.currency.decimals;
                tracing::info!(
                    currency = code,
                    sharechain = name,
                    period = close.number,
                    payees = close.credits.len(),
                    amount = amount.to_decimal(decimals),
                    "work bought"
                );
                report.purchases.push(Purchase {
                    sharechain: name.to_owned(),
                    what: format!("period {} is credited", close.number),
                });
                Ok(None)
            }
            PeriodOutcome::Empty | PeriodOutcome::Raced => Ok(None),
            PeriodOutcome::Short { amount, held } => {
                let decimals = self.pass.settings.currency.decimals;
                let reserve = store.reserve_state(code).await?;
                Ok(Some(SwitchCause {
                    reason: format!(
                        "the reserve holds {}, and the work after the last period costs {}: that work \
                         is paid by the window",
                        held.to_decimal(decimals),
                        amount.to_decimal(decimals)
                    ),
                    reserve,
                    needed: self.needed()?.map(signed),
                }))
            }
        }
    }

    /// Closes the next period as a statement says that the signers have; nothing else is done while
    /// there are such.
    async fn take_over(
        &self,
        chain: &PpsChain,
        terms: &Terms,
        report: &mut SettleReport,
    ) -> Result<(), StepError> {
        let (store, code) = (self.pass.store, self.pass.code());
        let name = chain.sharechain.as_str();
        loop {
            let head = store.pps_head(code, name).await?;
            let number = head
                .as_ref()
                .map_or(1, |head| head.period.saturating_add(1));
            let Some(statement) = store.taken_of_period(code, name, number).await? else {
                return Ok(());
            };
            let body = taken::read(&statement)?;
            let Subject::Period { to, .. } = body.subject else {
                return Ok(());
            };
            let Some(open) = head.filter(|head| head.buys) else {
                let cause = SwitchCause {
                    reason: "the signer has a statement of bought work".to_owned(),
                    reserve: store.reserve_state(code).await?,
                    needed: self.needed()?.map(signed),
                };
                let terms = to_json(terms)?;
                store
                    .begin_buying(code, name, &terms, &cause, self.pass.at)
                    .await?;
                continue;
            };
            if store.head(name).await? < to {
                report.waiting.push(format!(
                    "period {number} of {name}, of which the signer has the statement, waits for the \
                     shares up to position {to}"
                ));
                return Ok(());
            }
            let close = self.period(name, &open, terms, to.max(open.pos)).await?;
            let close = as_stated(close, &body);
            match store.close_period(&close, self.pass.at).await? {
                PeriodOutcome::Closed { .. } => {
                    let what = format!("period {number} is credited as the signer has it");
                    self.tell(name, what, report);
                }
                PeriodOutcome::Empty | PeriodOutcome::Raced => return Ok(()),
                PeriodOutcome::Short { amount, held } => {
                    report.waiting.push(format!(
                        "period {number} of {name}, of which the signer has the statement, costs \
                         {amount}, and the reserve holds {held}"
                    ));
                    return Ok(());
                }
            }
        }
    }

    /// What the open period credits, up to a position.
    async fn period(
        &self,
        name: &str,
        open: &PpsHead,
        next_terms: &Terms,
        to: u64,
    ) -> Result<PeriodClose, StepError> {
        let (store, code) = (self.pass.store, self.pass.code());
        let terms: Terms = serde_json::from_value(open.terms.clone())
            .map_err(|error| StepError::Terms(name.to_owned(), error.to_string()))?;
        let rate = Rate {
            subsidy: self.subsidy(Height(terms.height))?,
            fees: if terms.with_fees { self.fees } else { 0 },
            fee: share(terms.fee_ppm)?,
        };
        let worths = store.worth_between(name, code, open.pos, to).await?;
        let carried = store.carried(code, name).await?;
        let number = store.donation_number(code).await?;
        let donations = donations(store, code, number).await?;
        let mut credits = Vec::with_capacity(worths.len());
        let mut cost = 0_u64;
        for (payee, worth) in worths {
            let before = carried.get(&payee).copied().unwrap_or_default();
            let share = donations.get(&Payee::new(payee.as_str()));
            let credit = rate
                .credit(
                    Worth {
                        expected_blocks: worth.weight.expected_blocks,
                        value: worth.weight.value,
                    },
                    share.copied().unwrap_or_default(),
                    Carried {
                        credit: before.credit,
                        donation: before.donation,
                    },
                )
                .ok_or_else(|| StepError::TooMuch(name.to_owned(), payee.clone()))?;
            cost = cost
                .saturating_add(credit.amount)
                .saturating_add(credit.donation);
            credits.push(PeriodCredit {
                payee,
                work: worth.work,
                expected: worth.weight.expected_blocks,
                value: worth.weight.value,
                amount: signed(credit.amount),
                donation: signed(credit.donation),
                carried: ngpool_store::CarriedUnits {
                    credit: credit.carried.credit,
                    donation: credit.carried.donation,
                },
            });
        }
        let held = unsigned(store.reserve_state(code).await?.held);
        let keep = self.needed()?.unwrap_or(u64::MAX).saturating_add(cost);
        Ok(PeriodClose {
            currency: code.to_owned(),
            sharechain: name.to_owned(),
            number: open.period + 1,
            after: open.pos,
            to,
            subsidy: signed(rate.subsidy),
            fees: signed(rate.fees),
            fee_ppm: terms.fee_ppm,
            credits,
            releasable: signed(held.saturating_sub(keep)),
            stated_fee: None,
            next_terms: to_json(next_terms)?,
        })
    }

    async fn fall_back(
        &self,
        chain: &PpsChain,
        head: Option<&PpsHead>,
        cause: &SwitchCause,
        report: &mut SettleReport,
    ) -> Result<(), StepError> {
        let Some(head) = head.filter(|head| head.buys) else {
            return Ok(());
        };
        let ended = self
            .pass
            .store
            .end_buying(
                self.pass.code(),
                &chain.sharechain,
                head.pos,
                cause,
                self.pass.at,
            )
            .await?;
        if ended {
            tracing::warn!(
                currency = self.pass.code(),
                sharechain = chain.sharechain,
                position = head.pos,
                reason = cause.reason,
                "fell back to PPLNS"
            );
            self.tell(&chain.sharechain, cause.reason.clone(), report);
        }
        Ok(())
    }

    /// A chain that is no more to be paid per share: its open period is closed, and then none.
    async fn retire(&self, name: &str, report: &mut SettleReport) -> Result<(), StepError> {
        let (store, code) = (self.pass.store, self.pass.code());
        let Some(open) = store.pps_head(code, name).await?.filter(|head| head.buys) else {
            return Ok(());
        };
        let terms: Terms = serde_json::from_value(open.terms.clone())
            .map_err(|error| StepError::Terms(name.to_owned(), error.to_string()))?;
        if self.held.contains(name) {
            return Ok(());
        }
        let head = store.head(name).await?;
        let close = self.period(name, &open, &terms, head).await?;
        let to = match store.close_period(&close, self.pass.at).await? {
            PeriodOutcome::Closed { .. } | PeriodOutcome::Empty => close.to,
            // The next run goes on from where the other left it.
            PeriodOutcome::Raced => return Ok(()),
            PeriodOutcome::Short { .. } => open.pos,
        };
        let cause = SwitchCause {
            reason: "the settings pay the work of this chain by another method".to_owned(),
            reserve: store.reserve_state(code).await?,
            needed: None,
        };
        if store
            .end_buying(code, name, to, &cause, self.pass.at)
            .await?
        {
            self.tell(name, cause.reason, report);
        }
        Ok(())
    }

    fn tell(&self, sharechain: &str, what: String, report: &mut SettleReport) {
        tracing::info!(currency = self.pass.code(), sharechain, what, "reserve");
        report.purchases.push(Purchase {
            sharechain: sharechain.to_owned(),
            what,
        });
    }

    fn words(&self, shortage: Shortage, reserve: ReserveState, needed: Option<Amount>) -> String {
        let decimals = self.pass.settings.currency.decimals;
        let held = reserve.held.to_decimal(decimals);
        let coming = reserve.coming.to_decimal(decimals);
        let needed = needed.map_or_else(
            || "no reserve is enough".to_owned(),
            |needed| format!("it needs {}", needed.to_decimal(decimals)),
        );
        match shortage {
            Shortage::Fee => "the fee does not carry the orphans: no reserve is enough".to_owned(),
            Shortage::NotFull => {
                format!("the reserve holds {held} and {needed} before work is bought")
            }
            Shortage::Low => {
                format!("the reserve fell below its low mark: {held} and {coming} coming, {needed}")
            }
        }
    }
}

/// A period with the amounts of its statement. Work and what is carried stay as they were counted
/// again; of the donations the statement has the sum only, which is given to those who give now.
fn as_stated(close: PeriodClose, body: &StatementBody) -> PeriodClose {
    let mut counted: BTreeMap<String, PeriodCredit> = close
        .credits
        .into_iter()
        .map(|credit| (credit.payee.clone(), credit))
        .collect();
    for payee in body.entries.keys() {
        let payee = payee.as_str();
        counted
            .entry(payee.to_owned())
            .or_insert_with(|| PeriodCredit {
                payee: payee.to_owned(),
                work: Work::ZERO,
                expected: 0,
                value: 0,
                amount: Amount(0),
                donation: Amount(0),
                carried: CarriedUnits::default(),
            });
    }
    let weights = |of: fn(&PeriodCredit) -> u128| {
        let weights = counted
            .iter()
            .map(|(payee, credit)| (payee.clone(), of(credit)));
        weights.collect::<BTreeMap<_, _>>()
    };
    let donations = apportion(
        body.donation,
        &weights(|credit| unsigned(credit.donation).into()),
    )
    .or_else(|| apportion(body.donation, &weights(|credit| credit.work.0)))
    .or_else(|| apportion(body.donation, &weights(|_| 1)))
    .unwrap_or_default();
    let credits = counted.into_values().map(|credit| PeriodCredit {
        amount: body
            .entries
            .get(&Payee::new(credit.payee.as_str()))
            .map_or(Amount(0), |entry| signed(entry.amount)),
        donation: donations
            .get(&credit.payee)
            .map_or(Amount(0), |given| signed(*given)),
        ..credit
    });
    PeriodClose {
        credits: credits.collect(),
        releasable: signed(body.fee),
        stated_fee: Some(signed(body.fee)),
        ..close
    }
}

fn is_due(open: &PpsHead, at: DateTime<Utc>) -> bool {
    let seconds = open
        .terms
        .get("period_seconds")
        .and_then(serde_json::Value::as_i64);
    at - open.opened_at >= TimeDelta::seconds(seconds.unwrap_or_default().clamp(0, 1 << 31))
}

fn safety(settings: &PpsSettings) -> Result<Safety, StepError> {
    Ok(Safety {
        ruin: share(settings.ruin_ppm)?,
        orphans: share(settings.orphan_ppm)?,
        low: share(settings.low_mark_ppm)?,
    })
}

fn share(millionths: u32) -> Result<FeePpm, StepError> {
    FeePpm::new(millionths).map_err(|error| StepError::Purchases(error.to_string()))
}

fn to_json(terms: &Terms) -> Result<serde_json::Value, StepError> {
    serde_json::to_value(terms).map_err(|error| StepError::Purchases(error.to_string()))
}
