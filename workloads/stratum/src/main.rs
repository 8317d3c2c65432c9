//! The `ngstratum` program.

fn main() {}
