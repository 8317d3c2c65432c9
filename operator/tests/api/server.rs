//! An API server in memory: objects, lists, watches, server-side apply as far as the operator needs
//! it, a note of every write, and faults on demand.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::Arc,
};

use axum::body::Body as Answer;
use futures::StreamExt;
use http_body_util::BodyExt;
use kube::{Client, client::Body};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::watch;
use tonic::codegen::{
    Bytes,
    http::{Request, Response, StatusCode},
};

/// Where an object is: `group/version`, plural, namespace, name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    api: String,
    plural: String,
    namespace: String,
    name: String,
}

/// Something that was asked for and changes something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Write {
    pub(crate) method: String,
    /// Such as `deployments/stratumport-main` or `pools/pool/status`.
    pub(crate) what: String,
    pub(crate) body: Value,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Method, or `WATCH` or `LIST`.
    pub(crate) method: &'static str,
    /// What the path of the request ends with, before its query.
    pub(crate) path: String,
    /// The status code; 0 is a connection that breaks.
    pub(crate) code: u16,
    /// How often it still happens.
    pub(crate) times: usize,
}

#[derive(Debug, Clone)]
struct Change {
    version: u64,
    kind: &'static str,
    place: Place,
    object: Value,
}

#[derive(Default)]
struct State {
    version: u64,
    objects: BTreeMap<Place, Value>,
    changes: Vec<Change>,
    /// Watches that begin at an older version are told that it is gone.
    compacted: u64,
    applied: HashMap<(Place, String), Value>,
    writes: Vec<Write>,
    reads: usize,
    faults: Vec<Fault>,
}

