//! The two exchanges: what there is for a signer, and what it answers.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bitcoin::{OutPoint, ScriptBuf, hashes::Hash};
use chrono::Utc;
use ngpool_settings::CurrencySettings;
use ngpool_signing::{
    encoding::{Base64, Hex},
    request::{
        FORMAT, MAX_STATEMENTS, PayeePart, Payout, Poll, Position, Request, RequestError,
        Response as Answer, Statement, StatementsAfter, Task,
    },
};
use ngpool_store::{OpenTask, PayoutRow, SignedStatement};

use super::Desk;
use crate::{extract::Path, problem::Problem};

/// Longest name of a sharechain in a position.
const MAX_NAME: usize = 253;
/// Longest script in a position: those of addresses have up to 42 bytes (BIP 141), a bare multisig
/// of three keys 105.
const MAX_SCRIPT: usize = 128;
/// Messages that may wait for the payout job, and their bytes: more means that it does not run, and
/// whoever has the token must not fill the database.
const MAX_WAITING: u64 = 256;
const MAX_WAITING_BYTES: u64 = 64 << 20;

/// What there is for a signer: statements after its position and, once it has them all, the oldest
/// open task.
#[utoipa::path(post, path = "/signer/v1/{currency}/request", tag = "signer",
    params(("currency" = String, Path, description = "Code of the currency")),
    request_body(content_type = "application/json",
        description = "`Poll` of the signing exchange, at most 64 KiB"),
    security(("signer" = [])),
    responses((status = 200, content_type = "application/json",
            description = "`Request` of the signing exchange; more statements may follow it"),
        (status = 204, description = "There is nothing to do"),
        (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 429, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn request(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let currency = currency(&desk, &code)?;
    let poll = Poll::parse(&body.map_err(|rejected| unread(&rejected))?).map_err(unusable)?;
    same_chain(&currency, &poll.currency, poll.genesis_hash)?;
    let position = &poll.position;
    check(position)?;

    let store = &desk.api.store;
    let shown = serde_json::to_value(position).unwrap_or_default();
    store
        .see_signer(&code, position.payout, &shown, Utc::now())
        .await?;
    let after: Vec<(String, u64)> = position
        .statements
        .iter()
        .map(|chain| (chain.sharechain.clone(), chain.after))
        .collect();
    let found = store
        .statements_after(&code, &after, MAX_STATEMENTS)
        .await?;
    // Without the statements that were left out the signer would refuse what may be signed after
    // them.
    let task = if found.is_whole {
        let open = store.open_request(&code).await?;
        open.and_then(|open| task(&open.task))
    } else {
        None
    };
    if found.statements.is_empty() && task.is_none() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let request = Request {
        format: FORMAT,
        currency: code,
        genesis_hash: currency.network.genesis_hash,
        statements: found.statements.into_iter().map(statement).collect(),
        task,
    };
    let body = serde_json::to_vec(&request).map_err(|error| {
        tracing::error!(%error, "a request for the signer cannot be written");
        Problem::signer_unavailable()
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What a signer answers: kept as it came, for the payout job to judge.
#[utoipa::path(post, path = "/signer/v1/{currency}/response", tag = "signer",
    params(("currency" = String, Path, description = "Code of the currency")),
    request_body(content_type = "application/json",
        description = "`Response` of the signing exchange, at most 16 MiB"),
    security(("signer" = [])),
    responses((status = 204, description = "It is kept; a repeat changes nothing"),
        (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 429, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn response(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let currency = currency(&desk, &code)?;
    let body = body.map_err(|rejected| unread(&rejected))?;
    let answer = Answer::parse(&body).map_err(unusable)?;
    same_chain(&currency, &answer.currency, answer.genesis_hash)?;
    check(&answer.position)?;

    let store = &desk.api.store;
    let waiting = store.waiting_signer_messages(&code).await?;
    if waiting.messages >= MAX_WAITING || waiting.bytes >= MAX_WAITING_BYTES {
        tracing::error!(
            currency = code,
            "the signer's answers are not dealt with: does the settle job run?"
        );
        return Err(Problem::inbox_full());
    }
    let is_new = store
        .receive_signer_message(&code, &body, Utc::now())
        .await?;
    if is_new {
        tracing::info!(
            currency = code,
            payout = answer.number,
            "the signer has answered"
        );
    }
    Ok(StatusCode::NO_CONTENT)
}

fn currency(desk: &Desk, code: &str) -> Result<CurrencySettings, Problem> {
    desk.api
        .settings()
        .currencies
        .iter()
        .find(|currency| currency.code == code)
        .cloned()
        .ok_or_else(|| Problem::not_found("currency", code))
}

fn same_chain(
    currency: &CurrencySettings,
    code: &str,
    genesis: ngpool_chain::BlockHash,
) -> Result<(), Problem> {
    let here = currency.network.genesis_hash;
    if code == currency.code && genesis == here {
        return Ok(());
    }
    Err(Problem::conflict(format!(
        "the document is about {code:?} on the chain {genesis}, this path is for {} on {here}",
        currency.code
    )))
}

/// A position that the database can hold.
fn check(position: &Position) -> Result<(), Problem> {
    let number = |number: u64| i64::try_from(number).is_ok();
    let is_good = number(position.payout)
        && position.statements.iter().all(|chain| {
            (1..=MAX_NAME).contains(&chain.sharechain.len())
                && !chain.sharechain.chars().any(char::is_control)
                && number(chain.after)
        })
        && (position.scripts.iter()).all(|script| (1..=MAX_SCRIPT).contains(&script.len()));
    if is_good {
        Ok(())
    } else {
        Err(Problem::bad_document(
            "the position has a number, a name or a script that nothing of ours can have",
        ))
    }
}

fn unread(rejected: &BytesRejection) -> Problem {
    if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large()
    } else {
        Problem::bad_document("the body ended early")
    }
}

fn unusable(error: RequestError) -> Problem {
    match error {
        RequestError::Long { .. } => Problem::too_large(),
        other => Problem::bad_document(other),
    }
}

fn statement(row: SignedStatement) -> Statement {
    Statement {
        body: Base64(row.body),
        digest: Hex(row.digest),
        signature: Hex(row.signature),
    }
}

fn task(open: &OpenTask) -> Option<Task> {
    match open {
        OpenTask::Sign { payout, version } => Some(Task::Sign(asked(payout, *version)?)),
        OpenTask::Void { number } => Some(Task::Void { number: *number }),
        OpenTask::Tell { after } => {
            let chains = after.iter().map(|(sharechain, after)| StatementsAfter {
                sharechain: sharechain.clone(),
                after: *after,
            });
            Some(Task::Tell {
                after: chains.collect(),
            })
        }
    }
}

/// A version as it is put to the signer; none when the database holds what it never should.
fn asked(payout: &PayoutRow, version: u32) -> Option<Payout> {
    let row = payout.version(version)?;
    let anchor = payout.anchor?;
    let payees = payout.parts.iter().map(|part| {
        Some(PayeePart {
            payee: part.payee.clone(),
            script: ScriptBuf::from_bytes(part.script.clone()),
            amount: u64::try_from(part.amount.0).ok()?,
            fee_share: u64::try_from(part.fee_share.0).ok()?,
        })
    });
    Some(Payout {
        number: payout.number,
        version,
        anchor: OutPoint {
            txid: bitcoin::Txid::from_byte_array(anchor.txid.to_bytes()),
            vout: anchor.vout,
        },
        payees: payees.collect::<Option<_>>()?,
        fee: u64::try_from(row.fee.0).ok()?,
        psbt: Base64(row.psbt.clone()?),
    })
}
