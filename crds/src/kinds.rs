//! The five kinds of the group `ngpool.io`.
//!
//! What holds for all of them: references are names in the same namespace; names have at most 30
//! characters; a field that the Pool can default is optional and has no default in the schema, because
//! a schema default is stored with the object, counts as the user's, and the Pool could never win.

#![expect(
    unreachable_pub,
    reason = "the derive of the schema makes a public type in a function"
)]

mod blocks;
mod coinserver;
mod currency;
mod parts;
mod payout;
mod pool;
mod sharechain;
mod status;
mod stratum_port;

pub use blocks::{Ban, Limits, PodSettings, Tls, Vardiff};
pub use coinserver::{
    Coinserver, CoinserverSpec, CoinserverStatus, Daemon, DaemonChain, ExternalNode, OptionsFrom,
};
pub use currency::{Currency, CurrencySpec, CurrencyStatus, CustomNetwork, NetworkAlgorithm};
pub use parts::{
    ConfigMapName, DataSourceRef, GatewayRef, ImagePullPolicy, SecretKey, ServiceOptions,
    ServiceType, Storage, TrafficPolicy,
};
pub use payout::{
    Payout, PayoutFee, PayoutFeeEstimate, PayoutFeePayer, PayoutFeeRate, PayoutHolds, PayoutInputs,
    PayoutMultisig, PayoutReplacement,
};
pub use pool::{
    Bundled, CertManager, Certificates, CloudNativePg, Database, Defaults, Images, IssuerKind,
    Pool, PoolSpec, PoolStatus, RateLimits, Statistics, Web,
};
pub use sharechain::{
    BonusAmount, FinderBonus, Method, PayPerShare, Pplns, PplnsWindow, Prop, Sharechain,
    SharechainSpec, SharechainStatus, Solo,
};
pub use status::conditions_schema;
pub use stratum_port::{
    Advertise, Drain, Journal, ProxyProtocol, StratumPort, StratumPortSpec, StratumPortStatus,
};

/// API group of the kinds.
pub const GROUP: &str = "ngpool.io";
/// Version of the kinds.
pub const VERSION: &str = "v1alpha1";
/// The only name a Pool may have.
pub const POOL_NAME: &str = "pool";

/// CEL: the object's name is a label that leaves room for the names of its children.
pub(crate) const NAME_RULE: &str = "size(self.metadata.name) <= 30 && \
     self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";
/// What to say when [`NAME_RULE`] does not hold.
pub(crate) const NAME_MESSAGE: &str =
    "metadata.name must have at most 30 lower-case letters, digits and `-`";
