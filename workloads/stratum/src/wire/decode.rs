//! From a line to a typed call. Lengths are exact and digits are checked here, once.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use thiserror::Error;

use super::EXTRANONCE2_LENGTH;

/// Longest id echoed; clients use small numbers.
const ID_LIMIT: usize = 64;

/// A message of a miner.
#[derive(Debug)]
pub struct Request<'a> {
    /// As sent, JSON text: a number, a string or `null`.
    pub id: &'a str,
    /// What is asked.
    pub call: Call<'a>,
}

/// What a miner can ask.
#[derive(Debug)]
pub enum Call<'a> {
    /// `mining.subscribe`
    Subscribe {
        /// Name and version of the miner's software; empty when it gave none.
        agent: Cow<'a, str>,
        /// Session to resume.
        session: Option<Cow<'a, str>>,
    },
    /// `mining.authorize`
    Authorize {
        /// `address[.worker]`
        name: Cow<'a, str>,
        /// Arguments such as `d=1024`.
        password: Cow<'a, str>,
    },
    /// `mining.submit`
    Submit(Submit<'a>),
    /// `mining.configure` (BIP 310)
    Configure(Configure),
    /// `mining.extranonce.subscribe`
    ExtranonceSubscribe,
    /// `mining.suggest_difficulty`
    SuggestDifficulty(f64),
    /// `mining.suggest_target`: 32 bytes, the most significant first.
    SuggestTarget([u8; 32]),
    /// `mining.ping`
    Ping,
    /// `mining.pong`, or the answer to a question of ours: nothing is said in return.
    Answer,
    /// `mining.get_transactions`
    GetTransactions,
    /// `mining.multi_version`
    MultiVersion,
    /// A method this server does not know.
    Unknown(Cow<'a, str>),
}

/// A share as sent.
#[derive(Debug, Clone)]
pub struct Submit<'a> {
    /// The worker's full name.
    pub name: Cow<'a, str>,
    /// Job handle.
    pub job: u32,
    /// The miner's part of the extranonce.
    pub extranonce2: [u8; EXTRANONCE2_LENGTH],
    /// Header time.
    pub time: u32,
    /// Header nonce.
    pub nonce: u32,
    /// Rolled version bits, if the miner rolls.
    pub version_bits: Option<u32>,
}

/// What `mining.configure` asks for; extensions that are not known are answered `false`.
#[derive(Debug, Default)]
pub struct Configure {
    /// Mask asked for, when version rolling is.
    pub version_mask: Option<u32>,
    /// Least difficulty asked for.
    pub minimum_difficulty: Option<f64>,
    /// Whether `subscribe-extranonce` is asked for.
    pub subscribe_extranonce: bool,
    /// Names of the extensions not known here, at most [`Configure::UNKNOWN_LIMIT`].
    pub unknown: Vec<String>,
}

impl Configure {
    /// Unknown extensions answered by name.
    pub const UNKNOWN_LIMIT: usize = 8;
}

/// Why a line is no call.
#[derive(Debug, Error)]
pub enum WireError {
    /// Not a JSON object of UTF-8 text with an id of an allowed kind: the connection is closed.
    #[error("not a stratum message")]
    Malformed,
    /// A message whose parameters do not fit its method.
    #[error("{what}")]
    Parameters {
        /// The id as sent.
        id: String,
        /// Whether it was a share.
        submit: bool,
        /// What does not fit, for the miner to read.
        what: &'static str,
    },
}

#[derive(Deserialize)]
struct RawMessage<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<Text<'a>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    #[serde(default)]
    result: Presence,
}

/// Whether a field is there, whatever it holds.
#[derive(Default)]
struct Presence(bool);

impl<'de> Deserialize<'de> for Presence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

