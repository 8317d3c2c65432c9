//! The authority of a Pool, and how it is replaced without a moment in which two programs do not
//! trust each other.
//!
//! ```text
//!  Stable      trusted: [ca]        signs: ca
//!  Spreading   trusted: [ca, next]  signs: ca      until every program says that it trusts both
//!  Replacing   trusted: [new, old]  signs: new     until every program has its new certificate
//!  Stable      trusted: [new]       signs: new
//! ```
//!
//! Certificate and trusted authorities are one Secret, which kubelet swaps as a whole: a program that
//! reports the list of `Replacing`, in its new order, has its new certificate. Everything that a
//! change needs to go on is in the Secret of the authority.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use sha2::{Digest, Sha256};

use super::{
    Data,
    certificate::{common_name, ends, parse, validity},
    made::text,
};

/// Life of an authority.
const LIFE: Duration = Duration::from_hours(5 * 365 * 24);
/// The next one is made when so much of its life is left: a change may wait long for one program.
const REPLACED: Duration = Duration::from_hours(365 * 24);

/// Where a change of authorities is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// There is one.
    Stable,
    /// The next one is made known.
    Spreading,
    /// Certificates of the new one are handed out.
    Replacing,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Stable, Self::Spreading, Self::Replacing];

    const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Spreading => "spreading",
            Self::Replacing => "replacing",
        }
    }
}

/// A certificate that signs, and its key.
#[derive(Clone, PartialEq, Eq)]
struct Signer {
    /// Common name: no two authorities share one.
    name: String,
    ends: SystemTime,
    certificate: String,
    key: String,
}

/// The authority of a Pool, as its Secret holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// Where a change is.
    pub phase: Phase,
    current: Signer,
    /// What comes, while it is made known.
    next: Option<Signer>,
    /// Certificates of what goes, while they are still trusted.
    old: Option<String>,
    /// The last wish of the Pool's annotation that was granted.
    asked: Option<String>,
}

impl fmt::Debug for Authority {
    /// Keys are never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("phase", &self.phase)
            .field("name", &self.current.name)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// The first one of a Pool. `trusted` is what programs trust that have certificates of an
    /// authority whose key is gone. Nothing where no key could be made.
    pub fn new(
        namespace: &str,
        asked: Option<&str>,
        trusted: Option<&str>,
        now: SystemTime,
    ) -> Option<Self> {
        Some(Self {
            phase: trusted.map_or(Phase::Stable, |_| Phase::Replacing),
            current: Signer::new(namespace, now)?,
            next: None,
            old: trusted.map(ToOwned::to_owned),
            asked: asked.map(ToOwned::to_owned),
        })
    }

    /// As a Secret holds it.
    pub fn read(data: &Data) -> Option<Self> {
        let phase = text(data, "phase")?;
        let phase = Phase::ALL.into_iter().find(|one| one.name() == phase)?;
        let next = Signer::read(data, "next");
        // Only a change that has begun has another one, and it cannot go on without.
        if (phase == Phase::Spreading) != next.is_some() {
            return None;
        }
        Some(Self {
            phase,
            current: Signer::read(data, "ca")?,
            next,
            old: text(data, "old.crt").map(|pem| format!("{pem}\n")),
            asked: text(data, "asked").map(ToOwned::to_owned),
        })
    }

    /// What its Secret holds.
    pub fn data(&self) -> Data {
        let mut data = Data::new();
        let mut put = |key: String, value: &str| data.insert(key, value.as_bytes().to_vec());
        put("phase".to_owned(), self.phase.name());
        for (prefix, signer) in [("ca", Some(&self.current)), ("next", self.next.as_ref())] {
            if let Some(signer) = signer {
                put(format!("{prefix}.crt"), &signer.certificate);
                put(format!("{prefix}.key"), &signer.key);
            }
        }
        if let Some(old) = &self.old {
            put("old.crt".to_owned(), old);
        }
        if let Some(asked) = &self.asked {
            put("asked".to_owned(), asked);
        }
        data
    }

