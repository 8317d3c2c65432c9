//! The command line of `ngpayout`: the jobs, each one pass by hand, and what only an operator may ask.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use chrono::{SecondsFormat, Utc};
use clap::{Parser, Subcommand, ValueEnum};
use ngpool_chain::{Address, Amount};
use ngpool_runtime::{document, logging, logging::LogFormat, shutdown};
use ngpool_settings::PayoutSettings;
use ngpool_store::{Deficit, Outpoint, POOL_FEE, PayoutRow, SolvencyVerdict, StoppedBy, Store};

use crate::{PrepareReport, SettleReport, audit::AuditReport};

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

/// Logs what failed in a pass and makes an exit code of it.
fn ended(settings: &PayoutSettings, report: &SettleReport) -> ExitCode {
    fail(settings, &report.failures())
}

fn fail(settings: &PayoutSettings, failures: &[String]) -> ExitCode {
    for failure in failures {
        tracing::error!(currency = settings.currency.code, "{failure}");
    }
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn prepare(
    settings: &PayoutSettings,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let report = crate::run_prepare_once(settings).await?;
    tell_prepared(settings, &report, out)?;
    Ok(fail(settings, &report.failures()))
}

fn tell_prepared(
    settings: &PayoutSettings,
    report: &PrepareReport,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let coins = |amount: Amount| amount.to_decimal(settings.currency.decimals);
    if let Some(prepared) = &report.prepared {
        writeln!(
            out,
            "payout {} ({}): {} to {} payees, fee {}, {} inputs; it waits for the signer",
            prepared.number,
            prepared.kind,
            coins(prepared.paid),
            prepared.payees,
            coins(prepared.fee),
            prepared.inputs
        )?;
    }
    if let Some(waiting) = &report.waiting {
        writeln!(out, "no payout: {waiting}")?;
    }
    for left_out in &report.left_out {
        let (payee, reason) = (&left_out.payee, &left_out.reason);
        writeln!(
            out,
            "not paid: {payee} {}: {reason}",
            coins(left_out.balance)
        )?;
    }
    Ok(())
}

async fn audit(
    settings: &PayoutSettings,
    seen: bool,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let code = &settings.currency.code;
    if seen {
        let store = crate::open(settings)?;
        let count = store.alarms_seen(code, Utc::now()).await;
        store.close().await;
        writeln!(out, "alarms noted as seen: {}", count?)?;
    }
    let Some(AuditReport {
        solvency,
        stop,
        alarms,
    }) = crate::run_audit_once(settings).await?
    else {
        writeln!(out, "nothing to audit: no block was followed yet")?;
        return Ok(ExitCode::SUCCESS);
    };
    let coins = |amount: Amount| amount.to_decimal(settings.currency.decimals);
    let (height, hash) = solvency.tip;
    writeln!(out, "audit: drift {}", coins(solvency.drift))?;
    writeln!(
        out,
        "verdict {} at block {} {hash}",
        solvency.verdict, height.0
    )?;
    if !solvency.reason.is_empty() {
        writeln!(out, "{}", solvency.reason)?;
    }
    writeln!(
        out,
        "on chain {} in {} outputs, in the books {}, in transit {}",
        coins(solvency.on_chain),
        solvency.outputs,
        coins(solvency.booked),
        coins(solvency.in_transit)
    )?;
    writeln!(
        out,
        "payees {} and held {}, immature {}, in flight {}, the pool {}",
        coins(solvency.payees),
        coins(solvency.held),
        coins(solvency.immature),
        coins(solvency.in_flight),
        coins(solvency.pool)
    )?;
    if let Some(stop) = &stop {
        writeln!(out, "payouts are stopped: {stop}")?;
    }
    for alarm in &alarms {
        writeln!(out, "alarm: {alarm}")?;
    }
    let is_well = solvency.verdict != SolvencyVerdict::Drift && stop.is_none() && alarms.is_empty();
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NEEDS_A_LOOK)
    })
}

async fn recover(
    settings: &PayoutSettings,
    answer: Option<PathBuf>,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let bytes = answer
        .map(|path| fs::read(&path).with_context(|| format!("cannot read {}", path.display())))
        .transpose()?;
    let (report, recovery) = crate::run_recover_once(settings, bytes.as_deref()).await?;
    for (number, what) in &report.payouts {
        writeln!(out, "payout {number}: {what}")?;
    }
    let signers = recovery
        .signers_last
        .map_or_else(|| "unknown".to_owned(), |last| last.to_string());
    writeln!(
        out,
        "last payout here: {}; last of the signer: {signers}",
        recovery.last
    )?;
    for missing in &recovery.missing {
        writeln!(out, "missing: {missing}")?;
    }
    let code = ended(settings, &report);
    Ok(
        if recovery.missing.is_empty() || !report.failures().is_empty() {
            code
        } else {
            ExitCode::from(NEEDS_A_LOOK)
        },
    )
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

    async fn capital(&self, what: Capital, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
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

    async fn release(
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

    async fn list(
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

    fn show(&self, payout: &PayoutRow, out: &mut impl Write) -> anyhow::Result<()> {
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

    fn code(&self) -> &str {
        &self.settings.currency.code
    }

    fn coins(&self, amount: Amount) -> String {
        amount.to_decimal(self.settings.currency.decimals)
    }

    /// Whole coins above zero.
    fn amount(&self, text: &str) -> anyhow::Result<Amount> {
        let amount = Amount::from_decimal(text, self.settings.currency.decimals)?;
        if amount <= Amount::ZERO {
            bail!("{text} is not an amount above zero");
        }
        Ok(amount)
    }

    /// A payee as the books name him: an address in its canonical form.
    fn payee(&self, text: &str) -> anyhow::Result<String> {
        if text == POOL_FEE {
            bail!("the pool's fees are drawn by `ngpayout draw`");
        }
        let address = Address::parse(text, &self.settings.currency.network)
            .with_context(|| format!("payee {text}"))?;
        Ok(address.as_str().to_owned())
    }
}

/// Decimals of a percentage: it is exact to the millionth.
const PERCENT_DECIMALS: u8 = 4;

/// A percentage from 0% to 100% in millionths.
fn millionths(text: &str) -> anyhow::Result<u32> {
    let number = text.strip_suffix('%').unwrap_or(text);
    let wanted = "write a percentage from 0% to 100% with at most four decimals, such as 0.5%";
    let millionths = Amount::from_decimal(number, PERCENT_DECIMALS)
        .ok()
        .and_then(|amount| u32::try_from(amount.0).ok())
        .filter(|millionths| *millionths <= 1_000_000);
    millionths.with_context(|| format!("{text:?} is no share: {wanted}"))
}

/// `txid:index`.
fn outpoint(text: &str) -> anyhow::Result<Outpoint> {
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
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn outputs_are_read_as_they_are_shown() {
        let text = format!("{}:7", "ab".repeat(32));
        assert_eq!(outpoint(&text).unwrap().to_string(), text);
        for text in ["", "7", "ab:7", "x:y"] {
            assert!(outpoint(text).is_err(), "{text}");
        }
    }
}
