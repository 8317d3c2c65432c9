//! The block journal: a solved block is on disk before anything else can go wrong.
//!
//! One file a block, `<currency>-<hash>.block`: what was solved, the whole block as soon as its
//! transactions are known, and what each node answered. Blocks without a final answer are sent
//! again after a restart; all are reported to the ledger until it has taken the last answer.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use ngpool_chain::BlockHash;
use ngpool_rpc::v1::{self, SubmitOutcome};
use parking_lot::Mutex;
use prost::Message;
use tokio::sync::watch;

use super::{
    Clock, DirectoryLock, FileLayer, JournalError, JournalFile, ProducerId, SolvedBlock,
    TrackedBlock,
    frame::{self, Kind, Purpose},
    solved::{push_solved, read_solved},
    syncer::Syncer,
};

/// Reported blocks are kept as long as acknowledged batches are: a restored database asks again.
const KEEP_MS: u64 = 24 * 3600 * 1000;

/// Reported blocks kept at most. Only a test network solves so many in a day.
const KEEP_BLOCKS: usize = 2_000;

/// Solved blocks on disk until every node has answered and the ledger knows.
pub struct BlockJournal {
    shared: Arc<Shared>,
    _syncer: Syncer,
    _lock: Box<dyn DirectoryLock>,
}

struct Shared {
    files: Arc<dyn FileLayer>,
    directory: PathBuf,
    clock: Clock,
    blocks: Mutex<BTreeMap<BlockHash, Entry>>,
    changes: watch::Sender<u64>,
}

struct Entry {
    tracked: TrackedBlock,
    path: PathBuf,
    /// Absent when the file could not be made: the block lives in memory then.
    file: Option<Arc<dyn JournalFile>>,
    sequence: u64,
    dirty: bool,
    /// Raised by every change worth a report.
    revision: u64,
    reported: u64,
}

impl BlockJournal {
    /// Opens the journal of a directory, or starts one.
    pub fn open(
        directory: &Path,
        clock: Clock,
        files: impl FileLayer,
    ) -> Result<Self, JournalError> {
        let files: Arc<dyn FileLayer> = Arc::new(files);
        let lock = files.lock(directory)?;
        let mut blocks = BTreeMap::new();
        let names = files
            .list(directory)
            .map_err(|error| JournalError::file("list", directory, error))?;
        for path in names.iter().map(|name| directory.join(name)) {
            if path
                .extension()
                .is_none_or(|extension| extension != "block")
            {
                continue;
            }
            let bytes = files
                .read(&path)
                .map_err(|error| JournalError::file("read", &path, error))?;
            if let Some(entry) = read_entry(files.as_ref(), &bytes, &path)? {
                blocks.insert(entry.tracked.block.hash, entry);
            } else {
                tracing::error!(
                    path = %path.display(),
                    "a solved block was cut off while it was written; the file stays for inspection"
                );
            }
        }
        let shared = Arc::new(Shared {
            files,
            directory: directory.to_owned(),
            clock,
            blocks: Mutex::new(blocks),
            changes: watch::Sender::new(0),
        });
        let synced = Arc::clone(&shared);
        let syncer = Syncer::start(
            "block-sync",
            std::time::Duration::from_millis(100),
            move || {
                synced.sync();
            },
        )
        .map_err(|error| JournalError::file("start a thread for", directory, error))?;
        Ok(Self {
            shared,
            _syncer: syncer,
            _lock: lock,
        })
    }

    /// Records a solve with one write, without waiting for the medium. The block is tracked and
    /// reported even when this fails: send it to the nodes in any case. A block that is tracked
    /// already is left as it is.
    pub fn append(&self, block: &SolvedBlock) -> Result<(), JournalError> {
        let shared = self.shared.as_ref();
        let mut blocks = shared.blocks.lock();
        if blocks.contains_key(&block.hash) {
            return Ok(());
        }
        let path = shared
            .directory
            .join(format!("{}-{}.block", safe(&block.currency), block.hash));
        let mut bytes = frame::header(ProducerId([0; 16]), Purpose::Block, 0);
        frame::push(&mut bytes, Kind::Solved, 1, |payload| {
            push_solved(payload, block);
        });
        let mut sequence = 2;
        if let Some(body) = &block.block {
            frame::push(&mut bytes, Kind::Body, sequence, |payload| {
                payload.extend_from_slice(body);
            });
            sequence += 1;
        }
        let made = shared
            .files
            .create(&path)
            .and_then(|file| file.append(&bytes).map(|()| file))
            .map_err(|error| JournalError::file("write", &path, error));
        let (file, result) = match made {
            Ok(file) => (Some(file), Ok(())),
            Err(error) => (None, Err(error)),
        };
        let tracked = TrackedBlock {
            block: block.clone(),
            answers: Vec::new(),
            finished: false,
        };
        let entry = Entry {
            tracked,
            path,
            file,
            sequence,
            dirty: true,
            revision: 1,
            reported: 0,
        };
        blocks.insert(block.hash, entry);
        drop(blocks);
        shared.changed();
        result
    }

