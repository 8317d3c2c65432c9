//! The `ngpayout` program.

fn main() {}
