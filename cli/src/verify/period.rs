//! A period of bought work (PPS, FPPS): every credit computed anew from its work, and the statement.

use std::collections::{BTreeMap, BTreeSet};

use ngpool_accounting::{
    FeePpm, Leaf, Payee, StatementBody, Subject, SumTree, U256,
    pps::{FRACTION_BITS, Rate, Worth},
};
use ngpool_chain::BlockHash;
use serde::Deserialize;

use super::{
    Findings, VerifyCommand,
    document::{Statement, number},
    statement::{follows, networks, pays, signed},
};

/// A period, as the API gives it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PeriodDocument {
    format: u32,
    genesis_hash: BlockHash,
    currency: String,
    sharechain: String,
    period: Period,
    credits: Vec<Credit>,
    #[serde(default)]
    next: Option<String>,
    statement: Option<Statement>,
    #[serde(default)]
    previous: Option<Statement>,
}

#[derive(Debug, Clone, Deserialize)]
struct Period {
    number: u64,
    after: u64,
    to: u64,
    #[serde(deserialize_with = "number")]
    subsidy: u64,
    #[serde(deserialize_with = "number")]
    fees: u64,
    fee_ppm: u32,
    #[serde(deserialize_with = "number")]
    work: u128,
    #[serde(deserialize_with = "number")]
    amount: u64,
    #[serde(deserialize_with = "number")]
    donation: u64,
    #[serde(deserialize_with = "number")]
    fee: u64,
}

/// A payee's line. What is carried is (of credits, of donations), scaled by 2^32.
#[derive(Debug, Clone, Deserialize)]
struct Credit {
    payee: String,
    #[serde(deserialize_with = "number")]
    work: u128,
    #[serde(deserialize_with = "number")]
    expected: u128,
    #[serde(deserialize_with = "number")]
    value: u128,
    #[serde(deserialize_with = "number")]
    amount: u64,
    #[serde(deserialize_with = "number")]
    donation: u64,
    carried_before: [u32; 2],
    carried_after: [u32; 2],
}

pub(super) fn check(document: &PeriodDocument, command: &VerifyCommand) -> Findings {
    let mut findings = Findings::default();
    findings.note(complete(document));
    findings.note(sums(document));
    findings.note(recompute(document));
    match &document.statement {
        None => findings.note(Err("there is no statement of the period yet".to_owned())),
        Some(statement) => {
            findings.note(signed(statement, command.key.as_deref()));
            match StatementBody::decode(&statement.body) {
                Ok(body) => {
                    findings.note(says(document, statement, &body));
                    findings.note(follows(document.previous.as_slice(), statement, &body));
                }
                Err(error) => findings.note(Err(error.to_string())),
            }
        }
    }
    if let Some(payee) = &command.payee {
        own_part(document, payee, command.amount, &mut findings);
    }
    findings
}

fn complete(document: &PeriodDocument) -> Result<String, String> {
    if document.format != 1 {
        return Err(format!(
            "the document has form {}, this program reads 1",
            document.format
        ));
    }
    if document.next.is_some() {
        return Err(
            "the document holds only the first credits: read it from its address with --save"
                .to_owned(),
        );
    }
    let period = &document.period;
    Ok(format!(
        "period {} of {} on {}: the work after position {} up to {}",
        period.number, document.currency, document.sharechain, period.after, period.to
    ))
}

/// Credits, donations and what the operator took are what left the reserve, and every payee stands
/// there once.
fn sums(document: &PeriodDocument) -> Result<String, String> {
    let period = &document.period;
    let mut seen = BTreeSet::new();
    let (mut credited, mut given, mut work) = (0_u128, 0_u128, Some(0_u128));
    for credit in &document.credits {
        if !seen.insert(credit.payee.as_str()) {
            return Err(format!("{} stands there twice", credit.payee));
        }
        credited += u128::from(credit.amount);
        given += u128::from(credit.donation);
        work = work.and_then(|sum| sum.checked_add(credit.work));
    }
    let all = credited + given + u128::from(period.fee);
    if all != u128::from(period.amount) || given != u128::from(period.donation) {
        return Err(format!(
            "credits {credited}, donations {given} and fee {} are not what left the reserve, {}",
            period.fee, period.amount
        ));
    }
    if work != Some(period.work) {
        return Err("the lines' work is not the period's".to_owned());
    }
    Ok(format!(
        "{credited} to {} payees, {given} given and {} of fee are what left the reserve, {}",
        document.credits.len(),
        period.fee,
        period.amount
    ))
}

