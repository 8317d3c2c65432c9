//! The PROXY header of a load balancer, version 1 or 2: who the miner behind it is.
//!
//! It is taken only from configured ranges, and there it is required: a stranger could claim any
//! address with it. Sending one from elsewhere is a line that is no stratum message.

use std::net::IpAddr;

use ppp::{v1, v2};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest version 1 header, as its specification says.
const V1_LIMIT: usize = 107;
/// Bytes before the addresses of a version 2 header.
const V2_PREFIX: usize = 16;
/// Longest rest of a version 2 header taken. Addresses take 216 bytes at most; the remainder is for
/// extensions of load balancers, which are skipped.
const V2_LIMIT: usize = 2_048;

/// Why a header is refused.
#[derive(Debug, Error)]
pub enum ProxyError {
    /// The connection broke.
    #[error("the connection ended within the PROXY header")]
    Read(#[from] std::io::Error),
    /// Something else came.
    #[error("a PROXY header is required from this address")]
    Missing,
    /// It does not follow the specification.
    #[error("the PROXY header is not valid")]
    Invalid,
}

/// Reads a header, and not a byte more. `None` is a connection of the load balancer itself (its
/// health check): `LOCAL` in version 2, `UNKNOWN` in version 1.
pub async fn read_header(
    stream: &mut (impl AsyncRead + Unpin),
) -> Result<Option<IpAddr>, ProxyError> {
    match stream.read_u8().await? {
        b'P' => read_v1(stream).await,
        b'\r' => read_v2(stream).await,
        _ => Err(ProxyError::Missing),
    }
}

async fn read_v1(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<IpAddr>, ProxyError> {
    let mut line = Vec::with_capacity(V1_LIMIT);
    line.push(b'P');
    // Byte by byte: what follows the line belongs to the miner. Load balancers send it in one packet,
    // and there is one header a connection.
    while line.last() != Some(&b'\n') {
        if line.len() == V1_LIMIT {
            return Err(ProxyError::Invalid);
        }
        line.push(stream.read_u8().await?);
    }
    let header = v1::Header::try_from(line.as_slice()).map_err(|_| ProxyError::Invalid)?;
    Ok(match header.addresses {
        v1::Addresses::Tcp4(addresses) => Some(addresses.source_address.into()),
        v1::Addresses::Tcp6(addresses) => Some(addresses.source_address.into()),
        v1::Addresses::Unknown => None,
    })
}

async fn read_v2(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<IpAddr>, ProxyError> {
    let mut bytes = vec![0; V2_PREFIX];
    bytes[0] = b'\r';
    stream.read_exact(&mut bytes[1..]).await?;
    let length = usize::from(u16::from_be_bytes([bytes[14], bytes[15]]));
    if !bytes.starts_with(v2::PROTOCOL_PREFIX) || length > V2_LIMIT {
        return Err(ProxyError::Invalid);
    }
    bytes.resize(V2_PREFIX + length, 0);
    stream.read_exact(&mut bytes[V2_PREFIX..]).await?;
    let header = v2::Header::try_from(bytes.as_slice()).map_err(|_| ProxyError::Invalid)?;
    if header.command == v2::Command::Local {
        return Ok(None);
    }
    match header.addresses {
        v2::Addresses::IPv4(addresses) => Ok(Some(addresses.source_address.into())),
        v2::Addresses::IPv6(addresses) => Ok(Some(addresses.source_address.into())),
        // A miner comes over TCP.
        v2::Addresses::Unspecified | v2::Addresses::Unix(_) => Err(ProxyError::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    async fn read(bytes: &[u8]) -> (Result<Option<IpAddr>, ProxyError>, Vec<u8>) {
        let mut stream = bytes;
        let result = read_header(&mut stream).await;
        (result, stream.to_vec())
    }

    fn v2_header(command: v2::Command) -> Vec<u8> {
        let addresses: (std::net::SocketAddr, std::net::SocketAddr) =
            ("10.1.2.3:5".parse().unwrap(), "10.0.0.1:6".parse().unwrap());
        v2::Builder::with_addresses(v2::Version::Two | command, v2::Protocol::Stream, addresses)
            .write_tlv(v2::Type::NoOp, b"anything")
            .unwrap()
            .build()
            .unwrap()
    }

    #[tokio::test]
    async fn both_versions_name_the_source_and_leave_what_follows() {
        let v1 = b"PROXY TCP4 10.1.2.3 10.0.0.1 5 6\r\n".to_vec();
        for header in [v1, v2_header(v2::Command::Proxy)] {
            let (source, rest) = read(&[&header[..], b"{\"id\":1}\n"].concat()).await;
            assert_eq!(source.unwrap(), Some("10.1.2.3".parse().unwrap()));
            assert_eq!(rest, b"{\"id\":1}\n");
        }
        let (source, _) = read(b"PROXY TCP6 2001:db8::7 ::1 5 6\r\n").await;
        assert_eq!(source.unwrap(), Some("2001:db8::7".parse().unwrap()));
    }

    #[tokio::test]
    async fn a_health_check_has_no_source() {
        assert_eq!(read(&v2_header(v2::Command::Local)).await.0.unwrap(), None);
        assert_eq!(read(b"PROXY UNKNOWN\r\n").await.0.unwrap(), None);
    }

    #[tokio::test]
    async fn anything_else_is_refused() {
        assert!(matches!(
            read(b"{\"id\":1}\n").await.0,
            Err(ProxyError::Missing)
        ));
        assert!(matches!(
            read(b"\x16\x03\x01").await.0,
            Err(ProxyError::Missing)
        ));
        for bytes in [
            &b"PROXY TCP4 999.1.2.3 10.0.0.1 5 6\r\n"[..],
            b"PROXY TCP4 10.1.2.3\r\n",
            &[b'P'; 200],
            b"\r\n\r\n\0\r\nQUIX\n\x21\x11\0\x0c............",
        ] {
            assert!(
                matches!(read(bytes).await.0, Err(ProxyError::Invalid)),
                "{bytes:?}"
            );
        }
        assert!(matches!(
            read(b"PROXY TCP4").await.0,
            Err(ProxyError::Read(_))
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(
            start in prop::sample::select(vec![&b"PROXY "[..], v2::PROTOCOL_PREFIX, b""]),
            rest in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let _outcome = runtime.block_on(read(&[start, &rest].concat()));
        }
    }
}
