//! The document of `ngcoinserver`.

use std::collections::BTreeMap;

use ngpool_settings::{CoinserverSettings, DaemonProcess, DaemonRpc, RESERVED_OPTIONS};

use super::{
    context::{Context, Origin},
    currency, pod,
};
use crate::{
    documents::DaemonPod,
    environment::Program,
    kinds::{CoinserverSpec, Daemon, ExternalNode},
    objects::{Kind, ObjectRef},
    presets::PresetName,
};

pub(super) fn document(context: &mut Context<'_>, name: &str) -> Option<CoinserverSettings> {
    let objects = context.objects;
    let spec = &objects.coinservers.get(name)?.spec;
    let of = ObjectRef::new(Kind::Coinserver, name);
    let known = context.refer(&of, "spec.currency", Kind::Currency, &spec.currency);
    let currency = if known {
        currency::settings(context, &spec.currency)
    } else {
        None
    };
    let preset = objects
        .currencies
        .get(&*spec.currency)
        .and_then(|currency| currency.spec.preset);
    pod::note(context, &of, spec.pod.as_ref());
    context.note_default(&of, "spec.timeout", spec.timeout);
    context.note_default(&of, "spec.pollInterval", spec.poll_interval);
    context.note_default(&of, "spec.refreshInterval", spec.refresh_interval);
    let reached = match (&spec.daemon, &spec.external) {
        // Without its currency nothing can be said about a daemon.
        (Some(daemon), None) if known => owned(context, name, spec, daemon, preset),
        (None, Some(external)) => elsewhere(context, &of, spec, external),
        (Some(_), None) => None,
        _ => {
            context.error(
                &of,
                "spec",
                "exactly one of daemon and external must be given",
                None,
            );
            None
        }
    };
    let (rpc, zmq_hashblock, process) = reached?;
    // In a cluster the daemon is a container beside this program, not a process of it.
    let daemon = process.filter(|_| context.environment.one_machine());
    Some(CoinserverSettings {
        name: name.to_owned(),
        currency: currency?,
        listen: context.environment.listen(Program::Coinserver(name)),
        rpc,
        zmq_hashblock,
        daemon,
        poll_ms: spec.poll_interval.millis(),
        refresh_ms: spec.refresh_interval.millis(),
    })
}

type Reached = (DaemonRpc, Option<String>, Option<DaemonProcess>);

/// A daemon for whoever runs it beside its `ngcoinserver`: a cluster.
pub(super) fn daemon_pod(context: &mut Context<'_>, name: &str) -> Option<DaemonPod> {
    let objects = context.objects;
    let spec = &objects.coinservers.get(name)?.spec;
    let daemon = spec.daemon.as_ref()?;
    let of = ObjectRef::new(Kind::Coinserver, name);
    if !context.refer(&of, "spec.currency", Kind::Currency, &spec.currency) {
        return None;
    }
    let preset = objects
        .currencies
        .get(&*spec.currency)
        .and_then(|currency| currency.spec.preset);
    let (_, zmq_hashblock, process) = owned(context, name, spec, daemon, preset)?;
    let built_in_size = match (&daemon.storage, preset) {
        (None, None) => {
            let help = "only presets bring it; the Currency's network is given by hand".to_owned();
            let message = "the field `storage` is missing";
            context.error(&of, "spec.daemon.storage", message, Some(help));
            return None;
        }
        (_, preset) => preset.map_or("1Gi", PresetName::storage_size),
    };
    Some(DaemonPod {
        process: process?,
        zmq_hashblock,
        image: daemon.image.clone(),
        storage: daemon.storage.clone(),
        built_in_size: built_in_size.to_owned(),
    })
}

fn elsewhere(
    context: &mut Context<'_>,
    of: &ObjectRef,
    spec: &CoinserverSpec,
    external: &ExternalNode,
) -> Option<Reached> {
    let secret = &external.credentials_secret;
    let credentials_file = context.secret_key(of, "spec.external.credentialsSecret", secret)?;
    let rpc = DaemonRpc {
        url: external.url.clone(),
        credentials_file,
        timeout_s: spec.timeout.seconds(),
    };
    Some((rpc, external.zmq_hashblock.clone(), None))
}

