//! Keyset paging: a page ends with an opaque cursor that names the last row, so that rows which come
//! or go between two requests are neither skipped nor shown twice.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// Rows of a page when the client does not say.
const DEFAULT_LIMIT: u32 = 50;
/// Rows of a page at most.
const MAX_LIMIT: u32 = 500;
/// Longest cursor looked at.
const MAX_CURSOR: usize = 512;

/// Query parameters of every list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Rows wanted, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before; absent for the first page.
    pub(crate) cursor: Option<String>,
}

impl PageQuery {
    /// Rows wanted.
    pub(crate) fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(limit),
            _ => Err(Problem::bad_parameter(
                "limit",
                format!("must be 1 to {MAX_LIMIT}"),
            )),
        }
    }

    /// The row after which the page starts.
    pub(crate) fn after<T: for<'a> Deserialize<'a>>(&self) -> Result<Option<T>, Problem> {
        self.cursor.as_deref().map(decode).transpose()
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The rows, newest first where they have a time.
    pub(crate) items: Vec<T>,
    /// Cursor of the next page; absent on the last.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows: one row more than the page holds says that there is a
    /// next page. `key` names a row.
    pub(crate) fn new<K: Serialize>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more {
            items.last().map(|last| encode(&key(last)))
        } else {
            None
        };
        Self { items, next }
    }

    /// The same page with its rows as another type.
    pub(crate) fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(row).collect(),
            next: self.next,
        }
    }
}

/// The cursor of a key.
pub(crate) fn encode<K: Serialize>(key: &K) -> String {
    // Keys are tuples of numbers and strings: their JSON cannot fail.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

fn decode<T: for<'a> Deserialize<'a>>(cursor: &str) -> Result<T, Problem> {
    let refuse = || Problem::bad_parameter("cursor", "is not the `next` of a page of this list");
    if cursor.len() > MAX_CURSOR {
        return Err(refuse());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
    // The database takes no NUL in a text; no name of ours has one, nor a backslash before it.
    if bytes.windows(NUL.len()).any(|window| window == NUL) {
        return Err(refuse());
    }
    serde_json::from_slice(&bytes).map_err(|_| refuse())
}

/// A NUL as JSON has it within a text.
const NUL: &[u8] = br"\u0000";

/// Reads the time in a cursor: one that a row can have. The database refuses times before 4713 BC.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let time = DateTime::<Utc>::deserialize(deserializer)?;
    if (DateTime::UNIX_EPOCH..MAX_TIME).contains(&time) {
        Ok(time)
    } else {
        Err(D::Error::custom("no row has such a time"))
    }
}

/// A time that rows can have, and so can be asked for.
pub(crate) fn bounded(time: DateTime<Utc>, name: &str) -> Result<DateTime<Utc>, Problem> {
    if (DateTime::UNIX_EPOCH..MAX_TIME).contains(&time) {
        Ok(time)
    } else {
        Err(Problem::bad_parameter(name, "must be from 1970 to 9999"))
    }
}

/// The year 10000.
const MAX_TIME: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_800, 0) {
    Some(time) => time,
    None => DateTime::<Utc>::MAX_UTC,
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_cover_a_list_once() {
        let rows: Vec<(i64, u32)> = (0..23)
            .map(|n| (n / 5, u32::try_from(n).unwrap()))
            .collect();
        let mut seen = Vec::new();
        let mut query = PageQuery {
            limit: Some(5),
            cursor: None,
        };
        loop {
            let after: Option<(i64, u32)> = query.after().unwrap();
            let rest: Vec<_> = rows
                .iter()
                .copied()
                .filter(|row| after.is_none_or(|a| *row > a))
                .take(6)
                .collect();
            let page = Page::new(rest, query.limit().unwrap(), |row| *row);
            seen.extend(page.items);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, rows);
    }

    #[test]
    fn what_the_database_would_refuse_is_no_cursor() {
        assert!(decode::<String>(&encode(&"rig")).is_ok());
        assert!(decode::<String>(&encode(&"rig\0")).is_err());
    }

    proptest! {
        #[test]
        fn no_cursor_panics(cursor in ".{0,600}") {
            let _ = decode::<(i64, String)>(&cursor);
        }
    }
}
