//! The statement of a payee's account, and where he stands.

use chrono::{DateTime, Utc};
use ngpool_chain::Amount;
use ngpool_settings::{CurrencySettings, Owed, PayoutPolicy, SignerRefusal, standing};
use ngpool_store::{AccountLine, Holdings, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use super::amount;

/// What an account held at one moment, base units.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HoldingsView {
    /// Can be paid out.
    pub(crate) balance: String,
    /// His and held back.
    pub(crate) held: String,
}

impl From<Holdings> for HoldingsView {
    fn from(holdings: Holdings) -> Self {
        Self {
            balance: amount(holdings.balance),
            held: amount(holdings.held),
        }
    }
}

/// A payee's account over a period: `opening` and the entries of all pages sum to `closing`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// The payee.
    pub(crate) user: String,
    /// Code of the currency.
    pub(crate) currency: String,
    /// Start of the period, included.
    pub(crate) from: DateTime<Utc>,
    /// Its end, left out.
    pub(crate) to: DateTime<Utc>,
    /// What he held before it.
    pub(crate) opening: HoldingsView,
    /// What he held after it.
    pub(crate) closing: HoldingsView,
    /// Entries, the oldest first.
    pub(crate) items: Vec<AccountLineView>,
    /// Cursor of the next page; absent on the last.
    pub(crate) next: Option<String>,
}

/// An entry of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountLineView {
    /// When it was posted.
    pub(crate) at: DateTime<Utc>,
    /// Id of the transaction, hex.
    pub(crate) transaction: String,
    /// Its kind, such as `mature` or `payout_prepare`.
    pub(crate) kind: String,
    /// What caused it, such as a block or a payout.
    pub(crate) cause: serde_json::Value,
    /// `balance` or `held`.
    pub(crate) account: &'static str,
    /// What the account gained, base units.
    pub(crate) amount: String,
    /// What it held then, base units.
    pub(crate) after: String,
}

impl From<AccountLine> for AccountLineView {
    fn from(line: AccountLine) -> Self {
        Self {
            at: line.at,
            transaction: hex::encode(line.transaction.0),
            kind: line.kind,
            cause: line.cause,
            account: if line.is_held { "held" } else { "balance" },
            amount: amount(line.amount),
            after: amount(line.after),
        }
    }
}

/// Where a miner stands in one currency, and why he is not paid now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StandingView {
    /// Code of the currency.
    currency: String,
    /// Can be paid out, base units.
    balance: String,
    /// In payouts that are not confirmed, base units.
    in_flight: String,
    /// Balance from which he is paid, base units.
    minimum: Option<String>,
    /// Why the next payout leaves him out; absent when it does not.
    unpaid: Option<UnpaidView>,
    /// Why payouts of the currency are stopped altogether; absent when they are not.
    stopped: Option<String>,
}

/// Why a payee is not paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UnpaidView {
    /// `nothing_owed`, `below_minimum`, `held`, `refused_by_signer`, `held_amount`, `held_new_address`,
    /// `not_an_address`, `unspendable`, `dust` or `above_maximum`.
    pub(crate) code: &'static str,
    /// The reason in words.
    pub(crate) text: String,
}

impl StandingView {
    pub(crate) fn new(
        payee: &str,
        standing: &Standing,
        terms: Option<(&CurrencySettings, &PayoutPolicy)>,
        stopped: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        let policy = terms.map(|(_, policy)| policy);
        let minimum = standing.minimum.or(policy.map(|policy| policy.minimum));
        Self {
            currency: standing.currency.clone(),
            balance: amount(standing.balance),
            in_flight: amount(standing.in_flight),
            minimum: minimum.map(amount),
            unpaid: terms
                .and_then(|(currency, policy)| unpaid(payee, standing, currency, policy, now)),
            stopped,
        }
    }
}

/// Why the next payout would leave a payee out, by the rules that prepare goes by.
fn unpaid(
    payee: &str,
    row: &Standing,
    currency: &CurrencySettings,
    policy: &PayoutPolicy,
    now: DateTime<Utc>,
) -> Option<UnpaidView> {
    if row.balance <= Amount::ZERO {
        return Some(UnpaidView {
            code: "nothing_owed",
            text: "the balance is empty".to_owned(),
        });
    }
    let owed = Owed {
        payee: payee.to_owned(),
        balance: row.balance,
        minimum: row.minimum,
        hold: row.hold.clone(),
        refused: row.refused.clone().map(|refused| SignerRefusal {
            reason: refused.reason,
            until: refused.until,
        }),
        released: row.released,
        credited_at: row.first_credited,
    };
    let obstacle = standing(&owed, policy, &currency.network, now).err()?;
    Some(UnpaidView {
        code: obstacle.code(),
        text: obstacle.to_string(),
    })
}
