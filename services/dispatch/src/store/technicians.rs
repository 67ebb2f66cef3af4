//! Who can be sent.

use sea_orm::{EntityTrait, QueryOrder};
use store::Work;
use uuid::Uuid;

use crate::domain::technician::{Column, Entity, Model};
use crate::domain::visit;
use crate::error::Error;

/// The technician that a request names.
///
/// # Errors
/// [`Error::TechnicianNotFound`].
pub async fn named(work: &Work, id: Uuid) -> Result<Model, Error> {
    Entity::find_by_id(id).one(work).await?.ok_or(Error::TechnicianNotFound)
}

/// Who goes there, if that is planned.
///
/// # Errors
/// Those of the store.
pub async fn sent(work: &Work, visit: &visit::Model) -> Result<Option<Model>, Error> {
    match visit.technician_id {
        Some(id) => Ok(Entity::find_by_id(id).one(work).await?),
        None => Ok(None),
    }
}

/// Everybody, oldest first.
///
/// # Errors
/// Those of the store.
pub async fn all(work: &Work) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().order_by_asc(Column::Id).all(work).await?)
}
