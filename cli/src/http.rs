//! One HTTP request to a server on this machine.

use std::{net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

/// Answers of an API or a daemon are far below this.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Sends a request and reads the whole answer: status and body, or why there is none.
pub(crate) async fn exchange(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
    patience: Duration,
) -> Result<(u16, Bytes), String> {
    timeout(patience, answer(address, request))
        .await
        .unwrap_or_else(|_| Err(format!("nothing heard for {} s", patience.as_secs())))
}

async fn answer(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<(u16, Bytes), String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let answer = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), BODY_LIMIT)
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    };
    tokio::pin!(answer);
    tokio::select! {
        answered = &mut answer => answered,
        // The connection ends first when the server closes it right behind its answer.
        ended = connection => match ended {
            Ok(()) => answer.await,
            Err(error) => Err(error.to_string()),
        },
    }
}
