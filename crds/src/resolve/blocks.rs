//! The five blocks: object over Pool over built-in, field by field.

use std::fmt;

use ngpool_chain::Algorithm;
use ngpool_settings::{LimitSettings, VardiffSettings};

use super::context::{Context, Origin};
use crate::{
    kinds::{Ban, Defaults, Limits, Vardiff},
    objects::{Kind, ObjectRef},
    units::{ByteSize, DAY, HOUR, KIB, MIB, SECOND, TimeSpan},
};

/// A block of an object and the Pool's block of the same name.
pub(crate) struct Layers<'c, 'a, B> {
    pub(crate) context: &'c mut Context<'a>,
    pub(crate) of: &'c ObjectRef,
    /// Such as `spec.vardiff`.
    pub(crate) block: &'static str,
    pub(crate) object: Option<&'c B>,
    pub(crate) pool: Option<&'c B>,
}

impl<B> Layers<'_, '_, B> {
    /// The effective value of a field, recorded with its origin.
    pub(crate) fn pick<V: Clone + fmt::Display>(
        &mut self,
        field: &str,
        get: impl Fn(&B) -> Option<V>,
        built_in: V,
    ) -> V {
        let (value, origin) = self.choose(get, built_in);
        self.note(field, &value, origin);
        value
    }

    /// The effective value of a field without a built-in value.
    pub(crate) fn pick_optional<V: Clone + fmt::Display>(
        &mut self,
        field: &str,
        get: impl Fn(&B) -> Option<V>,
    ) -> Option<V> {
        let (value, origin) = self.choose(|block| get(block).map(Some), None);
        match &value {
            Some(value) => self.note(field, value, origin),
            None => self.note(field, "none", origin),
        }
        value
    }

    /// The effective value and its origin, without recording them.
    pub(crate) fn choose<V>(&self, get: impl Fn(&B) -> Option<V>, built_in: V) -> (V, Origin) {
        if let Some(value) = self.object.and_then(&get) {
            (value, Origin::Object)
        } else if let Some(value) = self.pool.and_then(&get) {
            (value, Origin::Pool)
        } else {
            (built_in, Origin::BuiltIn)
        }
    }

    pub(crate) fn note(&mut self, field: &str, value: impl fmt::Display, origin: Origin) {
        self.context
            .note(self.of, &format!("{}.{field}", self.block), value, origin);
    }
}

/// The Pool's defaults, if it has any.
pub(crate) fn defaults<'a>(context: &Context<'a>) -> Option<&'a Defaults> {
    context
        .objects
        .pool
        .as_ref()
        .and_then(|pool| pool.spec.defaults.as_ref())
}

/// Difficulty that suits a small machine of today; a large one is raised within seconds.
const fn built_in_start(algorithm: Algorithm) -> f64 {
    match algorithm {
        Algorithm::Sha256d => 1024.0,
        Algorithm::Scrypt => 16.0,
    }
}

const BUILT_IN_MIN: f64 = 0.001;
const BUILT_IN_MAX: f64 = 1e12;
/// What fits a connection of a few bytes a second and still measures it well.
const BUILT_IN_SHARES_PER_MINUTE: f64 = 20.0;
const BUILT_IN_RETARGET: TimeSpan<{ SECOND }, { HOUR }> = TimeSpan::of(90 * SECOND);

