//! What one object becomes: resolve and build, both pure.

use k8s_openapi::{api::batch::v1::Job, apimachinery::pkg::apis::meta::v1::OwnerReference};
use ngpool_crds::{
    Cluster, Kind, ObjectRef, Objects, Problem, Problems, coinserver_document, daemon_pod,
    effective_pod,
    kinds::{ImagePullPolicy, POOL_NAME, PodSettings, Pool},
    ledger_document, payout_job, stratum_document, web_document,
};

use crate::{
    build::{self, Children, Images, Setting, coinserver::Node, owned_by, pool::OwnerUrl},
    keys,
    names::{Owner, Part},
    view::View,
};

/// Images as the operator was told, for Pools that say nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Image of the programs with its tag.
    pub programs: String,
    /// Repository that images of daemons come from.
    pub nodes: String,
    /// Image of the bundled PostgreSQL.
    pub postgres: String,
}

impl Defaults {
    /// Version of the programs when a Pool says none: the tag of their image.
    pub fn version(&self) -> &str {
        split(&self.programs).1
    }
}

/// An image's repository and its tag.
fn split(image: &str) -> (&str, &str) {
    // A colon before the last slash is that of a registry's port.
    let name = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[name..].rfind(':') {
        Some(colon) => (&image[..name + colon], &image[name + colon + 1..]),
        None => (image, "latest"),
    }
}

/// What every build for an object of this Pool is given.
pub fn setting(
    defaults: &Defaults,
    pool: &Pool,
    namespace: &str,
    owner: Option<OwnerReference>,
) -> Setting {
    let spec = &pool.spec;
    let version = spec
        .version
        .clone()
        .unwrap_or_else(|| defaults.version().to_owned());
    let images = spec.images.clone().unwrap_or_default();
    let repository = images
        .repository
        .unwrap_or_else(|| split(&defaults.programs).0.to_owned());
    Setting {
        owner: Owner {
            namespace: namespace.to_owned(),
            reference: owner,
            version: version.clone(),
        },
        images: Images {
            programs: format!("{repository}:{version}"),
            nodes: defaults.nodes.clone(),
            postgres: defaults.postgres.clone(),
            pull_policy: images.pull_policy.unwrap_or(ImagePullPolicy::IfNotPresent),
            pull_secrets: images
                .pull_secrets
                .iter()
                .map(ToString::to_string)
                .collect(),
        },
    }
}

/// Reference of an object to itself, for its children.
pub fn owner(objects: &Objects, object: &ObjectRef) -> Option<OwnerReference> {
    let name = object.name.as_str();
    match object.kind {
        Kind::Pool => objects.pool.as_ref().and_then(owned_by),
        Kind::Currency => objects.currencies.get(name).and_then(owned_by),
        Kind::Coinserver => objects.coinservers.get(name).and_then(owned_by),
        Kind::Sharechain => objects.sharechains.get(name).and_then(owned_by),
        Kind::StratumPort => objects.stratum_ports.get(name).and_then(owned_by),
        Kind::Secret | Kind::ConfigMap => None,
    }
}

/// Annotation of pods with a digest of the Secrets that their program reads only when it starts.
const SECRETS: &str = "ngpool.io/secrets";

/// Every child of an object that is there, or what is wrong with it.
pub fn children(
    view: &View,
    object: &ObjectRef,
    defaults: &Defaults,
) -> Result<Children, Problems> {
    let mut children = built(view, object, defaults)?;
    let Some(digest) = keys::read_at_start(view, object) else {
        return Ok(children);
    };
    let deployments = children.0.iter_mut();
    for child in deployments.filter(|child| child.resource.kind == "Deployment") {
        let template = &mut child.object.data["spec"]["template"];
        template["metadata"]["annotations"][SECRETS] = digest.clone().into();
    }
    Ok(children)
}

fn built(view: &View, object: &ObjectRef, defaults: &Defaults) -> Result<Children, Problems> {
    let objects = &*view.objects;
    let Some(pool) = &objects.pool else {
        return Err(Problem::error("there is no Pool")
            .on(object.clone(), "")
            .into());
    };
    version_is_supported(pool, defaults)?;
    let reference = owner(objects, object);
    let setting = setting(defaults, pool, &view.namespace, reference);
    let name = object.name.as_str();
    match object.kind {
        Kind::Pool => of_pool(view, pool, &setting, defaults),
        Kind::Currency => {
            let job = payout_job(objects, &Cluster, name)?;
            let own = effective_pod(objects, None);
            Ok(build::currency::build(&setting, name, &job, &own))
        }
        Kind::Coinserver => of_coinserver(objects, &setting, object),
        Kind::Sharechain => {
            let document = ledger_document(objects, &Cluster, name)?;
            let chain = objects.sharechains.get(name);
            let own = effective_pod(objects, chain.and_then(|it| it.spec.pod.as_ref()));
            Ok(build::sharechain::build(&setting, &document, &own))
        }
        Kind::StratumPort => of_port(view, &setting, name),
        Kind::Secret | Kind::ConfigMap => Ok(Children::default()),
    }
}

