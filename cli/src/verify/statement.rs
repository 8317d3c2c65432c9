//! The statements of a block: signature, place in their chain, and that they say what is published.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};
use ngpool_accounting::{StatementBody, Subject, SumTree};
use ngpool_chain::{Address, BlockHash, Network};
use sha2::{Digest, Sha256};

use super::{
    Findings,
    document::{Document, Part, Statement},
    split::{credits, leaves},
};

pub(super) fn check(document: &Document, key: Option<&str>, findings: &mut Findings) {
    let Some(audit) = &document.block.audit else {
        return;
    };
    if document.statements.is_empty() {
        findings.note(Err(format!(
            "there is no statement: the block is {}, and is signed for once it is mature",
            document.block.state
        )));
        return;
    }
    let networks = networks(document.genesis_hash);
    for part in &audit.parts {
        let name = &part.sharechain;
        let mut of_part = document
            .statements
            .iter()
            .filter(|statement| statement.sharechain == *name);
        let (Some(statement), None) = (of_part.next(), of_part.next()) else {
            findings.note(Err(format!("{name} does not have exactly one statement")));
            continue;
        };
        findings.note(signed(statement, key));
        match StatementBody::decode(&statement.body) {
            Ok(body) => {
                findings.note(says(document, part, statement, &body, &networks));
                findings.note(follows(&document.previous, statement, &body));
            }
            Err(error) => findings.note(Err(format!("on {name}: {error}"))),
        }
    }
    let extra = document.statements.iter().find(|statement| {
        !audit
            .parts
            .iter()
            .any(|part| part.sharechain == statement.sharechain)
    });
    if let Some(extra) = extra {
        findings.note(Err(format!(
            "there is a statement of {}, which has no part",
            extra.sharechain
        )));
    }
}

/// The chains with this block 0 whose addresses are known here.
pub(super) fn networks(genesis: BlockHash) -> Vec<Network> {
    Network::preset_names()
        .filter_map(Network::preset)
        .filter(|network| network.genesis_hash == genesis)
        .collect()
}

/// The signature is right, and by the key that is expected.
pub(super) fn signed(statement: &Statement, expected: Option<&str>) -> Result<String, String> {
    let name = &statement.sharechain;
    let key = hex::encode(&statement.key);
    let wrong = |what: &str| format!("on {name}, {what}");
    if expected.is_some_and(|expected| !expected.trim().eq_ignore_ascii_case(&key)) {
        return Err(wrong(&format!(
            "the statement is signed by another key: {key}"
        )));
    }
    let bytes: [u8; 32] = statement
        .key
        .as_slice()
        .try_into()
        .map_err(|_| wrong("the key does not have 32 bytes"))?;
    let verifying =
        VerifyingKey::from_bytes(&bytes).map_err(|_| wrong("the key is no key of Ed25519"))?;
    let signature = Signature::from_slice(&statement.signature)
        .map_err(|_| wrong("the signature does not have 64 bytes"))?;
    verifying
        .verify_strict(&statement.body, &signature)
        .map_err(|_| wrong("the signature is not of this statement by this key"))?;
    if Sha256::digest(&statement.body).as_slice() != statement.digest {
        return Err(wrong("the digest is not that of the statement"));
    }
    let known = if expected.is_some() {
        "the key that was given"
    } else {
        "key"
    };
    Ok(format!(
        "on {name}, statement {} is signed by {known} {key}",
        statement.number
    ))
}

/// The statement says what is published.
fn says(
    document: &Document,
    part: &Part,
    statement: &Statement,
    body: &StatementBody,
    networks: &[Network],
) -> Result<String, String> {
    let (block, name) = (&document.block, &part.sharechain);
    let subject = Subject::Block {
        hash: block.hash.to_bytes(),
        height: block.height,
        reward: block.reward,
    };
    let root = SumTree::new(leaves(document, name)).root().hash;
    let is_same = [
        ("currency", body.currency == block.currency),
        ("chain", body.genesis == document.genesis_hash.to_bytes()),
        ("sharechain", body.sharechain == *name),
        ("number", body.number == statement.number),
        ("predecessor", body.previous[..] == statement.previous[..]),
        ("block", body.subject == subject),
        ("amount", body.amount == part.amount),
        ("fee", body.fee == part.fee),
        ("donations", body.donation == part.donation),
        ("reserve", body.reserve == part.reserve),
        ("bonus", body.bonus == part.bonus),
    ];
    if let Some((what, _)) = is_same.iter().find(|(_, same)| !same) {
        return Err(format!("the statement of {name} names another {what}"));
    }
    let published: BTreeMap<&str, u64> = credits(document, name)
        .filter(|credit| credit.amount > 0)
        .map(|credit| (credit.payee.as_str(), credit.amount))
        .collect();
    if published.len() != body.entries.len() {
        return Err(format!(
            "the statement of {name} credits {} payees, the split {}",
            body.entries.len(),
            published.len()
        ));
    }
    for (payee, entry) in &body.entries {
        let payee = payee.as_str();
        let amount = published.get(payee).copied().unwrap_or(0);
        if amount != entry.amount {
            return Err(format!(
                "the statement of {name} credits {payee} {}, the split {amount}",
                entry.amount
            ));
        }
        if !networks.is_empty() && !pays(payee, &entry.script, networks) {
            return Err(format!(
                "the statement of {name} names a script that is not the address {payee}"
            ));
        }
    }
    if body.root != root {
        return Err(format!("the statement of {name} signs another split"));
    }
    Ok(format!(
        "on {name}, the statement credits {} payees as published, and signs the root {}",
        body.entries.len(),
        hex::encode(root)
    ))
}

/// Whether a script is that of the address; a payee who is no address has none yet.
pub(super) fn pays(payee: &str, script: &[u8], networks: &[Network]) -> bool {
    let mut addresses = networks
        .iter()
        .filter_map(|network| Address::parse(payee, network).ok())
        .peekable();
    if addresses.peek().is_none() {
        return script.is_empty();
    }
    addresses.any(|address| address.script() == script)
}

/// The statement follows the one before it.
pub(super) fn follows(
    previous: &[Statement],
    statement: &Statement,
    body: &StatementBody,
) -> Result<String, String> {
    let (name, number) = (&statement.sharechain, body.number);
    if number <= 1 {
        return if number == 1 && body.previous == [0; 32] {
            Ok(format!("on {name}, it is the first statement"))
        } else {
            Err(format!(
                "on {name}, the first statement names a predecessor"
            ))
        };
    }
    let before = previous
        .iter()
        .find(|before| before.sharechain == *name && before.number == number - 1)
        .ok_or_else(|| format!("on {name}, statement {} is not there to check", number - 1))?;
    signed(before, None)?;
    if before.key != statement.key {
        return Err(format!(
            "on {name}, the statement before is signed by another key"
        ));
    }
    let earlier = StatementBody::decode(&before.body)
        .map_err(|error| format!("on {name}, the statement before: {error}"))?;
    let is_before = earlier.currency == body.currency
        && earlier.genesis == body.genesis
        && earlier.sharechain == body.sharechain
        && earlier.number == number - 1
        && earlier.digest() == body.previous;
    if is_before {
        Ok(format!("on {name}, it follows statement {}", number - 1))
    } else {
        Err(format!(
            "on {name}, it does not follow statement {}",
            number - 1
        ))
    }
}
