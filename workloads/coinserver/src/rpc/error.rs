//! What can go wrong in a call to the daemon.

use std::path::PathBuf;

use thiserror::Error;

/// A daemon's URL that cannot be used. The URL itself is not repeated: it may hold a password.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the daemon's RPC URL cannot be used: {reason} (such as http://127.0.0.1:19443)")]
pub struct RpcUrlError {
    /// What is wrong with it.
    pub reason: String,
}

/// Why a call gave no result. Each text is fit for a health reason: it has one line and no secret.
#[derive(Debug, Error)]
pub enum RpcError {
    /// The credentials file cannot be read.
    #[error("cannot read the RPC credentials {path}: {source}")]
    Credentials {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The credentials file holds something else.
    #[error("the first line of {path} must be user:password")]
    CredentialsForm {
        /// The file.
        path: PathBuf,
    },
    /// Nobody takes connections there.
    #[error("the daemon does not answer at {url}: {reason}")]
    Unreachable {
        /// The daemon's RPC.
        url: String,
        /// The system's words.
        reason: String,
    },
    /// The connection ended before the answer did.
    #[error("the daemon at {url} broke off {method}: {reason}")]
    Interrupted {
        /// The RPC method.
        method: &'static str,
        /// The daemon's RPC.
        url: String,
        /// The system's words.
        reason: String,
    },
    /// No answer in time.
    #[error("the daemon at {url} has not answered {method} for {seconds} s")]
    Timeout {
        /// The RPC method.
        method: &'static str,
        /// The daemon's RPC.
        url: String,
        /// How long was waited.
        seconds: f32,
    },
    /// HTTP 401, also with the credentials read again.
    #[error("the daemon at {url} refuses the user or password in {credentials_file}")]
    Unauthorized {
        /// The daemon's RPC.
        url: String,
        /// The file.
        credentials_file: PathBuf,
    },
    /// An HTTP error without a JSON-RPC answer, such as 403 or 503.
    #[error("{method}: HTTP {status} {text}")]
    Http {
        /// The RPC method.
        method: &'static str,
        /// HTTP status code.
        status: u16,
        /// What the daemon wrote with it, shortened.
        text: String,
    },
    /// More than is ever read.
    #[error("{method}: the answer is larger than {limit} bytes")]
    TooLarge {
        /// The RPC method.
        method: &'static str,
        /// In bytes.
        limit: usize,
    },
    /// Not a JSON-RPC answer, or a result of another form.
    #[error("{method}: the answer is not what this call returns: {reason}")]
    Unexpected {
        /// The RPC method.
        method: &'static str,
        /// Where and why.
        reason: String,
    },
    /// The daemon's own error.
    #[error("{method}: {message} (code {code})")]
    Daemon {
        /// The RPC method.
        method: &'static str,
        /// The daemon's code, such as −9.
        code: i32,
        /// The daemon's words.
        message: String,
    },
}

impl RpcError {
    /// The daemon's own code, when it gave one.
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Daemon { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether the daemon may not have seen the call, so that the same call may succeed soon.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Interrupted { .. }
            | Self::Timeout { .. }
            | Self::Credentials { .. }
            | Self::CredentialsForm { .. }
            | Self::Unauthorized { .. } => true,
            // 503: the work queue is full.
            Self::Http { status, .. } => *status == 503,
            Self::Daemon { code, .. } => *code == code::WARMING_UP,
            Self::TooLarge { .. } | Self::Unexpected { .. } => false,
        }
    }

    /// Short name of the kind, for metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Credentials { .. } | Self::CredentialsForm { .. } => "credentials",
            Self::Unreachable { .. } => "unreachable",
            Self::Interrupted { .. } => "interrupted",
            Self::Timeout { .. } => "timeout",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Http { .. } => "http",
            Self::TooLarge { .. } => "too-large",
            Self::Unexpected { .. } => "unexpected",
            Self::Daemon { .. } => "daemon",
        }
    }
}

/// Error codes of the daemons (Bitcoin's `rpc/protocol.h`, the same in all its descendants).
pub(crate) mod code {
    /// `RPC_CLIENT_NOT_CONNECTED`: no peer.
    pub(crate) const NOT_CONNECTED: i32 = -9;
    /// `RPC_CLIENT_IN_INITIAL_DOWNLOAD`.
    pub(crate) const IN_INITIAL_DOWNLOAD: i32 = -10;
    /// `RPC_IN_WARMUP`: the block index is being loaded, or alike.
    pub(crate) const WARMING_UP: i32 = -28;
    /// `RPC_INVALID_ADDRESS_OR_KEY`: no such block or transaction.
    pub(crate) const NOT_FOUND: i32 = -5;
    /// `RPC_INVALID_PARAMETER`: among others, a height above the tip.
    pub(crate) const OUT_OF_RANGE: i32 = -8;
    /// `RPC_VERIFY_ALREADY_IN_CHAIN`.
    pub(crate) const ALREADY_IN_CHAIN: i32 = -27;
    /// `RPC_METHOD_NOT_FOUND`.
    pub(crate) const NO_SUCH_METHOD: i32 = -32601;
    /// `RPC_CLIENT_NODE_ALREADY_ADDED`.
    pub(crate) const NODE_ALREADY_ADDED: i32 = -23;
    /// `RPC_CLIENT_NODE_NOT_ADDED`.
    pub(crate) const NODE_NOT_ADDED: i32 = -24;
}

/// The innermost cause: HTTP layers only say that something failed.
pub(super) fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