    /// The authorities that every program trusts now, in PEM; the one that signs first.
    pub fn bundle(&self) -> String {
        let mut bundle = self.current.certificate.clone();
        if let Some(next) = &self.next {
            bundle.push_str(&next.certificate);
        }
        if let Some(old) = &self.old {
            bundle.push_str(old);
        }
        bundle
    }

    /// How a program that trusts them reports it.
    pub fn bundle_hash(&self) -> String {
        hex::encode(Sha256::digest(self.bundle()))
    }

    /// Name of the one that signs.
    pub fn name(&self) -> &str {
        &self.current.name
    }

    /// When the one that signs ends.
    pub fn ends(&self) -> Option<SystemTime> {
        Some(self.current.ends)
    }

    /// How long the one that signs lives yet.
    pub fn left(&self, now: SystemTime) -> Duration {
        self.current.ends.duration_since(now).unwrap_or_default()
    }

    /// Whether a change should begin: for its age, or because somebody asks for it in other words than
    /// the last time.
    pub fn is_due(&self, asked: Option<&str>, now: SystemTime) -> bool {
        let wished =
            asked.is_some_and(|asked| !asked.is_empty() && Some(asked) != self.asked.as_deref());
        self.phase == Phase::Stable && (wished || self.left(now) < REPLACED)
    }

    /// Begins a change: the next authority is there, and nothing is signed by it yet. Nothing where no
    /// key could be made.
    pub fn begin(&self, namespace: &str, asked: Option<&str>, now: SystemTime) -> Option<Self> {
        Some(Self {
            phase: Phase::Spreading,
            next: Some(Signer::new(namespace, now)?),
            asked: asked.map(ToOwned::to_owned),
            ..self.clone()
        })
    }

    /// The next step of a change, once every program has what this one hands out.
    #[must_use]
    pub fn step(&self) -> Self {
        match (self.phase, &self.next) {
            (Phase::Spreading, Some(next)) => Self {
                phase: Phase::Replacing,
                current: next.clone(),
                next: None,
                old: Some(self.current.certificate.clone()),
                ..self.clone()
            },
            (Phase::Replacing, _) => Self {
                phase: Phase::Stable,
                old: None,
                ..self.clone()
            },
            (Phase::Stable | Phase::Spreading, _) => self.clone(),
        }
    }

    /// To sign with.
    pub(super) fn issuer(&self) -> Option<Issuer<'static, KeyPair>> {
        let key = KeyPair::from_pem(&self.current.key).ok()?;
        // What matters of its own certificate are its name and its key.
        let params = params(&self.current.name, SystemTime::UNIX_EPOCH);
        Some(Issuer::new(params, key))
    }
}

impl Signer {
    fn new(namespace: &str, now: SystemTime) -> Option<Self> {
        let key = KeyPair::generate().ok()?;
        let number = hex::encode(rand::random::<[u8; 8]>());
        // A namespace has 63 characters at most, a common name 64.
        let namespace: String = namespace.chars().take(40).collect();
        let name = format!("ngpool {namespace} {number}");
        let certificate = params(&name, now).self_signed(&key).ok()?.pem();
        Self::of(&certificate, &key.serialize_pem())
    }

    fn read(data: &Data, prefix: &str) -> Option<Self> {
        let part = |key: &str| text(data, &format!("{prefix}.{key}"));
        Self::of(part("crt")?, part("key")?)
    }

    fn of(certificate: &str, key: &str) -> Option<Self> {
        KeyPair::from_pem(key).ok()?;
        let (name, ends) = parse(certificate, |parsed| {
            Some((common_name(parsed.subject())?.to_owned(), ends(parsed)?))
        })?;
        Some(Self {
            name,
            ends,
            certificate: format!("{}\n", certificate.trim()),
            key: format!("{}\n", key.trim()),
        })
    }
}

fn params(name: &str, now: SystemTime) -> CertificateParams {
    let mut params = validity(name, now, LIFE);
    // It signs programs and nothing that signs.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}
