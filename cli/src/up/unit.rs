//! One program that is kept running.

use std::{error::Error, fmt::Write, future::Future};

use ngpool_runtime::Program;
use tokio::task::{AbortHandle, JoinHandle};
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;

/// A program under supervision: when it fails or panics it is started again, after a pause that
/// grows; when it is told to stop it drains and stays down.
#[derive(Debug)]
pub(super) struct Unit {
    label: String,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Unit {
    /// Starts a program, after the one that had its place has gone.
    pub(super) fn start<F, R, E>(
        kind: &'static str,
        name: &str,
        predecessor: Option<Self>,
        run: F,
    ) -> Self
    where
        F: Fn(Program) -> R + Send + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Error + Send + 'static,
    {
        let label = format!("{kind} {name}");
        let stop = CancellationToken::new();
        let supervised = Supervised {
            kind,
            name: name.to_owned(),
            label: label.clone(),
            stop: stop.clone(),
        };
        let task = tokio::spawn(async move {
            if let Some(predecessor) = predecessor {
                predecessor.ended().await;
            }
            supervised.keep_running(run).await;
        });
        Self { label, stop, task }
    }

    /// Tells it to drain and stop.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// Ends it where it stands, also while somebody waits for its end.
    pub(super) fn abort_handle(&self) -> AbortHandle {
        self.task.abort_handle()
    }

    /// Waits until it is down.
    pub(super) async fn ended(self) {
        match self.task.await {
            Err(error) if error.is_panic() => {
                tracing::error!(program = self.label, "its supervision broke down");
            }
            _ => {}
        }
    }
}

struct Supervised {
    kind: &'static str,
    name: String,
    label: String,
    stop: CancellationToken,
}

impl Supervised {
    async fn keep_running<F, R, E>(self, run: F)
    where
        F: Fn(Program) -> R,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Error + Send + 'static,
    {
        let mut backoff = Backoff::default();
        while !self.stop.is_cancelled() {
            let program = Program::new(self.kind, &self.name, self.stop.child_token());
            // A task of its own, so that a panic ends the program and not the supervision. Aborted
            // with us, so that nothing of an aborted program goes on.
            let mut task = AbortOnDrop(tokio::spawn(run(program)));
            let ended = (&mut task.0).await;
            let label = self.label.as_str();
            match ended {
                Ok(Ok(())) if self.stop.is_cancelled() => {
                    tracing::debug!(program = label, "stopped");
                    return;
                }
                Ok(Ok(())) => tracing::error!(program = label, "ended though nobody asked it to"),
                Ok(Err(error)) => {
                    tracing::error!(program = label, error = chain(&error), "failed");
                }
                Err(error) if error.is_panic() => {
                    tracing::error!(program = label, "panicked; it is started again");
                }
                Err(_aborted) => return,
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(backoff.next()) => {}
            }
        }
    }
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An error and what it came from, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        // Many errors repeat their source in their own words.
        if !text.contains(&words) {
            // Writing to a string cannot fail.
            let _written = write!(text, ": {words}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    };

    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error)]
    #[error("no luck")]
    struct NoLuck;

    #[tokio::test]
    async fn a_program_that_fails_or_panics_is_started_again_until_it_is_stopped() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let (third, running) = tokio::sync::oneshot::channel();
        let third = Arc::new(Mutex::new(Some(third)));
        let unit = Unit::start("ngtest", "a", None, move |program| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            let third = Arc::clone(&third);
            async move {
                match run {
                    0 => Err(NoLuck),
                    1 => panic!("bad luck"),
                    _ => {
                        third.lock().unwrap().take().unwrap().send(()).unwrap();
                        program.shutdown.cancelled().await;
                        Ok(())
                    }
                }
            }
        });
        running.await.unwrap();
        unit.stop();
        unit.ended().await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_successor_waits_until_its_predecessor_is_down() {
        let order = Arc::new(Mutex::new(Vec::new()));
        let unit = |name: &'static str, predecessor| {
            let order = Arc::clone(&order);
            Unit::start("ngtest", name, predecessor, move |program| {
                let order = Arc::clone(&order);
                async move {
                    order.lock().unwrap().push(format!("{name} up"));
                    program.shutdown.cancelled().await;
                    order.lock().unwrap().push(format!("{name} down"));
                    Ok::<(), NoLuck>(())
                }
            })
        };
        let first = unit("first", None);
        while order.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        first.stop();
        let second = unit("second", Some(first));
        while order.lock().unwrap().len() < 3 {
            tokio::task::yield_now().await;
        }
        second.stop();
        second.ended().await;
        assert_eq!(
            *order.lock().unwrap(),
            ["first up", "first down", "second up", "second down"]
        );
    }

    #[test]
    fn a_chain_of_errors_is_told_once() {
        #[derive(Debug, Error)]
        #[error("cannot begin")]
        struct Outer(#[source] NoLuck);
        assert_eq!(chain(&Outer(NoLuck)), "cannot begin: no luck");
    }
}
