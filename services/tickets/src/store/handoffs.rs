//! Hand-offs, and who read them.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement};
use store::{Page, PageSize, Work, found};
use uuid::Uuid;

use super::{Mark, tickets};
use crate::convert;
use crate::domain::handoff::{Column, Entity, Handoff, Passed};
use crate::domain::words::HandoffState;
use crate::error::Error;

/// The hand-off, to be looked at.
///
/// # Errors
/// [`store::Error::NotFound`] if it is not in scope.
pub async fn find(work: &Work, id: Uuid) -> Result<Handoff, Error> {
    Ok(work.find::<Entity>(id).await?)
}

/// The hand-off, to be changed.
///
/// # Errors
/// [`store::Error::NotFound`] if it is not in scope.
pub async fn lock(work: &Work, id: Uuid) -> Result<Handoff, Error> {
    let query = Entity::find().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate);
    Ok(found(query.one(work).await?)?)
}

/// Offers that nobody has accepted in time.
///
/// # Errors
/// Those of the store.
pub async fn expired(work: &Work, now: DateTime<Utc>) -> Result<Vec<Handoff>, Error> {
    let query = Entity::find()
        .filter(Column::State.eq(HandoffState::Offered))
        .filter(Column::OfferExpiresAt.lte(now))
        .limit(100);
    Ok(query.all(work).await?)
}

/// Saves a step, with what it did to the ticket, and announces both.
///
/// # Errors
/// [`store::Error::Stale`] if somebody was faster, [`Error::HandoffActive`]
/// where another vendor holds the tier.
pub async fn keep(work: &mut Work, passed: Passed, mark: &Mark) -> Result<Handoff, Error> {
    if passed.handoff.version == 1 {
        work.insert(passed.handoff.clone()).await?;
    } else {
        work.update(passed.handoff.clone()).await?;
    }
    work.announce(convert::handoff::announce(&passed, &mark.actor));
    if let Some(change) = passed.ticket {
        tickets::keep(work, change, mark).await?;
    }
    Ok(passed.handoff)
}

/// The same, and where the offer has come to nothing the next vendor in rank
/// is asked in the same transaction.
///
/// # Errors
/// As [`keep`].
pub async fn keep_and_pass_on(work: &mut Work, passed: Passed, mark: &Mark) -> Result<Handoff, Error> {
    let moment = passed.moment;
    let ended = keep(work, passed, mark).await?;
    let ticket = tickets::lock(work, ended.ticket_id).await?;
    if let Some(next) = ended.next(Uuid::now_v7(), &ticket, moment, mark.now) {
        keep(work, next, mark).await?;
    }
    Ok(ended)
}

/// The hand-offs of a ticket, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn of_ticket(work: &Work, ticket: Uuid, size: PageSize, token: &str) -> Result<Page<Handoff>, Error> {
    let select = Entity::find().filter(Column::TicketId.eq(ticket));
    Ok(work.page(select, size, token, |row| row.id).await?)
}

/// What is disclosed to the vendor in scope, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn of_vendor(work: &Work, size: PageSize, token: &str) -> Result<Page<Handoff>, Error> {
    Ok(work.page(Entity::find(), size, token, |row| row.id).await?)
}

/// Writes down that a vendor read them.
///
/// # Errors
/// Those of the store.
pub async fn note_read(work: &Work, handoffs: &[Handoff], subject: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(first) = handoffs.first() else {
        return Ok(());
    };
    work.elevate(first.tenant_id).await?;
    work.execute_unprepared("SET LOCAL relevo.tenant = '*'").await?;
    let sql = "INSERT INTO vendor_reads (tenant_id, id, handoff_id, vendor_id, subject, read_at) \
        SELECT t, i, h, $4, $5, $6 FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[]) AS read (t, i, h)";
    let column = |of: fn(&Handoff) -> Uuid| handoffs.iter().map(of).collect::<Vec<_>>();
    let values = [
        column(|h| h.tenant_id).into(),
        column(|_| Uuid::now_v7()).into(),
        column(|h| h.id).into(),
        first.vendor_id.into(),
        subject.into(),
        now.into(),
    ];
    work.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
