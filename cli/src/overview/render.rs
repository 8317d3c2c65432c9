//! An overview as lines of text.

use std::fmt::Write;

use super::{Block, Overview, PortFigures, ProgramState};
use crate::text::hash_rate;

/// Blocks shown; the rest is counted. Writing to a string cannot fail, here and below.
const SHOWN: usize = 8;

/// The overview as a tree, for a person.
pub(crate) fn lines(overview: &Overview) -> Vec<String> {
    let mut lines = vec![format!("{}  API http://{}", overview.pool, overview.api)];
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    let of = |kind: &str| {
        let kind = kind.to_owned();
        overview
            .programs
            .iter()
            .filter(move |program| program.kind == kind)
    };
    sections.push(("nodes".to_owned(), of("ngcoinserver").map(node).collect()));
    let ports = of("ngstratum").map(|program| {
        port(
            program,
            overview
                .books
                .ports
                .iter()
                .find(|figures| figures.name == program.name),
        )
    });
    sections.push(("ports".to_owned(), ports.collect()));
    let others = ["ngledger", "settle", "ngweb"];
    let others = others.iter().flat_map(|kind| of(kind)).map(other).collect();
    sections.push(("programs".to_owned(), others));
    let shares = &overview.books.shares;
    if shares.accepted > 0 || !shares.rejected.is_empty() {
        let mut line = format!("{} accepted", shares.accepted);
        for (reason, count) in &shares.rejected {
            let _written = write!(line, ", {count} {reason}");
        }
        sections.push(("shares of a day".to_owned(), vec![line]));
    }
    sections.push((
        "blocks".to_owned(),
        some(overview.books.blocks.iter().map(block)),
    ));
    let balances = overview.books.balances.iter().map(|it| {
        format!(
            "{}  immature {}  payees {}  fee {}  drift {}",
            it.currency, it.immature, it.payees, it.fee, it.drift
        )
    });
    sections.push(("balances".to_owned(), some(balances)));
    sections.retain(|(_, items)| !items.is_empty());
    let last_section = sections.len().saturating_sub(1);
    for (at, (title, items)) in sections.iter().enumerate() {
        let (branch, stem) = if at == last_section {
            ("└─", "   ")
        } else {
            ("├─", "│  ")
        };
        lines.push(format!("{branch} {title}"));
        let last_item = items.len().saturating_sub(1);
        for (at, item) in items.iter().enumerate() {
            let branch = if at == last_item { "└─" } else { "├─" };
            lines.push(format!("{stem}{branch} {item}"));
        }
    }
    lines
}

/// The first few, and how many more there are.
fn some(items: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = items.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = items.take(SHOWN).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown
}

fn node(program: &ProgramState) -> String {
    let mut text = headed(program);
    push(&mut text, program, "height", |height| {
        format!("height {height}")
    });
    push(&mut text, program, "peers", |peers| {
        format!("{peers} peers")
    });
    push(&mut text, program, "template_age_s", |age| {
        format!("template {age} s old")
    });
    text
}

fn port(program: &ProgramState, figures: Option<&PortFigures>) -> String {
    let mut text = headed(program);
    push(&mut text, program, "connections", |count| {
        format!("{count} connections")
    });
    if let Some(figures) = figures {
        let _written = write!(text, "  {}  {}", hash_rate(figures.hash_rate), figures.url);
    }
    text
}

fn block(block: &Block) -> String {
    format!(
        "{} {:>7}  {:<9} {:>4} confirmations  {}  {}",
        block.currency,
        block.height,
        block.state,
        block.confirmations,
        block.reward,
        short(&block.hash)
    )
}

fn other(program: &ProgramState) -> String {
    if program.kind == "ngweb" {
        headed(program)
    } else {
        format!("{} {}", program.kind, headed(program))
    }
}

/// Name and health.
fn headed(program: &ProgramState) -> String {
    let currency = program.facts.get("currency").map_or("", String::as_str);
    let name = if currency.is_empty() {
        program.name.clone()
    } else {
        format!("{} ({currency})", program.name)
    };
    if program.ready {
        format!("{name}  ready")
    } else {
        format!("{name}  NOT READY: {}", program.reason)
    }
}

fn push(text: &mut String, program: &ProgramState, fact: &str, show: impl Fn(&str) -> String) {
    if let Some(value) = program.facts.get(fact) {
        text.push_str("  ");
        text.push_str(&show(value));
    }
}

/// The two ends of a long name.
pub(crate) fn short(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= 20 {
        return name.to_owned();
    }
    let (head, tail) = (&letters[..10], &letters[letters.len() - 8..]);
    head.iter().chain(['…'].iter()).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overview::{Block, Books};

    #[test]
    fn an_overview_is_a_tree_with_the_reason_of_anything_unwell() {
        let program = |kind: &str, name: &str, ready, facts: &[(&str, &str)]| ProgramState {
            kind: kind.to_owned(),
            name: name.to_owned(),
            ready,
            reason: if ready {
                String::new()
            } else {
                "no peers".to_owned()
            },
            facts: facts
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        };
        let overview = Overview {
            pool: "Test".to_owned(),
            api: "127.0.0.1:8080".to_owned(),
            programs: vec![
                program(
                    "ngcoinserver",
                    "a",
                    false,
                    &[("currency", "LTC"), ("height", "7")],
                ),
                program("ngstratum", "main", true, &[("connections", "2")]),
            ],
            books: Books {
                blocks: (1..=9)
                    .map(|height| Block {
                        currency: "LTC".into(),
                        height,
                        ..Block::default()
                    })
                    .collect(),
                ports: vec![PortFigures {
                    name: "main".into(),
                    url: "stratum+tcp://h:1".into(),
                    hash_rate: 1_500.0,
                }],
                ..Books::default()
            },
        };
        let lines = lines(&overview);
        assert_eq!(lines[0], "Test  API http://127.0.0.1:8080");
        assert_eq!(lines[1], "├─ nodes");
        assert_eq!(lines[2], "│  └─ a (LTC)  NOT READY: no peers  height 7");
        assert_eq!(
            lines[4],
            "│  └─ main  ready  2 connections  1.5 kH/s  stratum+tcp://h:1"
        );
        assert_eq!(lines[5], "└─ blocks");
        assert_eq!(lines.last().unwrap(), "   └─ and 1 more");
    }

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(short("rltc1qabcdefghijklmnopqrstuv"), "rltc1qabcd…opqrstuv");
        assert_eq!(short("short"), "short");
    }
}
