//! Over random histories: nobody is signed more than he was credited, whatever is asked, repeated,
//! raised, voided or restarted.

use std::collections::BTreeMap;

use ngsign::{
    keyring::Kind,
    request::{Outcome, Task},
};
use proptest::prelude::*;

use crate::support::{COIN, Scene, part, payee, payout, psbt, request};

#[derive(Debug, Clone)]
enum Step {
    Credit { who: u8, amount: u64 },
    Pay { number: u64, who: u8, amount: u64 },
    Again,
    Raise { fee: u64 },
    Void { number: u64 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3_u8, 1..1000_u64).prop_map(|(who, amount)| Step::Credit { who, amount }),
        (0..3_u64, 0..3_u8, 1..1500_u64).prop_map(|(number, who, amount)| Step::Pay {
            number,
            who,
            amount
        }),
        Just(Step::Again),
        (1..9000_u64).prop_map(|fee| Step::Raise { fee }),
        (0..3_u64).prop_map(|number| Step::Void { number }),
        Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn totals_signed_never_exceed_totals_credited(steps in prop::collection::vec(step(), 1..25)) {
        let mut scene = Scene::new();
        let names: Vec<String> = (0..3).map(|who| payee(20 + who)).collect();
        let mut credited = [0_u64; 3];
        let mut statements = Vec::new();
        let mut signed = BTreeMap::<u64, (u8, u64)>::new();
        let mut last_asked = None;
        for step in steps {
            let last = scene.signer.as_ref().unwrap().books().last_payout();
            // Mostly the next number, sometimes one beside it.
            let near = |number: u64| (last + number).saturating_sub(u64::from(number == 0));
            let asked = match step {
                Step::Credit { who, amount } => {
                    credited[usize::from(who)] += amount;
                    let name = names[usize::from(who)].clone();
                    statements.push(scene.credit(&[(&name, amount)]));
                    continue;
                }
                Step::Restart => {
                    scene.restart().unwrap();
                    continue;
                }
                Step::Void { number } => {
                    let number = near(number);
                    let answer = scene.ask(&request(vec![], Task::Void { number }));
                    let is_void = matches!(answer.outcome, Outcome::Voided { .. });
                    prop_assert!(!is_void || !signed.contains_key(&number));
                    continue;
                }
                Step::Pay { number, who, amount } => {
                    let coin = scene.coin(Kind::P2wpkh, COIN);
                    let parts = vec![part(&names[usize::from(who)], amount)];
                    let asked = payout(near(number), &parts, 2000,
                        &psbt(std::slice::from_ref(&coin), &parts, 2000));
                    last_asked = Some((asked.clone(), coin, who, amount));
                    asked
                }
                Step::Again => match &last_asked {
                    Some((asked, ..)) => asked.clone(),
                    None => continue,
                },
                Step::Raise { fee } => match &last_asked {
                    Some((asked, coin, ..)) => {
                        let mut raised = payout(asked.number, &asked.payees, fee,
                            &psbt(std::slice::from_ref(coin), &asked.payees, fee));
                        raised.version = asked.version + 1;
                        raised
                    }
                    None => continue,
                },
            };
            let number = asked.number;
            let answer = scene.ask(&request(statements.clone(), Task::Sign(asked)));
            if let Outcome::Signed { .. } = answer.outcome {
                let (_, _, who, amount) = last_asked.as_ref().unwrap();
                let before = signed.insert(number, (*who, *amount));
                prop_assert!(before.is_none_or(|before| before == (*who, *amount)));
            }
            for who in 0..3_u8 {
                let sum: u64 = signed.values().filter(|(paid, _)| *paid == who)
                    .map(|(_, amount)| amount).sum();
                prop_assert!(sum <= credited[usize::from(who)]);
            }
        }
    }
}
