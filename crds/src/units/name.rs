//! Names of objects.

use std::{borrow::Cow, fmt, ops::Deref, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{UnitError, text_serde};

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $max:literal, $pattern:literal, $allowed:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = UnitError;

            fn from_str(text: &str) -> Result<Self, UnitError> {
                let allowed: fn(u8) -> bool = $allowed;
                let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                let sound = text.len() <= $max
                    && text.bytes().all(allowed)
                    && edge(text.bytes().next())
                    && edge(text.bytes().last());
                if sound { Ok(Self(text.to_owned())) } else { Err(UnitError::new(text, $expected)) }
            }
        }

        text_serde!([] $name);

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "minLength": 1,
                    "maxLength": $max,
                    "pattern": $pattern,
                })
            }
        }
    };
}

name_type! {
    /// The name of one of the five kinds' objects: a DNS label of at most 30 characters, so that the
    /// names of what is made from it fit everywhere.
    Name, 30, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
    |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-',
    "a name of at most 30 lower-case letters, digits and `-`"
}

name_type! {
    /// The name of an object of another kind: a Secret, a ConfigMap, a class, a Gateway.
    ForeignName, 253, "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$",
    |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.',
    "a name of at most 253 lower-case letters, digits, `-` and `.`"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels_of_at_most_thirty_characters() {
        assert!("main".parse::<Name>().is_ok());
        assert!("a".repeat(30).parse::<Name>().is_ok());
        for text in ["", "-a", "a-", "A", "a.b", "a_b", &"a".repeat(31)] {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
        assert!("a.b".parse::<ForeignName>().is_ok());
    }
}
