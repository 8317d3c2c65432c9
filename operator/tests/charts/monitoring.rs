//! Every metric that alerts and dashboards ask for is one that a program has, every alert has its
//! runbook, and what a `PodMonitor` selects is there.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_operator::metrics::OperatorMetrics;
use serde_json::Value;

use crate::helm::{of_kind, one, project, read, render};

/// Labels that the `PodMonitor` and Prometheus give to everything that is scraped.
const TARGET_LABELS: [&str; 6] = [
    "namespace",
    "pod",
    "component",
    "object",
    "currency_object",
    "job",
];

/// A metric as it is found in the code: what is registered is `name`, and what Prometheus shows has
/// the prefix of its registry.
fn registered() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (file, prefix) in [
        ("workloads/stratum/src/metrics.rs", "stratum"),
        ("workloads/stratum/src/ship/metrics.rs", "stratum_journal"),
        ("workloads/coinserver/src/metrics.rs", "coinserver"),
        ("workloads/ledger/src/metrics.rs", "ledger"),
        ("workloads/web/src/metrics.rs", ""),
        ("workloads/web/src/metrics/jobs.rs", ""),
        ("operator/src/metrics.rs", "operator"),
    ] {
        let text = read(file);
        if !prefix.is_empty() {
            let sub = format!("sub_registry_with_prefix(\"{prefix}\")");
            assert!(text.contains(&sub), "{file} has another prefix");
        }
        // `register(` and the first text after it.
        for after in text.split("registry.register(").skip(1) {
            let name = after.split('"').nth(1).unwrap();
            let type_of = kind_of(&text, after);
            let full = ["ngpool", prefix, name]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join("_");
            match type_of {
                "Counter" => {
                    names.insert(format!("{full}_total"));
                }
                "Histogram" => {
                    for end in ["bucket", "sum", "count"] {
                        names.insert(format!("{full}_{end}"));
                    }
                }
                _ => {
                    names.insert(full);
                }
            }
        }
    }
    names
}

/// The type of the field whose clone is registered.
fn kind_of<'a>(text: &'a str, registration: &str) -> &'a str {
    let field = registration
        .split(".clone()")
        .next()
        .unwrap()
        .rsplit(['.', ' ', ','])
        .next()
        .unwrap()
        .trim();
    // Of a tuple struct the only field.
    let declared = if field == "0" {
        text.split("struct Requests(").nth(1).unwrap()
    } else {
        // With what is before it: `shipped` is the end of `unshipped`.
        let colon = format!(" {field}: ");
        text.split(&colon)
            .nth(1)
            .unwrap_or_else(|| panic!("no field {field}"))
    };
    let line = declared.lines().next().unwrap();
    ["Counter", "Histogram", "Gauge", "Seconds"]
        .into_iter()
        .find(|kind| line.contains(kind))
        .unwrap_or_else(|| panic!("what is `{line}`?"))
}

/// The words of an expression that begin with `ngpool_`.
fn metrics_of(expression: &str) -> Vec<&str> {
    expression
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with("ngpool_"))
        .collect()
}

fn alerts() -> Vec<Value> {
    let rules: Value = serde_saphyr::from_str(&read("charts/ngpool/rules/alerts.yaml")).unwrap();
    rules["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap().clone())
        .collect()
}

/// `NgpoolNoFreshJob` as `no-fresh-job`.
fn page(alert: &str) -> String {
    let mut page = String::new();
    for letter in alert.strip_prefix("Ngpool").unwrap().chars() {
        if letter.is_ascii_uppercase() && !page.is_empty() {
            page.push('-');
        }
        page.push(letter.to_ascii_lowercase());
    }
    page
}

fn dashboards() -> BTreeMap<String, Value> {
    let folder = project().join("charts/ngpool/dashboards");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// Every text under a key anywhere in a value.
fn texts<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, below) in fields {
                match below {
                    Value::String(text) if name == key => found.push(text),
                    _ => texts(below, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, key, found)),
        _ => {}
    }
}

#[test]
fn what_the_operator_exports_is_found_in_its_code() {
    let metrics = ngpool_runtime::Metrics::new();
    let _own = OperatorMetrics::new(&metrics);
    let exported: BTreeSet<String> = metrics
        .text()
        .unwrap()
        .lines()
        .filter_map(|line| {
            line.strip_prefix("# TYPE ")?
                .split(' ')
                .next()
                .map(str::to_owned)
        })
        .collect();
    let registered = registered();
    for name in exported {
        let there = ["", "_total", "_bucket"]
            .iter()
            .any(|end| registered.contains(&format!("{name}{end}")));
        assert!(there, "{name} is not found in the code");
    }
}

