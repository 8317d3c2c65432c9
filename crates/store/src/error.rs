//! What can go wrong with the database, told apart by who can do something about it.

use ngpool_chain::BlockHash;

/// Why a call of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or ended the connection: try again later.
    #[error("the database is away: {0}")]
    Away(#[source] sqlx::Error),
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Refused(#[source] sqlx::Error),
    /// The URL of the database is not one.
    #[error("the database URL cannot be used: {0}; write postgres://user:password@host/name")]
    Url(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A newer program has migrated the database.
    #[error(
        "the database's schema is version {found}, this program knows {known} at most: run a newer \
         version of ngpool, or restore a backup of before"
    )]
    NewerSchema {
        /// Of the database.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// The database was not migrated yet to what this program needs.
    #[error(
        "the database's schema is {}, this program needs version {needed}: it waits for ngpool migrate",
        .found.map_or_else(|| "older".to_owned(), |found| format!("version {found}"))
    )]
    OlderSchema {
        /// Of the database, if it tells.
        found: Option<i64>,
        /// The oldest that will do.
        needed: i64,
    },
    /// The books of this code are of another chain.
    #[error(
        "currency {currency} has books of the chain with genesis {books}, not {given}: \
         use another code or another database"
    )]
    OtherGenesis {
        /// Code of the currency.
        currency: String,
        /// Genesis hash the books are bound to.
        books: BlockHash,
        /// Genesis hash of the caller.
        given: BlockHash,
    },
    /// A transaction's entries are not a movement: they do not sum to zero.
    #[error("the books refuse a transaction: {0}")]
    Unbalanced(String),
    /// A transaction's id was posted with other entries.
    #[error("the books refuse a transaction: {0}")]
    PostedOtherwise(String),
    /// An account would fall below what it may hold.
    #[error("the books refuse a transaction that overdraws an account: {0}")]
    Overdrawn(String),
    /// No such block was reported.
    #[error("block {1} of {0} was never reported")]
    UnknownBlock(String, BlockHash),
    /// A block is not in a state in which this can happen to it.
    #[error("block {hash} is {state} and cannot become {wanted}")]
    BlockState {
        /// The block.
        hash: BlockHash,
        /// Its state.
        state: crate::BlockState,
        /// The state asked for.
        wanted: crate::BlockState,
    },
    /// A block's split was frozen before and is another.
    #[error("block {0} was split before, and otherwise: a split is never changed")]
    SplitOtherwise(BlockHash),
    /// A split does not divide what the block paid.
    #[error("the split of block {hash} sums to {split}, its reward is {reward}")]
    SplitSum {
        /// The block.
        hash: BlockHash,
        /// Sum of fees and parts.
        split: i128,
        /// What the coinbase pays us.
        reward: i64,
    },
    /// A window reaches behind the batches that are kept.
    #[error(
        "a window of sharechain {sharechain} needs position {pos}, which is not kept any more: \
         restore a backup that has it"
    )]
    NotKept {
        /// The sharechain.
        sharechain: String,
        /// The first position missing.
        pos: u64,
    },
    /// A chunk was sealed with other sums.
    #[error(
        "chunk {level}/{number} of sharechain {sharechain} is sealed with other sums than its batches give: \
         compare the database with a backup"
    )]
    SealedOtherwise {
        /// The sharechain.
        sharechain: String,
        /// Level of the chunk.
        level: u8,
        /// Number of the chunk.
        number: u64,
    },
    /// A statement does not continue its chain.
    #[error("statement {seq} of {currency} on {sharechain} does not continue the chain")]
    StatementChain {
        /// The currency.
        currency: String,
        /// The sharechain.
        sharechain: String,
        /// Its number.
        seq: u64,
    },
    /// The follower's next block does not continue what was followed.
    #[error("block {hash} at height {height} of {currency} does not continue the followed chain")]
    NotContinuous {
        /// The currency.
        currency: String,
        /// The block.
        hash: BlockHash,
        /// Its height.
        height: u32,
    },
    /// A step of a payout is not done.
    #[error(transparent)]
    Payout(#[from] crate::PayoutRefusal),
    /// Something the operator asked for.
    #[error(transparent)]
    Operator(#[from] crate::OperatorRefusal),
    /// No sharechain of that name was ever opened.
    #[error("sharechain {0} has no ledger yet")]
    UnknownSharechain(String),
    /// A row holds what no version of this program wrote.
    #[error("the database holds {0}: it was changed by hand or damaged")]
    Damaged(String),
    /// A number does not fit where it must be stored.
    #[error("{0} does not fit the database")]
    TooLarge(&'static str),
}

impl StoreError {
    /// Whether the same call can succeed later with nothing changed by hand.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Away(_) => true,
            // Serialisation failure, deadlock, lock time-out, shutting down, starting up, too many
            // connections: the classes 40, 53, 55, 57.
            Self::Refused(error) => code(error).is_some_and(|code| {
                ["40", "53", "55", "57"]
                    .iter()
                    .any(|class| code.starts_with(class))
            }),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let told = || {
            error
                .as_database_error()
                .map_or_else(String::new, |e| e.message().to_owned())
        };
        match &error {
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("NG001") => Self::Unbalanced(told()),
                Some("NG002") => Self::PostedOtherwise(told()),
                Some("23514") if database.constraint() == Some("balance_not_overdrawn") => {
                    Self::Overdrawn(told())
                }
                _ => Self::Refused(error),
            },
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::RowNotFound => Self::Damaged(error.to_string()),
            sqlx::Error::Configuration(_) => Self::Url(error),
            _ => Self::Away(error),
        }
    }
}

/// The SQLSTATE, if the server gave one.
pub(crate) fn code(error: &sqlx::Error) -> Option<String> {
    error
        .as_database_error()?
        .code()
        .map(std::borrow::Cow::into_owned)
}

/// Whether a row found no partition to go to.
pub(crate) fn no_partition(error: &sqlx::Error) -> bool {
    // PostgreSQL says check_violation, without the name of a constraint.
    code(error).as_deref() == Some("23514")
        && error
            .as_database_error()
            .is_some_and(|e| e.constraint().is_none())
}