    /// Adds the whole block, when its transactions arrived after the solve.
    pub fn complete(&self, hash: BlockHash, body: Bytes) -> Result<(), JournalError> {
        let payload = body.clone();
        self.shared.change(hash, Kind::Body, &payload, |entry| {
            entry.tracked.block.block = Some(body);
            false
        })
    }

    /// Records what a node said. Its later answer replaces an earlier one.
    pub fn answered(
        &self,
        hash: BlockHash,
        node: &str,
        outcome: SubmitOutcome,
        reason: &str,
    ) -> Result<(), JournalError> {
        let answer = v1::NodeAnswer {
            node: node.into(),
            outcome: outcome.into(),
            reason: reason.into(),
        };
        self.shared
            .change(hash, Kind::Answer, &answer.encode_to_vec(), |entry| {
                entry.tracked.take_answer(answer.clone());
                true
            })
    }

    /// Every node has given a final answer: the block is not sent again after a restart.
    pub fn finished(&self, hash: BlockHash) -> Result<(), JournalError> {
        self.shared.change(hash, Kind::Finished, &[], |entry| {
            entry.tracked.finish();
            true
        })
    }

    /// Blocks that may not have reached every node: to be sent again after a restart.
    pub fn unanswered(&self) -> Vec<SolvedBlock> {
        let blocks = self.shared.blocks.lock();
        let open = blocks.values().filter(|entry| !entry.tracked.finished);
        open.map(|entry| entry.tracked.block.clone()).collect()
    }

    /// A block that is kept.
    pub fn block(&self, hash: BlockHash) -> Option<TrackedBlock> {
        self.shared
            .blocks
            .lock()
            .get(&hash)
            .map(|entry| entry.tracked.clone())
    }

    /// Reports the ledger has not taken yet, oldest first, each with the revision to give back to
    /// [`BlockJournal::reported`].
    pub(crate) fn unreported(&self) -> Vec<(BlockHash, u64, v1::BlockReport)> {
        let blocks = self.shared.blocks.lock();
        let mut reports: Vec<_> = blocks
            .iter()
            .filter(|(_, entry)| entry.reported < entry.revision)
            .map(|(hash, entry)| (*hash, entry.revision, entry.tracked.report()))
            .collect();
        reports.sort_by_key(|(_, _, report)| report.found_ms);
        reports
    }

    /// The ledger has the report of this revision.
    pub(crate) fn reported(&self, hash: BlockHash, revision: u64) {
        let shared = self.shared.as_ref();
        let mut blocks = shared.blocks.lock();
        if let Some(entry) = blocks.get_mut(&hash) {
            entry.reported = entry.reported.max(revision);
        }
        shared.prune(&mut blocks);
    }

    /// The ledger may have forgotten reports (it was restarted, its database restored): all are
    /// given again, which changes nothing where they are known.
    pub(crate) fn report_again(&self) {
        for entry in self.shared.blocks.lock().values_mut() {
            entry.reported = 0;
        }
        self.shared.changed();
    }

    /// Changes with every block and answer.
    pub(crate) fn watch_changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }
}

