//! Programs of the cluster as child processes, each with a log of its own.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use ngpool_testkit::{Process, process};

use crate::tools::Tools;

/// Where programs and their logs are.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    tools: Tools,
    logs: PathBuf,
}

impl Programs {
    pub(super) fn new(tools: &Tools, folder: &Path) -> Self {
        Self {
            tools: tools.clone(),
            logs: folder.join("logs"),
        }
    }

    /// Starts one that runs on; its log is `logs/<name>.log`.
    pub(super) fn start(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = String>,
    ) -> anyhow::Result<Process> {
        let log = self.log(program)?;
        let mut command = process::command(self.path(program));
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Process::start(command)
    }

    /// Runs one to its end; gives what it wrote.
    pub(super) async fn run(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = String>,
    ) -> anyhow::Result<String> {
        let mut command = Command::new(self.path(program));
        command.args(arguments).stdin(Stdio::null());
        let output = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .output()
            .await
            .with_context(|| format!("cannot run {program}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{program}: {}", said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The last lines of a log, for an error.
    pub(super) fn tail(&self, program: &str) -> String {
        let text = fs::read(self.logs.join(format!("{program}.log"))).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn log(&self, program: &str) -> anyhow::Result<File> {
        File::options()
            .create(true)
            .append(true)
            .open(self.logs.join(format!("{program}.log")))
            .with_context(|| format!("cannot open the log of {program}"))
    }

    fn path(&self, program: &str) -> OsString {
        let ours = self.tools.path(program);
        if ours.exists() {
            ours.into()
        } else {
            program.into()
        }
    }
}
