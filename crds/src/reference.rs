//! A page for people about each kind, made of its definition: what the API server knows is what the
//! page says.
//!
//! ```text
//!  definition ──▶ head (names, columns) ──▶ example ──▶ a table for each object in the schema
//! ```
//!
//! Pure: the pages in `docs/reference/` are these texts, and a test says when they are not.

use serde_json::Value;

use crate::{
    objects::Kind,
    schema::{SchemaError, definition_json},
};

/// How values are called whose text has a form of its own, by the pattern of the schema. What is not
/// here is shown by its pattern.
const FORMS: [(&str, &str); 11] = [
    (
        "^([0-9]{1,9}(ms|s|m|h)){1,4}$",
        "time, such as `90s` or `1h30m`",
    ),
    (
        "^[0-9]{1,15}(Ti|Gi|Mi|Ki|T|G|M|k)?$",
        "size, such as `512Mi` or `10Gi`",
    ),
    (
        r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)%$",
        "percentage, such as `1.5%`",
    ),
    (
        r"^[0-9]{1,10}(\.[0-9]{1,8})?$",
        "amount of coins as text, such as `\"0.05\"`",
    ),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "name of an object"),
    ("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$", "name of an object"),
    ("^[-._a-zA-Z0-9]+$", "key of a Secret"),
    ("^[0-9A-Za-z]+$", "address"),
    ("^[0-9a-f]{64}$", "64 hexadecimal digits"),
    ("^0x[0-9a-fA-F]{8}$", "`0x` and 8 hexadecimal digits"),
    (
        r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
        "quantity of Kubernetes",
    ),
];

/// File name of a kind's page in `docs/reference/`.
pub fn reference_file(kind: Kind) -> String {
    format!("{}.md", kind.name().to_ascii_lowercase())
}

/// The page of a kind, in Markdown. `example` is YAML that shows the kind.
pub fn reference_page(kind: Kind, example: &str) -> Result<String, SchemaError> {
    let definition = definition_json(kind)?;
    let version = &definition["spec"]["versions"][0];
    let schema = &version["schema"]["openAPIV3Schema"];
    let mut page = vec![
        "<!-- Made of the types by `UPDATE_DOCS=1 cargo test -p ngpool-crds --test reference`. -->"
            .to_owned(),
        format!("# {}", kind.name()),
        description(schema),
        head(&definition, version),
        format!("## Example\n\n```yaml\n{}\n```", example.trim_end()),
    ];
    if let Some(rules) = rules(schema) {
        page.push(format!("## The object as a whole\n\n{rules}"));
    }
    for part in ["spec", "status"] {
        if let Some(schema) = schema["properties"].get(part) {
            sections(part, schema, &mut page);
        }
    }
    Ok(page.join("\n\n") + "\n")
}

/// Names, columns and subresources.
fn head(definition: &Value, version: &Value) -> String {
    let names = &definition["spec"]["names"];
    let called: Vec<_> = [&names["plural"], &names["singular"]]
        .into_iter()
        .chain(names["shortNames"].as_array().into_iter().flatten())
        .map(|name| format!("`{}`", text(name)))
        .collect();
    let columns: Vec<_> = version["additionalPrinterColumns"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|column| text(&column["name"]))
        .collect();
    let scale = match version["subresources"].get("scale") {
        Some(scale) => format!(
            ", `scale` (`{}`, with the selector of its pods for autoscalers)",
            text(&scale["specReplicasPath"]).trim_start_matches('.')
        ),
        None => String::new(),
    };
    format!(
        "| | |\n|---|---|\n\
         | `apiVersion` | `{}/{}`, in a namespace |\n\
         | for kubectl | {}; `kubectl get ngpool` shows all five kinds |\n\
         | columns | {} |\n\
         | subresources | `status`{scale} |",
        text(&definition["spec"]["group"]),
        text(&version["name"]),
        called.join(", "),
        columns.join(", "),
    )
}

