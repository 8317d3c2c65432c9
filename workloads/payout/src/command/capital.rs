//! The operator's own money: deposits booked as capital, and what it covers.

use std::io::Write;

use anyhow::bail;
use chrono::Utc;
use ngpool_store::Deficit;

use super::{Capital, CoverAccount, Desk, words::outpoint};

impl Desk<'_> {
    pub(super) async fn capital(
        &self,
        what: Capital,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        let (store, code, at) = (self.store, self.code(), Utc::now());
        match what {
            Capital::Deposits => {
                for deposit in store.unallocated_deposits(code).await? {
                    let output = &deposit.output;
                    let height = deposit
                        .created
                        .map_or_else(|| "-".to_owned(), |(height, _)| height.0.to_string());
                    let coins = self.coins(output.amount);
                    writeln!(
                        out,
                        "{}:{} {coins} height {height}",
                        output.txid, output.vout
                    )?;
                }
            }
            Capital::Book { deposit } => {
                let coin = outpoint(&deposit)?;
                let depth = self.settings.currency.maturity;
                let (amount, is_new) = store.book_capital(code, coin, depth, at).await?;
                let before = if is_new { "" } else { " (before)" };
                let coins = self.coins(amount);
                writeln!(out, "{coins} of deposit {coin} booked as capital{before}")?;
            }
            Capital::Cover {
                account: CoverAccount::PpsReserve,
                amount,
                reference,
            } => {
                let (Some(amount), Some(reference)) = (amount, reference) else {
                    bail!("the reserve of PPS needs an amount and --reference");
                };
                let amount = self.amount(&amount)?;
                let is_new = store.fund_reserve(code, amount, &reference, at).await?;
                let before = if is_new { "" } else { " (before)" };
                let coins = self.coins(amount);
                writeln!(out, "{coins} of capital moved to pps_reserve{before}")?;
            }
            Capital::Release {
                sharechain,
                amount,
                reference,
            } => {
                if store.pps_head(code, &sharechain).await?.is_none() {
                    bail!("the work of sharechain {sharechain} was never bought");
                }
                let amount = self.amount(&amount)?;
                let is_new = store
                    .release_reserve(code, &sharechain, amount, &reference, at)
                    .await?;
                let before = if is_new { "" } else { " (asked for before)" };
                let coins = self.coins(amount);
                writeln!(
                    out,
                    "{coins} go from pps_reserve to the fees with the next period of {sharechain} that \
                     leaves room for it{before}"
                )?;
            }
            Capital::Cover {
                account, amount, ..
            } => {
                let deficit = match account {
                    CoverAccount::OrphanLoss => Deficit::OrphanLoss,
                    _ => Deficit::NetworkFee,
                };
                let amount = amount.map(|text| self.amount(&text)).transpose()?;
                let moved = store.cover_deficit(code, deficit, amount, at).await?;
                let coins = self.coins(moved);
                writeln!(out, "{coins} of capital moved to {}", deficit.account())?;
            }
        }
        Ok(())
    }
}
