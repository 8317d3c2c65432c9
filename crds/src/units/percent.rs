//! Percentages that are exact to the millionth.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{UnitError, text_serde};

/// A part of a whole from `0%` to `100%` with at most four decimals, so that it is a whole number of
/// millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    millionths: u32,
}

/// Millionths of one percent.
const PER_PERCENT: u32 = 10_000;

impl Percent {
    /// A built-in value in millionths; more than the whole is the whole.
    pub const fn of_millionths(millionths: u32) -> Self {
        let whole = 100 * PER_PERCENT;
        Self {
            millionths: if millionths > whole {
                whole
            } else {
                millionths
            },
        }
    }

    /// Millionths of the whole.
    pub const fn millionths(self) -> u32 {
        self.millionths
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.millionths / PER_PERCENT, self.millionths % PER_PERCENT);
        if part == 0 {
            write!(f, "{whole}%")
        } else {
            let digits = format!("{part:04}");
            write!(f, "{whole}.{}%", digits.trim_end_matches('0'))
        }
    }
}

impl FromStr for Percent {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text)
            .map(|millionths| Self { millionths })
            .ok_or_else(|| {
                UnitError::new(
                    text,
                    "a percentage with at most four decimals, such as `1%` or `0.25%`",
                )
            })
    }
}

text_serde!([] Percent);

impl JsonSchema for Percent {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 2,
            "maxLength": 8,
            "pattern": r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)%$",
        })
    }
}

fn parse(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || whole.len() > 3 || part.len() > 4 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = format!("{part:0<4}").parse().ok()?;
    let millionths = whole.checked_mul(PER_PERCENT)?.checked_add(part)?;
    (millionths <= 100 * PER_PERCENT).then_some(millionths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        for (text, millionths) in [
            ("0%", 0),
            ("1%", 10_000),
            ("0.25%", 2_500),
            ("1.0001%", 10_001),
            ("100%", 1_000_000),
        ] {
            assert_eq!(
                text.parse::<Percent>().unwrap().millionths(),
                millionths,
                "{text}"
            );
        }
        assert_eq!("0.2500%".parse::<Percent>().unwrap().to_string(), "0.25%");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "1", "%", "1.00001%", "101%", "100.1%", "-1%", "1,5%", ".5%", "5.%",
        ] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }
}
