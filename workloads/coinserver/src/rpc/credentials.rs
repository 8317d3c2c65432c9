//! User and password of the daemon's RPC, from a file that may change.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::header::HeaderValue;
use tokio::{io::AsyncReadExt, sync::Mutex};

use super::RpcError;

/// A line with a user and a password; daemons' own cookies have 75 bytes.
const FILE_LIMIT: u64 = 4 * 1024;

/// The header that a user and password make. It has no `Debug`, so that it reaches no log.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Authorization(HeaderValue);

impl Authorization {
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// From a file's text.
    fn parse(text: &str) -> Option<Self> {
        let line = text.lines().next()?.trim();
        let (user, password) = line.split_once(':')?;
        if user.is_empty() || password.is_empty() {
            return None;
        }
        let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(line))).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

/// The credentials file and what it said last.
pub(super) struct Credentials {
    path: PathBuf,
    read: Mutex<Option<Authorization>>,
}

impl Credentials {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            read: Mutex::new(None),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the file said when it was last read; reads it at first.
    pub(super) async fn current(&self) -> Result<Authorization, RpcError> {
        let mut read = self.read.lock().await;
        if let Some(authorization) = &*read {
            return Ok(authorization.clone());
        }
        let authorization = self.load().await?;
        *read = Some(authorization.clone());
        Ok(authorization)
    }

    /// Reads the file again after `refused` was refused; `None` when it still says the same.
    pub(super) async fn renewed(
        &self,
        refused: &Authorization,
    ) -> Result<Option<Authorization>, RpcError> {
        let mut read = self.read.lock().await;
        // Forgotten first: if the file cannot be read now, the next call reads it anew.
        *read = None;
        let authorization = self.load().await?;
        let changed = authorization != *refused;
        *read = Some(authorization.clone());
        Ok(changed.then_some(authorization))
    }

    async fn load(&self) -> Result<Authorization, RpcError> {
        let unreadable = |source| RpcError::Credentials {
            path: self.path.clone(),
            source,
        };
        let file = tokio::fs::File::open(&self.path)
            .await
            .map_err(unreadable)?;
        let mut text = String::new();
        file.take(FILE_LIMIT)
            .read_to_string(&mut text)
            .await
            .map_err(unreadable)?;
        Authorization::parse(&text).ok_or_else(|| RpcError::CredentialsForm {
            path: self.path.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Authorization;

    #[test]
    fn the_first_line_counts_and_must_have_both_parts() {
        let authorization = Authorization::parse("ng:pool:word \nrest").unwrap();
        // "ng:pool:word": a password may hold colons.
        assert_eq!(
            authorization.header().to_str().unwrap(),
            "Basic bmc6cG9vbDp3b3Jk"
        );
        for text in ["", "\n", "user", "user:", ":password"] {
            assert!(Authorization::parse(text).is_none(), "{text:?}");
        }
    }
}
