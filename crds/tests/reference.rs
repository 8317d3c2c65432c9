//! The pages in `docs/reference/` are those of the types.
//!
//! `UPDATE_DOCS=1 cargo test -p ngpool-crds --test reference` writes them anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by them"
)]

use std::{fs, path::PathBuf};

use ngpool_crds::{
    Kind,
    reference::{reference_file, reference_page},
    schema::DEFINED,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The example that a page shows.
fn example(kind: Kind) -> String {
    let file = match kind {
        Kind::Pool => "litecoin-regtest/pool.yaml",
        Kind::Currency => "litecoin-regtest/currency.yaml",
        Kind::Coinserver => "litecoin-regtest/coinservers.yaml",
        Kind::Sharechain => "litecoin-regtest/sharechain.yaml",
        _ => "litecoin-regtest/stratumport.yaml",
    };
    fs::read_to_string(root().join("examples").join(file)).unwrap()
}

fn page(kind: Kind) -> String {
    reference_page(kind, &example(kind)).unwrap()
}

#[test]
fn the_committed_pages_are_those_of_the_types() {
    for kind in DEFINED {
        let file = root().join("docs/reference").join(reference_file(kind));
        let page = page(kind);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &page).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == page,
            "{} is not what the types say; write it anew with \
             UPDATE_DOCS=1 cargo test -p ngpool-crds --test reference",
            file.display()
        );
    }
}

#[test]
fn a_page_says_what_a_field_may_hold_and_what_holds_without_it() {
    let port = page(Kind::StratumPort);
    for row in [
        "| `port` | whole number, 1 to 65535 | **refused** | Port that miners connect to. |",
        "| `replicas` | whole number, 0 to 1000 | `1` | Number of pods; an autoscaler may own it. |",
        "| `vardiff` | [object](#specvardiff) |  |",
        "- auxCurrencies must not hold the base currency",
        "| for kubectl | `stratumports`, `stratumport`, `sp`;",
        "`scale` (`spec.replicas`",
    ] {
        assert!(port.contains(row), "{row}");
    }
}

#[test]
fn every_row_of_a_table_has_its_four_cells() {
    for kind in DEFINED {
        for row in page(kind).lines().filter(|line| line.starts_with("| `")) {
            let cells = row.replace("\\|", "").matches('|').count();
            assert!([3, 5].contains(&cells), "{kind}: {row}");
        }
    }
}

#[test]
fn every_link_in_a_page_leads_to_a_heading_of_it() {
    for kind in DEFINED {
        let page = page(kind);
        let kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let headings: Vec<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .map(|title| {
                title
                    .to_ascii_lowercase()
                    .replace(' ', "-")
                    .chars()
                    .filter(kept)
                    .collect()
            })
            .collect();
        for link in page.split("](#").skip(1) {
            let anchor = link.split(')').next().unwrap();
            assert!(
                headings.iter().any(|heading| heading == anchor),
                "{kind}: {anchor}"
            );
        }
    }
}
