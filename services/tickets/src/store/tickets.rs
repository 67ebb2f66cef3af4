//! Tickets and their history.

use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
};
use store::{Page, PageSize, Work, found};
use uuid::Uuid;

use super::Mark;
use crate::convert;
use crate::domain::change::{self, difference};
use crate::domain::ticket::{Change, Column, Entitlement, Entity, Happening, Ticket};
use crate::domain::words::State;
use crate::error::Error;

/// The ticket, to be looked at.
///
/// # Errors
/// [`store::Error::NotFound`] if it is not in scope.
pub async fn find(work: &Work, id: Uuid) -> Result<Ticket, Error> {
    Ok(work.find::<Entity>(id).await?)
}

/// The ticket, to be changed: nobody else changes it meanwhile.
///
/// # Errors
/// [`store::Error::NotFound`] if it is not in scope.
pub async fn lock(work: &Work, id: Uuid) -> Result<Ticket, Error> {
    let query = Entity::find().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(found(query.one(work).await?)?)
}

/// A new ticket, with the first line of its history.
///
/// # Errors
/// Those of the store.
pub async fn create(work: &mut Work, ticket: Ticket, mark: &Mark) -> Result<Ticket, Error> {
    let created =
        Change { before: ticket.clone(), moment: ticket.opened_at, after: ticket, happening: Happening::TicketCreated };
    work.insert_both(created.after.clone(), line(&created, mark)).await?;
    Ok(tell(work, created, mark))
}

/// Saves a change, writes its history, and announces it.
///
/// # Errors
/// [`store::Error::Stale`] if somebody was faster.
pub async fn keep(work: &mut Work, change: Change, mark: &Mark) -> Result<Ticket, Error> {
    work.update(change.after.clone()).await?;
    work.insert(line(&change, mark)).await?;
    Ok(tell(work, change, mark))
}

/// The line of its history.
fn line(change: &Change, mark: &Mark) -> change::Model {
    change::Model {
        tenant_id: change.after.tenant_id,
        ticket_id: change.after.id,
        version: change.after.version,
        kind: format!("{:?}", change.happening),
        fields: difference(&change.before, &change.after),
        actor: mark.actor.name.clone(),
        acting: mark.actor.acting.clone(),
        occurred_at: change.moment,
        recorded_at: mark.now,
    }
}

fn tell(work: &mut Work, change: Change, mark: &Mark) -> Ticket {
    work.announce(convert::ticket::announce(&change, &mark.actor));
    change.after
}

/// What the contract says of it. Comes from elsewhere, once, and is no change.
///
/// # Errors
/// [`store::Error::NotFound`] while the ticket is not there.
pub async fn entitle(work: &Work, id: Uuid, entitlement: &Entitlement) -> Result<(), Error> {
    let json = serde_json::to_value(entitlement).unwrap_or_default();
    let sql = "UPDATE tickets SET entitlement = $2 WHERE id = $1";
    let done =
        work.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.into(), json.into()])).await?;
    Ok(found((done.rows_affected() == 1).then_some(()))?)
}

/// A page, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn page(
    work: &Work,
    tenant: Option<Uuid>,
    states: &[State],
    size: PageSize,
    token: &str,
) -> Result<Page<Ticket>, Error> {
    let mut select: Select<Entity> = Entity::find();
    if let Some(tenant) = tenant {
        select = select.filter(Column::TenantId.eq(tenant));
    }
    if !states.is_empty() {
        select = select.filter(Column::State.is_in(states.iter().copied()));
        if states.iter().all(|state| state.number() < State::Resolved.number()) {
            // Said once more in the words of the index on open tickets.
            select = select.filter(Column::State.lt(State::Resolved.number()));
        }
    }
    Ok(work.page(select, size, token, |ticket| ticket.id).await?)
}

/// The history of a ticket, oldest first.
///
/// # Errors
/// [`store::Error::NotFound`] if the ticket is not in scope.
pub async fn changes(work: &Work, ticket: &Ticket, after: i64, limit: u64) -> Result<Vec<change::Model>, Error> {
    let query = change::Entity::find()
        .filter(change::Column::TenantId.eq(ticket.tenant_id))
        .filter(change::Column::TicketId.eq(ticket.id))
        .filter(change::Column::Version.gt(after))
        .order_by_asc(change::Column::Version)
        .limit(limit);
    Ok(query.all(work).await?)
}
