//! A pool that was put back from a backup: the statements that it lost are given back as they were.

use ngsign::request::{Outcome, Statement, StatementsAfter, Task};

use crate::support::{Scene, payee, request, signed};

fn told(scene: &mut Scene, after: &[(&str, u64)]) -> Vec<Statement> {
    let after = after.iter().map(|(sharechain, after)| StatementsAfter {
        sharechain: (*sharechain).to_owned(),
        after: *after,
    });
    let task = Task::Tell {
        after: after.collect(),
    };
    match scene.ask(&request(vec![], task)).outcome {
        Outcome::Told { statements } => statements,
        other => panic!("not told: {other:?}"),
    }
}

#[test]
fn the_statements_of_every_chain_are_given_back_byte_for_byte_and_after_a_restart() {
    let mut scene = Scene::new();
    let alice = payee(20);
    let main: Vec<Statement> = (1..4).map(|n| scene.credit(&[(&alice, n)])).collect();
    let other = scene.body("other", &[(&alice, 9)]);
    let other = signed(&other);
    let all = [main.clone(), vec![other.clone()]].concat();
    scene.ask(&request(all, Task::Void { number: 1 }));
    for _ in 0..2 {
        assert_eq!(told(&mut scene, &[("main", 0)]), main);
        assert_eq!(told(&mut scene, &[("main", 2)]), main[2..]);
        let both = told(&mut scene, &[("main", 1), ("other", 0)]);
        assert_eq!(both, [&main[1..], std::slice::from_ref(&other)].concat());
        assert_eq!(told(&mut scene, &[("main", 3), ("unknown", 0)]), vec![]);
        scene.restart().unwrap();
    }
    let position = scene.signer.as_ref().unwrap().position();
    assert_eq!(position.after("main"), 3);
    assert_eq!(position.scripts.len(), 4, "every key's script");
}

#[test]
fn an_answer_takes_no_more_statements_than_a_pool_reads() {
    let mut scene = Scene::new();
    // A name that no pool has, but as long as what many names come to.
    let long = "a".repeat(3 << 20);
    let statements: Vec<Statement> = (1..4).map(|n| scene.credit(&[(&long, n)])).collect();
    for statement in &statements {
        scene.ask(&request(vec![statement.clone()], Task::Void { number: 1 }));
    }
    assert_eq!(told(&mut scene, &[("main", 0)]), statements[..1]);
    assert_eq!(told(&mut scene, &[("main", 1)]), statements[1..2]);
}
