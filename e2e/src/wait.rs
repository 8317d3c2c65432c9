//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

use anyhow::anyhow;

/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks until there is something. What looking last said is part of the error at the deadline: an
/// error of a look means "not yet".
pub async fn until<T>(
    what: impl std::fmt::Display,
    deadline: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let began = Instant::now();
    loop {
        let last = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if began.elapsed() > deadline {
            let error = last.unwrap_or_else(|| anyhow!("it did not come true"));
            return Err(error.context(format!("waited {} s for {what}", deadline.as_secs())));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same, for what either holds or does not.
pub async fn until_true(
    what: impl std::fmt::Display,
    deadline: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    until(what, deadline, async || Ok(look().await?.then_some(()))).await
}

/// Looks for as long as said; fails as soon as a look does.
pub async fn throughout(
    time: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let began = Instant::now();
    while began.elapsed() < time {
        look().await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
