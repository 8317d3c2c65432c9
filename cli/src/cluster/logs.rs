//! `kubectl ngpool logs`: what every pod of a part writes, each line with its pod.

use std::{
    collections::{BTreeSet, HashSet},
    io::Write,
    time::Duration,
};

use clap::Args;
use futures::{AsyncBufReadExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api,
    api::{ListParams, LogParams},
};
use ngpool_crds::ObjectRef;
use tokio::{sync::mpsc, task::JoinSet};

use super::{ClusterError, Connection, ConnectionArgs};
use crate::config::Object;

/// Lines in flight between the pods and the terminal.
const QUEUE: usize = 1_024;
/// Time between two looks for new pods while following.
const LOOK: Duration = Duration::from_secs(2);

/// Show the logs of all pods of a part, each line with its pod and container: of a Coinserver the
/// node and its side program, of a Currency its jobs, of the Pool web side, database and migration.
#[derive(Debug, Args)]
pub struct LogsCommand {
    /// The part, such as stratumport/main or, for short, sp/main; or pool.
    #[arg(value_parser = part)]
    pub object: ObjectRef,
    /// Go on with what comes, of pods that come too.
    #[arg(short, long)]
    pub follow: bool,
    /// Only this container.
    #[arg(short, long)]
    pub container: Option<String>,
    /// Of the run before the last restart.
    #[arg(short, long, conflicts_with = "follow")]
    pub previous: bool,
    /// Only the last lines of each container.
    #[arg(long)]
    pub tail: Option<i64>,
    /// Only what is not older than so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub since: Option<i64>,
    /// Which cluster.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// `pool` needs no name: there is one.
fn part(text: &str) -> Result<ObjectRef, String> {
    let text = if text == "pool" { "pool/pool" } else { text };
    text.parse::<Object>().map(Object::into)
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Source {
    pod: String,
    /// The run of it: a container that restarted is read anew.
    run: i32,
    container: String,
}

/// Prints lines until there are no more, or for ever when following.
pub async fn run(command: &LogsCommand, output: &mut dyn Write) -> Result<(), ClusterError> {
    let connection = Connection::open(&command.connection).await?;
    print(&connection, command, output).await
}

pub(super) async fn print(
    connection: &Connection,
    command: &LogsCommand,
    output: &mut dyn Write,
) -> Result<(), ClusterError> {
    let pods: Api<Pod> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let first = sources(&pods, command).await?;
    if first.is_empty() && !command.follow {
        return Err(ClusterError::NoPods(command.object.to_string()));
    }
    let (lines, mut printed) = mpsc::channel::<String>(QUEUE);
    let mut readers = JoinSet::new();
    let mut known = HashSet::new();
    let mut begin = |found: BTreeSet<Source>, readers: &mut JoinSet<()>, late: bool| {
        for source in found {
            if known.insert(source.clone()) {
                let parameters = parameters(command, &source, late);
                readers.spawn(read(pods.clone(), source, parameters, lines.clone()));
            }
        }
    };
    begin(first, &mut readers, false);
    let mut look = tokio::time::interval(LOOK);
    while command.follow || !readers.is_empty() {
        tokio::select! {
            // The sender above lives as long as this loop: there always is a line in the end.
            Some(line) = printed.recv() => writeln!(output, "{line}")?,
            Some(_) = readers.join_next() => {}
            _ = look.tick(), if command.follow => {
                // A list that fails now may work in two seconds.
                if let Ok(found) = sources(&pods, command).await {
                    begin(found, &mut readers, true);
                }
            }
        }
    }
    // Nobody writes any more; what is queued is printed.
    while let Ok(line) = printed.try_recv() {
        writeln!(output, "{line}")?;
    }
    Ok(())
}

fn parameters(command: &LogsCommand, source: &Source, late: bool) -> LogParams {
    LogParams {
        container: Some(source.container.clone()),
        follow: command.follow,
        previous: command.previous,
        // Of what began while following, everything.
        tail_lines: command.tail.filter(|_| !late),
        since_seconds: command.since.filter(|_| !late),
        ..LogParams::default()
    }
}

/// Containers of the part that have run.
async fn sources(pods: &Api<Pod>, command: &LogsCommand) -> Result<BTreeSet<Source>, ClusterError> {
    let object = &command.object;
    let selector = format!(
        "app.kubernetes.io/part-of=ngpool,app.kubernetes.io/instance={}",
        object.name
    );
    let list = pods
        .list(&ListParams::default().labels(&selector))
        .await
        .map_err(|source| ClusterError::Pods {
            what: object.to_string(),
            source,
        })?;
    let kind = object.kind.name().to_ascii_lowercase();
    let of_kind = |pod: &&Pod| {
        let component = pod
            .metadata
            .labels
            .as_ref()
            .and_then(|labels| labels.get("app.kubernetes.io/component"));
        component.is_some_and(|component| component.split('-').next() == Some(&kind))
    };
    let wanted = |container: &str| {
        command
            .container
            .as_ref()
            .is_none_or(|wanted| wanted == container)
    };
    Ok(list
        .items
        .iter()
        .filter(of_kind)
        .flat_map(containers)
        .filter(|source| wanted(&source.container))
        .collect())
}

fn containers(pod: &Pod) -> Vec<Source> {
    let Some(status) = &pod.status else {
        return Vec::new();
    };
    let name = pod.metadata.name.clone().unwrap_or_default();
    let init = status.init_container_statuses.iter().flatten();
    init.chain(status.container_statuses.iter().flatten())
        .filter(|container| {
            let state = container.state.as_ref();
            state.is_some_and(|state| state.running.is_some() || state.terminated.is_some())
                || container.restart_count > 0
        })
        .map(|container| Source {
            pod: name.clone(),
            run: container.restart_count,
            container: container.name.clone(),
        })
        .collect()
}

async fn read(pods: Api<Pod>, source: Source, parameters: LogParams, lines: mpsc::Sender<String>) {
    let Source { pod, container, .. } = &source;
    let prefix = format!("[{pod}/{container}]");
    let stream = match pods.log_stream(pod, &parameters).await {
        Ok(stream) => stream,
        // Without a run before, there is nothing to show of this one.
        Err(kube::Error::Api(status)) if status.code == 400 && parameters.previous => return,
        Err(error) => {
            let error = anyhow::Error::from(error);
            let _reader_gone = lines.send(format!("{prefix} (no logs: {error:#})")).await;
            return;
        }
    };
    let mut stream = stream.lines();
    loop {
        let (line, goes_on) = match stream.try_next().await {
            Ok(Some(line)) => (line, true),
            Ok(None) => return,
            Err(error) => (format!("(the logs broke off: {error})"), false),
        };
        let sent = lines.send(format!("{prefix} {line}")).await;
        if sent.is_err() || !goes_on {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use ngpool_crds::Kind;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_is_named_like_an_object_and_the_pool_by_its_kind() {
        assert_eq!(part("pool"), Ok(ObjectRef::new(Kind::Pool, "pool")));
        assert_eq!(
            part("sp/main"),
            Ok(ObjectRef::new(Kind::StratumPort, "main"))
        );
        assert!(part("main").is_err());
    }

    #[test]
    fn containers_that_have_not_run_yet_are_left_out() {
        let status = |name: &str, state: &str| {
            json!({
                "name": name, "image": "i", "imageID": "", "ready": false, "restartCount": 0,
                "state": {state: {"exitCode": 0}},
            })
        };
        let pod = json!({"metadata": {"name": "p"}, "status": {
            "initContainerStatuses": [status("wait", "terminated")],
            "containerStatuses": [status("daemon", "running"), status("side", "waiting")],
        }});
        let pod: Pod = serde_json::from_value(pod).unwrap();
        let found: Vec<String> = containers(&pod)
            .into_iter()
            .map(|it| it.container)
            .collect();
        assert_eq!(found, ["wait", "daemon"]);
    }
}
