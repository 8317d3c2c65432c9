//! How the programs are, by their own word: one `Status` call a pod, again and again.
//!
//! ```text
//!  pods of a namespace ──targets──▶ Poller ──gRPC, the Pool's certificates──▶ ngcoinserver, ngstratum, …
//!                                      │
//!                                      └──▶ Reports (by pod), told on only when something is news
//! ```
//!
//! Pods are asked one by one and by address: a node that syncs is not behind its Service's ready
//! addresses but can say why, and each of several pods trusts authorities of its own. Nothing is
//! written here.

mod connect;
mod poll;
mod target;

use std::collections::BTreeMap;

pub use connect::{Credentials, CredentialsError};
pub use poll::{Poller, Round};
pub use target::Target;

/// What each pod said, by its name.
pub type Reports = BTreeMap<String, Report>;

/// What the program of a pod said of itself, or that it said nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether it answered at all; without an answer everything but `reason` is empty.
    pub answered: bool,
    /// Whether it should be sent work.
    pub ready: bool,
    /// Why not, or why there is no answer; empty when ready.
    pub reason: String,
    /// Program, such as `ngstratum`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// SHA-256 of the document in force, hex.
    pub document: String,
    /// SHA-256 of the authorities it trusts, hex; empty without TLS.
    pub bundle: String,
    /// Facts of the program, such as `height` and `peers`.
    pub facts: BTreeMap<String, String>,
}

impl Report {
    /// A program that does not answer.
    pub fn silent(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ..Self::default()
        }
    }

    /// A fact that is a number.
    pub fn number<T: std::str::FromStr>(&self, fact: &str) -> Option<T> {
        self.facts.get(fact)?.parse().ok()
    }

    /// A fact.
    pub fn fact(&self, fact: &str) -> Option<&str> {
        self.facts.get(fact).map(String::as_str)
    }

    /// Whether another report says anything that somebody acts on. Ages and numbers of connections
    /// change with every answer and are no news.
    fn is_news(&self, before: &Self) -> bool {
        const TOLD: [&str; 3] = ["state", "height", "peers"];
        let same = |one: &Self| {
            (
                one.answered,
                one.ready,
                one.reason.clone(),
                one.version.clone(),
                one.document.clone(),
                one.bundle.clone(),
            )
        };
        same(self) != same(before) || TOLD.iter().any(|fact| self.fact(fact) != before.fact(fact))
    }
}

/// Whether anything in a round is news.
fn is_news(before: &Reports, now: &Reports) -> bool {
    before.len() != now.len()
        || now
            .iter()
            .any(|(pod, report)| before.get(pod).is_none_or(|before| report.is_news(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(facts: &[(&str, &str)]) -> Report {
        Report {
            answered: true,
            ready: true,
            facts: facts
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            ..Report::default()
        }
    }

    #[test]
    fn an_age_is_no_news_and_a_height_is() {
        let before = report(&[("height", "1"), ("template_age_s", "1")]);
        assert!(!report(&[("height", "1"), ("template_age_s", "9")]).is_news(&before));
        assert!(report(&[("height", "2"), ("template_age_s", "1")]).is_news(&before));
        assert!(Report::silent("does not answer").is_news(&before));
    }

    #[test]
    fn a_pod_that_comes_or_goes_is_news() {
        let one = Reports::from([("a".to_owned(), report(&[]))]);
        let other = Reports::from([("b".to_owned(), report(&[]))]);
        assert!(!is_news(&one, &one.clone()));
        assert!(is_news(&one, &other));
        assert!(is_news(&one, &Reports::new()));
    }

    #[test]
    fn numbers_are_read_from_facts() {
        let report = report(&[("height", "432"), ("peers", "none")]);
        assert_eq!(report.number::<i64>("height"), Some(432));
        assert_eq!(report.number::<i32>("peers"), None);
    }
}
