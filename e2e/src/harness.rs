//! Runs named tests on one cluster.
//!
//! Tests come in suites; a suite has a namespace of its own and its tests run one after the other.
//! Suites run side by side, except those that disturb the whole cluster: they come last, each alone.

use std::{
    env,
    panic::AssertUnwindSafe,
    path::Path,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, anyhow};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture, stream};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    place,
    pool::Pool,
    prepare,
    sandbox::{self, inside},
    session::{Session, named_kubeconfig},
};

/// Name of the cluster of the tests.
const NAME: &str = "e2e";
/// Suites side by side: a suite mostly waits.
const SIDE_BY_SIDE: usize = 2;
/// The command that installs.
const HELM: &str = "helm3";

/// A test of a suite.
#[derive(Clone, Copy)]
pub struct Test {
    /// What must hold.
    pub name: &'static str,
    /// The test.
    pub run: for<'a> fn(&'a Pool) -> LocalBoxFuture<'a, anyhow::Result<()>>,
}

/// Tests that share a namespace.
#[derive(Clone)]
pub struct Suite {
    /// Its name, and that of its namespace.
    pub name: &'static str,
    /// Whether it disturbs others.
    pub alone: bool,
    /// Whether each test goes on where the one before ended, so that one that fails ends the suite.
    pub story: bool,
    /// Makes its namespace.
    pub begin: fn(Arc<Session>, &'static str) -> LocalBoxFuture<'static, anyhow::Result<Pool>>,
    /// Its tests, in order.
    pub tests: Vec<Test>,
}

/// Names a test by its function: `tests![a, b]`.
#[macro_export]
macro_rules! tests {
    ($($test:path),+ $(,)?) => {
        vec![$($crate::harness::Test {
            name: $crate::harness::last_word(stringify!($test)),
            run: |pool| Box::pin($test(pool)),
        }),+]
    };
}

/// The last part of a path.
pub fn last_word(path: &'static str) -> &'static str {
    path.rsplit("::").next().unwrap_or(path).trim()
}

/// The `main` of the tests.
pub fn main(suites: &[Suite]) -> ExitCode {
    // An error means that there is one already.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(suites) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("e2e: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(suites: &[Suite]) -> anyhow::Result<ExitCode> {
    let chosen = Chosen::by_arguments(env::args().skip(1));
    if chosen.list {
        for suite in suites {
            for test in &suite.tests {
                println!("{}::{}: test", suite.name, test.name);
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let suites = chosen.of(suites);
    if suites.is_empty() {
        println!("e2e: no test of that name");
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(name) = inside() {
        return tokio::runtime::Runtime::new()?.block_on(async {
            let session = Session::own(place::cluster(&name)?);
            all(session, &suites).await
        });
    }
    if let Some(kubeconfig) = named_kubeconfig() {
        println!("e2e: on the cluster of {}", kubeconfig.display());
        let prepared = prepare::all()?;
        let folder = place::fresh(&free_name()?)?;
        return tokio::runtime::Runtime::new()?
            .block_on(all(Session::given(kubeconfig, prepared, folder), &suites));
    }
    if let Err(reason) = sandbox::check() {
        let required = env::var("CI").is_ok_and(|value| value == "true");
        if required {
            return Err(reason.context("no cluster can be had, and CI needs one"));
        }
        println!(
            "e2e: NOT RUN, no cluster can be had here: {reason:#}; \
             set KUBECONFIG to use one of yours"
        );
        return Ok(ExitCode::SUCCESS);
    }
    let prepared = prepare::all()?;
    let name = free_name()?;
    let folder = place::fresh(&name)?;
    prepared.save(&folder)?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let code = sandbox::run(&name, &arguments, &folder.join("pid"));
    place::tidy(&name)?;
    code
}

/// A name that no cluster has: somebody else may be testing another checkout.
fn free_name() -> anyhow::Result<String> {
    Ok(if place::running(NAME)?.is_some() {
        format!("{NAME}-{}", std::process::id())
    } else {
        NAME.to_owned()
    })
}

/// Which tests are wanted, by the words that `cargo test` passes on.
#[derive(Debug, Default)]
struct Chosen {
    filters: Vec<String>,
    skip: Vec<String>,
    list: bool,
}

impl Chosen {
    fn by_arguments(arguments: impl Iterator<Item = String>) -> Self {
        let mut chosen = Self::default();
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => chosen.list = true,
                "--skip" => chosen.skip.extend(arguments.next()),
                "--test-threads" | "--format" | "--color" | "--logfile" => {
                    arguments.next();
                }
                option if option.starts_with('-') => {}
                _ => chosen.filters.push(argument),
            }
        }
        chosen
    }

    fn has(&self, suite: &Suite, test: &Test) -> bool {
        let name = format!("{}::{}", suite.name, test.name);
        let wanted = |filters: &[String]| filters.iter().any(|filter| name.contains(filter));
        (self.filters.is_empty() || wanted(&self.filters)) && !wanted(&self.skip)
    }

    /// Suites with the tests that are wanted; a story is told from its beginning.
    fn of(&self, suites: &[Suite]) -> Vec<Suite> {
        let mut chosen = Vec::new();
        for suite in suites {
            let mut suite = suite.clone();
            if suite.story {
                let last = suite.tests.iter().rposition(|test| self.has(&suite, test));
                suite.tests.truncate(last.map_or(0, |last| last + 1));
            } else {
                let wanted: Vec<_> = suite
                    .tests
                    .iter()
                    .filter(|test| self.has(&suite, test))
                    .copied()
                    .collect();
                suite.tests = wanted;
            }
            if !suite.tests.is_empty() {
                chosen.push(suite);
            }
        }
        chosen
    }
}

#[derive(Debug, Default)]
struct Tally {
    passed: AtomicUsize,
    failed: AtomicUsize,
}

async fn all(
    session: impl Future<Output = anyhow::Result<Session>>,
    suites: &[Suite],
) -> anyhow::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let began = Instant::now();
    let tally = Tally::default();
    let work = async {
        let session = Arc::new(session.await.context("cannot start the cluster")?);
        let installing = Instant::now();
        if let Err(error) = session.install(HELM).await {
            println!("{}", session.operator().await);
            return Err(error.context("cannot install the chart"));
        }
        println!("== chart: {} s", installing.elapsed().as_secs());
        let (last, first): (Vec<_>, Vec<_>) = suites.iter().cloned().partition(|suite| suite.alone);
        stream::iter(first)
            .for_each_concurrent(SIDE_BY_SIDE, |suite| tell(&session, suite, &tally))
            .await;
        for suite in last {
            tell(&session, suite, &tally).await;
        }
        anyhow::Ok(())
    };
    tokio::select! {
        done = work => done?,
        _ = terminate.recv() => return Err(anyhow!("interrupted")),
        _ = interrupt.recv() => return Err(anyhow!("interrupted")),
    }
    let (passed, failed) = (
        tally.passed.load(Ordering::Relaxed),
        tally.failed.load(Ordering::Relaxed),
    );
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {result}. {passed} passed; {failed} failed; finished in {:.1} s",
        began.elapsed().as_secs_f32()
    );
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the tests of a suite in its namespace.
async fn tell(session: &Arc<Session>, suite: Suite, tally: &Tally) {
    let began = Instant::now();
    let pool = (suite.begin)(Arc::clone(session), suite.name).await;
    let pool = match pool {
        Ok(pool) => {
            println!(
                "== {}: begun in {:.1} s",
                suite.name,
                began.elapsed().as_secs_f32()
            );
            pool
        }
        Err(error) => {
            for test in &suite.tests {
                println!(
                    "test {}::{} ... FAILED: the suite did not begin",
                    suite.name, test.name
                );
                tally.failed.fetch_add(1, Ordering::Relaxed);
            }
            let namespace = Pool::of(session, suite.name);
            complain(&namespace, suite.name, "begin", &error).await;
            return;
        }
    };
    let mut whole = true;
    for test in &suite.tests {
        if suite.story && !whole {
            println!(
                "test {}::{} ... FAILED: the one before did",
                suite.name, test.name
            );
            tally.failed.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let began = Instant::now();
        let outcome = AssertUnwindSafe((test.run)(&pool)).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("it panicked")));
        let time = began.elapsed().as_secs_f32();
        match outcome {
            Ok(()) => {
                println!("test {}::{} ... ok ({time:.1} s)", suite.name, test.name);
                tally.passed.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                whole = false;
                println!(
                    "test {}::{} ... FAILED ({time:.1} s)",
                    suite.name, test.name
                );
                tally.failed.fetch_add(1, Ordering::Relaxed);
                complain(&pool, suite.name, test.name, &error).await;
            }
        }
    }
    if whole && let Err(error) = pool.remove().await {
        println!("== {}: its namespace stays: {error:#}", suite.name);
    }
}

/// Says why a test failed and keeps what a person would look at.
async fn complain(pool: &Pool, suite: &str, test: &str, error: &anyhow::Error) {
    let folder = pool.session.folder(&format!("failed/{suite}/{test}"));
    let short = match &folder {
        Ok(folder) => pool.report(folder).await,
        Err(_) => Err(anyhow!("no folder for a report")),
    };
    let folder = folder.unwrap_or_default();
    println!(
        "---- {suite}::{test}\n{error:#}\n{}\nmore of it: {}\n----",
        short
            .unwrap_or_else(|error| format!("{error:#}"))
            .trim_end(),
        Path::new(&folder).display()
    );
}
