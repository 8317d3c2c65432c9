//! What a pool sends, line by line.

use serde_json::{Value, json};
use thiserror::Error;

/// Longest line taken from a pool: a notify with a long coinbase is a few kilobytes.
pub(super) const LINE_LIMIT: usize = 256 * 1024;

/// Version bits this miner can roll (BIP 320).
pub(super) const VERSION_MASK: u32 = 0x1fff_e000;

/// One line of a pool.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Incoming {
    /// Answer to a request of ours.
    Reply {
        /// The request's number.
        id: u64,
        /// What was answered, or the pool's refusal.
        outcome: Result<Value, PoolError>,
    },
    /// Something the pool says or asks.
    Call {
        /// Present when it wants an answer.
        id: Option<Value>,
        /// Such as `mining.notify`.
        method: String,
        /// Positional parameters.
        params: Vec<Value>,
    },
}

/// A refusal in the pool's own words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message} ({code})")]
pub(super) struct PoolError {
    /// Such as 21 for a stale share; 0 where the pool gave none.
    pub code: i64,
    /// For a person.
    pub message: String,
}

/// A line that is not stratum.
#[derive(Debug, Error)]
pub(super) enum ProtocolError {
    /// Not JSON.
    #[error("the pool sent a line that is not JSON: is this a stratum v1 port?")]
    Json(#[source] serde_json::Error),
    /// JSON, but neither an answer nor a call.
    #[error("the pool sent a line that is neither an answer nor a call")]
    Shape,
}

impl Incoming {
    /// Reads one line.
    pub(super) fn parse(line: &str) -> Result<Self, ProtocolError> {
        let mut value: Value = serde_json::from_str(line).map_err(ProtocolError::Json)?;
        let id = value.get("id").cloned().filter(|id| !id.is_null());
        if let Some(method) = value.get("method").and_then(Value::as_str) {
            let method = method.to_owned();
            let params = match value.get_mut("params").map(Value::take) {
                Some(Value::Array(params)) => params,
                _ => Vec::new(),
            };
            return Ok(Self::Call { id, method, params });
        }
        let id = id
            .as_ref()
            .and_then(Value::as_u64)
            .ok_or(ProtocolError::Shape)?;
        let outcome = match value.get("error") {
            None | Some(Value::Null) => {
                Ok(value.get_mut("result").map(Value::take).unwrap_or_default())
            }
            Some(error) => Err(PoolError::parse(error)),
        };
        Ok(Self::Reply { id, outcome })
    }
}

impl PoolError {
    /// Reads `[code, message, trace]`, `{code, message}` or a bare text.
    fn parse(error: &Value) -> Self {
        let (code, message) = match error {
            Value::Array(parts) => (parts.first(), parts.get(1)),
            Value::Object(parts) => (parts.get("code"), parts.get("message")),
            other => (None, Some(other)),
        };
        Self {
            code: code.and_then(Value::as_i64).unwrap_or(0),
            message: match message {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => "refused without a reason".to_owned(),
            },
        }
    }
}

/// One request, without its line end.
pub(super) fn request(id: u64, method: &str, params: &Value) -> String {
    json!({ "id": id, "method": method, "params": params }).to_string()
}

/// An answer to a call of the pool.
pub(super) fn answer(id: &Value, result: &Value) -> String {
    json!({ "id": id, "result": result, "error": null }).to_string()
}

/// Extranonce1 and the length of extranonce2, as `mining.subscribe` answers at 1 and 2 and
/// `mining.set_extranonce` says at 0 and 1.
pub(super) fn extranonce(
    extranonce1: Option<&Value>,
    size: Option<&Value>,
) -> Option<(Vec<u8>, usize)> {
    let extranonce1 = hex::decode(extranonce1?.as_str()?).ok()?;
    let size = usize::try_from(size?.as_u64()?).ok()?;
    // A coinbase script has room for 100 bytes in all.
    ((1..=16).contains(&size) && extranonce1.len() <= 32).then_some((extranonce1, size))
}

/// The version mask in the answer to `mining.configure`; 0 when it was not granted.
pub(super) fn granted_mask(result: &Value) -> u32 {
    if result.get("version-rolling").and_then(Value::as_bool) != Some(true) {
        return 0;
    }
    result
        .get("version-rolling.mask")
        .and_then(Value::as_str)
        .and_then(|mask| u32::from_str_radix(mask, 16).ok())
        .map_or(0, |mask| mask & VERSION_MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_calls_are_told_apart() {
        assert_eq!(
            Incoming::parse(r#"{"id":4,"result":true,"error":null}"#).unwrap(),
            Incoming::Reply {
                id: 4,
                outcome: Ok(Value::Bool(true))
            }
        );
        assert_eq!(
            Incoming::parse(r#"{"id":null,"method":"mining.set_difficulty","params":[0.5]}"#)
                .unwrap(),
            Incoming::Call {
                id: None,
                method: "mining.set_difficulty".to_owned(),
                params: vec![json!(0.5)]
            }
        );
    }

    #[test]
    fn refusals_keep_the_pools_words() {
        let refused = |error: &str| match Incoming::parse(&format!(
            r#"{{"id":1,"result":null,"error":{error}}}"#
        ))
        .unwrap()
        {
            Incoming::Reply {
                outcome: Err(error),
                ..
            } => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            refused(r#"[23,"low difficulty",null]"#),
            "low difficulty (23)"
        );
        assert_eq!(
            refused(r#"{"code":24,"message":"unauthorised"}"#),
            "unauthorised (24)"
        );
        assert_eq!(refused(r#""no""#), "no (0)");
    }

    #[test]
    fn another_protocol_is_named_as_such() {
        let error = Incoming::parse("HTTP/1.1 400 Bad Request").unwrap_err();
        assert!(error.to_string().contains("is this a stratum v1 port?"));
        assert!(matches!(Incoming::parse("[]"), Err(ProtocolError::Shape)));
    }

    #[test]
    fn only_sane_extranonces_are_taken() {
        assert_eq!(
            extranonce(Some(&json!("0a0b")), Some(&json!(8))),
            Some((vec![10, 11], 8))
        );
        assert_eq!(extranonce(Some(&json!("0a0b")), Some(&json!(0))), None);
        assert_eq!(extranonce(Some(&json!("xyz")), Some(&json!(4))), None);
        assert_eq!(extranonce(None, Some(&json!(4))), None);
    }

    #[test]
    fn the_granted_mask_never_exceeds_what_was_asked() {
        let mask = |text: &str| granted_mask(&serde_json::from_str(text).unwrap());
        assert_eq!(
            mask(r#"{"version-rolling":true,"version-rolling.mask":"1fffe000"}"#),
            0x1fff_e000
        );
        assert_eq!(
            mask(r#"{"version-rolling":true,"version-rolling.mask":"ffffffff"}"#),
            0x1fff_e000
        );
        assert_eq!(mask(r#"{"version-rolling":false}"#), 0);
        assert_eq!(mask("true"), 0);
    }
}
