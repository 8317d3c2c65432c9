//! Roles: the operator has what it needs and nothing that leads further, and who may view or edit cannot
//! change where money goes.

use std::collections::BTreeSet;

use ngpool_crds::schema::{DEFINED, definition};
use ngpool_operator::{build::Children, watch};
use serde_json::Value;

use crate::helm::{name, of_kind, one, render};

/// Verbs that change something.
const WRITING: [&str; 8] = [
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "bind",
    "escalate",
    "impersonate",
];
const KINDS: [&str; 5] = [
    "pools",
    "currencies",
    "coinservers",
    "sharechains",
    "stratumports",
];

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.map(|item| item.as_str().unwrap()).collect()
}

fn rules(role: &Value) -> &Vec<Value> {
    role["rules"].as_array().unwrap()
}

/// As the API server decides it, for objects of any name.
fn allows(role: &Value, verb: &str, group: &str, resource: &str) -> bool {
    let has = |list: &Value, word: &str| texts(list).iter().any(|it| *it == word || *it == "*");
    rules(role).iter().any(|rule| {
        rule["resourceNames"].is_null()
            && has(&rule["verbs"], verb)
            && has(&rule["apiGroups"], group)
            && has(&rule["resources"], resource)
    })
}

/// Everything a role may do, one by one.
fn permissions(role: &Value) -> BTreeSet<(String, String, String)> {
    let mut all = BTreeSet::new();
    for rule in rules(role) {
        for group in texts(&rule["apiGroups"]) {
            for resource in texts(&rule["resources"]) {
                for verb in texts(&rule["verbs"]) {
                    all.insert((group.to_owned(), resource.to_owned(), verb.to_owned()));
                }
            }
        }
    }
    all
}

#[test]
fn no_role_of_the_chart_has_a_wildcard_or_leads_to_more() {
    for set in [&[][..], &["watchNamespaces={a,b}"]] {
        let Some(objects) = render(set) else { return };
        for kind in ["Role", "ClusterRole"] {
            for role in of_kind(&objects, kind) {
                for (group, resource, verb) in permissions(role) {
                    let it = format!("{}: {verb} {resource}.{group}", name(role));
                    assert!(
                        ![&group, &resource, &verb].iter().any(|word| *word == "*"),
                        "{it}"
                    );
                    assert!(
                        !["bind", "escalate", "impersonate"].contains(&&*verb),
                        "{it}"
                    );
                    assert_ne!(group, "rbac.authorization.k8s.io", "{it}");
                    let leading = [
                        "pods/exec",
                        "pods/attach",
                        "pods/portforward",
                        "pods/ephemeralcontainers",
                        "serviceaccounts",
                        "serviceaccounts/token",
                        "nodes",
                        "nodes/proxy",
                        "namespaces",
                        "customresourcedefinitions",
                    ];
                    assert!(!leading.contains(&&*resource), "{it}");
                }
            }
        }
    }
}

#[test]
fn the_operator_may_do_all_that_it_does() {
    let Some(objects) = render(&[]) else { return };
    let role = one(&objects, "ClusterRole", "ngpool-operator");
    for resource in watch::resources() {
        for verb in ["get", "list", "watch"] {
            let may = allows(role, verb, &resource.group, &resource.plural);
            assert!(may, "{verb} {}.{}", resource.plural, resource.group);
        }
    }
    for resource in Children::kinds() {
        for verb in ["get", "list", "watch", "create", "patch", "delete"] {
            // Chains and books stay until a person deletes them.
            let meant = !(verb == "delete" && resource.kind == "PersistentVolumeClaim");
            let may = allows(role, verb, &resource.group, &resource.plural);
            assert_eq!(may, meant, "{verb} {}.{}", resource.plural, resource.group);
        }
    }
    for kind in KINDS {
        assert!(allows(
            role,
            "patch",
            "ngpool.io",
            &format!("{kind}/status")
        ));
        assert!(allows(
            role,
            "update",
            "ngpool.io",
            &format!("{kind}/finalizers")
        ));
        for verb in WRITING {
            assert!(!allows(role, verb, "ngpool.io", kind), "{verb} {kind}");
        }
    }
    for verb in ["get", "create", "update", "patch", "delete"] {
        assert!(allows(role, verb, "", "secrets"), "{verb}");
    }
    assert!(allows(role, "create", "events.k8s.io", "events"));
}

