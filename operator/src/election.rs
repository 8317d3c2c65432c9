//! Which of several operators acts: the one whose name is in a Lease.
//!
//! ```text
//!  wait ──▶ the Lease is free, or was not renewed for its duration ──▶ acts, renews every 5 s
//!                                         not renewed for 10 s ──▶ lost: the process ends
//! ```
//!
//! Another's clock is never read: a Lease is old when this process has seen no change of it for as
//! long as it says. One that acts stops 5 s before anybody may take its place. Every write carries
//! the resource version that was read, so of two that try at once one is refused.

use std::time::Duration;

use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
    jiff::Timestamp,
};
use kube::{Api, Client, api::PostParams, core::ObjectMeta};
use tokio::time::{Instant, sleep, timeout};

use crate::names::FIELD_MANAGER;

/// Nobody takes a Lease that was renewed within this.
const DURATION: Duration = Duration::from_secs(15);
/// One that could not renew for this long has lost, well before another may begin.
const GIVEN_UP: Duration = Duration::from_secs(10);
/// Time between two renewals.
const RENEWAL: Duration = Duration::from_secs(5);
/// Time between two tries.
const RETRY: Duration = Duration::from_secs(1);

/// One who wants to act.
#[derive(Clone)]
pub struct Candidate {
    api: Api<Lease>,
    name: String,
    identity: String,
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate")
            .field("name", &self.name)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// The Lease as it was when it changed last, and when that was seen.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    version: Option<String>,
    at: Instant,
}

/// What a candidate may do with a Lease.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// Put its name there.
    Take,
    /// Look again later: it is another's.
    Wait,
}

impl Candidate {
    /// A candidate for a Lease. The identity is that of the pod, so that a container that starts
    /// again in it has the Lease at once.
    pub fn new(client: Client, namespace: &str, name: String, identity: String) -> Self {
        Self {
            api: Api::namespaced(client, namespace),
            name,
            identity,
        }
    }

    /// Waits until the Lease is this candidate's.
    pub async fn win(&self) -> Lead {
        let mut seen: Option<Seen> = None;
        let mut holder = String::new();
        loop {
            match timeout(GIVEN_UP, self.try_once(&mut seen)).await {
                Ok(Ok(Ok(lease))) => {
                    tracing::info!(
                        lease = self.name,
                        identity = self.identity,
                        "this operator acts"
                    );
                    return Lead {
                        candidate: self.clone(),
                        lease,
                        renewed: Instant::now(),
                    };
                }
                Ok(Ok(Err(other))) if other != holder => {
                    tracing::info!(
                        lease = self.name,
                        holder = other,
                        "another operator acts, this one waits"
                    );
                    holder = other;
                }
                Ok(Ok(Err(_))) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, lease = self.name, "the Lease cannot be had");
                }
                Err(_) => tracing::warn!(lease = self.name, "no answer about the Lease"),
            }
            sleep(RETRY).await;
        }
    }

    /// The Lease, when it is ours now, else its holder.
    async fn try_once(&self, seen: &mut Option<Seen>) -> kube::Result<Result<Lease, String>> {
        let Some(lease) = self.api.get_opt(&self.name).await? else {
            let lease = Lease {
                metadata: ObjectMeta {
                    name: Some(self.name.clone()),
                    ..ObjectMeta::default()
                },
                spec: Some(self.spec(None)),
            };
            let lease = self.api.create(&parameters(), &lease).await?;
            return Ok(Ok(lease));
        };
        if self.turn(&lease, seen, Instant::now()) == Turn::Wait {
            return Ok(Err(holder(&lease).unwrap_or_default().to_owned()));
        }
        let mut next = lease;
        next.spec = Some(self.spec(next.spec.as_ref()));
        match self.api.replace(&self.name, &parameters(), &next).await {
            Ok(lease) => Ok(Ok(lease)),
            // Another was faster.
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(Err(String::new())),
            Err(error) => Err(error),
        }
    }

    fn turn(&self, lease: &Lease, seen: &mut Option<Seen>, now: Instant) -> Turn {
        let version = lease.metadata.resource_version.clone();
        if seen.as_ref().is_none_or(|seen| seen.version != version) {
            *seen = Some(Seen { version, at: now });
        }
        let unchanged = seen.as_ref().map_or(Duration::ZERO, |seen| now - seen.at);
        let seconds = lease
            .spec
            .as_ref()
            .and_then(|spec| spec.lease_duration_seconds)
            .and_then(|seconds| u64::try_from(seconds).ok());
        let duration = seconds.map_or(DURATION, Duration::from_secs);
        match holder(lease) {
            Some(holder) if holder != self.identity && unchanged < duration => Turn::Wait,
            _ => Turn::Take,
        }
    }

    fn spec(&self, before: Option<&LeaseSpec>) -> LeaseSpec {
        let now = Some(MicroTime(Timestamp::now()));
        let before = before.cloned().unwrap_or_default();
        let transitions = before.lease_transitions.unwrap_or(0);
        let same = before.holder_identity.as_deref() == Some(&self.identity);
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            // 15 fits.
            lease_duration_seconds: i32::try_from(DURATION.as_secs()).ok(),
            acquire_time: if same {
                before.acquire_time
            } else {
                now.clone()
            },
            renew_time: now,
            lease_transitions: Some(if same {
                transitions
            } else {
                transitions.saturating_add(1)
            }),
            ..LeaseSpec::default()
        }
    }
}

