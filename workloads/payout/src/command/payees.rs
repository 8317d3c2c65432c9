//! What is set for one payee.

use std::io::Write;

use chrono::Utc;

use super::Desk;

impl Desk<'_> {
    pub(super) async fn release(
        &self,
        payee: &str,
        up_to: Option<String>,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        let payee = self.payee(payee)?;
        let up_to = match up_to {
            Some(text) => Some(self.amount(&text)?),
            None => self
                .store
                .payable(self.code())
                .await?
                .into_iter()
                .find(|payable| payable.payee == payee)
                .map(|payable| payable.balance),
        };
        self.store
            .release_payee(self.code(), &payee, up_to, Utc::now())
            .await?;
        match up_to {
            Some(up_to) => writeln!(out, "{payee} is released up to {}", self.coins(up_to))?,
            None => writeln!(out, "{payee} is released; he has nothing to be paid now")?,
        }
        Ok(())
    }
}
