//! Found blocks, and the audit of each one's split.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use ngpool_store::{BlockDetail, BlockFilter, BlockKey, CreditCursor, CreditRow};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{BlockPosition, block_key, pool::known_currency};
use crate::{
    api::Api,
    csv::FormatQuery,
    extract::{Path, Query},
    model::{
        BlockDetailView, BlockView, CreditView, ProofView, SPLIT_FORMAT, SplitView, StatementView,
    },
    page::{Page, PageQuery},
    problem::Problem,
};

/// Lines of a split in one document: some 2 MB.
const SPLIT_LINES: u32 = 5_000;
/// Statements of one answer: each names every payee of a block.
const STATEMENTS: u32 = 10;

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
#[utoipa::path(get, path = "/api/v1/blocks", tag = "blocks",
    params(BlockQuery, FormatQuery, PageQuery),
    responses((status = 200, content((Page<BlockView> = "application/json"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(api): State<Api>,
    Query(query): Query<BlockQuery>,
    Query(format): Query<FormatQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.of(&headers)?;
    let asked = query.clone();
    let limit = page.limit()?;
    let after = page.after::<BlockPosition>()?.map(Into::into);
    let rows = api
        .store
        .blocks(&query.filter()?, after.as_ref(), limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| {
        BlockPosition(row.found_at, row.key.currency.clone(), row.key.hash)
    });
    let asked = [
        ("currency", asked.currency),
        ("sharechain", asked.sharechain),
        ("state", asked.state),
        ("finder", asked.finder),
    ];
    let asked: Vec<_> = asked
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)))
        .collect();
    let page = page.map(|row| BlockView::from(&row));
    Ok(page.answer(format, "blocks", limit, &asked))
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
    if rows.is_empty() {
        known(&api, &key).await?;
    }
    let page = Page::new(rows, limit, credit_key);
    Ok(Json(page.map(CreditView::from)))
}

fn credit_key(row: &CreditRow) -> (String, String) {
    (row.payee.clone(), row.sharechain.clone())
}

async fn known(api: &Api, key: &BlockKey) -> Result<BlockDetail, Problem> {
    api.store
        .block(key)
        .await?
        .ok_or_else(|| Problem::not_found("block", &key.hash.to_string()))
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
    let key = block_key(&currency, &hash)?;
    let rows = api.store.statements_of_block(&key).await?;
    if rows.is_empty() {
        known(&api, &key).await?;
    }
    Ok(Json(rows.into_iter().map(StatementView::from).collect()))
}

/// Everything that is needed to check how a block was divided, in one document:
/// `ngpool verify-split` reads it.
#[utoipa::path(get, path = "/api/v1/blocks/{currency}/{hash}/split", tag = "blocks",
    params(("currency" = String, Path, description = "Code of the currency"),
        ("hash" = String, Path, description = "Hash of the block")),
    responses((status = 200, body = SplitView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn split(
    State(api): State<Api>,
    Path((currency, hash)): Path<(String, String)>,
) -> Result<Json<SplitView>, Problem> {
    let network = known_currency(&api, &currency)?.network;
    let key = block_key(&currency, &hash)?;
    let detail = known(&api, &key).await?;
    let rows = api.store.block_credits(&key, None, SPLIT_LINES + 1).await?;
    let credits = Page::new(rows, SPLIT_LINES, credit_key).map(CreditView::from);
    let statements = api.store.statements_of_block(&key).await?;
    let mut previous = Vec::new();
    for statement in statements.iter().filter(|statement| statement.seq > 1) {
        let chain = &statement.sharechain;
        let before = statement.seq - 2;
        previous.extend(api.store.statements(&currency, chain, before, 1).await?);
    }
    Ok(Json(SplitView {
        format: SPLIT_FORMAT,
        genesis_hash: network.genesis_hash.to_string(),
        block: BlockDetailView::from(&detail),
        credits: credits.items,
        next: credits.next,
        statements: statements.into_iter().map(StatementView::from).collect(),
        previous: previous.into_iter().map(StatementView::from).collect(),
    }))
}

/// The proofs that a payee's lines are in the published split of a block, one a sharechain in which
/// he has one.
#[utoipa::path(get, path = "/api/v1/blocks/{currency}/{hash}/proofs/{payee}", tag = "blocks",
    params(("currency" = String, Path, description = "Code of the currency"),
        ("hash" = String, Path, description = "Hash of the block"),
        ("payee" = String, Path, description = "Address or account")),
    responses((status = 200, body = Vec<ProofView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn proofs(
    State(api): State<Api>,
    Path((currency, hash, payee)): Path<(String, String, String)>,
) -> Result<Json<Vec<ProofView>>, Problem> {
    let key = block_key(&currency, &hash)?;
    // A proof needs every line of the split: few at once.
    let _place = api
        .proofs
        .acquire()
        .await
        .map_err(|_| Problem::unavailable())?;
    let detail = known(&api, &key).await?;
    let statements = api.store.statements_of_block(&key).await?;
    let mut views = Vec::new();
    for part in &detail.parts {
        let Some(frozen) = api.store.frozen_part(&key, &part.sharechain).await? else {
            continue;
        };
        let statement = statements
            .iter()
            .find(|statement| statement.sharechain == part.sharechain)
            .cloned()
            .map(StatementView::from);
        views.extend(ProofView::new(&frozen, &part.sharechain, &payee, statement));
    }
    if views.is_empty() {
        let payee: String = payee.chars().take(200).collect();
        return Err(Problem::not_found("line of payee", &payee));
    }
    Ok(Json(views))
}

/// Which statements.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatementsQuery {
    /// Code of the currency.
    currency: String,
    /// Number of the last statement that is known; 0, the default, for none.
    after: Option<u64>,
}

/// The signed statements of a sharechain in a currency after a number, in order, ten at most. Each
/// names the digest of the one before it.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}/statements", tag = "blocks",
    params(("name" = String, Path, description = "Name of the sharechain"), StatementsQuery),
    responses((status = 200, body = Vec<StatementView>), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn chain(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(query): Query<StatementsQuery>,
) -> Result<Json<Vec<StatementView>>, Problem> {
    known_currency(&api, &query.currency)?;
    let settings = api.settings();
    if !settings.sharechains.iter().any(|one| one.name == name) {
        return Err(Problem::not_found("sharechain", &name));
    }
    let after = query.after.unwrap_or(0);
    if i64::try_from(after).is_err() {
        return Err(Problem::bad_parameter(
            "after",
            "is no number of a statement",
        ));
    }
    let rows = api
        .store
        .statements(&query.currency, &name, after, STATEMENTS)
        .await?;
    Ok(Json(rows.into_iter().map(StatementView::from).collect()))
}
