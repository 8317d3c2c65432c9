//! From one text to objects.

use std::{path::Path, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::core::cel::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    path::FieldPath,
    sources::{Source, find},
    validate::{Fault, to_json, validate},
    yaml::{self, Content, Node},
};
use crate::{
    kinds::GROUP,
    objects::{Kind, ObjectRef, Objects},
    problem::{Problem, Problems},
    schema::KindSchema,
    suggest::nearest,
};

/// Reads the documents of a text into `objects`.
pub(super) fn read(text: &Arc<str>, file: &Path, objects: &mut Objects, problems: &mut Problems) {
    let source = Source {
        file: file.to_owned(),
        text: Arc::clone(text),
    };
    match yaml::parse(text) {
        Ok(documents) => {
            for document in documents {
                Reader {
                    source: &source,
                    objects,
                    problems,
                }
                .document(document);
            }
        }
        Err(error) => problems.push(
            Problem::error(format!("not YAML: {}", error.message))
                .at(Some(source.place(error.span))),
        ),
    }
}

struct Reader<'r> {
    source: &'r Source,
    objects: &'r mut Objects,
    problems: &'r mut Problems,
}

impl Reader<'_> {
    fn document(&mut self, document: Node) {
        if !matches!(document.content, Content::Object(_)) {
            let problem = Problem::error("a document must be an object with apiVersion and kind")
                .at(Some(self.source.place(document.span.first_line())));
            self.problems.push(problem);
            return;
        }
        if document.text("kind") == Some("List") && document.text("apiVersion") == Some("v1") {
            if let Some(Node {
                content: Content::List(items),
                ..
            }) = document.get("items")
            {
                for item in items.clone() {
                    self.document(item);
                }
            }
            return;
        }
        if let Some(kind) = self.kind(&document) {
            self.object(kind, document);
        }
    }

    /// The kind of a document; nothing, and a problem where one is due, if it is none that is read.
    fn kind(&mut self, document: &Node) -> Option<Kind> {
        let at = |field: &str| {
            Some(
                self.source
                    .place(find(document, &FieldPath::parse(field)).0),
            )
        };
        let named: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let (Some(version), Some(name)) = (document.text("apiVersion"), document.text("kind"))
        else {
            let missing = if document.text("apiVersion").is_none() {
                "apiVersion"
            } else {
                "kind"
            };
            let help = match document
                .text("kind")
                .and_then(|name| nearest(name, named.iter().copied()))
            {
                Some(kind) => {
                    let version = Kind::named(kind).map_or(GROUP, Kind::api_version);
                    format!("write `apiVersion: {version}`")
                }
                None => format!("the kinds are {}", named.join(", ")),
            };
            let problem = Problem::error(format!("the field `{missing}` is missing")).help(help);
            self.problems.push(problem.at(at("")));
            return None;
        };
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) {
            if kind.api_version() == version {
                return Some(kind);
            }
            let group = version.split('/').next().unwrap_or(version);
            // Somebody else's kind of the same name is somebody else's business.
            let ours = nearest(group, [GROUP]).is_some() || !version.contains('/');
            let help = format!("write `apiVersion: {}`", kind.api_version());
            let message = format!("{name} has no apiVersion `{version}`");
            let problem = if ours {
                Problem::error(message)
            } else {
                Problem::warning(message)
            };
            self.problems.push(problem.help(help).at(at("apiVersion")));
            return None;
        }
        let problem = if version.split('/').next() == Some(GROUP) {
            let help = match nearest(name, named.iter().copied()) {
                Some(kind) => format!("did you mean `{kind}`?"),
                None => format!("the kinds are {}", named.join(", ")),
            };
            Problem::error(format!("there is no kind `{name}` in {GROUP}")).help(help)
        } else {
            Problem::warning(format!(
                "{version} {name} is left out: only the pool's kinds are read"
            ))
            .help(format!("the kinds are {}", named.join(", ")))
        };
        self.problems.push(problem.at(at("kind")));
        None
    }

    fn object(&mut self, kind: Kind, document: Node) {
        let name = document
            .get("metadata")
            .and_then(|metadata| metadata.text("name"));
        let object = ObjectRef::new(kind, name.unwrap_or("(unnamed)"));
        let Some(schema) = KindSchema::of(kind) else {
            return;
        };
        let mut faults = Vec::new();
        validate(&document, &schema.schema, &self.source.text, &mut faults);
        if !faults.is_empty() {
            for fault in faults {
                self.fault(&object, fault);
            }
            return;
        }
        if self.has_broken_secret(&object, &document) {
            return;
        }
        let json = to_json(&document, Some(&schema.schema));
        if let Some(rules) = &schema.rules
            && let Err(errors) = Validator::new().validate_compiled(rules, &json, None)
        {
            for error in errors {
                self.rule(&object, &document, &error);
            }
            return;
        }
        if self.objects.contains(&object) {
            let first = self.objects.place(&object, "");
            let help =
                first.map(|place| format!("first in {}:{}", place.file.display(), place.line));
            let mut problem =
                Problem::error("the object is given twice").on(object.clone(), "metadata.name");
            problem.help = help;
            let span = find(&document, &FieldPath::parse("metadata.name")).0;
            self.problems
                .push(problem.at(Some(self.source.place(span))));
            return;
        }
        match self.insert(kind, &object.name, json) {
            Ok(()) => {
                self.namespace(&object, &document);
                self.objects
                    .sources
                    .insert(object, self.source.clone(), document);
            }
            Err(error) => {
                let problem = Problem::error(error.to_string()).on(object, "");
                let span = find(&document, &FieldPath::parse("metadata.name")).0;
                self.problems
                    .push(problem.at(Some(self.source.place(span))));
            }
        }
    }

    /// Whether a value under `data` of a Secret is not base64; each is a problem.
    fn has_broken_secret(&mut self, object: &ObjectRef, document: &Node) -> bool {
        if object.kind != Kind::Secret {
            return false;
        }
        let Some(Node {
            content: Content::Object(entries),
            ..
        }) = document.get("data")
        else {
            return false;
        };
        let mut broken = false;
        for entry in entries {
            let Content::Text(text) = &entry.value.content else {
                continue;
            };
            if BASE64.decode(text.trim_end()).is_err() {
                let path = FieldPath::parse("data").field(&entry.key);
                let problem = Problem::error("the value is not base64")
                    .on(object.clone(), path.to_string())
                    .help("plain text belongs under `stringData`");
                self.problems
                    .push(problem.at(Some(self.source.place(entry.key_span))));
                broken = true;
            }
        }
        broken
    }

    fn insert(&mut self, kind: Kind, name: &str, json: Value) -> Result<(), serde_json::Error> {
        fn typed<T: DeserializeOwned>(json: Value) -> Result<T, serde_json::Error> {
            serde_json::from_value(json)
        }
        let name = name.to_owned();
        let objects = &mut *self.objects;
        match kind {
            Kind::Pool => objects.pool = Some(typed(json)?),
            Kind::Currency => drop(objects.currencies.insert(name, typed(json)?)),
            Kind::Coinserver => drop(objects.coinservers.insert(name, typed(json)?)),
            Kind::Sharechain => drop(objects.sharechains.insert(name, typed(json)?)),
            Kind::StratumPort => drop(objects.stratum_ports.insert(name, typed(json)?)),
            Kind::Secret => drop(objects.secrets.insert(name, typed::<Secret>(json)?)),
            Kind::ConfigMap => drop(objects.config_maps.insert(name, typed::<ConfigMap>(json)?)),
        }
        Ok(())
    }

    /// All objects of a pool are in one namespace.
    fn namespace(&mut self, object: &ObjectRef, document: &Node) {
        let Some(namespace) = document.get("metadata").and_then(|m| m.text("namespace")) else {
            return;
        };
        let first = self
            .objects
            .sources
            .namespace
            .get_or_insert_with(|| namespace.to_owned());
        if first != namespace {
            let message = format!("is in the namespace `{namespace}`, others are in `{first}`");
            let span = find(document, &FieldPath::parse("metadata.namespace")).0;
            let problem = Problem::error(message)
                .on(object.clone(), "metadata.namespace")
                .help("a pool and all that belongs to it are in one namespace");
            self.problems
                .push(problem.at(Some(self.source.place(span))));
        }
    }

    fn fault(&mut self, object: &ObjectRef, fault: Fault) {
        let mut problem = Problem::error(fault.message).on(object.clone(), fault.path.to_string());
        problem.help = fault.help;
        self.problems
            .push(problem.at(Some(self.source.place(fault.span))));
    }

    fn rule(&mut self, object: &ObjectRef, document: &Node, error: &ValidationError) {
        // Rules at the root are about the name: nothing else is at the root.
        let field = if error.field_path.is_empty() {
            "metadata.name"
        } else {
            &error.field_path
        };
        let path = FieldPath::parse(field);
        let span = find(document, &path).0;
        let problem = Problem::error(error.message.clone()).on(object.clone(), path.to_string());
        self.problems
            .push(problem.at(Some(self.source.place(span))));
    }
}
