//! Pool, signers, network and chain together, with everything that may go wrong bounded.

use std::collections::{BTreeMap, BTreeSet};

use ngpayout::payout::life::{Effect, Event, Sight, Spender, Stage, step};
use stateright::{Model, Property};

use crate::{
    pool::{Coin, Payout, Pool, Tx},
    signer::{Answer, Ask, Given, Journal},
};

/// Blocks above a block that settle it.
pub const DEPTH: u32 = 1;
const COINS: u8 = 2;

/// What may happen, how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Faults {
    /// A run of the pool, or a signer before its answer is out, is killed.
    pub crashes: u8,
    /// An answer of a signer gets lost.
    pub losses: u8,
    /// A request reaches a signer once more.
    pub repeats: u8,
    /// A transaction that was in a block is so no more, however deep it was.
    pub reorganisations: u8,
    /// The database is put back as it was before any payout.
    pub restores: u8,
    /// Somebody with the keys spends a coin elsewhere.
    pub strangers: u8,
    /// Somebody wants a payout void.
    pub voids: u8,
}

/// The bounds of a model.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// What the payee is credited, in units of a payout.
    pub credit: u8,
    /// Payouts, numbers at most.
    pub payouts: u64,
    /// Versions of a payout at most.
    pub versions: usize,
    /// Runs of the pool at once.
    pub runs: usize,
    /// Processes that hold the signer's journal in turn.
    pub signers: usize,
    pub faults: Faults,
}

/// A signer process: what it was asked, and what it has not answered yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Process {
    asked: Option<Ask>,
    answer: Option<Answer>,
}

/// Everything there is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub pool: Pool,
    /// What each run has decided and not done yet.
    runs: Vec<Option<(u64, Vec<Effect>)>>,
    pub journal: Journal,
    processes: Vec<Process>,
    inbox: BTreeSet<Answer>,
    /// Transactions that nodes were given.
    sent: BTreeSet<Tx>,
    /// What spends each coin on the chain, none for a stranger, and the blocks above.
    chain: Vec<Option<(Option<Tx>, u32)>>,
    left: Faults,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Prepare(Coin),
    /// A run looks at a payout because of an event, and decides.
    Decide(usize, u64, Event),
    /// A run does the first thing that it decided.
    Do(usize),
    /// The inbox is read: an answer that brings payouts is booked at once.
    Import(Answer),
    Kill(usize),
    Poll(usize),
    Answer(usize),
    Deliver(usize),
    Lose(usize),
    Repeat(usize),
    KillSigner(usize),
    Mine(Tx),
    Stranger(Coin),
    Deepen(Coin),
    Reorganise(Coin),
    Restore,
}

impl State {
    fn new(bounds: &Bounds) -> Self {
        Self {
            pool: Pool {
                payouts: BTreeMap::new(),
                balance: bounds.credit,
                made: 0,
            },
            runs: vec![None; bounds.runs],
            journal: Journal::new(bounds.credit),
            processes: vec![Process::default(); bounds.signers],
            inbox: BTreeSet::new(),
            sent: BTreeSet::new(),
            chain: vec![None; COINS.into()],
            left: bounds.faults,
        }
    }

    /// Payouts of ours that the chain has, whatever the pool knows.
    fn on_chain(&self) -> usize {
        let spent = self.chain.iter().flatten();
        spent.filter(|(by, _)| by.is_some()).count()
    }

    fn sight(&self, payout: &Payout) -> Sight {
        match self.chain.get(usize::from(payout.coin)).copied().flatten() {
            None => Sight::Unspent,
            Some((by, above)) => {
                let version = payout.versions.iter().zip(1..);
                let by = version
                    .filter(|(tx, _)| Some(**tx) == by)
                    .map(|(_, version)| Spender::Version(version))
                    .next();
                Sight::Spent {
                    by: by.unwrap_or(Spender::Stranger),
                    above,
                }
            }
        }
    }

