//! Two miners of different speed.

use ngpool_chain::Algorithm;

use super::scene::Scene;
use crate::miner::{Miner, MinerOptions};

/// Hashes a second of the faster miner: a part of what one core does, so that the pool, its nodes
/// and the other miner have room on two cores.
const FAST: f64 = 1_500.0;
/// And of the slower one.
const SLOW: f64 = 500.0;

/// The two, mining.
#[derive(Debug)]
pub(super) struct Miners {
    pub(super) fast: Miner,
    pub(super) slow: Miner,
}

impl Miners {
    pub(super) fn start(scene: &Scene) -> Self {
        let start = |address: &str, limit| {
            let user = format!("{address}.demo");
            Miner::start(MinerOptions {
                limit: Some(limit),
                // Regtest does not tell its algorithm.
                algorithm: Some(Algorithm::Scrypt),
                ..MinerOptions::new(scene.stratum.clone(), user)
            })
        };
        Self {
            fast: start(&scene.fast, FAST),
            slow: start(&scene.slow, SLOW),
        }
    }

    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.fast.stop().await?;
        self.slow.stop().await?;
        Ok(())
    }
}
