//! Hash rate over time.

use axum::{Json, extract::State};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use ngpool_store::{Resolution, Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use super::miners::known;
use crate::{
    api::Api,
    extract::{Path, Query},
    model::{RejectView, SeriesPointView, SeriesView},
    problem::Problem,
};

/// Steps of one answer at most: a day of minutes, or two months of hours.
const MAX_STEPS: i32 = 1_440;

/// Which time, and how fine.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesQuery {
    /// `minute` (default) or `hour`.
    resolution: Option<String>,
    /// Start, included; the longest time before `to` that one answer holds when absent.
    from: Option<DateTime<Utc>>,
    /// End, left out; now when absent.
    to: Option<DateTime<Utc>>,
}

/// One worker of a miner.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorkerQuery {
    /// Name of the worker; all of them when absent.
    pub(crate) worker: Option<String>,
}

/// Hash rate of the pool.
#[utoipa::path(get, path = "/api/v1/pool/hash-rate", tag = "hash rate", params(SeriesQuery),
    responses((status = 200, body = SeriesView), (status = 400, body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn pool(
    State(api): State<Api>,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<SeriesView>, Problem> {
    answer(&api, Scope::Pool, query).await
}

/// Hash rate of a sharechain.
#[utoipa::path(get, path = "/api/v1/sharechains/{name}/hash-rate", tag = "hash rate",
    params(("name" = String, Path, description = "Name of the sharechain"), SeriesQuery),
    responses((status = 200, body = SeriesView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn sharechain(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<SeriesView>, Problem> {
    if !api
        .settings()
        .sharechains
        .iter()
        .any(|one| one.name == name)
    {
        return Err(Problem::not_found("sharechain", &name));
    }
    answer(&api, Scope::Sharechain(name), query).await
}

/// Hash rate of a port.
#[utoipa::path(get, path = "/api/v1/ports/{name}/hash-rate", tag = "hash rate",
    params(("name" = String, Path, description = "Name of the port"), SeriesQuery),
    responses((status = 200, body = SeriesView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn port(
    State(api): State<Api>,
    Path(name): Path<String>,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<SeriesView>, Problem> {
    if !api.settings().ports.iter().any(|one| one.name == name) {
        return Err(Problem::not_found("port", &name));
    }
    answer(&api, Scope::Port(name), query).await
}

/// Hash rate of a miner or one of his workers.
#[utoipa::path(get, path = "/api/v1/miners/{user}/hash-rate", tag = "hash rate",
    params(("user" = String, Path, description = "Address or account"), WorkerQuery, SeriesQuery),
    responses((status = 200, body = SeriesView), (status = 400, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn miner(
    State(api): State<Api>,
    Path(user): Path<String>,
    Query(worker): Query<WorkerQuery>,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<SeriesView>, Problem> {
    let user = known(&api, user).await?;
    let scope = match worker.worker {
        Some(worker) => Scope::Worker { user, worker },
        None => Scope::User(user),
    };
    answer(&api, scope, query).await
}

async fn answer(api: &Api, scope: Scope, query: SeriesQuery) -> Result<Json<SeriesView>, Problem> {
    let Range {
        resolution,
        from,
        to,
    } = query.range(Utc::now())?;
    let points = api.store.series(&scope, resolution, from, to).await?;
    let rejects = api.store.rejects(&scope, from, to).await?;
    Ok(Json(SeriesView {
        step_seconds: resolution.seconds(),
        from,
        to,
        points: points
            .iter()
            .map(|point| SeriesPointView::new(point, resolution))
            .collect(),
        rejects: rejects.into_iter().map(RejectView::from).collect(),
    }))
}

/// What a query asks for.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    resolution: Resolution,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl SeriesQuery {
    /// How many steps an answer would have, for the fuzz targets.
    pub(crate) fn steps(&self, now: DateTime<Utc>) -> Result<i64, Problem> {
        let range = self.range(now)?;
        let step = i64::from(range.resolution.seconds());
        Ok((range.to - range.from).num_seconds().div_euclid(step) + 1)
    }

    fn range(&self, now: DateTime<Utc>) -> Result<Range, Problem> {
        let resolution = match self.resolution.as_deref() {
            None | Some("minute") => Resolution::Minute,
            Some("hour") => Resolution::Hour,
            Some(_) => {
                return Err(Problem::bad_parameter(
                    "resolution",
                    "must be minute or hour",
                ));
            }
        };
        let step = TimeDelta::seconds(i64::from(resolution.seconds()));
        let longest = step * MAX_STEPS;
        let far = || Problem::bad_parameter("to", "is not a time that can be counted from");
        let to = self.to.unwrap_or(now);
        let from = match self.from {
            Some(from) => from,
            None => to.checked_sub_signed(longest).ok_or_else(far)?,
        };
        let from = from.duration_trunc(step).map_err(|_| far())?;
        if from >= to {
            return Err(Problem::bad_parameter("from", "must be before `to`"));
        }
        // Truncation may add a step at the start.
        if to - from > longest + step {
            return Err(Problem::bad_parameter(
                "from",
                format!("an answer has at most {MAX_STEPS} steps: ask for less or for hours"),
            ));
        }
        Ok(Range {
            resolution,
            from,
            to,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_empty_query_is_the_last_day_by_minutes() {
        let range = SeriesQuery::default()
            .range(at("2026-05-02T10:00:30Z"))
            .unwrap();
        assert_eq!(range.resolution, Resolution::Minute);
        assert_eq!(range.from, at("2026-05-01T10:00:00Z"));
        assert_eq!(range.to, at("2026-05-02T10:00:30Z"));
    }

    #[test]
    fn a_range_is_bounded_and_not_backwards() {
        let now = at("2026-05-02T10:00:00Z");
        let query = |from: &str, resolution: &str| SeriesQuery {
            resolution: Some(resolution.to_owned()),
            from: Some(at(from)),
            to: None,
        };
        assert!(query("2026-05-01T09:00:00Z", "minute").range(now).is_err());
        assert!(query("2026-05-01T09:00:00Z", "hour").range(now).is_ok());
        assert!(query("2026-05-02T10:00:00Z", "hour").range(now).is_err());
        assert!(query("2026-05-02T09:00:00Z", "day").range(now).is_err());
        let extreme = SeriesQuery {
            to: Some(DateTime::<Utc>::MIN_UTC),
            ..SeriesQuery::default()
        };
        assert!(extreme.range(now).is_err());
    }
}
