//! A currency as the programs see it.

use ngpool_chain::Network;
use serde::{Deserialize, Serialize};

/// A currency with every number resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencySettings {
    /// Name of the Currency object.
    pub name: String,
    /// Code shown to people and used in the books, such as `LTC`.
    pub code: String,
    /// The chain.
    pub network: Network,
    /// Where block rewards go, an address of `network`.
    pub subsidy_address: String,
    /// Confirmations after which a block's credit is paid out; at least the chain's own maturity.
    pub maturity: u32,
    /// Blocks under the tip after which a chain fact is taken as settled (K in the documentation).
    pub settle_depth: u32,
    /// Text in the coinbase, at most 28 bytes.
    pub coinbase_tag: String,
    /// Regtest only: a share is a solve only when its hash is also under share target / this.
    /// 1 elsewhere.
    pub block_odds: u32,
    /// Window, in multiples of network difficulty, over which a block is split between sharechains,
    /// in thousandths (2,000 is twice the difficulty).
    pub split_window_milli: u32,
    /// Decimal places of a whole coin.
    pub decimals: u8,
}