#[test]
fn every_metric_of_alerts_and_dashboards_exists() {
    let registered = registered();
    let mut asked = BTreeSet::new();
    for alert in alerts() {
        let expression = alert["expr"].as_str().unwrap().to_owned();
        let metrics = metrics_of(&expression);
        assert!(
            !metrics.is_empty() || expression.starts_with("up{"),
            "{} asks for nothing",
            alert["alert"]
        );
        for metric in metrics {
            assert!(registered.contains(metric), "{}: {metric}", alert["alert"]);
            asked.insert(metric.to_owned());
        }
    }
    for (name, dashboard) in dashboards() {
        let mut expressions = Vec::new();
        texts(&dashboard, "expr", &mut expressions);
        texts(&dashboard["templating"], "query", &mut expressions);
        assert!(expressions.len() > 4, "{name}");
        for expression in expressions {
            for metric in metrics_of(expression) {
                assert!(registered.contains(metric), "dashboard {name}: {metric}");
                asked.insert(metric.to_owned());
            }
        }
    }
    // What is exported is shown somewhere; else why is it exported?
    for metric in &registered {
        let family = metric
            .trim_end_matches("_bucket")
            .trim_end_matches("_sum")
            .trim_end_matches("_count");
        let shown = asked.iter().any(|one| one.starts_with(family));
        // Nobody can do anything about these; they are for who looks for a fault.
        let unshown = ["ngpool_stratum_height", "ngpool_ledger_position"];
        assert!(shown || unshown.contains(&family), "nothing shows {metric}");
    }
}

#[test]
fn labels_of_alerts_are_those_that_are_scraped_or_exported() {
    let exported = [
        "le",
        "reason",
        "outcome",
        "currency",
        "step",
        "kind",
        "by",
        "result",
        "status",
        "state",
        "complete",
        "part",
        "verdict",
        "name",
        "pool_namespace",
    ];
    for alert in alerts() {
        let texts = [
            alert["expr"].as_str().unwrap(),
            alert["annotations"]["summary"].as_str().unwrap(),
            alert["annotations"]["description"].as_str().unwrap(),
        ];
        // `by (a, b)` and `on (a, b)` in expressions, `$labels.a` in texts.
        let mut labels: Vec<&str> = Vec::new();
        for grouped in texts[0]
            .split(&['(', ')'][..])
            .collect::<Vec<_>>()
            .windows(2)
        {
            if grouped[0].trim_end().ends_with(" by") || grouped[0].trim_end().ends_with(" on") {
                labels.extend(
                    grouped[1]
                        .split(',')
                        .map(str::trim)
                        .filter(|it| !it.is_empty()),
                );
            }
        }
        for text in &texts[1..] {
            for after in text.split("$labels.").skip(1) {
                let end = after.find(|l: char| !l.is_ascii_lowercase() && l != '_');
                labels.push(&after[..end.unwrap_or(after.len())]);
            }
        }
        for label in labels {
            assert!(
                TARGET_LABELS.contains(&label) || exported.contains(&label),
                "{}: {label}",
                alert["alert"]
            );
        }
    }
}

#[test]
fn every_alert_is_described_and_has_a_runbook_and_every_runbook_an_alert() {
    let index = read("docs/runbooks/README.md");
    let mut pages = BTreeSet::from(["README".to_owned(), "solvency".to_owned()]);
    for alert in alerts() {
        let name = alert["alert"].as_str().unwrap();
        assert!(name.starts_with("Ngpool"), "{name}");
        for text in ["summary", "description"] {
            let text = alert["annotations"][text].as_str().unwrap_or_default();
            assert!(text.len() > 20, "{name} is not described");
        }
        let severity = alert["labels"]["severity"].as_str().unwrap();
        assert!(["critical", "warning"].contains(&severity), "{name}");
        let page = page(name);
        let text = read(&format!("docs/runbooks/{page}.md"));
        assert!(
            text.starts_with(&format!("# {name}\n\n*{severity}*\n")),
            "{page}"
        );
        for section in ["## What it means", "## Look", "## Do"] {
            let body = text.split(section).nth(1).unwrap_or_default();
            assert!(body.trim().len() > 20, "{page} lacks {section}");
        }
        let row = format!("| [{name}]({page}.md) | {severity} |");
        assert!(index.contains(&row), "the index lacks {row}");
        assert!(pages.insert(page), "two alerts called {name}");
    }
    for entry in std::fs::read_dir(project().join("docs/runbooks")).unwrap() {
        let path = entry.unwrap().path();
        let page = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            pages.contains(&page),
            "no alert leads to {}",
            path.display()
        );
    }
}