/// The API server; clones are the same one.
#[derive(Clone)]
pub(crate) struct Server {
    state: Arc<Mutex<State>>,
    news: watch::Sender<u64>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            state: Arc::default(),
            news: watch::channel(0).0,
        }
    }

    pub(crate) fn client(&self) -> Client {
        let server = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let server = server.clone();
            async move { server.serve(request).await }
        });
        Client::new(service, "default")
    }

    /// Writes since the last call, without the Lease's.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let mut writes = std::mem::take(&mut self.state.lock().writes);
        writes.retain(|write| !write.what.starts_with("leases/"));
        writes
    }

    /// Requests so far that read one object or a list.
    pub(crate) fn reads(&self) -> usize {
        self.state.lock().reads
    }

    pub(crate) fn fault(&self, method: &'static str, path: &str, code: u16, times: usize) {
        self.state.lock().faults.push(Fault {
            method,
            path: path.to_owned(),
            code,
            times,
        });
    }

    pub(crate) fn heal(&self) {
        self.state.lock().faults.clear();
    }

    /// Every watch ends, and what was missed meanwhile cannot be had.
    pub(crate) fn compact(&self) {
        let mut state = self.state.lock();
        state.version += 1;
        state.compacted = state.version;
        state.changes.clear();
        self.news.send_replace(state.version);
    }

    /// Puts an object as a user or a controller would; status and spec are what is given.
    pub(crate) fn put(&self, api: &str, plural: &str, object: Value) {
        let place = place(api, plural, &object);
        self.state.lock().store(&place, object);
        self.tell();
    }

    /// Changes an object in place.
    pub(crate) fn edit(&self, plural: &str, name: &str, change: impl FnOnce(&mut Value)) {
        let mut state = self.state.lock();
        let found = state
            .objects
            .iter()
            .find(|(place, _)| place.plural == plural && place.name == name);
        let (place, mut object) = found.map_or_else(
            || panic!("no {plural}/{name}"),
            |(place, object)| (place.clone(), object.clone()),
        );
        change(&mut object);
        state.store(&place, object);
        drop(state);
        self.tell();
    }

    pub(crate) fn get(&self, plural: &str, name: &str) -> Option<Value> {
        let state = self.state.lock();
        let mut all = state.objects.iter();
        all.find(|(place, _)| place.plural == plural && place.name == name)
            .map(|(_, object)| object.clone())
    }

    pub(crate) fn names(&self, plural: &str) -> Vec<String> {
        let state = self.state.lock();
        let all = state.objects.keys();
        all.filter(|place| place.plural == plural)
            .map(|place| place.name.clone())
            .collect()
    }

    /// Deletes an object as a user or a controller would.
    pub(crate) fn delete(&self, plural: &str, name: &str) {
        let mut state = self.state.lock();
        let found = state
            .objects
            .keys()
            .find(|place| place.plural == plural && place.name == name);
        let Some(place) = found.cloned() else {
            panic!("no {plural}/{name}");
        };
        let object = state.objects.remove(&place).unwrap_or_default();
        state.version += 1;
        state.note("DELETED", &place, object);
        drop(state);
        self.tell();
    }

    /// Removes an object without a word to the watches, as if its event were lost by a compaction.
    pub(crate) fn vanish(&self, plural: &str, name: &str) {
        let mut state = self.state.lock();
        state
            .objects
            .retain(|place, _| place.plural != plural || place.name != name);
    }

    fn tell(&self) {
        self.news.send_replace(self.state.lock().version);
    }

    async fn serve(&self, request: Request<Body>) -> Result<Response<Answer>, std::io::Error> {
        let (parts, body) = request.into_parts();
        let method = parts.method.to_string();
        let query: HashMap<String, String> = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| {
                (
                    key.to_owned(),
                    value.replace("%2F", "/").replace("%3D", "="),
                )
            })
            .collect();
        let path = parts.uri.path().to_owned();
        let path = Path::parse(&path).unwrap_or_else(|| panic!("a path unknown here: {path}"));
        let watches = query.get("watch").is_some_and(|value| value == "true");
        let verb = match (method.as_str(), &path.name) {
            ("GET", None) if watches => "WATCH",
            ("GET", None) => "LIST",
            (other, _) => other,
        };
        if let Some(code) = self.faulty(verb, parts.uri.path()) {
            if code == 0 {
                return Err(std::io::ErrorKind::ConnectionReset.into());
            }
            return Ok(failure(code));
        }
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => panic!("a body that cannot be read: {error}"),
        };
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if verb == "WATCH" {
            return Ok(self.watch(&path, &query));
        }
        let accept = parts.headers.get("accept").and_then(|it| it.to_str().ok());
        let metadata_only = accept.is_some_and(|accept| accept.contains("PartialObjectMetadata"));
        let merge = parts
            .headers
            .get("content-type")
            .is_some_and(|it| it == "application/merge-patch+json");
        let result = {
            let mut state = self.state.lock();
            match verb {
                "LIST" | "GET" => state.reads += 1,
                _ => state.writes.push(Write {
                    method: method.clone(),
                    what: path.what(),
                    body: body.clone(),
                }),
            }
            match verb {
                "LIST" => Ok(state.list(&path, &query)),
                "GET" => state.read(&path, metadata_only),
                "POST" => state.create(&path, body),
                "PUT" => state.replace(&path, body),
                "PATCH" if merge => state.merge(&path, &body),
                "PATCH" => state.apply(&path, &query, body),
                "DELETE" => state.delete(&path, &body),
                other => panic!("{other} is unknown here"),
            }
        };
        self.tell();
        Ok(match result {
            Ok(value) => answer(200, &value),
            Err(code) => failure(code),
        })
    }

    fn faulty(&self, verb: &str, path: &str) -> Option<u16> {
        let mut state = self.state.lock();
        let fault = state
            .faults
            .iter_mut()
            .find(|fault| fault.method == verb && path.ends_with(&fault.path) && fault.times > 0)?;
        fault.times -= 1;
        Some(fault.code)
    }

    fn watch(&self, path: &Path, query: &HashMap<String, String>) -> Response<Answer> {
        let from: u64 = query
            .get("resourceVersion")
            .and_then(|version| version.parse().ok())
            .unwrap_or(0);
        let selector = query.get("labelSelector").cloned();
        let (server, path) = (self.clone(), path.clone());
        let begin = (from, self.news.subscribe(), false);
        let stream = futures::stream::unfold(begin, move |(from, mut news, over)| {
            let (server, path, selector) = (server.clone(), path.clone(), selector.clone());
            async move {
                if over {
                    return None;
                }
                loop {
                    news.borrow_and_update();
                    if let Some((text, next, over)) = server.next(&path, selector.as_deref(), from)
                    {
                        return Some((text, (next, news, over)));
                    }
                    if news.changed().await.is_err() {
                        return None;
                    }
                }
            }
        });
        let lines = stream.map(|text| Ok::<_, Infallible>(Bytes::from(text)));
        Response::new(Answer::from_stream(lines))
    }

    /// The lines of a watch after a version, the version they reach, and whether it ends with them.
    fn next(&self, path: &Path, selector: Option<&str>, from: u64) -> Option<(String, u64, bool)> {
        let state = self.state.lock();
        if from < state.compacted {
            let error = status(410);
            return Some((
                format!("{}\n", json!({"type": "ERROR", "object": error})),
                from,
                true,
            ));
        }
        let mut text = String::new();
        let mut reached = from;
        for change in &state.changes {
            if change.version <= from || !path.holds(&change.place) {
                continue;
            }
            reached = change.version;
            if selects(selector, &change.object) {
                let line = json!({"type": change.kind, "object": change.object});
                text.push_str(&line.to_string());
                text.push('\n');
            }
        }
        (!text.is_empty()).then_some((text, reached, false))
    }
}

