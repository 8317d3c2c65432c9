//! Holds a located tree against the schema of its kind, as the API server would.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use regex::Regex;
use serde_json::{Map, Number, Value};

use super::{
    path::FieldPath,
    yaml::{Content, Node, Span},
};
use crate::suggest::{did_you_mean, nearest};

/// What is wrong with a value.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) path: FieldPath,
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Everything in `node`, which was read from `text`, that the schema refuses.
pub(crate) fn validate(node: &Node, schema: &Value, text: &str, faults: &mut Vec<Fault>) {
    let key = node.span.first_line();
    Validator { text, faults }.value(node, schema, &FieldPath::default(), key);
}

/// The tree as JSON with the types of the schema: a whole number where a float is expected becomes
/// one, and fields that are `null` are left out, as the API server prunes them.
pub(crate) fn to_json(node: &Node, schema: Option<&Value>) -> Value {
    match &node.content {
        Content::Null => Value::Null,
        Content::Bool(bool) => Value::Bool(*bool),
        Content::Number(number) => {
            let float = schema.is_some_and(|schema| schema["type"] == "number");
            let as_float = number.as_f64().filter(|_| float).and_then(Number::from_f64);
            Value::Number(as_float.unwrap_or_else(|| number.clone()))
        }
        Content::Text(text) => Value::String(text.clone()),
        Content::List(items) => {
            let schema = schema.and_then(|schema| schema.get("items"));
            Value::Array(items.iter().map(|item| to_json(item, schema)).collect())
        }
        Content::Object(entries) => {
            let fields = entries
                .iter()
                .filter(|e| !matches!(e.value.content, Content::Null));
            let object: Map<String, Value> = fields
                .map(|entry| {
                    let schema = schema.and_then(|schema| {
                        let property = schema.get("properties").and_then(|p| p.get(&entry.key));
                        property.or_else(|| schema.get("additionalProperties"))
                    });
                    (entry.key.clone(), to_json(&entry.value, schema))
                })
                .collect();
            Value::Object(object)
        }
    }
}

/// What stands for the type of a value that may be a whole number or text.
const INT_OR_STRING: &str = "int-or-string";

struct Validator<'f> {
    text: &'f str,
    faults: &'f mut Vec<Fault>,
}

