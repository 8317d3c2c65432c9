//! Asks a running operator how it is: what `helm test` runs, from the one image there is.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longest that an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers are some lines; nothing longer is read.
const LONGEST: u64 = 64 * 1024;

/// An operator did not say that it is well.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Not an address of this program.
    #[error("`{0}` is no address like http://HOST:PORT/readyz")]
    Address(String),
    /// Nobody answered.
    #[error("{host} does not answer")]
    Connection {
        /// Who was asked.
        host: String,
        /// Why.
        source: std::io::Error,
    },
    /// It took too long.
    #[error("{0} does not answer within {seconds} s", seconds = PATIENCE.as_secs())]
    Late(String),
    /// It is not well.
    #[error("{status}: {body}")]
    Unwell {
        /// First line of the answer.
        status: String,
        /// The rest.
        body: String,
    },
}

/// Gets an address over plain HTTP; its text where the answer is 200.
pub async fn ask(address: &str) -> Result<String, AskError> {
    let (host, path) = address
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .filter(|(host, _)| host.contains(':'))
        .ok_or_else(|| AskError::Address(address.to_owned()))?;
    let answer = tokio::time::timeout(PATIENCE, get(host, path))
        .await
        .map_err(|_| AskError::Late(host.to_owned()))?
        .map_err(|source| AskError::Connection {
            host: host.to_owned(),
            source,
        })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) == Some("200") {
        Ok(body.to_owned())
    } else {
        Err(AskError::Unwell {
            status: status.to_owned(),
            body: body.to_owned(),
        })
    }
}

/// HTTP/1.0: the answer is over when the connection is.
async fn get(host: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A server that gives one answer.
    async fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"GET /readyz HTTP/1.0\r\n"));
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        format!("http://{address}/readyz")
    }

    #[tokio::test]
    async fn a_well_operator_says_so() {
        let address = server("HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nready").await;
        assert_eq!(ask(&address).await.unwrap(), "ready");
    }

    #[tokio::test]
    async fn one_that_is_not_well_says_why() {
        let address = server("HTTP/1.0 503 Service Unavailable\r\n\r\nno lease").await;
        let error = ask(&address).await.unwrap_err().to_string();
        assert_eq!(error, "HTTP/1.0 503 Service Unavailable: no lease");
    }

    #[tokio::test]
    async fn what_is_no_address_is_refused() {
        for address in [
            "operator:9000",
            "http://operator/readyz",
            "https://operator:9000/x",
        ] {
            let error = ask(address).await.unwrap_err();
            assert!(matches!(error, AskError::Address(_)), "{address}");
        }
    }
}
