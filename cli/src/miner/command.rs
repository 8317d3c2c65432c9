//! `ngpool miner`.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use ngpool_chain::Algorithm;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Miner, MinerError, MinerOptions, MinerStatus, PoolUrl, TlsTrust};
use crate::text::hash_rate;

/// Mine on a pool with the CPU, to try it.
#[derive(Debug, Args)]
pub struct MinerCommand {
    /// The pool: stratum+tcp://host:port or stratum+ssl://host:port.
    pub url: PoolUrl,
    /// User, such as ADDRESS or ADDRESS.WORKER.
    #[arg(short, long)]
    pub user: String,
    /// Password; many pools read options from it, such as d=0.001.
    #[arg(short, long, default_value = "x")]
    pub password: String,
    /// Hashing threads [default: one per core].
    #[arg(short, long)]
    pub threads: Option<NonZeroUsize>,
    /// Hashes a second at most, such as 500, 20k or 1.5M.
    #[arg(long, value_parser = parse_rate)]
    pub limit: Option<f64>,
    /// Proof of work; auto tells it from the first job.
    #[arg(short, long, value_enum, default_value_t)]
    pub algorithm: AlgorithmChoice,
    /// PEM file with the certificates to trust on a TLS port instead of the public ones.
    #[arg(long, conflicts_with = "tls_insecure")]
    pub tls_ca: Option<PathBuf>,
    /// Take any certificate on a TLS port.
    #[arg(long)]
    pub tls_insecure: bool,
    /// Give up after so many failed connections in a row [default: never].
    #[arg(long)]
    pub retries: Option<u32>,
    /// Seconds between two lines about the hash rate.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub interval: u64,
    /// Log lines as JSON objects.
    #[arg(long)]
    pub json: bool,
}

/// The proof of work on the command line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmChoice {
    /// Told from the first job.
    #[default]
    Auto,
    /// SHA-256 twice: Bitcoin and its like.
    Sha256d,
    /// scrypt(1024, 1, 1): Litecoin, Dogecoin and their like.
    Scrypt,
}

impl From<AlgorithmChoice> for Option<Algorithm> {
    fn from(choice: AlgorithmChoice) -> Self {
        match choice {
            AlgorithmChoice::Auto => None,
            AlgorithmChoice::Sha256d => Some(Algorithm::Sha256d),
            AlgorithmChoice::Scrypt => Some(Algorithm::Scrypt),
        }
    }
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let factors = [('k', 1e3), ('K', 1e3), ('M', 1e6), ('G', 1e9)];
    let (number, factor) = factors
        .iter()
        .find_map(|(suffix, factor)| Some((text.strip_suffix(*suffix)?, *factor)))
        .unwrap_or((text, 1.0));
    match number.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate * factor),
        _ => Err("write hashes a second such as 500, 20k or 1.5M".to_owned()),
    }
}

/// Mines until told to stop.
pub async fn run(command: MinerCommand, shutdown: CancellationToken) -> Result<(), MinerError> {
    let threads = command
        .threads
        .or_else(|| std::thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let trust = match command.tls_ca {
        _ if command.tls_insecure => TlsTrust::Anyone,
        Some(path) => TlsTrust::File(path),
        None => TlsTrust::Public,
    };
    let mut miner = Miner::start(MinerOptions {
        url: command.url,
        user: command.user,
        password: command.password,
        threads,
        limit: command.limit,
        algorithm: command.algorithm.into(),
        trust,
        retries: command.retries,
    });
    let mut tick = tokio::time::interval(Duration::from_secs(command.interval));
    tick.tick().await;
    let mut before = (Instant::now(), 0);
    loop {
        tokio::select! {
            ended = miner.ended() => return ended,
            () = shutdown.cancelled() => {
                report(&miner.stop().await?, None);
                return Ok(());
            }
            now = tick.tick() => {
                let status = miner.status();
                // Counts of hashes stay far below 2^53 for any CPU.
                #[allow(clippy::cast_precision_loss)]
                let hashes = (status.hashes - before.1) as f64;
                report(&status, Some(hashes / (now - before.0).as_secs_f64()));
                before = (now, status.hashes);
            }
        }
    }
}

fn report(status: &MinerStatus, rate: Option<f64>) {
    let rejected = status.rejected_total();
    let (accepted, difficulty) = (status.accepted, status.difficulty);
    if let Some(rate) = rate {
        tracing::info!(
            hash_rate = hash_rate(rate),
            accepted,
            rejected,
            difficulty,
            mining = status.mining,
            "working"
        );
    } else {
        let (hashes, unanswered) = (status.hashes, status.unanswered);
        tracing::info!(hashes, accepted, rejected, unanswered, "stopped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_rate_is_read_with_its_unit() {
        assert_eq!(parse_rate("500"), Ok(500.0));
        assert_eq!(parse_rate("1.5M"), Ok(1_500_000.0));
        assert_eq!(parse_rate("20k"), Ok(20_000.0));
        for text in ["", "0", "-1", "fast", "inf", "k"] {
            assert!(parse_rate(text).is_err(), "{text}");
        }
    }
}
