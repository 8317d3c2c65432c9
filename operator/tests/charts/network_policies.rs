//! The policies as a network would read them, against the table in `ARCHITECTURE.md`: every pair of a
//! pool's parts on every port is what the table says.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use k8s_openapi::{
    api::{
        core::v1::PodTemplateSpec,
        networking::v1::{NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort},
    },
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};
use ngpool_crds::{Kind, ObjectRef, load};
use ngpool_operator::{
    plan::{self, Defaults},
    view::View,
};
use serde_json::Value;

use crate::helm::{of_kind, project, read, render};

const COMPONENT: &str = "app.kubernetes.io/component";

type Labels = BTreeMap<String, String>;

/// Something that may connect or be connected to.
#[derive(Debug, Clone)]
struct Pod {
    /// Nothing for what is outside the cluster.
    namespace: Option<&'static str>,
    labels: Labels,
    /// Ports by name.
    ports: BTreeMap<String, u16>,
}

impl Pod {
    fn stranger(namespace: Option<&'static str>, component: &str) -> Self {
        Self {
            namespace,
            labels: Labels::from([(COMPONENT.to_owned(), component.to_owned())]),
            ports: BTreeMap::new(),
        }
    }

    fn component(&self) -> &str {
        &self.labels[COMPONENT]
    }
}

/// A pool's pods and policies, and the operator's where there is Helm.
struct Cluster {
    pods: Vec<Pod>,
    policies: Vec<(&'static str, NetworkPolicy)>,
}

fn pod_of(template: PodTemplateSpec, namespace: &'static str) -> Pod {
    let containers = template.spec.unwrap().containers;
    let ports = containers
        .into_iter()
        .flat_map(|it| it.ports.unwrap_or_default());
    Pod {
        namespace: Some(namespace),
        labels: template.metadata.unwrap().labels.unwrap(),
        ports: ports
            .map(|port| {
                (
                    port.name.unwrap(),
                    u16::try_from(port.container_port).unwrap(),
                )
            })
            .collect(),
    }
}

/// The example as the operator makes it, in a namespace.
fn pool(namespace: &'static str) -> Cluster {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/litecoin-regtest");
    let objects = load(&[example]).unwrap();
    let mut names = vec![ObjectRef::new(Kind::Pool, "pool")];
    let mut add = |kind, all: Vec<&String>| {
        names.extend(all.into_iter().map(|name| ObjectRef::new(kind, name)));
    };
    add(Kind::Currency, objects.currencies.keys().collect());
    add(Kind::Coinserver, objects.coinservers.keys().collect());
    add(Kind::Sharechain, objects.sharechains.keys().collect());
    add(Kind::StratumPort, objects.stratum_ports.keys().collect());
    let view = View {
        namespace: namespace.to_owned(),
        objects: Arc::new(objects),
        ..View::default()
    };
    let defaults = Defaults {
        programs: "registry.example/ngpool:1.2.3".to_owned(),
        nodes: "registry.example/node".to_owned(),
        postgres: "registry.example/postgres:17".to_owned(),
    };
    let mut cluster = Cluster {
        pods: Vec::new(),
        policies: Vec::new(),
    };
    for name in names {
        for child in plan::children(&view, &name, &defaults).unwrap().0 {
            let value = serde_json::to_value(&child.object).unwrap();
            cluster.add(&child.resource.kind, &value, namespace);
        }
    }
    cluster
}

impl Cluster {
    fn add(&mut self, kind: &str, value: &Value, namespace: &'static str) {
        let template = match kind {
            "CronJob" => &value["spec"]["jobTemplate"]["spec"]["template"],
            "Deployment" | "StatefulSet" | "Job" => &value["spec"]["template"],
            "NetworkPolicy" => {
                let policy: NetworkPolicy = serde_json::from_value(value.clone()).unwrap();
                self.policies.push((namespace, policy));
                return;
            }
            _ => return,
        };
        let template = serde_json::from_value(template.clone()).unwrap();
        self.pods.push(pod_of(template, namespace));
    }

