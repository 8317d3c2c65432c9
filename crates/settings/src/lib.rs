//! The documents the programs run on.
//!
//! `ngpool-crds` resolves the five kinds into these types; a program reads one finished document and
//! asks nobody else. A document holds no secret: it names files that do. They are JSON on disk, one
//! file a program, and every program applies a changed document while it runs.

mod coinserver;
mod currency;
mod database;
mod ledger;
mod payout;
mod peer;
mod stratum;
mod web;

pub use coinserver::{
    CoinserverSettings, ConfigurationError, Credentials, DaemonProcess, DaemonRpc, RESERVED_OPTIONS,
};
pub use currency::CurrencySettings;
pub use database::{DatabaseAddress, DatabaseUrlError, MigrationReport};
pub use ledger::LedgerSettings;
pub use payout::{
    FeePayer, FeePolicy, FeeRate, HoldPolicy, InputChoice, MultisigSpend, NodeRef, Obstacle, Owed,
    PayoutPolicy, PayoutSettings, PolicyError, Replacement, SignerRefusal, dust_limit, fits,
    payable_script, standing,
};
pub use peer::{CoinserverPeer, LedgerPeer, Listen, TlsFiles};
pub use stratum::{DrainSettings, LimitSettings, StratumSettings, StratumTls, VardiffSettings};
pub use web::{RateLimit, WebNode, WebPort, WebSettings, WebSharechain};

mod method;
pub use method::{CutBonus, FinderBonus, PayoutMethod, PpsChain, PpsSettings, Window};
