//! What an object names, and whether it is there.

use std::collections::BTreeMap;

use ngpool_crds::{
    Kind, ObjectRef, Objects,
    kinds::{POOL_NAME, Pool, StratumPortSpec},
};

use super::conditions::{Finding, REFERENCES_RESOLVED, Truth};

/// What a field names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Path of the field, such as `spec.currency`.
    pub field: String,
    /// What is named, in the same namespace.
    pub to: ObjectRef,
}

impl Reference {
    fn new(field: impl Into<String>, kind: Kind, name: &str) -> Self {
        Self {
            field: field.into(),
            to: ObjectRef::new(kind, name),
        }
    }

    /// The fixed reason of a condition when it is not there.
    const fn reason(&self) -> &'static str {
        match self.to.kind {
            Kind::Pool => "PoolNotFound",
            Kind::Currency => "CurrencyNotFound",
            Kind::Coinserver => "CoinserverNotFound",
            Kind::Sharechain => "SharechainNotFound",
            Kind::StratumPort => "StratumPortNotFound",
            Kind::Secret => "SecretNotFound",
            Kind::ConfigMap => "ConfigMapNotFound",
        }
    }
}

/// Every reference of an object, in the order of its fields. Each object needs the Pool.
pub fn references(objects: &Objects, object: &ObjectRef) -> Vec<Reference> {
    let name = object.name.as_str();
    let mut found = match object.kind {
        Kind::Pool => objects.pool.as_ref().map(of_pool).unwrap_or_default(),
        Kind::Coinserver => of_coinserver(objects, name),
        Kind::Sharechain => of_sharechain(objects, name),
        Kind::StratumPort => objects
            .stratum_ports
            .get(name)
            .map(|port| of_port(&port.spec, objects.pool.as_ref()))
            .unwrap_or_default(),
        Kind::Currency | Kind::Secret | Kind::ConfigMap => Vec::new(),
    };
    if object.kind != Kind::Pool && object.kind.is_resolved() {
        found.push(Reference::new("", Kind::Pool, POOL_NAME));
    }
    found
}

