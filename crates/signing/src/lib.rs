//! What goes between a pool and its signer: documents, and their encoding. No keys, no rules, no I/O.
//!
//! ```text
//!  ngpayout ──▶ Request (stored) ──▶ ngweb ◀── Poll ── ngsign
//!  ngpayout ◀── inbox ◀── Response ── ngweb ◀───────── ngsign
//! ```

pub mod encoding;
pub mod request;