    /// `open_request`.
    fn open(&self) -> Option<Ask> {
        let next = self.journal.0.last() + 1;
        let skipped = self.pool.payouts.get(&next);
        if skipped.is_some_and(|payout| payout.life.stage == Stage::Void) {
            return Some(Ask::Void { number: next });
        }
        for (number, payout) in &self.pool.payouts {
            let is_live = matches!(
                payout.life.stage,
                Stage::Prepared | Stage::Signed | Stage::Broadcast
            );
            let versions = payout.versions.iter().zip(&payout.life.versions);
            let unsigned = (1..).zip(versions).find(|(_, (_, known))| !known.signed);
            if let Some((version, (tx, _))) = unsigned.filter(|_| is_live) {
                let number = *number;
                return Some(
                    if payout.life.void_asked && payout.life.stage == Stage::Prepared {
                        Ask::Void { number }
                    } else {
                        Ask::Sign {
                            number,
                            version,
                            tx: *tx,
                        }
                    },
                );
            }
        }
        let last = self.pool.last();
        (self.journal.0.last() > last).then_some(Ask::Void { number: last + 1 })
    }

    /// The same in one of its equal forms: processes are alike, and an answer that changes nothing is
    /// dealt with.
    fn normal(mut self) -> Self {
        self.processes.sort();
        let inbox = std::mem::take(&mut self.inbox);
        self.inbox = inbox
            .into_iter()
            .filter(|answer| self.is_open(answer))
            .collect();
        self
    }

    /// Whether an answer would change something.
    fn is_open(&self, answer: &Answer) -> bool {
        if let Some((number, event)) = self.event_of(answer) {
            return !self.decide(number, event).is_empty();
        }
        let mut pool = self.pool.clone();
        import(&mut pool, answer);
        pool != self.pool
    }

    /// What an answer says has happened to a payout, if it is about one that is there.
    fn event_of(&self, answer: &Answer) -> Option<(u64, Event)> {
        match answer {
            Answer::Signed {
                number,
                version,
                tx,
            } => {
                let payout = self.pool.payouts.get(number)?;
                let place = usize::try_from(version.checked_sub(1)?).ok()?;
                // Only the stored version's transaction is believed.
                (payout.versions.get(place) == Some(tx))
                    .then_some((*number, Event::Signed(*version)))
            }
            Answer::Voided { number } if self.pool.payouts.contains_key(number) => {
                Some((*number, Event::Voided))
            }
            _ => None,
        }
    }

    /// Every event that a run may meet now.
    fn events(&self, bounds: &Bounds) -> Vec<(u64, Event)> {
        let mut events: Vec<_> = self
            .inbox
            .iter()
            .filter_map(|answer| self.event_of(answer))
            .collect();
        for (number, payout) in &self.pool.payouts {
            let sight = self.sight(payout);
            events.push((*number, Event::Seen(sight)));
            if !matches!(sight, Sight::Spent { .. }) {
                events.push((*number, Event::Lost));
            }
            let stopped = false;
            events.push((*number, Event::SendTime { stopped, sight }));
            if payout.versions.len() < bounds.versions && sight == Sight::Unspent {
                events.push((*number, Event::Stuck));
            }
            if self.left.voids > 0 {
                events.push((*number, Event::VoidAsked));
            }
        }
        events
    }

    fn decide(&self, number: u64, event: Event) -> Vec<Effect> {
        let Some(payout) = self.pool.payouts.get(&number) else {
            return Vec::new();
        };
        let (_, mut effects) = step(&payout.life, event, DEPTH);
        effects.retain(|effect| match effect {
            Effect::Send(version) => {
                let tx = payout.versions[usize::try_from(*version).unwrap() - 1];
                !(payout.life.stage == Stage::Broadcast && self.sent.contains(&tx))
            }
            _ => true,
        });
        effects
    }

    fn act(&mut self, run: usize) {
        let Some((number, mut effects)) = self.runs[run].take() else {
            return;
        };
        let effect = effects.remove(0);
        if let Some(payout) = self.pool.payouts.get(&number) {
            let sight = self.sight(payout);
            if let Effect::Send(version) = effect {
                // The stored bytes; a payout that was given up meanwhile has other ones.
                let place = usize::try_from(version).unwrap() - 1;
                let tx = payout
                    .versions
                    .get(place)
                    .zip(payout.life.versions.get(place));
                if let Some((tx, _)) = tx.filter(|(_, known)| known.signed) {
                    self.sent.insert(*tx);
                }
                effects.insert(0, Effect::MarkSent(version));
            } else {
                if effect == Effect::AskVoid {
                    self.left.voids = self.left.voids.saturating_sub(1);
                }
                self.pool.act(number, effect, sight, DEPTH);
            }
        }
        self.runs[run] = (!effects.is_empty()).then_some((number, effects));
    }

