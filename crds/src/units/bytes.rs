//! Sizes, as `10Gi` or `512Mi`.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{UnitError, text_serde};

/// Bytes of `1Ki`.
pub const KIB: u64 = 1 << 10;
/// Bytes of `1Mi`.
pub const MIB: u64 = 1 << 20;
/// Bytes of `1Gi`.
pub const GIB: u64 = 1 << 30;
/// Bytes of `1Ti`.
pub const TIB: u64 = 1 << 40;

const UNITS: [(&str, u64); 8] = [
    ("Ti", TIB),
    ("Gi", GIB),
    ("Mi", MIB),
    ("Ki", KIB),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
];

/// A size from `MIN` to `MAX` bytes, in the notation of Kubernetes quantities: `64Ki`, `10Gi`, `2T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize<const MIN: u64, const MAX: u64> {
    bytes: u64,
}

impl<const MIN: u64, const MAX: u64> ByteSize<MIN, MAX> {
    /// A built-in value; one outside the bounds is moved to the nearest bound.
    pub const fn of(bytes: u64) -> Self {
        let bytes = if bytes < MIN {
            MIN
        } else if bytes > MAX {
            MAX
        } else {
            bytes
        };
        Self { bytes }
    }

    /// Bytes.
    pub const fn bytes(self) -> u64 {
        self.bytes
    }
}

impl<const MIN: u64, const MAX: u64> fmt::Display for ByteSize<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self.bytes))
    }
}

impl<const MIN: u64, const MAX: u64> FromStr for ByteSize<MIN, MAX> {
    type Err = UnitError;

    fn from_str(written: &str) -> Result<Self, UnitError> {
        parse(written)
            .filter(|bytes| (MIN..=MAX).contains(bytes))
            .map(|bytes| Self { bytes })
            .ok_or_else(|| {
                let (min, max) = (text(MIN), text(MAX));
                UnitError::new(
                    written,
                    format!("a size from {min} to {max}, such as `10Gi`"),
                )
            })
    }
}

text_serde!([const MIN: u64, const MAX: u64] ByteSize<MIN, MAX>);

impl<const MIN: u64, const MAX: u64> JsonSchema for ByteSize<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ByteSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (min, max) = (text(MIN), text(MAX));
        json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": 20,
            "pattern": "^[0-9]{1,15}(Ti|Gi|Mi|Ki|T|G|M|k)?$",
            "x-kubernetes-validations": [{
                "rule": format!(
                    "quantity(self).compareTo(quantity('{min}')) >= 0 && \
                     quantity(self).compareTo(quantity('{max}')) <= 0"
                ),
                "message": format!("must be from {min} to {max}"),
            }],
        })
    }
}

fn parse(text: &str) -> Option<u64> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let factor = if unit.is_empty() {
        1
    } else {
        UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, factor)| *factor)?
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The shortest exact notation.
fn text(bytes: u64) -> String {
    UNITS
        .iter()
        .find(|(_, factor)| bytes > 0 && bytes.is_multiple_of(*factor))
        .map_or_else(
            || bytes.to_string(),
            |(unit, factor)| format!("{}{unit}", bytes / factor),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Any = ByteSize<0, { u64::MAX }>;

    #[test]
    fn binary_and_decimal_units_are_told_apart() {
        for (text, bytes) in [
            ("0", 0),
            ("1500", 1_500),
            ("64Ki", 65_536),
            ("2k", 2_000),
            ("3Gi", 3 << 30),
        ] {
            assert_eq!(text.parse::<Any>().unwrap().bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "Gi", "1KB", "1.5Gi", "-1", "1 Gi", "99999999999Ti"] {
            assert!(text.parse::<Any>().is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_are_named() {
        assert_eq!(
            "1Ki"
                .parse::<ByteSize<{ MIB }, { GIB }>>()
                .unwrap_err()
                .to_string(),
            "\"1Ki\" is not a size from 1Mi to 1Gi, such as `10Gi`"
        );
    }
}