/// The Lease is ours as long as this renews it.
#[derive(Debug)]
pub struct Lead {
    candidate: Candidate,
    lease: Lease,
    renewed: Instant,
}

impl Lead {
    /// Renews the Lease until it is lost, and says why it was.
    pub async fn keep(&mut self) -> String {
        loop {
            sleep(RENEWAL).await;
            if let Err(why) = self.renew().await {
                return why;
            }
        }
    }

    async fn renew(&mut self) -> Result<(), String> {
        let end = self.renewed + GIVEN_UP;
        loop {
            let began = Instant::now();
            match tokio::time::timeout_at(end, self.renew_once()).await {
                Ok(Ok(lease)) => {
                    self.lease = lease;
                    self.renewed = began;
                    return Ok(());
                }
                Ok(Err(RenewError::Taken(holder))) => return Err(format!("{holder} acts now")),
                Ok(Err(RenewError::Failed(error))) => {
                    tracing::warn!(%error, "the Lease could not be renewed");
                }
                Err(_) => return Err("the API server did not answer in time".to_owned()),
            }
            sleep(RETRY).await;
            if Instant::now() >= end {
                return Err("the Lease could not be renewed in time".to_owned());
            }
        }
    }

    async fn renew_once(&self) -> Result<Lease, RenewError> {
        let candidate = &self.candidate;
        let mut next = self.lease.clone();
        next.spec = Some(candidate.spec(next.spec.as_ref()));
        let api = &candidate.api;
        let error = match api.replace(&candidate.name, &parameters(), &next).await {
            Ok(lease) => return Ok(lease),
            Err(error) => error,
        };
        if !matches!(&error, kube::Error::Api(status) if status.code == 409 || status.code == 404) {
            return Err(RenewError::Failed(error));
        }
        // Somebody wrote in between, or an earlier try of ours arrived though its answer did not.
        let now = api
            .get_opt(&candidate.name)
            .await
            .map_err(RenewError::Failed)?;
        let Some(mut now) = now else {
            next.metadata = ObjectMeta {
                name: Some(candidate.name.clone()),
                ..ObjectMeta::default()
            };
            let created = api.create(&parameters(), &next).await;
            return created.map_err(RenewError::Failed);
        };
        match holder(&now) {
            Some(holder) if holder == candidate.identity => {
                now.spec = Some(candidate.spec(now.spec.as_ref()));
                let replaced = api.replace(&candidate.name, &parameters(), &now).await;
                replaced.map_err(RenewError::Failed)
            }
            holder => Err(RenewError::Taken(holder.unwrap_or("nobody").to_owned())),
        }
    }

