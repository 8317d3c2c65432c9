//! Why the port is not ready, when several reasons may hold at once.

use std::{collections::BTreeMap, sync::Arc};

use ngpool_runtime::Health;
use parking_lot::Mutex;

/// What can keep a port from being ready; the first in this order is the one told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The server is leaving.
    Drain,
    /// Shares cannot be kept.
    Journal,
    /// There is no work.
    Template,
}

/// The port's readiness; cheap to clone.
#[derive(Debug, Clone)]
pub struct Readiness {
    health: Health,
    causes: Arc<Mutex<BTreeMap<Cause, String>>>,
}

impl Readiness {
    /// Not ready until a template has come.
    #[must_use]
    pub fn new(health: Health) -> Self {
        let readiness = Self {
            health,
            causes: Arc::default(),
        };
        readiness.set(Cause::Template, "no template yet");
        readiness
    }

    /// A cause holds.
    pub fn set(&self, cause: Cause, reason: impl Into<String>) {
        let mut causes = self.causes.lock();
        causes.insert(cause, reason.into());
        self.publish(&causes);
    }

    /// A cause holds no longer.
    pub fn clear(&self, cause: Cause) {
        let mut causes = self.causes.lock();
        if causes.remove(&cause).is_some() {
            self.publish(&causes);
        }
    }

    /// Where facts go.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Whether a cause holds.
    #[must_use]
    pub fn has(&self, cause: Cause) -> bool {
        self.causes.lock().contains_key(&cause)
    }

    fn publish(&self, causes: &BTreeMap<Cause, String>) {
        match causes.values().next() {
            None => self.health.ready(),
            Some(reason) => self.health.unready(reason.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_cause_is_told_until_all_are_gone() {
        let health = Health::new();
        let readiness = Readiness::new(health.clone());
        readiness.set(Cause::Drain, "leaving");
        assert_eq!(health.report().reason, "leaving");
        readiness.clear(Cause::Drain);
        assert_eq!(health.report().reason, "no template yet");
        readiness.clear(Cause::Template);
        assert!(health.report().ready);
    }
}
