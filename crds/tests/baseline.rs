//! The kinds change by addition only: what the last release took is taken, and means the same.
//!
//! `e2e/baseline` holds the definitions and objects of the last release; `scripts/baseline` writes
//! them anew when there is another one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use ngpool_crds::{
    Cluster, Kind, load, resolve,
    schema::{DEFINED, definition_file, definition_yaml},
};
use serde_json::{Value, json};

fn baseline() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../e2e/baseline")
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The definition of the last release.
fn old(kind: Kind) -> Value {
    yaml(&fs::read_to_string(baseline().join("crds").join(definition_file(kind))).unwrap())
}

/// The definition of now, as it is installed.
fn new(kind: Kind) -> Value {
    yaml(&definition_yaml(kind).unwrap())
}

fn schema(definition: &Value) -> &Value {
    &definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
}

/// Folders of objects, one pool each.
fn pools() -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(baseline().join("objects"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// What of an old schema a new one does not take, or takes in another meaning.
fn broken(path: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    let mut say = |what: &str| found.push(format!("{path}: {what}"));
    for same in [
        "type",
        "format",
        "pattern",
        "default",
        "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ] {
        if old.get(same) != new.get(same) {
            say(&format!(
                "{same} was {:?} and is {:?}",
                old.get(same),
                new.get(same)
            ));
        }
    }
    for (bound, least) in [
        ("minimum", true),
        ("minLength", true),
        ("minItems", true),
        ("maximum", false),
        ("maxLength", false),
        ("maxItems", false),
        ("maxProperties", false),
    ] {
        let (was, is) = (old[bound].as_f64(), new[bound].as_f64());
        let narrower = match (was, is) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(was), Some(is)) => (least && is > was) || (!least && is < was),
        };
        if narrower {
            say(&format!("{bound} was {was:?} and is {is:?}"));
        }
    }
    if let Some(allowed) = new["enum"].as_array() {
        match old["enum"].as_array() {
            None => say("takes only some values now"),
            Some(values) => {
                for gone in values.iter().filter(|value| !allowed.contains(value)) {
                    say(&format!("no longer takes {gone}"));
                }
            }
        }
    }
    let required = |schema: &Value| -> BTreeSet<String> {
        let names = schema["required"].as_array().into_iter().flatten();
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    for name in required(new).difference(&required(old)) {
        say(&format!("{name} is required now"));
    }
    for (name, field) in old["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match new["properties"].get(name) {
            Some(now) => broken(&path, field, now, found),
            None => found.push(format!("{path}: is gone")),
        }
    }
    for below in ["items", "additionalProperties"] {
        match (old.get(below), new.get(below)) {
            (Some(was), Some(is)) => broken(&format!("{path}[]"), was, is, found),
            (Some(_), None) => found.push(format!("{path}: {below} is gone")),
            _ => {}
        }
    }
}

fn problems(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    broken("", old, new, &mut found);
    found
}

/// Names of fields that an object uses, as paths below `spec`.
fn used(path: &str, schema: &Value, value: &Value, paths: &mut BTreeSet<String>) {
    paths.insert(path.to_owned());
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            used(&format!("{path}.{name}"), below, value, paths);
        }
    }
    if let Some(items) = schema.get("items") {
        for item in value.as_array().into_iter().flatten() {
            used(&format!("{path}[]"), items, item, paths);
        }
    }
}

fn fields(path: &str, schema: &Value, paths: &mut BTreeSet<String>) {
    paths.insert(path.to_owned());
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        fields(&format!("{path}.{name}"), below, paths);
    }
    if let Some(items) = schema.get("items") {
        fields(&format!("{path}[]"), items, paths);
    }
}

/// Every document of a folder's files.
fn documents(folder: &Path) -> Vec<Value> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        documents.extend(text.split("\n---\n").map(yaml));
    }
    documents
}

#[test]
fn every_field_of_the_last_release_is_there_and_takes_what_it_took() {
    for kind in DEFINED {
        let found = problems(schema(&old(kind)), schema(&new(kind)));
        assert!(found.is_empty(), "{kind}: {found:#?}");
    }
}