/// Parses one line without its end.
pub fn parse(line: &[u8]) -> Result<Request<'_>, WireError> {
    // A list would be read as an object's fields in order.
    if line.trim_ascii_start().first() != Some(&b'{') {
        return Err(WireError::Malformed);
    }
    let message: RawMessage<'_> = serde_json::from_slice(line).map_err(|_| WireError::Malformed)?;
    let id = message.id.map_or("null", RawValue::get);
    let id_allowed = id.len() <= ID_LIMIT && !id.starts_with(['{', '[', 't', 'f']);
    if !id_allowed {
        return Err(WireError::Malformed);
    }
    let Some(Text(method)) = message.method else {
        // Answers to `client.get_version` and the like have no method.
        return match message.result {
            Presence(true) => Ok(Request {
                id,
                call: Call::Answer,
            }),
            Presence(false) => Err(WireError::Malformed),
        };
    };
    let params = message.params.map_or("[]", RawValue::get);
    let call = parse_call(method, params).map_err(|(submit, what)| WireError::Parameters {
        id: id.to_owned(),
        submit,
        what,
    })?;
    Ok(Request { id, call })
}

fn parse_call<'a>(method: Cow<'a, str>, params: &'a str) -> Result<Call<'a>, (bool, &'static str)> {
    let other = |what| (false, what);
    match &*method {
        "mining.submit" => parse_submit(params)
            .map(Call::Submit)
            .map_err(|what| (true, what)),
        "mining.subscribe" => {
            let [agent, session] = texts(params).map_err(other)?;
            Ok(Call::Subscribe {
                agent: agent.unwrap_or_default(),
                session: session.filter(|text| !text.is_empty()),
            })
        }
        "mining.authorize" => {
            let [name, password] = texts(params).map_err(other)?;
            let name = name.ok_or(other("authorize needs a worker name"))?;
            Ok(Call::Authorize {
                name,
                password: password.unwrap_or_default(),
            })
        }
        "mining.configure" => parse_configure(params).map(Call::Configure).map_err(other),
        "mining.extranonce.subscribe" => Ok(Call::ExtranonceSubscribe),
        "mining.suggest_difficulty" => first_number(params)
            .map(Call::SuggestDifficulty)
            .map_err(other),
        "mining.suggest_target" => {
            let [target] = texts(params).map_err(other)?;
            let target = target.ok_or(other("suggest_target needs 64 hex digits"))?;
            let mut bytes = [0; 32];
            hex::decode_to_slice(&*target, &mut bytes)
                .map_err(|_| other("suggest_target needs 64 hex digits"))?;
            Ok(Call::SuggestTarget(bytes))
        }
        "mining.ping" => Ok(Call::Ping),
        "mining.pong" => Ok(Call::Answer),
        "mining.get_transactions" => Ok(Call::GetTransactions),
        "mining.multi_version" => Ok(Call::MultiVersion),
        _ => Ok(Call::Unknown(method)),
    }
}

fn parse_submit(params: &str) -> Result<Submit<'_>, &'static str> {
    let [name, job, extranonce2, time, nonce, version_bits] = texts(params)?;
    let (Some(name), Some(job), Some(extranonce2), Some(time), Some(nonce)) =
        (name, job, extranonce2, time, nonce)
    else {
        return Err("submit needs worker, job, extranonce2, ntime and nonce");
    };
    let mut bytes = [0; EXTRANONCE2_LENGTH];
    hex::decode_to_slice(&*extranonce2, &mut bytes)
        .map_err(|_| "extranonce2 must be 16 hex digits")?;
    Ok(Submit {
        name,
        job: hex_number(&job, 1).ok_or("the job id is not one of ours")?,
        extranonce2: bytes,
        time: hex_number(&time, 8).ok_or("ntime must be 8 hex digits")?,
        nonce: hex_number(&nonce, 8).ok_or("nonce must be 8 hex digits")?,
        version_bits: match version_bits {
            Some(text) => Some(hex_number(&text, 8).ok_or("version bits must be 8 hex digits")?),
            None => None,
        },
    })
}

/// A number of at least `digits` and at most 8 hex digits, nothing else around it.
fn hex_number(text: &str, digits: usize) -> Option<u32> {
    let bytes = text.as_bytes();
    if bytes.len() < digits || bytes.len() > 8 {
        return None;
    }
    bytes.iter().try_fold(0, |number: u32, byte| {
        char::from(*byte)
            .to_digit(16)
            .map(|digit| number << 4 | digit)
    })
}

