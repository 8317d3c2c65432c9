//! Who is paid.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Name of a payee in the books: the canonical text of an address, or the id of an account.
///
/// Its byte order decides ties of rounding, so it must be the same text wherever it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payee(String);

impl Payee {
    /// The payee of that name.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Payee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Payee {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}
