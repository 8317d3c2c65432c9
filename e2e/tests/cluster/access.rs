//! Who may change where money goes: the cluster's own answers for people with each role.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use k8s_openapi::api::{
    authorization::v1::{ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec},
    rbac::v1::RoleBinding,
};
use kube::{Api, api::PostParams};
use ngpool_e2e::{
    harness::Suite,
    pool::{Pool, SOON},
    tests,
    wait::until_true,
};
use serde_json::{Value, json};

/// Kinds that say where money goes.
const MONEY: [&str; 3] = ["pools", "currencies", "sharechains"];
/// Kinds of daily work.
const DAILY: [&str; 2] = ["coinservers", "stratumports"];
/// Verbs that change something.
const CHANGE: [&str; 5] = ["create", "update", "patch", "delete", "deletecollection"];

pub(crate) fn suite() -> Suite {
    Suite {
        name: "access",
        alone: false,
        story: false,
        begin: |session, name| {
            Box::pin(async move {
                let pool = Pool::empty(&session, name).await?;
                for role in ["view", "edit", "admin", "ngpool-edit"] {
                    bind(&pool, role).await?;
                }
                Ok(pool)
            })
        },
        tests: tests![
            a_viewer_changes_nothing_and_reads_no_secret,
            an_editor_runs_ports_and_nodes_but_not_the_money,
            only_an_admin_changes_where_money_goes,
            nobody_but_the_operator_writes_a_status,
            nobody_gets_more_by_way_of_the_operator,
        ],
    }
}

async fn a_viewer_changes_nothing_and_reads_no_secret(pool: &Pool) -> anyhow::Result<()> {
    settled(pool, "view", "get", "pools").await?;
    for kind in MONEY.into_iter().chain(DAILY) {
        ensure!(
            may(pool, "view", "get", kind, "").await?,
            "a viewer sees no {kind}"
        );
        for verb in CHANGE {
            refused(pool, "view", verb, kind, "").await?;
        }
    }
    refused(pool, "view", "patch", "stratumports", "scale").await?;
    let secrets = may_in(pool, "view", "", "get", "secrets", "").await?;
    ensure!(!secrets, "a viewer reads Secrets");
    Ok(())
}

async fn an_editor_runs_ports_and_nodes_but_not_the_money(pool: &Pool) -> anyhow::Result<()> {
    settled(pool, "edit", "create", "stratumports").await?;
    for kind in DAILY {
        for verb in CHANGE {
            ensure!(
                may(pool, "edit", verb, kind, "").await?,
                "an editor may not {verb} {kind}"
            );
        }
    }
    ensure!(
        may(pool, "edit", "patch", "stratumports", "scale").await?,
        "an editor may not scale a port"
    );
    for kind in MONEY {
        for verb in CHANGE {
            refused(pool, "edit", verb, kind, "").await?;
        }
    }
    Ok(())
}

async fn only_an_admin_changes_where_money_goes(pool: &Pool) -> anyhow::Result<()> {
    settled(pool, "admin", "patch", "currencies").await?;
    for kind in MONEY {
        for verb in CHANGE {
            ensure!(
                may(pool, "admin", verb, kind, "").await?,
                "an admin may not {verb} {kind}"
            );
        }
    }
    Ok(())
}

async fn nobody_but_the_operator_writes_a_status(pool: &Pool) -> anyhow::Result<()> {
    for role in ["view", "edit", "admin"] {
        for kind in MONEY.into_iter().chain(DAILY) {
            for verb in ["update", "patch"] {
                refused(pool, role, verb, kind, "status").await?;
            }
        }
    }
    Ok(())
}

