//! The definitions in the charts are those of `crds/`.

use ngpool_crds::schema::{DEFINED, definition_file};
use serde_json::Value;

use crate::helm::{name, of_kind, read, render, render_chart};

#[test]
fn the_charts_hold_the_definitions_of_the_types_and_keep_them() {
    let charts = [
        render(&[]),
        render(&["crds.keep=false"]),
        render_chart("charts/ngpool-crds", &[]),
    ];
    for (place, objects) in charts.into_iter().enumerate() {
        let Some(objects) = objects else { return };
        let definitions = of_kind(&objects, "CustomResourceDefinition");
        assert_eq!(definitions.len(), DEFINED.len());
        for kind in DEFINED {
            let file = read(&format!("crds/{}", definition_file(kind)));
            let mut committed: Value = serde_saphyr::from_str(&file).unwrap();
            let rendered = definitions
                .iter()
                .find(|definition| definition["spec"]["names"]["kind"] == kind.name())
                .unwrap_or_else(|| panic!("there is no definition of {kind}"));
            assert_eq!(name(rendered), name(&committed));
            let annotations = &rendered["metadata"]["annotations"];
            let kept = annotations["helm.sh/resource-policy"] == "keep";
            assert_eq!(kept, place != 1, "{kind} of chart {place}");
            committed["metadata"] = rendered["metadata"].clone();
            assert_eq!(**rendered, committed, "{kind} of chart {place}");
        }
    }
}

#[test]
fn definitions_can_be_left_out() {
    let Some(objects) = render(&["crds.enabled=false"]) else {
        return;
    };
    assert!(of_kind(&objects, "CustomResourceDefinition").is_empty());
}

#[test]
fn the_two_charts_have_the_version_of_the_programs() {
    let version = env!("CARGO_PKG_VERSION");
    for chart in ["charts/ngpool", "charts/ngpool-crds"] {
        let chart: Value = serde_saphyr::from_str(&read(&format!("{chart}/Chart.yaml"))).unwrap();
        assert_eq!(chart["appVersion"], version);
        assert_eq!(chart["version"], version);
        for dependency in chart["dependencies"].as_array().into_iter().flatten() {
            assert_eq!(dependency["version"], version);
        }
        let images = chart["annotations"]["artifacthub.io/images"].as_str();
        assert!(images.is_none_or(|images| images.contains(&format!(":{version}"))));
    }
}

#[test]
fn no_object_of_our_kinds_is_in_the_chart() {
    // A chart with definitions and objects of them does not install on a fresh cluster.
    let Some(objects) = render(&[]) else { return };
    for object in &objects {
        let version = object["apiVersion"].as_str().unwrap();
        assert!(!version.starts_with("ngpool.io/"), "{object}");
        assert_ne!(object["kind"], "Secret", "{object}");
    }
}
