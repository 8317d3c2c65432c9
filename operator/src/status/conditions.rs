//! Conditions: what was found out, merged with what is stored.

use k8s_openapi::{
    apimachinery::pkg::apis::meta::v1::{Condition, Time},
    jiff::Timestamp,
};

/// `Ready`: the object does what it is for.
pub const READY: &str = "Ready";
/// `Reconciling`: something is under way (kstatus: only unusual when true).
pub const RECONCILING: &str = "Reconciling";
/// `Stalled`: it goes no further until somebody acts (kstatus: only unusual when true).
pub const STALLED: &str = "Stalled";
/// `ReferencesResolved`: everything that the object names is there.
pub const REFERENCES_RESOLVED: &str = "ReferencesResolved";
/// `Paused`: the object, or the whole Pool, is left as it is.
pub const PAUSED: &str = "Paused";
/// Coinserver: the node is on the tip of its chain and gives templates.
pub const SYNCED: &str = "Synced";
/// StratumPort: its pods have work that is fresh.
pub const TEMPLATE_FRESH: &str = "TemplateFresh";
/// StratumPort: miners can connect.
pub const AVAILABLE: &str = "Available";
/// Currency: blocks of it can be mined.
pub const MINEABLE: &str = "Mineable";
/// Pool: the database answers.
pub const DATABASE_READY: &str = "DatabaseReady";
/// Pool: the schema is the one that the programs need.
pub const SCHEMA_READY: &str = "SchemaReady";
/// Pool: the programs have certificates that are trusted and not about to end.
pub const CERTIFICATES_READY: &str = "CertificatesReady";

/// Longest message that the schema takes, with room to spare.
const LONGEST: usize = 4_000;

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It does.
    True,
    /// It does not.
    False,
    /// Nobody can say yet.
    Unknown,
}

impl Truth {
    /// As Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }

    /// Of a yes or no.
    pub const fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// One thing found out: a condition without its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub condition: &'static str,
    /// Whether it holds.
    pub truth: Truth,
    /// One word for programs; from a fixed list.
    pub reason: &'static str,
    /// A sentence for people, with the way out.
    pub message: String,
    /// Whether nobody was asked yet, so that what is stored stands: an operator that has just started
    /// does not know less than the one before it.
    pub provisional: bool,
}

impl Finding {
    /// A finding.
    pub fn new(
        condition: &'static str,
        truth: Truth,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            condition,
            truth,
            reason,
            message: sentence(message.into()),
            provisional: false,
        }
    }

    /// The same, standing only where nothing is stored.
    #[must_use]
    pub fn provisionally(self) -> Self {
        Self {
            provisional: true,
            ..self
        }
    }

    /// The same finding about another condition.
    #[must_use]
    pub fn about(&self, condition: &'static str) -> Self {
        Self {
            condition,
            ..self.clone()
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.truth == Truth::True
    }
}

/// Begins with a capital letter, ends with a full stop, fits the schema.
fn sentence(mut text: String) -> String {
    if text.is_empty() {
        return text;
    }
    if text.len() > LONGEST {
        let end = text.floor_char_boundary(LONGEST);
        text.truncate(end);
        text.push('…');
        return text;
    }
    let first = text.split(' ').next().unwrap_or_default();
    // Names of programs, of calls and what is quoted keep their case: `ngstratum`,
    // `getblocktemplate:`, a file.
    let is_word = first.chars().all(char::is_alphabetic) && !first.starts_with("ng");
    if is_word && let Some(letter) = text.chars().next().filter(char::is_ascii_lowercase) {
        text.replace_range(..1, &letter.to_ascii_uppercase().to_string());
    }
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    text
}

/// The conditions to store: of each type the finding, with the time of its last change of status.
/// Conditions of others are not ours to write and are left out.
pub fn merge(
    stored: &[Condition],
    findings: Vec<Finding>,
    generation: Option<i64>,
    now: Timestamp,
) -> Vec<Condition> {
    findings
        .into_iter()
        .map(|finding| {
            let before = stored
                .iter()
                .find(|before| before.type_ == finding.condition);
            if let Some(before) = before.filter(|_| finding.provisional) {
                return Condition {
                    observed_generation: generation,
                    ..before.clone()
                };
            }
            let since = before
                .filter(|before| before.status == finding.truth.as_str())
                .map_or_else(|| Time(to_seconds(now)), |b| b.last_transition_time.clone());
            Condition {
                type_: finding.condition.to_owned(),
                status: finding.truth.as_str().to_owned(),
                reason: finding.reason.to_owned(),
                message: finding.message,
                last_transition_time: since,
                observed_generation: generation,
            }
        })
        .collect()
}

/// The API server keeps whole seconds: a fraction would differ when it is read back.
fn to_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// A condition of a list.
pub fn find<'a>(conditions: &'a [Condition], type_: &str) -> Option<&'a Condition> {
    conditions.iter().find(|one| one.type_ == type_)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn one(truth: Truth, message: &str) -> Vec<Finding> {
        vec![Finding::new(READY, truth, "Reason", message)]
    }

    #[test]
    fn the_time_of_a_transition_moves_with_the_status_alone() {
        let first = merge(&[], one(Truth::False, "a"), Some(1), at(10));
        let same = merge(&first, one(Truth::False, "b"), Some(2), at(20));
        assert_eq!(same[0].last_transition_time.0, at(10));
        assert_eq!(same[0].message, "B.");
        assert_eq!(same[0].observed_generation, Some(2));
        let other = merge(&same, one(Truth::True, "b"), Some(2), at(30));
        assert_eq!(other[0].last_transition_time.0, at(30));
    }

    #[test]
    fn what_nobody_was_asked_about_stays_as_it_is_stored() {
        let known = merge(&[], one(Truth::True, "a"), Some(1), at(10));
        let unasked = || {
            let findings = one(Truth::Unknown, "b").into_iter();
            findings.map(Finding::provisionally).collect::<Vec<_>>()
        };
        let kept = merge(&known, unasked(), Some(2), at(20));
        assert_eq!(
            (kept[0].status.as_str(), kept[0].message.as_str()),
            ("True", "A.")
        );
        assert_eq!(kept[0].observed_generation, Some(2));
        assert_eq!(merge(&[], unasked(), Some(2), at(20))[0].status, "Unknown");
    }

    #[test]
    fn times_are_whole_seconds() {
        let now = Timestamp::from_millisecond(1_500).unwrap();
        let merged = merge(&[], one(Truth::True, ""), None, now);
        assert_eq!(merged[0].last_transition_time.0, at(1));
    }

    #[test]
    fn messages_are_sentences() {
        for (text, sentence_) in [
            ("", ""),
            ("there is none", "There is none."),
            ("`x` is not there", "`x` is not there."),
            ("ngstratum leaves", "ngstratum leaves."),
            ("getblocktemplate: no", "getblocktemplate: no."),
            ("spec.port: taken", "spec.port: taken."),
            ("Is it?", "Is it?"),
        ] {
            assert_eq!(sentence(text.to_owned()), sentence_);
        }
        assert!(sentence("é".repeat(LONGEST)).len() <= LONGEST + 4);
    }
}
