//! The share journal: raw shares in, batches out.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ngpool_chain::Work;
use parking_lot::Mutex;
use prost::Message;
use tokio::sync::{Notify, watch};

use super::{
    DirectoryLock, FileLayer, JournalError, JournalFile, JournalOptions, JournalState,
    JournalStatus, ProducerId, StoredBatch,
    batches::BatchLog,
    raw::{self, RawFile},
    syncer::Syncer,
};
use crate::slices::{OpenSlices, ShareRecord};

/// Sums that ask for an early close: a batch of so many slices is about 2 MB.
const CROWDED: usize = 10_000;

/// Sums at which shares are refused: a batch has to stay below the message limit of 16 MiB.
const SLICES_MAX: usize = 40_000;

/// Bytes of raw shares that ask for an early close.
const RAW_CROWDED: u64 = 32 * 1024 * 1024;

/// Accepted shares on disk, from the submit until the ledger has committed them.
///
/// Threads may append at once; one `append` of many shares costs one write.
pub struct ShareJournal {
    shared: Arc<Shared>,
    /// Before `_lock`: the last sync happens while the directory is still ours.
    _syncer: Option<Syncer>,
    _lock: Box<dyn DirectoryLock>,
}

struct Shared {
    files: Arc<dyn FileLayer>,
    directory: PathBuf,
    options: JournalOptions,
    producer: ProducerId,
    /// Taken before `state` by whoever takes both.
    log: Mutex<BatchLog>,
    state: Mutex<State>,
    /// What the log says of itself, readable while it is busy with the disk.
    view: Mutex<LogView>,
    last_batch: watch::Sender<u64>,
    acknowledged_sender: watch::Sender<u64>,
    observed: watch::Sender<JournalState>,
    crowded: Notify,
}

/// A log at one moment.
#[derive(Debug, Clone, Copy, Default)]
struct LogView {
    bytes: u64,
    last_batch: u64,
    acknowledged: u64,
    oldest_unshipped_ms: Option<u64>,
}

struct State {
    raw: RawFile,
    /// Files whose shares are still in no synced batch, or not removed yet.
    closing: Vec<ClosingRaw>,
    /// The directory has names that are not synced.
    names_dirty: bool,
    open: OpenSlices,
    failure: Option<Failure>,
    buffer: Vec<u8>,
}

struct ClosingRaw {
    path: PathBuf,
    file: Arc<dyn JournalFile>,
    bytes: u64,
    dirty: bool,
}

#[derive(Debug, Clone)]
enum Failure {
    Poisoned(String),
    Conflict(String),
}

impl ShareJournal {
    /// Opens the journal of a directory, or starts one. Shares a killed process left in raw files
    /// are closed into a batch before it returns.
    pub fn open(
        directory: &Path,
        options: JournalOptions,
        files: impl FileLayer,
    ) -> Result<Self, JournalError> {
        let files: Arc<dyn FileLayer> = Arc::new(files);
        let lock = files.lock(directory)?;
        let mut log = BatchLog::open(
            Arc::clone(&files),
            directory,
            options.segment_bytes,
            ProducerId::random,
        )?;
        let producer = log.producer();
        let left = replay(files.as_ref(), directory, &log, options.workers_per_user)?;
        if !left.open.is_empty() {
            let now = (options.clock)();
            let content = left.open.content(&options.port, now).encode_to_vec();
            log.append(&content, left.next_index, now)?;
        }
        for path in &left.paths {
            files
                .remove(path)
                .map_err(|error| JournalError::file("remove", path, error))?;
        }
        let raw = RawFile::create(files.as_ref(), directory, producer, left.next_index)?;
        let shared = Arc::new(Shared {
            view: Mutex::new(LogView::default()),
            last_batch: watch::Sender::new(log.last_number()),
            acknowledged_sender: watch::Sender::new(0),
            observed: watch::Sender::new(JournalState::Writable),
            crowded: Notify::new(),
            state: Mutex::new(State {
                raw,
                closing: Vec::new(),
                names_dirty: true,
                open: OpenSlices::default(),
                failure: None,
                buffer: Vec::new(),
            }),
            log: Mutex::new(log),
            directory: directory.to_owned(),
            producer,
            options,
            files,
        });
        shared.look(&shared.log.lock(), Some(0));
        let syncer = match shared.options.sync_every {
            None => None,
            Some(every) => {
                let synced = Arc::clone(&shared);
                let thread = Syncer::start("journal-sync", every, move || synced.sync())
                    .map_err(|error| JournalError::file("start a thread for", directory, error))?;
                Some(thread)
            }
        };
        Ok(Self {
            shared,
            _syncer: syncer,
            _lock: lock,
        })
    }

