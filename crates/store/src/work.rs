//! One transaction, in one scope, with its news.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions, Postgres};
use sea_orm::sqlx::{self, AssertSqlSafe, Executor};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex, Notify};
use uuid::Uuid;

use crate::outbox::{News, flush};
use crate::requests::{RequestKey, recall, record};
use crate::{Error, Result, Role, Scope};

/// A service's database.
#[derive(Clone)]
pub struct Store {
    pool: sqlx::PgPool,
    told: Arc<Notify>,
}

impl Store {
    /// A pool of at most `connections` to `url`. Nothing is opened before it
    /// is needed, and a lost server is found again by itself.
    ///
    /// # Errors
    /// [`Error::Database`] if `url` is not a Postgres URL.
    pub fn open(url: &str, connections: u32) -> Result<Self> {
        Ok(Self::pooled(url.parse()?, connections))
    }

    /// The same database through a pool of its own. For what is done while a
    /// transaction of the first is open: sharing its pool, enough callers at
    /// once would each hold one connection and wait for ever for a second.
    #[must_use]
    pub fn beside(&self, connections: u32) -> Self {
        Self::pooled(self.pool.connect_options().as_ref().clone(), connections)
    }

    fn pooled(options: PgConnectOptions, connections: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // BEGIN finds a dead connection just as well as a ping does.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Self { pool, told: Arc::default() }
    }

    /// Begins a transaction in `scope`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database is.
    pub async fn begin(&self, scope: &Scope) -> Result<Work> {
        self.begin_as(scope, scope.begin()).await
    }

    /// The same, but its commit does not wait for the disk: a crash may undo
    /// it, with everything that committed after it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database is.
    pub async fn begin_unflushed(&self, scope: &Scope) -> Result<Work> {
        self.begin_as(scope, scope.begin() + "; SET LOCAL synchronous_commit = off").await
    }

    async fn begin_as(&self, scope: &Scope, sql: String) -> Result<Work> {
        let tx = match self.pool.begin_with(AssertSqlSafe(sql.clone())).await {
            // The pool may hand out connections that died with the server.
            // Nothing has happened on them yet, so another one may try.
            Err(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => self.begin_afresh(&sql).await?,
            other => other?,
        };
        Ok(Work { tx: Mutex::new(tx), scope: scope.clone(), news: Vec::new(), told: Arc::clone(&self.told) })
    }

    async fn begin_afresh(&self, sql: &str) -> Result<sqlx::Transaction<'static, Postgres>> {
        let mut last = None;
        for _ in 0..=self.pool.num_idle() {
            match self.pool.begin_with(AssertSqlSafe(sql.to_owned())).await {
                Ok(tx) => return Ok(tx),
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or(Error::Unavailable("no connection".into()), Error::from))
    }

    /// Wakes whoever relays the outbox, whenever news was committed here.
    pub fn told(&self) -> Arc<Notify> {
        Arc::clone(&self.told)
    }

    /// Closes every connection, once its transaction is over.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction. Dropped without [`Work::commit`], it never happened.
pub struct Work {
    tx: Mutex<sqlx::Transaction<'static, Postgres>>,
    scope: Scope,
    news: Vec<News>,
    told: Arc<Notify>,
}

impl Work {
    /// In whose name this runs.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Goes on in the platform's own name, for one tenant. For what follows
    /// from an act that was allowed in the caller's scope, and that the caller
    /// itself must not see.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database is.
    pub async fn elevate(&self, tenant: Uuid) -> Result<()> {
        let sql = format!("SET LOCAL ROLE relevo_worker; SET LOCAL relevo.tenant = '{tenant}'");
        self.execute_unprepared(&sql).await?;
        Ok(())
    }

    /// Sees only the rows of `tenant` from here on, or every tenant's again for
    /// none. For the platform itself, whose one transaction serves several.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database is.
    pub async fn narrow(&mut self, tenant: Option<Uuid>) -> Result<()> {
        if self.scope.role == Role::Worker && self.scope.tenant != tenant {
            let seen = tenant.map_or("*".to_owned(), |tenant| tenant.to_string());
            self.execute_unprepared(&format!("SET LOCAL relevo.tenant = '{seen}'")).await?;
            self.scope.tenant = tenant;
        }
        Ok(())
    }

    /// Will be told to the other services, if and only if this is committed.
    pub fn announce(&mut self, news: News) {
        self.news.push(news);
    }

    /// Writes the news and commits.
    ///
    /// # Errors
    /// [`Error::Constraint`] for a deferred one, [`Error::Unavailable`].
    pub async fn commit(self) -> Result<()> {
        self.settle(None, &[]).await
    }

    /// Commits, and remembers `answer` as what `request` is answered from now
    /// on. Costs no round trip of its own.
    ///
    /// # Errors
    /// [`Error::Constraint`] `requests_once` if somebody was faster; see
    /// [`Store::recall`].
    pub async fn commit_answering(self, request: &RequestKey, answer: &[u8]) -> Result<()> {
        self.settle(Some(request), answer).await
    }

    async fn settle(mut self, request: Option<&RequestKey>, answer: &[u8]) -> Result<()> {
        let news = std::mem::take(&mut self.news);
        if let Some(request) = request {
            record(&self, request, answer, &news).await?;
        } else if !news.is_empty() {
            flush(&self, &news).await?;
        }
        self.tx.into_inner().commit().await?;
        if !news.is_empty() {
            self.told.notify_one();
        }
        Ok(())
    }
}

impl Store {
    /// The answer that `request` was given before, if it was.
    ///
    /// # Errors
    /// [`Error::RequestIdReused`] if its id was used for something else.
    pub async fn recall(&self, scope: &Scope, request: &RequestKey) -> Result<Option<Vec<u8>>> {
        let work = self.begin(scope).await?;
        recall(&work, request).await
    }
}

/// A new id, ordered by the time of its making.
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

#[async_trait::async_trait]
impl ConnectionTrait for Work {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        let mut tx = self.tx.lock().await;
        let done = tx.execute(query(&statement)).await.map_err(exec_error)?;
        Ok(done.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        let mut tx = self.tx.lock().await;
        let done = tx.execute(AssertSqlSafe(sql)).await.map_err(exec_error)?;
        Ok(done.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        let mut tx = self.tx.lock().await;
        let row = tx.fetch_optional(query(&statement)).await.map_err(query_error)?;
        Ok(row.map(Into::into))
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        let mut tx = self.tx.lock().await;
        let rows = tx.fetch_all(query(&statement)).await.map_err(query_error)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
