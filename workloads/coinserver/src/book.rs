//! The templates of the last tips: the newest to be offered, the others so that what is solved on
//! them can still be put together.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use ngpool_chain::{BlockHash, Template, Txid};
use tokio::sync::watch;

/// Tips whose templates are kept: stratum servers keep the jobs of as many (architecture, 4.7).
const TIPS: usize = 8;

/// Templates kept of one tip. Refreshes come twice a minute, so this is half an hour of them; their
/// transactions are shared, so they cost little.
const TEMPLATES_OF_A_TIP: usize = 64;

/// Bytes of a template's name: 8 drawn at start, 8 counted.
const ID: usize = 16;

/// A template that is or was offered.
#[derive(Debug)]
pub(crate) struct Offered {
    /// Names it on this node.
    pub id: Bytes,
    /// The template.
    pub template: Template,
    /// Total work up to and including the tip, 32 bytes big-endian.
    pub chain_work: [u8; 32],
    /// When its last byte came.
    pub received: Instant,
    /// The same, in milliseconds since the epoch.
    pub received_ms: u64,
    /// What to long-poll with; none where the daemon has no long poll.
    pub long_poll: Option<String>,
}

/// A template as it came from the daemon.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The template.
    pub template: Template,
    /// Total work up to and including the tip.
    pub chain_work: [u8; 32],
    /// What to long-poll with.
    pub long_poll: Option<String>,
    /// When the daemon was asked.
    pub asked: Instant,
    /// When its last byte came.
    pub received: Instant,
}

/// What became of a fetched template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// It is the newest now, on a new tip.
    NewTip,
    /// It is the newest now, on the same tip.
    SameTip,
    /// It builds on a tip that was left before it came, and the daemon may have meant the time before:
    /// ask again.
    Doubtful,
}

/// The templates of one node.
#[derive(Debug)]
pub(crate) struct TemplateBook {
    prefix: [u8; 8],
    kept: Mutex<Kept>,
    newest: watch::Sender<Option<Arc<Offered>>>,
}

#[derive(Debug, Default)]
struct Kept {
    counter: u64,
    /// The tip in force is the last.
    tips: VecDeque<Tip>,
}

#[derive(Debug)]
struct Tip {
    hash: BlockHash,
    templates: VecDeque<Arc<Offered>>,
}

impl TemplateBook {
    /// An empty book whose template names are unlike those of any other.
    pub(crate) fn new() -> Self {
        Self {
            prefix: rand::random(),
            kept: Mutex::default(),
            newest: watch::Sender::new(None),
        }
    }

    /// The newest template, now and whenever there is another.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Arc<Offered>>> {
        self.newest.subscribe()
    }

    /// The newest template.
    pub(crate) fn newest(&self) -> Option<Arc<Offered>> {
        self.newest.borrow().clone()
    }

    /// A template by name, while it is kept.
    pub(crate) fn find(&self, id: &[u8]) -> Option<Arc<Offered>> {
        let kept = self.kept();
        // From the newest: what is solved is almost always on it.
        kept.tips
            .iter()
            .rev()
            .flat_map(|tip| tip.templates.iter().rev())
            .find(|offered| offered.id == id)
            .cloned()
    }

    /// Offers a template, unless it is of a time that is over.
    ///
    /// Several calls are under way at once (a long poll, a refresh, a look after a notification), and
    /// their answers may come in another order than the daemon made them.
    pub(crate) fn enter(&self, fetched: Fetched) -> Entry {
        let mut kept = self.kept();
        let current = self.newest();
        let hash = fetched.template.head.previous;
        let same_tip = current
            .as_ref()
            .is_some_and(|now| now.template.head.previous == hash);
        if let Some(now) = &current
            && !same_tip
            && fetched.asked < now.received
            && kept.tips.iter().any(|tip| tip.hash == hash)
        {
            return Entry::Doubtful;
        }
        let mut template = fetched.template;
        if let Some(now) = &current {
            share_transactions(&mut template, &now.template);
        }
        kept.counter += 1;
        let mut id = Vec::with_capacity(ID);
        id.extend(self.prefix);
        id.extend(kept.counter.to_be_bytes());
        let offered = Arc::new(Offered {
            id: Bytes::from(id),
            template,
            chain_work: fetched.chain_work,
            received: fetched.received,
            received_ms: wall_clock_ms(fetched.received),
            long_poll: fetched.long_poll,
        });
        kept.keep(hash, offered.clone());
        // Under the lock, so that the order here is the order of offers.
        self.newest.send_replace(Some(offered));
        if same_tip {
            Entry::SameTip
        } else {
            Entry::NewTip
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, hash: BlockHash, offered: Arc<Offered>) {
        // A tip may come back after a reorganisation: with its older templates.
        let known = self.tips.iter().position(|tip| tip.hash == hash);
        let mut tip = known
            .and_then(|position| self.tips.remove(position))
            .unwrap_or_else(|| Tip {
                hash,
                templates: VecDeque::new(),
            });
        tip.templates.push_back(offered);
        if tip.templates.len() > TEMPLATES_OF_A_TIP {
            tip.templates.pop_front();
        }
        self.tips.push_back(tip);
        if self.tips.len() > TIPS {
            self.tips.pop_front();
        }
    }
}

