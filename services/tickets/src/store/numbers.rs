//! Ticket numbers: per tenant, from 1, without holding anybody up.
//!
//! A counter that is raised in the ticket's own transaction stays locked until
//! that commits, so a tenant would get one ticket per flush of the disk. Here
//! it is raised in a transaction of its own, which need not wait for the disk:
//! the log is sequential, so a ticket that is durable makes every number given
//! out before it durable as well. Whoever asks while one is on the way shares
//! the next trip.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::{Result, Scope, Store, found};
use tokio::sync::Mutex as Turn;
use uuid::Uuid;

/// Gives out numbers.
#[derive(Clone)]
pub struct Numbers {
    store: Store,
    tenants: Arc<Mutex<HashMap<Uuid, Arc<Tenant>>>>,
}

#[derive(Default)]
struct Tenant {
    waiting: Mutex<i64>,
    /// Numbers fetched and not yet taken: next, and one past the last.
    fetched: Turn<(i64, i64)>,
}

impl Numbers {
    /// From the counters in `store`, over connections of their own: whoever
    /// asks for a number has a transaction open already.
    pub fn new(store: &Store) -> Self {
        Self { store: store.beside(2), tenants: Arc::default() }
    }

    /// The next number of `tenant`. One whose ticket is then not made is a gap.
    ///
    /// # Errors
    /// [`store::Error::Unavailable`] if the database is.
    pub async fn next(&self, tenant: Uuid) -> Result<i64> {
        let shared = match self.tenants.lock() {
            Ok(mut tenants) => Arc::clone(tenants.entry(tenant).or_default()),
            Err(_) => Arc::default(),
        };
        wait(&shared, 1);
        let mut fetched = shared.fetched.lock().await;
        if fetched.0 == fetched.1 {
            let count = wait(&shared, 0).max(1);
            let last = self.raise(tenant, count).await.inspect_err(|_| {
                wait(&shared, -1);
            })?;
            *fetched = (last + 1 - count, last + 1);
        }
        wait(&shared, -1);
        fetched.0 += 1;
        Ok(fetched.0 - 1)
    }

    async fn raise(&self, tenant: Uuid, by: i64) -> Result<i64> {
        let work = self.store.begin_unflushed(&Scope::worker(Some(tenant))).await?;
        let sql = "INSERT INTO counters (tenant_id, last) VALUES ($1, $2) \
            ON CONFLICT (tenant_id) DO UPDATE SET last = counters.last + $2 RETURNING last";
        let row = work
            .query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [tenant.into(), by.into()]))
            .await?;
        let last = found(row)?.try_get_by_index(0)?;
        work.commit().await?;
        Ok(last)
    }
}

/// Adds to those who wait, and says how many there are.
fn wait(tenant: &Tenant, more: i64) -> i64 {
    tenant.waiting.lock().map_or(0, |mut waiting| {
        *waiting += more;
        *waiting
    })
}
