//! Proof of work of shares, many at a time, off the reactor.
//!
//! scrypt takes some 180 µs a hash: a few hundred shares a second would stall every connection of a
//! reactor thread. So batches of shares wait in one queue, and each worker thread takes as many as one
//! call of the kernel can do at once. `SHA256d` takes a quarter of a microsecond, less than a trip to
//! another thread: it is done where the share is.

use std::{collections::VecDeque, num::NonZeroUsize, sync::Arc, thread::JoinHandle};

use ngpool_chain::{Algorithm, Header, PowHash, hash_many};
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

/// Headers a worker takes at once: two rounds of the widest kernel (12 lanes), so that small batches
/// still fill its lanes.
const BATCH: usize = 24;

/// Hashes to come, in the order of the headers. The sender is gone only when the pool is.
pub type Hashes = oneshot::Receiver<Vec<PowHash>>;

/// Threads that hash.
#[derive(Debug)]
pub struct PowPool {
    algorithm: Algorithm,
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

/// What became of a batch given to the pool.
#[derive(Debug)]
pub enum Submitted {
    /// Done at once.
    Done(Vec<PowHash>),
    /// Under way.
    Waiting(Hashes),
}

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    tasks: VecDeque<Task>,
    closed: bool,
}

#[derive(Debug)]
struct Task {
    headers: Vec<Header>,
    reply: oneshot::Sender<Vec<PowHash>>,
}

impl PowPool {
    /// Starts the threads an algorithm needs: all cores but one for scrypt, none for `SHA256d`.
    pub fn start(algorithm: Algorithm) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let count = match algorithm {
            Algorithm::Sha256d => 0,
            Algorithm::Scrypt => cores.saturating_sub(1).max(1),
        };
        let queue = Arc::<Queue>::default();
        let threads = (0..count)
            .map(|number| {
                let queue = queue.clone();
                std::thread::Builder::new()
                    .name(format!("pow-{number}"))
                    .spawn(move || queue.work(algorithm))
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self {
            algorithm,
            queue,
            threads,
        })
    }

    /// Hashes headers. A connection gives its next batch when it has the last one's hashes, which
    /// bounds the queue.
    #[must_use]
    pub fn submit(&self, headers: Vec<Header>) -> Submitted {
        if self.threads.is_empty() {
            let mut hashes = vec![PowHash::default(); headers.len()];
            hash_many(self.algorithm, &headers, &mut hashes);
            return Submitted::Done(hashes);
        }
        let (reply, hashes) = oneshot::channel();
        self.queue
            .state
            .lock()
            .tasks
            .push_back(Task { headers, reply });
        self.queue.filled.notify_one();
        Submitted::Waiting(hashes)
    }
}

impl Drop for PowPool {
    fn drop(&mut self) {
        self.queue.state.lock().closed = true;
        self.queue.filled.notify_all();
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing more to say.
            let _ended = thread.join();
        }
    }
}

impl Queue {
    fn work(&self, algorithm: Algorithm) {
        let mut headers = Vec::with_capacity(2 * BATCH);
        let mut hashes = Vec::with_capacity(2 * BATCH);
        while let Some(tasks) = self.take() {
            headers.clear();
            headers.extend(tasks.iter().flat_map(|task| task.headers.iter().copied()));
            hashes.clear();
            hashes.resize(headers.len(), PowHash::default());
            hash_many(algorithm, &headers, &mut hashes);
            let mut rest = hashes.as_slice();
            for task in tasks {
                let (own, others) = rest.split_at(task.headers.len());
                rest = others;
                // A connection that went away does not want them.
                let _gone = task.reply.send(own.to_vec());
            }
        }
    }

    /// The next tasks, together about a batch; none when the pool is closed.
    fn take(&self) -> Option<Vec<Task>> {
        let mut state = self.state.lock();
        while state.tasks.is_empty() {
            if state.closed {
                return None;
            }
            self.filled.wait(&mut state);
        }
        let (mut tasks, mut count) = (Vec::new(), 0);
        while let Some(task) = state.tasks.front() {
            if !tasks.is_empty() && count + task.headers.len() > BATCH {
                break;
            }
            count += task.headers.len();
            tasks.extend(state.tasks.pop_front());
        }
        Some(tasks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(nonce: u32) -> Header {
        Header {
            nonce,
            ..Header::from_bytes(&[0; Header::LENGTH])
        }
    }

    async fn hashes(pool: &PowPool, headers: Vec<Header>) -> Vec<PowHash> {
        match pool.submit(headers) {
            Submitted::Done(hashes) => hashes,
            Submitted::Waiting(hashes) => hashes.await.unwrap(),
        }
    }

    #[tokio::test]
    async fn every_batch_gets_the_hashes_of_its_own_headers() {
        for algorithm in [Algorithm::Sha256d, Algorithm::Scrypt] {
            let pool = PowPool::start(algorithm).unwrap();
            let batches: Vec<Vec<Header>> = (0..20)
                .map(|batch| (0..batch).map(|n| header(batch * 100 + n)).collect())
                .collect();
            let results =
                futures::future::join_all(batches.iter().map(|batch| hashes(&pool, batch.clone())))
                    .await;
            for (batch, result) in batches.iter().zip(results) {
                let expected: Vec<PowHash> = batch
                    .iter()
                    .map(|header| header.pow_hash(algorithm))
                    .collect();
                assert_eq!(result, expected);
            }
        }
    }

    #[test]
    fn a_pool_that_is_dropped_ends_its_threads() {
        let pool = PowPool::start(Algorithm::Scrypt).unwrap();
        let queue = Arc::downgrade(&pool.queue);
        drop(pool);
        assert!(queue.upgrade().is_none());
    }
}
