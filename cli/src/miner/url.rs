//! Where a pool is: `stratum+tcp://host:port` or `stratum+ssl://host:port`.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Address of a stratum v1 pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolUrl {
    /// Whether TLS is spoken from the first byte.
    pub tls: bool,
    /// Name or address of the host, an IPv6 address without its brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// A text that is not the address of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PoolUrlError {
    /// A scheme that no miner speaks.
    #[error("scheme {0:?} is not one of stratum+tcp:// and stratum+ssl://")]
    Scheme(String),
    /// No port, or not a number from 1 to 65535.
    #[error("{0:?} has no port: write it as stratum+tcp://host:port")]
    Port(String),
    /// Nothing before the port.
    #[error("{0:?} names no host: write it as stratum+tcp://host:port")]
    Host(String),
}

impl PoolUrl {
    /// Where a pool may send this miner by `client.reconnect`: the host it is connected to, a host
    /// below it, or a sibling under a domain of the same owner. A pool whose line was tampered with
    /// must not be able to send the hash rate elsewhere.
    pub fn may_redirect_to(&self, host: &str) -> bool {
        let from = self.host.to_ascii_lowercase();
        let to = host.to_ascii_lowercase();
        if from == to {
            return true;
        }
        if is_address(&from) || is_address(&to) {
            return false;
        }
        if to.ends_with(&format!(".{from}")) {
            return true;
        }
        match from.split_once('.') {
            Some((_, parent)) if !is_public_suffix(parent) => {
                to == parent || to.ends_with(&format!(".{parent}"))
            }
            _ => false,
        }
    }
}

fn is_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

/// Whether strangers can register names directly under `domain`: one label (`com`), or two that
/// look like a country's second level (`co.uk`, `com.au`). Errs towards refusing.
fn is_public_suffix(domain: &str) -> bool {
    match domain.split_once('.') {
        None => true,
        Some((second, top)) => !top.contains('.') && top.len() == 2 && second.len() <= 3,
    }
}

impl FromStr for PoolUrl {
    type Err = PoolUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (tls, rest) = match text.split_once("://") {
            None => (false, text),
            Some(("stratum+tcp" | "stratum" | "tcp", rest)) => (false, rest),
            Some(("stratum+ssl" | "stratum+tls" | "ssl" | "tls", rest)) => (true, rest),
            Some((scheme, _)) => return Err(PoolUrlError::Scheme(scheme.to_owned())),
        };
        let rest = rest.trim_end_matches('/');
        let (host, port) = rest
            .rsplit_once(':')
            .ok_or_else(|| PoolUrlError::Port(text.to_owned()))?;
        let port = port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| PoolUrlError::Port(text.to_owned()))?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(PoolUrlError::Host(text.to_owned()));
        }
        Ok(Self {
            tls,
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for PoolUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls {
            "stratum+ssl"
        } else {
            "stratum+tcp"
        };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{scheme}://{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PoolUrl {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_are_read_as_miners_write_them() {
        assert_eq!(
            url("stratum+tcp://pool.example:3333").to_string(),
            "stratum+tcp://pool.example:3333"
        );
        assert_eq!(
            url("pool.example:3333"),
            url("stratum+tcp://pool.example:3333/")
        );
        assert_eq!(
            url("stratum+ssl://[::1]:3334").to_string(),
            "stratum+ssl://[::1]:3334"
        );
        assert!(url("stratum+tls://pool.example:1").tls);
    }

    #[test]
    fn a_wrong_address_says_what_is_right() {
        let message = |text: &str| text.parse::<PoolUrl>().unwrap_err().to_string();
        assert_eq!(
            message("http://pool.example:3333"),
            "scheme \"http\" is not one of stratum+tcp:// and stratum+ssl://"
        );
        assert_eq!(
            message("stratum+tcp://pool.example"),
            "\"stratum+tcp://pool.example\" has no port: write it as stratum+tcp://host:port"
        );
        assert!(message("stratum+tcp://pool.example:0").contains("has no port"));
        assert!(message("stratum+tcp://:3333").contains("names no host"));
    }

    #[test]
    fn a_reconnect_stays_with_the_owner_of_the_domain() {
        let pool = url("stratum+tcp://eu.pool.example:3333");
        assert!(pool.may_redirect_to("eu.pool.example"));
        assert!(pool.may_redirect_to("US.Pool.Example"));
        assert!(pool.may_redirect_to("a.eu.pool.example"));
        assert!(!pool.may_redirect_to("evil.example"));
        assert!(!pool.may_redirect_to("evilpool.example"));
        assert!(!url("stratum+tcp://pool.com:1").may_redirect_to("evil.com"));
        assert!(!url("stratum+tcp://pool.co.uk:1").may_redirect_to("evil.co.uk"));
        assert!(!url("stratum+tcp://10.0.0.1:1").may_redirect_to("10.0.0.2"));
        assert!(url("stratum+tcp://10.0.0.1:1").may_redirect_to("10.0.0.1"));
    }
}
