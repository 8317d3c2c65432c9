//! How a sharechain divides a reward.

use serde::{Deserialize, Serialize};

/// A payout method with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PayoutMethod {
    /// Pay per last N shares.
    Pplns {
        /// How far back the window reaches.
        window: Window,
    },
    /// The finder takes it.
    Solo,
}

/// Length of a PPLNS window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// Multiple of the block's network work, in thousandths.
    DifficultyMilli(u32),
    /// A fixed amount of work, in expected hashes.
    Work(u64),
}
