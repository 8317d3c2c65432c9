//! A pool on a real cluster, as its users install it: see `ngpool_e2e::harness` for how tests run.

use std::process::ExitCode;

use ngpool_e2e::harness::{Suite, main as run};

#[path = "cluster/access.rs"]
mod access;
#[path = "cluster/broken.rs"]
mod broken;
#[path = "cluster/last.rs"]
mod last;
#[path = "cluster/live.rs"]
mod live;
#[path = "cluster/plugin.rs"]
mod plugin;
#[path = "cluster/story.rs"]
mod story;

fn main() -> ExitCode {
    let suites: Vec<Suite> = vec![
        story::suite(),
        live::suite(),
        access::suite(),
        broken::suite(),
        last::suite(),
    ];
    run(&suites)
}
