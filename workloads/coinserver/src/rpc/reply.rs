//! The daemon's answers: the envelope, and the results that several modules need.

use bytes::Bytes;
use hyper::StatusCode;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{PARSE_ELSEWHERE, RpcError};

/// How much of a daemon's words is kept.
const TEXT_LIMIT: usize = 500;

/// `getblockchaininfo`, as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct BlockchainInfo {
    /// Height of the tip.
    pub blocks: u32,
    /// Height of the best header.
    pub headers: u32,
    /// Hash of the tip, as displayed.
    pub bestblockhash: String,
    /// Total work, hex.
    pub chainwork: String,
}

/// `getnetworkinfo`, as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct NetworkInfo {
    /// Version as a number, such as 210201.
    pub version: u64,
    /// Version as the daemon tells its peers, such as `/LitecoinCore:0.21.2.1/`.
    pub subversion: String,
    /// Number of peers.
    pub connections: u32,
}

/// `getblockheader`, as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct BlockHeader {
    /// 1 for the tip; −1 when the block is not on the best chain.
    pub confirmations: i64,
    /// Total work up to and including the block, hex.
    pub chainwork: String,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    // `Some` with the text `null` where the result is null; `None` only when it is missing.
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<DaemonError>,
}

#[derive(Deserialize)]
struct BatchEnvelope {
    id: usize,
    #[serde(default)]
    result: Option<Box<RawValue>>,
    #[serde(default)]
    error: Option<DaemonError>,
}

#[derive(Deserialize)]
struct DaemonError {
    code: i32,
    #[serde(default)]
    message: String,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Takes the result out of an answer.
pub(super) async fn decode<T>(
    method: &'static str,
    status: StatusCode,
    body: Bytes,
) -> Result<T, RpcError>
where
    T: DeserializeOwned + Send + 'static,
{
    if body.len() <= PARSE_ELSEWHERE {
        return parse(method, status, &body);
    }
    tokio::task::spawn_blocking(move || parse(method, status, &body))
        .await
        .unwrap_or_else(|source| {
            Err(RpcError::Unexpected {
                method,
                reason: source.to_string(),
            })
        })
}

pub(crate) fn parse<T: DeserializeOwned>(
    method: &'static str,
    status: StatusCode,
    body: &[u8],
) -> Result<T, RpcError> {
    let http = || RpcError::Http {
        method,
        status: status.as_u16(),
        text: plain(&String::from_utf8_lossy(
            body.get(..4 * TEXT_LIMIT).unwrap_or(body),
        )),
    };
    let unexpected = |error: serde_json::Error| RpcError::Unexpected {
        method,
        reason: plain(&error.to_string()),
    };
    let envelope: Envelope<'_> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(_not_json) if !status.is_success() => return Err(http()),
        Err(error) => return Err(unexpected(error)),
    };
    if let Some(error) = envelope.error {
        return Err(RpcError::Daemon {
            method,
            code: error.code,
            message: plain(&error.message),
        });
    }
    if !status.is_success() {
        return Err(http());
    }
    let Some(result) = envelope.result else {
        return Err(RpcError::Unexpected {
            method,
            reason: "it has no result".to_owned(),
        });
    };
    serde_json::from_str(result.get()).map_err(unexpected)
}

/// Takes the results out of an answer to several calls, numbered from 0: in the order of the calls,
/// whatever that of the answers is. A null result is the text `null`.
pub(super) async fn decode_batch(
    method: &'static str,
    status: StatusCode,
    body: Bytes,
    calls: usize,
) -> Result<Vec<Box<RawValue>>, RpcError> {
    if body.len() <= PARSE_ELSEWHERE {
        return parse_batch(method, status, &body, calls);
    }
    tokio::task::spawn_blocking(move || parse_batch(method, status, &body, calls))
        .await
        .unwrap_or_else(|source| {
            Err(RpcError::Unexpected {
                method,
                reason: source.to_string(),
            })
        })
}

