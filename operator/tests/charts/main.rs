//! The charts as they are rendered, held against the code: roles against what the operator does, alerts
//! and dashboards against the metrics that exist, policies against `ARCHITECTURE.md`.
//!
//! Rendering needs Helm, which `scripts/cluster-tools` builds. Where that cannot be, tests of rendered
//! charts say so and pass; never where `CI` is `true`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

mod definitions;
mod helm;
mod monitoring;
mod network_policies;
mod rbac;
mod values;
