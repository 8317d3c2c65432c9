//! Parsers that are private, for the fuzz targets.

/// Reads hex digits of either case; none for anything else.
#[must_use]
pub fn decode_hex(text: &str) -> Option<Vec<u8>> {
    crate::hexadecimal::decode(text).ok()
}

/// Writes lower-case hex digits at the end of a text.
pub fn push_hex(text: &mut String, bytes: &[u8]) {
    crate::hexadecimal::push(text, bytes);
}