#[test]
fn names_scope_version_and_subresources_stay() {
    for kind in DEFINED {
        let (old, new) = (old(kind), new(kind));
        let at = |definition: &Value, pointer: &str| definition.pointer(pointer).cloned();
        for same in [
            "/metadata/name",
            "/spec/group",
            "/spec/scope",
            "/spec/names/kind",
            "/spec/names/plural",
            "/spec/names/singular",
            "/spec/versions/0/name",
            "/spec/versions/0/served",
            "/spec/versions/0/storage",
            "/spec/versions/0/subresources",
        ] {
            assert_eq!(at(&old, same), at(&new, same), "{kind} {same}");
        }
        for names in ["/spec/names/shortNames", "/spec/names/categories"] {
            let all = |definition| {
                let names = at(definition, names);
                let names = names.as_ref().and_then(Value::as_array).cloned();
                names.unwrap_or_default()
            };
            let now = all(&new);
            assert!(
                all(&old).iter().all(|name| now.contains(name)),
                "{kind} {names}"
            );
        }
    }
}

#[test]
fn the_objects_of_the_last_release_are_accepted_and_resolve() {
    for folder in pools() {
        let objects =
            load(std::slice::from_ref(&folder)).unwrap_or_else(|problems| panic!("{problems}"));
        resolve(&objects, &Cluster).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

#[test]
fn the_objects_of_the_last_release_use_every_field_it_had() {
    let mut paths = BTreeSet::new();
    for folder in pools() {
        for document in documents(&folder) {
            let kind = DEFINED
                .into_iter()
                .find(|kind| document["kind"] == kind.name());
            let Some(kind) = kind else { continue };
            let definition = old(kind);
            used(
                kind.name(),
                &schema(&definition)["properties"]["spec"],
                &document["spec"],
                &mut paths,
            );
        }
    }
    let mut all = BTreeSet::new();
    for kind in DEFINED {
        let definition = old(kind);
        fields(
            kind.name(),
            &schema(&definition)["properties"]["spec"],
            &mut all,
        );
    }
    let unused: Vec<_> = all.difference(&paths).collect();
    assert!(unused.is_empty(), "no object has {unused:#?}");
}

#[test]
fn what_would_break_an_old_object_is_noticed() {
    let was = json!({
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "integer", "minimum": 1, "maximum": 9},
            "b": {"type": "string", "maxLength": 5, "enum": ["x", "y"]},
            "c": {"type": "array", "maxItems": 4, "items": {"type": "string", "default": "z"}},
        },
    });
    let changed = |pointer: &str, value: Value| {
        let mut now = was.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        now.pointer_mut(parent).unwrap()[name] = value;
        problems(&was, &now)
    };
    for (pointer, value) in [
        ("/properties/a", Value::Null),
        ("/properties/a/type", json!("string")),
        ("/properties/a/minimum", json!(2)),
        ("/properties/a/maximum", json!(8)),
        ("/properties/a/enum", json!([1, 2])),
        ("/properties/b/enum", json!(["x"])),
        ("/properties/b/maxLength", json!(4)),
        ("/properties/b/minLength", json!(1)),
        ("/properties/b/pattern", json!("^x$")),
        ("/properties/c/maxItems", json!(3)),
        ("/properties/c/items", json!({"type": "integer"})),
        ("/properties/c/items/default", json!("other")),
        ("/required", json!(["a", "b"])),
    ] {
        assert!(
            !changed(pointer, value.clone()).is_empty(),
            "{pointer} {value}"
        );
    }
    let mut gone = was.clone();
    gone["properties"].as_object_mut().unwrap().remove("b");
    assert_eq!(problems(&was, &gone), [".b: is gone"]);
    for (pointer, value) in [
        ("/properties/d", json!({"type": "string"})),
        ("/properties/a/minimum", json!(0)),
        ("/properties/a/maximum", json!(10)),
        ("/properties/a/description", json!("a")),
        ("/properties/b/enum", json!(["x", "y", "z"])),
        ("/properties/c/maxItems", json!(8)),
        ("/required", json!([])),
    ] {
        assert_eq!(changed(pointer, value), Vec::<String>::new(), "{pointer}");
    }
}
