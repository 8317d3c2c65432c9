//! Where an overview comes from.

use std::{collections::BTreeMap, time::Duration};

use ngpool_chain::Amount;
use ngpool_rpc::{
    channel::{connect, with_deadline},
    v1::{StatusRequest, status_client::StatusClient},
};
use serde_json::Value;

use super::{Balance, Block, Books, PortFigures, ProgramState, Shares};
use crate::{rest::Rest, up::ProgramAddress};

/// A program on this machine that does not answer within this is not well.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks programs by gRPC, all at once.
pub(crate) async fn from_grpc(programs: &[ProgramAddress]) -> Vec<ProgramState> {
    futures::future::join_all(programs.iter().map(ask)).await
}

async fn ask(program: &ProgramAddress) -> ProgramState {
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
    let channel =
        connect(&format!("http://{}", program.grpc)).map_err(|error| error.to_string())?;
    StatusClient::new(channel)
        .get(with_deadline(StatusRequest {}, PATIENCE))
        .await
        .map(tonic::Response::into_inner)
        .map_err(|status| format!("does not answer: {}", status.message()))
}

/// Asks the API for shares, blocks and balances; what it does not tell is left out.
pub(crate) async fn from_rest(rest: &Rest) -> Books {
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
        let account = |name: &str| {
            coins(books.pointer(&format!("/accounts/{name}")), *decimals)
        };
        balances.push(Balance {
            currency: code.clone(),
            immature: account("blocks"),
            payees: account("payees"),
            fee: account("fee"),
            drift: number(&books, "drift"),
        });
    }
    Books {
        ports: list(&ports).map(port).collect(),
        shares: Shares {
            accepted: shares
                .get("points")
                .map_or(0, |points| list(points).map(|point| number(point, "shares")).sum()),
            rejected: shares
                .get("rejects")
                .map(|rejects| {
                    list(rejects).map(|it| (text(it, "reason"), number(it, "count"))).collect()
                })
                .unwrap_or_default(),
        },
        blocks: blocks
            .get("items")
            .map(|items| list(items).map(|it| block(it, &decimals)).collect())
            .unwrap_or_default(),
        balances,
    }
}

fn port(value: &Value) -> PortFigures {
    PortFigures {
        name: text(value, "name"),
        url: text(value, "url"),
        hash_rate: value.get("hash_rate").and_then(Value::as_f64).unwrap_or_default(),
    }
}

fn block(value: &Value, decimals: &BTreeMap<String, u8>) -> Block {
    let currency = text(value, "currency");
    Block {
        height: number(value, "height"),
        hash: text(value, "hash"),
        state: text(value, "state"),
        confirmations: number(value, "confirmations"),
        reward: coins(value.get("reward"), decimals.get(&currency).copied().unwrap_or(8)),
        finder: text(value, "finder"),
        currency,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(value: &Value, field: &str) -> u64 {
    value.get(field).and_then(Value::as_u64).unwrap_or_default()
}

/// Base units as the API writes them, in whole coins.
pub(crate) fn coins(value: Option<&Value>, decimals: u8) -> String {
    let units = value.and_then(Value::as_str).and_then(|units| units.parse().ok());
    Amount(units.unwrap_or_default()).to_decimal(decimals)
}
