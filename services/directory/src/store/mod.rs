//! How the directory keeps what is true: the only SQL.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use service::parse_name;
use store::{Work, found};

use crate::domain::grant::Holder;
use crate::domain::{api_key, contact, signing_key, staff, vendor};
use crate::error::Error;

/// Whoever `subject` names.
///
/// # Errors
/// [`store::Error::NotFound`] if nobody.
pub async fn holder(work: &Work, subject: &str) -> Result<Holder, Error> {
    if let Some(id) = parse_name("staff", subject) {
        return Ok(Holder::Staff(work.find::<staff::Entity>(id).await?));
    }
    if let Some(id) = parse_name("contacts", subject) {
        return Ok(Holder::Contact(work.find::<contact::Entity>(id).await?));
    }
    let id = found(parse_name("vendors", subject))?;
    Ok(Holder::Vendor(work.find::<vendor::Entity>(id).await?))
}

/// The key with this hash.
///
/// # Errors
/// [`store::Error::NotFound`] if there is none.
pub async fn key_by_digest(work: &Work, digest: &[u8]) -> Result<api_key::Model, Error> {
    let key = api_key::Entity::find().filter(api_key::Column::Digest.eq(digest)).one(work).await?;
    Ok(found(key)?)
}

/// Every signing key that was ever made.
///
/// # Errors
/// Those of the store.
pub async fn signing_keys(work: &Work) -> Result<Vec<signing_key::Model>, Error> {
    Ok(signing_key::Entity::find().all(work).await?)
}

/// The key that signs now.
///
/// # Errors
/// [`store::Error::NotFound`] before the first was made.
pub async fn signing_key(work: &Work) -> Result<signing_key::Model, Error> {
    let key = signing_key::Entity::find().filter(signing_key::Column::RetiredAt.is_null()).one(work).await?;
    Ok(found(key)?)
}

/// From now on `key` signs, and no other.
///
/// # Errors
/// Those of the store.
pub async fn rotate(work: &Work, key: signing_key::Model, moment: DateTime<Utc>) -> Result<(), Error> {
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::RetiredAt, Expr::value(moment))
        .filter(signing_key::Column::RetiredAt.is_null())
        .exec(work)
        .await?;
    Ok(work.insert(key).await?)
}
