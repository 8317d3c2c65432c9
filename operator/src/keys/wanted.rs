//! What the Secrets of an object should be, given what they are.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use k8s_openapi::{ByteString, api::core::v1::Secret};
use kube::core::ObjectMeta;
use ngpool_crds::{
    Kind, ObjectRef,
    kinds::{CertManager, POOL_NAME, Pool},
};

use super::{
    AUTHORITIES_KEY, AUTHORITY_SECRET, Authority, CERTIFICATE_KEY, Data, Keys, Leaf, Named,
    OPERATOR_SECRET, POOL, PUBLIC_KEY, Phase, ROTATE, Unusable, Write, certificate, data, database,
    has_daemon, has_own_token, leaves, made, rotation,
};
use crate::{
    build::pool::{ROLES, role_secret},
    names::{Owner, Part},
    plan::{self, Defaults},
    status::Note,
    view::View,
};

/// Annotation of a certificate's Secret: when it was written last, in seconds since 1970.
const WRITTEN: &str = "ngpool.io/written";
/// A change of authorities is looked at so often, beside what is heard.
const STEPS: Duration = Duration::from_secs(5);

/// What the Secrets of an object should be.
pub fn wanted(view: &View, object: &ObjectRef, defaults: &Defaults, now: SystemTime) -> Keys {
    let Some(pool) = &view.objects.pool else {
        return Keys::default();
    };
    let maker = Maker {
        view,
        pool,
        defaults,
        now,
    };
    let mut keys = Keys::default();
    let part = Part::of(object.kind, &object.name);
    match object.kind {
        Kind::Pool => maker.of_pool(&mut keys),
        Kind::Currency => maker.statement_key(&mut keys, part),
        Kind::Coinserver => {
            if has_daemon(&view.objects, &object.name) {
                let name = part.own("rpc");
                let data = made::rpc(&maker.there(&name));
                maker.want(&mut keys, object, part, &name, &data);
            }
        }
        Kind::Sharechain | Kind::StratumPort | Kind::Secret | Kind::ConfigMap => {}
    }
    keys
}

struct Maker<'a> {
    view: &'a View,
    pool: &'a Pool,
    defaults: &'a Defaults,
    now: SystemTime,
}

