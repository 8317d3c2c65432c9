//! A block's published split, computed again from its published work.

use anyhow::{Context, ensure};
use ngpool_chain::Amount;
use serde_json::Value;

use super::scene::Scene;

/// A payee's part.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Credit {
    payee: String,
    work: u128,
    amount: u128,
}

/// Lines that show the split; fails when a part is not what the work and the published rule give.
pub(super) fn lines(scene: &Scene, block: &Value, credits: &Value) -> anyhow::Result<Vec<String>> {
    let part = block
        .pointer("/audit/parts/0")
        .context("the block has no published split")?;
    let reward = units(block, "reward")?;
    let fee = units(part, "fee")?;
    let window = units(part, "window_work")?;
    let items = credits
        .get("items")
        .and_then(Value::as_array)
        .context("no list of credits")?;
    let credits: Vec<Credit> = items.iter().map(credit).collect::<anyhow::Result<_>>()?;
    verify(reward, fee, window, &credits)?;
    let coins = |amount: u128| {
        i64::try_from(amount).map_or_else(
            |_| amount.to_string(),
            |amount| Amount(amount).to_decimal(scene.decimals),
        )
    };
    let finder = block
        .get("finder")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut lines = vec![format!(
        "audit of block {} found by {}: reward {} {}",
        block.get("height").unwrap_or(&Value::Null),
        scene.name(finder),
        coins(reward),
        scene.currency
    )];
    for credit in &credits {
        // Hundredths of a percent of the window.
        let share = (credit.work * 10_000)
            .checked_div(window)
            .unwrap_or_default();
        lines.push(format!(
            "  {:<4}  {:>8} hashes of {window} = {:>2}.{:02} %   {:>12}   {}",
            scene.name(&credit.payee),
            credit.work,
            share / 100,
            share % 100,
            coins(credit.amount),
            credit.payee
        ));
    }
    lines.push(format!("  fee   {:>45}", coins(fee)));
    lines.push("  every part recomputed from the published work; parts + fee = reward".to_owned());
    Ok(lines)
}

/// Each payee has his part rounded down or one unit more, and all together is the reward.
fn verify(reward: u128, fee: u128, window: u128, credits: &[Credit]) -> anyhow::Result<()> {
    let net = reward
        .checked_sub(fee)
        .context("the fee is more than the reward")?;
    let work: u128 = credits.iter().map(|credit| credit.work).sum();
    ensure!(
        work == window,
        "the payees' work is {work}, the window's {window}"
    );
    for credit in credits {
        let exact = net
            .checked_mul(credit.work)
            .and_then(|product| product.checked_div(window))
            .context("a window without work has payees")?;
        ensure!(
            credit.amount == exact || credit.amount == exact + 1,
            "{} has {} where his work is worth {exact}",
            credit.payee,
            credit.amount
        );
    }
    let paid: u128 = credits.iter().map(|credit| credit.amount).sum();
    ensure!(
        paid + fee == reward,
        "parts {paid} and fee {fee} are not the reward {reward}"
    );
    Ok(())
}

fn credit(value: &Value) -> anyhow::Result<Credit> {
    Ok(Credit {
        payee: value
            .get("payee")
            .and_then(Value::as_str)
            .context("a credit of nobody")?
            .to_owned(),
        work: units(value, "work")?,
        amount: units(value, "amount")?,
    })
}

/// A whole number, which the API writes as text.
pub(super) fn units(value: &Value, field: &str) -> anyhow::Result<u128> {
    value
        .get(field)
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok())
        .with_context(|| format!("the API tells no {field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credit(work: u128, amount: u128) -> Credit {
        Credit {
            payee: "p".to_owned(),
            work,
            amount,
        }
    }

    #[test]
    fn a_true_split_is_taken_and_a_false_one_is_not() {
        // 99 units over work 2 : 1 : 0.
        verify(100, 1, 3, &[credit(2, 66), credit(1, 33)]).unwrap();
        verify(101, 1, 3, &[credit(2, 67), credit(1, 33)]).unwrap();
        assert!(verify(100, 1, 3, &[credit(2, 65), credit(1, 34)]).is_err());
        assert!(verify(100, 1, 4, &[credit(2, 66), credit(1, 33)]).is_err());
        assert!(verify(102, 1, 3, &[credit(2, 67), credit(1, 33)]).is_err());
        assert!(verify(1, 2, 1, &[]).is_err());
    }
}
