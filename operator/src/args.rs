//! How the operator is told what to do.

use std::net::SocketAddr;

use clap::Parser;
use ngpool_runtime::logging::LogFormat;

use crate::plan::Defaults;

/// Turns ngpool's kinds into running workloads and says how they are.
#[derive(Debug, Clone, Parser)]
#[command(name = "ngpool-operator", version)]
pub struct Arguments {
    /// Namespace to work in; may be given several times. Without it, the whole cluster.
    #[arg(long = "watch-namespace", value_name = "NAMESPACE")]
    pub watch_namespaces: Vec<String>,
    /// Image of the programs with its tag, for Pools that name none.
    #[arg(long, default_value = concat!("ghcr.io/ngpool/ngpool:", env!("CARGO_PKG_VERSION")))]
    pub image: String,
    /// Repository of the images of daemons, each named after its binary.
    #[arg(long, default_value = "ghcr.io/ngpool/node", value_name = "REPOSITORY")]
    pub nodes: String,
    /// Image of the bundled PostgreSQL.
    #[arg(
        long,
        default_value = "docker.io/library/postgres:17",
        value_name = "IMAGE"
    )]
    pub postgres_image: String,
    /// Address of /healthz, /readyz and /metrics.
    #[arg(long, default_value = "0.0.0.0:9000", value_name = "ADDRESS")]
    pub bind: SocketAddr,
    /// Namespace of the Lease that says which operator acts.
    #[arg(
        long,
        env = "POD_NAMESPACE",
        default_value = "default",
        value_name = "NAMESPACE"
    )]
    pub lease_namespace: String,
    /// Name of that Lease.
    #[arg(long, default_value = "ngpool-operator", value_name = "NAME")]
    pub lease_name: String,
    /// Name of this pod, which is written into the Lease and into events.
    #[arg(long, env = "POD_NAME", value_name = "NAME")]
    pub pod_name: Option<String>,
    /// Instead of being an operator, get this address of one that runs, such as
    /// `http://ngpool-operator:9000/readyz`, and fail unless it is well.
    #[arg(long, value_name = "URL")]
    pub ask: Option<String>,
    /// How log lines look.
    #[arg(long, value_enum, default_value = "json")]
    pub log_format: LogFormat,
}

impl Arguments {
    /// Images, for Pools that name none.
    pub fn defaults(&self) -> Defaults {
        Defaults {
            programs: self.image.clone(),
            nodes: self.nodes.clone(),
            postgres: self.postgres_image.clone(),
        }
    }

    /// What this process calls itself: by its pod, else by something of its own.
    pub fn identity(&self) -> String {
        self.pod_name
            .clone()
            .unwrap_or_else(|| format!("process-{:016x}", rand::random::<u64>()))
    }
}