    /// Without another fault, everybody in turn: whether all comes to an end that is one.
    pub fn comes_to_an_end(&self, bounds: &Bounds) -> bool {
        let mut state = self.clone();
        for _ in 0..20 {
            let before = state.clone();
            for run in 0..state.runs.len() {
                while state.runs[run].is_some() {
                    state.act(run);
                }
            }
            for process in 0..state.processes.len() {
                if state.processes[process].answer.is_none() {
                    let asked = state.processes[process].asked.take().or(state.open());
                    let answer = asked.map(|asked| state.journal.answer(asked));
                    state.processes[process].answer = answer;
                }
                let answer = state.processes[process].answer.take();
                state.inbox.extend(answer);
            }
            for answer in state.inbox.clone() {
                import(&mut state.pool, &answer);
            }
            for (number, event) in state.events(bounds) {
                if matches!(event, Event::Stuck | Event::VoidAsked) {
                    continue;
                }
                let effects = state.decide(number, event);
                if !effects.is_empty() {
                    state.runs[0] = Some((number, effects));
                    while state.runs[0].is_some() {
                        state.act(0);
                    }
                }
            }
            for tx in state.sent.clone() {
                let spent = &mut state.chain[usize::from(tx.coin)];
                if spent.is_none() {
                    *spent = Some((Some(tx), 0));
                }
            }
            for (_, above) in state.chain.iter_mut().flatten() {
                *above = DEPTH;
            }
            if state == before {
                break;
            }
        }
        state.is_at_an_end(bounds)
    }

    /// Nothing is on its way, and the pool knows what the signer knows.
    fn is_at_an_end(&self, bounds: &Bounds) -> bool {
        let is_over = |(number, payout): (&u64, &Payout)| match payout.life.stage {
            Stage::Confirmed(_) | Stage::Void => true,
            // The signer will not: the credits are signed away, and only its operator, who sees that
            // the other can never confirm, releases them.
            Stage::Prepared => {
                !self.journal.0.payouts().contains_key(number)
                    && self.strangers() > 0
                    && self.journal.signed() >= bounds.credit.into()
            }
            Stage::Signed | Stage::Broadcast => false,
        };
        self.pool.payouts.iter().all(is_over) && self.journal.0.last() <= self.pool.last()
    }

    /// Coins that somebody else spent.
    fn strangers(&self) -> usize {
        let spent = self.chain.iter().flatten();
        spent.filter(|(by, _)| by.is_none()).count()
    }
}

/// Books what an answer brings whole.
fn import(pool: &mut Pool, answer: &Answer) {
    match answer {
        Answer::Needs(given) => pool.import(given),
        Answer::Voided { number } if !pool.payouts.contains_key(number) => {
            pool.import(&[Given {
                number: *number,
                signed: None,
            }]);
        }
        _ => {}
    }
}

