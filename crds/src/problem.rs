//! What is wrong with objects, where, and what would be right.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::objects::ObjectRef;

/// Whether a problem stops anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// Allowed, but probably not meant.
    Warning,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte offset of what is wrong in `text`.
    pub offset: usize,
    /// Bytes of what is wrong.
    pub length: usize,
    /// The whole file, for messages that show it.
    pub text: Arc<str>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops anything.
    pub severity: Severity,
    /// Where it was written; absent for objects that were not read from a file.
    pub place: Option<Place>,
    /// The object.
    pub object: Option<ObjectRef>,
    /// Path of the field, such as `spec.vardiff.min`; empty for the object as a whole.
    pub field: String,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Problem {
    /// A problem that stops what was asked for.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            place: None,
            object: None,
            field: String::new(),
            message: message.into(),
            help: None,
        }
    }

    /// A problem that stops nothing.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// Adds the object and field.
    #[must_use]
    pub fn on(mut self, object: ObjectRef, field: impl Into<String>) -> Self {
        self.object = Some(object);
        self.field = field.into();
        self
    }

    /// Adds what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    /// Several lines for a person: the message, the place, the line itself with what is wrong
    /// underlined, and what would be right.
    pub fn report(&self) -> String {
        use fmt::Write as _;

        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut report = format!("{severity}: {}", self.what());
        let margin = self
            .place
            .as_ref()
            .map_or(0, |place| place.line.to_string().len());
        if let Some(place) = &self.place {
            let _ = write!(
                report,
                "\n{:margin$}--> {}:{}:{}",
                "",
                place.file.display(),
                place.line,
                place.column
            );
            if let Some(line) = place.text.lines().nth(place.line.saturating_sub(1)) {
                let (shown, before) = around(line, place.column.saturating_sub(1));
                let left = shown.chars().count().saturating_sub(before).max(1);
                let marks = "^".repeat(place.length.clamp(1, left));
                let _ = write!(
                    report,
                    "\n{:margin$} |\n{} | {shown}\n{:margin$} | {:before$}{marks}",
                    "", place.line, "", ""
                );
            }
        }
        if let Some(help) = &self.help {
            let _ = write!(report, "\n{:margin$} = help: {help}", "");
        }
        report
    }

    /// Object, field and message.
    fn what(&self) -> String {
        let mut what = String::new();
        if let Some(object) = &self.object {
            what.push_str(&object.to_string());
        }
        if !self.field.is_empty() {
            if !what.is_empty() {
                what.push(' ');
            }
            what.push_str(&self.field);
        }
        if what.is_empty() {
            self.message.clone()
        } else {
            format!("{what}: {}", self.message)
        }
    }
}

impl fmt::Display for Problem {
    /// One line, in the form that editors and compilers share: `file:line:column: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(
                f,
                "{}:{}:{}: ",
                place.file.display(),
                place.line,
                place.column
            )?;
        }
        f.write_str(&self.what())?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

/// Everything that is wrong, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// None yet.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// One more.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// All of another list too.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of problems.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Whether one of them stops what was asked for.
    pub fn has_errors(&self) -> bool {
        self.iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// The problems of one object, for its status.
    pub fn of(&self, object: &ObjectRef) -> impl Iterator<Item = &Problem> {
        self.iter()
            .filter(move |problem| problem.object.as_ref() == Some(object))
    }

    /// Splits into what stops and what does not.
    pub fn split(self) -> (Self, Self) {
        let (errors, warnings) = self
            .0
            .into_iter()
            .partition(|problem| problem.severity == Severity::Error);
        (Self(errors), Self(warnings))
    }

    /// `value` if nothing stops it; the errors, with the warnings among them, otherwise.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(value)
        }
    }

    /// By file, line and column; what has no place comes last. The sort is stable.
    pub(crate) fn sort(&mut self) {
        let key = |problem: &Problem| {
            problem
                .place
                .as_ref()
                .map_or((true, PathBuf::new(), 0, 0), |p| {
                    (false, p.file.clone(), p.line, p.column)
                })
        };
        self.0.sort_by_key(key);
        self.0.dedup();
    }

    /// The reports of all, one after the other.
    pub fn report(&self) -> String {
        let reports: Vec<_> = self.iter().map(Problem::report).collect();
        reports.join("\n\n")
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    /// One line a problem.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The part of a line that is shown, and where in it the character `at` is: of a long line, such as
/// JSON without line ends, only what is around.
fn around(line: &str, at: usize) -> (String, usize) {
    const SHOWN: usize = 400;
    const BEFORE: usize = 100;
    let from = if line.chars().nth(SHOWN).is_some() {
        at.saturating_sub(BEFORE)
    } else {
        0
    };
    let shown: String = line.chars().skip(from).take(SHOWN).collect();
    let at = (at - from).min(shown.chars().count());
    (shown, at)
}

/// A problem with a file as a whole.
pub(crate) fn of_file(path: &Path, message: impl fmt::Display) -> Problem {
    Problem::error(format!("{}: {message}", path.display()))
}
