//! The `ngcoinserver` program.

fn main() {}
