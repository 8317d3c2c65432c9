//! Whose request it is: the address that the rate limits count.
//!
//! A proxy in front of the API writes the address of its own client at the right end of
//! `X-Forwarded-For`, after whatever that client sent. So the header is read from the right, only
//! when the connection comes from a proxy of ours, and only over proxies of ours: the first address
//! that is none of them is the client, and everything left of it is what the client wrote.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use ngpool_runtime::Settings;
use ngpool_settings::WebSettings;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Address of a request's client, among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client(pub(crate) IpAddr);

/// Finds out the client for all that comes after.
pub(crate) async fn identify(
    State(settings): State<Settings<WebSettings>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = client(
        peer.ip(),
        request.headers(),
        &settings.borrow().trusted_proxies,
    );
    request.extensions_mut().insert(Client(client));
    next.run(request).await
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut client = peer.to_canonical();
    // A header may be there several times; a proxy that appends may make a new one.
    let lines: Vec<_> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    while is_trusted(&client) {
        // What a proxy of ours calls `unknown`, or leaves out, is counted as the proxy itself.
        match hops.next().and_then(address) {
            Some(hop) => client = hop,
            None => break,
        }
    }
    client
}

/// An address, which some proxies write with a port and IPv6 with brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(hop);
    bare.parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn seen(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|range| range.parse().unwrap());
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_his_own_address_whatever_he_writes() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(seen("::ffff:192.0.2.1", &["10.0.0.9"]), "192.0.2.1");
    }

    #[test]
    fn behind_a_proxy_the_client_is_the_rightmost_address_that_is_no_proxy() {
        assert_eq!(seen(PROXY, &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(seen(PROXY, &["192.0.2.1, 10.3.0.1"]), "192.0.2.1");
        assert_eq!(seen("fd00::1", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(seen(PROXY, &["[2001:db8::5]:4711"]), "2001:db8::5");
        assert_eq!(seen(PROXY, &["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(seen(PROXY, &["::ffff:192.0.2.1"]), "192.0.2.1");
    }

    #[test]
    fn what_the_client_wrote_left_of_his_address_is_not_believed() {
        for lines in [
            &["198.51.100.7, 192.0.2.1"][..],
            &["10.0.0.9, 192.0.2.1"],
            &["198.51.100.7", "192.0.2.1"],
            &["10.0.0.9", "192.0.2.1, 10.3.0.1"],
        ] {
            assert_eq!(seen(PROXY, lines), "192.0.2.1", "{lines:?}");
        }
    }

    #[test]
    fn without_a_usable_address_the_proxy_itself_is_counted() {
        for lines in [
            &[][..],
            &[""],
            &["unknown"],
            &["192.0.2.1, unknown"],
            &["192.0.2.1,"],
        ] {
            assert_eq!(seen(PROXY, lines), PROXY, "{lines:?}");
        }
        assert_eq!(seen(PROXY, &["10.0.0.7, 10.0.0.8"]), "10.0.0.7");
    }

    proptest! {
        #[test]
        fn nothing_left_of_an_address_changes_whose_request_it_is(left in "[ -~]{0,80}") {
            let line = format!("{left}, 192.0.2.1");
            prop_assert_eq!(seen(PROXY, &[&line]), "192.0.2.1");
        }
    }
}
