//! Fault points: every effect of a program is numbered, and the program is killed at one of them.
//!
//! ```text
//!  program under test ──▶ DatabaseWire ──▶ PostgreSQL      commits
//!   (real process)    ──▶ CallWire     ──▶ other programs  gRPC and HTTP calls
//!                             │
//!                           Faults: counts the points; at the chosen one SIGKILL
//! ```
//!
//! Nothing in a program knows of this: the wires lie between its process and what it talks to. A
//! commit or a call that changes something is two points: before the other side gets it, and after
//! the other side did it and before the program hears of it. A call that only asks is one.
//!
//! A test counts the points of a story once without a fault, then tells the story once for each of
//! them and compares how it ends.

mod calls;
mod database;

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context;
use nix::sys::signal::Signal;
use tokio::sync::watch;

use crate::Process;

pub use calls::CallWire;
pub use database::DatabaseWire;

/// A process that reaches a point was started a moment ago; a loaded machine needs some seconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// The points of one story. Clones are the same story.
#[derive(Debug, Clone)]
pub struct Faults(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    strike: Option<String>,
    reached: Mutex<Vec<String>>,
    struck: watch::Sender<bool>,
    running: watch::Sender<BTreeMap<String, Arc<Process>>>,
}

/// On which side of a call its program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// The other side never gets it.
    Before,
    /// The other side did it.
    After,
}

impl Faults {
    /// A story without a fault: its points are counted.
    pub fn none() -> Self {
        Self::new(None)
    }

    /// A story in which the program that reaches this point, by its name, is killed there.
    pub fn at(point: &str) -> Self {
        Self::new(Some(point.to_owned()))
    }

    fn new(strike: Option<String>) -> Self {
        Self(Arc::new(Inner {
            strike,
            reached: Mutex::default(),
            struck: watch::Sender::new(false),
            running: watch::Sender::default(),
        }))
    }

    /// Starts a program whose wires are of this story, from a command made by
    /// [`process::command`](crate::process::command). It replaces one of the same name.
    pub fn start(&self, program: &str, command: Command) -> anyhow::Result<Arc<Process>> {
        let forget = |running: &mut BTreeMap<_, _>| running.remove(program).is_some();
        self.0.running.send_if_modified(forget);
        let process = Arc::new(Process::start(command)?);
        let run = process.clone();
        self.0.running.send_modify(|running| {
            running.insert(program.to_owned(), run);
        });
        Ok(process)
    }

    /// Every point that was reached, in order. Its name says which program, which call, on which side
    /// of it, and the how-manieth of these it is: calls that a program makes at the same time change
    /// places from one telling to the next.
    pub fn points(&self) -> Vec<String> {
        self.reached().clone()
    }

    /// The point at which a program was killed.
    pub fn struck(&self) -> Option<String> {
        self.0.strike.clone().filter(|_| *self.0.struck.borrow())
    }

    /// Counts a point. Whether the program was killed at it: nothing of the call may go on then.
    async fn reach(&self, program: &str, call: &str, moment: Moment) -> anyhow::Result<bool> {
        let side = match moment {
            Moment::Before => "never sent",
            Moment::After => "answer lost",
        };
        let name = format!("{program}: {call}, {side}, ");
        let point = {
            let mut reached = self.reached();
            let before = reached.iter().filter(|point| point.starts_with(&name));
            let point = format!("{name}{}", before.count() + 1);
            reached.push(point.clone());
            point
        };
        if self.0.strike.as_deref() != Some(&point) {
            return Ok(false);
        }
        let mut running = self.0.running.subscribe();
        let started = running.wait_for(|running| running.contains_key(program));
        let process = tokio::time::timeout(PATIENCE, started)
            .await
            .with_context(|| format!("{program} reached a point and was never started"))??
            .get(program)
            .cloned()
            .with_context(|| format!("{program} is gone"))?;
        // Before it is killed: who waits for its end asks why it came.
        self.0.struck.send_replace(true);
        process.signal(Signal::SIGKILL)?;
        process.wait().await;
        Ok(true)
    }

    fn reached(&self) -> MutexGuard<'_, Vec<String>> {
        self.0
            .reached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
