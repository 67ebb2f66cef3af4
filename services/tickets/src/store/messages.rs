//! What was said about tickets.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use store::{Page, PageSize, Work};
use uuid::Uuid;

use crate::domain::message::{Column, Entity, Message};
use crate::error::Error;

/// What was said about a ticket and may be read in scope, newest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn page(work: &Work, ticket: Uuid, size: PageSize, token: &str) -> Result<Page<Message>, Error> {
    let select = Entity::find().filter(Column::TicketId.eq(ticket));
    Ok(work.page(select, size, token, |row| row.id).await?)
}
