//! A daemon that answers as a test says.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ngpool_settings::DaemonRpc;
use ngpool_testkit::FreePort;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What a method is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Result(Value),
    Error(i32, &'static str),
    /// HTTP status and body, whatever they are.
    Raw(u16, Bytes),
    /// Never.
    Hang,
    /// The connection is closed instead.
    Break,
}

/// A scripted daemon, on a port of its own.
pub(crate) struct FakeDaemon {
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    port: FreePort,
    credentials: tempfile::NamedTempFile,
}

/// Hash of a made-up block.
pub(crate) fn block_hash(number: u8) -> String {
    hex::encode([number; 32])
}

impl FakeDaemon {
    /// A healthy daemon at height 10 whose tip is block 10.
    pub(crate) async fn start() -> Self {
        let port = FreePort::reserve().unwrap();
        let listener = TcpListener::bind(port.address()).await.unwrap();
        let credentials = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(credentials.path(), "user:password").unwrap();
        let daemon = Self {
            answers: Arc::default(),
            port,
            credentials,
        };
        daemon.healthy(10);
        let answers = daemon.answers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answers = answers.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(request, answers.clone()));
                    let _broken_on_purpose = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        daemon
    }

    /// Answers everything well, with the tip at the block of a number.
    pub(crate) fn healthy(&self, number: u8) {
        let genesis = "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9";
        self.answer("getblockhash", Answer::Result(json!(genesis)));
        self.answer(
            "getnetworkinfo",
            Answer::Result(json!({"version": 1, "subversion": "/Fake:1/", "connections": 2})),
        );
        self.tip(number);
    }

    /// Moves to the block of a number.
    pub(crate) fn tip(&self, number: u8) {
        let hash = block_hash(number);
        let bits = "207fffff";
        self.answer(
            "getblockchaininfo",
            Answer::Result(json!({
                "blocks": number, "headers": number, "bestblockhash": hash, "chainwork": "0a",
            })),
        );
        self.answer("getbestblockhash", Answer::Result(json!(hash)));
        self.answer(
            "getblockheader",
            Answer::Result(json!({"confirmations": 1, "chainwork": "0a"})),
        );
        self.answer(
            "getblocktemplate",
            Answer::Result(json!({
                "version": 0x2000_0000, "previousblockhash": hash, "transactions": [],
                "coinbasevalue": 50, "mintime": 1, "curtime": 2, "bits": bits,
                "height": u32::from(number) + 1,
            })),
        );
    }

    /// Sets what a method is answered with.
    pub(crate) fn answer(&self, method: &str, answer: Answer) {
        self.answers
            .lock()
            .unwrap()
            .insert(method.to_owned(), answer);
    }

    /// Sets what everything is answered with.
    pub(crate) fn answer_all(&self, answer: &Answer) {
        for value in self.answers.lock().unwrap().values_mut() {
            *value = answer.clone();
        }
    }

    pub(crate) fn rpc(&self) -> DaemonRpc {
        DaemonRpc {
            url: self.port.url(),
            credentials_file: self.credentials.path().to_owned(),
            timeout_s: 1,
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let call: Value = serde_json::from_slice(&body).unwrap();
    let answer = answers
        .lock()
        .unwrap()
        .get(call["method"].as_str().unwrap())
        .cloned();
    let reply = |status: u16, body: Bytes| {
        Ok(Response::builder()
            .status(status)
            .body(Full::new(body))
            .unwrap())
    };
    let text = |value: Value| Bytes::from(value.to_string());
    match answer.unwrap_or(Answer::Error(-32601, "Method not found")) {
        Answer::Result(result) => reply(200, text(json!({"result": result, "error": null}))),
        Answer::Error(code, message) => {
            let error = json!({"code": code, "message": message});
            reply(500, text(json!({"result": null, "error": error})))
        }
        Answer::Raw(status, body) => reply(status, body),
        Answer::Hang => std::future::pending::<Result<_, Infallible>>()
            .await
            .map_err(std::io::Error::other),
        Answer::Break => Err(std::io::Error::other("broken on purpose")),
    }
}