#[test]
fn the_operator_lists_no_secrets() {
    for set in [&[][..], &["watchNamespaces={a,b}"]] {
        let Some(objects) = render(set) else { return };
        for kind in ["Role", "ClusterRole"] {
            for role in of_kind(&objects, kind) {
                for verb in ["list", "watch", "deletecollection"] {
                    assert!(!allows(role, verb, "", "secrets"), "{verb}: {}", name(role));
                }
            }
        }
    }
}

#[test]
fn single_namespaces_narrow_the_roles_too() {
    let Some(wide) = render(&[]) else { return };
    let Some(narrow) = render(&["watchNamespaces={a,b}"]) else {
        return;
    };
    let everywhere = permissions(one(&wide, "ClusterRole", "ngpool-operator"));
    assert!(of_kind(&narrow, "ClusterRoleBinding").is_empty());
    for role in of_kind(&narrow, "ClusterRole") {
        // Those for people; nobody is bound to them by the chart.
        assert_ne!(name(role), "ngpool-operator");
    }
    for namespace in ["a", "b"] {
        let in_it = |kind: &str| -> Vec<&Value> {
            of_kind(&narrow, kind)
                .into_iter()
                .filter(|object| object["metadata"]["namespace"] == namespace)
                .collect()
        };
        let (roles, bindings) = (in_it("Role"), in_it("RoleBinding"));
        assert_eq!((roles.len(), bindings.len()), (1, 1), "{namespace}");
        assert_eq!(permissions(roles[0]), everywhere);
        assert_eq!(bindings[0]["roleRef"]["name"], name(roles[0]));
        assert_eq!(bindings[0]["subjects"][0]["namespace"], "ngpool-system");
    }
    let operator = one(&narrow, "Deployment", "ngpool-operator");
    let args = texts(&operator["spec"]["template"]["spec"]["containers"][0]["args"]);
    for namespace in ["a", "b"] {
        let arg = format!("--watch-namespace={namespace}");
        assert!(args.contains(&arg.as_str()), "{args:?}");
    }
}

#[test]
fn the_lease_is_the_only_one_it_may_change() {
    let Some(objects) = render(&[]) else { return };
    let role = one(&objects, "Role", "ngpool-operator-lease");
    for verb in ["get", "update", "patch", "delete"] {
        assert!(
            !allows(role, verb, "coordination.k8s.io", "leases"),
            "{verb}"
        );
    }
    // `create` cannot be limited to a name.
    assert!(allows(role, "create", "coordination.k8s.io", "leases"));
    let named: Vec<&Value> = rules(role)
        .iter()
        .filter(|rule| !rule["resourceNames"].is_null())
        .collect();
    assert_eq!(named.len(), 1);
    assert_eq!(texts(&named[0]["resourceNames"]), ["ngpool-operator"]);
    let operator = one(&objects, "Deployment", "ngpool-operator");
    let args = texts(&operator["spec"]["template"]["spec"]["containers"][0]["args"]);
    assert!(args.contains(&"--lease-name=ngpool-operator"), "{args:?}");
    assert!(
        args.contains(&"--lease-namespace=ngpool-system"),
        "{args:?}"
    );
}

#[test]
fn who_views_changes_nothing() {
    let Some(objects) = render(&[]) else { return };
    let role = one(&objects, "ClusterRole", "ngpool-view");
    for (group, resource, verb) in permissions(role) {
        assert_eq!(group, "ngpool.io", "{resource}");
        assert!(
            ["get", "list", "watch"].contains(&&*verb),
            "{verb} {resource}"
        );
    }
    for kind in KINDS {
        assert!(allows(role, "get", "ngpool.io", kind));
        assert!(allows(role, "get", "ngpool.io", &format!("{kind}/status")));
    }
}

#[test]
fn who_edits_changes_ports_and_nodes_and_not_where_money_goes() {
    let Some(objects) = render(&[]) else { return };
    let role = one(&objects, "ClusterRole", "ngpool-edit");
    for (group, resource, verb) in permissions(role) {
        assert_eq!(group, "ngpool.io", "{resource}");
        if WRITING.contains(&&*verb) {
            let meant = ["coinservers", "stratumports", "stratumports/scale"];
            assert!(meant.contains(&&*resource), "{verb} {resource}");
        }
    }
    for kind in ["pools", "currencies", "sharechains"] {
        assert!(allows(role, "get", "ngpool.io", kind));
        for verb in WRITING {
            for part in ["", "/status", "/scale", "/finalizers"] {
                let resource = format!("{kind}{part}");
                assert!(
                    !allows(role, verb, "ngpool.io", &resource),
                    "{verb} {resource}"
                );
            }
        }
    }
    for kind in ["coinservers", "stratumports"] {
        for verb in ["create", "update", "patch", "delete"] {
            assert!(allows(role, verb, "ngpool.io", kind), "{verb} {kind}");
            // Nor may he tell others that all is well.
            assert!(!allows(role, verb, "ngpool.io", &format!("{kind}/status")));
        }
    }
}