    /// The operator as the chart has it; without Helm there is none to look at.
    fn add_operator(&mut self) {
        let Some(objects) = render(&["crds.enabled=false"]) else {
            let mut operator = Pod::stranger(Some("ngpool-system"), "operator");
            operator
                .labels
                .insert("app.kubernetes.io/part-of".to_owned(), "ngpool".to_owned());
            self.pods.push(operator);
            return;
        };
        for kind in ["Deployment", "NetworkPolicy"] {
            for object in of_kind(&objects, kind) {
                self.add(kind, object, "ngpool-system");
            }
        }
    }

    /// Whether the network lets a connection through: no policy of the target, or a rule of one.
    fn allows(&self, from: &Pod, to: &Pod, port: u16) -> bool {
        let mut of_target = self
            .policies
            .iter()
            .filter(|(namespace, policy)| {
                let spec = policy.spec.as_ref().unwrap();
                to.namespace == Some(namespace)
                    && selects(spec.pod_selector.as_ref(), &to.labels)
                    && spec
                        .policy_types
                        .as_ref()
                        .unwrap()
                        .contains(&"Ingress".to_owned())
            })
            .peekable();
        if of_target.peek().is_none() {
            return true;
        }
        of_target.any(|(namespace, policy)| {
            let rules = policy.spec.as_ref().unwrap().ingress.as_ref();
            rules.into_iter().flatten().any(|rule| {
                let peer = |peer: &NetworkPolicyPeer| is_peer(peer, namespace, from);
                let from_here = rule.from.as_ref().is_none_or(|peers| {
                    // An empty list is everybody, as the API says.
                    peers.is_empty() || peers.iter().any(peer)
                });
                let to_port = rule.ports.as_ref().is_none_or(|ports| {
                    ports.is_empty() || ports.iter().any(|it| is_port(it, to, port))
                });
                from_here && to_port
            })
        })
    }
}

fn selects(selector: Option<&LabelSelector>, labels: &Labels) -> bool {
    let Some(selector) = selector else {
        return true;
    };
    assert!(
        selector.match_expressions.is_none(),
        "expressions are not read here"
    );
    let wanted = selector.match_labels.iter().flatten();
    wanted
        .into_iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

fn is_peer(peer: &NetworkPolicyPeer, namespace: &str, from: &Pod) -> bool {
    assert!(
        peer.ip_block.is_none(),
        "blocks of addresses are not read here"
    );
    let Some(own) = from.namespace else {
        // Selectors select pods, and what is outside is none.
        return false;
    };
    let in_namespace = match &peer.namespace_selector {
        None => own == namespace,
        Some(selector) => {
            let labels = Labels::from([("kubernetes.io/metadata.name".to_owned(), own.to_owned())]);
            selects(Some(selector), &labels)
        }
    };
    in_namespace && selects(peer.pod_selector.as_ref(), &from.labels)
}

fn is_port(allowed: &NetworkPolicyPort, to: &Pod, port: u16) -> bool {
    assert!(allowed.end_port.is_none(), "ranges are not read here");
    if allowed.protocol.as_deref().unwrap_or("TCP") != "TCP" {
        return false;
    }
    match &allowed.port {
        None => true,
        Some(IntOrString::Int(number)) => *number == i32::from(port),
        Some(IntOrString::String(name)) => to.ports.get(name) == Some(&port),
    }
}

/// A line of the table.
#[derive(Debug)]
struct Arrow {
    from: From,
    to: BTreeSet<String>,
    port: String,
}

#[derive(Debug)]
enum From {
    Anybody,
    AnyPod,
    Components(BTreeSet<String>),
}

/// The table of `ARCHITECTURE.md`.
fn table() -> Vec<Arrow> {
    let text = read("ARCHITECTURE.md");
    let section = text.split("## Who may talk to whom").nth(1).unwrap();
    let names = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    section
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let from = match cells[0] {
                "anybody" => From::Anybody,
                "any pod" => From::AnyPod,
                components => From::Components(names(components)),
            };
            Arrow {
                from,
                to: names(cells[1]),
                port: cells[2].to_owned(),
            }
        })
        .collect()
}