/// Makes a template use the bytes of the one before where a transaction is in both.
fn share_transactions(template: &mut Template, before: &Template) {
    let known: HashMap<Txid, &Bytes> = before
        .body
        .transactions
        .iter()
        .map(|one| (one.txid, &one.data))
        .collect();
    for transaction in &mut template.body.transactions {
        if let Some(data) = known.get(&transaction.txid)
            && **data == transaction.data
        {
            transaction.data = (*data).clone();
        }
    }
}

fn wall_clock_ms(moment: Instant) -> u64 {
    let then = SystemTime::now() - moment.elapsed();
    // A clock before 1970 or after the year 500,000,000 is not one.
    then.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::{Duration, Instant};

    use bytes::Bytes;
    use ngpool_chain::{
        Amount, BlockHash, Height, Template, TemplateBody, TemplateHead, TemplateTransaction, Txid,
    };

    use super::{Entry, Fetched, TEMPLATES_OF_A_TIP, TIPS, TemplateBook};

    pub(crate) fn template(tip: u8, transactions: &[u8]) -> Template {
        Template {
            head: TemplateHead {
                previous: BlockHash::from_bytes([tip; 32]),
                height: Height(7),
                version: 0x2000_0000,
                bits: 0x207f_ffff,
                min_time: 1,
                cur_time: 2,
                coinbase_value: Amount(50),
                merkle_branch: Vec::new(),
                witness_commitment: None,
                transaction_count: 0,
                has_mweb: false,
            },
            body: TemplateBody {
                transactions: transactions
                    .iter()
                    .map(|id| TemplateTransaction {
                        txid: Txid::from_bytes([*id; 32]),
                        data: Bytes::from(vec![*id; 100]),
                    })
                    .collect(),
                mweb: None,
            },
        }
    }

    fn fetched(tip: u8, asked: Instant, received: Instant) -> Fetched {
        Fetched {
            template: template(tip, &[1, 2]),
            chain_work: [0; 32],
            long_poll: None,
            asked,
            received,
        }
    }

    #[test]
    fn an_answer_of_a_tip_that_was_left_is_doubted_and_a_return_to_it_is_not() {
        let book = TemplateBook::new();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(book.enter(fetched(1, at(0), at(1))), Entry::NewTip);
        assert_eq!(book.enter(fetched(1, at(0), at(2))), Entry::SameTip);
        assert_eq!(book.enter(fetched(2, at(3), at(5))), Entry::NewTip);
        // Asked before the template in force came: may be late.
        assert_eq!(book.enter(fetched(1, at(4), at(6))), Entry::Doubtful);
        assert_eq!(
            book.newest().unwrap().template.head.previous.to_bytes(),
            [2; 32]
        );
        // Asked after it: the chain went back.
        assert_eq!(book.enter(fetched(1, at(7), at(8))), Entry::NewTip);
        // A long poll that waited long brings a tip never seen.
        assert_eq!(book.enter(fetched(3, at(0), at(9))), Entry::NewTip);
    }

    #[test]
    fn templates_of_the_last_tips_are_found_and_no_others() {
        let book = TemplateBook::new();
        let now = Instant::now();
        let mut ids = Vec::new();
        for tip in 0..=u8::try_from(TIPS).unwrap() {
            book.enter(fetched(tip, now, now));
            ids.push(book.newest().unwrap().id.clone());
        }
        assert!(book.find(&ids[0]).is_none());
        assert!(ids[1..].iter().all(|id| book.find(id).is_some()));
        assert!(book.find(b"").is_none());
        let first = book.newest().unwrap().id.clone();
        for _ in 0..TEMPLATES_OF_A_TIP {
            book.enter(fetched(u8::try_from(TIPS).unwrap(), now, now));
        }
        assert!(book.find(&first).is_none());
        assert!(book.find(&ids[1]).is_some());
    }

    #[test]
    fn a_refreshed_template_shares_the_bytes_of_its_transactions() {
        let book = TemplateBook::new();
        let now = Instant::now();
        book.enter(fetched(1, now, now));
        let before = book.newest().unwrap();
        book.enter(fetched(1, now, now));
        let after = book.newest().unwrap();
        let data = |offered: &super::Offered| offered.template.body.transactions[0].data.as_ptr();
        assert_eq!(data(&before), data(&after));
        assert_ne!(before.id, after.id);
    }
}