impl Model for Bounds {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::new(self)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.pool.last() < self.payouts {
            let free = state.pool.free(COINS).into_iter();
            actions.extend(
                free.filter(|coin| state.chain[usize::from(*coin)].is_none())
                    .map(Action::Prepare),
            );
        }
        // Runs are alike: one that is free is as good as another.
        if let Some(run) = state.runs.iter().position(Option::is_none) {
            let events = state.events(self).into_iter();
            actions.extend(events.map(|(number, event)| Action::Decide(run, number, event)));
        }
        for (run, work) in state.runs.iter().enumerate() {
            if work.is_some() {
                actions.push(Action::Do(run));
                if state.left.crashes > 0 {
                    actions.push(Action::Kill(run));
                }
            }
        }
        actions.extend(state.inbox.iter().cloned().map(Action::Import));
        for (place, process) in state.processes.iter().enumerate() {
            if process.asked.is_some() {
                actions.push(Action::Answer(place));
            } else if process.answer.is_none() {
                actions.push(Action::Poll(place));
            }
            if process.answer.is_some() {
                actions.push(Action::Deliver(place));
                if state.left.losses > 0 {
                    actions.push(Action::Lose(place));
                }
                if state.left.crashes > 0 {
                    actions.push(Action::KillSigner(place));
                }
            }
            if process.asked.is_some() && state.left.repeats > 0 {
                actions.push(Action::Repeat(place));
            }
        }
        let is_free = |coin: &Coin| state.chain[usize::from(*coin)].is_none();
        let sent = state.sent.iter().filter(|tx| is_free(&tx.coin));
        actions.extend(sent.map(|tx| Action::Mine(*tx)));
        for coin in 0..COINS {
            match state.chain[usize::from(coin)] {
                None if state.left.strangers > 0 => actions.push(Action::Stranger(coin)),
                None => {}
                Some((by, above)) => {
                    if above < DEPTH {
                        actions.push(Action::Deepen(coin));
                    }
                    // A stranger that was settled stays: what is void then is void.
                    if state.left.reorganisations > 0 && (by.is_some() || above < DEPTH) {
                        actions.push(Action::Reorganise(coin));
                    }
                }
            }
        }
        if state.left.restores > 0 && !state.pool.payouts.is_empty() {
            actions.push(Action::Restore);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        let left = &mut next.left;
        match action {
            Action::Prepare(coin) => {
                next.pool.prepare(coin);
            }
            Action::Decide(run, number, event) => {
                let effects = next.decide(number, event);
                next.runs[run] = (!effects.is_empty()).then_some((number, effects));
            }
            Action::Do(run) => next.act(run),
            Action::Import(answer) => import(&mut next.pool, &answer),
            Action::Kill(run) => {
                left.crashes -= 1;
                next.runs[run] = None;
            }
            Action::Poll(place) => next.processes[place].asked = next.open(),
            Action::Answer(place) => {
                let asked = next.processes[place].asked.take()?;
                next.processes[place].answer = Some(next.journal.answer(asked));
            }
            Action::Deliver(place) => {
                let answer = next.processes[place].answer.take()?;
                if answer != Answer::Refused {
                    next.inbox.insert(answer);
                }
            }
            Action::Lose(place) => {
                left.losses -= 1;
                next.processes[place].answer = None;
            }
            Action::KillSigner(place) => {
                left.crashes -= 1;
                next.processes[place] = Process::default();
            }
            Action::Repeat(place) => {
                left.repeats -= 1;
                // It is answered once more after this.
                let asked = next.processes[place].asked?;
                let answer = next.journal.answer(asked);
                if answer != Answer::Refused {
                    next.inbox.insert(answer);
                }
            }
            Action::Mine(tx) => next.chain[usize::from(tx.coin)] = Some((Some(tx), 0)),
            Action::Stranger(coin) => {
                left.strangers -= 1;
                next.chain[usize::from(coin)] = Some((None, 0));
            }
            Action::Deepen(coin) => {
                let (by, above) = next.chain[usize::from(coin)]?;
                next.chain[usize::from(coin)] = Some((by, above + 1));
            }
            Action::Reorganise(coin) => {
                left.reorganisations -= 1;
                next.chain[usize::from(coin)] = None;
            }
            Action::Restore => {
                left.restores -= 1;
                next.pool = Pool {
                    made: next.pool.made + 1,
                    ..State::new(self).pool
                };
                next.inbox.clear();
                next.runs = vec![None; self.runs];
            }
        }
        let next = next.normal();
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "no credit is spent twice",
                |bounds: &Self, state: &State| state.on_chain() <= usize::from(bounds.credit),
            ),
            Property::always(
                "no more is signed than was credited",
                |bounds: &Self, state: &State| state.journal.signed() <= u128::from(bounds.credit),
            ),
            Property::always(
                "no balance is lost or made",
                |bounds: &Self, state: &State| state.pool.accounted() == bounds.credit,
            ),
            Property::always(
                "everything comes to an end",
                |bounds: &Self, state: &State| state.comes_to_an_end(bounds),
            ),
            Property::sometimes("two payouts confirm", |_: &Self, state: &State| {
                let confirmed = state
                    .pool
                    .payouts
                    .values()
                    .filter(|payout| matches!(payout.life.stage, Stage::Confirmed(_)));
                confirmed.count() == 2
            }),
            Property::sometimes("a second version confirms", |_: &Self, state: &State| {
                let mut payouts = state.pool.payouts.values();
                payouts.any(|payout| payout.life.stage == Stage::Confirmed(2))
            }),
        ]
    }
}