#[test]
fn the_tests_of_alerts_leave_none_out() {
    // `scripts/charts` runs them.
    let tests = read("charts/ngpool/rules/alerts-test.yaml");
    for alert in alerts() {
        let name = alert["alert"].as_str().unwrap();
        let line = format!("alertname=\"{name}\"");
        assert!(tests.contains(&line), "no test sees {name} fire");
    }
}

#[test]
fn links_between_runbooks_lead_somewhere() {
    let folder = project().join("docs/runbooks");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for after in text.split("](").skip(1) {
            let link = after.split(')').next().unwrap();
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                folder.join(file)
            };
            let there = std::fs::read_to_string(&target);
            let there = there.unwrap_or_else(|_| panic!("{}: {link}", path.display()));
            let headings: Vec<String> = there
                .lines()
                .filter_map(|line| Some(line.strip_prefix('#')?.trim_matches(['#', ' '])))
                .map(|heading| {
                    let words = heading.to_lowercase().replace(' ', "-");
                    words
                        .chars()
                        .filter(|l| l.is_alphanumeric() || *l == '-')
                        .collect()
                })
                .collect();
            assert!(
                anchor.is_empty() || headings.iter().any(|heading| heading == anchor),
                "{}: {link}",
                path.display()
            );
        }
    }
}

#[test]
fn rendered_alerts_lead_to_their_runbooks_and_can_be_left_out() {
    let Some(objects) = render(&[
        "monitoring.rules.enabled=true",
        "monitoring.rules.runbookUrl=https://example.com/runbooks/",
        "monitoring.rules.disabled={NgpoolNoFreshJob}",
        "monitoring.rules.labels.team=mining",
    ]) else {
        return;
    };
    let rule = one(&objects, "PrometheusRule", "ngpool");
    let mut names = Vec::new();
    for group in rule["spec"]["groups"].as_array().unwrap() {
        for alert in group["rules"].as_array().unwrap() {
            let name = alert["alert"].as_str().unwrap();
            let url = format!("https://example.com/runbooks/{}.md", page(name));
            assert_eq!(alert["annotations"]["runbook_url"], url);
            assert_eq!(alert["labels"]["team"], "mining");
            names.push(name.to_owned());
        }
    }
    let mut expected: Vec<_> = alerts()
        .iter()
        .map(|alert| alert["alert"].as_str().unwrap().to_owned())
        .collect();
    expected.retain(|name| name != "NgpoolNoFreshJob");
    assert_eq!(names, expected);
}

#[test]
fn nothing_of_monitoring_is_made_unless_it_is_asked_for() {
    let Some(objects) = render(&[]) else { return };
    for kind in [
        "ServiceMonitor",
        "PodMonitor",
        "PrometheusRule",
        "ConfigMap",
    ] {
        assert!(of_kind(&objects, kind).is_empty(), "{kind}");
    }
}

#[test]
fn dashboards_are_whole() {
    let mut uids = BTreeSet::new();
    for (name, dashboard) in dashboards() {
        assert!(
            uids.insert(dashboard["uid"].as_str().unwrap().to_owned()),
            "{name}"
        );
        let panels = dashboard["panels"].as_array().unwrap();
        let mut ids = BTreeSet::new();
        let mut cells = BTreeSet::new();
        for panel in panels {
            assert!(
                ids.insert(panel["id"].as_i64().unwrap()),
                "{name}: an id twice"
            );
            let at = |key: &str| panel["gridPos"][key].as_i64().unwrap();
            for x in at("x")..at("x") + at("w") {
                for y in at("y")..at("y") + at("h") {
                    assert!(x < 24 && cells.insert((x, y)), "{name}: panels overlap");
                }
            }
            if panel["type"] != "row" {
                let described = panel["description"].as_str().unwrap_or_default();
                assert!(!described.is_empty(), "{name}: {}", panel["title"]);
                assert_eq!(panel["datasource"]["uid"], "${datasource}");
            }
        }
    }
    let Some(objects) = render(&["monitoring.dashboards.enabled=true"]) else {
        return;
    };
    let maps = of_kind(&objects, "ConfigMap");
    assert_eq!(maps.len(), uids.len());
    for map in maps {
        for text in map["data"].as_object().unwrap().values() {
            let parsed: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
            assert!(uids.contains(parsed["uid"].as_str().unwrap()));
        }
    }
}
