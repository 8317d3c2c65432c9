//! The `ngpool` command.

fn main() {}
