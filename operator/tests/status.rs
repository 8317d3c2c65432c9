//! Statuses and events as the API server gets them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::{collections::BTreeMap, sync::Arc};

use http_body_util::BodyExt;
use kube::{Client, client::Body};
use ngpool_crds::{Kind, ObjectRef, Objects};
use ngpool_operator::{
    events::{Announcer, transitions},
    health::Reports,
    status::{Learnt, Outcome, Seen, Status, Writer, Written, draft},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tonic::codegen::http::{Request, Response};

/// An API server that notes every request and answers with one code.
#[derive(Clone, Default)]
struct Api(Arc<Mutex<Vec<(String, String, Value)>>>);

impl Api {
    fn client(&self, code: u16) -> Client {
        let requests = Arc::clone(&self.0);
        let service = tower::service_fn(move |request: Request<Body>| {
            let requests = Arc::clone(&requests);
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let body: Value = serde_json::from_slice(&body).unwrap();
                let place = parts.uri.to_string();
                requests
                    .lock()
                    .push((parts.method.to_string(), place, body.clone()));
                let answer = if code < 300 {
                    body
                } else {
                    json!({
                        "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
                        "message": "no", "reason": "no",
                    })
                };
                let answer = Body::from(serde_json::to_vec(&answer).unwrap());
                Ok::<_, std::convert::Infallible>(
                    Response::builder().status(code).body(answer).unwrap(),
                )
            }
        });
        Client::new(service, "default")
    }

    fn requests(&self) -> Vec<(String, String, Value)> {
        std::mem::take(&mut *self.0.lock())
    }
}

fn objects() -> Objects {
    let chain = json!({
        "apiVersion": "ngpool.io/v1alpha1", "kind": "Sharechain",
        "metadata": {"name": "main", "namespace": "mine", "uid": "u1", "generation": 4},
        "spec": {"algorithm": "scrypt", "method": {"prop": {}}},
    });
    let mut objects = Objects::default();
    let chain = serde_json::from_value(chain).unwrap();
    objects.sharechains.insert("main".to_owned(), chain);
    objects
}

fn chain() -> ObjectRef {
    ObjectRef::new(Kind::Sharechain, "main")
}

async fn write(writer: &Writer, objects: &Objects, stored: Option<Status>) -> Written {
    let seen = Seen::<()> {
        namespace: "mine",
        objects,
        deployments: &BTreeMap::new(),
        stateful_sets: &BTreeMap::new(),
        jobs: &BTreeMap::new(),
        cron_jobs: &BTreeMap::new(),
        services: &BTreeMap::new(),
        pods: &BTreeMap::new(),
        foreign_secrets: &BTreeMap::new(),
        reports: &Reports::new(),
    };
    let learnt = Learnt {
        outcome: Outcome::Applied,
        ..Learnt::default()
    };
    let drafted = draft(&seen, &chain(), &learnt).unwrap();
    let stored = stored.unwrap_or_else(|| Status::stored(objects, &chain()).unwrap());
    writer
        .write("mine", &chain(), "u1", stored, drafted)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_status_is_applied_by_its_own_manager_once() {
    let (api, objects) = (Api::default(), objects());
    let writer = Writer::new(api.client(200));
    let Written::Changed { before, after } = write(&writer, &objects, None).await else {
        panic!("nothing was written");
    };
    assert_eq!(before, []);
    let requests = api.requests();
    let [(method, place, body)] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(method, "PATCH");
    assert!(place.starts_with("/apis/ngpool.io/v1alpha1/namespaces/mine/sharechains/main/status?"));
    assert!(place.contains("fieldManager=ngpool-operator-status") && place.contains("force=true"));
    assert_eq!(
        body["metadata"],
        json!({"name": "main", "namespace": "mine", "uid": "u1"})
    );
    assert_eq!(body["status"]["observedGeneration"], 4);
    let ready = &body["status"]["conditions"][0];
    assert_eq!(ready["type"], "Ready");
    assert_eq!(ready["reason"], "PoolNotFound");

    // Whether the cache has caught up or not.
    assert_eq!(write(&writer, &objects, None).await, Written::Unchanged);
    let caught_up = Some(*after);
    assert_eq!(
        write(&writer, &objects, caught_up).await,
        Written::Unchanged
    );
    assert!(api.requests().is_empty());
}

#[tokio::test]
async fn an_object_that_is_gone_or_another_is_no_error() {
    for code in [404, 409] {
        let (api, objects) = (Api::default(), objects());
        let writer = Writer::new(api.client(code));
        assert_eq!(write(&writer, &objects, None).await, Written::Gone);
    }
}

#[tokio::test]
async fn a_transition_is_an_event_of_its_object() {
    let (api, objects) = (Api::default(), objects());
    let writer = Writer::new(api.client(200));
    let Written::Changed { before, after } = write(&writer, &objects, None).await else {
        panic!("nothing was written");
    };
    api.requests();
    let told = transitions(&before, after.conditions());
    let announcer = Announcer::new(api.client(200), Some("operator-0".to_owned()));
    announcer.tell("mine", &chain(), "u1", &told).await;
    let requests = api.requests();
    let [(method, place, event)] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(method, "POST");
    assert!(place.starts_with("/apis/events.k8s.io/v1/namespaces/mine/events"));
    assert_eq!(event["type"], "Warning");
    assert_eq!(event["reason"], "PoolNotFound");
    assert_eq!(event["regarding"]["kind"], "Sharechain");
    assert_eq!(event["regarding"]["uid"], "u1");
    assert_eq!(event["reportingController"], "ngpool-operator");
    assert_eq!(event["reportingInstance"], "operator-0");
    assert!(
        event["note"]
            .as_str()
            .unwrap()
            .starts_with("There is no Pool")
    );
}
