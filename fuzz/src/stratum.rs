//! What a miner, or a load balancer before him, sends: one line, one name, one header.

use ngpool_chain::{Address, Network, stratum_v1};
use ngstratum::{
    names::{Arguments, NAME_LIMIT, Name, WORKER_LIMIT},
    server::proxy::read_header,
    wire::{
        Call, Code, Configure, Request, Submit, WireError,
        encode::{self, Granted},
        parse,
    },
};
use serde::de::IgnoredAny;

/// Longest PROXY header taken: version 2 with its extensions.
const PROXY_LIMIT: usize = 16 + 2_048;

/// One line of stratum v1: its id can be echoed, and a share that was taken is the one that was sent.
pub fn stratum_line(data: &[u8]) {
    match parse(data) {
        Ok(request) => {
            echoes(request.id);
            call(&request);
        }
        Err(WireError::Malformed) => {}
        Err(WireError::Parameters { id, what, .. }) => {
            echoes(&id);
            reply(|out| encode::error(out, &id, Code::Other, what));
        }
    }
}

fn echoes(id: &str) {
    assert!(id.len() <= 64, "an id of {} bytes", id.len());
    reply(|out| encode::accepted(out, id));
    reply(|out| encode::subscribed(out, id, "0123456789abcdef", [1, 2, 3, 4]));
}

fn call(request: &Request<'_>) {
    match &request.call {
        Call::Submit(submit) => submitted(request.id, submit),
        Call::Configure(configure) => {
            assert!(configure.unknown.len() <= Configure::UNKNOWN_LIMIT);
            let granted = Granted {
                version_mask: configure.version_mask,
                minimum_difficulty: configure.minimum_difficulty.map(|_| true),
                subscribe_extranonce: configure.subscribe_extranonce,
                unknown: &configure.unknown,
            };
            reply(|out| encode::configured(out, request.id, &granted));
        }
        Call::SuggestDifficulty(difficulty) => {
            assert!(difficulty.is_finite() && *difficulty > 0.0);
            reply(|out| encode::set_difficulty(out, *difficulty));
        }
        Call::Unknown(method) => {
            reply(|out| encode::error(out, request.id, Code::Other, method));
        }
        Call::Subscribe { agent, .. } => reply(|out| encode::show_message(out, agent)),
        _ => {}
    }
}

fn submitted(id: &str, submit: &Submit<'_>) {
    let mut line = format!(
        r#"{{"id":{id},"method":"mining.submit","params":[{},"{:x}","{}","{:08x}","{:08x}""#,
        serde_json::to_string(&submit.name).unwrap(),
        submit.job,
        hex::encode(submit.extranonce2),
        submit.time,
        submit.nonce,
    );
    if let Some(bits) = submit.version_bits {
        line.extend([",\"", &stratum_v1::number(bits), "\""]);
    }
    line.push_str("]}");
    let again = parse(line.as_bytes());
    let Ok(Request {
        call: Call::Submit(again),
        ..
    }) = &again
    else {
        panic!("{line} becomes {again:?}");
    };
    let fields = |share: &Submit<'_>| {
        (
            share.job,
            share.extranonce2,
            share.time,
            share.nonce,
            share.version_bits,
        )
    };
    assert_eq!((fields(again), &again.name), (fields(submit), &submit.name));
}

/// Every reply is one line of JSON.
fn reply(write: impl FnOnce(&mut Vec<u8>)) {
    let mut out = Vec::new();
    write(&mut out);
    let line = out.strip_suffix(b"\n").expect("a reply ends its line");
    assert!(!line.contains(&b'\n'), "two lines in a reply");
    let json: Result<IgnoredAny, _> = serde_json::from_slice(line);
    assert!(json.is_ok(), "not JSON: {}", String::from_utf8_lossy(line));
}

/// A worker's name on every known network, and the same bytes as a password.
pub fn worker_name(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for preset in Network::preset_names() {
        let network = Network::preset(preset).unwrap();
        let name = match Name::parse(text, &network) {
            Ok(name) => name,
            Err(error) => {
                let said = error.to_string();
                assert!(said.len() <= 1_200, "{} bytes of error", said.len());
                continue;
            }
        };
        assert!(text.len() <= NAME_LIMIT && name.worker.len() <= WORKER_LIMIT);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        assert!(
            name.user.bytes().chain(name.worker.bytes()).all(plain),
            "{name:?}"
        );
        let address = Address::parse(&name.user, &network).expect("a user is an address");
        assert_eq!(address.as_str(), &*name.user, "in its canonical text");
        let full = format!("{}.{}", name.user, name.worker);
        assert_eq!(Name::parse(&full, &network).ok(), Some(name));
    }
    let arguments = Arguments::parse(text);
    for number in [arguments.fixed, arguments.minimum].into_iter().flatten() {
        assert!(number.is_finite() && number > 0.0, "{arguments:?}");
    }
}

/// A PROXY header of either version: no more is read than it has, and what follows is the miner's.
pub fn proxy_header(data: &[u8]) {
    let read = |bytes: &[u8]| {
        let mut rest = bytes;
        let header = crate::programs::block_on(read_header(&mut rest));
        (header, bytes.len() - rest.len())
    };
    let (header, length) = read(data);
    assert!(length <= PROXY_LIMIT, "{length} bytes were read");
    let Ok(source) = header else { return };
    let (again, whole) = read(&data[..length]);
    assert_eq!(
        (again.ok(), whole),
        (Some(source), length),
        "the header alone says the same"
    );
}
