//! Parsers that are private, for the fuzz targets. Each panics when something does not hold.

use ngpool_rpc::v1;
use prost::Message;

use crate::convert;

/// Reads bytes as each message that a stratum server sends.
pub fn messages(bytes: &[u8]) {
    if let Ok(report) = v1::BlockReport::decode(bytes)
        && let Ok(report) = convert::block_report(report)
    {
        let texts = [
            &report.sharechain,
            &report.port,
            &report.user,
            &report.worker,
        ];
        let answers = report
            .answers
            .iter()
            .flat_map(|answer| [&answer.node, &answer.reason]);
        for text in texts.into_iter().chain(answers) {
            assert!(
                text.len() <= convert::TEXT_MAX,
                "a text of {} bytes",
                text.len()
            );
            assert!(
                !text.chars().any(char::is_control),
                "control characters in {text:?}"
            );
        }
        assert!(report.reward.0 >= 0, "a reward of {}", report.reward);
    }
    if let Ok(batch) = v1::Batch::decode(bytes) {
        // What the checks say is the target of batches.
        let _taken = convert::batch(batch);
    }
    if let Ok(report) = v1::LiveReport::decode(bytes) {
        for worker in &report.workers {
            let _time = convert::time(worker.last_share_ms);
            assert!(convert::text(&worker.user).len() <= convert::TEXT_MAX);
        }
    }
}