fn parse_batch(
    method: &'static str,
    status: StatusCode,
    body: &[u8],
    calls: usize,
) -> Result<Vec<Box<RawValue>>, RpcError> {
    let unexpected = |reason: String| RpcError::Unexpected {
        method,
        reason: plain(&reason),
    };
    let answers: Vec<BatchEnvelope> = match serde_json::from_slice(body) {
        Ok(answers) if status.is_success() => answers,
        // A request refused as a whole is answered as a single call is.
        _ => {
            let alone: Box<RawValue> = parse(method, status, body)?;
            return Err(unexpected(format!("{alone} for {calls} calls")));
        }
    };
    let mut results: Vec<Option<Box<RawValue>>> = vec![None; calls];
    for answer in answers {
        if let Some(error) = answer.error {
            return Err(RpcError::Daemon {
                method,
                code: error.code,
                message: plain(&error.message),
            });
        }
        let place = results
            .get_mut(answer.id)
            .ok_or_else(|| unexpected(format!("call {} was not asked", answer.id)))?;
        // `null` is what an Option makes None of.
        *place = Some(answer.result.unwrap_or_else(|| RawValue::NULL.to_owned()));
    }
    results
        .into_iter()
        .enumerate()
        .map(|(id, result)| result.ok_or_else(|| unexpected(format!("call {id} has no answer"))))
        .collect()
}

/// Words of a daemon made fit for a log line or a page: one line, of bounded length.
pub(crate) fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars()
        .filter(|letter| !letter.is_control())
        .take(TEXT_LIMIT)
        .collect()
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;
    use proptest::prelude::*;

    use super::{parse, parse_batch, plain};
    use crate::rpc::RpcError;

    fn batch(body: &str, calls: usize) -> Result<Vec<String>, RpcError> {
        let results = parse_batch("gettxout", StatusCode::OK, body.as_bytes(), calls)?;
        Ok(results.iter().map(|one| one.get().to_owned()).collect())
    }

    #[test]
    fn answers_to_several_calls_are_told_apart_by_their_number() {
        let both =
            r#"[{"id":1,"result":null,"error":null},{"id":0,"result":{"value":1.0},"error":null}]"#;
        assert_eq!(batch(both, 2).unwrap(), [r#"{"value":1.0}"#, "null"]);
        for (body, calls, words) in [
            (both, 3, "call 2 has no answer"),
            (both, 1, "call 1 was not asked"),
            (
                r#"[{"id":0,"error":{"code":-8,"message":"no"}}]"#,
                1,
                "no (code -8)",
            ),
            (
                r#"{"result":null,"error":{"code":-32700,"message":"Parse error"}}"#,
                1,
                "Parse error",
            ),
            (r#"{"result":7,"error":null}"#, 1, "7 for 1 calls"),
            ("[7]", 1, "not what"),
        ] {
            let text = batch(body, calls).unwrap_err().to_string();
            assert!(text.contains(words), "{body}: {text}");
        }
    }

    fn submit(status: u16, body: &str) -> Result<Option<String>, RpcError> {
        parse(
            "submitblock",
            StatusCode::from_u16(status).unwrap(),
            body.as_bytes(),
        )
    }

    #[test]
    fn a_null_result_is_a_result_and_a_missing_one_is_not() {
        assert_eq!(
            submit(200, r#"{"result":null,"error":null,"id":1}"#).unwrap(),
            None
        );
        let reason = submit(200, r#"{"result":"duplicate","error":null}"#).unwrap();
        assert_eq!(reason.as_deref(), Some("duplicate"));
        for body in [
            "{}",
            r#"{"error":null}"#,
            "[]",
            "null",
            "",
            "\"x\"",
            r#"{"result":7}"#,
        ] {
            assert!(
                matches!(submit(200, body), Err(RpcError::Unexpected { .. })),
                "{body}"
            );
        }
    }

    #[test]
    fn errors_keep_the_code_and_the_words_of_the_daemon() {
        let body =
            r#"{"result":null,"error":{"code":-9,"message":"Litecoin Core is not\nconnected!"}}"#;
        let error = submit(500, body).unwrap_err();
        assert_eq!(error.code(), Some(-9));
        assert_eq!(
            error.to_string(),
            "submitblock: Litecoin Core is not connected! (code -9)"
        );
    }

    #[test]
    fn http_errors_without_json_keep_their_text() {
        let error = submit(503, "Work queue depth exceeded").unwrap_err();
        assert_eq!(
            error.to_string(),
            "submitblock: HTTP 503 Work queue depth exceeded"
        );
        assert!(error.is_passing());
        let error = submit(500, r#"{"result":null,"error":null}"#).unwrap_err();
        assert!(matches!(error, RpcError::Http { status: 500, .. }));
    }

    #[test]
    fn words_are_one_line_and_bounded() {
        assert_eq!(plain("a\r\n\u{1b}[31mb"), "a [31mb");
        assert_eq!(plain(&"long ".repeat(1_000)).chars().count(), 500);
    }

    proptest! {
        #[test]
        fn no_answer_panics(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let status = StatusCode::from_u16(status).unwrap();
            let _any = parse::<serde_json::Value>("getblock", status, &body);
        }
    }
}
