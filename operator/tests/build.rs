//! What the examples become, and what must hold of every pod.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

use std::path::Path;

use ngpool_crds::{
    Cluster, Objects, coinserver_document, daemon_pod, effective_pod,
    kinds::{ImagePullPolicy, PodSettings},
    ledger_document, load, payout_job, stratum_document, web_document,
};
use ngpool_operator::{
    build::{self, Child, Children, Images, Setting, coinserver::Node, pool::OwnerUrl},
    names::Owner,
};
use serde_json::Value;

fn example(name: &str) -> Objects {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    load(&[folder]).unwrap()
}

fn setting() -> Setting {
    Setting {
        owner: Owner {
            namespace: "pools".to_owned(),
            reference: None,
            version: "1.2.3".to_owned(),
        },
        images: Images {
            programs: "registry.example/ngpool:1.2.3".to_owned(),
            nodes: "registry.example/nodes".to_owned(),
            postgres: "registry.example/postgres:17".to_owned(),
            pull_policy: ImagePullPolicy::IfNotPresent,
            pull_secrets: vec!["pull".to_owned()],
        },
    }
}

fn owner_url() -> OwnerUrl {
    OwnerUrl {
        secret: "pool-database-owner".to_owned(),
        key: "url".to_owned(),
    }
}

/// Every child of every object, as the operator makes them.
fn everything(objects: &Objects) -> Children {
    let setting = setting();
    let pod = |own: Option<&PodSettings>| effective_pod(objects, own);
    let mut all = Children::default();
    for (name, coinserver) in &objects.coinservers {
        let document = coinserver_document(objects, &Cluster, name).unwrap();
        let daemon = daemon_pod(objects, &Cluster, name).unwrap();
        let external = coinserver.spec.external.as_ref();
        let node = Node {
            document: &document,
            currency: &coinserver.spec.currency,
            daemon: daemon.as_ref(),
            external_secret: external.map(|external| &*external.credentials_secret.name),
            own: &pod(coinserver.spec.pod.as_ref()),
        };
        all.0
            .extend(build::coinserver::build(&setting, node).unwrap().0);
    }
    for (name, chain) in &objects.sharechains {
        let document = ledger_document(objects, &Cluster, name).unwrap();
        let own = pod(chain.spec.pod.as_ref());
        all.0
            .extend(build::sharechain::build(&setting, &document, &own).0);
    }
    for (name, port) in &objects.stratum_ports {
        let document = stratum_document(objects, &Cluster, name).unwrap();
        let own = pod(port.spec.pod.as_ref());
        let children = build::stratum_port::build(&setting, &document, &port.spec, &own, false);
        all.0.extend(children.0);
    }
    for name in objects.currencies.keys() {
        let job = payout_job(objects, &Cluster, name).unwrap();
        all.0
            .extend(build::currency::build(&setting, name, &job, &pod(None)).0);
    }
    let pool = &objects.pool.as_ref().unwrap().spec;
    let web = pool.web.clone().unwrap_or_default();
    let document = web_document(objects, &Cluster).unwrap();
    let own = pod(web.pod.as_ref());
    all.0
        .extend(build::pool::web(&setting, &document, &web, &own).0);
    all.job(build::pool::migration(&setting, &owner_url(), "digest"));
    if let Some(bundled) = &pool.database.bundled {
        all.0
            .extend(build::pool::bundled(&setting, bundled.storage.as_ref()).0);
    }
    all
}

fn json(child: &Child) -> Value {
    serde_json::to_value(&child.object).unwrap()
}