    /// Gives the Lease back, so that the next need not wait. One that cannot is waited for.
    pub async fn give_back(self) {
        let mut lease = self.lease;
        if let Some(spec) = &mut lease.spec {
            spec.holder_identity = None;
        }
        let api = &self.candidate.api;
        let parameters = parameters();
        let given = api.replace(&self.candidate.name, &parameters, &lease);
        match timeout(RENEWAL, given).await {
            Ok(Ok(_)) => tracing::info!("the Lease is given back"),
            Ok(Err(error)) => tracing::warn!(%error, "the Lease could not be given back"),
            Err(_) => tracing::warn!("no answer while the Lease was given back"),
        }
    }
}

enum RenewError {
    Taken(String),
    Failed(kube::Error),
}

fn parameters() -> PostParams {
    PostParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PostParams::default()
    }
}

/// Whose a Lease is.
fn holder(lease: &Lease) -> Option<&str> {
    let spec = lease.spec.as_ref()?;
    spec.holder_identity
        .as_deref()
        .filter(|holder| !holder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate() -> Candidate {
        let nobody = tower::service_fn(|_: axum::http::Request<kube::client::Body>| async {
            Ok::<_, std::convert::Infallible>(
                axum::http::Response::new(kube::client::Body::empty()),
            )
        });
        Candidate::new(
            Client::new(nobody, "a"),
            "a",
            "lease".to_owned(),
            "us".to_owned(),
        )
    }

    fn lease(holder: Option<&str>, version: &str) -> Lease {
        Lease {
            metadata: ObjectMeta {
                resource_version: Some(version.to_owned()),
                ..ObjectMeta::default()
            },
            spec: Some(LeaseSpec {
                holder_identity: holder.map(str::to_owned),
                lease_duration_seconds: Some(15),
                lease_transitions: Some(3),
                ..LeaseSpec::default()
            }),
        }
    }

    #[tokio::test]
    async fn a_free_lease_and_ones_own_are_taken_at_once() {
        let now = Instant::now();
        for holder in [None, Some(""), Some("us")] {
            let turn = candidate().turn(&lease(holder, "1"), &mut None, now);
            assert_eq!(turn, Turn::Take, "{holder:?}");
        }
    }

    #[tokio::test]
    async fn anothers_lease_is_taken_only_after_no_change_was_seen_for_its_duration() {
        let (candidate, start) = (candidate(), Instant::now());
        let mut seen = None;
        let mut at = |seconds, version| {
            let lease = lease(Some("them"), version);
            candidate.turn(&lease, &mut seen, start + Duration::from_secs(seconds))
        };
        assert_eq!(at(0, "1"), Turn::Wait);
        assert_eq!(at(14, "1"), Turn::Wait);
        // Renewed just now: the wait begins anew, whatever its clock says.
        assert_eq!(at(16, "2"), Turn::Wait);
        assert_eq!(at(30, "2"), Turn::Wait);
        assert_eq!(at(31, "2"), Turn::Take);
    }

    #[tokio::test]
    async fn a_change_of_the_holder_is_counted_and_a_renewal_is_not() {
        let candidate = candidate();
        let taken = candidate.spec(lease(Some("them"), "1").spec.as_ref());
        assert_eq!(taken.lease_transitions, Some(4));
        let renewed = candidate.spec(Some(&taken));
        assert_eq!(renewed.lease_transitions, Some(4));
        assert_eq!(renewed.acquire_time, taken.acquire_time);
    }

    // One that acts has to stop before another may begin.
    const _: () = assert!(GIVEN_UP.as_secs() + RENEWAL.as_secs() <= DURATION.as_secs());
}
