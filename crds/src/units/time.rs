//! Lengths of time, as `90s` or `1h30m`.

use std::{borrow::Cow, fmt, str::FromStr, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{UnitError, text_serde};

/// Milliseconds of a second.
pub const SECOND: u64 = 1_000;
/// Milliseconds of a minute.
pub const MINUTE: u64 = 60 * SECOND;
/// Milliseconds of an hour.
pub const HOUR: u64 = 60 * MINUTE;
/// Milliseconds of a day.
pub const DAY: u64 = 24 * HOUR;

/// A length of time from `MIN` to `MAX` milliseconds, in the notation of Kubernetes: `500ms`,
/// `90s`, `5m`, `1h30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeSpan<const MIN: u64, const MAX: u64> {
    millis: u64,
}

impl<const MIN: u64, const MAX: u64> TimeSpan<MIN, MAX> {
    /// A built-in value; one outside the bounds is moved to the nearest bound.
    pub const fn of(millis: u64) -> Self {
        let millis = if millis < MIN {
            MIN
        } else if millis > MAX {
            MAX
        } else {
            millis
        };
        Self { millis }
    }

    /// Milliseconds.
    pub const fn millis(self) -> u64 {
        self.millis
    }

    /// Whole seconds, rounded up: a time-out never becomes shorter than it was written.
    pub const fn seconds(self) -> u64 {
        self.millis.div_ceil(SECOND)
    }

    /// The same length for the clock.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.millis)
    }

    fn bounds() -> String {
        format!(
            "a length of time from {} to {}, such as `90s` or `1h30m`",
            text(MIN),
            text(MAX)
        )
    }
}

impl<const MIN: u64, const MAX: u64> fmt::Display for TimeSpan<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self.millis))
    }
}

impl<const MIN: u64, const MAX: u64> FromStr for TimeSpan<MIN, MAX> {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse(text)
            .filter(|millis| (MIN..=MAX).contains(millis))
            .map(|millis| Self { millis })
            .ok_or_else(|| UnitError::new(text, Self::bounds()))
    }
}

text_serde!([const MIN: u64, const MAX: u64] TimeSpan<MIN, MAX>);

impl<const MIN: u64, const MAX: u64> JsonSchema for TimeSpan<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TimeSpan".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (min, max) = (text(MIN), text(MAX));
        json_schema!({
            "type": "string",
            "minLength": 2,
            "maxLength": 20,
            "pattern": "^([0-9]{1,9}(ms|s|m|h)){1,4}$",
            "x-kubernetes-validations": [{
                "rule": format!(
                    "duration(self) >= duration('{min}') && duration(self) <= duration('{max}')"
                ),
                "message": format!("must be from {min} to {max}"),
            }],
        })
    }
}

/// Reads the notation; nothing when it is another one or too long for a `u64`.
fn parse(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit_on) = rest.split_at_checked(digits)?;
        let unit = unit_on
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit_on.len());
        let (unit, next) = unit_on.split_at_checked(unit)?;
        let factor = match unit {
            "ms" => 1,
            "s" => SECOND,
            "m" => MINUTE,
            "h" => HOUR,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(factor)?)?;
        rest = next;
    }
    (!text.is_empty()).then_some(total)
}

/// The shortest exact notation with one unit.
fn text(millis: u64) -> String {
    for (unit, factor) in [("h", HOUR), ("m", MINUTE), ("s", SECOND)] {
        if millis > 0 && millis.is_multiple_of(factor) {
            return format!("{}{unit}", millis / factor);
        }
    }
    if millis == 0 {
        "0s".to_owned()
    } else {
        format!("{millis}ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Any = TimeSpan<0, { 1_000 * DAY }>;

    #[test]
    fn every_unit_and_their_sums_are_read() {
        for (text, millis) in [
            ("0s", 0),
            ("250ms", 250),
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("2m5s", 125_000),
        ] {
            assert_eq!(text.parse::<Any>().unwrap().millis(), millis, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "90",
            "s",
            "1d",
            "-1s",
            "1.5s",
            "1 s",
            "99999999999999999999h",
            "1sx",
        ] {
            assert!(text.parse::<Any>().is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_are_inclusive_and_named() {
        type Bounded = TimeSpan<SECOND, MINUTE>;
        assert!("1s".parse::<Bounded>().is_ok());
        assert!("1m".parse::<Bounded>().is_ok());
        assert!("999ms".parse::<Bounded>().is_err());
        assert_eq!(
            "61s".parse::<Bounded>().unwrap_err().to_string(),
            "\"61s\" is not a length of time from 1s to 1m, such as `90s` or `1h30m`"
        );
    }

    #[test]
    fn text_and_value_agree_both_ways() {
        for text in ["0s", "250ms", "90s", "5m", "36h"] {
            assert_eq!(text.parse::<Any>().unwrap().to_string(), text);
        }
    }
}
