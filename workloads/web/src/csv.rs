//! Lists as comma-separated values (RFC 4180), safe to open in a spreadsheet.

use std::fmt::Write;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{page::Page, problem::Problem};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    /// As the query says, else as the client accepts.
    pub(crate) fn of(query: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
        match query {
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            Some(_) => Err(Problem::bad_parameter("format", "must be json or csv")),
            None => {
                let wants = headers
                    .get_all(header::ACCEPT)
                    .iter()
                    .filter_map(|value| value.to_str().ok())
                    .flat_map(|value| value.split(','))
                    .map(|range| range.split(';').next().unwrap_or_default().trim())
                    .any(|range| range.eq_ignore_ascii_case("text/csv"));
                Ok(if wants { Self::Csv } else { Self::Json })
            }
        }
    }
}

/// Query parameter of lists that are given as CSV too.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// `json` (default) or `csv`; `Accept: text/csv` asks for CSV too.
    format: Option<String>,
}

impl FormatQuery {
    /// How the answer is to be written.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Result<Format, Problem> {
        Format::of(self.format.as_deref(), headers)
    }
}

/// A row of a list that is given as CSV too.
pub(crate) trait Row {
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Its cells, one a column.
    fn cells(&self) -> Vec<Cell<'_>>;
}

impl<T: Row + Serialize> Page<T> {
    /// A page as JSON or as CSV. `asked` are the query's own parameters, for the address of the next
    /// page.
    pub(crate) fn answer(
        self,
        format: Format,
        file: &str,
        limit: u32,
        asked: &[(&str, &str)],
    ) -> Response {
        if format == Format::Json {
            let mut response = Json(self).into_response();
            let vary = HeaderValue::from_static("accept");
            response.headers_mut().insert(header::VARY, vary);
            return response;
        }
        let mut csv = Csv::new(T::COLUMNS);
        for row in &self.items {
            csv.row(row.cells());
        }
        let next = self.next.map(|cursor| {
            let asked = asked
                .iter()
                .map(|(name, value)| format!("&{name}={}", escaped(value)));
            let asked: String = asked.collect();
            format!("?format=csv{asked}&limit={limit}&cursor={cursor}")
        });
        csv.answer(file, next.as_deref())
    }
}

/// A value of a query (RFC 3986, section 2.3: what needs no escape).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(byte.into());
        } else {
            // Writing to a text does not fail.
            let _written = write!(text, "%{byte:02X}");
        }
    }
    text
}

impl Cell<'_> {
    /// A time, to the microsecond.
    pub(crate) fn time(at: DateTime<Utc>) -> Self {
        Self::Plain(at.to_rfc3339_opts(SecondsFormat::Micros, true))
    }

    /// A number or hash; empty when there is none.
    pub(crate) fn plain(value: Option<impl ToString>) -> Self {
        Self::Plain(value.map(|value| value.to_string()).unwrap_or_default())
    }
}

/// One cell.
pub(crate) enum Cell<'a> {
    /// Made by this program of digits alone: numbers, times, hashes.
    Plain(String),
    /// May hold what somebody else wrote.
    Text(&'a str),
}

/// A table in the making.
#[derive(Debug)]
pub(crate) struct Csv(String);

impl Csv {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self(format!("{}\r\n", header.join(",")))
    }

    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            match cell {
                Cell::Plain(text) => self.0.push_str(&text),
                Cell::Text(text) => self.text(text),
            }
        }
        self.0.push_str("\r\n");
    }

    /// Quoted where it must be. A text that a spreadsheet would take for a formula begins with an
    /// apostrophe, which says that it is none.
    fn text(&mut self, text: &str) {
        let is_formula =
            text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        let guard = if is_formula { "'" } else { "" };
        if text.contains([',', '"', '\r', '\n', ';', ' ', '\t']) || is_formula {
            self.0.push('"');
            self.0.push_str(guard);
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(text);
        }
    }

    /// The answer; `next` is the path of the next page.
    pub(crate) fn answer(self, file: &str, next: Option<&str>) -> Response {
        let mut response = (
            [(
                header::CONTENT_TYPE,
                "text/csv; charset=utf-8; header=present",
            )],
            self.0,
        )
            .into_response();
        let headers = response.headers_mut();
        // Of the name only what a file name can be everywhere.
        let file: String = file
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
            .take(100)
            .collect();
        let disposition = format!("attachment; filename=\"{file}.csv\"");
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        let link =
            next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        if let Some(link) = link {
            headers.insert(header::LINK, link);
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
        response
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(text: &str) -> String {
        let mut csv = Csv::new(&["a"]);
        csv.row([Cell::Text(text)]);
        csv.0["a\r\n".len()..].trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn what_could_be_a_formula_is_text() {
        assert_eq!(cell("rig1"), "rig1");
        for text in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
        assert_eq!(cell("a\"b,c"), "\"a\"\"b,c\"");
        let mut csv = Csv::new(&["a"]);
        csv.row([Cell::Plain("-5".to_owned())]);
        assert!(csv.0.ends_with("\r\n-5\r\n"), "numbers stay numbers");
    }

    #[test]
    fn the_query_goes_before_what_the_client_accepts() {
        let accepts = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(value).unwrap());
            headers
        };
        let format = |query, accept: &str| Format::of(query, &accepts(accept)).unwrap();
        assert_eq!(format(None, "text/csv;q=0.9, */*"), Format::Csv);
        assert_eq!(format(None, "*/*"), Format::Json);
        assert_eq!(format(Some("json"), "text/csv"), Format::Json);
        assert_eq!(format(Some("csv"), "application/json"), Format::Csv);
        assert!(Format::of(Some("xml"), &HeaderMap::new()).is_err());
    }

    #[test]
    fn what_was_asked_for_stands_in_the_address_of_the_next_page() {
        assert_eq!(escaped("ltc1q-A._~9"), "ltc1q-A._~9");
        assert_eq!(escaped("a&b=\"ü"), "a%26b%3D%22%C3%BC");
    }

    proptest! {
        #[test]
        fn a_cell_is_one_cell(text in any::<String>()) {
            let written = cell(&text);
            if let Some(inner) = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                let read = inner.replace("\"\"", "\u{1}");
                prop_assert!(!read.contains('"'));
            } else {
                prop_assert!(!written.contains([',', '"', '\r', '\n']));
                prop_assert!(!written.starts_with(['=', '+', '-', '@']));
            }
        }
    }
}
