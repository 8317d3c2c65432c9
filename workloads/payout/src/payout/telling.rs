//! Statements that a signer gives back to a database that was put back: only what a key of this pool
//! signed is believed, in the order of its chain.

use ed25519_dalek::{Signature, VerifyingKey};
use ngpool_accounting::{StatementBody, Subject};
use ngpool_chain::BlockHash;
use ngpool_signing::request::Statement;
use ngpool_store::{SignedStatement, StatementSubject, TakenStatement};

use super::inbox::Handled;
use crate::settle::{Pass, SettleReport, StepError, key};

/// Keeps what follows the last statement here. What it is about is credited by the other steps.
pub(super) async fn told(
    pass: &Pass<'_>,
    statements: &[Statement],
    report: &mut SettleReport,
) -> Result<Handled, StepError> {
    let own = key::load_or_create(&pass.settings.statement_key_file)?;
    let mut keys = vec![own.verifying_key()];
    for key in pass.store.statement_keys(pass.code()).await? {
        keys.extend(VerifyingKey::from_bytes(&key));
    }
    if statements.is_empty() {
        return Ok(Handled::Done(
            "the signer does not have the statements whole".to_owned(),
        ));
    }
    let mut new = 0_usize;
    for statement in statements {
        let Some(key) = signed_by(statement, &keys) else {
            let text = "the signer's statements are signed by no key that is known here: put the \
                        statement key back where it was";
            return Ok(Handled::Later(text.to_owned()));
        };
        let Some(statement) = read(pass, statement, &key) else {
            let text = "not taken: a statement is not one of this currency, or cannot be read";
            return Ok(Handled::Done(text.to_owned()));
        };
        let (seq, sharechain) = (statement.seq, statement.sharechain.clone());
        match pass.store.take_statement(&statement).await? {
            TakenStatement::New => new += 1,
            TakenStatement::Known => {}
            TakenStatement::Gap(last) => {
                return Ok(Handled::Done(format!(
                    "not taken: statement {sharechain} {seq} does not follow {last}"
                )));
            }
            TakenStatement::Fork => {
                let text = format!(
                    "statement {sharechain} {seq} of the signer is another than the one here: the \
                     database was settled after a restore before the signer had answered; restore it \
                     again, in the order of docs/backup.md"
                );
                tracing::error!(currency = pass.code(), sharechain, seq, "{text}");
                return Ok(Handled::Done(text));
            }
        }
    }
    let text = format!("{new} statements are taken over from the signer");
    tracing::info!(currency = pass.code(), new, "{text}");
    if new > 0 {
        // They are credited by steps that come before this one: in the next run.
        report.waiting.push(text.clone());
    }
    Ok(Handled::Done(text))
}

fn signed_by(statement: &Statement, keys: &[VerifyingKey]) -> Option<VerifyingKey> {
    let signature = Signature::from_bytes(&statement.signature.0);
    let is_by = |key: &&VerifyingKey| key.verify_strict(&statement.body.0, &signature).is_ok();
    keys.iter().find(is_by).copied()
}

fn read(pass: &Pass<'_>, statement: &Statement, key: &VerifyingKey) -> Option<SignedStatement> {
    let body = StatementBody::decode(&statement.body.0).ok()?;
    let genesis = pass.settings.currency.network.genesis_hash;
    let is_ours = body.currency == pass.code() && body.genesis == genesis.to_bytes();
    // There is one encoding of a content, so this is the digest of the bytes too.
    let digest = body.digest();
    (is_ours && digest == statement.digest.0).then(|| SignedStatement {
        currency: body.currency,
        sharechain: body.sharechain,
        seq: body.number,
        previous: body.previous,
        digest,
        body: statement.body.0.clone(),
        signature: statement.signature.0,
        key: key.to_bytes(),
        subject: match body.subject {
            Subject::Block { hash, .. } => StatementSubject::Block(BlockHash::from_bytes(hash)),
            Subject::Period { number, .. } => StatementSubject::Period(number),
        },
        signed_at: pass.at,
    })
}