/// Names of the Secrets that people made and an object of the namespace names: of these the operator
/// asks whether they are there, and never what is in them.
pub fn foreign_secrets(objects: &Objects) -> Vec<String> {
    let named = |kind, name: &str| references(objects, &ObjectRef::new(kind, name));
    let mut all = named(Kind::Pool, POOL_NAME);
    for name in objects.coinservers.keys() {
        all.extend(named(Kind::Coinserver, name));
    }
    for name in objects.stratum_ports.keys() {
        all.extend(named(Kind::StratumPort, name));
    }
    let mut names: Vec<String> = all
        .into_iter()
        .filter(|reference| reference.to.kind == Kind::Secret)
        .map(|reference| reference.to.name)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn of_pool(pool: &Pool) -> Vec<Reference> {
    let spec = &pool.spec;
    let mut found = Vec::new();
    if let Some(secret) = &spec.database.url_secret {
        let field = "spec.database.urlSecret.name";
        found.push(Reference::new(field, Kind::Secret, &secret.name));
    }
    if let Some(cluster) = &spec.database.cloud_native_pg {
        // CloudNativePG's Secret for the role that owns the database.
        let name = format!("{}-app", cluster.cluster);
        let field = "spec.database.cloudNativePG.cluster";
        found.push(Reference::new(field, Kind::Secret, &name));
    }
    let web = spec.web.as_ref();
    if let Some(secret) = web.and_then(|web| web.signer_token_secret.as_ref()) {
        let field = "spec.web.signerTokenSecret.name";
        found.push(Reference::new(field, Kind::Secret, &secret.name));
    }
    let pull = spec.images.iter().flat_map(|images| &images.pull_secrets);
    for (index, name) in pull.enumerate() {
        let field = format!("spec.images.pullSecrets[{index}]");
        found.push(Reference::new(field, Kind::Secret, name));
    }
    found
}

fn of_coinserver(objects: &Objects, name: &str) -> Vec<Reference> {
    let Some(coinserver) = objects.coinservers.get(name) else {
        return Vec::new();
    };
    let spec = &coinserver.spec;
    let mut found = vec![Reference::new(
        "spec.currency",
        Kind::Currency,
        &spec.currency,
    )];
    let options = spec.daemon.as_ref().and_then(|it| it.options_from.as_ref());
    if let Some(options) = options {
        let field = "spec.daemon.optionsFrom.configMap.name";
        let name = &options.config_map.name;
        found.push(Reference::new(field, Kind::ConfigMap, name));
    }
    if let Some(external) = &spec.external {
        let field = "spec.external.credentialsSecret.name";
        let name = &external.credentials_secret.name;
        found.push(Reference::new(field, Kind::Secret, name));
    }
    found
}

fn of_sharechain(objects: &Objects, name: &str) -> Vec<Reference> {
    let bonus = objects
        .sharechains
        .get(name)
        .and_then(|chain| chain.spec.finder_bonus.as_ref());
    let amounts = bonus
        .into_iter()
        .flat_map(|bonus| bonus.amounts.iter().flatten());
    amounts
        .enumerate()
        .map(|(index, amount)| {
            let field = format!("spec.finderBonus.amounts[{index}].currency");
            Reference::new(field, Kind::Currency, &amount.currency)
        })
        .collect()
}

fn of_port(spec: &StratumPortSpec, pool: Option<&Pool>) -> Vec<Reference> {
    let mut found = vec![Reference::new(
        "spec.currency",
        Kind::Currency,
        &spec.currency,
    )];
    for (index, name) in spec.aux_currencies.iter().enumerate() {
        let field = format!("spec.auxCurrencies[{index}]");
        found.push(Reference::new(field, Kind::Currency, name));
    }
    let chain = &spec.sharechain;
    found.push(Reference::new("spec.sharechain", Kind::Sharechain, chain));
    let defaults = pool
        .and_then(|pool| pool.spec.defaults.as_ref())
        .and_then(|defaults| defaults.tls.as_ref());
    let enabled = [spec.tls.as_ref(), defaults]
        .into_iter()
        .flatten()
        .find_map(|tls| tls.enabled);
    let named = [
        ("spec.tls.secretName", spec.tls.as_ref()),
        ("spec.defaults.tls.secretName of the Pool", defaults),
    ]
    .into_iter()
    .find_map(|(field, tls)| Some((field, tls?.secret_name.as_ref()?)));
    if let (Some((field, name)), true) = (named, enabled.unwrap_or(true)) {
        found.push(Reference::new(field, Kind::Secret, name));
    }
    found
}

/// What `ReferencesResolved` says: of what is not there, what, and the way out.
pub(super) fn finding<T>(
    objects: &Objects,
    foreign: &BTreeMap<String, Option<T>>,
    namespace: &str,
    object: &ObjectRef,
) -> Finding {
    let missing: Vec<Reference> = references(objects, object)
        .into_iter()
        .filter(|reference| !is_there(objects, foreign, reference))
        .collect();
    let Some(first) = missing.first() else {
        return Finding::new(
            REFERENCES_RESOLVED,
            Truth::True,
            "Resolved",
            "everything that is named is there",
        );
    };
    let sentences: Vec<String> = missing
        .iter()
        .map(|reference| sentence(reference, namespace))
        .collect();
    Finding::new(
        REFERENCES_RESOLVED,
        Truth::False,
        first.reason(),
        sentences.join(" "),
    )
}

fn is_there<T>(
    objects: &Objects,
    foreign: &BTreeMap<String, Option<T>>,
    reference: &Reference,
) -> bool {
    if reference.to.kind == Kind::Secret {
        // One that nobody has asked about yet is not said to be missing.
        return foreign.get(&reference.to.name).is_none_or(Option::is_some);
    }
    objects.contains(&reference.to)
}

fn sentence(reference: &Reference, namespace: &str) -> String {
    let Reference { field, to } = reference;
    if to.kind == Kind::Pool {
        return format!(
            "There is no Pool in namespace `{namespace}`; create one with metadata.name `{}`.",
            to.name
        );
    }
    format!(
        "{} `{}` is not in namespace `{namespace}`; create it or correct {field}.",
        to.kind, to.name
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objects(documents: &[serde_json::Value]) -> Objects {
        super::super::testing::objects(documents)
    }

    fn seen(
        objects: &Objects,
        foreign: &[(&str, bool)],
        kind: Kind,
        name: &str,
    ) -> (Truth, &'static str, String) {
        let foreign: BTreeMap<String, Option<()>> = foreign
            .iter()
            .map(|(name, there)| ((*name).to_owned(), there.then_some(())))
            .collect();
        let object = ObjectRef::new(kind, name);
        let finding = finding(objects, &foreign, "mine", &object);
        (finding.truth, finding.reason, finding.message)
    }

    #[test]
    fn each_missing_reference_is_told_with_the_way_out() {
        let pool = json!({"kind": "Pool", "metadata": {"name": "pool"}, "spec": {
            "database": {"urlSecret": {"name": "db", "key": "url"}},
            "web": {"signerTokenSecret": {"name": "token", "key": "token"}},
        }});
        let port = json!({"kind": "StratumPort", "metadata": {"name": "main"}, "spec": {
            "port": 3333, "currency": "ltc", "sharechain": "main",
        }});
        let objects = objects(&[pool, port]);
        assert_eq!(
            seen(&objects, &[], Kind::StratumPort, "main"),
            (
                Truth::False,
                "CurrencyNotFound",
                "Currency `ltc` is not in namespace `mine`; create it or correct spec.currency. \
                 Sharechain `main` is not in namespace `mine`; create it or correct spec.sharechain."
                    .to_owned()
            )
        );
        assert_eq!(
            seen(
                &objects,
                &[("db", false), ("token", true)],
                Kind::Pool,
                "pool"
            ),
            (
                Truth::False,
                "SecretNotFound",
                "Secret `db` is not in namespace `mine`; create it or correct \
                 spec.database.urlSecret.name."
                    .to_owned()
            )
        );
        // Nobody has asked yet.
        assert_eq!(seen(&objects, &[], Kind::Pool, "pool").0, Truth::True);
        assert_eq!(foreign_secrets(&objects), ["db", "token"]);
    }

    #[test]
    fn without_a_pool_every_object_says_so() {
        let currency = json!({"kind": "Currency", "metadata": {"name": "ltc"}, "spec": {
            "code": "LTC", "preset": "litecoin", "subsidyAddress": "x",
        }});
        let (truth, reason, message) = seen(&objects(&[currency]), &[], Kind::Currency, "ltc");
        assert_eq!((truth, reason), (Truth::False, "PoolNotFound"));
        assert!(message.starts_with("There is no Pool in namespace `mine`"));
    }

    #[test]
    fn a_certificate_of_the_pools_defaults_is_a_reference_unless_tls_is_off() {
        let pool = json!({"kind": "Pool", "metadata": {"name": "pool"}, "spec": {
            "database": {"bundled": {}}, "defaults": {"tls": {"secretName": "cert"}},
        }});
        let port = |tls: serde_json::Value| {
            json!({"kind": "StratumPort", "metadata": {"name": "main"}, "spec": {
                "port": 3333, "currency": "ltc", "sharechain": "main", "tls": tls,
            }})
        };
        for (tls, names) in [
            (json!({}), vec!["cert".to_owned()]),
            (json!({"secretName": "own"}), vec!["own".to_owned()]),
            (json!({"enabled": false}), vec![]),
        ] {
            let objects = objects(&[pool.clone(), port(tls)]);
            assert_eq!(foreign_secrets(&objects), names);
        }
    }
}
