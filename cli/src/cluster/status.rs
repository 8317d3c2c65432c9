//! `kubectl ngpool status`: what there is, how it is, and why anything is unwell.

use std::{io::Write, time::Duration};

use serde_json::json;

use super::{ClusterError, Connection, Output, figures, objects, table, tree};

/// The API of a pool that is well answers at once; without it the tree is whole but for live figures.
const PATIENCE: Duration = Duration::from_secs(8);

/// Prints the tree; gives whether nothing is unwell.
pub async fn run(
    connection: &Connection,
    form: Output,
    output: &mut dyn Write,
) -> Result<bool, ClusterError> {
    let found = objects::all(connection).await?;
    let asked = tokio::time::timeout(PATIENCE, figures::ask(connection))
        .await
        .unwrap_or_else(|_| Err("it did not answer in time".to_owned()));
    let items = tree::grow(&found, asked.as_ref().ok());
    let well = items.iter().all(tree::Item::is_well);
    if form.is_json() {
        let answer = json!({
            "namespace": connection.namespace,
            "well": well,
            "live": asked.is_ok(),
            "items": items,
        });
        serde_json::to_writer_pretty(&mut *output, &answer).map_err(std::io::Error::from)?;
        writeln!(output)?;
        return Ok(well);
    }
    for line in table::lines(&table::tree(&items), super::colours()) {
        writeln!(output, "{line}")?;
    }
    if let Err(reason) = asked {
        writeln!(
            output,
            "\nWithout live figures, because the API cannot be asked: {reason}."
        )?;
    }
    Ok(well)
}