impl Maker<'_> {
    fn of_pool(&self, keys: &mut Keys) {
        let object = ObjectRef::new(Kind::Pool, POOL_NAME);
        match self.issuer() {
            Some(issuer) => self.asked_certificates(keys, issuer),
            None => self.own_certificates(keys, &object),
        }
        if has_own_token(self.pool) {
            let part = POOL.part("signer-token");
            let data = made::token(&self.there(&part.child()));
            self.want(keys, &object, part, &part.child(), &data);
        }
        if self.pool.spec.database.bundled.is_some() {
            let part = POOL.part("database-owner");
            let service = POOL.part("database").child();
            let made = database::owner(&self.there(&part.child()), &service);
            self.want_lasting(keys, part, &part.child(), made, &BTreeMap::new());
        }
        let job = plan::migration_job(self.view, self.defaults);
        let report = job.and_then(|job| database::report(self.view, &job));
        for role in ROLES {
            let name = role_secret(role);
            let data = database::role(role, &self.there(&name), report.as_ref());
            self.want(keys, &object, POOL.part("database"), &name, &data);
        }
    }

    fn statement_key(&self, keys: &mut Keys, part: Part<'_>) {
        let name = part.own("statement-key");
        let made = made::statement_key(&self.there(&name));
        let public = made.as_ref().ok().and_then(made::statement_public);
        let annotations = public.map(|public| (PUBLIC_KEY.to_owned(), public));
        let annotations = annotations.into_iter().collect();
        self.want_lasting(keys, part, &name, made, &annotations);
    }

    /// cert-manager's issuer, where the Pool names one.
    fn issuer(&self) -> Option<&CertManager> {
        self.pool.spec.certificates.as_ref()?.cert_manager.as_ref()
    }

    fn asked_certificates(&self, keys: &mut Keys, issuer: &CertManager) {
        let mut without = None;
        for leaf in leaves(&self.view.objects) {
            let service = leaf.part.child();
            let named = self.named(&leaf, &service);
            if !certificate::is_valid(&named, &self.there(&leaf.secret), self.now) {
                without.get_or_insert_with(|| leaf.secret.clone());
            }
            let owner = self.owner(&leaf.object);
            let metadata = owner.metadata_named(leaf.part, leaf.secret.clone());
            let labels = leaf.part.labels(&owner.version);
            let child = certificate::asked(&named, issuer, &leaf.secret, metadata, &labels);
            keys.children.push(child);
        }
        keys.certificates = Some(match without {
            None => Ok(()),
            Some(secret) => Err(Note::new(
                "WaitingForCertManager",
                format!(
                    "cert-manager has not made the certificate `{secret}` yet, with its authority in \
                     the key ca.crt; see `kubectl describe certificate {secret}`"
                ),
            )),
        });
    }

    fn own_certificates(&self, keys: &mut Keys, object: &ObjectRef) {
        let there = self.there(AUTHORITY_SECRET);
        let failed = || Note::new("AuthorityFailed", "no key or certificate could be made");
        if there.is_empty() {
            let trusted = self.there(OPERATOR_SECRET);
            let trusted = made::text(&trusted, AUTHORITIES_KEY).map(|pem| format!("{pem}\n"));
            let made = Authority::new(
                &self.view.namespace,
                self.rotation_asked(),
                trusted.as_deref(),
                self.now,
            );
            // Certificates come once it is stored: another one may be there already.
            keys.certificates = Some(Err(made.as_ref().map_or_else(failed, |_| {
                Note::new("MakingAuthority", "the authority of the pool is being made")
            })));
            if let Some(made) = made {
                self.want(
                    keys,
                    object,
                    POOL.part("ca"),
                    AUTHORITY_SECRET,
                    &made.data(),
                );
            }
            return;
        }
        let Some(authority) = Authority::read(&there) else {
            let refused = format!(
                "the Secret `{AUTHORITY_SECRET}` cannot be read: put it back as it was, or remove it \
                 for a new authority"
            );
            keys.certificates = Some(Err(Note::new("AuthorityUnreadable", refused.clone())));
            keys.refused = Some(refused);
            return;
        };
        // It may have got another owner.
        let data = authority.data();
        self.want(keys, object, POOL.part("ca"), AUTHORITY_SECRET, &data);
        keys.certificates = Some(Ok(()));
        if !keys.secrets.is_empty() {
            return;
        }
        let mut all = true;
        for leaf in leaves(&self.view.objects) {
            let service = leaf.part.child();
            let named = self.named(&leaf, &service);
            let there = self.there(&leaf.secret);
            let Some(data) = certificate::leaf(&authority, &named, &there, self.now) else {
                keys.certificates = Some(Err(failed()));
                return;
            };
            let before = keys.secrets.len();
            self.want(keys, &leaf.object, leaf.part, &leaf.secret, &data);
            all &= keys.secrets.len() == before;
        }
        self.rotate(keys, object, &authority, all);
    }

    /// The next step of a change of authorities, where one is due. `all` says whether every Secret has
    /// what is handed out now.
    fn rotate(&self, keys: &mut Keys, object: &ObjectRef, authority: &Authority, all: bool) {
        let asked = self.rotation_asked();
        let next = match authority.phase {
            Phase::Stable if all && authority.is_due(asked, self.now) => {
                authority.begin(&self.view.namespace, asked, self.now)
            }
            Phase::Stable => return,
            Phase::Spreading | Phase::Replacing => {
                keys.again = Some(STEPS);
                let waits = if all {
                    let (pods, reports) = (&self.view.pods, &self.view.reports);
                    let written = |secret: &str| self.written(secret);
                    rotation::waits_for(authority, pods, reports, written, self.now)
                } else {
                    Some("the Secrets are being written".to_owned())
                };
                keys.hold = waits.clone().map(|waits| rotating(authority.phase, &waits));
                waits.is_none().then(|| authority.step())
            }
        };
        if let Some(next) = next {
            let waits = "the next step begins";
            keys.hold.get_or_insert_with(|| rotating(next.phase, waits));
            if next.phase == Phase::Stable {
                keys.hold = None;
            }
            self.want(
                keys,
                object,
                POOL.part("ca"),
                AUTHORITY_SECRET,
                &next.data(),
            );
        }
    }

    /// When a certificate's Secret was written last; now, where nobody can say.
    fn written(&self, secret: &str) -> SystemTime {
        let written = self.view.secrets.get(secret).and_then(|secret| {
            let annotations = secret.metadata.annotations.as_ref()?;
            let seconds: u64 = annotations.get(WRITTEN)?.parse().ok()?;
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
        });
        written.unwrap_or(self.now)
    }

    fn rotation_asked(&self) -> Option<&str> {
        let annotations = self.pool.metadata.annotations.as_ref()?;
        annotations.get(ROTATE).map(String::as_str)
    }

    fn named<'a>(&'a self, leaf: &'a Leaf<'_>, service: &'a str) -> Named<'a> {
        Named {
            namespace: &self.view.namespace,
            service,
            program: leaf.program,
            object: leaf.part.name,
        }
    }

    fn owner(&self, object: &ObjectRef) -> Owner {
        let reference = plan::owner(&self.view.objects, object);
        plan::setting(self.defaults, self.pool, &self.view.namespace, reference).owner
    }

    fn there(&self, name: &str) -> Data {
        self.view.secrets.get(name).map(data).unwrap_or_default()
    }

    /// A Secret that goes with its object.
    fn want(&self, keys: &mut Keys, object: &ObjectRef, part: Part<'_>, name: &str, data: &Data) {
        let owner = self.owner(object);
        self.put(keys, &owner, part, name, data, &BTreeMap::new());
    }

    /// A Secret that stays when its object goes, or why there is none.
    fn want_lasting(
        &self,
        keys: &mut Keys,
        part: Part<'_>,
        name: &str,
        made: Result<Data, Unusable>,
        annotations: &BTreeMap<String, String>,
    ) {
        match made {
            Ok(data) => {
                let owner = self.owner(&ObjectRef::new(part.kind, part.name)).lasting();
                self.put(keys, &owner, part, name, &data, annotations);
            }
            Err(Unusable(why)) => {
                keys.refused = Some(format!("the Secret `{name}` cannot be used: {why}"));
            }
        }
    }

    fn put(
        &self,
        keys: &mut Keys,
        owner: &Owner,
        part: Part<'_>,
        name: &str,
        wanted: &Data,
        annotations: &BTreeMap<String, String>,
    ) {
        let mut metadata = owner.metadata_named(part, name.to_owned());
        // A Secret is the same for every version.
        if let Some(labels) = &mut metadata.labels {
            labels.remove("app.kubernetes.io/version");
        }
        let made = |metadata, type_: &str| Secret {
            metadata,
            data: Some(
                wanted
                    .iter()
                    .map(|(key, value)| (key.clone(), ByteString(value.clone())))
                    .collect(),
            ),
            type_: Some(type_.to_owned()),
            ..Secret::default()
        };
        let is_leaf = wanted.contains_key(CERTIFICATE_KEY);
        let stamp = |metadata: &mut ObjectMeta| {
            let since = self.now.duration_since(SystemTime::UNIX_EPOCH);
            let seconds = since.unwrap_or_default().as_secs();
            let annotations = metadata.annotations.get_or_insert_default();
            annotations.insert(WRITTEN.to_owned(), seconds.to_string());
        };
        let Some(there) = self.view.secrets.get(name) else {
            metadata.annotations = (!annotations.is_empty()).then(|| annotations.clone());
            if is_leaf {
                stamp(&mut metadata);
            }
            // The type that cert-manager makes, so that either can take over from the other.
            let type_ = if is_leaf {
                "kubernetes.io/tls"
            } else {
                "Opaque"
            };
            keys.secrets.push(Write::Create(made(metadata, type_)));
            return;
        };
        // What others put on it stays; its type cannot change.
        let mut kept = there.metadata.clone();
        kept.managed_fields = None;
        if owner.reference.is_some() {
            kept.owner_references.clone_from(&metadata.owner_references);
        }
        kept.labels
            .get_or_insert_default()
            .extend(metadata.labels.unwrap_or_default());
        if !annotations.is_empty() {
            let all = kept.annotations.get_or_insert_default();
            all.extend(annotations.clone());
        }
        let mut before = there.metadata.clone();
        before.managed_fields = None;
        if kept == before && data(there) == *wanted {
            return;
        }
        if is_leaf {
            stamp(&mut kept);
        }
        let type_ = there.type_.as_deref().unwrap_or("Opaque");
        keys.secrets.push(Write::Replace(made(kept, type_)));
    }
}

fn rotating(phase: Phase, waits: &str) -> Note {
    let what = match phase {
        Phase::Stable | Phase::Spreading => "a new authority is made known to every program",
        Phase::Replacing => "certificates of the new authority are handed out",
    };
    Note::new("RotatingAuthority", format!("{what}; waits: {waits}"))
}
