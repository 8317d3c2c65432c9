//! Values people write as text: lengths of time, sizes, percentages, names.
//!
//! Each type carries its bounds, so that the schema, the API server and the parser agree on them.

mod bytes;
mod name;
mod percent;
mod time;

pub use bytes::{ByteSize, GIB, KIB, MIB, TIB};
pub use name::{ForeignName, Name};
pub use percent::Percent;
pub use time::{DAY, HOUR, MINUTE, SECOND, TimeSpan};

/// Why a text is not the value it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not {expected}")]
pub struct UnitError {
    found: String,
    expected: String,
}

impl UnitError {
    fn new(found: &str, expected: impl Into<String>) -> Self {
        Self {
            found: found.to_owned(),
            expected: expected.into(),
        }
    }
}

/// Serialises as the type's own text, and reads it back.
macro_rules! text_serde {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de, $($generics)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use text_serde;
