//! The running server over TCP: what a miner, a hostile stranger, a node and a ledger see of it.

mod support;

mod crowd;
mod drain;
mod hostile;
mod live;
mod nodes;
mod protocol;
mod shares;
mod tls;
