//! A pool on a real cluster, as its users install it: see `ngpool_e2e::harness` for how tests run.

use std::process::ExitCode;

use ngpool_e2e::harness::{Suite, main as run};

#[path = "cluster/access.rs"]
mod access;
#[path = "cluster/story.rs"]
mod story;

fn main() -> ExitCode {
    let suites: Vec<Suite> = vec![story::suite(), access::suite()];
    run(&suites)
}
