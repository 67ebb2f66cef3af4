//! What happened to tickets, and what was decided of them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use store::{Work, found};
use uuid::Uuid;

use super::sql;
use crate::domain::entitlement;
use crate::domain::entry::{self, Entry};
use crate::error::Error;

/// A ticket's log, and the policy that it is under.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// In no particular order.
    pub entries: Vec<Entry>,
    /// None where no contract covers the ticket.
    pub sla_policy_id: Option<Uuid>,
}

/// Writes an entry into the log; one that is there already stays. Until the
/// transaction is over nobody else writes into the log of this ticket.
///
/// # Errors
/// Those of the store.
pub async fn record(work: &Work, entry: &Entry) -> Result<(), Error> {
    let Entry { tenant_id, ticket_id, source_id, version, kind, occurred_at, fact } = entry.clone();
    let fact = serde_json::to_value(fact).map_err(|_| Error::Corrupt("a fact".into()))?;
    let text = "INSERT INTO entries (tenant_id, ticket_id, source_id, version, kind, occurred_at, fact) \
        SELECT $1, $2, $3, $4, $5, $6, $7 FROM pg_advisory_xact_lock(hashtextextended($2::text, 0)) \
        ON CONFLICT DO NOTHING";
    let values = [
        tenant_id.into(),
        ticket_id.into(),
        source_id.into(),
        version.into(),
        kind.into(),
        occurred_at.into(),
        fact.into(),
    ];
    work.execute_raw(sql(text, values)).await?;
    Ok(())
}

/// All that was told of a ticket, in scope.
///
/// # Errors
/// Those of the store.
pub async fn log(work: &Work, tenant: Uuid, ticket: Uuid) -> Result<Log, Error> {
    let text = "SELECT e.*, n.sla_policy_id FROM entries e LEFT JOIN entitlements n USING (tenant_id, ticket_id) \
        WHERE e.tenant_id = $1 AND e.ticket_id = $2";
    let rows = work.query_all_raw(sql(text, [tenant.into(), ticket.into()])).await?;
    let sla_policy_id = rows.first().map(|row| row.try_get("", "sla_policy_id")).transpose()?.flatten();
    let entries = rows.iter().map(|row| entry::Model::from_query_result(row, "")).collect::<Result<_, _>>()?;
    Ok(Log { entries, sla_policy_id })
}

/// Keeps a decision, unless there is one: it is made once. Says whether it is
/// the one.
///
/// # Errors
/// Those of the store.
pub async fn decide(work: &Work, row: &entitlement::Model) -> Result<bool, Error> {
    let of_ticket = entitlement::Entity::find_by_id((row.tenant_id, row.ticket_id));
    if of_ticket.one(work).await?.is_some() {
        return Ok(false);
    }
    work.insert(row.clone()).await?;
    Ok(true)
}

/// What was decided of a ticket, in scope.
///
/// # Errors
/// [`store::Error::NotFound`] if nothing was.
pub async fn entitlement(work: &Work, ticket: Uuid) -> Result<entitlement::Model, Error> {
    let of_ticket = entitlement::Entity::find().filter(entitlement::Column::TicketId.eq(ticket));
    Ok(found(of_ticket.one(work).await?)?)
}
