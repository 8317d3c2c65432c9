//! The wire to a program that serves gRPC (HTTP/2) or HTTP/1: each call is handed on as a whole.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Collected};
use hyper::{Request, Response, Uri, Version, body::Incoming, service::service_fn};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

use super::{Faults, Moment};

/// A wire between a program and another that it calls. Ends with the value.
#[derive(Debug)]
pub struct CallWire {
    address: SocketAddr,
    task: AbortHandle,
}

struct Carrier {
    faults: Faults,
    program: String,
    /// Scheme and authority of the other side.
    target: String,
    questions: &'static [&'static str],
    http1: Client<HttpConnector, Collected<Bytes>>,
    http2: Client<HttpConnector, Collected<Bytes>>,
}

impl CallWire {
    /// A wire of `program` to `target`, such as `http://127.0.0.1:4001`. A call whose path ends with
    /// one of `questions` changes nothing on the other side. Calls are handed on whole, so a stream
    /// without an end is not carried.
    pub async fn start(
        faults: &Faults,
        program: &str,
        target: &str,
        questions: &'static [&'static str],
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let carrier = Arc::new(Carrier {
            faults: faults.clone(),
            program: program.to_owned(),
            target: target.trim_end_matches('/').to_owned(),
            questions,
            // The other side may be killed between two calls: no connection is kept for the next.
            http1: Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(0)
                .build_http(),
            http2: Client::builder(TokioExecutor::new())
                .http2_only(true)
                .build_http(),
        });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, carrier.clone()));
            }
        });
        Ok(Self {
            address,
            task: task.abort_handle(),
        })
    }

    /// Where the program finds the other side.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for CallWire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, carrier: Arc<Carrier>) {
    let service = service_fn(move |request| {
        let carrier = carrier.clone();
        async move { carrier.carry(request).await }
    });
    let served = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        // A killed program's connection, or a call that was not to be answered.
        tracing::debug!(error, "connection ended");
    }
}

impl Carrier {
    /// An error ends the connection without an answer.
    async fn carry(
        &self,
        request: Request<Incoming>,
    ) -> anyhow::Result<Response<Collected<Bytes>>> {
        let path = request.uri().path().to_owned();
        let is_question = self.questions.iter().any(|end| path.ends_with(end));
        let call = format!("{} {path}", request.method());
        let (mut head, body) = request.into_parts();
        let body = body.collect().await?;
        let rest = head.uri.path_and_query().map_or("/", |rest| rest.as_str());
        head.uri = format!("{}{rest}", self.target).parse::<Uri>()?;
        if !is_question {
            self.pass(&call, Moment::Before).await?;
        }
        let client = if head.version == Version::HTTP_2 {
            &self.http2
        } else {
            &self.http1
        };
        let answer = client
            .request(Request::from_parts(head, body))
            .await
            .with_context(|| format!("{call}: no answer of {}", self.target))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?;
        self.pass(&call, Moment::After).await?;
        Ok(Response::from_parts(head, body))
    }

    async fn pass(&self, call: &str, moment: Moment) -> anyhow::Result<()> {
        let is_struck = self.faults.reach(&self.program, call, moment).await?;
        anyhow::ensure!(!is_struck, "{} was killed", self.program);
        Ok(())
    }
}
