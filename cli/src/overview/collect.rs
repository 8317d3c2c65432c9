//! Where an overview comes from.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta};
use ngpool_chain::Amount;
use ngpool_rpc::{
    Security,
    channel::{connect, with_deadline},
    v1::{StatusRequest, status_client::StatusClient},
};
use serde_json::Value;

use super::{Balance, Block, Books, Overview, PortFigures, ProgramState, Shares};
use crate::{
    rest::Rest,
    up::{ProgramAddress, StatusFile},
};

/// A program on this machine that does not answer within this is not well.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks every program and the API of a running pool.
pub(crate) async fn ask(running: &StatusFile) -> Overview {
    let rest = Rest::new(running.api);
    let (mut programs, (books, jobs)) = tokio::join!(
        futures::future::join_all(running.programs.iter().map(ask_program)),
        from_rest(&rest)
    );
    programs.extend(jobs);
    Overview {
        pool: running.pool.clone(),
        api: rest.address().to_string(),
        programs,
        books,
    }
}

async fn ask_program(program: &ProgramAddress) -> ProgramState {
    let mut state = ProgramState {
        kind: program.kind.clone(),
        name: program.name.clone(),
        ..ProgramState::default()
    };
    match status(program).await {
        Ok(reply) => {
            state.ready = reply.ready;
            state.reason = reply.reason;
            state.facts = reply.facts.into_iter().collect();
        }
        Err(reason) => state.reason = reason,
    }
    if let Some(currency) = &program.currency {
        state.facts.insert("currency".to_owned(), currency.clone());
    }
    state
}

async fn status(program: &ProgramAddress) -> Result<ngpool_rpc::v1::StatusReply, String> {
    let channel = connect(&format!("http://{}", program.grpc), &Security::Plain)
        .map_err(|error| error.to_string())?;
    StatusClient::new(channel)
        .get(with_deadline(StatusRequest {}, PATIENCE))
        .await
        .map(tonic::Response::into_inner)
        .map_err(|status| format!("does not answer: {}", status.message()))
}

/// Asks the API for shares, blocks, balances and jobs; what it does not tell is left out.
async fn from_rest(rest: &Rest) -> (Books, Vec<ProgramState>) {
    let get = async |path: &str| rest.get(path).await.unwrap_or_default();
    let (ports, shares, currencies, blocks) = tokio::join!(
        get("/api/v1/ports"),
        get("/api/v1/pool/hash-rate"),
        get("/api/v1/currencies"),
        get("/api/v1/blocks?limit=20"),
    );
    let decimals: BTreeMap<String, u8> = list(&currencies)
        .map(|currency| {
            let decimals = number(currency, "decimals").try_into().unwrap_or(8);
            (text(currency, "code"), decimals)
        })
        .collect();
    let mut balances = Vec::new();
    for (code, decimals) in &decimals {
        let books = get(&format!("/api/v1/currencies/{code}/books")).await;
        let account = |name: &str| coins(books.pointer(&format!("/accounts/{name}")), *decimals);
        balances.push(Balance {
            currency: code.clone(),
            immature: account("blocks"),
            payees: account("payees"),
            fee: account("fee"),
            drift: number(&books, "drift"),
        });
    }
    let mut figures = Vec::new();
    for port in list(&ports) {
        let name = text(port, "name");
        let series = get(&format!("/api/v1/ports/{name}/hash-rate")).await;
        figures.push(PortFigures {
            url: text(port, "url"),
            hash_rate: recent_rate(&series).unwrap_or_default(),
            name,
        });
    }
    let books = Books {
        ports: figures,
        shares: Shares {
            accepted: shares.get("points").map_or(0, |points| {
                list(points).map(|point| number(point, "shares")).sum()
            }),
            rejected: shares
                .get("rejects")
                .map(|rejects| {
                    list(rejects)
                        .map(|it| (text(it, "reason"), number(it, "count")))
                        .collect()
                })
                .unwrap_or_default(),
        },
        blocks: blocks
            .get("items")
            .map(|items| list(items).map(|it| block(it, &decimals)).collect())
            .unwrap_or_default(),
        balances,
    };
    (books, list(&currencies).map(settle).collect())
}

/// The settle job of a currency, by how its steps went.
fn settle(currency: &Value) -> ProgramState {
    let failed = |step: &&Value| step.get("failed").and_then(Value::as_bool) == Some(true);
    let steps = currency
        .get("steps")
        .map(|steps| list(steps).collect::<Vec<_>>());
    let failed: Vec<String> = steps
        .iter()
        .flatten()
        .copied()
        .filter(failed)
        .map(|step| text(step, "step"))
        .collect();
    let began = steps.is_some_and(|steps| !steps.is_empty());
    let reason = match (began, failed.is_empty()) {
        (false, _) => "it has not run yet".to_owned(),
        (true, true) => String::new(),
        (true, false) => format!("failed at {}", failed.join(", ")),
    };
    ProgramState {
        kind: "settle".to_owned(),
        name: text(currency, "code"),
        ready: reason.is_empty(),
        reason,
        ..ProgramState::default()
    }
}

/// Hashes per second over the last ten minutes, or since the first share if that is less.
fn recent_rate(series: &Value) -> Option<f64> {
    const WINDOW: TimeDelta = TimeDelta::minutes(10);
    let time =
        |value: &Value, field: &str| DateTime::parse_from_rfc3339(value.get(field)?.as_str()?).ok();
    let to = time(series, "to")?;
    let step = series.get("step_seconds")?.as_f64()?;
    let mut hashes = 0.0;
    let mut first = None;
    for point in list(series.get("points")?) {
        let at = time(point, "at")?;
        if at > to - WINDOW {
            first.get_or_insert(at);
            hashes += point.get("hash_rate")?.as_f64()? * step;
        }
    }
    let seconds = (to - first?).as_seconds_f64();
    Some(hashes / seconds.max(1.0))
}

fn block(value: &Value, decimals: &BTreeMap<String, u8>) -> Block {
    let currency = text(value, "currency");
    Block {
        height: number(value, "height"),
        hash: text(value, "hash"),
        state: text(value, "state"),
        confirmations: number(value, "confirmations"),
        reward: coins(
            value.get("reward"),
            decimals.get(&currency).copied().unwrap_or(8),
        ),
        finder: text(value, "finder"),
        currency,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value, field: &str) -> String {
    value
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn number(value: &Value, field: &str) -> u64 {
    value.get(field).and_then(Value::as_u64).unwrap_or_default()
}

/// Base units as the API writes them, in whole coins.
pub(crate) fn coins(value: Option<&Value>, decimals: u8) -> String {
    let units = value
        .and_then(Value::as_str)
        .and_then(|units| units.parse().ok());
    Amount(units.unwrap_or_default()).to_decimal(decimals)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rate_counts_from_the_first_share_of_ten_minutes() {
        let point = |at: &str, rate: f64| json!({"at": at, "hash_rate": rate});
        let series = json!({
            "to": "2026-01-01T12:10:30Z",
            "step_seconds": 60,
            "points": [
                point("2026-01-01T11:00:00Z", 9_000.0),
                point("2026-01-01T12:09:00Z", 100.0),
                point("2026-01-01T12:10:00Z", 50.0),
            ],
        });
        // 9,000 hashes in 90 seconds.
        assert!((recent_rate(&series).unwrap() - 100.0).abs() < 1e-9);
        assert_eq!(recent_rate(&json!({})), None);
    }
}
