//! Objects that nothing refers to: allowed, but probably not meant.

use super::context::Context;
use crate::objects::{Kind, ObjectRef};

pub(super) fn warn(context: &mut Context<'_>) {
    let objects = context.objects;
    for (name, currency) in &objects.currencies {
        let mined = objects.stratum_ports.values().any(|port| {
            *port.spec.currency == **name
                || port.spec.aux_currencies.iter().any(|aux| **aux == **name)
        });
        if !mined {
            let of = ObjectRef::new(Kind::Currency, name);
            let message = format!("no StratumPort mines {}", currency.spec.code);
            context.warning(
                &of,
                "",
                message,
                Some(format!("add one with `currency: {name}`")),
            );
        }
    }
    for name in objects.sharechains.keys() {
        let used = objects
            .stratum_ports
            .values()
            .any(|port| *port.spec.sharechain == **name);
        if !used {
            let of = ObjectRef::new(Kind::Sharechain, name);
            let help = format!("add one with `sharechain: {name}`");
            context.warning(&of, "", "no StratumPort puts work into it", Some(help));
        }
    }
    // In a cluster a namespace holds Secrets and ConfigMaps of others.
    if context.environment.one_machine() {
        let secrets = objects
            .secrets
            .keys()
            .map(|name| ObjectRef::new(Kind::Secret, name));
        let maps = objects
            .config_maps
            .keys()
            .map(|name| ObjectRef::new(Kind::ConfigMap, name));
        for of in secrets.chain(maps).collect::<Vec<_>>() {
            if !context.is_used(&of) {
                context.warning(&of, "", "nothing refers to it", None);
            }
        }
    }
}