impl Validator<'_> {
    /// A scalar as it was written.
    fn written(&self, node: &Node) -> String {
        let Span { offset, length, .. } = node.span;
        self.text
            .get(offset..offset + length)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// That a scalar should be in quotes, if it then were what is expected.
    fn in_quotes(&self, node: &Node, schema: &Value) -> Option<String> {
        let written = self.written(node);
        let fits = schema["pattern"]
            .as_str()
            .is_none_or(|pattern| matches(pattern, &written));
        let short = schema["maxLength"]
            .as_u64()
            .is_none_or(|max| written.len() as u64 <= max);
        (fits && short).then(|| format!("write it in quotes: \"{written}\""))
    }

    fn fault(&mut self, path: &FieldPath, span: Span, message: String, help: Option<String>) {
        self.faults.push(Fault {
            path: path.clone(),
            span,
            message,
            help,
        });
    }

    fn value(&mut self, node: &Node, schema: &Value, path: &FieldPath, key: Span) {
        if matches!(node.content, Content::Null) {
            return;
        }
        let int_or_string = schema["x-kubernetes-int-or-string"] == true;
        let wanted = schema["type"]
            .as_str()
            .or(int_or_string.then_some(INT_OR_STRING));
        match (wanted, &node.content) {
            (None, _)
            | (Some("object"), Content::Object(_))
            | (Some("array"), Content::List(_))
            | (Some("boolean"), Content::Bool(_)) => {}
            (Some("string" | INT_OR_STRING), Content::Text(text)) => {
                self.text(node, text, schema, path);
            }
            (Some("integer" | INT_OR_STRING), Content::Number(number)) if is_whole(number) => {
                self.number(node, number, schema, path);
            }
            (Some("number"), Content::Number(number)) => self.number(node, number, schema, path),
            (Some(wanted), _) => {
                self.wrong_type(type_name(wanted), node, schema, path, key);
                return;
            }
        }
        self.enumeration(node, schema, path);
        match &node.content {
            Content::Object(_) => self.object(node, schema, path, key),
            Content::List(items) => self.list(items, schema, path, key),
            _ => {}
        }
    }

    fn wrong_type(
        &mut self,
        wanted: &str,
        node: &Node,
        schema: &Value,
        path: &FieldPath,
        key: Span,
    ) {
        let help = match (schema["type"].as_str(), &node.content) {
            (Some("string"), Content::Number(_)) => {
                self.in_quotes(node, schema).or_else(|| expectation(schema))
            }
            (Some("string"), Content::Bool(_)) => {
                let quotes = self.in_quotes(node, schema);
                quotes.map(|help| format!("{help}; without them it means true or false"))
            }
            (Some("integer" | "number"), Content::Text(text)) if text.parse::<f64>().is_ok() => {
                Some(format!("write it without quotes: {text}"))
            }
            (Some("boolean"), Content::Text(text))
                if ["true", "false"].contains(&text.as_str()) =>
            {
                Some(format!("write it without quotes: {text}"))
            }
            (Some("object"), _) => {
                fields_of(schema).map(|fields| format!("its fields are {fields}"))
            }
            (Some("array"), _) => {
                Some("write each item on a line of its own after `- `".to_owned())
            }
            _ => expectation(schema),
        };
        let (found, span) = match &node.content {
            Content::Object(_) => ("an object".to_owned(), key),
            Content::List(_) => ("a list".to_owned(), key),
            Content::Text(text) => (format!("the text {text:?}"), node.span.first_line()),
            Content::Number(number) => (format!("the number {number}"), node.span),
            Content::Bool(bool) => (format!("{bool}"), node.span),
            Content::Null => ("nothing".to_owned(), key),
        };
        self.fault(
            path,
            span,
            format!("expected {wanted}, found {found}"),
            help,
        );
    }

    fn text(&mut self, node: &Node, text: &str, schema: &Value, path: &FieldPath) {
        let length = text.chars().count() as u64;
        let span = node.span.first_line();
        if let Some(max) = schema["maxLength"].as_u64().filter(|max| length > *max) {
            let message = format!("has {length} characters; at most {max} are allowed");
            self.fault(path, span, message, expectation(schema));
            return;
        }
        if let Some(min) = schema["minLength"].as_u64().filter(|min| length < *min) {
            let message = if text.is_empty() {
                "is empty".to_owned()
            } else {
                format!("has {length} characters; at least {min} are needed")
            };
            self.fault(path, span, message, expectation(schema));
            return;
        }
        if let Some(pattern) = schema["pattern"].as_str()
            && !matches(pattern, text)
        {
            let help = expectation(schema).unwrap_or_else(|| format!("it must match {pattern}"));
            self.fault(
                path,
                span,
                format!("{text:?} is not allowed here"),
                Some(help),
            );
        }
    }

    fn number(&mut self, node: &Node, number: &Number, schema: &Value, path: &FieldPath) {
        let Some(value) = number.as_f64() else { return };
        let (min, max) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        let (min, max) = (
            min.or_else(|| (schema["format"] == "int32").then_some(f64::from(i32::MIN))),
            max.or_else(|| (schema["format"] == "int32").then_some(f64::from(i32::MAX))),
        );
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            let range = match (min, max) {
                (Some(min), Some(max)) => format!("must be from {min} to {max}"),
                (Some(min), None) => format!("must be at least {min}"),
                (None, Some(max)) => format!("must be at most {max}"),
                (None, None) => return,
            };
            self.fault(
                path,
                node.span,
                format!("{number} is out of bounds"),
                Some(range),
            );
        }
    }

    fn enumeration(&mut self, node: &Node, schema: &Value, path: &FieldPath) {
        let Some(allowed) = schema["enum"].as_array() else {
            return;
        };
        let value = to_json(node, None);
        if allowed.contains(&value) {
            return;
        }
        let names: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        let written = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        let help = nearest(&written, names.iter().copied()).map_or_else(
            || format!("one of {}", quoted(&names)),
            |name| format!("did you mean `{name}`?"),
        );
        self.fault(
            path,
            node.span.first_line(),
            format!("`{written}` is not one of the values"),
            Some(help),
        );
    }

    fn object(&mut self, node: &Node, schema: &Value, path: &FieldPath, key: Span) {
        let Content::Object(entries) = &node.content else {
            return;
        };
        let properties = schema["properties"].as_object();
        let open = schema["x-kubernetes-preserve-unknown-fields"] == true;
        let additional = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        for entry in entries {
            let below = path.field(&entry.key);
            let property = properties.and_then(|properties| properties.get(&entry.key));
            if let Some(schema) = property.or(additional) {
                self.value(&entry.value, schema, &below, entry.key_span);
            } else if !open && (properties.is_some() || schema["type"] == "object") {
                // What has no type is what the API server writes.
                let known: Vec<&str> = properties
                    .into_iter()
                    .flatten()
                    .filter(|(_, schema)| !schema["type"].is_null())
                    .map(|(name, _)| name.as_str())
                    .collect();
                let help = did_you_mean(&entry.key, known.iter().copied())
                    .or_else(|| {
                        (!known.is_empty())
                            .then(|| format!("the fields here are {}", quoted(&known)))
                    })
                    .or_else(|| Some("there are no fields here: write `{}`".to_owned()));
                self.fault(
                    &below,
                    entry.key_span,
                    format!("unknown field `{}`", entry.key),
                    help,
                );
            }
        }
        let given = |name: &str| {
            node.get(name)
                .is_some_and(|n| !matches!(n.content, Content::Null))
        };
        for name in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !given(name) {
                let help = properties
                    .and_then(|properties| properties.get(name))
                    .and_then(|schema| schema["description"].as_str())
                    .map(first_sentence);
                self.fault(path, key, format!("the field `{name}` is missing"), help);
            }
        }
        let count = entries.len() as u64;
        if let Some(max) = schema["maxProperties"].as_u64().filter(|max| count > *max) {
            self.fault(
                path,
                key,
                format!("has {count} entries; at most {max} are allowed"),
                None,
            );
        }
    }

    fn list(&mut self, items: &[Node], schema: &Value, path: &FieldPath, key: Span) {
        let count = items.len() as u64;
        if let Some(max) = schema["maxItems"].as_u64().filter(|max| count > *max) {
            self.fault(
                path,
                key,
                format!("has {count} items; at most {max} are allowed"),
                None,
            );
        }
        if let Some(min) = schema["minItems"].as_u64().filter(|min| count < *min) {
            self.fault(
                path,
                key,
                format!("has {count} items; at least {min} are needed"),
                None,
            );
        }
        for (index, item) in items.iter().enumerate() {
            let below = path.item(index);
            let span = item.span.first_line();
            if matches!(item.content, Content::Null) {
                self.fault(&below, span, "is empty".to_owned(), None);
            } else if let Some(schema) = schema.get("items") {
                self.value(item, schema, &below, span);
            }
            if schema["x-kubernetes-list-type"] == "set" {
                let value = to_json(item, None);
                if items
                    .iter()
                    .take(index)
                    .any(|before| to_json(before, None) == value)
                {
                    self.fault(&below, span, format!("{value} is given twice"), None);
                }
            }
        }
    }
}