impl fmt::Debug for BlockJournal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BlockJournal")
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Applies a change in memory and adds its record. `apply` says whether it is worth a report.
    fn change(
        &self,
        hash: BlockHash,
        kind: Kind,
        payload: &[u8],
        apply: impl FnOnce(&mut Entry) -> bool,
    ) -> Result<(), JournalError> {
        let mut blocks = self.blocks.lock();
        let Some(entry) = blocks.get_mut(&hash) else {
            return Ok(());
        };
        if apply(entry) {
            entry.revision += 1;
        }
        let mut bytes = Vec::new();
        frame::push(&mut bytes, kind, entry.sequence, |buffer| {
            buffer.extend_from_slice(payload);
        });
        let result = match &entry.file {
            None => Ok(()),
            Some(file) => file
                .append(&bytes)
                .map_err(|error| JournalError::file("write", &entry.path, error)),
        };
        if result.is_ok() {
            entry.sequence += 1;
            entry.dirty = true;
        } else {
            // What follows a torn record would not be read back.
            entry.file = None;
        }
        drop(blocks);
        self.changed();
        result
    }

    fn changed(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    fn prune(&self, blocks: &mut BTreeMap<BlockHash, Entry>) {
        let now = (self.clock)();
        let done = |entry: &Entry| entry.tracked.finished && entry.reported >= entry.revision;
        let mut ages: Vec<(u64, BlockHash)> = blocks
            .iter()
            .filter(|(_, entry)| done(entry))
            .map(|(hash, entry)| (entry.tracked.block.found_ms, *hash))
            .collect();
        ages.sort_unstable();
        let surplus = ages.len().saturating_sub(KEEP_BLOCKS);
        for (position, (found_ms, hash)) in ages.into_iter().enumerate() {
            if position >= surplus && found_ms.saturating_add(KEEP_MS) > now {
                break;
            }
            if let Some(entry) = blocks.remove(&hash)
                && let Err(error) = self.files.remove(&entry.path)
            {
                tracing::warn!(path = %entry.path.display(), %error, "a settled block stays on disk");
            }
        }
    }

    fn sync(&self) {
        let dirty: Vec<_> = {
            let mut blocks = self.blocks.lock();
            blocks
                .values_mut()
                .filter_map(|entry| {
                    let file = entry
                        .file
                        .clone()
                        .filter(|_| std::mem::take(&mut entry.dirty))?;
                    Some((entry.path.clone(), file))
                })
                .collect()
        };
        if dirty.is_empty() {
            return;
        }
        for (path, file) in dirty {
            if let Err(error) = file.sync() {
                tracing::error!(path = %path.display(), %error, "a solved block is not on the medium");
            }
        }
        if let Err(error) = self.files.sync_directory(&self.directory) {
            tracing::error!(%error, "a solved block's name is not on the medium");
        }
    }
}

/// A currency code as part of a file name.
fn safe(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A block from its file; `None` when it was cut off before the solve was whole.
fn read_entry(
    files: &dyn FileLayer,
    bytes: &[u8],
    path: &Path,
) -> Result<Option<Entry>, JournalError> {
    let Some(frames) = frame::read(bytes, Purpose::Block, path)? else {
        return Ok(None);
    };
    let Some((first, rest)) = frames.records.split_first() else {
        return Ok(None);
    };
    let damaged = |frame: &frame::Frame<'_>| JournalError::Damaged {
        path: path.to_owned(),
        offset: frame.offset as u64,
    };
    let block = read_solved(first.payload).ok_or_else(|| damaged(first))?;
    let mut tracked = TrackedBlock {
        block,
        answers: Vec::new(),
        finished: false,
    };
    for frame in rest {
        match frame.kind {
            Kind::Body => tracked.block.block = Some(Bytes::copy_from_slice(frame.payload)),
            Kind::Answer => {
                let answer = v1::NodeAnswer::decode(frame.payload).map_err(|_| damaged(frame))?;
                tracked.take_answer(answer);
            }
            Kind::Finished => tracked.finish(),
            _ => return Err(damaged(frame)),
        }
    }
    let file = if frames.valid < bytes.len() {
        // A torn end would hide what is added behind it: the whole records are written anew.
        let temporary = path.with_extension("tmp");
        let file = files
            .create(&temporary)
            .and_then(|file| file.append(&bytes[..frames.valid]).map(|()| file))
            .and_then(|file| file.sync().map(|()| file))
            .and_then(|file| files.rename(&temporary, path).map(|()| file));
        file.map_err(|error| JournalError::file("rewrite", path, error))?
    } else {
        files
            .extend(path)
            .map_err(|error| JournalError::file("open", path, error))?
    };
    Ok(Some(Entry {
        tracked,
        path: path.to_owned(),
        file: Some(file),
        sequence: frames.next_sequence,
        dirty: true,
        revision: 1,
        reported: 0,
    }))
}
