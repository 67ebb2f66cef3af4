//! The clocks, as they were last derived.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use store::Work;
use uuid::Uuid;

use super::sql;
use crate::domain::clock::{Clock, Column, Entity};
use crate::domain::words::{ClockKind, Metric, Priority};
use crate::error::Error;

/// How many clocks one transaction of the timer takes.
const BATCH: u64 = 200;

/// The clocks of a ticket in scope, in the order in which they began.
///
/// # Errors
/// Those of the store.
pub async fn of_ticket(work: &Work, ticket: Uuid) -> Result<Vec<Clock>, Error> {
    let of_ticket = Entity::find().filter(Column::TicketId.eq(ticket));
    Ok(of_ticket.order_by_asc(Column::StartedAt).order_by_asc(Column::Id).all(work).await?)
}

/// The same, kept from the timer until the transaction is over.
///
/// # Errors
/// Those of the store.
pub async fn claim_of_ticket(work: &Work, tenant: Uuid, ticket: Uuid) -> Result<Vec<Clock>, Error> {
    let of_ticket = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::TicketId.eq(ticket));
    Ok(of_ticket.lock_exclusive().all(work).await?)
}

/// Clocks that tick past their due instant, the longest overdue first, and
/// that nobody else is at.
///
/// # Errors
/// Those of the store.
pub async fn claim_overdue(work: &Work, now: DateTime<Utc>) -> Result<Vec<Clock>, Error> {
    // Written out, not a parameter: a plan made for any state cannot use the
    // index of those that tick, and Postgres keeps the plan it made once.
    let running = Entity::find().filter(Expr::cust("state = 'RUNNING'"));
    let overdue = running.filter(Column::DueAt.lt(now)).order_by_asc(Column::DueAt).limit(BATCH);
    Ok(overdue.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(work).await?)
}

/// Keeps `clocks` in the place of what was known of them.
///
/// # Errors
/// Those of the store.
pub async fn keep(work: &Work, clocks: Vec<Clock>) -> Result<(), Error> {
    if clocks.is_empty() {
        return Ok(());
    }
    let changing = Column::iter().filter(|column| !matches!(column, Column::TenantId | Column::Id));
    let replace = OnConflict::columns([Column::TenantId, Column::Id]).update_columns(changing).to_owned();
    let rows = clocks.into_iter().map(|clock| clock.into_active_model().reset_all());
    Entity::insert_many(rows).on_conflict(replace).exec_without_returning(work).await?;
    Ok(())
}

/// How well one kind of promise was kept.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Compliance {
    /// To whom it was made.
    pub kind: ClockKind,
    /// What it measures.
    pub metric: Metric,
    /// The tickets'.
    pub priority: Priority,
    /// Kept.
    pub met: i64,
    /// Not kept.
    pub missed: i64,
    /// Missed only by a reclassification that came too late.
    pub late_reclassified: i64,
    /// Still ticking, or paused.
    pub open: i64,
}

/// Of which clocks compliance is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// Of one tenant.
    pub tenant: Option<Uuid>,
    /// That stopped at or after.
    pub from: Option<DateTime<Utc>>,
    /// That stopped before.
    pub until: Option<DateTime<Utc>>,
}

/// Counts the clocks in scope that stopped in `span`; a miss that has not
/// stopped yet counts on its breach. What is void counts nowhere.
///
/// # Errors
/// Those of the store.
pub async fn compliance(work: &Work, span: Span) -> Result<Vec<Compliance>, Error> {
    let text = "SELECT kind, metric, priority, \
          count(*) FILTER (WHERE state = 'MET') AS met, \
          count(*) FILTER (WHERE state = 'MISSED' AND NOT late_reclassification) AS missed, \
          count(*) FILTER (WHERE state = 'MISSED' AND late_reclassification) AS late_reclassified, \
          count(*) FILTER (WHERE state IN ('RUNNING', 'PAUSED')) AS open \
        FROM clocks \
        WHERE state <> 'VOID' AND ($1::uuid IS NULL OR tenant_id = $1) \
          AND (state IN ('RUNNING', 'PAUSED') \
            OR (COALESCE(stopped_at, breached_at) >= COALESCE($2::timestamptz, '-infinity') \
              AND COALESCE(stopped_at, breached_at) < COALESCE($3::timestamptz, 'infinity'))) \
        GROUP BY kind, metric, priority ORDER BY kind, metric, priority";
    let statement: Statement = sql(text, [span.tenant.into(), span.from.into(), span.until.into()]);
    let rows = work.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| Compliance::from_query_result(row, "")).collect::<Result<_, _>>()?)
}
