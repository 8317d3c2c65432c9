//! Asking the pool: once, again and again, or for a signer that has no network.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use ngpool_signing::request::{FORMAT, MAX_RESPONSE, Poll, Position, Response};
use tokio::signal::unix::{SignalKind, signal};

use super::{
    NEEDS,
    answer::{clock, read, report, write_document},
    files::{ChainArguments, SignerFiles, read_network},
};
use crate::{
    exchange::{Pool, PoolOptions},
    policy::PolicyFileWatch,
    signer::Signer,
    watch::{self, Turn, TurnError},
};

#[derive(Debug, Args)]
pub(super) struct PoolArguments {
    /// Address of the pool: `https://HOST[:PORT][/PATH]`.
    #[arg(long = "pool", value_name = "URL")]
    url: String,
    /// File whose first line is the token that the pool gave for its signer.
    #[arg(long)]
    token_file: PathBuf,
    /// File with the certificates (PEM) that may have signed the pool's, instead of the public
    /// authorities'.
    #[arg(long)]
    ca_file: Option<PathBuf>,
    /// Take an http:// address of another machine, where something else encrypts the line.
    #[arg(long)]
    allow_http: bool,
}

impl PoolArguments {
    fn pool(&self) -> anyhow::Result<Pool> {
        Ok(Pool::new(&PoolOptions {
            url: self.url.clone(),
            token_file: self.token_file.clone(),
            ca_file: self.ca_file.clone(),
            allow_http: self.allow_http,
        })?)
    }
}

pub(super) fn run(files: &SignerFiles, arguments: &PoolArguments) -> anyhow::Result<u8> {
    // Before the keystore, so that a wrong option costs no passphrase.
    let pool = arguments.pool()?;
    let mut signer = files.open()?;
    runtime()?.block_on(async {
        loop {
            let before = signer.position();
            let turn = Turn::take(&mut signer, &pool, now).await?;
            let Turn::Answered(response) = &turn else {
                writeln!(io::stderr(), "the pool has nothing to do")?;
                return Ok(0);
            };
            let code = report(response)?;
            if !turn.has_more(&before) {
                return Ok(code);
            }
        }
    })
}

pub(super) fn watch(
    files: &SignerFiles,
    arguments: &PoolArguments,
    interval: u64,
) -> anyhow::Result<u8> {
    let pool = arguments.pool()?;
    let mut signer = files.open()?;
    runtime()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stopped = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        writeln!(io::stderr(), "asking {} every {interval} s", arguments.url)?;
        let interval = Duration::from_secs(interval);
        let mut policy = PolicyFileWatch::new(&files.policy);
        let reread = |signer: &mut Signer| reread(&mut policy, signer);
        watch::watch(&mut signer, &pool, interval, now, stopped, reread, say).await?;
        writeln!(io::stderr(), "stopped")?;
        Ok(0)
    })
}

pub(super) fn fetch(
    arguments: &PoolArguments,
    chain: &ChainArguments,
    after: Option<&Path>,
    out: &Path,
) -> anyhow::Result<u8> {
    let pool = arguments.pool()?;
    let named = chain
        .network
        .as_deref()
        .context("say by --network for which chain")?;
    let (network, code) = read_network(named)?;
    let position = match after {
        Some(path) => Response::parse(&read(path, MAX_RESPONSE)?)?.position,
        None => Position::default(),
    };
    let poll = Poll {
        format: FORMAT,
        currency: chain
            .currency
            .clone()
            .or(code)
            .context("give the currency's code by --currency")?,
        genesis_hash: network.genesis_hash,
        position,
    };
    let Some(request) = runtime()?.block_on(pool.poll(&poll))? else {
        writeln!(io::stderr(), "the pool has nothing to do")?;
        return Ok(NEEDS);
    };
    write_document(out, &request)?;
    Ok(0)
}

pub(super) fn deliver(arguments: &PoolArguments, answer: &Path) -> anyhow::Result<u8> {
    let pool = arguments.pool()?;
    let response = Response::parse(&read(answer, MAX_RESPONSE)?)?;
    runtime()?.block_on(pool.answer(&response))?;
    Ok(0)
}

/// Takes a changed policy file; a wrong one is refused, and the policy before it stays in force.
fn reread(policy: &mut PolicyFileWatch, signer: &mut Signer) {
    let taken = match policy.changed(signer.network()) {
        None => return,
        Some(Ok(policy)) => signer.set_policy(policy).map_err(anyhow::Error::from),
        Some(Err(error)) => Err(error.into()),
    };
    let text = match taken {
        Ok(()) => "the changed policy is in force".to_owned(),
        Err(error) => format!("the policy before stays in force: {error:#}"),
    };
    let _heard = writeln!(io::stderr(), "{text}");
}

fn say(turn: &Result<Turn, TurnError>) {
    // A terminal that is gone hears nothing; the pool does.
    let _heard = match turn {
        Ok(Turn::Nothing) => return,
        Ok(Turn::Answered(response)) => report(response).map(drop),
        Err(error) => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(error);
            while let Some(error) = source {
                text.push_str(": ");
                text.push_str(&error.to_string());
                source = error.source();
            }
            writeln!(io::stderr(), "{text}").map_err(Into::into)
        }
    };
}

fn now() -> Option<crate::books::Timestamp> {
    clock().ok()
}

/// One thread: signing waits for nothing, and nothing goes on beside it.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the system gives no event queue")
}
