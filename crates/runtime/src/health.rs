//! Readiness with its reason, and facts for `Status`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Shared by a program's parts; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    ready: bool,
    reason: String,
    document: String,
    bundle: String,
    facts: BTreeMap<String, String>,
}

/// What a program says of itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    /// Whether it should be sent work.
    pub ready: bool,
    /// Why not; empty when ready.
    pub reason: String,
    /// SHA-256 of the document in force, hex; empty before the first.
    pub document: String,
    /// SHA-256 of the authorities it trusts, hex; empty without TLS.
    pub bundle: String,
    /// Program-specific facts.
    pub facts: BTreeMap<String, String>,
}

impl Health {
    /// Not ready, reason `starting`.
    pub fn new() -> Self {
        let health = Self::default();
        health.unready("starting");
        health
    }

    /// The program can be sent work.
    pub fn ready(&self) {
        let mut state = self.state();
        state.ready = true;
        state.reason.clear();
    }

    /// The program should not be sent work.
    pub fn unready(&self, reason: impl Into<String>) {
        let mut state = self.state();
        state.ready = false;
        state.reason = reason.into();
    }

    /// Says which document is in force.
    pub fn document(&self, sha256: impl Into<String>) {
        self.state().document = sha256.into();
    }

    /// Says which authorities are trusted.
    pub fn bundle(&self, sha256: impl Into<String>) {
        self.state().bundle = sha256.into();
    }

    /// Sets a fact, replacing its earlier value.
    // By value, so that callers pass numbers and borrowed text alike without a `&`.
    #[allow(clippy::needless_pass_by_value)]
    pub fn fact(&self, key: &str, value: impl ToString) {
        self.state().facts.insert(key.to_owned(), value.to_string());
    }

    /// What holds now.
    pub fn report(&self) -> HealthReport {
        let state = self.state();
        HealthReport {
            ready: state.ready,
            reason: state.reason.clone(),
            document: state.document.clone(),
            bundle: state.bundle.clone(),
            facts: state.facts.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
