//! Metrics of the API.

mod jobs;

use axum::http::StatusCode;
use ngpool_runtime::Metrics;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
};

pub(crate) use jobs::Jobs;

/// Counts answers by status.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests(Family<Labels, Counter>);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    status: u16,
}

impl Requests {
    pub(crate) fn register(metrics: &Metrics) -> Self {
        let requests = Self::default();
        metrics.register(|registry| {
            registry.register(
                "web_requests",
                "Requests answered, by HTTP status",
                requests.0.clone(),
            );
        });
        requests
    }

    pub(crate) fn answered(&self, status: StatusCode) {
        self.0
            .get_or_create(&Labels {
                status: status.as_u16(),
            })
            .inc();
    }
}
