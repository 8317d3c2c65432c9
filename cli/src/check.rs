//! `ngpool check`: everything that can be said about files without running them.

use std::{
    fmt,
    io::{IsTerminal, Write},
};

use clap::Args;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
};
use ngpool_crds::{Cluster, LocalMachine, Objects, Problem, Problems, Severity, resolve};
use serde_json::json;

use crate::{cluster::Output, files::Files};

/// Validate files as the pool would read them, CEL rules and references included. Changes nothing and
/// asks nobody.
#[derive(Debug, Args)]
pub struct CheckCommand {
    /// What is read.
    #[command(flatten)]
    pub files: Files,
    /// As the operator would in a cluster, where Secrets need not be among the files; `kubectl
    /// ngpool` always does.
    #[arg(long)]
    pub cluster: bool,
    /// Form of the answer.
    #[command(flatten)]
    pub output: Output,
}

/// Prints what is wrong; gives whether nothing is.
pub fn run(command: &CheckCommand, output: &mut dyn Write) -> std::io::Result<bool> {
    let (found, problems) = match check(command) {
        Ok((objects, warnings)) => (Some(objects), warnings),
        Err(problems) => (None, problems),
    };
    if command.output.is_json() {
        let list: Vec<_> = problems.iter().map(as_json).collect();
        serde_json::to_writer_pretty(&mut *output, &list)?;
        writeln!(output)?;
    } else {
        write!(output, "{}", Rendered(&problems))?;
        match &found {
            Some(objects) => writeln!(output, "good: {}", summary(objects))?,
            None => writeln!(
                output,
                "{} found",
                count(errors(&problems), "error", "errors")
            )?,
        }
    }
    Ok(found.is_some())
}

/// The objects, and what is allowed but probably not meant.
fn check(command: &CheckCommand) -> Result<(Objects, Problems), Problems> {
    let objects = command.files.load()?;
    let documents = if command.cluster {
        resolve(&objects, &Cluster)?
    } else {
        resolve(&objects, &LocalMachine::for_checking(&objects))?
    };
    Ok((objects, documents.warnings))
}

fn errors(problems: &Problems) -> usize {
    problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count()
}

/// What was read, by kind.
fn summary(objects: &Objects) -> String {
    let kinds = [
        (usize::from(objects.pool.is_some()), "pool", "pools"),
        (objects.currencies.len(), "currency", "currencies"),
        (objects.coinservers.len(), "coinserver", "coinservers"),
        (objects.sharechains.len(), "sharechain", "sharechains"),
        (objects.stratum_ports.len(), "stratum port", "stratum ports"),
    ];
    let counts: Vec<String> = kinds
        .iter()
        .map(|(n, one, many)| count(*n, one, many))
        .collect();
    counts.join(", ")
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn as_json(problem: &Problem) -> serde_json::Value {
    json!({
        "severity": match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "file": problem.place.as_ref().map(|place| place.file.clone()),
        "line": problem.place.as_ref().map(|place| place.line),
        "column": problem.place.as_ref().map(|place| place.column),
        "object": problem.object.as_ref().map(ToString::to_string),
        "field": problem.field,
        "message": problem.message,
        "help": problem.help,
    })
}

/// Problems with the lines they are in, for a person.
#[derive(Debug)]
pub(crate) struct Rendered<'a>(pub(crate) &'a Problems);

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let theme = if colours {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(100)
            .with_links(false);
        for problem in self.0 {
            handler.render_report(f, &Shown::new(problem))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A problem as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    source: Option<NamedSource<String>>,
}

impl<'a> Shown<'a> {
    fn new(problem: &'a Problem) -> Self {
        let source = problem.place.as_ref().map(|place| {
            NamedSource::new(place.file.display().to_string(), place.text.to_string())
        });
        Self { problem, source }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = &self.problem.object {
            write!(f, "{object} ")?;
        }
        if !self.problem.field.is_empty() {
            write!(f, "{}: ", self.problem.field)?;
        }
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let help = self.problem.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.problem.place.as_ref()?;
        let label = LabeledSpan::new(Some("here".to_owned()), place.offset, place.length);
        Some(Box::new(std::iter::once(label)))
    }
}
