//! What was agreed, and what it refers to.

use std::collections::HashSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use store::Work;
use uuid::Uuid;

use super::sql;
use crate::domain::contract::{self, Contract};
use crate::domain::words::ContractState;
use crate::domain::{seat_count, tenant, underpinning_contract};
use crate::error::Error;

/// Which of `ids` are calendars or policies.
///
/// # Errors
/// Those of the store.
pub async fn known(work: &Work, ids: Vec<Uuid>) -> Result<HashSet<Uuid>, Error> {
    let text = "SELECT id FROM calendars WHERE id = ANY($1) UNION ALL SELECT id FROM sla_policies WHERE id = ANY($1)";
    let rows = work.query_all_raw(sql(text, [ids.into()])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// The tenant, if it was heard of.
///
/// # Errors
/// Those of the store.
pub async fn find_tenant(work: &Work, tenant: Uuid) -> Result<Option<tenant::Model>, Error> {
    Ok(tenant::Entity::find_by_id(tenant).one(work).await?)
}

/// Keeps what the directory says, unless something newer is known.
///
/// # Errors
/// Those of the store.
pub async fn keep_tenant(work: &Work, row: tenant::Model) -> Result<(), Error> {
    let tenant::Model { tenant_id, version, zone, currency } = row;
    let text = "INSERT INTO tenants (tenant_id, version, zone, currency) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version, zone = excluded.zone, \
        currency = excluded.currency WHERE tenants.version < excluded.version";
    work.execute_raw(sql(text, [tenant_id.into(), version.into(), zone.into(), currency.into()])).await?;
    Ok(())
}

/// The tenant's contracts that are active.
///
/// # Errors
/// Those of the store.
pub async fn active(work: &Work, tenant: Uuid) -> Result<Vec<Contract>, Error> {
    let of_tenant = contract::Entity::find().filter(contract::Column::TenantId.eq(tenant));
    Ok(of_tenant.filter(contract::Column::State.eq(ContractState::Active)).all(work).await?)
}

/// Keeps a count; a later word on the same day replaces it.
///
/// # Errors
/// Those of the store.
pub async fn keep_seats(work: &Work, row: seat_count::Model) -> Result<(), Error> {
    use seat_count::Column::{ContractId, EffectiveOn, Line, Seats, TenantId, Version};
    let replace =
        OnConflict::columns([TenantId, ContractId, Line, EffectiveOn]).update_columns([Seats, Version]).to_owned();
    let active = row.into_active_model().reset_all();
    seat_count::Entity::insert(active).on_conflict(replace).exec_without_returning(work).await?;
    Ok(())
}

/// The vendor's newest promise, if it made one.
///
/// # Errors
/// Those of the store.
pub async fn newest_promise(work: &Work, vendor: Uuid) -> Result<Option<Uuid>, Error> {
    let of_vendor = underpinning_contract::Entity::find().filter(underpinning_contract::Column::VendorId.eq(vendor));
    let newest = of_vendor.order_by_desc(underpinning_contract::Column::Id).one(work).await?;
    Ok(newest.map(|row| row.id))
}
