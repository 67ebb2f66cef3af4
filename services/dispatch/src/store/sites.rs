//! Where visits go.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use store::Work;
use uuid::Uuid;

use crate::domain::site::{Column, Entity, Model};
use crate::domain::visit;
use crate::error::Error;

/// Notes what the directory says of a site, unless something newer is known.
///
/// # Errors
/// Those of the store.
pub async fn learn(work: &Work, site: Model) -> Result<(), Error> {
    let newer = Expr::col((Entity, Column::Version)).lt(Expr::cust("excluded.version"));
    let meanwhile = OnConflict::columns([Column::TenantId, Column::Id])
        .update_columns([Column::Version, Column::Latitude, Column::Longitude, Column::Zone])
        .action_and_where(newer)
        .to_owned();
    Entity::insert(site.into_active_model()).on_conflict(meanwhile).exec_without_returning(work).await?;
    Ok(())
}

/// Where a visit goes.
///
/// # Errors
/// Those of the store.
pub async fn of(work: &Work, visit: &visit::Model) -> Result<Model, Error> {
    Ok(work.find::<Entity>(visit.site_id).await?)
}

/// Where these visits go, by the id of the site.
///
/// # Errors
/// Those of the store.
pub async fn of_all(work: &Work, visits: &[visit::Model]) -> Result<HashMap<Uuid, Model>, Error> {
    let ids = visits.iter().map(|visit| visit.site_id);
    let sites = Entity::find().filter(Column::Id.is_in(ids)).all(work).await?;
    Ok(sites.into_iter().map(|site| (site.id, site)).collect())
}
