//! Rules of the chains, without I/O: units, addresses, targets, proof of work, templates, jobs, blocks.

mod network;

pub use network::{Algorithm, Network};
