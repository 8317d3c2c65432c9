//! The signer as the model has it: its journal is the product's own ledger of numbers and credits.

use ngsign::rules::ledger::{Asked, Entry, Ledger, Mark, NumberRefusal, Part, Step, Version};

use crate::pool::{Coin, Tx};

/// The one payee's part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit;

const PAYEE: u8 = 0;

impl Part for Unit {
    type Payee = u8;
    fn payee(&self) -> &u8 {
        &PAYEE
    }
    fn charge(&self) -> u128 {
        1
    }
}

/// A signed version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kept {
    pub number: u32,
    pub tx: Tx,
}

impl Version for Kept {
    fn number(&self) -> u32 {
        self.number
    }
    fn fee(&self) -> u64 {
        self.number.into()
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ask {
    Sign { number: u64, version: u32, tx: Tx },
    Void { number: u64 },
}

/// A payout of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Given {
    pub number: u64,
    pub signed: Option<Signed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Signed {
    pub coin: Coin,
    pub versions: Vec<Tx>,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    Signed { number: u64, version: u32, tx: Tx },
    Voided { number: u64 },
    Needs(Vec<Given>),
    Refused,
}

/// The journal, shared by the processes that hold it one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Journal(pub Ledger<u8, Coin, Unit, Kept>);

impl Journal {
    pub fn new(credit: u8) -> Self {
        let mut ledger = Ledger::default();
        ledger.book_credit(PAYEE, credit.into());
        Self(ledger)
    }

    /// Decides, and writes the journal before anything is handed out.
    pub fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Sign {
                number,
                version,
                tx,
            } => self.sign(number, version, tx),
            Ask::Void { number } => match self.0.void(number) {
                Ok(Mark::Record) => {
                    self.0.book_void(number);
                    Answer::Voided { number }
                }
                Ok(Mark::Again) => Answer::Voided { number },
                Ok(Mark::Behind) => self.needs(number),
                Err(_) => Answer::Refused,
            },
        }
    }

    fn sign(&mut self, number: u64, version: u32, tx: Tx) -> Answer {
        let asked = Asked {
            number,
            version,
            anchor: &tx.coin,
            parts: &[Unit],
            fee: version.into(),
        };
        match self.0.ask(&asked, |kept| kept.tx == tx) {
            Ok(Step::First | Step::Raise { .. }) => {
                let kept = Kept {
                    number: version,
                    tx,
                };
                self.0.book_signed(number, tx.coin, vec![Unit], kept);
                Answer::Signed {
                    number,
                    version,
                    tx,
                }
            }
            Ok(Step::Again(kept)) => Answer::Signed {
                number,
                version: kept.number,
                tx,
            },
            Ok(Step::Behind) => self.needs(number),
            // The pool takes the refusal for what it says.
            Err(NumberRefusal::Void(_)) => Answer::Voided { number },
            Err(_) => Answer::Refused,
        }
    }

    fn needs(&self, from: u64) -> Answer {
        let given = self.0.payouts().range(from..).map(|(number, entry)| Given {
            number: *number,
            signed: match entry {
                Entry::Void => None,
                Entry::Signed(signed) => Some(Signed {
                    coin: signed.anchor,
                    versions: signed.versions.iter().map(|kept| kept.tx).collect(),
                }),
            },
        });
        Answer::Needs(given.collect())
    }

    /// What counts as signed for the payee.
    pub fn signed(&self) -> u128 {
        self.0.account(&PAYEE).signed
    }
}
