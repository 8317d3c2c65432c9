//! Helm, and the charts rendered by it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

/// The checkout.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// A file of the checkout.
pub(crate) fn read(path: &str) -> String {
    let path = project().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Helm 3, built the first time it is asked for.
fn helm() -> Option<&'static Path> {
    static HELM: OnceLock<Option<PathBuf>> = OnceLock::new();
    HELM.get_or_init(|| {
        let tools = Command::new(project().join("scripts/cluster-tools"))
            .arg("helm3")
            .output();
        let built = match tools {
            Ok(tools) if tools.status.success() => {
                let folder = String::from_utf8(tools.stdout).unwrap();
                Ok(Path::new(folder.trim()).join("helm3"))
            }
            Ok(tools) => Err(String::from_utf8_lossy(&tools.stderr).into_owned()),
            Err(error) => Err(error.to_string()),
        };
        match built {
            Ok(helm) => Some(helm),
            Err(why) if std::env::var("CI").as_deref() == Ok("true") => {
                panic!("there is no Helm to render the charts with: {why}")
            }
            Err(why) => {
                eprintln!("rendered charts are not looked at, there is no Helm: {why}");
                None
            }
        }
    })
    .as_deref()
}

/// The objects of the chart `ngpool` with `--set` arguments, or nothing where there is no Helm.
pub(crate) fn render(set: &[&str]) -> Option<Vec<Value>> {
    render_chart("charts/ngpool", set)
}

/// The objects of a chart.
pub(crate) fn render_chart(chart: &str, set: &[&str]) -> Option<Vec<Value>> {
    let mut command = Command::new(helm()?);
    command
        .args(["template", "ngpool"])
        .arg(project().join(chart))
        // A Helm that is built from source believes in an old cluster.
        .args(["--namespace", "ngpool-system", "--kube-version", "1.35.0"]);
    for value in set {
        command.args(["--set", value]);
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{chart} {set:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let documents = text.split("\n---\n").filter_map(|document| {
        let value: Option<Value> = serde_saphyr::from_str(document).unwrap();
        value
    });
    Some(documents.filter(|value| !value.is_null()).collect())
}

/// Objects of a kind.
pub(crate) fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects
        .iter()
        .filter(|object| object["kind"] == kind)
        .collect()
}

/// Name of an object.
pub(crate) fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

/// The only object of a kind and name.
pub(crate) fn one<'a>(objects: &'a [Value], kind: &str, called: &str) -> &'a Value {
    let all: Vec<_> = of_kind(objects, kind)
        .into_iter()
        .filter(|object| name(object) == called)
        .collect();
    assert_eq!(all.len(), 1, "{kind} {called}");
    all[0]
}