    /// Who this journal is to a ledger.
    pub fn producer(&self) -> ProducerId {
        self.shared.producer
    }

    /// Name of the port it was opened for.
    pub fn port(&self) -> &str {
        &self.shared.options.port
    }

    /// Writes accepted shares. After `Ok` they outlive the process, and after at most the sync
    /// interval a power cut; after an error none of them counts and their miners must be told so.
    pub fn append(&self, shares: &[ShareRecord]) -> Result<(), JournalError> {
        if shares.is_empty() {
            return Ok(());
        }
        let shared = self.shared.as_ref();
        let mut state = shared.state.lock();
        let state = &mut *state;
        state.check()?;
        let bytes = shared.bytes(state) + RawFile::estimate(shares);
        if bytes > shared.options.max_bytes || state.open.len() >= SLICES_MAX {
            shared.observe(JournalState::Full);
            shared.crowded.notify_one();
            return Err(JournalError::Full {
                bytes,
                bound: shared.options.max_bytes,
            });
        }
        state.buffer.clear();
        state.raw.encode(shares, &mut state.buffer);
        if let Err(error) = state.raw.file.append(&state.buffer) {
            let error = JournalError::file("write", &state.raw.path, error);
            return Err(shared.poison(state, &error));
        }
        state.raw.bytes += state.buffer.len() as u64;
        state.raw.dirty = true;
        for share in shares {
            state.open.add(share, shared.options.workers_per_user);
        }
        if state.open.len() >= CROWDED || state.raw.bytes >= RAW_CROWDED {
            shared.crowded.notify_one();
        }
        Ok(())
    }

    /// Counts a refused share, in memory until the slice is closed: it pays nobody.
    pub fn reject(&self, user: &Arc<str>, worker: &Arc<str>, reason: &'static str, work: Work) {
        self.shared
            .state
            .lock()
            .open
            .reject(user, worker, reason, work);
    }

    /// Closes the open slices into a batch and syncs it. Returns the number of the newest batch:
    /// every share appended before the call is in it or an earlier one. With nothing open no batch
    /// is made, unless `even_empty`. Blocks on the disk.
    pub fn close(&self, even_empty: bool) -> Result<u64, JournalError> {
        let shared = self.shared.as_ref();
        let mut log = shared.log.lock();
        let next_index = {
            let state = shared.state.lock();
            state.check()?;
            if state.open.is_empty() && !even_empty {
                drop(state);
                shared.prune(&mut log)?;
                return Ok(log.last_number());
            }
            state.raw.index + 1
        };
        let next = RawFile::create(
            shared.files.as_ref(),
            &shared.directory,
            shared.producer,
            next_index,
        );
        let next = match next {
            Ok(next) => next,
            Err(error) => return Err(shared.poison(&mut shared.state.lock(), &error)),
        };
        let slices = shared.state.lock().begin_close(next);
        let written = shared.write_batch(&mut log, &slices, next_index);
        shared.end_close(&mut log, slices, written)
    }

    /// After a failed write or sync: brings everything that was accepted into a batch of a fresh
    /// file and takes shares again. Does nothing to a journal that is not poisoned. Blocks on the
    /// disk.
    pub fn reopen(&self) -> Result<(), JournalError> {
        let shared = self.shared.as_ref();
        let mut log = shared.log.lock();
        let next_index = {
            let state = shared.state.lock();
            match &state.failure {
                None => return Ok(()),
                Some(Failure::Conflict(_)) => return state.check(),
                Some(Failure::Poisoned(_)) => state.raw.index + 1,
            }
        };
        let next = RawFile::create(
            shared.files.as_ref(),
            &shared.directory,
            shared.producer,
            next_index,
        )?;
        log.rewrite()?;
        let slices = shared.state.lock().begin_close(next);
        let written = shared.write_batch(&mut log, &slices, next_index);
        shared.end_close(&mut log, slices, written)?;
        shared.state.lock().failure = None;
        shared.observe_size();
        tracing::info!(directory = %shared.directory.display(), "share journal reopened");
        Ok(())
    }

    /// Puts what was appended on the medium. Called every 100 ms by the journal's own thread.
    pub fn sync(&self) {
        self.shared.sync();
    }

    /// A batch by its number; `None` when it is not closed yet or no longer kept. Blocks on the disk.
    pub fn batch(&self, number: u64) -> Result<Option<StoredBatch>, JournalError> {
        self.shared.log.lock().read(number)
    }