/// The pod templates in an object, wherever they are.
fn pod_specs(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(fields) if fields.contains_key("containers") => vec![value],
        Value::Object(fields) => fields.values().flat_map(pod_specs).collect(),
        Value::Array(items) => items.iter().flat_map(pod_specs).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_regtest_example_becomes_these_objects() {
    let mut children = everything(&example("litecoin-regtest"));
    children
        .0
        .sort_by_key(|child| (child.resource.kind.clone(), child.name()));
    let list: Vec<String> = children
        .0
        .iter()
        .map(|child| format!("{} {}", child.resource.kind, child.name()))
        .collect();
    insta::assert_yaml_snapshot!("regtest_list", list);
    for kind in ["Deployment", "CronJob", "Job", "StatefulSet", "Service"] {
        let objects: Vec<Value> = children
            .0
            .iter()
            .filter(|child| child.resource.kind == kind)
            .map(json)
            .collect();
        insta::assert_yaml_snapshot!(format!("regtest_{}", kind.to_lowercase()), objects);
    }
}

#[test]
fn no_pod_has_a_token_and_every_pod_meets_the_restricted_standard() {
    for name in ["litecoin-regtest", "bitcoin-mainnet"] {
        let children = everything(&filled_in(name));
        let mut pods = 0;
        for child in &children.0 {
            let value = json(child);
            for spec in pod_specs(&value) {
                pods += 1;
                let at = format!("{} {} of {name}", child.resource.kind, child.name());
                assert_eq!(spec["automountServiceAccountToken"], false, "{at}");
                assert!(spec.get("serviceAccountName").is_none(), "{at}");
                let security = &spec["securityContext"];
                assert_eq!(security["runAsNonRoot"], true, "{at}");
                assert_eq!(security["seccompProfile"]["type"], "RuntimeDefault", "{at}");
                for list in ["containers", "initContainers"] {
                    for container in spec[list].as_array().into_iter().flatten() {
                        let security = &container["securityContext"];
                        assert_eq!(security["allowPrivilegeEscalation"], false, "{at}");
                        assert_eq!(security["readOnlyRootFilesystem"], true, "{at}");
                        assert_eq!(security["capabilities"]["drop"][0], "ALL", "{at}");
                        assert!(container["resources"]["requests"].is_object(), "{at}");
                    }
                }
            }
        }
        assert!(pods >= 6, "{name} has {pods} pods");
    }
}

/// Every volume that is mounted is there, and every volume is mounted.
#[test]
fn mounts_and_volumes_agree() {
    for child in &everything(&example("litecoin-regtest")).0 {
        let value = json(child);
        for spec in pod_specs(&value) {
            let names = |list: &Value, key: &str| -> Vec<String> {
                list.as_array()
                    .into_iter()
                    .flatten()
                    .map(|item| item[key].as_str().unwrap().to_owned())
                    .collect()
            };
            let mut volumes = names(&spec["volumes"], "name");
            // A StatefulSet's claims are volumes too.
            let claims = value["spec"]["volumeClaimTemplates"].as_array();
            for claim in claims.into_iter().flatten() {
                volumes.push(claim["metadata"]["name"].as_str().unwrap().to_owned());
            }
            let mut mounted = Vec::new();
            for list in ["containers", "initContainers"] {
                for container in spec[list].as_array().into_iter().flatten() {
                    mounted.extend(names(&container["volumeMounts"], "name"));
                }
            }
            mounted.sort();
            mounted.dedup();
            volumes.sort();
            assert_eq!(mounted, volumes, "{}", child.name());
        }
    }
}

/// No document and no argument holds what only a Secret may.
#[test]
fn secrets_are_only_named() {
    for child in &everything(&example("litecoin-regtest")).0 {
        let text = json(child).to_string();
        for word in ["rpcpassword", "PRIVATE KEY", "postgres://"] {
            assert!(!text.contains(word), "{} holds {word}", child.name());
        }
        assert_ne!(child.resource.kind, "Secret");
    }
}

#[test]
fn every_child_can_be_found_by_its_labels_and_cleaned_up_by_its_kind() {
    let kinds: Vec<String> = Children::kinds()
        .into_iter()
        .map(|kind| kind.kind)
        .collect();
    for child in &everything(&example("litecoin-regtest")).0 {
        assert!(
            kinds.contains(&child.resource.kind),
            "{}",
            child.resource.kind
        );
        let labels = child.object.metadata.labels.as_ref().unwrap();
        assert_eq!(labels["app.kubernetes.io/part-of"], "ngpool");
        assert_eq!(labels["app.kubernetes.io/managed-by"], "ngpool-operator");
    }
}

#[test]
fn what_a_pod_block_says_is_merged_last() {
    let mut objects = example("litecoin-regtest");
    let chain = objects.sharechains.values_mut().next().unwrap();
    chain.spec.pod = serde_json::from_value(serde_json::json!({
        "resources": {"requests": {"cpu": "7"}},
        "template": {
            "metadata": {"annotations": {"own": "yes"}},
            "spec": {"priorityClassName": "pools", "nodeSelector": {"disk": "fast"}},
        },
    }))
    .unwrap();
    let children = everything(&objects);
    let ledger = children
        .0
        .iter()
        .find(|child| {
            child.resource.kind == "Deployment" && child.name().starts_with("sharechain-")
        })
        .unwrap();
    let value = json(ledger);
    let template = &value["spec"]["template"];
    assert_eq!(template["metadata"]["annotations"]["own"], "yes");
    assert_eq!(template["spec"]["priorityClassName"], "pools");
    assert_eq!(template["spec"]["nodeSelector"]["disk"], "fast");
    let container = &template["spec"]["containers"][0];
    assert_eq!(container["resources"]["requests"]["cpu"], "7");
    assert_eq!(template["spec"]["automountServiceAccountToken"], false);
}

#[test]
fn a_route_leads_to_the_port_of_the_service() {
    let mut objects = example("litecoin-regtest");
    let port = objects.stratum_ports.values_mut().next().unwrap();
    port.spec.gateway = serde_json::from_value(serde_json::json!({"name": "edge"})).unwrap();
    port.spec.service = serde_json::from_value(serde_json::json!({"port": 443})).unwrap();
    let children = everything(&objects);
    let route = children.get("TCPRoute", "stratumport-main").unwrap();
    let backend = &json(route)["spec"]["rules"][0]["backendRefs"][0];
    assert_eq!(backend["port"], 443);
}

/// The mainnet example leaves the subsidy address to its reader.
fn filled_in(name: &str) -> Objects {
    let mut objects = example(name);
    for currency in objects.currencies.values_mut() {
        if currency.spec.code == "BTC" {
            // Of BIP 173.
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
                .clone_into(&mut currency.spec.subsidy_address);
        }
    }
    objects
}
