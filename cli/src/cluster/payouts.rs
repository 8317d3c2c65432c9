//! `kubectl ngpool payouts`: what is paid, what waits, and for what.

use std::{collections::BTreeMap, io::Write};

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ClusterError, Connection, ConnectionArgs, Output,
    forward::{Forward, WEB},
    table::{self, Cell, GREEN, RED, Row, YELLOW},
};
use crate::{overview::coins, rest::Rest};

/// List the payouts of a pool in a cluster, the newest first: state, amount, transaction, and what a
/// payout waits for. The exit code is not 0 when the payouts of a currency are stopped.
#[derive(Debug, Args)]
pub struct PayoutsCommand {
    /// Only of this currency, by its code, such as LTC.
    #[arg(short, long)]
    pub currency: Option<String>,
    /// Payouts of each currency at most.
    #[arg(short, long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub limit: u32,
    /// Form of the answer.
    #[command(flatten)]
    pub output: Output,
    /// Which cluster.
    #[command(flatten)]
    pub connection: ConnectionArgs,
}

/// The payouts of one currency.
#[derive(Debug)]
struct Payouts {
    code: String,
    decimals: u8,
    /// Why they are stopped.
    stopped: Option<String>,
    rows: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct Payout {
    number: u64,
    state: String,
    reason: String,
    state_at: DateTime<Utc>,
    payees: u64,
    txid: Option<String>,
}

/// Prints them; gives whether none are stopped.
pub async fn run(command: &PayoutsCommand, output: &mut dyn Write) -> Result<bool, ClusterError> {
    let connection = Connection::open(&command.connection).await?;
    let forward = Forward::open(&connection, WEB, 0).await?;
    ask(&Rest::new(forward.address), command, Utc::now(), output).await
}

pub(super) async fn ask(
    rest: &Rest,
    command: &PayoutsCommand,
    now: DateTime<Utc>,
    output: &mut dyn Write,
) -> Result<bool, ClusterError> {
    let mut all = Vec::new();
    for (code, decimals) in currencies(rest, command.currency.as_deref()).await? {
        let path = format!("/api/v1/currencies/{code}/payouts?limit={}", command.limit);
        let page = rest.get(&path).await?;
        let solvency = rest
            .get(&format!("/api/v1/currencies/{code}/solvency"))
            .await?;
        let stop = solvency.pointer("/stop/reason").and_then(Value::as_str);
        all.push(Payouts {
            stopped: stop.map(ToOwned::to_owned),
            rows: page["items"].as_array().cloned().unwrap_or_default(),
            code,
            decimals,
        });
    }
    let well = all.iter().all(|one| one.stopped.is_none());
    if command.output.is_json() {
        let list: Vec<Value> = all.iter().map(as_json).collect();
        serde_json::to_writer_pretty(&mut *output, &list).map_err(std::io::Error::from)?;
        writeln!(output)?;
    } else {
        for line in table::lines(&rows(&all, now), super::colours()) {
            writeln!(output, "{line}")?;
        }
    }
    Ok(well)
}

/// Codes and decimal places; of the one that is asked for, or of all.
async fn currencies(
    rest: &Rest,
    wanted: Option<&str>,
) -> Result<BTreeMap<String, u8>, ClusterError> {
    let list = if let Some(code) = wanted {
        // The API says itself that it does not know a code.
        vec![rest.get(&format!("/api/v1/currencies/{code}")).await?]
    } else {
        let list = rest.get("/api/v1/currencies").await?;
        list.as_array().cloned().unwrap_or_default()
    };
    let of = |currency: &Value| {
        let decimals = currency["decimals"].as_u64().unwrap_or(8);
        let code = currency["code"].as_str()?.to_owned();
        Some((code, u8::try_from(decimals).unwrap_or(8)))
    };
    Ok(list.iter().filter_map(of).collect())
}

fn as_json(payouts: &Payouts) -> Value {
    json!({
        "currency": payouts.code,
        "decimals": payouts.decimals,
        "stopped": payouts.stopped,
        "payouts": payouts.rows,
    })
}

fn rows(all: &[Payouts], now: DateTime<Utc>) -> Vec<Row> {
    let head = [
        "CURRENCY",
        "NUMBER",
        "STATE",
        "SINCE",
        "PAYEES",
        "AMOUNT",
        "FEE",
        "TRANSACTION",
    ];
    let mut rows = vec![Row::Cells(head.map(Cell::plain).to_vec())];
    for of in all {
        if let Some(reason) = &of.stopped {
            rows.push(Row::Remark(format!(
                "Payouts of {} are stopped: {reason}",
                of.code
            )));
        }
        if of.rows.is_empty() {
            rows.push(Row::Remark(format!(
                "There is no payout of {} yet.",
                of.code
            )));
        }
        for row in &of.rows {
            let Ok(payout) = serde_json::from_value::<Payout>(row.clone()) else {
                rows.push(Row::Remark(format!("not understood: {row}")));
                continue;
            };
            rows.push(Row::Cells(cells(of, row, &payout, now)));
            let waits = waits_for(&payout);
            if !waits.is_empty() {
                rows.push(Row::Remark(format!("    {waits}")));
            }
        }
    }
    rows
}

fn cells(of: &Payouts, row: &Value, payout: &Payout, now: DateTime<Utc>) -> Vec<Cell> {
    let colour = match payout.state.as_str() {
        "confirmed" => GREEN,
        "void" => RED,
        _ => YELLOW,
    };
    let fee = row.get("fee").filter(|fee| !fee.is_null());
    vec![
        Cell::plain(&of.code),
        Cell::plain(payout.number.to_string()),
        Cell::coloured(&payout.state, colour),
        Cell::plain(age(now - payout.state_at)),
        Cell::plain(payout.payees.to_string()),
        Cell::plain(coins(row.get("amount"), of.decimals)),
        Cell::plain(fee.map_or_else(String::new, |fee| coins(Some(fee), of.decimals))),
        Cell::plain(payout.txid.clone().unwrap_or_default()),
    ]
}

/// What a payout waits for, and what was remarked of it.
fn waits_for(payout: &Payout) -> String {
    let waits = match payout.state.as_str() {
        "prepared" => "waits for the signer: run ngsign where its keys are",
        "signed" => "waits to be sent: the next settle run sends it",
        "broadcast" => "waits to be confirmed by the chain",
        _ => "",
    };
    match (waits, payout.reason.as_str()) {
        ("", reason) => reason.to_owned(),
        (waits, "") => waits.to_owned(),
        (waits, reason) => format!("{waits} ({reason})"),
    }
}

/// As kubectl writes ages.
fn age(time: chrono::TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        for (seconds, text) in [
            (-5, "0s"),
            (119, "119s"),
            (120, "2m"),
            (7_200, "2h"),
            (172_800, "2d"),
        ] {
            assert_eq!(age(chrono::TimeDelta::seconds(seconds)), text);
        }
    }
}