    /// The ledger has every batch below `next`. Goes back when its database was restored. May wait for
    /// the disk.
    pub fn acknowledged(&self, next: u64) {
        let shared = self.shared.as_ref();
        let mut log = shared.log.lock();
        log.acknowledge(next, (shared.options.clock)());
        let acknowledged = next.saturating_sub(1).min(log.last_number());
        shared.look(&log, Some(acknowledged));
        if let Err(error) = shared.prune(&mut log) {
            tracing::warn!(%error, "acknowledged batches stay on disk for now");
        }
        drop(log);
        shared.acknowledged_sender.send_replace(acknowledged);
        shared.observe_size();
    }

    /// The ledger refused this journal: nothing is accepted from now on.
    pub fn conflict(&self, reason: impl Into<String>) {
        let reason = reason.into();
        self.shared.state.lock().failure = Some(Failure::Conflict(reason.clone()));
        self.shared.observe(JournalState::Conflict(reason));
    }

    /// Number of the oldest batch that is kept; one above the newest when there is none.
    pub fn oldest_batch(&self) -> u64 {
        self.shared.log.lock().oldest_number()
    }

    /// The newest batch, as it changes.
    pub fn watch_batches(&self) -> watch::Receiver<u64> {
        self.shared.last_batch.subscribe()
    }

    /// The newest batch the ledger has, as it changes.
    pub fn watch_acknowledged(&self) -> watch::Receiver<u64> {
        self.shared.acknowledged_sender.subscribe()
    }

    /// Whether shares are taken, as it changes.
    pub fn watch_state(&self) -> watch::Receiver<JournalState> {
        self.shared.observed.subscribe()
    }

    /// Returns when so much is open that it should be closed before its time.
    pub async fn crowded(&self) {
        self.shared.crowded.notified().await;
    }

    /// Figures for metrics and pages.
    pub fn status(&self) -> JournalStatus {
        let shared = self.shared.as_ref();
        let view = *shared.view.lock();
        let state = shared.state.lock();
        JournalStatus {
            state: shared.observed.borrow().clone(),
            bytes: shared.bytes(&state),
            max_bytes: shared.options.max_bytes,
            last_batch: view.last_batch,
            acknowledged: view.acknowledged,
            unshipped: view.last_batch.saturating_sub(view.acknowledged),
            oldest_unshipped_ms: view.oldest_unshipped_ms,
            open_shares: state.open.shares(),
        }
    }

    /// Milliseconds since the epoch by the journal's clock.
    pub fn now_ms(&self) -> u64 {
        (self.shared.options.clock)()
    }
}

impl Shared {
    fn bytes(&self, state: &State) -> u64 {
        let closing: u64 = state.closing.iter().map(|raw| raw.bytes).sum();
        self.view.lock().bytes + state.raw.bytes + closing
    }

    /// Notes what the log says now; `acknowledged` where that changed.
    fn look(&self, log: &BatchLog, acknowledged: Option<u64>) {
        let mut view = self.view.lock();
        let acknowledged = acknowledged.unwrap_or(view.acknowledged);
        *view = LogView {
            bytes: log.bytes(),
            last_batch: log.last_number(),
            acknowledged,
            oldest_unshipped_ms: log.closed_ms(acknowledged + 1),
        };
    }

    fn write_batch(
        &self,
        log: &mut BatchLog,
        slices: &OpenSlices,
        raw_boundary: u64,
    ) -> Result<u64, JournalError> {
        let now = (self.options.clock)();
        let content = slices.content(&self.options.port, now).encode_to_vec();
        log.append(&content, raw_boundary, now)
    }

    /// The second half of a close: the raw files go when their sums are on the medium, the sums
    /// come back when they are not.
    fn end_close(
        &self,
        log: &mut BatchLog,
        slices: OpenSlices,
        written: Result<u64, JournalError>,
    ) -> Result<u64, JournalError> {
        let number = match written {
            Ok(number) => number,
            Err(error) => {
                let mut state = self.state.lock();
                state.open.merge(slices, self.options.workers_per_user);
                return Err(self.poison(&mut state, &error));
            }
        };
        self.look(log, None);
        let raws = std::mem::take(&mut self.state.lock().closing);
        for raw in raws {
            // It is below the batch's boundary: should it stay, it is not read again.
            if let Err(error) = self.files.remove(&raw.path) {
                tracing::warn!(path = %raw.path.display(), %error, "a closed raw file stays on disk");
            }
        }
        self.prune(log)?;
        self.last_batch.send_replace(number);
        self.observe_size();
        Ok(number)
    }

    /// Removes what need not be kept: beyond its time, and beyond three quarters of the bound, so
    /// that kept batches never make a journal full.
    fn prune(&self, log: &mut BatchLog) -> Result<(), JournalError> {
        let keep = u64::try_from(self.options.keep_acknowledged.as_millis()).unwrap_or(u64::MAX);
        let kept_since = (self.options.clock)().saturating_sub(keep);
        log.prune(kept_since, self.options.max_bytes / 4 * 3)?;
        self.look(log, None);
        Ok(())
    }

