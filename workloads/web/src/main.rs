//! The `ngweb` program.

fn main() {}
