//! The document of `ngstratum`.

use ipnet::IpNet;
use ngpool_chain::Algorithm;
use ngpool_settings::{CurrencySettings, DrainSettings, LedgerPeer, StratumSettings, StratumTls};

use super::{
    blocks::{self, Layers, defaults},
    context::{Context, Origin},
    currency, payout, pod,
    ranges::ranges,
};
use crate::{
    environment::Program,
    kinds::{Journal, StratumPortSpec},
    objects::{Kind, ObjectRef},
    units::TimeSpan,
};

/// Bits that may be rolled at all: the three highest say which scheme the version follows (BIP 9), and
/// the five lowest are left to the software.
const ROLLABLE: u32 = 0x1fff_ffe0;
/// Says that a block is merged mined; some aux chains refuse a parent that has it.
const AUX_BIT: u32 = 0x100;

pub(super) fn document(context: &mut Context<'_>, name: &str) -> Option<StratumSettings> {
    let objects = context.objects;
    let spec = &objects.stratum_ports.get(name)?.spec;
    let of = ObjectRef::new(Kind::StratumPort, name);
    let base = base(context, &of, spec);
    let aux = aux(context, &of, spec, base.as_ref());
    let sharechain = sharechain(context, &of, spec, base.as_ref());
    let algorithm = base
        .as_ref()
        .map_or(Algorithm::Sha256d, |base| base.network.algorithm);
    let vardiff = blocks::vardiff(context, name, spec.vardiff.as_ref(), algorithm);
    let limits = blocks::limits(context, name, spec.limits.as_ref());
    let tls = tls(context, &of, spec);
    let proxy = proxy(context, &of, spec);
    let version_mask = version_mask(context, &of, spec);
    let drain = drain(context, &of, spec);
    let journal = spec.journal.as_ref().and_then(|journal| journal.max_size);
    let journal_from = if journal.is_some() {
        Origin::Object
    } else {
        Origin::BuiltIn
    };
    let journal = journal.unwrap_or(Journal::BUILT_IN_MAX_SIZE);
    context.note(&of, "spec.journal.maxSize", journal, journal_from);
    context.note_default(&of, "spec.replicas", spec.replicas);
    pod::note(context, &of, spec.pod.as_ref());

    let coinservers = [&spec.currency]
        .into_iter()
        .chain(&spec.aux_currencies)
        .flat_map(|currency| payout::nodes(context, currency))
        .collect();
    Some(StratumSettings {
        name: name.to_owned(),
        bind: context.environment.miners(name, spec.port),
        listen: context.environment.listen(Program::Stratum(name)),
        state_dir: context.environment.state_dir(name),
        base: base?,
        aux: aux?,
        coinservers,
        ledger: LedgerPeer {
            url: context.environment.url(Program::Ledger(&spec.sharechain)),
            sharechain: sharechain?,
        },
        vardiff: vardiff?,
        limits,
        drain,
        tls: tls.ok()?,
        proxy_protocol_from: proxy?,
        version_mask: version_mask?,
        banner: spec.banner.clone().unwrap_or_default(),
        journal_max_bytes: journal.bytes(),
    })
}

fn base(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &StratumPortSpec,
) -> Option<CurrencySettings> {
    if !context.refer(of, "spec.currency", Kind::Currency, &spec.currency) {
        return None;
    }
    if payout::nodes(context, &spec.currency).is_empty() {
        let message = format!(
            "no Coinserver serves Currency/{}: miners get no work",
            spec.currency
        );
        let help = format!("add a Coinserver with `currency: {}`", spec.currency);
        context.warning(of, "spec.currency", message, Some(help));
    }
    currency::settings(context, &spec.currency)
}

fn aux(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &StratumPortSpec,
    base: Option<&CurrencySettings>,
) -> Option<Vec<CurrencySettings>> {
    let mut all = Some(Vec::new());
    for (index, name) in spec.aux_currencies.iter().enumerate() {
        let field = format!("spec.auxCurrencies[{index}]");
        let known = context.refer(of, &field, Kind::Currency, name);
        let Some(aux) = known.then(|| currency::settings(context, name)).flatten() else {
            all = None;
            continue;
        };
        if aux.network.aux_chain_id.is_none() {
            let message = format!("Currency/{name} cannot be merged mined");
            let help = "only networks with an auxChainId can, such as dogecoin".to_owned();
            context.error(of, &field, message, Some(help));
            all = None;
        } else if base.is_some_and(|base| base.network.algorithm != aux.network.algorithm) {
            let message = format!("Currency/{name} has another algorithm than the base currency");
            context.error(of, &field, message, None);
            all = None;
        } else if let Some(all) = &mut all {
            all.push(aux);
        }
    }
    all
}

