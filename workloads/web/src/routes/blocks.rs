//! Found blocks, and the audit of each one's split.

use axum::{Json, extract::State};
use ngpool_store::{BlockFilter, CreditCursor};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{BlockPosition, block_key};
use crate::{
    api::Api,
    extract::{Path, Query},
    model::{BlockDetailView, BlockView, CreditView, StatementView},
    page::{Page, PageQuery},
    problem::Problem,
};

/// Which blocks; everything absent matches all.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BlockQuery {
    /// Code of the currency.
    currency: Option<String>,
    /// Where it was found.
    sharechain: Option<String>,
    /// `reported`, `accepted`, `mature`, `rejected` or `orphaned`.
    state: Option<String>,
    /// Who found it.
    finder: Option<String>,
}

impl BlockQuery {
    pub(crate) fn filter(self) -> Result<BlockFilter, Problem> {
        let state = self.state.map(|state| {
            state.parse().map_err(|_| {
                Problem::bad_parameter(
                    "state",
                    "must be reported, accepted, mature, rejected or orphaned",
                )
            })
        });
        Ok(BlockFilter {
            currency: self.currency,
            sharechain: self.sharechain,
            state: state.transpose()?,
            finder: self.finder,
        })
    }
}

/// Blocks, the newest first.
#[utoipa::path(get, path = "/api/v1/blocks", tag = "blocks", params(BlockQuery, PageQuery),
    responses((status = 200, body = Page<BlockView>), (status = 400, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(api): State<Api>,
    Query(query): Query<BlockQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<BlockView>>, Problem> {
    let limit = page.limit()?;
    let after = page.after::<BlockPosition>()?.map(Into::into);
    let rows = api
        .store
        .blocks(&query.filter()?, after.as_ref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| {
        BlockPosition(row.found_at, row.key.currency.clone(), row.key.hash)
    });
    Ok(Json(page.map(|row| BlockView::from(&row))))
}

/// A block with what the nodes said of it and the audit of its split.
#[utoipa::path(get, path = "/api/v1/blocks/{currency}/{hash}", tag = "blocks",
    params(("currency" = String, Path, description = "Code of the currency"),
        ("hash" = String, Path, description = "Hash of the block")),
    responses((status = 200, body = BlockDetailView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn one(
    State(api): State<Api>,
    Path((currency, hash)): Path<(String, String)>,
) -> Result<Json<BlockDetailView>, Problem> {
    let detail = api.store.block(&block_key(&currency, &hash)?).await?;
    let detail = detail.ok_or_else(|| Problem::not_found("block", &hash))?;
    Ok(Json(BlockDetailView::from(&detail)))
}

/// What each payee was credited for a block, by payee.
#[utoipa::path(get, path = "/api/v1/blocks/{currency}/{hash}/credits", tag = "blocks",
    params(("currency" = String, Path, description = "Code of the currency"),
        ("hash" = String, Path, description = "Hash of the block"), PageQuery),
    responses((status = 200, body = Page<CreditView>), (status = 400, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn credits(
    State(api): State<Api>,
    Path((currency, hash)): Path<(String, String)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<CreditView>>, Problem> {
    let key = block_key(&currency, &hash)?;
    let limit = page.limit()?;
    let after = page
        .after::<(String, String)>()?
        .map(|(payee, sharechain)| CreditCursor { payee, sharechain });
    let rows = api
        .store
        .block_credits(&key, after.as_ref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| {
        (row.payee.clone(), row.sharechain.clone())
    });
    Ok(Json(page.map(CreditView::from)))
}

/// The signed statements of a block, one a sharechain.
#[utoipa::path(get, path = "/api/v1/blocks/{currency}/{hash}/statements", tag = "blocks",
    params(("currency" = String, Path, description = "Code of the currency"),
        ("hash" = String, Path, description = "Hash of the block")),
    responses((status = 200, body = Vec<StatementView>), (status = 400, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn statements(
    State(api): State<Api>,
    Path((currency, hash)): Path<(String, String)>,
) -> Result<Json<Vec<StatementView>>, Problem> {
    let rows = api
        .store
        .statements_of_block(&block_key(&currency, &hash)?)
        .await?;
    Ok(Json(rows.into_iter().map(StatementView::from).collect()))
}