fn is_whole(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

fn type_name(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        INT_OR_STRING => "a whole number or text",
        other => other,
    }
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn fields_of(schema: &Value) -> Option<String> {
    let names: Vec<&str> = schema["properties"]
        .as_object()?
        .keys()
        .map(String::as_str)
        .collect();
    Some(quoted(&names))
}

/// What would be right, in words: by the well-known patterns, else by the field's description.
fn expectation(schema: &Value) -> Option<String> {
    let known = schema["pattern"].as_str().and_then(|pattern| {
        let text = match pattern {
            "^([0-9]{1,9}(ms|s|m|h)){1,4}$" => "a length of time, such as `90s` or `1h30m`",
            "^[0-9]{1,15}(Ti|Gi|Mi|Ki|T|G|M|k)?$" => "a size, such as `512Mi` or `10Gi`",
            r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)%$" => {
                "a percentage with at most four decimals, such as `1%` or `0.25%`"
            }
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" => {
                "a name of at most 30 lower-case letters, digits and `-`"
            }
            "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$" => {
                "a name of lower-case letters, digits, `-` and `.`"
            }
            _ => return None,
        };
        Some(text.to_owned())
    });
    known.or_else(|| schema["description"].as_str().map(first_sentence))
}

/// The first sentence of a description, as a continuation: without its full stop.
fn first_sentence(description: &str) -> String {
    let line = description
        .split("\n\n")
        .next()
        .unwrap_or(description)
        .replace('\n', " ");
    let end = line.find(". ").unwrap_or(line.len());
    line.get(..end)
        .unwrap_or(&line)
        .trim_end_matches('.')
        .to_owned()
}

/// Whether a text matches a pattern of the schema. Patterns are few and fixed; each is compiled once.
fn matches(pattern: &str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<HashMap<String, Option<Regex>>>> =
        LazyLock::new(|| Mutex::new(HashMap::new()));
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let regex = compiled
        .entry(pattern.to_owned())
        .or_insert_with(|| Regex::new(pattern).ok());
    // A pattern this engine does not know is left to the API server; a test compiles them all.
    regex.as_ref().is_none_or(|regex| regex.is_match(text))
}
