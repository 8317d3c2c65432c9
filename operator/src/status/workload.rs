//! How far a workload is, and what is wrong with its pods.

use k8s_openapi::api::{
    apps::v1::{Deployment, StatefulSet},
    core::v1::{ContainerStateTerminated, ContainerStatus, Pod},
};

/// How far the pods of a workload are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pods that are wanted.
    pub wanted: i32,
    /// Pods there are.
    pub all: i32,
    /// Pods that run what is wanted now.
    pub updated: i32,
    /// Pods that are ready.
    pub ready: i32,
    /// Whether the cluster has seen the latest change at all.
    pub observed: bool,
}

impl Progress {
    /// Of a Deployment.
    pub fn of_deployment(deployment: &Deployment) -> Self {
        let status = deployment.status.clone().unwrap_or_default();
        Self {
            wanted: deployment
                .spec
                .as_ref()
                .and_then(|spec| spec.replicas)
                .unwrap_or(1),
            all: status.replicas.unwrap_or_default(),
            updated: status.updated_replicas.unwrap_or_default(),
            ready: status.ready_replicas.unwrap_or_default(),
            observed: status.observed_generation >= deployment.metadata.generation,
        }
    }

    /// Of a StatefulSet.
    pub fn of_stateful_set(set: &StatefulSet) -> Self {
        let status = set.status.clone().unwrap_or_default();
        Self {
            wanted: set
                .spec
                .as_ref()
                .and_then(|spec| spec.replicas)
                .unwrap_or(1),
            all: status.replicas,
            updated: status.updated_replicas.unwrap_or(status.replicas),
            ready: status.ready_replicas.unwrap_or_default(),
            observed: status.observed_generation >= set.metadata.generation,
        }
    }

    /// Whether pods are still to be made, replaced or taken away. A pod that is there and not ready
    /// is the business of its own condition.
    pub const fn is_rolling(&self) -> bool {
        !self.observed || self.updated < self.wanted || self.all > self.wanted
    }
}

/// What keeps a pod from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// One word for programs.
    pub reason: &'static str,
    /// What is wrong, and the way out.
    pub message: String,
}

/// The first thing that keeps one of the pods from running: nothing of the programs' own word, which
/// they give when they run.
pub fn trouble<'a>(pods: impl IntoIterator<Item = &'a Pod>) -> Option<Trouble> {
    pods.into_iter()
        .filter(|pod| pod.metadata.deletion_timestamp.is_none())
        .find_map(|pod| {
            let name = pod.metadata.name.as_deref().unwrap_or_default();
            unschedulable(pod, name).or_else(|| containers(pod, name))
        })
}

/// Why a Deployment can make no pod, such as a quota or an admission policy.
pub(super) fn failure(deployment: &Deployment) -> Option<String> {
    let conditions = deployment.status.as_ref()?.conditions.as_ref()?;
    let failed = conditions
        .iter()
        .find(|one| one.type_ == "ReplicaFailure" && one.status == "True")?;
    let why = failed.message.as_deref().unwrap_or("no reason given");
    Some(format!("no pod can be made: {why}"))
}

fn unschedulable(pod: &Pod, name: &str) -> Option<Trouble> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let scheduled = conditions
        .iter()
        .find(|one| one.type_ == "PodScheduled" && one.status == "False")?;
    if scheduled.reason.as_deref() != Some("Unschedulable") {
        return None;
    }
    let why = scheduled.message.as_deref().unwrap_or("no machine fits");
    Some(Trouble {
        reason: "Unschedulable",
        message: format!("pod {name} finds no machine: {why}"),
    })
}

fn containers(pod: &Pod, name: &str) -> Option<Trouble> {
    all_containers(pod).find_map(|container| {
        waiting(container, name).or_else(|| {
            // One that was started again and is not ready may end the same way: its reason does not
            // come and go with every start.
            (!container.ready).then(|| crash(container, name)).flatten()
        })
    })
}

/// A container of one of the pods that has ended badly, whether it runs again or not: for programs
/// that cannot say themselves when they are ready.
pub(super) fn crashed<'a>(
    pods: impl IntoIterator<Item = &'a Pod>,
    container: &str,
) -> Option<Trouble> {
    pods.into_iter()
        .filter(|pod| pod.metadata.deletion_timestamp.is_none())
        .find_map(|pod| {
            let name = pod.metadata.name.as_deref().unwrap_or_default();
            all_containers(pod)
                .filter(|one| one.name == container)
                .find_map(|one| crash(one, name))
        })
}

fn all_containers(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    let status = pod.status.as_ref();
    let init = status.and_then(|status| status.init_container_statuses.as_ref());
    let main = status.and_then(|status| status.container_statuses.as_ref());
    init.into_iter().chain(main).flatten()
}