impl State {
    #[allow(
        clippy::single_match_else,
        reason = "changing and making are two answers of one length"
    )]
    fn store(&mut self, place: &Place, mut object: Value) -> Value {
        let before = self.objects.get(place).cloned();
        let metadata = &mut object["metadata"];
        if metadata["namespace"].is_null() {
            metadata["namespace"] = place.namespace.clone().into();
        }
        match &before {
            Some(before) => {
                metadata["uid"] = before["metadata"]["uid"].clone();
                metadata["generation"] = before["metadata"]["generation"].clone();
                metadata["resourceVersion"] = before["metadata"]["resourceVersion"].clone();
                if object == *before {
                    return object;
                }
                if object["spec"] != before["spec"] {
                    let generation = before["metadata"]["generation"].as_i64().unwrap_or(1);
                    object["metadata"]["generation"] = (generation + 1).into();
                }
            }
            None => {
                metadata["uid"] = format!("uid-{}", self.version + 1).into();
                metadata["generation"] = 1.into();
            }
        }
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        self.objects.insert(place.clone(), object.clone());
        let kind = if before.is_some() {
            "MODIFIED"
        } else {
            "ADDED"
        };
        self.note(kind, place, object.clone());
        object
    }

    fn note(&mut self, kind: &'static str, place: &Place, object: Value) {
        self.changes.push(Change {
            version: self.version,
            kind,
            place: place.clone(),
            object,
        });
    }

    fn list(&self, path: &Path, query: &HashMap<String, String>) -> Value {
        let selector = query.get("labelSelector").map(String::as_str);
        let items: Vec<&Value> = self
            .objects
            .iter()
            .filter(|(place, object)| path.holds(place) && selects(selector, object))
            .map(|(_, object)| object)
            .collect();
        json!({
            "kind": "List", "apiVersion": path.api, "items": items,
            "metadata": {"resourceVersion": self.version.to_string()},
        })
    }

    fn read(&self, path: &Path, metadata_only: bool) -> Result<Value, u16> {
        let object = self.objects.get(&path.place()).ok_or(404u16)?;
        Ok(if metadata_only {
            json!({
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": object["metadata"],
            })
        } else {
            object.clone()
        })
    }

    fn create(&mut self, path: &Path, object: Value) -> Result<Value, u16> {
        let mut place = path.place();
        object["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut place.name);
        if self.objects.contains_key(&place) {
            return Err(409);
        }
        Ok(self.store(&place, object))
    }

    fn replace(&mut self, path: &Path, object: Value) -> Result<Value, u16> {
        let place = path.place();
        let before = self.objects.get(&place).ok_or(404u16)?;
        let version = &object["metadata"]["resourceVersion"];
        if !version.is_null() && *version != before["metadata"]["resourceVersion"] {
            return Err(409);
        }
        Ok(self.store(&place, object))
    }

    fn merge(&mut self, path: &Path, patch: &Value) -> Result<Value, u16> {
        let place = path.place();
        let mut object = self.objects.get(&place).ok_or(404u16)?.clone();
        merge(&mut object, patch);
        Ok(self.store(&place, object))
    }

    fn apply(
        &mut self,
        path: &Path,
        query: &HashMap<String, String>,
        patch: Value,
    ) -> Result<Value, u16> {
        let place = path.place();
        let before = self.objects.get(&place).cloned();
        if path.sub.is_some() && before.is_none() {
            return Err(404);
        }
        let uid = &patch["metadata"]["uid"];
        if !uid.is_null()
            && before
                .as_ref()
                .is_none_or(|it| it["metadata"]["uid"] != *uid)
        {
            return Err(409);
        }
        let mut object = before
            .unwrap_or_else(|| json!({"apiVersion": patch["apiVersion"], "kind": patch["kind"]}));
        let manager = query.get("fieldManager").cloned().unwrap_or_default();
        let key = (place.clone(), manager);
        if let Some(earlier) = self.applied.get(&key) {
            remove(&mut object, earlier, &patch);
        }
        merge(&mut object, &patch);
        self.applied.insert(key, patch);
        Ok(self.store(&place, object))
    }

    fn delete(&mut self, path: &Path, options: &Value) -> Result<Value, u16> {
        let place = path.place();
        let object = self.objects.get(&place).ok_or(404u16)?.clone();
        let uid = &options["preconditions"]["uid"];
        if !uid.is_null() && *uid != object["metadata"]["uid"] {
            return Err(409);
        }
        self.objects.remove(&place);
        self.version += 1;
        self.note("DELETED", &place, object.clone());
        Ok(object)
    }
}