/// What the table says of a connection.
fn meant(table: &[Arrow], from: &Pod, to: &Pod, port: &str) -> bool {
    table.iter().any(|arrow| {
        let from_here = match &arrow.from {
            From::Anybody => true,
            From::AnyPod => from.namespace.is_some(),
            From::Components(names) => {
                names.contains(from.component())
                    && (from.namespace == to.namespace
                        || from.component() == "operator"
                            && from.namespace == Some("ngpool-system"))
            }
        };
        from_here && arrow.to.contains(to.component()) && arrow.port == port
    })
}

#[test]
fn every_arrow_of_the_table_is_allowed_and_every_other_refused() {
    let table = table();
    assert!(table.len() >= 9, "the table was not found");
    let mut cluster = pool("pools");
    cluster.add_operator();
    let targets = cluster.pods.clone();

    let mut sources = targets.clone();
    // The same parts of a pool next door, a Prometheus, somebody's shell, and the world.
    sources.extend(pool("next-door").pods);
    sources.push(Pod::stranger(Some("monitoring"), "prometheus"));
    sources.push(Pod::stranger(Some("pools"), "shell"));
    sources.push(Pod::stranger(None, "miner"));

    let mut ports: BTreeMap<String, u16> =
        targets.iter().flat_map(|pod| pod.ports.clone()).collect();
    // The daemon's own ports, which are for its pod alone, and one that nobody knows.
    ports.extend([("rpc".to_owned(), 19_443), ("other".to_owned(), 12_345)]);

    let components: BTreeSet<&str> = targets.iter().map(Pod::component).collect();
    for arrow in &table {
        for name in &arrow.to {
            assert!(
                components.contains(name.as_str()),
                "{name} of the table is no component"
            );
        }
        assert!(ports.contains_key(&arrow.port), "{} is no port", arrow.port);
    }

    let (mut allowed, mut refused) = (0, 0);
    for from in &sources {
        for to in &targets {
            for (name, port) in &ports {
                // Named by the target, where it has that name: ports of miners differ.
                let port = to.ports.get(name).unwrap_or(port);
                let is = cluster.allows(from, to, *port);
                let meant = meant(&table, from, to, name);
                assert_eq!(
                    is,
                    meant,
                    "{:?}/{} to {:?}/{} on {name} ({port})",
                    from.namespace,
                    from.component(),
                    to.namespace,
                    to.component(),
                );
                if is {
                    allowed += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(
        allowed > 100 && refused > 500,
        "{allowed} allowed, {refused} refused"
    );
}

#[test]
fn every_port_of_every_pod_has_a_line_in_the_table() {
    let table = table();
    let mut cluster = pool("pools");
    cluster.add_operator();
    for pod in &cluster.pods {
        for port in pod.ports.keys() {
            let told = table
                .iter()
                .any(|arrow| arrow.to.contains(pod.component()) && arrow.port == *port);
            assert!(told, "nobody may connect to {port} of {}", pod.component());
        }
    }
}

#[test]
fn every_component_of_the_table_is_explained_below_it() {
    let text = read("ARCHITECTURE.md");
    let below = text.split("Names are those of the label").nth(1).unwrap();
    for arrow in table() {
        let from = match arrow.from {
            From::Components(names) => names,
            From::Anybody | From::AnyPod => BTreeSet::new(),
        };
        for name in arrow.to.iter().chain(&from) {
            let known = below.contains(&format!("`{name}`")) || name == "operator";
            assert!(known, "{name}");
        }
    }
    assert!(project().join("ARCHITECTURE.md").is_file());
}
