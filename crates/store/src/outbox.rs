//! News that waits in the very database whose rows it tells of.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::work::new_id;
use crate::{Result, Scope, Store, Work};

/// Something that became true, as the other services will hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Unique for ever: receivers know a repeat by it.
    pub id: Uuid,
    /// Whose it is; nil for the operator's own.
    pub tenant: Uuid,
    /// Full name of its message, such as `relevo.tickets.v1.TicketResolved`.
    pub kind: String,
    /// Where it is published.
    pub subject: String,
    /// The encoded message.
    pub payload: Vec<u8>,
    /// W3C trace context of whoever caused it.
    pub traceparent: Option<String>,
}

impl News {
    /// News with a new id and no trace.
    pub fn new(tenant: Uuid, kind: String, subject: String, payload: Vec<u8>) -> Self {
        Self { id: new_id(), tenant, kind, subject, payload, traceparent: None }
    }
}

const INSERT: &str = "INSERT INTO outbox (id, tenant_id, kind, subject, payload, traceparent) \
    SELECT i, o, k, s, p, NULLIF(t, '') FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[]) AS news (i, o, k, s, p, t)";

pub(crate) fn values(news: &[News]) -> Vec<Value> {
    fn column<T: Into<Value>>(kind: sea_orm::sea_query::ArrayType, items: impl Iterator<Item = T>) -> Value {
        Value::Array(kind, Some(Box::new(items.map(Into::into).collect())))
    }
    use sea_orm::sea_query::ArrayType;
    vec![
        column(ArrayType::Uuid, news.iter().map(|n| n.id)),
        column(ArrayType::Uuid, news.iter().map(|n| n.tenant)),
        column(ArrayType::String, news.iter().map(|n| n.kind.as_str())),
        column(ArrayType::String, news.iter().map(|n| n.subject.as_str())),
        column(ArrayType::Bytes, news.iter().map(|n| n.payload.clone())),
        column(ArrayType::String, news.iter().map(|n| n.traceparent.as_deref().unwrap_or_default())),
    ]
}

pub(crate) async fn flush(work: &Work, news: &[News]) -> Result<()> {
    work.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, INSERT, values(news))).await?;
    Ok(())
}

/// What has been committed and not yet published, oldest first, locked for
/// one relay until its [`Work`] ends.
pub struct Outbox {
    work: Work,
    /// What is to be published now.
    pub batch: Vec<Pending>,
}

/// One row of the outbox.
#[derive(Debug, FromQueryResult)]
pub struct Pending {
    /// See [`News::id`].
    pub id: Uuid,
    /// See [`News::kind`].
    pub kind: String,
    /// See [`News::subject`].
    pub subject: String,
    /// See [`News::payload`].
    pub payload: Vec<u8>,
    /// See [`News::traceparent`].
    pub traceparent: Option<String>,
    /// When its transaction began.
    pub created_at: DateTime<Utc>,
}

impl Outbox {
    /// Claims at most `limit`. Two relays never claim the same.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] if the database is.
    pub async fn claim(store: &Store, limit: u32) -> Result<Self> {
        let work = store.begin(&Scope::worker(None)).await?;
        let statement = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT id, kind, subject, payload, traceparent, created_at FROM outbox \
             WHERE published_at IS NULL ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED",
            [i64::from(limit).into()],
        );
        let batch = Pending::find_by_statement(statement).all(&work).await?;
        Ok(Self { work, batch })
    }

    /// The server has them: `ids` are not claimed again.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`]: they will be published twice, and the
    /// receivers will know.
    pub async fn published(self, ids: Vec<Uuid>) -> Result<()> {
        let statement = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "UPDATE outbox SET published_at = now() WHERE id = ANY($1)",
            [ids.into()],
        );
        self.work.execute_raw(statement).await?;
        self.work.commit().await
    }

    /// How many wait.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] if the database is.
    pub async fn waiting(store: &Store) -> Result<u64> {
        let work = store.begin(&Scope::worker(None)).await?;
        let statement =
            Statement::from_string(DbBackend::Postgres, "SELECT count(*) FROM outbox WHERE published_at IS NULL");
        let row = work.query_one_raw(statement).await?.ok_or(crate::Error::NotFound)?;
        let count: i64 = row.try_get_by_index(0)?;
        Ok(count.unsigned_abs())
    }
}
