//! A thread that puts written bytes on the medium at a steady pace.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use parking_lot::{Condvar, Mutex};

/// Calls its work every interval until dropped, and once more then.
pub(super) struct Syncer {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Syncer {
    /// Starts the thread.
    pub(super) fn start(
        name: &str,
        every: Duration,
        work: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let seen = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                loop {
                    let mut stopped = seen.0.lock();
                    if !*stopped {
                        seen.1.wait_for(&mut stopped, every);
                    }
                    let last = *stopped;
                    drop(stopped);
                    work();
                    if last {
                        return;
                    }
                }
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        *self.stop.0.lock() = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the work was reported by the thread itself.
            let _ended = thread.join();
        }
    }
}
