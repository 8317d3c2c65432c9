//! Miners: a miner named by an address needs no account.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use ngpool_store::{EntryCursor, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{BlockPosition, pool::known_currency};
use crate::{
    api::Api,
    extract::{Path, Query},
    model::{BalanceView, EntryView, MinerCreditView, MinerView, WorkerView},
    page::{self, Page, PageQuery},
    problem::Problem,
    recent::Recent,
};

/// Longest name looked up.
const MAX_USER: usize = 200;

/// A miner: what he has in each currency.
#[utoipa::path(get, path = "/api/v1/miners/{user}", tag = "miners",
    params(("user" = String, Path, description = "Address or account")),
    responses((status = 200, body = MinerView), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn miner(
    State(api): State<Api>,
    Path(user): Path<String>,
) -> Result<Json<MinerView>, Problem> {
    let user = known(&api, user).await?;
    let balances = api.store.payee_balances(&user).await?;
    Ok(Json(MinerView {
        user,
        balances: balances.into_iter().map(BalanceView::from).collect(),
    }))
}

/// The workers of a miner, by name.
#[utoipa::path(get, path = "/api/v1/miners/{user}/workers", tag = "miners",
    params(("user" = String, Path, description = "Address or account"), PageQuery),
    responses((status = 200, body = Page<WorkerView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn workers(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<WorkerView>>, Problem> {
    let user = known(&api, user).await?;
    let limit = page.limit()?;
    let after: Option<String> = page.after()?;
    let recent = Recent::until(Utc::now());
    let rows = api
        .store
        .workers(&user, recent.since(), after.as_deref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| row.worker.clone());
    Ok(Json(page.map(|row| {
        let seconds = recent.seconds(row.first_seen);
        WorkerView::new(row, seconds)
    })))
}

/// One currency.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CurrencyQuery {
    /// Code of the currency; all when absent.
    currency: Option<String>,
}

/// What a miner was credited, block by block, the newest first.
#[utoipa::path(get, path = "/api/v1/miners/{user}/credits", tag = "miners",
    params(("user" = String, Path, description = "Address or account"), CurrencyQuery, PageQuery),
    responses((status = 200, body = Page<MinerCreditView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn credits(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(query): Query<CurrencyQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<MinerCreditView>>, Problem> {
    let user = known(&api, user).await?;
    let limit = page.limit()?;
    let after = page.after::<BlockPosition>()?.map(Into::into);
    let rows = api
        .store
        .payee_credits(&user, query.currency.as_deref(), after.as_ref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| {
        BlockPosition(row.found_at, row.block.currency.clone(), row.block.hash)
    });
    Ok(Json(page.map(MinerCreditView::from)))
}

/// The currency whose account is read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Code of the currency.
    pub(super) currency: String,
}

/// The cursor of a list of entries, in its portable form.
#[derive(Serialize, Deserialize)]
pub(crate) struct EntryPosition(
    #[serde(deserialize_with = "page::time")] pub(crate) DateTime<Utc>,
    pub(crate) [u8; 32],
);

/// Every entry of a miner's account in a currency, the newest first.
#[utoipa::path(get, path = "/api/v1/miners/{user}/entries", tag = "miners",
    params(("user" = String, Path, description = "Address or account"), AccountQuery, PageQuery),
    responses((status = 200, body = Page<EntryView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn entries(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(query): Query<AccountQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let user = known(&api, user).await?;
    known_currency(&api, &query.currency)?;
    let limit = page.limit()?;
    let after = page
        .after::<EntryPosition>()?
        .map(|EntryPosition(at, id)| EntryCursor {
            at,
            transaction: TransactionId(id),
        });
    let rows = api
        .store
        .payee_entries(&user, &query.currency, after.as_ref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| EntryPosition(row.at, row.transaction.0));
    Ok(Json(page.map(EntryView::from)))
}

/// The name, if the pool ever saw it.
pub(super) async fn known(api: &Api, user: String) -> Result<String, Problem> {
    if user.len() <= MAX_USER && api.store.knows_user(&user).await? {
        Ok(user)
    } else {
        Err(Problem::not_found(
            "miner",
            &user.chars().take(MAX_USER).collect::<String>(),
        ))
    }
}
