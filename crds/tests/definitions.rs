//! The definitions in `crds/` are those of the types, and the API server takes them.
//!
//! `UPDATE_CRDS=1 cargo test -p ngpool-crds --test definitions` writes them anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{fs, path::PathBuf};

use kube::core::cel::{ScopeContext, analyze_rule, compile_schema};
use ngpool_crds::{
    Kind,
    schema::{DEFINED, definition, definition_file, definition_yaml},
};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(kind: Kind) -> Value {
    let definition = serde_json::to_value(definition(kind).unwrap()).unwrap();
    definition
        .pointer("/spec/versions/0/schema/openAPIV3Schema")
        .unwrap()
        .clone()
}

/// Every schema below one, with its path.
fn walk(path: &str, schema: &Value, visit: &mut impl FnMut(&str, &Value)) {
    visit(path, schema);
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        walk(&format!("{path}.{name}"), below, visit);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(below) = schema.get(key) {
            walk(&format!("{path}[]"), below, visit);
        }
    }
}

#[test]
fn the_committed_definitions_are_those_of_the_types() {
    for kind in DEFINED {
        let file = folder().join(definition_file(kind));
        let yaml = definition_yaml(kind).unwrap();
        if std::env::var_os("UPDATE_CRDS").is_some() {
            fs::write(&file, &yaml).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == yaml,
            "{} is not what the types say; write it anew with \
             UPDATE_CRDS=1 cargo test -p ngpool-crds --test definitions",
            file.display()
        );
    }
}

#[test]
fn the_yaml_reads_back_as_the_definition() {
    for kind in DEFINED {
        let yaml = definition_yaml(kind).unwrap();
        let read: Value = serde_saphyr::from_str(&yaml).unwrap();
        let read: k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition =
            serde_json::from_value(read).unwrap();
        assert_eq!(read, definition(kind).unwrap(), "{kind}");
    }
}

#[test]
fn each_definition_fits_client_side_apply() {
    // The whole object goes into an annotation, and annotations have 256 KiB in all.
    for kind in DEFINED {
        let json = serde_json::to_string(&definition(kind).unwrap()).unwrap();
        assert!(json.len() < 250_000, "{kind} has {} bytes", json.len());
    }
}

#[test]
fn every_field_has_a_description() {
    let mut missing = Vec::new();
    for kind in DEFINED {
        walk(kind.name(), &schema(kind), &mut |path, schema| {
            let has = schema["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty());
            if !has && !path.ends_with("[]") {
                missing.push(path.to_owned());
            }
        });
    }
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

#[test]
fn everything_that_can_grow_is_bounded() {
    let mut unbounded = Vec::new();
    for kind in DEFINED {
        walk(
            kind.name(),
            &schema(kind)["properties"]["spec"],
            &mut |path, schema| {
                let bounded = match schema["type"].as_str() {
                    Some("string") => !schema["enum"].is_null() || !schema["maxLength"].is_null(),
                    Some("array") => !schema["maxItems"].is_null(),
                    Some("integer" | "number") => {
                        !schema["minimum"].is_null() && !schema["maximum"].is_null()
                    }
                    Some("object") if schema.get("additionalProperties").is_some() => {
                        !schema["maxProperties"].is_null()
                    }
                    _ => true,
                };
                if !bounded {
                    unbounded.push(path.to_owned());
                }
            },
        );
    }
    assert!(unbounded.is_empty(), "without bounds: {unbounded:#?}");
}

#[test]
fn fields_the_pool_can_default_have_no_default_in_the_schema() {
    let blocks = [
        (Kind::Pool, "/properties/spec/properties/defaults"),
        (Kind::StratumPort, "/properties/spec/properties/vardiff"),
        (Kind::StratumPort, "/properties/spec/properties/limits"),
        (Kind::StratumPort, "/properties/spec/properties/tls"),
        (Kind::StratumPort, "/properties/spec/properties/pod"),
        (Kind::Currency, "/properties/spec/properties/payout"),
        (Kind::Coinserver, "/properties/spec/properties/pod"),
        (Kind::Sharechain, "/properties/spec/properties/pod"),
    ];
    for (kind, pointer) in blocks {
        let schema = schema(kind);
        let block = schema
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{kind} {pointer}"));
        walk(pointer, block, &mut |path, schema| {
            assert!(
                schema.get("default").is_none(),
                "{kind} {path} has a default"
            );
        });
    }
}

#[test]
fn schemas_are_structural_and_use_only_what_the_api_server_knows() {
    for kind in DEFINED {
        walk(kind.name(), &schema(kind), &mut |path, schema| {
            for unknown in [
                "$ref", "anyOf", "oneOf", "allOf", "not", "nullable", "const",
            ] {
                assert!(schema.get(unknown).is_none(), "{path} has {unknown}");
            }
            if let Some(format) = schema["format"].as_str() {
                assert!(
                    ["int32", "int64", "double", "date-time"].contains(&format),
                    "{path}: {format}"
                );
            }
            if let Some(pattern) = schema["pattern"].as_str() {
                regex::Regex::new(pattern).unwrap_or_else(|e| panic!("{path}: {e}"));
            }
        });
    }
}

#[test]
fn names_columns_and_subresources_are_as_documented() {
    for (kind, plural, short) in [
        (Kind::Pool, "pools", None),
        (Kind::Currency, "currencies", Some("cur")),
        (Kind::Coinserver, "coinservers", Some("coin")),
        (Kind::Sharechain, "sharechains", Some("shc")),
        (Kind::StratumPort, "stratumports", Some("sp")),
    ] {
        let definition = definition(kind).unwrap();
        assert_eq!(
            definition.metadata.name.as_deref(),
            Some(format!("{plural}.ngpool.io").as_str())
        );
        assert_eq!(definition.spec.scope, "Namespaced");
        let names = &definition.spec.names;
        assert_eq!(names.kind, kind.name());
        assert_eq!(
            names.categories.as_deref(),
            Some(["ngpool".to_owned()].as_slice())
        );
        assert_eq!(
            names.short_names.clone().unwrap_or_default(),
            short.into_iter().collect::<Vec<_>>()
        );
        let version = &definition.spec.versions[0];
        assert_eq!(version.name, "v1alpha1");
        let subresources = version.subresources.as_ref().unwrap();
        assert!(subresources.status.is_some());
        assert_eq!(subresources.scale.is_some(), kind == Kind::StratumPort);
        let columns: Vec<_> = version
            .additional_printer_columns
            .iter()
            .flatten()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(columns[..2], ["Ready", "Reason"], "{kind}");
        assert_eq!(columns.last(), Some(&"Age"), "{kind}");
    }
}

#[test]
fn every_rule_compiles_and_is_within_the_cost_that_the_api_server_allows() {
    for kind in DEFINED {
        walk(kind.name(), &schema(kind), &mut |path, schema| {
            let compiled = compile_schema(schema);
            assert!(
                !compiled.has_errors(),
                "{path}: {:?}",
                compiled.compilation_errors()
            );
            for rule in schema["x-kubernetes-validations"]
                .as_array()
                .into_iter()
                .flatten()
            {
                let text = rule["rule"].as_str().unwrap();
                let mut warnings = analyze_rule(text, &compiled, ScopeContext::CrdValidation);
                // The analysis takes the variable of `all` for one that is not there.
                warnings.retain(|warning| !warning.message.starts_with("variable 'k'"));
                assert!(warnings.is_empty(), "{path}: {text}: {warnings:?}");
                let message = rule["message"].as_str().unwrap_or_default();
                assert!(
                    !message.is_empty() && !message.contains('\n'),
                    "{path}: {text}"
                );
            }
        });
    }
}
