//! Amounts, payees, shares and outputs as they are written on a command line.

use anyhow::{Context, bail};
use ngpool_chain::{Address, Amount};
use ngpool_store::{Outpoint, POOL_FEE};

use super::Desk;

impl Desk<'_> {
    /// Whole coins above zero.
    pub(super) fn amount(&self, text: &str) -> anyhow::Result<Amount> {
        let amount = Amount::from_decimal(text, self.settings.currency.decimals)?;
        if amount <= Amount::ZERO {
            bail!("{text} is not an amount above zero");
        }
        Ok(amount)
    }

    /// A payee as the books name him: an address in its canonical form.
    pub(super) fn payee(&self, text: &str) -> anyhow::Result<String> {
        if text == POOL_FEE {
            bail!("the pool's fees are drawn by `ngpayout draw`");
        }
        let address = Address::parse(text, &self.settings.currency.network)
            .with_context(|| format!("payee {text}"))?;
        Ok(address.as_str().to_owned())
    }
}

/// Decimals of a percentage: it is exact to the millionth.
pub(super) const PERCENT_DECIMALS: u8 = 4;

/// A percentage from 0% to 100% in millionths.
pub(super) fn millionths(text: &str) -> anyhow::Result<u32> {
    let number = text.strip_suffix('%').unwrap_or(text);
    let wanted = "write a percentage from 0% to 100% with at most four decimals, such as 0.5%";
    let millionths = Amount::from_decimal(number, PERCENT_DECIMALS)
        .ok()
        .and_then(|amount| u32::try_from(amount.0).ok())
        .filter(|millionths| *millionths <= 1_000_000);
    millionths.with_context(|| format!("{text:?} is no share: {wanted}"))
}

/// `txid:index`.
pub(super) fn outpoint(text: &str) -> anyhow::Result<Outpoint> {
    let parts = text.split_once(':').and_then(|(txid, vout)| {
        Some(Outpoint {
            txid: txid.parse().ok()?,
            vout: vout.parse().ok()?,
        })
    });
    parts.with_context(|| format!("{text} is not an output: write txid:index"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_as_they_are_shown() {
        let text = format!("{}:7", "ab".repeat(32));
        assert_eq!(outpoint(&text).unwrap().to_string(), text);
        for text in ["", "7", "ab:7", "x:y"] {
            assert!(outpoint(text).is_err(), "{text}");
        }
    }
}