/// Work at the period's rate, and what was carried before, is what is credited, given and carried.
fn recompute(document: &PeriodDocument) -> Result<String, String> {
    let period = &document.period;
    let rate = Rate {
        subsidy: period.subsidy,
        fees: period.fees,
        fee: FeePpm::new(period.fee_ppm).map_err(|error| error.to_string())?,
    };
    let fractions = |[credit, donation]: [u32; 2]| U256::from(credit) + U256::from(donation);
    for credit in &document.credits {
        let worth = rate.value(Worth {
            expected_blocks: credit.expected,
            value: credit.value,
        });
        let before = worth + fractions(credit.carried_before);
        let units = U256::from(credit.amount) + U256::from(credit.donation);
        let after = (units << FRACTION_BITS as usize) + fractions(credit.carried_after);
        if before != after {
            return Err(format!(
                "the work of {} is worth {} and {}/2^32 units with what he carried, which is not what he \
                 gets, gives and carries on",
                credit.payee,
                before >> FRACTION_BITS as usize,
                before & U256::from(u32::MAX)
            ));
        }
    }
    Ok(format!(
        "computed anew at {} a block, less {} millionths, every credit is the same",
        u128::from(period.subsidy) + u128::from(period.fees),
        period.fee_ppm
    ))
}

/// The statement says what is published.
fn says(
    document: &PeriodDocument,
    statement: &Statement,
    body: &StatementBody,
) -> Result<String, String> {
    let period = &document.period;
    let subject = Subject::Period {
        number: period.number,
        after: period.after,
        to: period.to,
    };
    let is_same = [
        ("currency", body.currency == document.currency),
        ("chain", body.genesis == document.genesis_hash.to_bytes()),
        ("sharechain", body.sharechain == document.sharechain),
        ("number", body.number == statement.number),
        ("predecessor", body.previous[..] == statement.previous[..]),
        ("period", body.subject == subject),
        ("amount", body.amount == period.amount),
        ("fee", body.fee == period.fee),
        ("donations", body.donation == period.donation),
    ];
    if let Some((what, _)) = is_same.iter().find(|(_, same)| !same) {
        return Err(format!("the statement names another {what}"));
    }
    let networks = networks(document.genesis_hash);
    let published: BTreeMap<&str, u64> = document
        .credits
        .iter()
        .filter(|credit| credit.amount > 0)
        .map(|credit| (credit.payee.as_str(), credit.amount))
        .collect();
    let is_credited = published.len() == body.entries.len()
        && body
            .entries
            .iter()
            .all(|(payee, entry)| published.get(payee.as_str()) == Some(&entry.amount));
    if !is_credited {
        return Err("the statement credits otherwise than is published".to_owned());
    }
    for (payee, entry) in &body.entries {
        if !networks.is_empty() && !pays(payee.as_str(), &entry.script, &networks) {
            return Err(format!(
                "the statement names a script that is not the address {}",
                payee.as_str()
            ));
        }
    }
    let root = SumTree::new(leaves(document)).root().hash;
    if body.root != root {
        return Err("the statement signs other lines".to_owned());
    }
    Ok(format!(
        "the statement credits {} payees as published, and signs the root {}",
        body.entries.len(),
        hex::encode(root)
    ))
}

fn leaves(document: &PeriodDocument) -> Vec<Leaf> {
    let credits = document.credits.iter();
    credits
        .map(|credit| Leaf::public(&Payee::new(&*credit.payee), credit.work, credit.amount))
        .collect()
}

fn own_part(document: &PeriodDocument, payee: &str, wanted: Option<u64>, findings: &mut Findings) {
    let line = document.credits.iter().find(|credit| credit.payee == payee);
    let Some(line) = line else {
        findings.note(Err(format!("{payee} has no line in the period")));
        return;
    };
    findings.note(Ok(format!(
        "{payee} has a line: work {}, amount {}",
        line.work, line.amount
    )));
    if let Some(wanted) = wanted {
        findings.note(if line.amount == wanted {
            Ok(format!("{payee} is credited {wanted}, as expected"))
        } else {
            Err(format!("{payee} is credited {}, not {wanted}", line.amount))
        });
    }
}
