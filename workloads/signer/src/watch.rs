//! Asking the pool again and again: poll, answer, hand the answer over.
//!
//! An answer is decided, journalled and sealed in one go, in which nothing is waited for; only the
//! line to the pool can be cut off. Whatever is lost on it is asked and answered again.

use std::time::Duration;

use ngpool_signing::request::{FORMAT, Outcome, Poll, Position, Response};
use thiserror::Error;
use tokio::time::sleep;

use crate::{
    books::Timestamp,
    exchange::{ExchangeError, Pool},
    signer::{Signer, SignerError},
};

/// Longest wait between two polls that lead to nothing new.
const LONGEST: Duration = Duration::from_mins(10);

/// Why a turn did not end.
#[derive(Debug, Error)]
pub enum TurnError {
    /// The pool: it may be tried again.
    #[error(transparent)]
    Pool(#[from] ExchangeError),
    /// The signer cannot work: trying again in this process is of no use.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The clock is not set.
    #[error("the clock of this machine says that it is before 1970")]
    Clock,
}

/// What a turn came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// The pool had nothing.
    Nothing,
    /// This was answered and handed over.
    Answered(Box<Response>),
}

/// How long to wait after each turn.
#[derive(Debug)]
pub struct Pace {
    interval: Duration,
    last: Option<(Option<u64>, Option<u32>, Position, String)>,
    /// Turns in a row that led to nothing new.
    fruitless: u32,
}

impl Turn {
    /// Polls, answers and hands the answer over, once.
    pub async fn take(
        signer: &mut Signer,
        pool: &Pool,
        clock: impl Fn() -> Option<Timestamp>,
    ) -> Result<Self, TurnError> {
        let poll = Poll {
            format: FORMAT,
            currency: signer.currency().to_owned(),
            genesis_hash: signer.genesis(),
            position: signer.position(),
        };
        let Some(request) = pool.poll(&poll).await? else {
            return Ok(Self::Nothing);
        };
        let response = signer.answer(&request, clock().ok_or(TurnError::Clock)?)?;
        pool.answer(&response).await?;
        Ok(Self::Answered(Box::new(response)))
    }

    /// Whether the pool may have more at once: it had statements and left some out.
    pub fn has_more(&self, before: &Position) -> bool {
        match self {
            Self::Nothing => false,
            Self::Answered(response) => {
                response.outcome == Outcome::Booked {} && response.position != *before
            }
        }
    }
}

impl Pace {
    /// Polls every so often.
    pub const fn new(interval: Duration) -> Self {
        Self {
            interval,
            last: None,
            fruitless: 0,
        }
    }

    /// The wait after a turn. The same answer as last time, or an error, doubles it, so that a pool
    /// which asks for the same over and over is not answered for ever at the same pace.
    pub fn after(&mut self, turn: &Result<Turn, TurnError>) -> Duration {
        let is_fruitless = match turn {
            Ok(Turn::Nothing) => {
                self.last = None;
                false
            }
            Ok(Turn::Answered(response)) => {
                let this = (
                    response.number,
                    response.version,
                    response.position.clone(),
                    kind(&response.outcome),
                );
                let is_same = self.last.as_ref() == Some(&this);
                self.last = Some(this);
                is_same
            }
            Err(_) => true,
        };
        self.fruitless = if is_fruitless {
            self.fruitless.saturating_add(1)
        } else {
            0
        };
        let factor = 1_u32 << self.fruitless.min(16);
        self.interval
            .saturating_mul(factor)
            .min(LONGEST.max(self.interval))
    }
}

/// Takes turns until it is stopped or the signer cannot work. `before` is called before each turn, where
/// nothing is under way; `said` hears of every turn.
pub async fn watch(
    signer: &mut Signer,
    pool: &Pool,
    interval: Duration,
    clock: impl Fn() -> Option<Timestamp>,
    stopped: impl Future<Output = ()>,
    mut before: impl FnMut(&mut Signer),
    mut said: impl FnMut(&Result<Turn, TurnError>),
) -> Result<(), TurnError> {
    tokio::pin!(stopped);
    let mut pace = Pace::new(interval);
    loop {
        before(signer);
        let position = signer.position();
        let turn = tokio::select! {
            turn = Turn::take(signer, pool, &clock) => turn,
            () = &mut stopped => return Ok(()),
        };
        said(&turn);
        let wait = pace.after(&turn);
        match turn {
            Err(error @ (TurnError::Signer(_) | TurnError::Clock)) => return Err(error),
            Ok(turn) if turn.has_more(&position) => continue,
            _ => {}
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = &mut stopped => return Ok(()),
        }
    }
}

/// What an outcome is, without numbers that change with the time.
fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Signed { txid, .. } => format!("signed {txid}"),
        Outcome::Voided {} => "voided".to_owned(),
        Outcome::Booked {} => "booked".to_owned(),
        Outcome::Told { statements } => format!("told {}", statements.len()),
        Outcome::Waiting { .. } => "waiting".to_owned(),
        Outcome::Refused { reason, .. } => format!("refused {reason}"),
        Outcome::Needs {
            statements,
            payouts,
        } => format!("needs {} {}", statements.len(), payouts.len()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Pace, Turn, TurnError};

    #[test]
    fn what_leads_to_nothing_is_asked_less_and_less_often() {
        let mut pace = Pace::new(Duration::from_secs(30));
        let waits = |pace: &mut Pace, turn: fn() -> Result<Turn, TurnError>| {
            (0..7)
                .map(|_| pace.after(&turn()).as_secs())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            waits(&mut pace, || Err(TurnError::Clock)),
            [60, 120, 240, 480, 600, 600, 600]
        );
        assert_eq!(waits(&mut pace, || Ok(Turn::Nothing)), [30; 7]);
    }
}
