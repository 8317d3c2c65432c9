//! `ngpool-e2e`: a cluster for a developer, and the images of the tests.

use std::{
    env, fs,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use ngpool_e2e::{
    cluster::{Cluster, load},
    place,
    prepare::{self, Prepared},
    sandbox::{self, inside},
};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
#[command(about = "A Kubernetes cluster of one node on this machine, without a registry")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Starts a cluster and keeps it running until Ctrl-C.
    Cluster {
        /// Its name: several may run at once.
        #[arg(long, default_value = "default")]
        name: String,
    },
    /// Runs a command inside a cluster that is running; a shell when none is given.
    Enter {
        /// The cluster's name.
        #[arg(long, default_value = "default")]
        name: String,
        /// The command with its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Makes the images anew and loads them into a cluster that is running.
    Load {
        /// The cluster's name.
        #[arg(long, default_value = "default")]
        name: String,
    },
    /// Makes the images and prints their archives.
    Images,
}

fn main() -> ExitCode {
    obey(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

fn obey(task: Task) -> anyhow::Result<ExitCode> {
    // An error means that there is one already.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match task {
        Task::Images => {
            for image in prepare::all()?.images {
                println!("{} {}", image.name, image.archive.display());
            }
            Ok(ExitCode::SUCCESS)
        }
        Task::Load { name } => {
            let prepared = prepare::all()?;
            let runtime = tokio::runtime::Runtime::new()?;
            runtime.block_on(load(
                &place::cluster(&name)?,
                &prepared.tools,
                &prepared.images,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Enter { name, command } => enter(&name, &command),
        Task::Cluster { name } if inside().is_some() => {
            let runtime = tokio::runtime::Runtime::new()?;
            runtime.block_on(run(&name))
        }
        Task::Cluster { name } => {
            sandbox::check()?;
            let folder = place::fresh(&name)?;
            let prepared = prepare::all()?;
            prepared.save(&folder)?;
            let arguments: Vec<String> = env::args().skip(1).collect();
            let code = sandbox::run(&name, &arguments, &folder.join("pid"));
            place::tidy(&name)?;
            code
        }
    }
}

async fn run(name: &str) -> anyhow::Result<ExitCode> {
    // From the beginning: the first process of a namespace ignores what it does not handle.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let folder = place::cluster(name)?;
    let prepared = Prepared::load(&folder)?;
    let start = Cluster::start(&folder, &prepared.tools, &prepared.images);
    let cluster = tokio::select! {
        cluster = start => cluster?,
        _ = terminate.recv() => return Ok(ExitCode::SUCCESS),
        _ = interrupt.recv() => return Ok(ExitCode::SUCCESS),
    };
    let ready = folder.join("ready");
    fs::write(&ready, "")?;
    eprintln!(
        "The cluster runs until Ctrl-C. From another terminal, with KUBECONFIG set and kubectl, helm3, helm4 on the path:
    {} enter {}-- COMMAND    (a shell without a command)
Its logs are in {}.",
        env::current_exe()?.display(),
        if name == "default" { String::new() } else { format!("--name {name} ") },
        folder.join("logs").display(),
    );
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    fs::remove_file(ready)?;
    drop(cluster);
    Ok(ExitCode::SUCCESS)
}

/// Becomes a command inside the cluster's namespaces.
fn enter(name: &str, command: &[String]) -> anyhow::Result<ExitCode> {
    let folder = place::cluster(name)?;
    let Some(pid) = place::running(name)? else {
        bail!("no cluster called {name} is running");
    };
    if !folder.join("ready").exists() {
        bail!("the cluster called {name} is starting");
    }
    let tools = Prepared::load(&folder)?.tools;
    let path = env::var("PATH").unwrap_or_default();
    let shell = [env::var("SHELL").unwrap_or_else(|_| "/bin/sh".to_owned())];
    let command = if command.is_empty() {
        &shell[..]
    } else {
        command
    };
    // The working directory is lost on the way in.
    let error = Command::new("nsenter")
        .args([
            "--net",
            "--mount",
            "--pid",
            &format!("--target={pid}"),
            "--",
        ])
        .args(["sh", "-c", "cd \"$0\" && exec \"$@\""])
        .arg(env::current_dir()?)
        .args(command)
        .env("KUBECONFIG", folder.join("pki/admin.kubeconfig"))
        .env("PATH", format!("{}:{path}", tools.folder().display()))
        .exec();
    Err(error).context("cannot run nsenter")
}
