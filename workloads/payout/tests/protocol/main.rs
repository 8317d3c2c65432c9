//! The payout protocol, explored: every order of what pool, signers, network and chain may do, within
//! bounds. The functions that decide are the product's: `life::step` and the signer's ledger.
//!
//! `NGPOOL_MODEL=N` cuts each exploration after N generated states, `full` does not cut; else each is
//! cut where it takes seconds.

// Helpers of tests fail like tests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub
)]

mod model;
mod pool;
mod signer;

use std::time::Instant;

use model::{Bounds, Faults};
use stateright::{Checker, HasDiscoveries, Model};

const NONE: Faults = Faults {
    crashes: 0,
    losses: 0,
    repeats: 0,
    reorganisations: 0,
    restores: 0,
    strangers: 0,
    voids: 0,
};

const PLAIN: Bounds = Bounds {
    credit: 2,
    payouts: 2,
    versions: 2,
    runs: 1,
    signers: 1,
    faults: NONE,
};

/// Explores, prints how much there was, and fails on the first state that should not be.
fn explore(name: &str, bounds: Bounds, sometimes: &[&'static str]) {
    let cut = match std::env::var("NGPOOL_MODEL") {
        Ok(text) if text == "full" => usize::MAX,
        Ok(text) => text.parse().unwrap(),
        Err(_) => CUT,
    };
    let begun = Instant::now();
    let checker = bounds
        .checker()
        .threads(2)
        .finish_when(HasDiscoveries::AnyFailures)
        .target_state_count(cut)
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, depth {}, {:?}, {}",
        checker.unique_state_count(),
        checker.max_depth(),
        begun.elapsed(),
        if checker.state_count() < cut {
            "all of them"
        } else {
            "cut"
        }
    );
    for property in bounds.properties() {
        let found = checker.discovery(property.name);
        match property.expectation {
            stateright::Expectation::Always => {
                assert!(
                    found.is_none(),
                    "{name}: {}: {}",
                    property.name,
                    path(found)
                );
            }
            _ if sometimes.contains(&property.name) => {
                assert!(found.is_some(), "{name}: never: {}", property.name);
            }
            _ => {}
        }
    }
}

/// Generated states after which a run that is not full ends.
const CUT: usize = 200_000;

fn path(found: Option<stateright::Path<model::State, model::Action>>) -> String {
    found.map_or_else(String::new, |path| {
        let last = format!("{:#?}", path.last_state());
        let actions = path.into_actions();
        let told: Vec<String> = actions.iter().map(|action| format!("{action:?}")).collect();
        format!("\n{}\n{last}", told.join("\n"))
    })
}

#[test]
fn two_payouts_of_two_versions_end_whatever_order_they_are_worked_in() {
    let bounds = Bounds { runs: 2, ..PLAIN };
    explore(
        "plain",
        bounds,
        &["two payouts confirm", "a second version confirms"],
    );
}

#[test]
fn crashes_lost_and_repeated_messages_and_a_reorganisation_pay_nobody_twice() {
    let faults = Faults {
        crashes: 2,
        losses: 1,
        repeats: 1,
        reorganisations: 1,
        ..NONE
    };
    let bounds = Bounds {
        signers: 2,
        faults,
        ..PLAIN
    };
    explore("faults", bounds, &[]);
}

#[test]
fn one_credit_is_paid_by_one_of_two_payouts_when_the_first_is_void() {
    let faults = Faults {
        crashes: 1,
        losses: 1,
        reorganisations: 1,
        voids: 1,
        ..NONE
    };
    let bounds = Bounds {
        credit: 1,
        faults,
        ..PLAIN
    };
    explore("void", bounds, &[]);
}

#[test]
fn a_database_put_back_learns_what_was_signed_and_signs_nothing_again() {
    for credit in [1, 2] {
        let faults = Faults {
            restores: 1,
            losses: 1,
            voids: 1,
            ..NONE
        };
        let bounds = Bounds {
            credit,
            faults,
            ..PLAIN
        };
        explore(&format!("restore with {credit}"), bounds, &[]);
    }
}

#[test]
fn a_database_put_back_and_a_crash_together_pay_nobody_twice() {
    let faults = Faults {
        restores: 1,
        crashes: 1,
        ..NONE
    };
    let bounds = Bounds {
        credit: 1,
        faults,
        ..PLAIN
    };
    explore("restore and crash", bounds, &[]);
}

#[test]
fn a_stranger_who_spends_a_coin_makes_nobody_be_paid_twice() {
    let faults = Faults {
        strangers: 1,
        reorganisations: 1,
        crashes: 1,
        ..NONE
    };
    for credit in [1, 2] {
        let bounds = Bounds {
            credit,
            faults,
            ..PLAIN
        };
        explore(&format!("stranger with {credit}"), bounds, &[]);
    }
}
