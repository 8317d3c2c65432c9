//! The document of `ngweb`.

use ngpool_settings::{RateLimit, WebNode, WebPort, WebSettings, WebSharechain};

use super::{
    blocks,
    context::{Context, Origin},
    currency, payout, pool,
    ranges::ranges,
    sharechain,
};
use crate::{
    environment::{DatabaseRole, Program},
    kinds::{POOL_NAME, Pool, StratumPort},
    objects::{Kind, ObjectRef},
};

/// Port of the API.
const BUILT_IN_PORT: u16 = 8080;
/// Enough for a page that refreshes itself and for a script, little enough for one that runs wild.
const BUILT_IN_RATE: RateLimit = RateLimit {
    per_second: 20,
    burst: 60,
};

/// The port of the API.
pub(super) fn port(pool: &Pool) -> u16 {
    pool.spec
        .web
        .as_ref()
        .and_then(|web| web.port)
        .unwrap_or(BUILT_IN_PORT)
}

/// The document, without the objects that cannot be resolved: they have problems of their own, and
/// one port with a typing error is no reason to show nothing of a pool.
pub(super) fn document(context: &mut Context<'_>) -> Option<WebSettings> {
    let objects = context.objects;
    let pool = pool(context)?;
    let of = ObjectRef::new(Kind::Pool, POOL_NAME);
    let web = pool.spec.web.clone().unwrap_or_default();
    let rate = web.rate_limit.clone().unwrap_or_default();
    let origins = web
        .allowed_origins
        .clone()
        .unwrap_or_else(|| vec!["*".to_owned()]);
    let mut note = |field: &str, given: bool, value: String| {
        let origin = if given {
            Origin::Object
        } else {
            Origin::BuiltIn
        };
        context.note(&of, &format!("spec.web.{field}"), value, origin);
    };
    let per_second = rate.per_second.unwrap_or(BUILT_IN_RATE.per_second);
    let burst = rate.burst.unwrap_or(BUILT_IN_RATE.burst);
    note("port", web.port.is_some(), port(pool).to_string());
    note(
        "rateLimit.perSecond",
        rate.per_second.is_some(),
        per_second.to_string(),
    );
    note("rateLimit.burst", rate.burst.is_some(), burst.to_string());
    note(
        "allowedOrigins",
        web.allowed_origins.is_some(),
        origins.join(", "),
    );
    note(
        "trustedProxies",
        !web.trusted_proxies.is_empty(),
        web.trusted_proxies.join(", "),
    );
    context.note_default(&of, "spec.title", &pool.spec.title);
    let trusted_proxies = ranges(
        context,
        &of,
        "spec.web.trustedProxies",
        &web.trusted_proxies,
    );
    let signer_token_file = match &web.signer_token_secret {
        Some(secret) => context.secret_key(&of, "spec.web.signerTokenSecret", secret),
        None => Some(context.environment.signer_token_file()),
    };

    let currencies: Vec<_> = objects
        .currencies
        .keys()
        .map(|name| currency::settings(context, name))
        .collect();
    let payouts: Vec<_> = objects
        .currencies
        .iter()
        .map(|(name, currency)| {
            let policy = payout::policy_of(context, name)?;
            Some((currency.spec.code.clone(), policy))
        })
        .collect();
    let sharechains: Vec<_> = objects
        .sharechains
        .iter()
        .map(|(name, chain)| {
            let of = ObjectRef::new(Kind::Sharechain, name);
            Some(WebSharechain {
                name: name.clone(),
                algorithm: chain.spec.algorithm.into(),
                method: sharechain::method(context, &of, &chain.spec)?,
                fee_ppm: chain.spec.fee.millionths(),
            })
        })
        .collect();
    let ports: Vec<_> = objects
        .stratum_ports
        .iter()
        .map(|(name, port)| port_shown(context, name, port))
        .collect();
    let nodes = objects
        .coinservers
        .iter()
        .filter_map(|(name, node)| {
            let currency = code(context, &node.spec.currency)?;
            Some(WebNode {
                name: name.clone(),
                currency,
            })
        })
        .collect();
    Some(WebSettings {
        pool: pool.spec.title.clone(),
        bind: context.environment.web(port(pool)),
        listen: context.environment.listen(Program::Web),
        database_url_file: context.environment.database_url_file(DatabaseRole::Web),
        currencies: currencies.into_iter().flatten().collect(),
        sharechains: sharechains.into_iter().flatten().collect(),
        ports: ports.into_iter().flatten().collect(),
        nodes,
        rate_limit: RateLimit { per_second, burst },
        allowed_origins: origins,
        trusted_proxies: trusted_proxies?,
        payouts: payouts.into_iter().flatten().collect(),
        signer_token_file: Some(signer_token_file?),
    })
}

fn code(context: &Context<'_>, currency: &str) -> Option<String> {
    context
        .objects
        .currencies
        .get(currency)
        .map(|currency| currency.spec.code.clone())
}

/// A port as miners are shown it. References that lead nowhere are reported with the port's own
/// document.
fn port_shown(context: &mut Context<'_>, name: &str, port: &StratumPort) -> Option<WebPort> {
    let spec = &port.spec;
    let base = context.objects.currencies.get(&*spec.currency)?;
    let algorithm = currency::network(&base.spec)?.algorithm;
    let vardiff = blocks::vardiff(context, name, spec.vardiff.as_ref(), algorithm)?;
    let pool_tls = blocks::defaults(context).and_then(|defaults| defaults.tls.clone());
    let own_tls = spec.tls.clone().unwrap_or_default();
    let pool_tls = pool_tls.unwrap_or_default();
    let has_secret = own_tls.secret_name.or(pool_tls.secret_name).is_some();
    let tls = own_tls.enabled.or(pool_tls.enabled).unwrap_or(has_secret);
    let (host, shown) = match &spec.advertise {
        Some(advertise) => (advertise.host.clone(), advertise.port.unwrap_or(spec.port)),
        None => (context.environment.miners_host(name), spec.port),
    };
    // An address of IPv6 needs brackets before its port.
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host
    };
    Some(WebPort {
        name: name.to_owned(),
        url: format!("stratum+tcp://{host}:{shown}"),
        currency: base.spec.code.clone(),
        aux: spec
            .aux_currencies
            .iter()
            .filter_map(|aux| code(context, aux))
            .collect(),
        sharechain: spec.sharechain.to_string(),
        difficulty: (vardiff.min, vardiff.max),
        tls,
    })
}
