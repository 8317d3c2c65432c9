//! What a database holds, for tests that compare two of them.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::ensure;
use tokio::{io::AsyncWriteExt, process::Command, time::Instant};

use crate::{Database, postgres::find_binaries};

/// How long other connections may take to be gone before a copy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A line per row: table and columns, without those that hold a time. `{ignored}` is a list of tables
/// and of columns, `table.column`.
const CONTENTS: &str = r#"
SELECT format(
    'SELECT row FROM (SELECT %L || '' '' || (to_jsonb(t) - %L::text[])::text AS row FROM %I t) rows
     ORDER BY row COLLATE "C"',
    c.relname,
    ARRAY(SELECT a.attname::text FROM pg_attribute a
          WHERE a.attrelid = c.oid
            AND (a.atttypid IN ('timestamptz'::regtype, 'date'::regtype)
                 OR c.relname || '.' || a.attname = ANY ('{ignored}'::text[]))),
    c.relname)
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname <> ALL ('{ignored}'::text[])
ORDER BY c.relname COLLATE "C"
\gexec
"#;

impl Database {
    /// The answer of the superuser's `psql` to a script, unadorned: a line per row.
    pub async fn ask(&self, script: &str) -> anyhow::Result<String> {
        let beside = find_binaries()?.join("psql");
        let psql = if beside.exists() {
            beside
        } else {
            PathBuf::from("psql")
        };
        let mut child = Command::new(psql)
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--dbname", &self.owner_url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(script.as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Every row of every table, in an order that depends on nothing but them, but for the tables and
    /// columns (`table.column`) that are named. Times are left out: two runs of one story are not at
    /// one time.
    pub async fn contents(&self, ignored: &[&str]) -> anyhow::Result<Vec<String>> {
        let script = CONTENTS.replace("{ignored}", &format!("{{{}}}", ignored.join(",")));
        let rows = self.ask(&script).await?;
        Ok(rows.lines().map(str::to_owned).collect())
    }

    /// A copy on the same server. Waits until nobody is connected to this one.
    pub async fn copy(&self) -> anyhow::Result<Self> {
        let copy = self.sibling();
        let (from, to) = (self.name(), copy.name());
        let postgres = self.called("postgres");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let made = postgres
                .ask(&format!("CREATE DATABASE {to} TEMPLATE {from}"))
                .await;
            match made {
                Ok(_) => return Ok(copy),
                Err(error) => ensure!(Instant::now() < deadline, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Removes the database, with whoever is connected.
    pub async fn remove(self) -> anyhow::Result<()> {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name());
        self.called("postgres").ask(&drop).await.map(|_| ())
    }
}
