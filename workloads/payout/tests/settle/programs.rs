//! Other programs of the pool as processes of their own: this test binary, started as one of them.
//!
//! A test binary can count on the programs of its own package only; the libraries of the others are
//! linked into it anyway.

use std::process::Command;

use clap::Parser;
use ngpool_runtime::{Program, document, logging, shutdown};
use ngpool_testkit::process;

const PROGRAM: &str = "NGPOOL_TEST_PROGRAM";
const ARGUMENTS: &str = "NGPOOL_TEST_ARGUMENTS";

/// A command that runs `ngweb` (argument: its document) or `ngsign` (arguments: its own).
pub fn command(program: &str, arguments: &[String]) -> Command {
    let mut command = process::command(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "programs::this_process_is_a_program_when_it_is_told_so",
        ])
        .arg("--nocapture")
        .env(PROGRAM, program)
        .env(ARGUMENTS, serde_json::to_string(arguments).unwrap());
    command
}

#[test]
fn this_process_is_a_program_when_it_is_told_so() {
    let Ok(program) = std::env::var(PROGRAM) else {
        let told = command("ngsign", &["--version".to_owned()])
            .output()
            .unwrap();
        assert!(told.status.success(), "{told:?}");
        let words = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(words.contains("ngsign"), "{words}");
        return;
    };
    let arguments: Vec<String> = serde_json::from_str(&std::env::var(ARGUMENTS).unwrap()).unwrap();
    match program.as_str() {
        "ngsign" => {
            let words = std::iter::once("ngsign".to_owned()).chain(arguments);
            let code = ngsign::command::Cli::parse_from(words).run().unwrap();
            std::process::exit(code.into());
        }
        "ngweb" => tokio::runtime::Runtime::new().unwrap().block_on(async {
            logging::start(logging::LogFormat::Text);
            let stop = shutdown::on_signal().unwrap();
            let settings = document::watch(arguments[0].clone().into(), stop.clone()).unwrap();
            let program = Program::new("ngweb", "web", stop);
            ngweb::run(settings, program).await.unwrap();
        }),
        other => panic!("there is no program {other}"),
    }
}