/// Who runs ports and may neither run pods nor read Secrets gets neither through a port's fields.
async fn nobody_gets_more_by_way_of_the_operator(pool: &Pool) -> anyhow::Result<()> {
    let role = "ngpool-edit";
    settled(pool, role, "create", "stratumports").await?;
    let folder = pool.session.folder("access")?;
    let attempt = async |name: &str, more: Value| {
        let mut port = json!({
            "apiVersion": "ngpool.io/v1alpha1",
            "kind": "StratumPort",
            "metadata": {"name": "detour"},
            "spec": {"port": 3333, "currency": "litecoin", "sharechain": "main"},
        });
        let spec = port["spec"]
            .as_object_mut()
            .context("a spec is an object")?;
        spec.extend(more.as_object().cloned().unwrap_or_default());
        let file = folder.join(format!("{name}.json"));
        std::fs::write(&file, port.to_string())?;
        let file = format!("--filename={}", file.display());
        pool.kubectl([
            "create",
            "--dry-run=server",
            "--as",
            "e2e-ngpool-edit",
            &file,
        ])
        .await
    };
    // The policy begins to hold a moment after it was made.
    let priority = json!({"pod": {"template": {"spec": {"priorityClassName": "x"}}}});
    until_true("the policy to hold", SOON, async || {
        let template = attempt("template", priority.clone()).await;
        Ok(template.is_err_and(|error| format!("{error:#}").contains("denied")))
    })
    .await?;
    attempt("plain", json!({}))
        .await
        .context("a plain port is refused")?;
    let secret = attempt("secret", json!({"tls": {"secretName": "of-others"}})).await;
    ensure!(secret.is_err(), "a Secret was named by who may not read it");
    Ok(())
}

/// Gives a person of the role's name one of the cluster's own roles in the namespace.
async fn bind(pool: &Pool, role: &str) -> anyhow::Result<()> {
    let binding: RoleBinding = serde_json::from_value(json!({
        "metadata": {"name": format!("e2e-{role}")},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "User",
            "name": format!("e2e-{role}"),
        }],
    }))?;
    let bindings = pool.api::<RoleBinding>();
    bindings.create(&PostParams::default(), &binding).await?;
    Ok(())
}

/// The controller that aggregates roles takes its time.
async fn settled(pool: &Pool, role: &str, verb: &str, kind: &str) -> anyhow::Result<()> {
    until_true(format!("{role} to {verb} {kind}"), SOON, async || {
        may(pool, role, verb, kind, "").await
    })
    .await
}

async fn refused(
    pool: &Pool,
    role: &str,
    verb: &str,
    kind: &str,
    part: &str,
) -> anyhow::Result<()> {
    let allowed = may(pool, role, verb, kind, part).await?;
    ensure!(!allowed, "{role} may {verb} {kind}/{part}");
    Ok(())
}

async fn may(pool: &Pool, role: &str, verb: &str, kind: &str, part: &str) -> anyhow::Result<bool> {
    may_in(pool, role, "ngpool.io", verb, kind, part).await
}

async fn may_in(
    pool: &Pool,
    role: &str,
    group: &str,
    verb: &str,
    resource: &str,
    part: &str,
) -> anyhow::Result<bool> {
    let review = SubjectAccessReview {
        spec: SubjectAccessReviewSpec {
            user: Some(format!("e2e-{role}")),
            groups: Some(vec!["system:authenticated".to_owned()]),
            extra: Some(BTreeMap::new()),
            resource_attributes: Some(ResourceAttributes {
                group: Some(group.to_owned()),
                namespace: Some(pool.namespace.clone()),
                resource: Some(resource.to_owned()),
                subresource: (!part.is_empty()).then(|| part.to_owned()),
                verb: Some(verb.to_owned()),
                ..ResourceAttributes::default()
            }),
            ..SubjectAccessReviewSpec::default()
        },
        ..SubjectAccessReview::default()
    };
    let reviews: Api<SubjectAccessReview> = Api::all(pool.session.client.clone());
    let answer = reviews.create(&PostParams::default(), &review).await?;
    Ok(answer.status.context("a review has an answer")?.allowed)
}
