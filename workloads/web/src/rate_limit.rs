//! Requests a client may make: a token bucket per address.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};
use ngpool_settings::RateLimit;

use crate::{client::Client, problem::Problem};

type Buckets = DefaultKeyedRateLimiter<IpAddr>;

/// Buckets of all clients; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Limiter {
    buckets: Arc<RwLock<Arc<Buckets>>>,
    clock: DefaultClock,
}

impl Limiter {
    pub(crate) fn new(limit: &RateLimit) -> Self {
        Self {
            buckets: Arc::new(RwLock::new(Arc::new(full_buckets(limit)))),
            clock: DefaultClock::default(),
        }
    }

    /// Puts another limit in force, with full buckets for everybody.
    pub(crate) fn change(&self, limit: &RateLimit) {
        *self.buckets.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(full_buckets(limit));
    }

    /// Forgets clients whose buckets are full again, so that memory follows the clients of now.
    pub(crate) fn forget_idle(&self) {
        let buckets = self.buckets();
        buckets.retain_recent();
        buckets.shrink_to_fit();
    }

    /// Takes one token, or says how long to wait.
    fn take(&self, client: IpAddr) -> Result<(), Duration> {
        self.buckets()
            .check_key(&client)
            .map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    fn buckets(&self) -> Arc<Buckets> {
        Arc::clone(&self.buckets.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn full_buckets(limit: &RateLimit) -> Buckets {
    let per_second = NonZeroU32::new(limit.per_second).unwrap_or(NonZeroU32::MIN);
    let burst = NonZeroU32::new(limit.burst).unwrap_or(NonZeroU32::MIN);
    RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst))
}

/// Answers 429 with `Retry-After` when a client's bucket is empty.
pub(crate) async fn limit(
    State(limiter): State<Limiter>,
    Extension(Client(client)): Extension<Client>,
    request: Request,
    next: Next,
) -> Response {
    match limiter.take(bucket_of(client)) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let seconds = wait.as_secs() + 1;
            let mut response = Problem::too_many_requests(seconds).into_response();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// One bucket per IPv4 address and per IPv6 /64, which is what one subscriber is given.
fn bucket_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_others_stay_full() {
        let limiter = Limiter::new(&RateLimit {
            per_second: 1,
            burst: 3,
        });
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        let other: IpAddr = "192.0.2.2".parse().unwrap();
        assert!((0..3).all(|_| limiter.take(one).is_ok()));
        assert!(limiter.take(one).is_err());
        assert!(limiter.take(other).is_ok());
    }

    #[test]
    fn neighbours_in_one_ipv6_subscription_share_a_bucket() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::ffff:1".parse().unwrap();
        assert_eq!(bucket_of(one), bucket_of(other));
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
        assert_eq!(bucket_of(mapped), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