/// How a container ended last, if badly.
pub(super) fn bad_end(container: &ContainerStatus) -> Option<&ContainerStateTerminated> {
    [container.state.as_ref(), container.last_state.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|state| state.terminated.as_ref())
        .find(|ended| ended.exit_code != 0)
}

fn crash(container: &ContainerStatus, pod: &str) -> Option<Trouble> {
    let ended = bad_end(container)?;
    let said = ended.message.as_deref().map(str::trim).unwrap_or_default();
    let word = ended.reason.as_deref().unwrap_or("Error");
    let said = if said.is_empty() {
        String::new()
    } else {
        format!(": {said}")
    };
    Some(Trouble {
        reason: "CrashLoop",
        message: format!(
            "container {name} of pod {pod} ended ({word}, exit code {}{said}) and was started again \
             {} times; see `kubectl logs {pod} -c {name} --previous`",
            ended.exit_code,
            container.restart_count,
            name = container.name
        ),
    })
}

fn waiting(container: &ContainerStatus, pod: &str) -> Option<Trouble> {
    let state = container.state.as_ref()?.waiting.as_ref()?;
    let why = state.message.as_deref().unwrap_or_default();
    let place = format!("container {} of pod {pod}", container.name);
    let (reason, message) = match state.reason.as_deref()? {
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => (
            "ImagePullFailed",
            format!(
                "{place} cannot get its image {}: {why}; correct the image or spec.images of the Pool",
                container.image
            ),
        ),
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => (
            "ContainerRefused",
            format!("{place} cannot be started: {why}"),
        ),
        _ => return None,
    };
    Some(Trouble { reason, message })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(status: &serde_json::Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p"}, "status": status})).unwrap()
    }

    fn waits(reason: &str) -> serde_json::Value {
        json!({"containerStatuses": [{
            "name": "main", "image": "i:1", "imageID": "", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": reason, "message": "m"}},
            "lastState": {"terminated": {"exitCode": 2, "reason": "Error", "message": "no space\n"}},
        }]})
    }

    #[test]
    fn what_keeps_a_pod_from_running_is_told_with_a_reason() {
        for (status, reason, part) in [
            (
                waits("ImagePullBackOff"),
                "ImagePullFailed",
                "its image i:1: m",
            ),
            (
                waits("CreateContainerConfigError"),
                "ContainerRefused",
                "cannot be started: m",
            ),
            (
                waits("CrashLoopBackOff"),
                "CrashLoop",
                "(Error, exit code 2: no space)",
            ),
            (
                json!({"conditions": [{
                    "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                    "message": "0/3 nodes are available",
                }]}),
                "Unschedulable",
                "0/3 nodes are available",
            ),
        ] {
            let trouble = trouble([&pod(&status)]).unwrap();
            assert_eq!(trouble.reason, reason);
            assert!(trouble.message.contains(part), "{}", trouble.message);
        }
    }

    #[test]
    fn a_container_that_runs_again_and_is_not_ready_is_still_in_trouble() {
        let again = |ready: bool| {
            let mut status = waits("CrashLoopBackOff");
            let container = &mut status["containerStatuses"][0];
            container["state"] = json!({"running": {}});
            container["ready"] = json!(ready);
            pod(&status)
        };
        assert_eq!(
            trouble([&again(false)]),
            trouble([&pod(&waits("CrashLoopBackOff"))])
        );
        assert_eq!(trouble([&again(true)]), None);
        assert_eq!(crashed([&again(true)], "main"), trouble([&again(false)]));
        assert_eq!(crashed([&again(true)], "other"), None);
    }

    #[test]
    fn a_pod_that_starts_is_no_trouble() {
        let first = |reason: &str| {
            let mut status = waits(reason);
            status["containerStatuses"][0]["lastState"] = json!({});
            status
        };
        for status in [
            first("ContainerCreating"),
            first("PodInitializing"),
            json!({}),
        ] {
            assert_eq!(trouble([&pod(&status)]), None);
        }
    }

    #[test]
    fn a_deployment_rolls_until_every_pod_is_the_new_one() {
        let of = |status: serde_json::Value| {
            let deployment = serde_json::from_value(json!({
                "metadata": {"generation": 2}, "spec": {
                    "replicas": 2, "selector": {}, "template": {}
                }, "status": status,
            }))
            .unwrap();
            Progress::of_deployment(&deployment).is_rolling()
        };
        assert!(of(json!({})));
        assert!(of(
            json!({"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2})
        ));
        assert!(of(
            json!({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 2})
        ));
        assert!(of(
            json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 1})
        ));
        assert!(!of(
            json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2})
        ));
    }
}
