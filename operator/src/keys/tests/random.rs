//! Whatever happens while authorities change, no two programs that run ever fail to trust each other.

use proptest::prelude::*;

use super::*;

/// Something that happens. Numbers choose a program, whatever there is.
#[derive(Debug, Clone)]
enum Event {
    Reconcile,
    /// The operator writes this many of the Secrets that it wants, and then is killed.
    ReconcileInPart(usize),
    Refresh(usize),
    Start(usize),
    StartJob,
    Remove(usize),
    /// Its container ends, and its pod stays.
    Stop(usize),
    /// Its container begins again, with the files that its pod has.
    Restart(usize),
    /// Its pod is deleted and drains.
    Drain(usize),
    Silent(usize),
    Answers(usize),
    Rotate(u8),
    Minutes(u8),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => Just(Event::Reconcile),
        2 => (0..4_usize).prop_map(Event::ReconcileInPart),
        8 => any::<usize>().prop_map(Event::Refresh),
        2 => any::<usize>().prop_map(Event::Start),
        1 => Just(Event::StartJob),
        2 => any::<usize>().prop_map(Event::Remove),
        1 => any::<usize>().prop_map(Event::Stop),
        2 => any::<usize>().prop_map(Event::Restart),
        1 => any::<usize>().prop_map(Event::Drain),
        1 => any::<usize>().prop_map(Event::Silent),
        2 => any::<usize>().prop_map(Event::Answers),
        2 => (0..4_u8).prop_map(Event::Rotate),
        3 => (0..30_u8).prop_map(Event::Minutes),
    ]
}

impl World {
    fn pick(&self, number: usize) -> Option<String> {
        let count = self.programs.len();
        self.programs
            .keys()
            .nth(number.checked_rem(count)?)
            .cloned()
    }

    fn happen(&mut self, event: &Event) {
        const SECRETS: [&str; 4] = [
            "pool-web-tls",
            "sharechain-main-tls",
            "stratumport-a-tls",
            "stratumport-b-tls",
        ];
        match *event {
            Event::Reconcile => drop(self.reconcile()),
            Event::ReconcileInPart(count) => {
                let keys = self.keys();
                for secret in keys.secrets.iter().take(count) {
                    self.write(secret);
                }
            }
            Event::Start(number) => drop(self.start(SECRETS[number % SECRETS.len()], false)),
            Event::StartJob => drop(self.start("currency-ltc-tls", true)),
            Event::Rotate(value) => self.ask_for_rotation(&value.to_string()),
            Event::Minutes(minutes) => self.pass(u32::from(minutes) * MINUTE),
            Event::Refresh(number)
            | Event::Remove(number)
            | Event::Stop(number)
            | Event::Restart(number)
            | Event::Drain(number)
            | Event::Silent(number)
            | Event::Answers(number) => {
                let Some(pod) = self.pick(number) else { return };
                match event {
                    Event::Refresh(_) => self.refresh(&pod),
                    Event::Remove(_) => self.remove(&pod),
                    Event::Stop(_) => self.change(&pod, |it| it.loaded = None),
                    Event::Restart(_) => self.change(&pod, |it| {
                        // A job is not begun again, nor is what is going.
                        if !it.job && !it.going {
                            it.loaded = Some(it.files.clone());
                        }
                    }),
                    Event::Drain(_) => self.change(&pod, |it| it.going = true),
                    Event::Silent(_) => self.change(&pod, |it| it.answers = false),
                    _ => self.change(&pod, |it| it.answers = true),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everybody_trusts_everybody(events in prop::collection::vec(event(), 1..80)) {
        let mut world = World::new();
        world.object(json!({"kind": "Currency", "metadata": {"name": "ltc", "uid": "c"},
            "spec": {"code": "LTC", "preset": "litecoin-regtest", "subsidyAddress": "x".repeat(30)}}));
        world.settle();
        for event in &events {
            world.happen(event);
            world.check();
        }
        // And it comes to an end once everybody reads and answers, and what goes is gone.
        let pods: Vec<String> = world.programs.keys().cloned().collect();
        for pod in pods {
            if world.programs[&pod].job || world.programs[&pod].going {
                world.remove(&pod);
            } else {
                world.change(&pod, |it| it.answers = true);
            }
        }
        for _ in 0..8 {
            world.settle();
            world.pass(11 * MINUTE);
            world.refresh_all();
            world.check();
        }
        prop_assert_eq!(world.authority().phase, Phase::Stable);
    }
}
