//! Payouts as an operator looks at them.

use std::io::Write;

use chrono::{SecondsFormat, Utc};
use ngpool_store::PayoutRow;

use super::Desk;

impl Desk<'_> {
    pub(super) async fn list(
        &self,
        payee: Option<&str>,
        limit: u32,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        let payouts = self
            .store
            .list_payouts(self.code(), payee, None, limit)
            .await?;
        for payout in payouts {
            let coins = self.coins(payout.amount);
            let fee = payout
                .fee
                .map_or_else(|| "-".to_owned(), |fee| self.coins(fee));
            let txid = payout
                .txid
                .map_or_else(|| "-".to_owned(), |txid| txid.to_string());
            writeln!(
                out,
                "{} {} {} since {}: {coins} to {} payees, fee {fee}, txid {txid} {}",
                payout.number,
                payout.kind,
                payout.state,
                payout.state_at.to_rfc3339_opts(SecondsFormat::Secs, true),
                payout.payees,
                payout.reason
            )?;
        }
        Ok(())
    }

    pub(super) fn show(&self, payout: &PayoutRow, out: &mut impl Write) -> anyhow::Result<()> {
        let time = |at: chrono::DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        writeln!(
            out,
            "payout {} ({}), prepared {}",
            payout.number,
            payout.kind,
            time(payout.created_at)
        )?;
        writeln!(
            out,
            "state {} since {} {}",
            payout.state,
            time(payout.state_at),
            payout.reason
        )?;
        if let Some(anchor) = payout.anchor {
            writeln!(out, "anchor {anchor}")?;
        }
        if let Some(parent) = payout.parent {
            writeln!(out, "child of payout {parent}")?;
        }
        if let Some(asked) = payout.void_asked_at {
            writeln!(
                out,
                "the signer was asked to record it void at {}",
                time(asked)
            )?;
        }
        for part in &payout.parts {
            let (amount, share) = (self.coins(part.amount), self.coins(part.fee_share));
            writeln!(
                out,
                "pays {} {amount} (his part of the fee {share})",
                part.payee
            )?;
        }
        for version in &payout.versions {
            let (number, fee) = (version.version, self.coins(version.fee));
            writeln!(
                out,
                "version {number}: fee {fee}, {} inputs",
                version.inputs.len()
            )?;
            if let Some(signed) = &version.signed {
                writeln!(out, "  signed {}, txid {}", time(signed.at), signed.txid)?;
            }
            if let Some(sent) = version.broadcast_at {
                writeln!(out, "  sent {} {}", time(sent), version.answer)?;
            }
        }
        if let Some(confirmed) = &payout.confirmed {
            writeln!(
                out,
                "confirmed by version {} as {} in block {} at height {}",
                confirmed.version, confirmed.txid, confirmed.block, confirmed.height.0
            )?;
        }
        Ok(())
    }
}
