//! `ngpool config`: each effective value of an object, and where it came from.

use std::{io::Write, path::PathBuf, str::FromStr};

use clap::Args;
use ngpool_crds::{Explained, Kind, LocalMachine, ObjectRef, Problems, explain, load};
use serde_json::json;
use thiserror::Error;

/// Show each effective value of an object and where it came from.
#[derive(Debug, Args)]
pub struct ConfigCommand {
    /// The object, such as stratumport/main or, for short, sp/main.
    pub object: Object,
    /// YAML files, or folders of them.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Print a JSON list.
    #[arg(long)]
    pub json: bool,
}

/// An object as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object(ObjectRef);

impl FromStr for Object {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write KIND/NAME, such as stratumport/main or sp/main".to_owned();
        let (kind, name) = text.split_once('/').ok_or_else(wrong)?;
        let kind = Kind::named(kind)
            .filter(|kind| kind.is_resolved())
            .ok_or_else(wrong)?;
        Ok(Self(ObjectRef::new(kind, name)))
    }
}

/// Why there is nothing to show.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The files are not right.
    #[error("the files cannot be used:\n{0}")]
    Problems(#[from] Problems),
    /// The values cannot be printed.
    #[error("cannot print the values")]
    Print(#[from] std::io::Error),
}

/// Prints the values.
pub fn run(command: &ConfigCommand, output: &mut dyn Write) -> Result<(), ConfigError> {
    let objects = load(&command.paths)?;
    let machine = LocalMachine::for_checking(&objects);
    let values = explain(&objects, &machine, &command.object.0)?;
    if command.json {
        let list: Vec<_> = values
            .iter()
            .map(
                |it| json!({"field": it.field, "value": it.value, "origin": it.origin.to_string()}),
            )
            .collect();
        serde_json::to_writer_pretty(&mut *output, &list).map_err(std::io::Error::from)?;
        writeln!(output)?;
        return Ok(());
    }
    let width = |text: fn(&Explained) -> &str| {
        values
            .iter()
            .map(|value| text(value).chars().count())
            .max()
            .unwrap_or_default()
    };
    let (fields, texts) = (width(|it| &it.field), width(|it| &it.value));
    for Explained {
        field,
        value,
        origin,
    } in &values
    {
        writeln!(output, "{field:fields$}  {value:texts$}  {origin}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_by_kind_or_short_name() {
        let sp = ObjectRef::new(Kind::StratumPort, "main");
        assert_eq!("sp/main".parse(), Ok(Object(sp.clone())));
        assert_eq!("StratumPort/main".parse(), Ok(Object(sp)));
        for text in ["main", "secret/x", "pod/x"] {
            assert!(
                text.parse::<Object>().unwrap_err().contains("KIND/NAME"),
                "{text}"
            );
        }
    }
}
