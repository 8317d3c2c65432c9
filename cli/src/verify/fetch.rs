//! Reading a block's split, or a period, from a pool's API, over HTTP or HTTPS.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Request, Uri,
    body::Bytes,
    header,
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore},
};

use super::VerifyError;

/// Longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer: the API's own bound.
const BODY_LIMIT: usize = 16 << 20;
/// Pages of credits at most: 2.5 million lines.
const MAX_PAGES: usize = 5_000;

/// The whole split of a block, whose address is the block's or its split's; or a whole period of bought
/// work.
pub(super) async fn document(url: &str) -> Result<Value, VerifyError> {
    let block = url.trim_end_matches('/');
    let block = block.strip_suffix("/split").unwrap_or(block);
    let whole = if block.contains("/periods/") {
        block.to_owned()
    } else {
        format!("{block}/split")
    };
    let mut document = get(&whole).await?;
    let mut pages = 0;
    while let Some(cursor) = document.get("next").and_then(Value::as_str) {
        let path = format!("{block}/credits?limit=500&cursor={cursor}");
        let mut page = get(&path).await?;
        pages += 1;
        let (Some(credits), Some(items)) = (
            document.get_mut("credits").and_then(Value::as_array_mut),
            page.get_mut("items").and_then(Value::as_array_mut),
        ) else {
            return Err(failed(&path, "the answer is no list of credits".to_owned()));
        };
        if items.is_empty() || pages > MAX_PAGES {
            return Err(failed(&path, "the list of credits does not end".to_owned()));
        }
        credits.append(items);
        document["next"] = page.get("next").cloned().unwrap_or_default();
    }
    Ok(document)
}

fn failed(url: &str, reason: String) -> VerifyError {
    VerifyError::Fetch {
        url: url.to_owned(),
        reason,
    }
}

async fn get(url: &str) -> Result<Value, VerifyError> {
    timeout(PATIENCE, answer(url))
        .await
        .unwrap_or_else(|_| Err(format!("nothing heard for {} s", PATIENCE.as_secs())))
        .map_err(|reason| failed(url, reason))
}

async fn answer(url: &str) -> Result<Value, String> {
    let uri: Uri = url.parse().map_err(|_| "not an address".to_owned())?;
    let tls = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err("the address must begin with http:// or https://".to_owned()),
    };
    let host = uri.host().ok_or("the address has no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
    let stream = TcpStream::connect((bare, port))
        .await
        .map_err(|error| error.to_string())?;
    if tls {
        let name = ServerName::try_from(bare.to_owned()).map_err(|error| error.to_string())?;
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .map_err(|error| error.to_string())?;
        exchange(&uri, TokioIo::new(stream)).await
    } else {
        exchange(&uri, TokioIo::new(stream)).await
    }
}

async fn exchange<S: Read + Write + Unpin + Send + 'static>(
    uri: &Uri,
    stream: S,
) -> Result<Value, String> {
    let text = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
        .await
        .map_err(text)?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let request = Request::get(path)
        .header(header::HOST, host)
        .header(header::ACCEPT, "application/json")
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(text)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), BODY_LIMIT)
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        let value: Value =
            serde_json::from_slice(&body).map_err(|_| format!("answered {status} with no JSON"))?;
        if status == 200 {
            return Ok(value);
        }
        let detail = value.get("detail").and_then(Value::as_str);
        Err(format!(
            "answered {status}: {}",
            detail.unwrap_or("no reason given")
        ))
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
