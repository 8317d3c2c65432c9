//! The demo's own use of a node: its wallet pays for what a real network brings by itself.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use ngpool_settings::DaemonRpc;
use serde_json::{Value, json};
use thiserror::Error;

use crate::http::exchange;

/// Mining hundreds of blocks takes a daemon some seconds on a busy machine.
const TIMEOUT: Duration = Duration::from_mins(2);
/// Name of the wallet the demo makes.
const WALLET: &str = "demo";

/// Why a node did not do what it was asked.
#[derive(Debug, Error)]
pub(super) enum NodeError {
    /// Its credentials are not there (yet).
    #[error("cannot read the node's credentials {path}: {source}")]
    Credentials {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its address is not one of this machine.
    #[error("the demo needs a node of its own, not one at {0}")]
    Address(String),
    /// No answer.
    #[error("the node does not answer {method}: {reason}")]
    Silent {
        /// The RPC.
        method: String,
        /// Why.
        reason: String,
    },
    /// A refusal in the daemon's words.
    #[error("the node refuses {method}: {message} ({code})")]
    Refused {
        /// The RPC.
        method: String,
        /// The daemon's number.
        code: i64,
        /// The daemon's words.
        message: String,
    },
    /// An answer of another shape.
    #[error("the node's answer to {0} is not understood")]
    Shape(String),
}

/// JSON-RPC of a node of the demo.
#[derive(Debug, Clone)]
pub(super) struct Node {
    address: SocketAddr,
    credentials_file: PathBuf,
}

impl Node {
    pub(super) fn new(rpc: &DaemonRpc) -> Result<Self, NodeError> {
        let address = rpc
            .url
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()
            .map_err(|_| NodeError::Address(rpc.url.clone()))?;
        Ok(Self {
            address,
            credentials_file: rpc.credentials_file.clone(),
        })
    }

    /// Height of the best chain.
    pub(super) async fn height(&self) -> Result<u64, NodeError> {
        self.call("getblockcount", json!([]))
            .await?
            .as_u64()
            .ok_or_else(|| NodeError::Shape("getblockcount".to_owned()))
    }

    /// Makes the wallet unless it is there.
    pub(super) async fn make_wallet(&self) -> Result<(), NodeError> {
        match self.call("createwallet", json!([WALLET])).await {
            Ok(_) => Ok(()),
            // -4: there is one of that name.
            Err(NodeError::Refused {
                code: -4, message, ..
            }) if message.contains("exists") => {
                match self.call("loadwallet", json!([WALLET])).await {
                    // -35, -4: it is loaded already.
                    Ok(_) | Err(NodeError::Refused { code: -35 | -4, .. }) => Ok(()),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// An address of the wallet; `kind` may be `mweb`.
    pub(super) async fn address(&self, kind: Option<&str>) -> Result<String, NodeError> {
        let parameters = match kind {
            Some(kind) => json!(["", kind]),
            None => json!([]),
        };
        let address = self.wallet_call("getnewaddress", parameters).await?;
        address
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| NodeError::Shape("getnewaddress".into()))
    }

    /// Mines blocks to the wallet.
    pub(super) async fn mine(&self, blocks: u64) -> Result<(), NodeError> {
        let address = self.address(None).await?;
        self.call("generatetoaddress", json!([blocks, address]))
            .await
            .map(drop)
    }

    /// Pays one coin from the wallet.
    pub(super) async fn pay(&self, address: &str) -> Result<(), NodeError> {
        self.wallet_call("sendtoaddress", json!([address, 1]))
            .await
            .map(drop)
    }

    /// Whether an MWEB is part of the blocks already.
    pub(super) async fn has_mweb(&self) -> Result<bool, NodeError> {
        let info = self.call("getblockchaininfo", json!([])).await?;
        Ok(info
            .pointer("/softforks/mweb/active")
            .and_then(Value::as_bool)
            .unwrap_or(false))
    }

    /// Number of its peers.
    pub(super) async fn peers(&self) -> Result<u64, NodeError> {
        self.call("getconnectioncount", json!([]))
            .await?
            .as_u64()
            .ok_or_else(|| NodeError::Shape("getconnectioncount".to_owned()))
    }

    /// Whether transactions wait for a block.
    pub(super) async fn has_transactions(&self) -> Result<bool, NodeError> {
        let waiting = self.call("getrawmempool", json!([])).await?;
        Ok(waiting
            .as_array()
            .is_some_and(|waiting| !waiting.is_empty()))
    }

    /// What the unspent outputs of an address sum up to on the best chain, in whole coins as the
    /// daemon writes them.
    pub(super) async fn unspent(&self, address: &str) -> Result<String, NodeError> {
        let scan = self
            .call(
                "scantxoutset",
                json!(["start", [format!("addr({address})")]]),
            )
            .await?;
        scan.get("total_amount")
            .map(Value::to_string)
            .ok_or_else(|| NodeError::Shape("scantxoutset".to_owned()))
    }

    async fn call(&self, method: &str, parameters: Value) -> Result<Value, NodeError> {
        self.post("/", method, parameters).await
    }

    async fn wallet_call(&self, method: &str, parameters: Value) -> Result<Value, NodeError> {
        self.post(&format!("/wallet/{WALLET}"), method, parameters)
            .await
    }

    async fn post(&self, path: &str, method: &str, parameters: Value) -> Result<Value, NodeError> {
        let silent = |reason: String| NodeError::Silent {
            method: method.to_owned(),
            reason,
        };
        let credentials = std::fs::read_to_string(&self.credentials_file).map_err(|source| {
            NodeError::Credentials {
                path: self.credentials_file.clone(),
                source,
            }
        })?;
        let credentials = credentials.lines().next().unwrap_or_default().trim();
        let body = json!({"jsonrpc": "1.0", "id": 1, "method": method, "params": parameters});
        let request = Request::post(path)
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .header(
                header::AUTHORIZATION,
                format!("Basic {}", BASE64_STANDARD.encode(credentials)),
            )
            .body(Full::<Bytes>::from(body.to_string()))
            .map_err(|error| silent(error.to_string()))?;
        let (status, body) = exchange(self.address, request, TIMEOUT)
            .await
            .map_err(silent)?;
        let mut answer: Value =
            serde_json::from_slice(&body).map_err(|_| silent(format!("HTTP status {status}")))?;
        match answer.get("error") {
            None | Some(Value::Null) => Ok(answer
                .get_mut("result")
                .map(Value::take)
                .unwrap_or_default()),
            Some(error) => Err(NodeError::Refused {
                method: method.to_owned(),
                code: error
                    .get("code")
                    .and_then(Value::as_i64)
                    .unwrap_or_default(),
                message: error
                    .get("message")
                    .and_then(Value::as_str)
                    .unwrap_or("without a reason")
                    .to_owned(),
            }),
        }
    }
}
