//! Work done on tickets.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{Page, PageSize, Work};
use uuid::Uuid;

use crate::domain::time_entry::{Column, Entity, TimeEntry};
use crate::error::Error;

/// The entry, to be approved.
///
/// # Errors
/// [`store::Error::NotFound`] if it is not in scope.
pub async fn find(work: &Work, id: Uuid) -> Result<TimeEntry, Error> {
    Ok(work.find::<Entity>(id).await?)
}

/// The work on a ticket, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn page(work: &Work, ticket: Uuid, size: PageSize, token: &str) -> Result<Page<TimeEntry>, Error> {
    let select = Entity::find().filter(Column::TicketId.eq(ticket));
    Ok(work.page(select, size, token, |row| row.id).await?)
}