fn parse_configure(params: &str) -> Result<Configure, &'static str> {
    const SHAPE: &str = "configure needs a list of extensions and an object of parameters";
    let (names, options): (Vec<String>, serde_json::Map<String, serde_json::Value>) =
        match serde_json::from_str(params) {
            Ok(both) => both,
            Err(_) => match serde_json::from_str::<(Vec<String>,)>(params) {
                Ok((names,)) => (names, serde_json::Map::new()),
                Err(_) => return Err(SHAPE),
            },
        };
    let mut configure = Configure::default();
    for name in names {
        match name.as_str() {
            "version-rolling" => {
                let mask = match options.get("version-rolling.mask") {
                    None => u32::MAX,
                    Some(value) => value
                        .as_str()
                        .and_then(|text| hex_number(text, 1))
                        .ok_or("version-rolling.mask must be hex digits")?,
                };
                configure.version_mask = Some(mask);
            }
            "minimum-difficulty" => {
                let value = options.get("minimum-difficulty.value");
                configure.minimum_difficulty = Some(
                    value
                        .and_then(serde_json::Value::as_f64)
                        .ok_or("minimum-difficulty.value must be a number")?,
                );
            }
            "subscribe-extranonce" => configure.subscribe_extranonce = true,
            _ if configure.unknown.len() < Configure::UNKNOWN_LIMIT => {
                configure.unknown.push(name);
            }
            _ => {}
        }
    }
    Ok(configure)
}

fn first_number(params: &str) -> Result<f64, &'static str> {
    // Some miners send the number as text.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumberOrText {
        Number(f64),
        Text(String),
    }
    const SHAPE: &str = "suggest_difficulty needs a number above zero";
    let Ok((value,)) = serde_json::from_str::<(NumberOrText,)>(params) else {
        return Err(SHAPE);
    };
    let number = match value {
        NumberOrText::Number(number) => number,
        NumberOrText::Text(text) => text.parse().map_err(|_| SHAPE)?,
    };
    if number.is_finite() && number > 0.0 {
        Ok(number)
    } else {
        Err(SHAPE)
    }
}

/// The first `N` parameters as texts; missing ones and nulls are `None`, further ones are skipped.
fn texts<const N: usize>(params: &str) -> Result<[Option<Cow<'_, str>>; N], &'static str> {
    match serde_json::from_str::<Texts<'_, N>>(params) {
        Ok(Texts(texts)) => Ok(texts),
        Err(_) => Err("parameters must be a list of texts"),
    }
}

/// A JSON string, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

struct Texts<'a, const N: usize>([Option<Cow<'a, str>>; N]);

