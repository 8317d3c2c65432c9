//! Reserves and the periods of work that they bought.

use axum::{Json, extract::State};
use ngpool_store::PpsCreditRow;
use serde::Deserialize;
use utoipa::IntoParams;

use super::pool::known_currency;
use crate::{
    api::Api,
    extract::{Path, Query},
    model::{
        PeriodCreditView, PeriodDetailView, PeriodView, ReserveView, SPLIT_FORMAT, StatementView,
    },
    page::{Page, PageQuery},
    problem::Problem,
};

/// Lines of a period in one document: some 2 MB.
const LINES: u32 = 5_000;

/// Which currency.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeriodsQuery {
    /// Code of the currency.
    currency: String,
}

/// The reserve of a currency that buys work, and the sharechains whose work it buys.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/reserve", tag = "blocks",
    params(("code" = String, Path, description = "Code of the currency")),
    responses((status = 200, body = ReserveView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn reserve(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<ReserveView>, Problem> {
    known_currency(&api, &code)?;
    let state = api.store.reserve_state(&code).await?;
    let chains = api.store.pps_chains(Some(&code)).await?;
    Ok(Json(ReserveView::new(code, state, chains)))
}

/// The periods of bought work of a sharechain, the newest first.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}/periods", tag = "blocks",
    params(("name" = String, Path, description = "Name of the sharechain"), PeriodsQuery, PageQuery),
    responses((status = 200, body = Page<PeriodView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn periods(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(query): Query<PeriodsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PeriodView>>, Problem> {
    known_currency(&api, &query.currency)?;
    let limit = page.limit()?;
    let below = stored(page.after()?)?;
    let rows = api
        .store
        .pps_periods(&query.currency, &name, below, limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| row.number);
    Ok(Json(page.map(PeriodView::from)))
}

/// Everything that is needed to check a period of bought work, in one document:
/// `ngpool verify-split` reads it.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}/periods/{currency}/{number}", tag = "blocks",
    params(("name" = String, Path, description = "Name of the sharechain"),
        ("currency" = String, Path, description = "Code of the currency"),
        ("number" = u64, Path, description = "Number of the period")),
    responses((status = 200, body = PeriodDetailView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn period(
    State(api): State<Api>,
    Path((name, currency, number)): Path<(String, String, u64)>,
) -> Result<Json<PeriodDetailView>, Problem> {
    let network = known_currency(&api, &currency)?.network;
    let missing = || Problem::not_found("period", &number.to_string());
    let above = number.checked_add(1).ok_or_else(missing)?;
    let above = stored(Some(above)).map_err(|_| missing())?;
    let store = &api.store;
    let mut periods = store.pps_periods(&currency, &name, above, 1).await?;
    let row = periods.pop().filter(|row| row.number == number);
    let row = row.ok_or_else(missing)?;
    let rows = store
        .pps_credits(&currency, &name, number, None, LINES + 1)
        .await?;
    let credits = Page::new(rows, LINES, credit_key).map(PeriodCreditView::from);
    let statement = store.statement_of_period(&currency, &name, number).await?;
    let previous = match &statement {
        Some(statement) if statement.seq > 1 => {
            let before = statement.seq - 2;
            store.statements(&currency, &name, before, 1).await?.pop()
        }
        _ => None,
    };
    Ok(Json(PeriodDetailView {
        format: SPLIT_FORMAT,
        genesis_hash: network.genesis_hash.to_string(),
        currency,
        sharechain: name,
        period: row.into(),
        credits: credits.items,
        next: credits.next,
        statement: statement.map(StatementView::from),
        previous: previous.map(StatementView::from),
    }))
}

/// What each payee was credited for a period, by payee.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}/periods/{currency}/{number}/credits",
    tag = "blocks",
    params(("name" = String, Path, description = "Name of the sharechain"),
        ("currency" = String, Path, description = "Code of the currency"),
        ("number" = u64, Path, description = "Number of the period"), PageQuery),
    responses((status = 200, body = Page<PeriodCreditView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn credits(
    State(api): State<Api>,
    Path((name, currency, number)): Path<(String, String, u64)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PeriodCreditView>>, Problem> {
    known_currency(&api, &currency)?;
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let number = stored(Some(number))?.unwrap_or_default();
    let rows = api
        .store
        .pps_credits(&currency, &name, number, after.as_deref(), limit + 1)
        .await?;
    Ok(Json(
        Page::new(rows, limit, credit_key).map(PeriodCreditView::from),
    ))
}

fn credit_key(row: &PpsCreditRow) -> String {
    row.payee.clone()
}

/// A period's number that the database can hold.
fn stored(number: Option<u64>) -> Result<Option<u64>, Problem> {
    match number {
        Some(number) if i64::try_from(number).is_err() => Err(Problem::bad_parameter(
            "number",
            "is larger than a period's number can be",
        )),
        number => Ok(number),
    }
}
