//! Trees and tables as aligned text, with colours where a person sees them.

use super::tree::{Item, State};

/// A cell: what is shown, and in which colour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    text: String,
    colour: Option<&'static str>,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            colour: None,
        }
    }

    pub(super) fn coloured(text: impl Into<String>, colour: &'static str) -> Self {
        Self {
            text: text.into(),
            colour: Some(colour),
        }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

pub(super) const GREEN: &str = "\x1b[32m";
pub(super) const YELLOW: &str = "\x1b[33m";
pub(super) const RED: &str = "\x1b[31m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

/// A line of a table: cells, or a remark over all columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Cells(Vec<Cell>),
    Remark(String),
}

/// Rows with their columns aligned; no line ends in blanks.
pub(super) fn lines(rows: &[Row], colours: bool) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        let Row::Cells(cells) = row else { continue };
        for (column, cell) in cells.iter().enumerate() {
            match widths.get_mut(column) {
                Some(width) => *width = (*width).max(cell.width()),
                None => widths.push(cell.width()),
            }
        }
    }
    rows.iter()
        .map(|row| match row {
            Row::Remark(text) if colours => format!("{DIM}{text}{RESET}"),
            Row::Remark(text) => text.clone(),
            Row::Cells(cells) => line(cells, &widths, colours),
        })
        .collect()
}

fn line(cells: &[Cell], widths: &[usize], colours: bool) -> String {
    let last = cells.iter().rposition(|cell| cell.width() > 0);
    let mut line = String::new();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        match cell.colour.filter(|_| colours) {
            Some(colour) => {
                line.push_str(colour);
                line.push_str(&cell.text);
                line.push_str(RESET);
            }
            None => line.push_str(&cell.text),
        }
        if last.is_none_or(|last| column >= last) {
            break;
        }
        let blanks = width.saturating_sub(cell.width()) + 2;
        line.extend(std::iter::repeat_n(' ', blanks));
    }
    line
}

/// The rows of trees: an object a row, and under it what is to be said of it.
pub(super) fn tree(items: &[Item]) -> Vec<Row> {
    let head = ["OBJECT", "STATE", "REASON", "DETAILS"];
    let mut rows = vec![Row::Cells(head.map(Cell::plain).to_vec())];
    for item in items {
        grow(item, "", "", &mut rows);
    }
    rows
}

fn grow(item: &Item, branch: &str, stem: &str, rows: &mut Vec<Row>) {
    let colour = match item.state {
        State::Ready => GREEN,
        State::Changing | State::Paused | State::Unknown => YELLOW,
        State::NotReady => RED,
    };
    rows.push(Row::Cells(vec![
        Cell::plain(format!("{branch}{}", item.object)),
        Cell::coloured(item.state.word(), colour),
        Cell::plain(&item.reason),
        Cell::plain(item.details.join(", ")),
    ]));
    let rail = if item.items.is_empty() { "  " } else { "│ " };
    for message in &item.messages {
        rows.push(Row::Remark(format!("{stem}{rail}  {message}")));
    }
    let last = item.items.len().saturating_sub(1);
    for (at, child) in item.items.iter().enumerate() {
        let (branch, rest) = if at == last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let (branch, rest) = (format!("{stem}{branch}"), format!("{stem}{rest}"));
        grow(child, &branch, &rest, rows);
    }
}
