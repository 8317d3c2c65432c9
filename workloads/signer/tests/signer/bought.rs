//! Work that the pool's reserve bought (PPS, FPPS): what the signer books of it, and how far it trusts.

use ngpool_accounting::{StatementBody, Subject};
use ngsign::request::{POOL_FEE, Response, Statement, Task};

use crate::support::{COIN, Scene, payee, reason, request, signed};

/// The next statement about a period, which credits one payee; the support's fee of ten is in it.
fn period(scene: &Scene, (number, after): (u64, u64), amount: u64) -> StatementBody {
    let who = payee(20);
    StatementBody {
        subject: Subject::Period {
            number,
            after,
            to: after + 5,
        },
        ..scene.body("main", &[(&who, amount)])
    }
}

/// A block of which the reserve has all.
fn block(scene: &Scene, reserve: u64) -> StatementBody {
    let body = scene.body("main", &[]);
    let Subject::Block { hash, height, .. } = body.subject else {
        panic!("a block");
    };
    StatementBody {
        subject: Subject::Block {
            hash,
            height,
            reward: reserve,
        },
        amount: reserve,
        fee: 0,
        reserve,
        ..body
    }
}

fn tell(scene: &mut Scene, statement: Statement) -> Response {
    scene.ask(&request(vec![statement], Task::Void { number: 9 }))
}

fn credited(scene: &Scene) -> u128 {
    let books = scene.signer.as_ref().unwrap().books();
    books.account(&payee(20)).credited
}

#[test]
fn bought_work_is_booked_as_far_as_blocks_and_capital_reach() {
    let mut scene = Scene::with_policy(&format!("maxPpsAhead: {COIN}"));
    let dear = period(&scene, (1, 0), COIN);
    assert_eq!(
        reason(&tell(&mut scene, signed(&dear))),
        "statement_reserve"
    );
    let first = period(&scene, (1, 0), COIN - 10);
    tell(&mut scene, signed(&first));
    scene.keep(&first);
    assert_eq!(credited(&scene), u128::from(COIN - 10));

    // The capital is used up; a block brings more.
    let second = period(&scene, (2, 5), 5);
    assert_eq!(
        reason(&tell(&mut scene, signed(&second))),
        "statement_reserve"
    );
    let found = block(&scene, 100);
    tell(&mut scene, signed(&found));
    scene.keep(&found);
    let second = period(&scene, (2, 5), 90);
    tell(&mut scene, signed(&second));
    scene.keep(&second);
    assert_eq!(credited(&scene), u128::from(COIN + 80));
    scene.restart().unwrap();
    assert_eq!(credited(&scene), u128::from(COIN + 80), "after a restart");
}

#[test]
fn a_policy_without_the_field_lets_nothing_ahead() {
    let mut scene = Scene::new();
    let first = period(&scene, (1, 0), 1);
    assert_eq!(
        reason(&tell(&mut scene, signed(&first))),
        "statement_reserve"
    );
}

#[test]
fn the_same_work_is_not_bought_twice() {
    let mut scene = Scene::with_policy(&format!("maxPpsAhead: {COIN}"));
    let skipped = period(&scene, (2, 0), 1);
    assert_eq!(
        reason(&tell(&mut scene, signed(&skipped))),
        "statement_period"
    );
    let first = period(&scene, (1, 0), 1);
    tell(&mut scene, signed(&first));
    scene.keep(&first);
    for wrong in [(1, 5), (2, 4), (3, 5)] {
        let wrong = period(&scene, wrong, 1);
        assert_eq!(
            reason(&tell(&mut scene, signed(&wrong))),
            "statement_period"
        );
    }
}

#[test]
fn donations_are_the_pools_to_draw_like_its_fees() {
    let mut scene = Scene::new();
    let who = payee(20);
    let body = scene.body("main", &[(&who, COIN)]);
    let given = StatementBody {
        donation: 7,
        fee: 3,
        bonus: 5,
        ..body
    };
    tell(&mut scene, signed(&given));
    let books = scene.signer.as_ref().unwrap().books();
    assert_eq!(books.account(POOL_FEE).credited, 10);
    assert_eq!(credited(&scene), u128::from(COIN));
}