impl<'de: 'a, 'a, const N: usize> Deserialize<'de> for Texts<'a, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor<const N: usize>;
        impl<'de, const N: usize> Visitor<'de> for TextsVisitor<N> {
            type Value = [Option<Cow<'de, str>>; N];

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut texts = [const { None }; N];
                for text in &mut texts {
                    match list.next_element::<Option<Text<'de>>>()? {
                        Some(element) => *text = element.map(|Text(text)| text),
                        None => return Ok(texts),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(texts)
            }
        }
        deserializer.deserialize_seq(TextsVisitor::<N>).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn submit(text: &str) -> Result<Submit<'_>, WireError> {
        match parse(text.as_bytes())?.call {
            Call::Submit(submit) => Ok(submit),
            call => panic!("{call:?}"),
        }
    }

    #[test]
    fn a_submit_is_decoded_field_by_field() {
        let line = r#"{"id":4,"method":"mining.submit","params":["a.b","1f0","00000000000000AB","650f1e2d","deadBEEF","1fffe000"]}"#;
        let share = submit(line).unwrap();
        assert_eq!(share.name, "a.b");
        assert_eq!(share.job, 0x1f0);
        assert_eq!(share.extranonce2, [0, 0, 0, 0, 0, 0, 0, 0xab]);
        assert_eq!((share.time, share.nonce), (0x650f_1e2d, 0xdead_beef));
        assert_eq!(share.version_bits, Some(0x1fff_e000));
    }

    #[test]
    fn lengths_are_exact_and_tails_are_refused() {
        for (field, values) in [
            (
                2,
                [
                    "00",
                    "000000000000000000",
                    "00000000000000 0",
                    "0x00000000000000",
                    "",
                ],
            ),
            (3, ["650f1e2", "650f1e2d0", "+50f1e2d", "650f1e2g", ""]),
            (4, ["0", "000000000", "-0000000", " 0000000", ""]),
            (5, ["0", "000000000", "0x1fffe0", "1fffe00 ", ""]),
            (1, ["", "123456789", "+1", "0x1", "g"]),
        ] {
            for value in values {
                let mut params = [
                    "w",
                    "1",
                    "0000000000000000",
                    "650f1e2d",
                    "00000000",
                    "00000000",
                ];
                params[field] = value;
                let line = serde_json::json!({"id":1,"method":"mining.submit","params":params});
                let text = line.to_string();
                assert!(
                    matches!(
                        submit(&text),
                        Err(WireError::Parameters { submit: true, .. })
                    ),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn ids_are_numbers_texts_or_null_and_nothing_else() {
        for (id, echoed) in [
            ("7", "7"),
            ("\"x\"", "\"x\""),
            ("null", "null"),
            ("1.5", "1.5"),
        ] {
            let text = format!(r#"{{"id":{id},"method":"mining.ping","params":[]}}"#);
            assert_eq!(parse(text.as_bytes()).unwrap().id, echoed);
        }
        assert_eq!(parse(br#"{"method":"mining.ping"}"#).unwrap().id, "null");
        for id in ["{}", "[1]", "true", &format!("\"{}\"", "x".repeat(100))] {
            let text = format!(r#"{{"id":{id},"method":"mining.ping","params":[]}}"#);
            assert!(
                matches!(parse(text.as_bytes()), Err(WireError::Malformed)),
                "{id}"
            );
        }
    }

    #[test]
    fn what_is_no_message_is_malformed() {
        let deep = format!(r#"{{"id":1,"method":{}"#, "[".repeat(4_000));
        for line in [
            &b"GET / HTTP/1.1"[..],
            b"\0\0\0",
            b"{\"id\":1,\"method\":\"mining.ping\xff\"}",
            b"[]",
            b"{}",
            b"[1,\"mining.ping\",[]]",
            b"1",
            b"{\"id\":1}{\"id\":2}",
            deep.as_bytes(),
        ] {
            assert!(matches!(parse(line), Err(WireError::Malformed)), "{line:?}");
        }
    }

    #[test]
    fn deep_parameters_do_not_overflow_the_stack() {
        let deep = format!(
            r#"{{"id":1,"method":"mining.subscribe","params":{}{}}}"#,
            "[".repeat(4_000),
            "]".repeat(4_000)
        );
        assert!(matches!(
            parse(deep.as_bytes()),
            Err(WireError::Parameters { .. } | WireError::Malformed)
        ));
    }

    #[test]
    fn configure_knows_its_three_extensions_and_names_the_rest() {
        let line = br#"{"id":1,"method":"mining.configure","params":[["version-rolling","minimum-difficulty","subscribe-extranonce","info"],{"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2,"minimum-difficulty.value":512}]}"#;
        let Call::Configure(configure) = parse(line).unwrap().call else {
            panic!()
        };
        assert_eq!(configure.version_mask, Some(0x1fff_e000));
        assert_eq!(configure.minimum_difficulty, Some(512.0));
        assert!(configure.subscribe_extranonce);
        assert_eq!(configure.unknown, ["info"]);
    }

    #[test]
    fn an_answer_of_the_miner_is_told_from_a_call() {
        let line = br#"{"id":9,"result":"cgminer/4.11","error":null}"#;
        assert!(matches!(parse(line).unwrap().call, Call::Answer));
    }

    proptest! {
        #[test]
        fn no_line_panics(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _outcome = parse(&line);
        }

        #[test]
        fn no_parameters_panic(
            method in prop::sample::select(vec![
                "mining.submit", "mining.subscribe", "mining.authorize", "mining.configure",
                "mining.suggest_difficulty", "mining.suggest_target",
            ]),
            params in r#"[\[\]{}",:0-9a-f\\ n]{0,60}"#,
        ) {
            let line = format!(r#"{{"id":1,"method":"{method}","params":{params}}}"#);
            let _outcome = parse(line.as_bytes());
        }
    }
}
