//! `ngpool demo`: a pool's whole story on a private chain, told while it happens.
//!
//! ```text
//!  Pool (as `ngpool up` runs it) ◀── two Miners of different speed
//!    ▲ REST                 ▲
//!  Story ── Node (RPC): blocks to start from, MWEB's peg-in, time that passes
//! ```

mod audit;
mod miners;
mod node;
mod payday;
mod scene;
mod signer;
mod story;

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    signals::Signals,
    up::{Pool, UpOptions},
};
use miners::Miners;
use scene::Scene;
use story::Story;

/// Run a pool on a private chain, mine on it, and tell what happens.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// The pool's files: a Litecoin regtest pool with two nodes of its own and one port.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// End when the story is complete: status 0, or 1 with the reason why it is not.
    #[arg(long)]
    pub once: bool,
    /// Keep everything here [default: a new folder, removed at the end].
    #[arg(long)]
    pub state_dir: Option<PathBuf>,
    /// Seconds the story may take.
    #[arg(long, default_value_t = 280)]
    pub timeout: u64,
}

/// Tells the story; then serves until it is told to stop, unless once was enough.
pub(crate) async fn run(command: DemoCommand, signals: &Signals) -> anyhow::Result<()> {
    let scratch = tempfile::Builder::new().prefix("ngpool-demo-").tempdir()?;
    let state_dir = command
        .state_dir
        .clone()
        .unwrap_or_else(|| scratch.path().join("state"));
    let mut story = Story::begin();
    story.tell(format!("state is kept in {}", state_dir.display()));
    story.chapter("starting PostgreSQL, the nodes and the pool's programs");
    let options = UpOptions {
        paths: command.paths,
        state_dir,
        listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let mut pool = Pool::start(options, &signals.drain).await?;
    let signer = pool.state_dir().join("demo-signer");
    let scene = Scene::new(&pool.documents(), pool.rest(), signer)?;
    let patience = Duration::from_secs(command.timeout);
    let told = async {
        tokio::select! {
            () = signals.drain.cancelled() => bail!("interrupted"),
            told = timeout(patience, story.unfold(&scene)) => {
                let told = told.unwrap_or_else(|_| {
                    Err(anyhow!("it is not complete within {} s", command.timeout))
                });
                told.with_context(|| format!("the story stopped at: {}", story.stopped_at()))?;
            }
        }
        if !command.once {
            serve(&scene, signals).await?;
        }
        Ok(())
    };
    // Never cancelled: the story decides when it ends.
    let following = CancellationToken::new();
    let outcome = tokio::select! {
        outcome = told => outcome,
        () = pool.follow(&following) => Ok(()),
    };
    println!("stopping");
    pool.shut_down(&signals.hurry).await;
    outcome
}

/// Mines on until the user has seen enough.
async fn serve(scene: &Scene, signals: &Signals) -> anyhow::Result<()> {
    let miners = Miners::start(scene);
    println!();
    println!("The story is complete; the pool goes on until Ctrl-C.");
    println!("  miners   {}", scene.stratum);
    println!("  API      http://{}/api/v1/pool", scene.rest.address());
    println!(
        "  balance  http://{}/api/v1/miners/{}",
        scene.rest.address(),
        scene.fast
    );
    signals.drain.cancelled().await;
    miners.stop().await
}
