//! The statement of a payee's account, and where he stands.

use chrono::{DateTime, TimeDelta, Utc};
use ngpool_chain::{Address, AddressKind, Amount, address};
use ngpool_settings::{CurrencySettings, PayoutPolicy};
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
    /// `nothing_owed`, `below_minimum`, `held`, `held_amount`, `held_new_address`, `not_an_address`,
    /// `unspendable`, `dust` or `above_maximum`.
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

/// Why the next payout would leave a payee out. Fees and the limits of one payout are known only
/// when it is made.
fn unpaid(
    payee: &str,
    standing: &Standing,
    currency: &CurrencySettings,
    policy: &PayoutPolicy,
    now: DateTime<Utc>,
) -> Option<UnpaidView> {
    let because = |code, text: String| Some(UnpaidView { code, text });
    let balance = standing.balance;
    if balance <= Amount::ZERO {
        return because("nothing_owed", "the balance is empty".to_owned());
    }
    let address = match Address::parse(payee, &currency.network) {
        Ok(address) => address,
        Err(error) => return because("not_an_address", format!("cannot be paid: {error}")),
    };
    let is_open = matches!(address.kind(), AddressKind::UnknownWitness { .. });
    if is_open || address::is_unspendable(address.script()) {
        return because(
            "unspendable",
            "cannot be paid: nobody could spend it, or anybody".to_owned(),
        );
    }
    let minimum = standing.minimum.unwrap_or(policy.minimum);
    if balance < minimum {
        return because(
            "below_minimum",
            format!("{balance} is less than the minimum of {minimum}"),
        );
    }
    if let Some(reason) = &standing.hold {
        let colon = if reason.is_empty() { "" } else { ": " };
        return because("held", format!("held by the operator{colon}{reason}"));
    }
    if standing.released.is_none_or(|released| balance > released) {
        if let Some(above) = policy.holds.above.filter(|above| balance > *above) {
            return because(
                "held_amount",
                format!("more than {above} is paid after the operator has looked"),
            );
        }
        let age = TimeDelta::hours(policy.holds.new_address_hours.into());
        let until = standing
            .first_credited
            .and_then(|credited| credited.checked_add_signed(age));
        if policy.holds.new_address_hours > 0 && until.is_none_or(|until| until > now) {
            let until = until.map_or_else(String::new, |until| {
                format!(" until {}", until.format("%F %T UTC"))
            });
            return because("held_new_address", format!("a new address waits{until}"));
        }
    }
    let dust = address::dust_limit(address.script(), policy.dust_relay_fee);
    if u64::try_from(balance.0).is_ok_and(|balance| balance < dust) {
        return because(
            "dust",
            format!("nodes relay no output below {dust} to this address"),
        );
    }
    if let Some(most) = policy.max_amount.filter(|most| balance > *most) {
        return because(
            "above_maximum",
            format!("more than the {most} that one payout may pay: the operator must act"),
        );
    }
    None
}