/// The section of an object, then those of the objects in it: paragraphs of the page.
fn sections(path: &str, schema: &Value, page: &mut Vec<String>) {
    let Some(fields) = schema["properties"].as_object() else {
        return;
    };
    page.push(format!("## {path}"));
    page.extend(Some(description(schema)).filter(|about| !about.is_empty()));
    if !fields.is_empty() {
        let required = schema["required"].as_array();
        let row = |(name, field): (&String, &Value)| {
            let needed = required.is_some_and(|all| all.iter().any(|one| one == name.as_str()));
            format!(
                "| `{name}` | {} | {} | {} |",
                value(&format!("{path}.{name}"), field),
                absent(field, needed),
                cell(&says(field)),
            )
        };
        let head = ["| field | value | if absent | |", "|---|---|---|---|"].map(str::to_owned);
        let rows: Vec<_> = head.into_iter().chain(fields.iter().map(row)).collect();
        page.push(rows.join("\n"));
    }
    page.extend(rules(schema));
    for (name, field) in fields {
        let path = format!("{path}.{name}");
        sections(&path, field, page);
        if let Some(items) = field.get("items") {
            sections(&format!("{path}[]"), items, page);
        }
    }
}

/// What a field may hold.
fn value(path: &str, field: &Value) -> String {
    let anchor = |path: &str| {
        let kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        path.to_ascii_lowercase()
            .chars()
            .filter(kept)
            .collect::<String>()
    };
    let has_fields = |schema: &Value| schema["properties"].is_object();
    if let Some(allowed) = field["enum"].as_array() {
        let allowed: Vec<_> = allowed
            .iter()
            .map(|one| format!("`{}`", text(one)))
            .collect();
        return allowed.join(", ");
    }
    if field["x-kubernetes-int-or-string"] == true {
        return "number or text".to_owned();
    }
    let written = match field["type"].as_str() {
        Some("object") if has_fields(field) => format!("[object](#{})", anchor(path)),
        Some("object") => match field.get("additionalProperties") {
            Some(values) => format!("map of {}", value(path, values)),
            None => "any object".to_owned(),
        },
        Some("array") if has_fields(&field["items"]) => {
            format!("list of [objects](#{})", anchor(path))
        }
        Some("array") => format!("list: {}", value(path, &field["items"])),
        Some("integer") => format!("whole number{}", bounds(field)),
        Some("number") => format!("number{}", bounds(field)),
        Some("boolean") => "`true`, `false`".to_owned(),
        _ => form(field),
    };
    cell(&written)
}

fn form(field: &Value) -> String {
    if field["format"] == "date-time" {
        return "moment, such as `2026-01-31T12:00:00Z`".to_owned();
    }
    let Some(pattern) = field["pattern"].as_str() else {
        return "text".to_owned();
    };
    FORMS
        .iter()
        .find(|(known, _)| *known == pattern)
        .map_or_else(
            || format!("text: `{pattern}`"),
            |(_, form)| (*form).to_owned(),
        )
}

fn bounds(field: &Value) -> String {
    match (field.get("minimum"), field.get("maximum")) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        (Some(least), None) => format!(", {least} or more"),
        (None, Some(most)) => format!(", {most} or less"),
        (None, None) => String::new(),
    }
}

/// What holds without the field.
fn absent(field: &Value, needed: bool) -> String {
    match field.get("default") {
        Some(Value::String(text)) => format!("`{}`", cell(text)),
        Some(default) => format!("`{}`", cell(&default.to_string())),
        None if needed => "**refused**".to_owned(),
        None => String::new(),
    }
}

/// A field's description, and the rules of its value. Those of an object are in its own section.
fn says(field: &Value) -> String {
    let mut says = vec![description(field)];
    if !field["properties"].is_object() {
        says.extend(messages(field).map(sentence));
    }
    says.join(" ")
}

/// With a capital and a full stop.
fn sentence(rule: &str) -> String {
    let mut letters = rule.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

fn rules(schema: &Value) -> Option<String> {
    let lines: Vec<_> = messages(schema).map(|rule| format!("- {rule}")).collect();
    (!lines.is_empty()).then(|| format!("Refused unless:\n\n{}", lines.join("\n")))
}

fn messages(schema: &Value) -> impl Iterator<Item = &str> {
    schema["x-kubernetes-validations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|rule| text(&rule["message"]))
}

/// In one line: descriptions are broken where the source was.
fn description(schema: &Value) -> String {
    text(&schema["description"])
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// For a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
