//! The state of a currency's books, computed at most once in a while: the check reads every entry,
//! and strangers may ask for it as often as their rate allows.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ngpool_store::{Account, Store, StoreError};
use tokio::{sync::Mutex, time::Instant};

use crate::model::{BooksView, DiscrepancyView};

/// How long an answer is given again.
const FRESH: Duration = Duration::from_secs(5);

type Slot = Arc<Mutex<Option<(Instant, BooksView)>>>;

/// The last answer by currency; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct BooksCache(Arc<Mutex<BTreeMap<String, Slot>>>);

impl BooksCache {
    /// The books of a currency of the pool. Askers at the same time share one computation.
    pub(crate) async fn books(
        &self,
        store: &Store,
        currency: &str,
    ) -> Result<BooksView, StoreError> {
        let slot = Arc::clone(self.0.lock().await.entry(currency.to_owned()).or_default());
        let mut slot = slot.lock().await;
        if let Some((at, view)) = slot.as_ref()
            && at.elapsed() < FRESH
        {
            return Ok(view.clone());
        }
        let view = compute(store, currency).await?;
        *slot = Some((Instant::now(), view.clone()));
        Ok(view)
    }
}

async fn compute(store: &Store, currency: &str) -> Result<BooksView, StoreError> {
    let discrepancies: Vec<DiscrepancyView> = store
        .books_check(currency)
        .await?
        .into_iter()
        .map(Into::into)
        .collect();
    let mut accounts = BTreeMap::new();
    for (account, amount) in store.account_balances(currency).await? {
        // Balances of payees are shown to whoever names one; here only their sum.
        let name = match account {
            Account::Payee(_) => "payees".to_owned(),
            Account::PayeeHeld(_) => "payees:held".to_owned(),
            Account::Block(_) => "blocks".to_owned(),
            other => other.to_string(),
        };
        *accounts.entry(name).or_insert(0_i128) += i128::from(amount.0);
    }
    Ok(BooksView {
        currency: currency.to_owned(),
        drift: discrepancies.len(),
        discrepancies,
        accounts: accounts
            .into_iter()
            .map(|(name, sum)| (name, sum.to_string()))
            .collect(),
    })
}
