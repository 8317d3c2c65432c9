//! All programs of the pool.

use std::{collections::BTreeMap, convert::Infallible, future::Future, sync::Arc, time::Duration};

use ngpool_crds::{Documents, PayoutJob};
use ngpool_runtime::{Program, Settings};
use ngpool_settings::{CoinserverSettings, LedgerSettings, StratumSettings, WebSettings};
use tokio_util::sync::CancellationToken;

use super::{
    group::{Group, Run},
    prepare, settle,
};

/// Once in a hurry, what a program may still take to drain.
const HURRIED: Duration = Duration::from_secs(1);
/// Once in a hurry, what a coin daemon may still take: one that is killed replays for long.
const HURRIED_DAEMON: Duration = Duration::from_secs(20);

/// The pool's programs by kind, each kept running on its newest document.
pub(super) struct Fleet {
    coinservers: Group<CoinserverSettings, ngcoinserver::RunError>,
    ledgers: Group<LedgerSettings, ngledger::RunError>,
    web: Group<WebSettings, ngweb::RunError>,
    settles: Group<PayoutJob, Infallible>,
    prepares: Group<PayoutJob, Infallible>,
    stratum: Group<StratumSettings, ngstratum::RunError>,
}

impl Fleet {
    /// Nothing runs yet.
    pub(super) fn new() -> Self {
        Self {
            coinservers: Group::new("ngcoinserver", boxed(ngcoinserver::run), |old, new| {
                old.listen != new.listen
            }),
            ledgers: Group::new("ngledger", boxed(ngledger::run), |old, new| {
                old.listen != new.listen
            }),
            web: Group::new("ngweb", boxed(ngweb::run), |old, new| {
                old.listen != new.listen || old.bind != new.bind
            }),
            settles: Group::new("settle", boxed(settle::run), |_, _| false),
            prepares: Group::new("prepare", boxed(prepare::run), |_, _| false),
            stratum: Group::new("ngstratum", boxed(ngstratum::run), |old, new| {
                old.listen != new.listen || old.bind != new.bind
            }),
        }
    }

    /// Makes what runs follow the documents: what others need first is started first.
    pub(super) fn apply(&mut self, documents: Documents) {
        self.coinservers
            .apply(by_name(documents.coinservers, |it| it.name.clone()));
        self.ledgers
            .apply(by_name(documents.ledgers, |it| it.sharechain.clone()));
        self.web
            .apply(by_name(vec![documents.web], |_| "web".to_owned()));
        let payouts = by_name(documents.payouts, |it| it.settings.currency.name.clone());
        self.settles.apply(payouts.clone());
        self.prepares.apply(payouts);
        self.stratum
            .apply(by_name(documents.stratum, |it| it.name.clone()));
    }

    /// Drains all, in the order in which the work flows: shares stop coming, are shipped, are settled,
    /// and only then the nodes go.
    pub(super) async fn shut_down(mut self, hurry: &CancellationToken) {
        self.stratum.shut_down(hurry, HURRIED).await;
        self.ledgers.shut_down(hurry, HURRIED).await;
        self.prepares.shut_down(hurry, HURRIED).await;
        self.settles.shut_down(hurry, HURRIED).await;
        self.web.shut_down(hurry, HURRIED).await;
        self.coinservers.shut_down(hurry, HURRIED_DAEMON).await;
    }
}

fn by_name<S>(documents: Vec<S>, name: impl Fn(&S) -> String) -> BTreeMap<String, S> {
    documents
        .into_iter()
        .map(|document| (name(&document), document))
        .collect()
}

fn boxed<S, E, F, R>(run: F) -> Run<S, E>
where
    F: Fn(Settings<S>, Program) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), E>> + Send + 'static,
{
    Arc::new(move |settings, program| Box::pin(run(settings, program)))
}
