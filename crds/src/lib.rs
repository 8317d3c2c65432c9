//! The five kinds as Rust types, their presets, and how objects become documents.
