//! News of blocks from the database.

use ngpool_chain::BlockHash;
use sqlx::postgres::PgListener;

use crate::{BlockKey, Store, StoreError};

/// Channel on which new blocks are announced.
pub(crate) const CHANNEL: &str = "ngpool_block";

/// Hears of blocks that are reported, whoever reported them.
///
/// News is lost while the connection is away: read [`Store::uncut_blocks`] each second as well.
#[derive(Debug)]
pub struct BlockWatch(PgListener);

impl Store {
    /// Starts to listen. Needs a connection of its own for as long as it lives, and one that does not
    /// pass a pooler in transaction mode.
    pub async fn watch_blocks(&self) -> Result<BlockWatch, StoreError> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(BlockWatch(listener))
    }
}

impl BlockWatch {
    /// The next block reported. Connects again by itself when the connection was lost; the error says
    /// that this did not work, and the call may be repeated.
    pub async fn next(&mut self) -> Result<BlockKey, StoreError> {
        loop {
            let notification = self.0.recv().await?;
            let Some((currency, hash)) = notification.payload().split_once(' ') else {
                continue;
            };
            // Any role may notify; what is no block is not for us.
            if let Ok(hash) = hash.parse::<BlockHash>() {
                return Ok(BlockKey {
                    currency: currency.to_owned(),
                    hash,
                });
            }
        }
    }
}
