//! A whole Kubernetes cluster where there is none, and what the tests of a pool on it share.
//!
//! ```text
//!  outside   tools (Go module proxy) ── images (Debian, our programs) ── sandbox
//!                                                                          │ unshare
//!  inside                       cluster: etcd, control plane, kubelet, containerd
//!                                  │
//!                               volumes, CoreDNS ── the tests, or a developer
//! ```
//!
//! Everything inside lives in namespaces of its own (network, mounts, processes): when the first
//! process ends, all of it is gone.

pub mod cluster;
pub mod harness;
pub mod images;
pub mod place;
pub mod pool;
pub mod prepare;
pub mod sandbox;
pub mod session;
pub mod tools;
pub mod wait;