fn owned(
    context: &mut Context<'_>,
    name: &str,
    spec: &CoinserverSpec,
    daemon: &Daemon,
    preset: Option<PresetName>,
) -> Option<Reached> {
    let of = ObjectRef::new(Kind::Coinserver, name);
    let one_machine = context.environment.one_machine();
    // Ports of its own are only taken where the daemon is alone; elsewhere free ones are.
    let ports = if one_machine {
        Some((0, 0))
    } else {
        let rpc = by_preset(
            context,
            &of,
            "rpcPort",
            daemon.rpc_port,
            preset.map(|p| p.rpc_port),
        );
        let p2p = by_preset(
            context,
            &of,
            "p2pPort",
            daemon.p2p_port,
            preset.map(|p| p.p2p_port),
        );
        rpc.zip(p2p)
    };
    let chain = by_preset(
        context,
        &of,
        "chain",
        daemon.chain.map(|chain| chain.name().to_owned()),
        preset.map(|preset| preset.daemon_chain.to_owned()),
    );
    // The object's is for one machine; an image has the daemon on its PATH.
    let by_name = preset.map(|preset| preset.daemon.to_owned());
    let own = daemon.binary.clone();
    let own = own.filter(|_| one_machine || by_name.is_none());
    let binary = by_preset(context, &of, "binary", own, by_name);
    let zmq = match (daemon.zmq, preset) {
        (Some(zmq), _) => (zmq, Origin::Object),
        (None, Some(preset)) => (preset.zmq(), Origin::Preset),
        (None, None) => (true, Origin::BuiltIn),
    };
    context.note(&of, "spec.daemon.zmq", zmq.0, zmq.1);
    context.note_default(&of, "spec.daemon.stopGrace", daemon.stop_grace);
    let options = options(context, &of, daemon, preset);

    let (rpc_port, p2p_port) = ports?;
    let place = context.environment.daemon(name, rpc_port, p2p_port);
    let rpc = DaemonRpc {
        url: format!("http://{}", place.rpc),
        credentials_file: place.credentials_file,
        timeout_s: spec.timeout.seconds(),
    };
    let zmq_hashblock = zmq.0.then(|| format!("tcp://{}", place.zmq));
    let process = DaemonProcess {
        binary: binary?,
        data_dir: place.data_dir,
        chain: chain?,
        p2p_port: place.p2p_port,
        rpc_port: place.rpc.port(),
        add_nodes: peers(context, name, spec, daemon, preset),
        options: options?,
        stop_grace_s: daemon.stop_grace.seconds(),
    };
    Some((rpc, zmq_hashblock, Some(process)))
}

/// A field that a preset brings and a network by hand must give.
fn by_preset<V: Clone + std::fmt::Display>(
    context: &mut Context<'_>,
    of: &ObjectRef,
    field: &str,
    own: Option<V>,
    preset: Option<V>,
) -> Option<V> {
    let path = format!("spec.daemon.{field}");
    let (value, origin) = match (own, preset) {
        (Some(value), _) => (value, Origin::Object),
        (None, Some(value)) => (value, Origin::Preset),
        (None, None) => {
            let help = "only presets bring it; the Currency's network is given by hand".to_owned();
            context.error(
                of,
                &path,
                format!("the field `{field}` is missing"),
                Some(help),
            );
            return None;
        }
    };
    context.note(of, &path, &value, origin);
    Some(value)
}

/// Lines of the daemon's configuration: the object's over its ConfigMap's over the preset's.
fn options(
    context: &mut Context<'_>,
    of: &ObjectRef,
    daemon: &Daemon,
    preset: Option<PresetName>,
) -> Option<BTreeMap<String, String>> {
    let mut options: BTreeMap<String, (String, Origin)> = preset
        .map(PresetName::options)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name, (value, Origin::Preset)))
        .collect();
    let mut sound = true;
    if let Some(from) = &daemon.options_from {
        let map = &from.config_map.name;
        let field = "spec.daemon.optionsFrom.configMap";
        if !context.refer(of, field, Kind::ConfigMap, map) {
            return None;
        }
        let objects = context.objects;
        let data = objects
            .config_maps
            .get(&**map)
            .and_then(|map| map.data.as_ref());
        for (name, value) in data.into_iter().flatten() {
            let value = value.trim_end_matches(['\r', '\n']);
            if let Some(fault) = option_fault(name, value) {
                context.error(
                    &ObjectRef::new(Kind::ConfigMap, &**map),
                    &format!("data.{name}"),
                    format!("option `{name}` {fault}"),
                    Some(format!("it is read by {of} {field}")),
                );
                sound = false;
            }
            options.insert(name.clone(), (value.to_owned(), Origin::Object));
        }
    }
    for (name, value) in &daemon.options {
        if let Some(fault) = option_fault(name, value) {
            let field = format!("spec.daemon.options.{name}");
            context.error(of, &field, format!("option `{name}` {fault}"), None);
            sound = false;
        }
        options.insert(name.clone(), (value.clone(), Origin::Object));
    }
    for (name, (value, origin)) in &options {
        context.note(of, &format!("spec.daemon.options.{name}"), value, *origin);
    }
    sound.then(|| {
        options
            .into_iter()
            .map(|(name, (value, _))| (name, value))
            .collect()
    })
}

/// Why an option cannot be taken. The schema cannot look at names: their length has no bound there, so
/// that the API server takes any rule about them for too costly.
fn option_fault(name: &str, value: &str) -> Option<&'static str> {
    if RESERVED_OPTIONS.contains(&name) {
        Some("is set by the pool itself")
    } else if name.is_empty()
        || !name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    {
        Some("is no name of an option: they have lower-case letters and digits")
    } else if value.contains(|c: char| c.is_control() || c == '#') {
        Some("must have a value of one line without `#`")
    } else {
        None
    }
}

/// The pool's other nodes of the currency, then those that were named.
fn peers(
    context: &Context<'_>,
    name: &str,
    spec: &CoinserverSpec,
    daemon: &Daemon,
    preset: Option<PresetName>,
) -> Vec<String> {
    let others = context
        .objects
        .coinservers
        .iter()
        .filter(|(other, coinserver)| {
            other.as_str() != name
                && coinserver.spec.currency == spec.currency
                && coinserver.spec.daemon.is_some()
        });
    let own = others.map(|(other, coinserver)| {
        let own = coinserver
            .spec
            .daemon
            .as_ref()
            .and_then(|daemon| daemon.p2p_port);
        // A daemon without a port is a problem of that Coinserver.
        let port = own.or(preset.map(|preset| preset.p2p_port)).unwrap_or(0);
        context.environment.daemon_peer(other, port)
    });
    own.chain(daemon.peers.iter().cloned()).collect()
}
