//! Dead letters: what could not be taken in, kept with its reason until
//! somebody has mended the cause and replays it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use store::{Scope, Store};
use uuid::Uuid;

use crate::inbox::Heard;

/// One of them.
#[derive(Debug, FromQueryResult)]
pub struct DeadLetter {
    /// The event's id.
    pub id: Uuid,
    /// Whose it is; nil for the operator's own.
    pub tenant_id: Uuid,
    /// Full name of its message.
    pub kind: String,
    /// Where it was published.
    pub subject: String,
    /// The last error.
    pub reason: String,
    /// How often it was tried.
    pub deliveries: i64,
    /// When it was given up.
    pub died_at: DateTime<Utc>,
}

pub(crate) async fn bury(store: &Store, heard: &Heard, reason: &str) -> store::Result<()> {
    let work = store.begin(&Scope::worker(None)).await?;
    let sql = "INSERT INTO dead_letters (id, tenant_id, kind, subject, payload, reason, deliveries) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, died_at = now(), replayed_at = NULL";
    let values = [
        heard.id.into(),
        heard.tenant.into(),
        heard.kind.as_str().into(),
        heard.subject.as_str().into(),
        heard.payload.clone().into(),
        reason.into(),
        heard.deliveries.into(),
    ];
    work.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    work.commit().await
}

/// Those that nobody has replayed yet, oldest first, at most 1,000.
///
/// # Errors
/// [`store::Error::Unavailable`] if the database is.
pub async fn dead_letters(store: &Store) -> store::Result<Vec<DeadLetter>> {
    let work = store.begin(&Scope::worker(None)).await?;
    let sql = "SELECT id, tenant_id, kind, subject, reason, deliveries, died_at FROM dead_letters \
        WHERE replayed_at IS NULL ORDER BY died_at LIMIT 1000";
    Ok(DeadLetter::find_by_statement(Statement::from_string(DbBackend::Postgres, sql)).all(&work).await?)
}

/// What a letter said.
#[derive(FromQueryResult)]
struct Letter {
    payload: Vec<u8>,
    kind: String,
}

/// Hands one of them to its service again, through `inbox`.
///
/// # Errors
/// [`store::Error::NotFound`] if there is no such letter, else whatever the
/// handler says: it stays a dead letter then.
pub async fn replay(store: &Store, inbox: &crate::Inbox, id: Uuid) -> Result<(), crate::Reason> {
    let mut work = store.begin(&Scope::worker(None)).await?;
    let sql =
        "UPDATE dead_letters SET replayed_at = now() WHERE id = $1 AND replayed_at IS NULL RETURNING payload, kind";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.into()]);
    let letter = store::found(Letter::find_by_statement(statement).one(&work).await?)?;
    inbox.again(&mut work, id, &letter.kind, &letter.payload).await?;
    work.commit().await?;
    Ok(())
}
