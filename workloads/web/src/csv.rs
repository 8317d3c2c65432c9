//! Lists as comma-separated values (RFC 4180), safe to open in a spreadsheet.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

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