#[test]
fn roles_of_people_become_part_of_those_of_the_cluster_each_of_its_own() {
    let prefix = "rbac.authorization.k8s.io/aggregate-to-";
    let Some(objects) = render(&[]) else { return };
    for (role, into) in [
        ("ngpool-view", Some("view")),
        ("ngpool-edit", Some("edit")),
        ("ngpool-admin", Some("admin")),
        ("ngpool-operator", None),
    ] {
        let labels = &one(&objects, "ClusterRole", role)["metadata"]["labels"];
        let labels = labels.as_object().unwrap();
        let found: Vec<&str> = labels
            .keys()
            .filter_map(|label| label.strip_prefix(prefix))
            .collect();
        assert_eq!(found, into.into_iter().collect::<Vec<_>>(), "{role}");
    }
    let Some(objects) = render(&["rbac.users.aggregate=false"]) else {
        return;
    };
    assert!(!Value::from(objects).to_string().contains(prefix));
}

/// A pod template can mount any Secret, and a Secret that is named is used: each such field of the
/// schemas is one that the policy compares.
#[test]
fn the_policy_knows_every_field_by_which_the_operator_could_be_sent_for_secrets() {
    let Some(objects) = render(&[]) else { return };
    let policy = one(&objects, "ValidatingAdmissionPolicy", "ngpool-no-detour");
    let spec = &policy["spec"];
    let expressions = ["variables", "validations"].map(|list| spec[list].as_array().unwrap());
    let known: BTreeSet<String> = expressions
        .into_iter()
        .flatten()
        .flat_map(|one| {
            let text = one["expression"].as_str().unwrap().to_owned();
            let paths: Vec<String> = text
                .split(|letter: char| !(letter.is_alphanumeric() || ".?".contains(letter)))
                .filter_map(|word| word.strip_prefix("object."))
                .map(|path| path.replace('?', ""))
                .map(|path| path.trim_end_matches(".hasValue").to_owned())
                .collect();
            paths
        })
        .collect();
    let matched = &policy["spec"]["matchConstraints"]["resourceRules"][0];
    let matched = texts(&matched["resources"]);
    for kind in DEFINED {
        let definition = definition(kind).unwrap();
        let plural = definition.spec.names.plural.clone();
        let value = serde_json::to_value(definition).unwrap();
        let schema = &value["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        let mut fields = Vec::new();
        sensitive("spec", &schema["properties"]["spec"], &mut fields);
        for field in fields {
            // Credentials of an external node are compared with the URL they are sent to.
            let field = field.replace("spec.external.credentialsSecret.name", "spec.external");
            assert!(
                known.contains(&field),
                "{kind}: {field} is not in {known:?}"
            );
            assert!(matched.contains(&plural.as_str()), "{plural}");
        }
    }
}

/// Paths of pod templates and of names of Secrets.
fn sensitive(path: &str, schema: &Value, found: &mut Vec<String>) {
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let lower = name.to_lowercase();
        if path.ends_with("pod.template") {
            found.push(path);
        } else if lower.ends_with("secret") {
            found.push(format!("{path}.name"));
        } else if lower == "secretname" {
            found.push(path);
        } else if path != "spec.images.pullSecrets" {
            sensitive(&path, below, found);
        }
    }
}

#[test]
fn the_policy_follows_the_namespaces_and_can_be_left_out() {
    let Some(objects) = render(&["watchNamespaces={a}"]) else {
        return;
    };
    let binding = one(
        &objects,
        "ValidatingAdmissionPolicyBinding",
        "ngpool-no-detour",
    );
    assert_eq!(binding["spec"]["validationActions"][0], "Deny");
    let selector = &binding["spec"]["matchResources"]["namespaceSelector"];
    assert_eq!(texts(&selector["matchExpressions"][0]["values"]), ["a"]);
    let Some(objects) = render(&["rbac.admissionPolicy=false"]) else {
        return;
    };
    assert!(of_kind(&objects, "ValidatingAdmissionPolicy").is_empty());
}