/// The effective vardiff of a StratumPort whose base has this algorithm. Built-in values move
/// between the bounds that were given; given values that contradict each other are a problem.
pub(crate) fn vardiff(
    context: &mut Context<'_>,
    name: &str,
    own: Option<&Vardiff>,
    algorithm: Algorithm,
) -> Option<VardiffSettings> {
    let of = ObjectRef::new(Kind::StratumPort, name);
    let pool = defaults(context).and_then(|defaults| defaults.vardiff.as_ref());
    let mut layers = Layers {
        context,
        of: &of,
        block: "spec.vardiff",
        object: own,
        pool,
    };
    let (mut min, min_from) = layers.choose(|v| v.min, BUILT_IN_MIN);
    let (mut max, max_from) = layers.choose(|v| v.max, BUILT_IN_MAX);
    if min_from == Origin::BuiltIn {
        min = min.min(max);
    }
    if max_from == Origin::BuiltIn {
        max = max.max(min);
    }
    let (mut start, start_from) = layers.choose(|v| v.start, built_in_start(algorithm));
    if start_from == Origin::BuiltIn && min <= max {
        start = start.clamp(min, max);
    }
    layers.note("start", start, start_from);
    layers.note("min", min, min_from);
    layers.note("max", max, max_from);
    let shares_per_minute = layers.pick(
        "sharesPerMinute",
        |v| v.shares_per_minute,
        BUILT_IN_SHARES_PER_MINUTE,
    );
    let retarget = layers.pick("retarget", |v| v.retarget, BUILT_IN_RETARGET);
    let quick_start = layers.pick("quickStart", |v| v.quick_start, true);

    if min > start || start > max {
        let message = format!(
            "min {min} (from {min_from}), start {start} (from {start_from}) and max {max} (from \
             {max_from}) do not fit together"
        );
        let help = "the values in effect must rise from min over start to max".to_owned();
        context.error(&of, "spec.vardiff", message, Some(help));
        return None;
    }
    Some(VardiffSettings {
        start,
        min,
        max,
        shares_per_minute,
        retarget_s: retarget.seconds(),
        quick_start,
    })
}

/// The effective limits of a StratumPort.
pub(crate) fn limits(context: &mut Context<'_>, name: &str, own: Option<&Limits>) -> LimitSettings {
    let of = ObjectRef::new(Kind::StratumPort, name);
    let pool = defaults(context).and_then(|defaults| defaults.limits.as_ref());
    let mut layers = Layers {
        context,
        of: &of,
        block: "spec.limits",
        object: own,
        pool,
    };
    let ban = |limits: &Limits| limits.ban.clone().unwrap_or_default();
    let ban_of = |get: fn(&Ban) -> Option<u32>| move |limits: &Limits| get(&ban(limits));
    // The reasons of the numbers are with the attacks they answer, in the stratum server.
    let send_queue: ByteSize<{ 16 * KIB }, { 64 * MIB }> =
        layers.pick("sendQueue", |l| l.send_queue, ByteSize::of(256 * KIB));
    LimitSettings {
        connections: layers.pick("connections", |l| l.connections, 20_000),
        connections_per_address: layers.pick(
            "connectionsPerAddress",
            |l| l.connections_per_address,
            1_000,
        ),
        first_message_s: layers
            .pick(
                "firstMessage",
                |l| l.first_message,
                TimeSpan::of(15 * SECOND),
            )
            .seconds(),
        authorize_s: layers
            .pick("authorize", |l| l.authorize, TimeSpan::of(60 * SECOND))
            .seconds(),
        idle_s: layers
            .pick("idle", |l| l.idle, TimeSpan::of(600 * SECOND))
            .seconds(),
        workers_per_connection: layers.pick(
            "workersPerConnection",
            |l| l.workers_per_connection,
            64,
        ),
        workers_per_user: layers.pick(
            "workersPerUser",
            |l| l.workers_per_user,
            BUILT_IN_WORKERS_PER_USER,
        ),
        new_users_per_minute: layers.pick("newUsersPerMinute", |l| l.new_users_per_minute, 30),
        ban_rejected_percent: layers.pick(
            "ban.rejectedPercent",
            ban_of(|b| b.rejected_percent),
            50,
        ),
        ban_after_submits: layers.pick("ban.afterSubmits", ban_of(|b| b.after_submits), 200),
        ban_s: layers
            .pick(
                "ban.duration",
                |l| l.ban.as_ref().and_then(|b| b.duration),
                TimeSpan::<{ SECOND }, { 7 * DAY }>::of(600 * SECOND),
            )
            .seconds(),
        // At most 64 MiB by its type.
        send_queue_bytes: u32::try_from(send_queue.bytes()).unwrap_or(u32::MAX),
    }
}

/// Workers a user may have; the ledger counts them over all ports.
pub(crate) const BUILT_IN_WORKERS_PER_USER: u32 = 1_000;
