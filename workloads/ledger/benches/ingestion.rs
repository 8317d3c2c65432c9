//! Batches into PostgreSQL.

fn main() {}
