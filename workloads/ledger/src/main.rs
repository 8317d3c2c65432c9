//! The `ngledger` program.

fn main() {}
