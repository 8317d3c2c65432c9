//! The pool, its currencies, sharechains, ports and nodes.

use axum::{Json, extract::State};
use chrono::Utc;
use ngpool_settings::CurrencySettings;

use crate::{
    api::Api,
    extract::Path,
    model::{BooksView, CurrencyView, NodeView, PoolView, PortView, SharechainView},
    problem::Problem,
    recent::Recent,
};

/// The pool in a few numbers.
#[utoipa::path(get, path = "/api/v1/pool", tag = "pool",
    responses((status = 200, body = PoolView), (status = 503, body = Problem)))]
pub(crate) async fn pool(State(api): State<Api>) -> Result<Json<PoolView>, Problem> {
    let recent = Recent::until(Utc::now());
    let totals = api.store.pool_totals(recent.since()).await?;
    let seconds = recent.seconds(totals.opened_at);
    Ok(Json(PoolView::new(&api.settings(), totals, seconds)))
}

/// Every currency.
#[utoipa::path(get, path = "/api/v1/currencies", tag = "pool",
    responses((status = 200, body = Vec<CurrencyView>), (status = 503, body = Problem)))]
pub(crate) async fn currencies(State(api): State<Api>) -> Result<Json<Vec<CurrencyView>>, Problem> {
    let steps = api.store.job_steps().await?;
    let settings = api.settings();
    Ok(Json(
        settings
            .currencies
            .iter()
            .map(|one| CurrencyView::new(one, &steps))
            .collect(),
    ))
}

/// One currency.
#[utoipa::path(get, path = "/api/v1/currencies/{code}", tag = "pool",
    params(("code" = String, Path, description = "Code of the currency")),
    responses((status = 200, body = CurrencyView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn currency(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<CurrencyView>, Problem> {
    Ok(Json(CurrencyView::new(
        &known_currency(&api, &code)?,
        &api.store.job_steps().await?,
    )))
}

/// The books of a currency: its accounts, and whether everything adds up.
#[utoipa::path(get, path = "/api/v1/currencies/{code}/books", tag = "pool",
    params(("code" = String, Path, description = "Code of the currency")),
    responses((status = 200, body = BooksView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn books(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<BooksView>, Problem> {
    known_currency(&api, &code)?;
    Ok(Json(api.books.books(&api.store, &code).await?))
}

/// A currency of the pool by its code.
pub(super) fn known_currency(api: &Api, code: &str) -> Result<CurrencySettings, Problem> {
    api.settings()
        .currencies
        .iter()
        .find(|currency| currency.code == code)
        .cloned()
        .ok_or_else(|| Problem::not_found("currency", code))
}

/// Every sharechain.
#[utoipa::path(get, path = "/api/v1/sharechains", tag = "pool",
    responses((status = 200, body = Vec<SharechainView>), (status = 503, body = Problem)))]
pub(crate) async fn sharechains(
    State(api): State<Api>,
) -> Result<Json<Vec<SharechainView>>, Problem> {
    let recent = Recent::until(Utc::now());
    let known = api.store.sharechains(recent.since()).await?;
    let settings = api.settings();
    let views = settings.sharechains.iter().map(|one| {
        let status = known.iter().find(|status| status.sharechain == one.name);
        let seconds = recent.seconds(status.map(|status| status.created_at));
        SharechainView::new(one, status, seconds)
    });
    Ok(Json(views.collect()))
}

/// One sharechain.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}", tag = "pool",
    params(("name" = String, Path, description = "Name of the sharechain")),
    responses((status = 200, body = SharechainView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn sharechain(
    state: State<Api>,
    Path(name): Path<String>,
) -> Result<Json<SharechainView>, Problem> {
    let Json(all) = sharechains(state).await?;
    all.into_iter()
        .find(|one| one.name == name)
        .map(Json)
        .ok_or_else(|| Problem::not_found("sharechain", &name))
}

/// Every stratum port.
#[utoipa::path(get, path = "/api/v1/ports", tag = "pool",
    responses((status = 200, body = Vec<PortView>), (status = 503, body = Problem)))]
pub(crate) async fn ports(State(api): State<Api>) -> Result<Json<Vec<PortView>>, Problem> {
    let recent = Recent::until(Utc::now());
    let known = api.store.ports(recent.since()).await?;
    let settings = api.settings();
    let views = settings.ports.iter().map(|one| {
        let status = known
            .iter()
            .find(|status| status.port == one.name && status.sharechain == one.sharechain);
        let seconds = recent.seconds(status.and_then(|status| status.opened_at));
        PortView::new(one, status, seconds)
    });
    Ok(Json(views.collect()))
}

/// One stratum port.
#[utoipa::path(get, path = "/api/v1/ports/{name}", tag = "pool",
    params(("name" = String, Path, description = "Name of the port")),
    responses((status = 200, body = PortView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn port(
    state: State<Api>,
    Path(name): Path<String>,
) -> Result<Json<PortView>, Problem> {
    let Json(all) = ports(state).await?;
    all.into_iter()
        .find(|one| one.name == name)
        .map(Json)
        .ok_or_else(|| Problem::not_found("port", &name))
}

/// Every node, as the settle job last saw it.
#[utoipa::path(get, path = "/api/v1/nodes", tag = "pool",
    responses((status = 200, body = Vec<NodeView>), (status = 503, body = Problem)))]
pub(crate) async fn nodes(State(api): State<Api>) -> Result<Json<Vec<NodeView>>, Problem> {
    let known = api.store.nodes().await?;
    let settings = api.settings();
    let views = settings.nodes.iter().map(|one| {
        let status = known
            .iter()
            .find(|status| status.node == one.name && status.currency == one.currency);
        NodeView::new(one, status)
    });
    Ok(Json(views.collect()))
}
