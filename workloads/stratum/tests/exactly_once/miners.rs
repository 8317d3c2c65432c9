//! Miners that count what they are told, and come back when their connection breaks.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use ngpool_chain::{Address, Algorithm, Network};
use ngpool_testkit::StratumClient;
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Submits a miner has under way at once.
const DEPTH: usize = 3;

/// What one miner was told.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    /// Submits whose answer never came.
    pub(crate) unanswered: u64,
}

/// What all miners were told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(BTreeMap<String, Counts>);

impl Told {
    pub(crate) fn by_user(&self) -> impl Iterator<Item = (&String, &Counts)> {
        self.0.iter()
    }

    pub(crate) fn accepted(&self) -> u64 {
        self.0.values().map(|counts| counts.accepted).sum()
    }

    pub(crate) fn unanswered(&self) -> u64 {
        self.0.values().map(|counts| counts.unanswered).sum()
    }

    pub(crate) fn refused(&self) -> u64 {
        self.0.values().map(|counts| counts.refused).sum()
    }
}

/// Miners at work.
pub(crate) struct Miners {
    told: Arc<Mutex<Told>>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Miners {
    pub(crate) fn start(address: SocketAddr, count: u8) -> Self {
        let told = Arc::<Mutex<Told>>::default();
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for number in 0..count {
            tasks.spawn(work(address, number, Arc::clone(&told), stop.clone()));
        }
        Self { told, stop, tasks }
    }

    pub(crate) fn told(&self) -> Told {
        self.told.lock().clone()
    }

    /// Lets every miner take the answers that are still to come. Returns what they were told.
    pub(crate) async fn stop(mut self) -> Told {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("a miner ended badly");
        }
        self.told()
    }
}

async fn work(address: SocketAddr, number: u8, told: Arc<Mutex<Told>>, stop: CancellationToken) {
    let network = Network::preset("bitcoin-regtest").expect("a preset");
    let user = Address::p2wpkh([number + 1; 20], &network)
        .expect("an address")
        .to_string();
    while !stop.is_cancelled() {
        let mut under_way = VecDeque::new();
        // Why a connection ended does not matter; what was under way does.
        let _ended = mine(address, &user, &mut under_way, &told, &stop).await;
        let unanswered = under_way.len() as u64;
        told.lock().0.entry(user.clone()).or_default().unanswered += unanswered;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn mine(
    address: SocketAddr,
    user: &str,
    under_way: &mut VecDeque<u64>,
    told: &Mutex<Told>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let name = format!("{user}.rig");
    let mut client = StratumClient::connect(address, Algorithm::Sha256d).await?;
    client.login(&name, "x").await?;
    loop {
        while under_way.len() < DEPTH && !stop.is_cancelled() {
            let job = client.job().await?;
            let share = client.mine(&job)?;
            // Counted before it is sent: a send that fails may have reached the server.
            under_way.push_back(0);
            let id = client.send("mining.submit", share.params(&name)).await?;
            if let Some(last) = under_way.back_mut() {
                *last = id;
            }
        }
        let Some(id) = under_way.front().copied() else {
            return Ok(());
        };
        let reply = client.reply(id).await?;
        under_way.pop_front();
        let mut told = told.lock();
        let counts = told.0.entry(user.to_owned()).or_default();
        if reply.is_accepted() {
            counts.accepted += 1;
        } else {
            counts.refused += 1;
        }
    }
}
