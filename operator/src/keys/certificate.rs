//! The certificate of one program: made by the Pool's own authority, or asked of cert-manager.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use kube::core::{ApiResource, DynamicObject, ObjectMeta};
use ngpool_crds::kinds::{CertManager, IssuerKind};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PublicKeyData,
    SanType, string::Ia5String,
};
use serde_json::json;
use x509_parser::{
    extensions::GeneralName,
    prelude::{FromDer, X509Certificate},
};

use super::{Authority, Data, made::text};
use crate::build::Child;

/// Keys of a Secret with a certificate, as cert-manager calls them too.
pub const CERTIFICATE_KEY: &str = "tls.crt";
/// Its private key.
pub const PRIVATE_KEY: &str = "tls.key";
/// The authorities that whoever has it trusts.
pub const AUTHORITIES_KEY: &str = "ca.crt";

/// Life of a certificate.
const LIFE: Duration = Duration::from_hours(90 * 24);
/// It is renewed when so much of its life is left.
const RENEWED: Duration = Duration::from_hours(30 * 24);
/// Clocks of other machines may be behind.
const SKEW: Duration = Duration::from_hours(1);

/// Who a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Namespace of the pool.
    pub namespace: &'a str,
    /// Name of the Service that the program is found by.
    pub service: &'a str,
    /// The program, such as `ngledger`.
    pub program: &'a str,
    /// Name of the object it serves.
    pub object: &'a str,
}

impl Named<'_> {
    /// Names of its Service, from short to long.
    pub fn hosts(&self) -> Vec<String> {
        let Self {
            namespace, service, ..
        } = self;
        vec![
            (*service).to_owned(),
            format!("{service}.{namespace}"),
            format!("{service}.{namespace}.svc"),
            format!("{service}.{namespace}.svc.cluster.local"),
        ]
    }

    /// What the program is to others.
    pub fn uri(&self) -> String {
        let Self {
            namespace,
            program,
            object,
            ..
        } = self;
        format!("ngpool://{namespace}/{program}/{object}")
    }

    fn sorted(&self) -> Vec<String> {
        let mut all = self.hosts();
        all.push(self.uri());
        all.sort();
        all
    }
}

/// What the Secret of a program should hold, given what it holds. A certificate that is good is kept
/// when only the authorities beside it change. Nothing where none could be made.
pub(super) fn leaf(
    authority: &Authority,
    named: &Named<'_>,
    there: &Data,
    now: SystemTime,
) -> Option<Data> {
    let mut data = if is_good(authority, named, there, now) {
        let kept = [CERTIFICATE_KEY, PRIVATE_KEY].into_iter();
        kept.filter_map(|key| Some((key.to_owned(), there.get(key)?.clone())))
            .collect()
    } else {
        certify(authority, named, now)?
    };
    data.insert(AUTHORITIES_KEY.to_owned(), authority.bundle().into_bytes());
    Some(data)
}

fn certify(authority: &Authority, named: &Named<'_>, now: SystemTime) -> Option<Data> {
    let issuer = authority.issuer()?;
    let key = KeyPair::generate().ok()?;
    let mut params = validity(named.service, now, LIFE);
    if let Some(ends) = authority.ends() {
        params.not_after = params.not_after.min(ends.into());
    }
    for host in named.hosts() {
        let host = Ia5String::try_from(host).ok()?;
        params.subject_alt_names.push(SanType::DnsName(host));
    }
    let uri = Ia5String::try_from(named.uri()).ok()?;
    params.subject_alt_names.push(SanType::URI(uri));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, &issuer).ok()?;
    Some(Data::from([
        (CERTIFICATE_KEY.to_owned(), certificate.pem().into_bytes()),
        (PRIVATE_KEY.to_owned(), key.serialize_pem().into_bytes()),
    ]))
}

