//! Promises, made ready for arithmetic once and kept at hand: what they are
//! made of never changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use jiff::SignedDuration;
use store::{Scope, Store, Work};
use uuid::Uuid;

use crate::domain::clocks::{Hours, Policy, Target, Terms, Underpinning};
use crate::domain::entry::{Entry, Fact};
use crate::domain::{calendar, sla_policy, underpinning_contract};
use crate::error::Error;

/// What was read once.
pub struct Shelf {
    store: Store,
    hours: Kept<Hours>,
    policies: Kept<Policy>,
    underpinning: Kept<Underpinning>,
}

struct Kept<T>(RwLock<HashMap<Uuid, Arc<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Kept<T> {
    fn get(&self, id: Uuid) -> Option<Arc<T>> {
        self.0.read().ok()?.get(&id).cloned()
    }

    fn put(&self, id: Uuid, made: T) -> Arc<T> {
        let made = Arc::new(made);
        if let Ok(mut kept) = self.0.write() {
            kept.insert(id, Arc::clone(&made));
        }
        made
    }
}

impl Shelf {
    /// Over one database.
    pub fn new(store: Store) -> Self {
        Self { store, hours: Kept::default(), policies: Kept::default(), underpinning: Kept::default() }
    }

    /// What the clocks of a ticket are derived from, but its log.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn terms(&self, policy: Option<Uuid>, log: &[Entry]) -> Result<Terms, Error> {
        let mut terms = Terms::default();
        if let Some(id) = policy {
            terms.policy = Some(self.policy(id).await?);
        }
        for entry in log {
            if let Fact::Handoff(fact) = &entry.fact
                && let Some(id) = fact.underpinning_contract_id
            {
                terms.underpinning.insert(id, self.underpinning(id).await?);
            }
        }
        Ok(terms)
    }

    /// A calendar.
    ///
    /// # Errors
    /// [`store::Error::NotFound`], [`Error::Corrupt`].
    pub async fn hours(&self, id: Uuid) -> Result<Arc<Hours>, Error> {
        if let Some(hours) = self.hours.get(id) {
            return Ok(hours);
        }
        let row = self.read().await?.find::<calendar::Entity>(id).await?;
        let calendar = ::calendar::Calendar::new(row.spec()).map_err(|_| Error::Corrupt(format!("calendar {id}")))?;
        Ok(self.hours.put(id, Hours { id, calendar }))
    }

    async fn policy(&self, id: Uuid) -> Result<Arc<Policy>, Error> {
        if let Some(policy) = self.policies.get(id) {
            return Ok(policy);
        }
        let row = self.read().await?.find::<sla_policy::Entity>(id).await?;
        let mut policy = Policy { id, targets: BTreeMap::new(), pauses: row.pause_reasons.0 };
        for sla_policy::Target { priority, metric, seconds, calendar_id } in row.targets.0 {
            policy.targets.insert((priority, metric), self.target(seconds, calendar_id).await?);
        }
        Ok(self.policies.put(id, policy))
    }

    async fn underpinning(&self, id: Uuid) -> Result<Arc<Underpinning>, Error> {
        if let Some(promise) = self.underpinning.get(id) {
            return Ok(promise);
        }
        let row = self.read().await?.find::<underpinning_contract::Entity>(id).await?;
        let promise = Underpinning {
            id,
            acceptance: self.target(row.acceptance_seconds, row.calendar_id).await?,
            work: self.target(row.work_seconds, row.calendar_id).await?,
        };
        Ok(self.underpinning.put(id, promise))
    }

    async fn target(&self, seconds: i64, calendar_id: Uuid) -> Result<Target, Error> {
        Ok(Target { budget: SignedDuration::from_secs(seconds), hours: self.hours(calendar_id).await? })
    }

    /// In the platform's own name: what a ticket was promised is read for its
    /// tenant as well, who may not read the operator's rows.
    async fn read(&self) -> Result<Work, Error> {
        Ok(self.store.begin(&Scope::worker(None)).await?)
    }
}
