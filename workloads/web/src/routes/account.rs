//! A miner's account: the statement over a period, his payouts, and why he is not paid.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use ngpool_store::{LineCursor, Period, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{
    miners::{AccountQuery, known},
    pool::known_currency,
};
use crate::{
    api::Api,
    csv::{Cell, Csv, Format, FormatQuery},
    extract::{Path, Query},
    model::{AccountLineView, AccountView, HoldingsView, PayeePayoutView, StandingView},
    page::{self, Page, PageQuery},
    problem::Problem,
};

/// Which account, over which time.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatementQuery {
    /// Code of the currency.
    currency: String,
    /// Start, included; the first entry when absent.
    from: Option<DateTime<Utc>>,
    /// End, left out; now when absent.
    to: Option<DateTime<Utc>>,
    /// `json` (default) or `csv`; `Accept: text/csv` asks for CSV too.
    format: Option<String>,
}

/// The cursor of a statement: the end of the period, which must not move from page to page, and the
/// last entry.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinePosition(
    #[serde(deserialize_with = "page::time")] pub(crate) DateTime<Utc>,
    #[serde(deserialize_with = "page::time")] pub(crate) DateTime<Utc>,
    pub(crate) [u8; 32],
    pub(crate) bool,
);

/// Every entry of a miner's account over a period, with opening and closing balance.
#[utoipa::path(get, path = "/api/v1/miners/{user}/statement", tag = "miners",
    params(("user" = String, Path, description = "Address or account"), StatementQuery, PageQuery),
    responses((status = 200, content(
            (AccountView = "application/json"),
            (String = "text/csv"))),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn statement(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(query): Query<StatementQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = Format::of(query.format.as_deref(), &headers)?;
    let user = known(&api, user).await?;
    known_currency(&api, &query.currency)?;
    let limit = page.limit()?;
    let after = page.after::<LinePosition>()?;
    let to = after
        .as_ref()
        .map(|position| position.0)
        .or(query.to)
        .unwrap_or_else(Utc::now);
    let period = Period {
        from: page::bounded(query.from.unwrap_or(DateTime::UNIX_EPOCH), "from")?,
        to: page::bounded(to, "to")?,
    };
    if period.from > period.to {
        return Err(Problem::bad_parameter("from", "must not be after `to`"));
    }
    let is_first = after.is_none();
    let after = after.map(|LinePosition(_, at, id, is_held)| LineCursor {
        at,
        transaction: TransactionId(id),
        is_held,
    });
    let found = api
        .store
        .account_page(&user, &query.currency, period, after.as_ref(), limit + 1)
        .await?;
    let lines = Page::new(found.lines, limit, |line| {
        LinePosition(period.to, line.at, line.transaction.0, line.is_held)
    })
    .map(AccountLineView::from);
    let view = AccountView {
        user,
        currency: query.currency,
        from: period.from,
        to: period.to,
        opening: found.opening.into(),
        closing: found.closing.into(),
        items: lines.items,
        next: lines.next,
    };
    Ok(match format {
        Format::Json => Json(view).into_response(),
        Format::Csv => csv(&view, is_first, limit),
    })
}

/// The first page begins with the opening balances, the last ends with the closing ones.
fn csv(view: &AccountView, is_first: bool, limit: u32) -> Response {
    let mut csv = Csv::new(&[
        "at",
        "transaction",
        "kind",
        "cause",
        "account",
        "amount",
        "after",
    ]);
    if is_first {
        balances(&mut csv, view.from, "opening", &view.opening);
    }
    for line in &view.items {
        csv.row([
            Cell::Plain(time(line.at)),
            Cell::Plain(line.transaction.clone()),
            Cell::Text(&line.kind),
            Cell::Text(&line.cause.to_string()),
            Cell::Text(line.account),
            Cell::Plain(line.amount.clone()),
            Cell::Plain(line.after.clone()),
        ]);
    }
    if view.next.is_none() {
        balances(&mut csv, view.to, "closing", &view.closing);
    }
    let next = view.next.as_ref().map(|cursor| {
        format!(
            "?format=csv&currency={}&from={}&limit={limit}&cursor={cursor}",
            view.currency,
            time(view.from)
        )
    });
    csv.answer(&format!("{}-{}", view.currency, view.user), next.as_deref())
}

fn balances(csv: &mut Csv, at: DateTime<Utc>, kind: &str, holdings: &HoldingsView) {
    for (account, after) in [("balance", &holdings.balance), ("held", &holdings.held)] {
        csv.row([
            Cell::Plain(time(at)),
            Cell::Plain(String::new()),
            Cell::Text(kind),
            Cell::Plain(String::new()),
            Cell::Text(account),
            Cell::Plain(String::new()),
            Cell::Plain(after.clone()),
        ]);
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// A miner's parts of payouts in a currency, the newest first.
#[utoipa::path(get, path = "/api/v1/miners/{user}/payouts", tag = "miners",
    params(("user" = String, Path, description = "Address or account"), AccountQuery, FormatQuery,
        PageQuery),
    responses((status = 200,
            content((Page<PayeePayoutView> = "application/json"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn payouts(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(query): Query<AccountQuery>,
    Query(format): Query<FormatQuery>,
    Query(page): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.of(&headers)?;
    let user = known(&api, user).await?;
    known_currency(&api, &query.currency)?;
    let limit = page.limit()?;
    let below = super::payouts::number(page.after()?)?;
    let rows = api
        .store
        .payee_payouts(&user, &query.currency, below, limit + 1)
        .await?;
    let page = Page::new(rows, limit, |row| row.number).map(PayeePayoutView::from);
    let currency = query.currency;
    let file = format!("{currency}-{user}-payouts");
    Ok(page.answer(format, &file, limit, &[("currency", &currency)]))
}

/// Where a miner stands in each currency, and why he is not paid now.
#[utoipa::path(get, path = "/api/v1/miners/{user}/standing", tag = "miners",
    params(("user" = String, Path, description = "Address or account")),
    responses((status = 200, body = Vec<StandingView>), (status = 404, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn standing(
    State(api): State<Api>,
    Path(user): Path<String>,
) -> Result<Json<Vec<StandingView>>, Problem> {
    let user = known(&api, user).await?;
    let settings = api.settings();
    let now = Utc::now();
    let mut views = Vec::new();
    for standing in api.store.standings(&user).await? {
        let code = &standing.currency;
        let currency = settings.currencies.iter().find(|one| one.code == *code);
        let terms = currency.zip(settings.payouts.get(code));
        let stop = api.store.payout_stop(code).await?;
        let stopped = stop.map(|stop| stop.reason);
        views.push(StandingView::new(&user, &standing, terms, stopped, now));
    }
    Ok(Json(views))
}