/// Where a request goes.
#[derive(Debug, Clone)]
struct Path {
    api: String,
    plural: String,
    namespace: Option<String>,
    name: Option<String>,
    sub: Option<String>,
}

impl Path {
    fn parse(path: &str) -> Option<Self> {
        let mut words = path.split('/').filter(|word| !word.is_empty());
        let api = match words.next()? {
            "api" => words.next()?.to_owned(),
            "apis" => format!("{}/{}", words.next()?, words.next()?),
            _ => return None,
        };
        let mut next = words.next()?;
        let mut namespace = None;
        if next == "namespaces" {
            namespace = Some(words.next()?.to_owned());
            next = words.next()?;
        }
        Some(Self {
            api,
            plural: next.to_owned(),
            namespace,
            name: words.next().map(str::to_owned),
            sub: words.next().map(str::to_owned),
        })
    }

    fn holds(&self, place: &Place) -> bool {
        let namespace = self.namespace.as_ref();
        place.api == self.api
            && place.plural == self.plural
            && namespace.is_none_or(|namespace| *namespace == place.namespace)
    }

    fn place(&self) -> Place {
        Place {
            api: self.api.clone(),
            plural: self.plural.clone(),
            namespace: self.namespace.clone().unwrap_or_default(),
            name: self.name.clone().unwrap_or_default(),
        }
    }

    fn what(&self) -> String {
        let words = [Some(&self.plural), self.name.as_ref(), self.sub.as_ref()];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        words.join("/")
    }
}

fn place(api: &str, plural: &str, object: &Value) -> Place {
    let text = |key: &str| {
        object["metadata"][key]
            .as_str()
            .unwrap_or("default")
            .to_owned()
    };
    Place {
        api: api.to_owned(),
        plural: plural.to_owned(),
        namespace: text("namespace"),
        name: text("name"),
    }
}

fn selects(selector: Option<&str>, object: &Value) -> bool {
    let Some((key, value)) = selector.and_then(|selector| selector.split_once('=')) else {
        return true;
    };
    object["metadata"]["labels"][key] == value
}

fn merge(object: &mut Value, patch: &Value) {
    match (object, patch) {
        (Value::Object(object), Value::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    object.remove(key);
                } else {
                    merge(object.entry(key.clone()).or_insert(Value::Null), value);
                }
            }
        }
        (object, patch) => *object = patch.clone(),
    }
}

/// Removes what was applied earlier and is applied no more. What has another value since is another
/// manager's.
fn remove(object: &mut Value, earlier: &Value, now: &Value) {
    let (Some(object), Some(earlier)) = (object.as_object_mut(), earlier.as_object()) else {
        return;
    };
    for (key, earlier) in earlier {
        match now.get(key) {
            None if object.get(key) == Some(earlier) || earlier.is_object() => {
                object.remove(key);
            }
            None => {}
            Some(now) => {
                if let Some(object) = object.get_mut(key) {
                    remove(object, earlier, now);
                }
            }
        }
    }
}

fn status(code: u16) -> Value {
    let reason = match code {
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        410 => "Expired",
        _ => "InternalError",
    };
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
        "reason": reason, "message": format!("it is {reason}"),
    })
}

fn failure(code: u16) -> Response<Answer> {
    answer(code, &status(code))
}

fn answer(code: u16, value: &Value) -> Response<Answer> {
    let mut response = Response::new(Answer::from(value.to_string()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
    response
}