/// Whether a Secret's certificate is of the authority that signs now, is for this program, has its key
/// beside it and is not to be renewed yet.
fn is_good(authority: &Authority, named: &Named<'_>, data: &Data, now: SystemTime) -> bool {
    let key = text(data, PRIVATE_KEY).and_then(|pem| KeyPair::from_pem(pem).ok());
    let (Some(key), Some(pem)) = (key, text(data, CERTIFICATE_KEY)) else {
        return false;
    };
    parse(pem, |certificate| {
        let begun = u64::try_from(certificate.validity().not_before.timestamp()).ok()?;
        let good = certificate.public_key().raw == key.subject_public_key_info()
            && common_name(certificate.issuer()) == Some(authority.name())
            && names(certificate)? == named.sorted()
            && SystemTime::UNIX_EPOCH + Duration::from_secs(begun) <= now
            && ends(certificate)? >= now + RENEWED.min(authority.left(now) / 2);
        Some(good)
    })
    .unwrap_or(false)
}

/// Whether a Secret of somebody else's making holds a certificate of this program that is in force.
pub(super) fn is_valid(named: &Named<'_>, data: &Data, now: SystemTime) -> bool {
    let complete = text(data, PRIVATE_KEY).is_some() && text(data, AUTHORITIES_KEY).is_some();
    complete
        && text(data, CERTIFICATE_KEY).is_some_and(|pem| {
            parse(pem, |certificate| {
                let all = names(certificate)?;
                Some(all.contains(&named.uri()) && ends(certificate)? > now)
            })
            .unwrap_or(false)
        })
}

/// Subject and validity of a new certificate.
pub(super) fn validity(name: &str, now: SystemTime, life: Duration) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    // A common name has 64 characters at most (RFC 5280, appendix A.1).
    let short: String = name.chars().take(64).collect();
    params.distinguished_name.push(DnType::CommonName, short);
    params.not_before = now.checked_sub(SKEW).unwrap_or(now).into();
    params.not_after = (now + life).into();
    params
}

/// Reads the first certificate of a PEM text.
pub(super) fn parse<T>(pem: &str, read: impl Fn(&X509Certificate<'_>) -> Option<T>) -> Option<T> {
    let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
    let (_, certificate) = X509Certificate::from_der(&pem.contents).ok()?;
    read(&certificate)
}

/// When a certificate ends.
pub(super) fn ends(certificate: &X509Certificate<'_>) -> Option<SystemTime> {
    let seconds = u64::try_from(certificate.validity().not_after.timestamp()).ok()?;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The common name of a subject or issuer.
pub(super) fn common_name<'a>(name: &'a x509_parser::x509::X509Name<'_>) -> Option<&'a str> {
    name.iter_common_name().next()?.as_str().ok()
}

/// Names of hosts and programs in a certificate, sorted.
fn names(certificate: &X509Certificate<'_>) -> Option<Vec<String>> {
    let names = certificate.subject_alternative_name().ok()??;
    let mut all: Vec<String> = names
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) => Some((*name).to_owned()),
            _ => None,
        })
        .collect();
    all.sort();
    Some(all)
}

/// A certificate to be made by cert-manager, which renews it by itself.
pub(super) fn asked(
    named: &Named<'_>,
    issuer: &CertManager,
    secret: &str,
    metadata: ObjectMeta,
    labels: &BTreeMap<String, String>,
) -> Child {
    let resource = ApiResource {
        group: "cert-manager.io".to_owned(),
        version: "v1".to_owned(),
        api_version: "cert-manager.io/v1".to_owned(),
        kind: "Certificate".to_owned(),
        plural: "certificates".to_owned(),
    };
    let kind = match issuer.kind {
        IssuerKind::Issuer => "Issuer",
        IssuerKind::ClusterIssuer => "ClusterIssuer",
    };
    let hours = |time: Duration| format!("{}h", time.as_secs() / 3_600);
    let mut object = DynamicObject::new(secret, &resource).data(json!({
        "spec": {
            "secretName": secret,
            // The operator reads only Secrets with its label.
            "secretTemplate": {"labels": labels},
            "duration": hours(LIFE),
            "renewBefore": hours(RENEWED),
            "commonName": named.service,
            "dnsNames": named.hosts(),
            "uris": [named.uri()],
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
            "usages": ["digital signature", "server auth", "client auth"],
            "issuerRef": {
                "name": issuer.issuer.to_string(),
                "kind": kind,
                "group": "cert-manager.io",
            },
        }
    }));
    object.metadata = metadata;
    Child { resource, object }
}
