//! `ngpool config`: each effective value of an object, and where it came from.

use std::{io::Write, str::FromStr};

use clap::Args;
use ngpool_crds::{Cluster, Explained, Kind, LocalMachine, ObjectRef, Problems, explain};
use serde_json::json;
use thiserror::Error;

use crate::{
    cluster::{ClusterArgs, ClusterError, Connection, Output, explain_from_cluster},
    files::Files,
};

/// Show each effective value of an object and where it came from: of files, or of a cluster where no
/// files are given.
#[derive(Debug, Args)]
pub struct ConfigCommand {
    /// The object, such as stratumport/main or, for short, sp/main.
    pub object: Object,
    /// What is read.
    #[command(flatten)]
    pub files: Files,
    /// Form of the answer.
    #[command(flatten)]
    pub output: Output,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArgs,
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

impl From<Object> for ObjectRef {
    fn from(object: Object) -> Self {
        object.0
    }
}

/// Why there is nothing to show.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The files are not right.
    #[error("the files cannot be used:\n{0}")]
    Problems(#[from] Problems),
    /// The cluster has no answer.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The values cannot be printed.
    #[error("cannot print the values")]
    Print(#[from] std::io::Error),
}

/// Prints the values.
pub async fn run(command: &ConfigCommand, output: &mut dyn Write) -> Result<(), ConfigError> {
    let values = values(command).await?;
    if command.output.is_json() {
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

async fn values(command: &ConfigCommand) -> Result<Vec<Explained>, ConfigError> {
    let object = &command.object.0;
    if command.files.is_empty() {
        let connection = Connection::open(&command.cluster.connection)
            .await
            .map_err(ClusterError::from)?;
        return explain_from_cluster(&connection, object).await;
    }
    let objects = command.files.load()?;
    Ok(if command.cluster.is_asked() {
        explain(&objects, &Cluster, object)?
    } else {
        explain(&objects, &LocalMachine::for_checking(&objects), object)?
    })
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
