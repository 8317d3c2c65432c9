//! Statements that were taken over from a signer after a restore: what they say is what is credited,
//! and then they stand in their chain as they were signed.

use std::collections::BTreeSet;

use ngpool_accounting::{StatementBody, Subject};
use ngpool_store::SignedStatement;

use super::{Pass, SettleReport, StepError};

/// The chains of which a signer has statements that are not here: nothing of them is credited until
/// they are, because it might be credited otherwise than it was. In words, for each.
pub(super) async fn ahead(pass: &Pass<'_>) -> Result<Vec<(String, String)>, StepError> {
    let ahead = pass.store.statements_ahead(pass.code()).await?;
    Ok(ahead
        .into_iter()
        .map(|chain| {
            let text = format!(
                "the signer has the statements of {} up to {}, here are those up to {}: let it answer",
                chain.sharechain, chain.signer, chain.here
            );
            (chain.sharechain, text)
        })
        .collect())
}

/// What a statement says. What was taken over was read before, so this fails for damage only.
pub(super) fn read(statement: &SignedStatement) -> Result<StatementBody, StepError> {
    StatementBody::decode(&statement.body).map_err(|error| StepError::Frozen {
        subject: super::statements::subject_text(statement.subject),
        sharechain: statement.sharechain.clone(),
        what: match error {
            ngpool_accounting::StatementError::Sum => "does not add up",
            _ => "is in a statement that cannot be read",
        },
    })
}

/// Puts what was taken over into its chain, as far as it is credited. Returns the chains that are not
/// at their end: they take no statement of ours yet.
pub(super) async fn append(
    pass: &Pass<'_>,
    report: &mut SettleReport,
) -> Result<BTreeSet<String>, StepError> {
    let mut held = BTreeSet::new();
    for (sharechain, text) in ahead(pass).await? {
        report.waiting.push(text);
        held.insert(sharechain);
    }
    loop {
        let next = pass.store.next_taken(pass.code()).await?;
        let next: Vec<_> = next
            .into_iter()
            .filter(|statement| !held.contains(&statement.sharechain))
            .collect();
        if next.is_empty() {
            return Ok(held);
        }
        for statement in next {
            match one(pass, &statement).await? {
                None => report.statements += 1,
                Some(why) => {
                    report.waiting.push(why);
                    held.insert(statement.sharechain);
                }
            }
        }
    }
}

/// Appends one statement; why not yet, when it cannot be.
async fn one(pass: &Pass<'_>, statement: &SignedStatement) -> Result<Option<String>, StepError> {
    let (seq, sharechain) = (statement.seq, &statement.sharechain);
    let subject = super::statements::subject_text(statement.subject);
    let stated = read(statement)?;
    let here = super::statements::credited(pass, statement.subject, sharechain).await?;
    let Some(here) = here else {
        return Ok(Some(format!(
            "statement {sharechain} {seq}, which the signer has, waits until {subject} is credited here"
        )));
    };
    if !agrees(here, &stated) {
        return Err(StepError::Frozen {
            subject,
            sharechain: sharechain.clone(),
            what: "is not what the signer was told: the database was restored and settled before the \
                   signer had answered; restore it again, in the order of docs/backup.md",
        });
    }
    pass.store.append_statement(statement).await?;
    tracing::info!(
        currency = pass.code(),
        sharechain,
        seq,
        subject,
        "statement taken over from the signer"
    );
    Ok(None)
}

/// Whether the credits are the same. Work is counted again by other positions, so the published root
/// and the positions of a period are those of the statement.
fn agrees(here: StatementBody, stated: &StatementBody) -> bool {
    let subject = match (here.subject, stated.subject) {
        (Subject::Period { number, .. }, Subject::Period { number: other, .. })
            if number == other =>
        {
            stated.subject
        }
        (subject, _) => subject,
    };
    let here = StatementBody {
        number: stated.number,
        previous: stated.previous,
        root: stated.root,
        subject,
        ..here
    };
    here == *stated
}
