//! The command line of `ngpayout`: the jobs, each one pass by hand, and what only an operator may ask.

mod capital;
mod passes;
mod payees;
mod payouts;
mod words;

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use chrono::Utc;
use clap::{Parser, Subcommand, ValueEnum};
use ngpool_chain::Amount;
use ngpool_runtime::{document, logging, logging::LogFormat, shutdown};
use ngpool_settings::PayoutSettings;
use ngpool_store::{StoppedBy, Store};

use passes::{audit, ended, prepare, recover};
use words::{PERCENT_DECIMALS, millionths};

/// Follows the blocks of a currency, credits, pays and audits. Every job is one pass: it may be run at
/// any time, killed anywhere, repeated, and run twice at once.
#[derive(Debug, Parser)]
#[command(name = "ngpayout", version)]
pub struct Arguments {
    #[command(subcommand)]
    job: Job,
    /// The document of the currency.
    #[arg(long, value_name = "PATH", global = true)]
    document: Option<PathBuf>,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "text", global = true)]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Job {
    /// Follows the chain; accepts, matures and orphans blocks; signs statements; takes the signer's
    /// answers; confirms, sends and replaces payouts; audits.
    Settle,
    /// Prepares the next payout for the signer, if one is to be made.
    Prepare,
    /// Sends every payout that is not in a block, and replaces what is stuck.
    Broadcast,
    /// Follows the chain, and books what it and the signer made of payouts.
    Confirm,
    /// Compares the coins on the chain with the books. Payouts stop while coins are missing.
    Audit {
        /// First note that somebody has looked at the alarms there are.
        #[arg(long)]
        seen: bool,
    },
    /// Stops payouts by hand: nothing is prepared, and nothing is sent for the first time.
    Stop {
        /// Why, for whoever looks later.
        #[arg(long)]
        reason: String,
    },
    /// Lifts a stop that was made by hand. That of the audit goes with the next clean audit.
    Resume,
    /// After a restore: takes over what was signed and sent since the backup.
    Recover {
        /// An answer of the signer, as `ngsign sign` wrote it, where it does not ask by HTTP.
        #[arg(long, value_name = "FILE")]
        answer: Option<PathBuf>,
    },
    /// Asks for a part of the pool's fees; the next payouts pay it to the policy's feeAddress.
    Draw {
        /// Whole coins, such as 1.5.
        amount: String,
        /// A word for it: the same again is the same draw.
        #[arg(long)]
        reference: String,
    },
    /// The operator's own money in the books.
    Capital {
        #[command(subcommand)]
        what: Capital,
    },
    /// Pays nothing to a payee until he is released.
    Hold {
        /// As in the books: an address.
        payee: String,
        /// Why, for whoever looks later.
        #[arg(long)]
        reason: String,
    },
    /// Lifts the hold of a payee, and lets what he has now pass the holds by amount and by a new
    /// address.
    Release {
        /// As in the books: an address.
        payee: String,
        /// Let payouts up to so much pass, whole coins. Without it: what he has now.
        #[arg(long, value_name = "AMOUNT")]
        up_to: Option<String>,
    },
    /// Sets what a payee gives of his credits to the pool, from the next block or period on.
    Donation {
        /// As in the books: an address.
        payee: String,
        /// A percentage with at most four decimals, such as 0.5%; 0% ends it.
        share: String,
    },
    /// What payees give of their credits.
    Donations,
    /// Sets the least that is paid to a payee.
    Minimum {
        /// As in the books: an address.
        payee: String,
        /// Whole coins; `none` for the currency's minimum.
        amount: String,
    },
    /// The payouts, the newest first.
    List {
        /// Only those that pay a payee.
        #[arg(long)]
        payee: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// One payout, whole.
    Show {
        /// Its number.
        number: u64,
    },
    /// Asks the signer to record a payout void that is not signed; its coins and balances come back
    /// when it has answered.
    Void {
        /// Its number.
        number: u64,
        /// Why, for whoever looks later.
        #[arg(long, default_value = "asked by the operator")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
enum Capital {
    /// Deposits that nobody expected and that stand under `unallocated`.
    Deposits,
    /// Books such a deposit as the operator's own money, once it is as deep as a coinbase must be.
    Book {
        /// The output, as txid:index.
        deposit: String,
    },
    /// Makes good what an account lacks.
    Cover {
        /// Which.
        account: CoverAccount,
        /// Whole coins; without it all that is lacking. The reserve of PPS needs it.
        amount: Option<String>,
        /// For the reserve of PPS, a word for it: the same again is the same.
        #[arg(long)]
        reference: Option<String>,
    },
    /// Takes to the pool's fees what the reserve of PPS has beyond its need, with the next period of a
    /// sharechain that leaves room for it.
    Release {
        /// The sharechain whose period it goes with.
        sharechain: String,
        /// Whole coins.
        amount: String,
        /// A word for it: the same again is the same.
        reference: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CoverAccount {
    /// Fees of the pool's transactions that its own fees did not pay.
    NetworkFee,
    /// Rewards lost to reorganisations after they were credited.
    OrphanLoss,
    /// What pays PPS work before blocks do.
    PpsReserve,
}

/// Exit code when a job did its work and found what needs a look: drift, a stop, an alarm, something
/// missing after a restore. What could not be done is 1, a wrong command line 2.
pub const NEEDS_A_LOOK: u8 = 3;

/// Runs a command. What is asked for goes to `out`, everything else to the log.
pub async fn run(arguments: Arguments, out: &mut (impl Write + Send)) -> anyhow::Result<ExitCode> {
    let Arguments {
        job,
        document,
        log_format,
    } = arguments;
    let Some(document) = document else {
        bail!("the option --document PATH is needed: the document of the currency");
    };
    logging::start(log_format);
    let settings: PayoutSettings = document::read(&document)?;
    let stop = shutdown::on_signal().context("cannot listen for signals")?;
    tokio::select! {
        code = work(job, &settings, out) => code,
        // Whatever was not committed is done by the next run.
        () = stop.cancelled() => bail!("asked to stop before the pass was over"),
    }
}

async fn work(
    job: Job,
    settings: &PayoutSettings,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    match job {
        Job::Settle => Ok(ended(settings, &crate::run_settle_once(settings).await?)),
        Job::Broadcast => Ok(ended(settings, &crate::run_broadcast_once(settings).await?)),
        Job::Confirm => Ok(ended(settings, &crate::run_confirm_once(settings).await?)),
        Job::Prepare => prepare(settings, out).await,
        Job::Audit { seen } => audit(settings, seen, out).await,
        Job::Recover { answer } => recover(settings, answer, out).await,
        by_hand => {
            let store = crate::open(settings)?;
            let desk = Desk {
                store: &store,
                settings,
            };
            let code = desk.serve(by_hand, out).await;
            store.close().await;
            code
        }
    }
}

/// What an operator asks for by hand.
struct Desk<'a> {
    store: &'a Store,
    settings: &'a PayoutSettings,
}

impl Desk<'_> {
    async fn serve(&self, job: Job, out: &mut (impl Write + Send)) -> anyhow::Result<ExitCode> {
        let (store, code, at) = (self.store, self.code(), Utc::now());
        match job {
            Job::Draw { amount, reference } => {
                if self.settings.policy.fee_address.is_none() {
                    bail!("the payout policy names no feeAddress: nothing could be drawn to it");
                }
                let amount = self.amount(&amount)?;
                let is_new = store.ask_fee_draw(code, amount, &reference, at).await?;
                let before = if is_new { "" } else { " (asked for before)" };
                let coins = self.coins(amount);
                writeln!(out, "the next payouts draw {coins} of the fees{before}")?;
            }
            Job::Capital { what } => self.capital(what, out).await?,
            Job::Donation { payee, share } => {
                let payee = self.payee(&payee)?;
                let ppm = millionths(&share)?;
                let is_new = store.set_donation(code, &payee, ppm, at).await?;
                let before = if is_new { "" } else { " (as before)" };
                writeln!(out, "{payee} gives {share} of his credits{before}")?;
            }
            Job::Donations => {
                for donation in store.donations_in_force(code).await? {
                    let share = Amount(donation.ppm.into()).to_decimal(PERCENT_DECIMALS);
                    let since = donation.set_at.to_rfc3339();
                    writeln!(out, "{} {share}% since {since}", donation.payee)?;
                }
            }
            Job::Hold { payee, reason } => {
                let payee = self.payee(&payee)?;
                store.hold_payee(code, &payee, &reason, at).await?;
                writeln!(out, "{payee} is held")?;
            }
            Job::Release { payee, up_to } => self.release(&payee, up_to, out).await?,
            Job::Minimum { payee, amount } => {
                let payee = self.payee(&payee)?;
                let minimum = match amount.as_str() {
                    "none" => None,
                    text => Some(self.amount(text)?),
                };
                store.set_payee_minimum(code, &payee, minimum, at).await?;
                let shown = minimum.map_or_else(
                    || {
                        format!(
                            "the currency's, {}",
                            self.coins(self.settings.policy.minimum)
                        )
                    },
                    |minimum| self.coins(minimum),
                );
                writeln!(out, "minimum of {payee}: {shown}")?;
            }
            Job::List { payee, limit } => self.list(payee.as_deref(), limit, out).await?,
            Job::Show { number } => match store.payout(code, number).await? {
                Some(payout) => self.show(&payout, out)?,
                None => bail!("there is no payout {number} of {code}"),
            },
            Job::Void { number, reason } => {
                let is_new = store.ask_void(code, number, &reason, at).await?;
                let text = if is_new {
                    "the signer is asked to record it void"
                } else {
                    "it is void, or the signer is asked already"
                };
                writeln!(out, "payout {number}: {text}")?;
            }
            Job::Stop { reason } => {
                let by = StoppedBy::Operator;
                store.stop_payouts(code, by, &reason, at).await?;
                writeln!(out, "payouts of {code} are stopped")?;
            }
            Job::Resume => {
                let was = store.lift_payout_stop(code, StoppedBy::Operator).await?;
                match store.payout_stop(code).await? {
                    Some(stop) => {
                        let by = stop.by.as_str();
                        writeln!(out, "still stopped by the {by}: {}", stop.reason)?;
                    }
                    None if was => writeln!(out, "payouts of {code} go on")?,
                    None => writeln!(out, "payouts of {code} were not stopped by hand")?,
                }
            }
            // Passes; they are not asked for here.
            Job::Settle
            | Job::Prepare
            | Job::Broadcast
            | Job::Confirm
            | Job::Audit { .. }
            | Job::Recover { .. } => {}
        }
        Ok(ExitCode::SUCCESS)
    }

    fn code(&self) -> &str {
        &self.settings.currency.code
    }

    fn coins(&self, amount: Amount) -> String {
        amount.to_decimal(self.settings.currency.decimals)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        Arguments::command().debug_assert();
    }
}