fn of_pool(
    view: &View,
    pool: &Pool,
    setting: &Setting,
    defaults: &Defaults,
) -> Result<Children, Problems> {
    let objects = &*view.objects;
    let spec = &pool.spec;
    let document = web_document(objects, &Cluster)?;
    let web = spec.web.clone().unwrap_or_default();
    let own = effective_pod(objects, web.pod.as_ref());
    let mut children = build::pool::web(setting, &document, &web, &own);
    if let Some(job) = migration(view, pool, defaults, setting.owner.reference.clone()) {
        children.job(job);
    }
    if let Some(bundled) = &spec.database.bundled {
        let database = build::pool::bundled(setting, bundled.storage.as_ref());
        children.0.extend(database.0);
    }
    Ok(children)
}

/// The release before this one, whose programs this operator runs too; there is none yet.
const PREVIOUS: Option<&str> = None;

/// An operator runs programs of its own version and of the one before: it knows no other documents,
/// and no other schema works with them.
fn version_is_supported(pool: &Pool, defaults: &Defaults) -> Result<(), Problems> {
    let Some(version) = &pool.spec.version else {
        return Ok(());
    };
    let known: Vec<&str> = [defaults.version(), env!("CARGO_PKG_VERSION")]
        .into_iter()
        .chain(PREVIOUS)
        .collect();
    if known.contains(&version.as_str()) {
        return Ok(());
    }
    let message = format!(
        "this operator runs version {} of the programs and the one before, not {version}: install \
         the operator of that version, or leave the field out",
        defaults.version()
    );
    let object = ObjectRef::new(Kind::Pool, POOL_NAME);
    Err(Problem::error(message).on(object, "spec.version").into())
}

/// Where the URL of the role that owns a Pool's database is.
pub fn owner_url(pool: &Pool) -> OwnerUrl {
    let database = &pool.spec.database;
    if let Some(secret) = &database.url_secret {
        return OwnerUrl {
            secret: secret.name.to_string(),
            key: secret.key.clone(),
        };
    }
    if let Some(cluster) = &database.cloud_native_pg {
        // CloudNativePG's Secret of the role that owns the database it made.
        return OwnerUrl {
            secret: format!("{}-app", cluster.cluster),
            key: "uri".to_owned(),
        };
    }
    OwnerUrl {
        secret: "pool-database-owner".to_owned(),
        key: build::pool::OWNER_URL_KEY.to_owned(),
    }
}

/// Name of the migration Job of a Pool as it is now: complete, the schema is ready for its version.
/// Nothing before the passwords of the roles are made.
pub fn migration_job(view: &View, defaults: &Defaults) -> Option<String> {
    let pool = view.objects.pool.as_ref()?;
    migration(view, pool, defaults, None)?.metadata.name
}

/// Always of the operator's own version, whichever the Pool pins: migrations only add, so that the
/// version before works with what this one makes, and a Pool can go back to it.
fn migration(
    view: &View,
    pool: &Pool,
    defaults: &Defaults,
    owner: Option<OwnerReference>,
) -> Option<Job> {
    let logins = keys::logins_digest(view)?;
    let mut unpinned = pool.clone();
    unpinned.spec.version = None;
    let setting = setting(defaults, &unpinned, &view.namespace, owner);
    Some(build::pool::migration(&setting, &owner_url(pool), &logins))
}

fn of_coinserver(
    objects: &Objects,
    setting: &Setting,
    object: &ObjectRef,
) -> Result<Children, Problems> {
    let name = object.name.as_str();
    let document = coinserver_document(objects, &Cluster, name)?;
    let daemon = daemon_pod(objects, &Cluster, name)?;
    let Some(coinserver) = objects.coinservers.get(name) else {
        return Ok(Children::default());
    };
    let external = coinserver.spec.external.as_ref();
    let node = Node {
        document: &document,
        currency: &coinserver.spec.currency,
        daemon: daemon.as_ref(),
        external_secret: external.map(|external| &*external.credentials_secret.name),
        own: &effective_pod(objects, coinserver.spec.pod.as_ref()),
    };
    build::coinserver::build(setting, node).map_err(|error| {
        Problem::error(error.to_string())
            .on(object.clone(), "spec.daemon")
            .into()
    })
}

fn of_port(view: &View, setting: &Setting, name: &str) -> Result<Children, Problems> {
    let objects = &*view.objects;
    let document = stratum_document(objects, &Cluster, name)?;
    let Some(port) = objects.stratum_ports.get(name) else {
        return Ok(Children::default());
    };
    let own: PodSettings = effective_pod(objects, port.spec.pod.as_ref());
    let part = Part::of(Kind::StratumPort, name);
    let scaled_elsewhere = view
        .child("Deployment", &part.child())
        .is_some_and(|live| live.scaled_elsewhere);
    Ok(build::stratum_port::build(
        setting,
        &document,
        &port.spec,
        &own,
        scaled_elsewhere,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_images_version_is_its_tag() {
        assert_eq!(
            split("ghcr.io/ngpool/ngpool:1.2.3"),
            ("ghcr.io/ngpool/ngpool", "1.2.3")
        );
        assert_eq!(split("host:5000/ngpool"), ("host:5000/ngpool", "latest"));
        assert_eq!(split("ngpool:e2e"), ("ngpool", "e2e"));
    }
}
