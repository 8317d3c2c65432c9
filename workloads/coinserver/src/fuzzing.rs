//! Parsers that are private, for the fuzz targets. Each panics when something does not hold.

use hyper::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};

use crate::{
    chain::{Block, Detail, Estimate, block_reply},
    node::{parse_chain_work, parse_hash},
    rpc::{BlockHeader, BlockchainInfo, NetworkInfo, RpcError, parse_reply},
};

/// Longest text of an error: the daemon's words are cut to 500 characters of up to 4 bytes.
const ERROR_LIMIT: usize = 2_200;

/// Reads an answer of the daemon as the result of each call that is made.
pub fn reply(status: u16, body: &[u8]) {
    let Ok(status) = StatusCode::from_u16(status) else {
        return;
    };
    if let Some(chain) = read::<BlockchainInfo>("getblockchaininfo", status, body) {
        let _read = parse_hash("getblockchaininfo", &chain.bestblockhash);
        let _read = parse_chain_work("getblockchaininfo", &chain.chainwork);
    }
    read::<NetworkInfo>("getnetworkinfo", status, body);
    if let Some(header) = read::<BlockHeader>("getblockheader", status, body) {
        let _read = parse_chain_work("getblockheader", &header.chainwork);
    }
    if let Some(block) = read::<Block>("getblock", status, body) {
        match block_reply(block, 8, 7) {
            Ok(block) => assert_eq!(block.hash.len(), 32),
            Err(error) => check(&error),
        }
    }
    read::<Detail>("getrawtransaction", status, body);
    read::<Estimate>("estimatesmartfee", status, body);
    read::<Option<String>>("submitblock", status, body);
    read::<Value>("getpeerinfo", status, body);
    // A template is read from the text of the result.
    read::<Box<RawValue>>("getblocktemplate", status, body);
}

fn read<T>(method: &'static str, status: StatusCode, body: &[u8]) -> Option<T>
where
    T: DeserializeOwned + Send + 'static,
{
    match parse_reply(method, status, body) {
        Ok(result) => {
            assert!(status.is_success(), "{method}: a result under {status}");
            Some(result)
        }
        Err(error) => {
            check(&error);
            None
        }
    }
}

fn check(error: &RpcError) {
    let text = error.to_string();
    assert!(
        text.len() <= ERROR_LIMIT,
        "an error of {} bytes",
        text.len()
    );
    assert!(
        !text.chars().any(char::is_control),
        "control characters in {text:?}"
    );
}
