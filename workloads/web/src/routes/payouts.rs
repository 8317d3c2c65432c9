//! Payouts: the list, one with what the signer saw, its payees, and the bytes of a version.

use axum::{Json, extract::State, http::HeaderMap, response::Response};

use super::pool::known_currency;
use crate::{
    api::Api,
    csv::FormatQuery,
    extract::{Path, Query},
    model::{PayoutDetailView, PayoutPartView, PayoutView, SolvencyView, VersionBytesView},
    page::{Page, PageQuery},
    problem::Problem,
};

/// The payouts of a currency, the newest first.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/payouts", tag = "payouts",
    params(("code" = String, Path, description = "Code of the currency"), FormatQuery, PageQuery),
    responses((status = 200, content((Page<PayoutView> = "application/json"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(api): State<Api>,
    Path(code): Path<String>,
    Query(format): Query<FormatQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.of(&headers)?;
    known_currency(&api, &code)?;
    let limit = page.limit()?;
    let below = number(page.after()?)?;
    let rows = api
        .store
        .list_payouts(&code, None, below, limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| row.number).map(PayoutView::from);
    Ok(page.answer(format, &format!("{code}-payouts"), limit, &[]))
}

/// One payout: its versions, and the transaction on the chain.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/payouts/{number}", tag = "payouts",
    params(("code" = String, Path, description = "Code of the currency"),
        ("number" = u64, Path, description = "Number of the payout")),
    responses((status = 200, body = PayoutDetailView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn one(
    State(api): State<Api>,
    Path((code, wanted)): Path<(String, u64)>,
) -> Result<Json<PayoutDetailView>, Problem> {
    known_currency(&api, &code)?;
    let row = payout(&api, &code, wanted).await?;
    let sight = match row.anchor {
        Some(anchor) => Some(api.store.anchor_sight(&code, anchor).await?),
        None => None,
    };
    let tip = api.store.chain_tip(&code).await?;
    Ok(Json(PayoutDetailView::new(&row, sight.as_ref(), tip)))
}

/// Who a payout pays, by name.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/payouts/{number}/payees", tag = "payouts",
    params(("code" = String, Path, description = "Code of the currency"),
        ("number" = u64, Path, description = "Number of the payout"), FormatQuery, PageQuery),
    responses((status = 200,
            content((Page<PayoutPartView> = "application/json"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn payees(
    State(api): State<Api>,
    Path((code, wanted)): Path<(String, u64)>,
    Query(format): Query<FormatQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.of(&headers)?;
    known_currency(&api, &code)?;
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let wanted = number(Some(wanted))?.unwrap_or_default();
    let rows = api
        .store
        .payout_parts(&code, wanted, after.as_deref(), limit + 1)
        .await?;
    if rows.is_empty() {
        // An empty list for a payout without payees, 404 for none at all.
        payout(&api, &code, wanted).await?;
    }
    let page = Page::new(rows, limit, |row| row.payee.clone()).map(PayoutPartView::from);
    Ok(page.answer(format, &format!("{code}-payout-{wanted}"), limit, &[]))
}

/// The bytes of a version: the PSBT that the signer was given and the transaction it gave back.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/payouts/{number}/versions/{version}",
    tag = "payouts",
    params(("code" = String, Path, description = "Code of the currency"),
        ("number" = u64, Path, description = "Number of the payout"),
        ("version" = u32, Path, description = "Number of the version")),
    responses((status = 200, body = VersionBytesView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn version(
    State(api): State<Api>,
    Path((code, wanted, version)): Path<(String, u64, u32)>,
) -> Result<Json<VersionBytesView>, Problem> {
    known_currency(&api, &code)?;
    let row = payout(&api, &code, wanted).await?;
    row.version(version)
        .map(|version| Json(VersionBytesView::from(version)))
        .ok_or_else(|| Problem::not_found("version", &version.to_string()))
}

/// Whether the pool has what it owes in a currency, as the last audit found it, and what stops its
/// payouts.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/solvency", tag = "payouts",
    params(("code" = String, Path, description = "Code of the currency")),
    responses((status = 200, body = SolvencyView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn solvency(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<SolvencyView>, Problem> {
    known_currency(&api, &code)?;
    let audit = api.store.last_solvency(&code).await?;
    let stop = api.store.payout_stop(&code).await?;
    Ok(Json(SolvencyView::new(code, audit, stop)))
}

async fn payout(api: &Api, code: &str, wanted: u64) -> Result<ngpool_store::PayoutRow, Problem> {
    let missing = || Problem::not_found("payout", &wanted.to_string());
    number(Some(wanted)).map_err(|_| missing())?;
    api.store.payout(code, wanted).await?.ok_or_else(missing)
}

/// A payout's number that the database can hold.
pub(super) fn number(number: Option<u64>) -> Result<Option<u64>, Problem> {
    match number {
        Some(number) if i64::try_from(number).is_err() => Err(Problem::bad_parameter(
            "number",
            "is larger than a payout's number can be",
        )),
        number => Ok(number),
    }
}
