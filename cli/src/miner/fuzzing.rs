//! What a pool may send, for the fuzz targets. Each function panics when something does not hold.

use std::sync::Arc;

use ngpool_chain::Algorithm;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
};
use tokio_util::sync::CancellationToken;

use super::{
    Counters, MinerOptions, MinerStatus, Notify, PoolUrl, Spaces, Work,
    connection::Connection,
    detect_algorithm,
    hashing::Slot,
    protocol::{Incoming, extranonce, granted_mask},
    session::Session,
};

/// Bytes either side can be ahead of the other: more than any input leads to.
const BUFFER: usize = 4 << 20;

/// Reads one line of a pool; a job in it is worked on for a moment.
pub fn line(line: &str) {
    let Ok(incoming) = Incoming::parse(line) else {
        return;
    };
    match incoming {
        Incoming::Reply {
            outcome: Ok(result),
            ..
        } => {
            let _mask = granted_mask(&result);
            if let Some((_, size)) = extranonce(result.get(1), result.get(2)) {
                assert!((1..=16).contains(&size), "an extranonce2 of {size} bytes");
            }
        }
        Incoming::Reply {
            outcome: Err(error),
            ..
        } => drop(error.to_string()),
        Incoming::Call { params, .. } => {
            if let Ok(notify) = Notify::parse(&params) {
                job(notify);
            }
        }
    }
}

fn job(notify: Notify) {
    let algorithm = detect_algorithm(&notify).unwrap_or(Algorithm::Sha256d);
    let work = Work {
        notify,
        extranonce1: vec![1; 4],
        extranonce2_size: 8,
        spaces: Arc::<Spaces>::default(),
        target: Work::target(f64::MIN_POSITIVE, algorithm),
        version_mask: 0x1fff_e000,
        algorithm,
        epoch: 1,
        tip: 1,
    };
    let (first, last) = (work.next_space(), work.space(u64::MAX));
    assert_ne!(first, last);
    let _found = work.search(&first, 0..=1);
}

/// Mines on a connection whose pool says `bytes` and then closes it. Returns the counters.
pub async fn session(bytes: &[u8]) -> MinerStatus {
    let (mut pool, miner) = tokio::io::duplex(BUFFER);
    let url = PoolUrl {
        tls: false,
        host: "pool.example".to_owned(),
        port: 3333,
    };
    let options = MinerOptions::new(url.clone(), "user.worker");
    let (slot, counters, cancel) = (
        Slot::default(),
        Counters::default(),
        CancellationToken::new(),
    );
    let (_threads, mut found) = mpsc::channel(1);
    // The buffer holds all of it, so neither waits for the other.
    let sent = pool.write_all(bytes).await.and(pool.shutdown().await);
    assert!(sent.is_ok(), "{sent:?}");
    let session = Session {
        url: &url,
        options: &options,
        slot: &slot,
        counters: &counters,
        cancel: &cancel,
        epoch: 1,
    };
    let _end = session.run(Connection::over(miner), &mut found).await;
    let mut said = String::new();
    let read = pool.read_to_string(&mut said).await;
    assert!(read.is_ok(), "the miner says what is not text: {read:?}");
    for line in said.lines() {
        let message: Result<Value, _> = serde_json::from_str(line);
        assert!(
            message.is_ok_and(|value| value.is_object()),
            "the miner says {line:?}"
        );
    }
    counters.status()
}
