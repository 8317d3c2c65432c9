//! The program from its start to its end: watches, then the Lease, then work.

use std::{sync::Arc, time::Duration};

use kube::{Client, Config};
use ngpool_runtime::{Program, admin};
use thiserror::Error;
use tokio::net::TcpListener;

use crate::{
    args::Arguments,
    cache::Cache,
    election::{Candidate, Lead},
    metrics::OperatorMetrics,
    watch::{self, Heard, Pulse, Watches},
    worker::Operator,
};

/// A call that the API server does not answer within this has failed.
const CALL: Duration = Duration::from_secs(20);
/// Time between two looks at whether the watches live.
const LOOK: Duration = Duration::from_millis(100);

/// Why the operator ended.
#[derive(Debug, Error)]
pub enum RunError {
    /// The configuration for the API server cannot be found or read.
    #[error("the API server's address cannot be found, neither as a pod nor by a kubeconfig")]
    Configuration(#[source] kube::config::InferConfigError),
    /// No client can be made of that configuration.
    #[error("the API server cannot be called")]
    Client(#[source] kube::Error),
    /// The address for health and metrics is taken.
    #[error("cannot listen on {address}, is another program there?")]
    Bind {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Another operator may act now: this process must not.
    #[error("the Lease is lost: {0}")]
    Lost(String),
    /// A watch has shown no life for too long; a new process starts anew.
    #[error("no life in these watches: {0}")]
    Stuck(String),
}

/// Runs until the program is asked to stop.
///
/// # Errors
///
/// [`RunError`]: the process should end and start again.
pub async fn run(arguments: Arguments, program: Program) -> Result<(), RunError> {
    let address = arguments.bind;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| RunError::Bind { address, source })?;
    let serving = tokio::spawn(admin::serve_on(listener, program.clone()));
    let mut config = Config::infer().await.map_err(RunError::Configuration)?;
    let watching = config.clone();
    let connect = move |pulse| watch::client(&watching, pulse);
    config.read_timeout = Some(CALL);
    let calling = Client::try_from(config).map_err(RunError::Client)?;
    let result = run_with(&arguments, &program, &connect, &calling).await;
    program.shutdown.cancel();
    // Whatever became of the endpoint, the program is over.
    let _ended = serving.await;
    result
}

/// Runs by a client for calls, and one for each watch, whose answers may take minutes.
///
/// # Errors
///
/// As [`run`].
pub async fn run_with(
    arguments: &Arguments,
    program: &Program,
    connect: &(dyn Fn(Pulse) -> kube::Result<Client> + Sync),
    calling: &Client,
) -> Result<(), RunError> {
    let metrics = OperatorMetrics::new(&program.metrics);
    let stop = program.shutdown.child_token();
    // What is begun ends with this function, whatever ends it.
    let _guard = stop.clone().drop_guard();
    let cache = Arc::new(Cache::default());
    let operator = Operator::new(
        calling.clone(),
        Arc::clone(&cache),
        arguments.defaults(),
        metrics.clone(),
        arguments.pod_name.clone(),
        stop.clone(),
    );
    let heard: Arc<dyn Heard> = operator.clone();
    let namespaces = &arguments.watch_namespaces;
    let watches = watch::start(connect, namespaces, &cache, &heard, &metrics, &stop)
        .map_err(RunError::Client)?;
    let lead = tokio::select! {
        lead = lead(arguments, program, calling, &watches) => lead,
        why = stuck(&watches, &metrics) => return Err(RunError::Stuck(why)),
        () = program.shutdown.cancelled() => return Ok(()),
    };
    let mut lead = lead;
    metrics.leads(true);
    operator.begin();
    let result = tokio::select! {
        why = lead.keep() => Err(RunError::Lost(why)),
        why = stuck(&watches, &metrics) => Err(RunError::Stuck(why)),
        () = program.shutdown.cancelled() => Ok(()),
    };
    stop.cancel();
    operator.rest().await;
    if !matches!(result, Err(RunError::Lost(_))) {
        lead.give_back().await;
    }
    result
}

/// Waits until everything was seen and the Lease is ours. One that waits for the Lease is as ready as
/// the one that acts: it has seen everything too.
async fn lead(
    arguments: &Arguments,
    program: &Program,
    client: &Client,
    watches: &Watches,
) -> Lead {
    program.health.unready("reads what is there");
    while !watches.listed() {
        tokio::time::sleep(LOOK).await;
    }
    program.health.ready();
    let candidate = Candidate::new(
        client.clone(),
        &arguments.lease_namespace,
        arguments.lease_name.clone(),
        arguments.identity(),
    );
    candidate.win().await
}

/// Waits until a watch shows no life any more, and says meanwhile how long ago each did.
async fn stuck(watches: &Watches, metrics: &OperatorMetrics) -> String {
    loop {
        metrics.watch_ages(&watches.ages());
        tokio::time::sleep(LOOK).await;
        let stuck = watches.stuck();
        if !stuck.is_empty() {
            return stuck.join(", ");
        }
    }
}