fn sharechain(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &StratumPortSpec,
    base: Option<&CurrencySettings>,
) -> Option<String> {
    let name = &spec.sharechain;
    if !context.refer(of, "spec.sharechain", Kind::Sharechain, name) {
        return None;
    }
    let objects = context.objects;
    let algorithm = objects
        .sharechains
        .get(&**name)
        .map(|chain| chain.spec.algorithm.into());
    if let (Some(base), Some(algorithm)) = (base, algorithm)
        && base.network.algorithm != algorithm
    {
        let message = format!(
            "Sharechain/{name} is for {}, Currency/{} is {}",
            algorithm_name(algorithm),
            spec.currency,
            algorithm_name(base.network.algorithm)
        );
        let help = "work of two algorithms cannot be added: use a Sharechain of its own".to_owned();
        context.error(of, "spec.sharechain", message, Some(help));
        return None;
    }
    Some(name.to_string())
}

const fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256d => "sha256d",
        Algorithm::Scrypt => "scrypt",
    }
}

/// What is wrong is among the context's problems.
struct Reported;

fn tls(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &StratumPortSpec,
) -> Result<Option<StratumTls>, Reported> {
    let pool = defaults(context).and_then(|defaults| defaults.tls.as_ref());
    let mut layers = Layers {
        context,
        of,
        block: "spec.tls",
        object: spec.tls.as_ref(),
        pool,
    };
    let secret = layers.pick_optional("secretName", |tls| tls.secret_name.clone());
    let enabled = layers.pick("enabled", |tls| tls.enabled, secret.is_some());
    if !enabled {
        return Ok(None);
    }
    let Some(secret) = secret else {
        let help = "name a Secret of type kubernetes.io/tls in secretName".to_owned();
        context.error(
            of,
            "spec.tls.enabled",
            "TLS is on without a certificate",
            Some(help),
        );
        return Err(Reported);
    };
    let fields = ("spec.tls.secretName", "spec.tls.secretName");
    let certificate = context.secret(of, fields, &secret, "tls.crt");
    let key = context.secret(of, fields, &secret, "tls.key");
    let files = certificate
        .zip(key)
        .map(|(certificate, key)| StratumTls { certificate, key });
    files.map(Some).ok_or(Reported)
}

fn proxy(context: &mut Context<'_>, of: &ObjectRef, spec: &StratumPortSpec) -> Option<Vec<IpNet>> {
    let from = spec
        .proxy_protocol
        .as_ref()
        .map(|proxy| proxy.from.as_slice())
        .unwrap_or_default();
    ranges(context, of, "spec.proxyProtocol.from", from)
}

fn version_mask(context: &mut Context<'_>, of: &ObjectRef, spec: &StratumPortSpec) -> Option<u32> {
    let field = "spec.versionMask";
    context.note_default(of, field, &spec.version_mask);
    let digits = spec
        .version_mask
        .strip_prefix("0x")
        .unwrap_or(&spec.version_mask);
    let Ok(mask) = u32::from_str_radix(digits, 16) else {
        let help = Some("eight hexadecimal digits, such as \"0x1fffe000\"".to_owned());
        context.error(
            of,
            field,
            format!("{:?} is not a mask", spec.version_mask),
            help,
        );
        return None;
    };
    if mask & !ROLLABLE != 0 {
        let message = format!("{} holds bits that must not be rolled", spec.version_mask);
        let help = Some(format!(
            "only bits of {ROLLABLE:#010x} may be; 0x1fffe000 is usual (BIP 320)"
        ));
        context.error(of, field, message, help);
        return None;
    }
    if mask & AUX_BIT != 0 && !spec.aux_currencies.is_empty() {
        let message = format!(
            "{} holds bit 8, which marks merged mining",
            spec.version_mask
        );
        let help = Some("0x1fffe000 (BIP 320) leaves it out".to_owned());
        context.error(of, field, message, help);
        return None;
    }
    Some(mask)
}

fn drain(context: &mut Context<'_>, of: &ObjectRef, spec: &StratumPortSpec) -> DrainSettings {
    let built_in = context.environment.drain();
    // Its Service leads to the servers that are ready, which one that leaves is not any more.
    let successor = (!context.environment.one_machine()).then(|| {
        let service = spec.service.as_ref().and_then(|service| service.port);
        let host = context.environment.miners_host(&of.name);
        format!("{host}:{}", service.unwrap_or(spec.port))
    });
    let own = spec.drain.clone().unwrap_or_default();
    let mut seconds = |field: &str, own: Option<u64>, built_in: u64| {
        let origin = if own.is_some() {
            Origin::Object
        } else {
            Origin::BuiltIn
        };
        let seconds = own.unwrap_or(built_in);
        context.note(
            of,
            &format!("spec.drain.{field}"),
            format_args!("{seconds}s"),
            origin,
        );
        seconds
    };
    DrainSettings {
        accept_for_s: seconds(
            "acceptFor",
            own.accept_for.map(TimeSpan::seconds),
            built_in.accept_for_s,
        ),
        spread_s: seconds(
            "spread",
            own.spread.map(TimeSpan::seconds),
            built_in.spread_s,
        ),
        successor,
    }
}
