//! Values are described one by one, and by a schema that knows no others.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::helm::read;

/// Each value with its default by its path; maps that a user fills are values themselves.
fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, below) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                leaves(&path, below, found);
            }
        }
        other => {
            found.insert(path.to_owned(), other.clone());
        }
    }
}

#[test]
fn every_value_is_in_the_schema_with_a_description_and_its_type() {
    for chart in ["charts/ngpool", "charts/ngpool-crds"] {
        let values: Value = serde_saphyr::from_str(&read(&format!("{chart}/values.yaml"))).unwrap();
        let schema: Value =
            serde_json::from_str(&read(&format!("{chart}/values.schema.json"))).unwrap();
        let mut found = BTreeMap::new();
        leaves("", &values, &mut found);
        for path in found.keys() {
            let mut at = &schema;
            for word in path.split('.') {
                if at["properties"].is_null() {
                    // A map that a user fills, with something in it by default.
                    break;
                }
                assert_eq!(at["additionalProperties"], false, "{chart}: above {path}");
                at = &at["properties"][word];
                assert!(at.is_object(), "{chart}: the schema does not know {path}");
                let description = at["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{chart}: {path} is not described");
            }
        }
    }
}

#[test]
fn every_value_has_a_comment_above_it() {
    for chart in ["charts/ngpool", "charts/ngpool-crds"] {
        let text = read(&format!("{chart}/values.yaml"));
        let lines: Vec<&str> = text.lines().collect();
        // Maps that a user fills: the names within are not ours.
        let mut inside: Option<usize> = None;
        for (place, line) in lines.iter().enumerate() {
            let name = line.trim_start();
            let depth = line.len() - name.len();
            if name.is_empty() || name.starts_with('#') || inside.is_some_and(|outer| depth > outer)
            {
                continue;
            }
            inside = None;
            let is_block = name.ends_with(':');
            let commented = place > 0 && lines[place - 1].trim_start().starts_with('#');
            if is_block && ["resources:", "labels:"].contains(&name) {
                inside = Some(depth);
            }
            // A block that only groups values may do without.
            assert!(
                commented || is_block && inside.is_none(),
                "{chart}: nothing is said of `{name}` in line {}",
                place + 1
            );
        }
    }
}
