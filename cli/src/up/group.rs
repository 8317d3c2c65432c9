//! All programs of one kind, made to follow their documents.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use ngpool_runtime::{Program, Settings};
use tokio::{sync::watch, task::AbortHandle};
use tokio_util::sync::CancellationToken;

use super::unit::Unit;

/// How a program of a kind is run.
pub(super) type Run<S, E> = Arc<
    dyn Fn(Settings<S>, Program) -> Pin<Box<dyn Future<Output = Result<(), E>> + Send>>
        + Send
        + Sync,
>;

/// The programs of a kind by name, each with the channel that brings it changed documents.
pub(super) struct Group<S, E> {
    kind: &'static str,
    run: Run<S, E>,
    /// Whether a program has to be started again to go from one document to another.
    restarts: fn(&S, &S) -> bool,
    members: BTreeMap<String, Member<S>>,
    /// Told to stop and not yet down: a successor of the same name waits for them.
    leaving: BTreeMap<String, Unit>,
}

struct Member<S> {
    settings: watch::Sender<Arc<S>>,
    unit: Unit,
}

impl<S, E> Group<S, E>
where
    S: PartialEq + Send + Sync + 'static,
    E: std::error::Error + Send + 'static,
{
    pub(super) fn new(kind: &'static str, run: Run<S, E>, restarts: fn(&S, &S) -> bool) -> Self {
        Self {
            kind,
            run,
            restarts,
            members: BTreeMap::new(),
            leaving: BTreeMap::new(),
        }
    }

    /// Starts what is new, hands changed documents over, and lets go what is no longer wanted.
    pub(super) fn apply(&mut self, wanted: BTreeMap<String, S>) {
        let gone: Vec<String> = self
            .members
            .keys()
            .filter(|name| !wanted.contains_key(*name))
            .cloned()
            .collect();
        for name in gone {
            tracing::info!(
                program = self.kind,
                name,
                "is gone from the files: it drains and stops"
            );
            self.release(&name);
        }
        for (name, document) in wanted {
            let same = self
                .members
                .get(&name)
                .is_some_and(|member| **member.settings.borrow() == document);
            if !same {
                self.put(name, document);
            }
        }
    }

    fn put(&mut self, name: String, document: S) {
        if let Some(member) = self.members.get(&name) {
            let restarts = (self.restarts)(&member.settings.borrow(), &document);
            if !restarts {
                tracing::info!(program = self.kind, name, "has a changed document");
                member.settings.send_replace(Arc::new(document));
                return;
            }
            tracing::info!(
                program = self.kind,
                name,
                "is started again for its changed document"
            );
            self.release(&name);
        }
        let (sender, receiver) = watch::channel(Arc::new(document));
        let run = Arc::clone(&self.run);
        let predecessor = self.leaving.remove(&name);
        let unit = Unit::start(self.kind, &name, predecessor, move |program| {
            run(receiver.clone(), program)
        });
        self.members.insert(
            name,
            Member {
                settings: sender,
                unit,
            },
        );
    }

    fn release(&mut self, name: &str) {
        if let Some(member) = self.members.remove(name) {
            member.unit.stop();
            self.leaving.insert(name.to_owned(), member.unit);
        }
    }

    /// Tells all to drain and waits until they are down; once `hurry` comes, those that are not down
    /// within `grace` are ended where they stand.
    pub(super) async fn shut_down(&mut self, hurry: &CancellationToken, grace: Duration) {
        self.units().for_each(Unit::stop);
        let aborts: Vec<AbortHandle> = self.units().map(Unit::abort_handle).collect();
        let leaving = std::mem::take(&mut self.leaving).into_values();
        let members = std::mem::take(&mut self.members)
            .into_values()
            .map(|member| member.unit);
        let units: Vec<Unit> = leaving.chain(members).collect();
        let ended = async {
            for unit in units {
                unit.ended().await;
            }
        };
        let hurried = async {
            hurry.cancelled().await;
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            () = ended => {}
            () = hurried => {
                tracing::warn!(program = self.kind, "did not drain in time: it is ended");
                aborts.iter().for_each(AbortHandle::abort);
            }
        }
    }

    fn units(&self) -> impl Iterator<Item = &Unit> {
        self.members
            .values()
            .map(|member| &member.unit)
            .chain(self.leaving.values())
    }
}
