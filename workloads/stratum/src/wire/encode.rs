//! From values to lines. Every line is appended to a buffer, so that many go out in one write.

use std::io::Write;

use bytes::Bytes;
use ngpool_chain::{Job, stratum_v1::Notify};

use super::{Code, EXTRANONCE2_LENGTH};

/// `true`, without an error: `NiceHash` checks for the explicit `null`.
pub fn accepted(out: &mut Vec<u8>, id: &str) {
    result(out, id, "true");
}

/// A result given as JSON text.
pub fn result(out: &mut Vec<u8>, id: &str, result: &str) {
    out.extend_from_slice(b"{\"id\":");
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(b",\"result\":");
    out.extend_from_slice(result.as_bytes());
    out.extend_from_slice(b",\"error\":null}\n");
}

/// A refusal; the message is escaped.
pub fn error(out: &mut Vec<u8>, id: &str, code: Code, message: &str) {
    out.extend_from_slice(b"{\"id\":");
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(b",\"result\":null,\"error\":[");
    // The discriminants are the codes themselves.
    append(out, format_args!("{}", code as u8));
    out.push(b',');
    text(out, message);
    out.extend_from_slice(b",null]}\n");
}

/// The answer to `mining.subscribe`.
pub fn subscribed(out: &mut Vec<u8>, id: &str, session: &str, extranonce1: [u8; 4]) {
    out.extend_from_slice(b"{\"id\":");
    out.extend_from_slice(id.as_bytes());
    append(
        out,
        format_args!(
            ",\"result\":[[[\"mining.set_difficulty\",\"{session}\"],[\"mining.notify\",\
             \"{session}\"]],\"{:08x}\",{EXTRANONCE2_LENGTH}],\"error\":null}}\n",
            u32::from_be_bytes(extranonce1)
        ),
    );
}

/// What was granted of a `mining.configure`.
#[derive(Debug, Default)]
pub struct Granted<'a> {
    /// Mask granted, when version rolling was asked for; 0 refuses it.
    pub version_mask: Option<u32>,
    /// Whether the least difficulty asked for is taken, when it was asked for.
    pub minimum_difficulty: Option<bool>,
    /// Whether `subscribe-extranonce` was asked for.
    pub subscribe_extranonce: bool,
    /// Extensions refused because nobody here knows them.
    pub unknown: &'a [String],
}

/// The answer to `mining.configure`.
pub fn configured(out: &mut Vec<u8>, id: &str, granted: &Granted<'_>) {
    let mut map = serde_json::Map::new();
    if let Some(mask) = granted.version_mask {
        map.insert("version-rolling".into(), (mask != 0).into());
        if mask != 0 {
            map.insert("version-rolling.mask".into(), format!("{mask:08x}").into());
        }
    }
    if let Some(taken) = granted.minimum_difficulty {
        map.insert("minimum-difficulty".into(), taken.into());
    }
    if granted.subscribe_extranonce {
        map.insert("subscribe-extranonce".into(), true.into());
    }
    for name in granted.unknown {
        map.insert(name.clone(), false.into());
    }
    result(out, id, &serde_json::Value::Object(map).to_string());
}

/// `mining.set_difficulty`: the shortest text that reads back as the same number.
pub fn set_difficulty(out: &mut Vec<u8>, difficulty: f64) {
    append(
        out,
        format_args!(
            "{{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[{difficulty}]}}\n"
        ),
    );
}

/// `mining.set_extranonce`
pub fn set_extranonce(out: &mut Vec<u8>, extranonce1: [u8; 4]) {
    append(
        out,
        format_args!(
            "{{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"{:08x}\",\
             {EXTRANONCE2_LENGTH}]}}\n",
            u32::from_be_bytes(extranonce1)
        ),
    );
}

/// `mining.set_version_mask`
pub fn set_version_mask(out: &mut Vec<u8>, mask: u32) {
    append(
        out,
        format_args!(
            "{{\"id\":null,\"method\":\"mining.set_version_mask\",\"params\":[\"{mask:08x}\"]}}\n"
        ),
    );
}

/// `client.show_message`
pub fn show_message(out: &mut Vec<u8>, message: &str) {
    out.extend_from_slice(b"{\"id\":null,\"method\":\"client.show_message\",\"params\":[");
    text(out, message);
    out.extend_from_slice(b"]}\n");
}

/// `client.reconnect` without a host: miners come back to the address they know, and a thief on the
/// wire learns nothing that he could change.
pub fn reconnect(out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":null,\"method\":\"client.reconnect\",\"params\":[]}\n");
}

/// `client.get_version`
pub fn get_version(out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":0,\"method\":\"client.get_version\",\"params\":[]}\n");
}

/// A `mining.notify` serialised once, for any number of connections.
#[derive(Debug)]
pub struct NotifyLine {
    parts: Notify,
    /// Under the job's first handle, with `clean_jobs` false.
    keep: Bytes,
    /// The same with `clean_jobs` true.
    clean: Bytes,
}

impl NotifyLine {
    /// Serialises a job under its first handle.
    #[must_use]
    pub fn new(handle: u32, job: &Job) -> Self {
        let parts = Notify::new(job);
        let id = format!("{handle:x}");
        let [keep, clean] = [false, true].map(|clean| parts.line(&id, clean).into());
        Self { parts, keep, clean }
    }

    /// The line under the first handle.
    #[must_use]
    pub fn line(&self, clean: bool) -> &Bytes {
        if clean { &self.clean } else { &self.keep }
    }

    /// The line under another handle.
    #[must_use]
    pub fn line_as(&self, handle: u32, clean: bool) -> Bytes {
        self.parts.line(&format!("{handle:x}"), clean).into()
    }
}

/// JSON text with its quotes.
fn text(out: &mut Vec<u8>, text: &str) {
    // Writing to a Vec cannot fail, and any str is valid JSON text once escaped.
    let _infallible = serde_json::to_writer(&mut *out, text);
}

fn append(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    // Writing to a Vec cannot fail.
    let _infallible = out.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn replies_echo_the_id_and_name_the_error() {
        assert_eq!(
            line(|out| accepted(out, "\"a\"")),
            "{\"id\":\"a\",\"result\":true,\"error\":null}\n"
        );
        assert_eq!(
            line(|out| error(out, "4", Code::Duplicate, "du\"p")),
            "{\"id\":4,\"result\":null,\"error\":[22,\"du\\\"p\",null]}\n"
        );
        assert_eq!(
            line(|out| subscribed(out, "1", "ab", [0, 0, 1, 2])),
            "{\"id\":1,\"result\":[[[\"mining.set_difficulty\",\"ab\"],[\"mining.notify\",\"ab\"]],\
             \"00000102\",8],\"error\":null}\n"
        );
    }

    #[test]
    fn difficulties_keep_their_digits() {
        assert!(line(|out| set_difficulty(out, 1024.0)).contains("[1024]"));
        assert!(line(|out| set_difficulty(out, 0.001)).contains("[0.001]"));
    }
}
