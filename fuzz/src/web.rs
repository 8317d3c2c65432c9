//! What a browser, or somebody who pretends to be one, sends.

use crate::programs::block_on;

/// A path and query: it is answered 200, 400 or 404, never otherwise.
pub fn web_request(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(status) = block_on(ngweb::fuzzing::request(text)) {
        assert!(
            [200, 400, 404].contains(&status),
            "{text:?} is answered {status}"
        );
    }
}

/// The cursor of a page, as text or as what is encoded in it: no text with a NUL reaches the
/// database, which would refuse it as if the server were at fault.
pub fn web_cursor(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for cursor in [text.to_owned(), base64(data)] {
        for text in ngweb::fuzzing::cursor(&cursor) {
            assert!(!text.contains('\0'), "{text:?} reaches the database");
        }
    }
}

/// Base64 for URLs without padding, so that mutations change what a cursor says.
fn base64(data: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in data.chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = bits >> (18 - 6 * place) & 0x3f;
            text.push(char::from(LETTERS[index as usize]));
        }
    }
    text
}