    fn sync(&self) {
        let (dirty, names_dirty) = {
            let mut state = self.state.lock();
            if state.failure.is_some() {
                return;
            }
            state.take_dirty()
        };
        let synced = dirty
            .iter()
            .try_for_each(|(path, file)| {
                file.sync()
                    .map_err(|error| JournalError::file("sync", path, error))
            })
            .and_then(|()| {
                if names_dirty {
                    self.files
                        .sync_directory(&self.directory)
                        .map_err(|error| JournalError::file("sync", &self.directory, error))?;
                }
                Ok(())
            });
        if let Err(error) = synced {
            self.poison(&mut self.state.lock(), &error);
        }
    }

    fn poison(&self, state: &mut State, error: &JournalError) -> JournalError {
        let reason = error.to_string();
        if state.failure.is_none() {
            tracing::error!(
                reason,
                "the share journal takes nothing until it can be written again"
            );
            state.failure = Some(Failure::Poisoned(reason.clone()));
            self.observe(JournalState::Poisoned(reason.clone()));
        }
        JournalError::Poisoned { reason }
    }

    fn observe(&self, new: JournalState) {
        self.observed.send_if_modified(|state| {
            let changed = *state != new;
            *state = new;
            changed
        });
    }

    /// Full or writable, unless something worse holds.
    fn observe_size(&self) {
        let state = self.state.lock();
        if state.failure.is_none() {
            // Room for an append of usual size, so that readiness does not flicker at the bound.
            let room = self.options.max_bytes / 64;
            let full = self.bytes(&state) + room > self.options.max_bytes;
            self.observe(if full {
                JournalState::Full
            } else {
                JournalState::Writable
            });
        }
    }
}

/// A file with bytes that were not synced, and its name for an error.
type DirtyFile = (PathBuf, Arc<dyn JournalFile>);

impl State {
    fn check(&self) -> Result<(), JournalError> {
        match &self.failure {
            None => Ok(()),
            Some(Failure::Poisoned(reason)) => Err(JournalError::Poisoned {
                reason: reason.clone(),
            }),
            Some(Failure::Conflict(reason)) => Err(JournalError::Conflict {
                reason: reason.clone(),
            }),
        }
    }

    /// From here on shares go to `next`; what was open is the caller's to journal.
    fn begin_close(&mut self, next: RawFile) -> OpenSlices {
        let raw = std::mem::replace(&mut self.raw, next);
        self.closing.push(ClosingRaw {
            path: raw.path,
            file: raw.file,
            bytes: raw.bytes,
            dirty: raw.dirty,
        });
        self.names_dirty = true;
        std::mem::take(&mut self.open)
    }

    fn take_dirty(&mut self) -> (Vec<DirtyFile>, bool) {
        let mut dirty = Vec::new();
        if std::mem::take(&mut self.raw.dirty) {
            dirty.push((self.raw.path.clone(), Arc::clone(&self.raw.file)));
        }
        for raw in &mut self.closing {
            if std::mem::take(&mut raw.dirty) {
                dirty.push((raw.path.clone(), Arc::clone(&raw.file)));
            }
        }
        (dirty, std::mem::take(&mut self.names_dirty))
    }
}

/// What an earlier process left in raw files.
struct Left {
    open: OpenSlices,
    paths: Vec<PathBuf>,
    next_index: u64,
}

fn replay(
    files: &dyn FileLayer,
    directory: &Path,
    log: &BatchLog,
    workers_per_user: u32,
) -> Result<Left, JournalError> {
    let names = files
        .list(directory)
        .map_err(|error| JournalError::file("list", directory, error))?;
    let mut indices: Vec<u64> = names
        .iter()
        .filter_map(|name| raw::index_of(name))
        .collect();
    indices.sort_unstable();
    let mut left = Left {
        open: OpenSlices::default(),
        paths: Vec::new(),
        next_index: log.raw_boundary().max(1),
    };
    for index in indices {
        let path = directory.join(raw::name(index));
        // Below the boundary the shares are in a batch already.
        if index >= log.raw_boundary() {
            let bytes = files
                .read(&path)
                .map_err(|error| JournalError::file("read", &path, error))?;
            let open = &mut left.open;
            let torn = raw::replay(&bytes, &path, log.producer(), open, workers_per_user)?;
            if torn > 0 {
                tracing::warn!(
                    path = %path.display(),
                    bytes = torn,
                    "the end of the raw shares was never synced and is left out"
                );
            }
        }
        left.next_index = left.next_index.max(index + 1);
        left.paths.push(path);
    }
    Ok(left)
}
