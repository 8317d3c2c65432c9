//! Live figures from the pool's API. They are not in the objects, where they would be writes that
//! never end.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Connection,
    forward::{Forward, WEB},
};
use crate::rest::Rest;

/// What the API tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) pool: PoolFigures,
    pub(super) ports: BTreeMap<String, PortFigures>,
    pub(super) currencies: BTreeMap<String, CurrencyFigures>,
}

/// Of the pool.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct PoolFigures {
    pub(super) connections: u64,
    pub(super) hash_rate: f64,
    /// By state, over all time.
    pub(super) blocks: BTreeMap<String, u64>,
}

/// Of a port.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct PortFigures {
    pub(super) name: String,
    pub(super) connections: u64,
    pub(super) workers: u64,
    pub(super) hash_rate: f64,
}

/// Of a currency, by the name of its object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct CurrencyFigures {
    /// Steps of its jobs whose last run failed.
    pub(super) failed: Vec<String>,
    /// Why its payouts are stopped.
    pub(super) stopped: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CurrencyView {
    code: String,
    name: String,
    steps: Vec<StepView>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepView {
    step: String,
    failed: bool,
}

/// Asks through a port-forward; the reason if there is no answer.
pub(super) async fn ask(connection: &Connection) -> Result<Figures, String> {
    let forward = Forward::open(connection, WEB, 0)
        .await
        .map_err(|error| format!("{:#}", anyhow::Error::from(error)))?;
    from_api(&Rest::new(forward.address)).await
}

pub(super) async fn from_api(rest: &Rest) -> Result<Figures, String> {
    let get = async |path: &'static str| rest.get(path).await.map_err(|error| error.to_string());
    let (pool, ports, currencies) = tokio::try_join!(
        get("/api/v1/pool"),
        get("/api/v1/ports"),
        get("/api/v1/currencies"),
    )?;
    let ports: Vec<PortFigures> = read(ports);
    let mut figures = Figures {
        pool: read(pool),
        ports: ports
            .into_iter()
            .map(|port| (port.name.clone(), port))
            .collect(),
        ..Figures::default()
    };
    for currency in read::<Vec<CurrencyView>>(currencies) {
        let path = format!("/api/v1/currencies/{}/solvency", currency.code);
        let solvency = rest.get(&path).await.unwrap_or_default();
        let failed = currency.steps.into_iter().filter(|step| step.failed);
        let of = CurrencyFigures {
            failed: failed.map(|step| step.step).collect(),
            stopped: solvency
                .pointer("/stop/reason")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned),
        };
        figures.currencies.insert(currency.name, of);
    }
    Ok(figures)
}

/// What another version of the API does not tell is left out.
fn read<T: for<'a> Deserialize<'a> + Default>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}
