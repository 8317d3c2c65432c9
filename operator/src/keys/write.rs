//! Secrets as they are to be written: never over one that was not seen.

use std::fmt;

use k8s_openapi::api::core::v1::Secret;
use kube::{Api, Client, api::PostParams};

use crate::names::FIELD_MANAGER;

/// A Secret to be written. Its contents are never shown.
#[derive(Clone, PartialEq)]
pub enum Write {
    /// One that was not there.
    Create(Secret),
    /// One in the place of that which was seen, by its resource version.
    Replace(Secret),
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Create(_) => "Create",
            Self::Replace(_) => "Replace",
        };
        f.debug_tuple(kind).field(&self.name()).finish()
    }
}

impl Write {
    /// Name of the Secret.
    pub fn name(&self) -> &str {
        self.secret().metadata.name.as_deref().unwrap_or_default()
    }

    /// The Secret.
    pub const fn secret(&self) -> &Secret {
        match self {
            Self::Create(secret) | Self::Replace(secret) => secret,
        }
    }
}

/// Writes a Secret, and gives it as it is stored. Nothing when another is there than was seen, or
/// none any more: what is wanted must be asked again of what is there.
pub async fn write(
    client: &Client,
    namespace: &str,
    write: &Write,
) -> Result<Option<Secret>, kube::Error> {
    let api: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let parameters = PostParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        ..PostParams::default()
    };
    let written = match write {
        Write::Create(secret) => api.create(&parameters, secret).await,
        Write::Replace(secret) => api.replace(write.name(), &parameters, secret).await,
    };
    match written {
        Ok(secret) => {
            tracing::info!(secret = write.name(), "a Secret was written");
            Ok(Some(secret))
        }
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {
            tracing::info!(secret = write.name(), "a Secret is not as it was seen");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
