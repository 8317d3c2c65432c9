//! Every example of docs/methods.md, computed again from the document itself.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use ngpool_accounting::{
    BlockToSplit, Bonus, ChainWindow, FeePpm, Finder, Method, Payee, Window, WindowTaker,
    pps::{Carried, Rate, Worth},
    reserve::Safety,
};

/// What an example says: fields, and the lines it claims.
struct Example {
    fields: BTreeMap<String, String>,
    claims: BTreeSet<String>,
}

fn examples() -> Vec<Example> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/methods.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```example\n").skip(1);
    blocks
        .map(|block| {
            let (block, _) = block.split_once("```").unwrap();
            let (claims, fields): (Vec<_>, Vec<_>) =
                block.lines().partition(|line| line.starts_with("= "));
            Example {
                fields: fields
                    .iter()
                    .map(|line| {
                        let (name, value) = line.split_once(": ").unwrap();
                        (name.to_owned(), value.to_owned())
                    })
                    .collect(),
                claims: claims.iter().map(|line| line[2..].to_owned()).collect(),
            }
        })
        .collect()
}

impl Example {
    fn text(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.fields))
    }

    fn number(&self, name: &str) -> u64 {
        self.fields
            .get(name)
            .map_or(0, |text| text.parse().unwrap())
    }

    fn share(&self, name: &str) -> FeePpm {
        self.fields.get(name).map_or(FeePpm::ZERO, |text| ppm(text))
    }

    /// `alice 300, bob 100`
    fn list(&self, name: &str) -> Vec<(Payee, &str)> {
        let text = self.fields.get(name).map_or("", String::as_str);
        let entries = text.split(", ").filter(|entry| !entry.is_empty());
        entries
            .map(|entry| {
                let (payee, value) = entry.split_once(' ').unwrap();
                (Payee::from(payee), value)
            })
            .collect()
    }

    fn works(&self, name: &str) -> Vec<(Payee, u128)> {
        let list = self.list(name).into_iter();
        list.map(|(payee, work)| (payee, work.parse().unwrap()))
            .collect()
    }

    fn donations(&self) -> BTreeMap<Payee, FeePpm> {
        let list = self.list("donates").into_iter();
        list.map(|(payee, share)| (payee, ppm(share))).collect()
    }
}

/// `2%` or `0.5%`
fn ppm(text: &str) -> FeePpm {
    let (whole, part) = text
        .strip_suffix('%')
        .unwrap()
        .split_once('.')
        .unwrap_or((text.strip_suffix('%').unwrap(), ""));
    FeePpm::new(format!("{whole}{part:0<4}").parse().unwrap()).unwrap()
}

fn split(example: &Example) -> BTreeSet<String> {
    // The window of the examples is made here; its length says nothing any more.
    let window = Window::Work(0);
    let method = match example.text("method") {
        "pplns" => Method::Pplns { window },
        "prop" => Method::Prop,
        "solo" => Method::Solo,
        "pps window" => Method::Pps { window },
        other => panic!("{other}"),
    };
    let works = if example.fields.contains_key("newest first") {
        let mut taker = WindowTaker::new(example.number("length").into());
        for (payee, work) in example.works("newest first") {
            taker.take(payee, work);
        }
        taker.finish()
    } else {
        example.works("round").into_iter().collect()
    };
    let bonus = example.fields.get("bonus");
    let chain = ChainWindow {
        sharechain: "main".into(),
        method,
        fee: example.share("fee"),
        bonus: bonus.map_or(Bonus::None, |share| Bonus::Share(ppm(share))),
        split_work: 1,
        window: works,
        bought: example.number("bought").into(),
        is_buying: false,
    };
    let split = BlockToSplit {
        reward: example.number("reward"),
        finder: Finder {
            sharechain: "main".into(),
            payee: example.text("finder").into(),
        },
        chains: vec![chain],
        donations: example.donations(),
    }
    .split()
    .unwrap();
    let chain = &split.chains[0];
    let mut lines: BTreeSet<String> = chain
        .parts
        .iter()
        .map(|part| format!("{} {}", part.payee, part.amount))
        .collect();
    lines.insert(format!("fee {}", chain.fee));
    lines.insert(format!("bonus {}", chain.bonus()));
    lines.insert(format!("donation {}", chain.donation()));
    if chain.reserve > 0 {
        lines.insert(format!("reserve {}", chain.reserve));
    }
    lines
}

fn period(example: &Example) -> BTreeSet<String> {
    let rate = Rate {
        subsidy: example.number("subsidy"),
        fees: example.number("fees"),
        fee: example.share("fee"),
    };
    let network = u128::from(example.number("network work"));
    let coinbase = u128::from(example.number("coinbase"));
    let carries: BTreeMap<Payee, u128> = example.works("carries").into_iter().collect();
    let donations = example.donations();
    let mut given = 0;
    let mut lines = BTreeSet::new();
    for (payee, work) in example.works("work") {
        let worth = Worth {
            expected_blocks: (work << 64) / network,
            value: ((work * coinbase) << 32) / network,
        };
        let before = Carried {
            credit: u32::try_from(carries.get(&payee).copied().unwrap_or_default()).unwrap(),
            donation: 0,
        };
        let share = donations.get(&payee).copied().unwrap_or_default();
        let credit = rate.credit(worth, share, before).unwrap();
        given += credit.donation;
        let Carried {
            credit: left,
            donation: donation_left,
        } = credit.carried;
        lines.insert(format!(
            "{payee} {} carries {left} {donation_left}",
            credit.amount
        ));
    }
    lines.insert(format!("donation {given}"));
    lines
}

fn reserve(example: &Example) -> BTreeSet<String> {
    let safety = Safety {
        ruin: example.share("ruin"),
        orphans: example.share("orphans"),
        low: FeePpm::ZERO,
    };
    let needed = safety.needed(example.number("reserve"), example.share("fee"));
    BTreeSet::from([format!("needed {}", needed.unwrap())])
}

#[test]
fn the_examples_of_the_document_are_what_the_code_gives() {
    let mut seen = BTreeSet::new();
    for example in examples() {
        let name = example
            .fields
            .get("method")
            .map_or("reserve", String::as_str);
        let computed = match name {
            "reserve" => reserve(&example),
            "pps" | "fpps" => period(&example),
            _ => split(&example),
        };
        assert_eq!(computed, example.claims, "{name}");
        seen.insert(name.to_owned());
    }
    let every = [
        "fpps",
        "pplns",
        "pps",
        "pps window",
        "prop",
        "reserve",
        "solo",
    ];
    assert_eq!(seen, every.map(str::to_owned).into());
}
