//! What the programs tell each other, a daemon tells us, and a pool tells our miner.

use std::sync::{Arc, LazyLock};

use ngpool_chain::ProcessTag;
use ngpool_rpc::v1::TemplateEvent;
use ngpool_store::{Batch, BatchContents, ProducerId};
use ngstratum::{
    aux::AuxSet,
    clock::Clock,
    jobs::JobBook,
    templates::{Board, node},
};
use prost::Message;
use tokio::runtime::{Builder, Runtime};

/// Waits for what is never really waiting: sockets are buffers here.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without threads")
    });
    RUNTIME.block_on(future)
}

/// A batch of a stratum server: what is taken is bounded, reads back, and can be sealed.
pub fn batch_content(data: &[u8]) {
    let decoded = BatchContents::decode(data);
    let digest = Batch::digest_of(&[1; 32], 7, data);
    let verify = |digest| Batch::verify(ProducerId([2; 16]), 7, [1; 32], digest, data.to_vec());
    assert_eq!(verify(digest).is_ok(), decoded.is_ok());
    assert!(verify([0; 32]).is_err(), "a batch under another digest");
    let Ok(contents) = decoded else { return };
    let again = BatchContents::decode(&contents.encode()).expect("what was read reads back");
    assert_eq!(again, contents);
    let names = contents
        .slices
        .iter()
        .flat_map(|slice| [&slice.user, &slice.worker]);
    for name in names.chain([&contents.port]) {
        assert!(
            name.len() <= 128 && !name.chars().any(char::is_control),
            "{name:?}"
        );
    }
    ngpool_store::fuzzing::seal(&contents);
    // What statistics add up over an hour must fit their columns: BIGINT and NUMERIC(39, 0).
    let sum = |counts: &mut dyn Iterator<Item = (u64, u128)>| {
        counts.fold((0, 0), |(count, work), (more, more_work)| {
            (count + u128::from(more), work + (more_work >> 40))
        })
    };
    for (shares, work) in [
        sum(&mut contents
            .slices
            .iter()
            .map(|slice| (slice.shares, slice.work.0))),
        sum(&mut contents
            .rejects
            .iter()
            .map(|reject| (reject.count, reject.work.0))),
    ] {
        assert!(
            shares <= 1 << 40 && work <= 1 << 64,
            "{shares} shares with work {work} << 40"
        );
    }
}

/// The two parts of a sealed chunk: `u16 LE length of the sums | sums | weights`.
pub fn sealed_sums(data: &[u8]) {
    let Some((length, rest)) = data.split_first_chunk() else {
        return;
    };
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (sums, weights) = rest.split_at(length);
    ngpool_store::fuzzing::sealed_sums(sums, weights);
}

/// Messages of a stratum server to its ledger.
pub fn ledger_messages(data: &[u8]) {
    ngledger::fuzzing::messages(data);
}

/// Messages of a coinserver to a stratum server, each after its length as `u16 LE`: what is offered
/// makes a job or is refused.
pub fn template_stream(data: &[u8]) {
    let (board, clock) = (Board::default(), Clock::system());
    let mut rest = data;
    let messages = std::iter::from_fn(|| {
        let (length, after) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_le_bytes(*length)).min(after.len());
        let (message, after) = after.split_at(length);
        rest = after;
        TemplateEvent::decode(message).ok()
    });
    let name: Arc<str> = "node".into();
    let settings = crate::session::settings();
    node::take_messages(&name, &settings.base.code, messages, &board, &clock);
    drop(board.report(clock.now()));
    let Some(offer) = board.best(None, clock.now()) else {
        return;
    };
    let mut book = JobBook::new(ProcessTag::new([1; 8]).unwrap());
    if let Ok((table, _)) = book.publish(&offer, &AuxSet::default(), &settings.base) {
        let job = table.current().expect("a published job is the current one");
        let line: serde_json::Value =
            serde_json::from_slice(job.notify.line(true)).expect("a notify is JSON");
        assert_eq!(line["method"], "mining.notify");
    }
}

/// An answer of the daemon; the first byte chooses the HTTP status.
pub fn daemon_reply(data: &[u8]) {
    let Some((status, body)) = data.split_first() else {
        return;
    };
    let status = match status {
        b'2' => 200,
        b'4' => 404,
        b'5' => 500,
        other => 100 + 2 * u16::from(*other),
    };
    ngcoinserver::fuzzing::reply(status, body);
}

/// What a pool says to our miner, line by line and as a session.
pub fn miner_lines(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        for line in text.lines() {
            ngpool::miner::fuzzing::line(line);
            if let Ok(url) = line.parse::<ngpool::miner::PoolUrl>() {
                assert_eq!(url.to_string().parse(), Ok(url.clone()), "{line:?}");
                assert!(url.may_redirect_to(&url.host));
            }
        }
    }
    let lines = data.split(|byte| *byte == b'\n').count();
    let status = block_on(ngpool::miner::fuzzing::session(data));
    assert!(
        status.jobs <= lines as u64,
        "{} jobs of {lines} lines",
        status.jobs
    );
}
