//! What the other services announced.

use sea_orm::{ConnectionTrait, FromQueryResult};
use store::Work;
use uuid::Uuid;

use super::sql;
use crate::domain::tenant;
use crate::domain::terms::{Contract, RateCard};
use crate::error::Error;

/// Keeps the newest of what was said of a tenant.
///
/// # Errors
/// Those of the store.
pub async fn keep_tenant(work: &Work, tenant: tenant::Model) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO tenants (tenant_id, id, version, display_name, zone, currency, tax_number) \
        VALUES ($1, $1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, id) DO UPDATE SET version = excluded.version, \
        display_name = excluded.display_name, zone = excluded.zone, currency = excluded.currency, \
        tax_number = excluded.tax_number WHERE tenants.version < excluded.version";
    let tenant::Model { tenant_id, id: _, version, display_name, zone, currency, tax_number } = tenant;
    let values =
        [tenant_id.into(), version.into(), display_name.into(), zone.into(), currency.into(), tax_number.into()];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}

/// Keeps a contract as it was activated. What comes later changes nothing: a
/// price that may have been billed stays.
///
/// # Errors
/// Those of the store.
pub async fn keep_contract(work: &Work, tenant: Uuid, contract: &Contract) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO contracts (tenant_id, id, terms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let terms = serde_json::to_value(contract)?;
    work.execute_raw(sql(SQL, [tenant.into(), contract.id.into(), terms.into()])).await?;
    Ok(())
}

/// Keeps a vendor's rates.
///
/// # Errors
/// Those of the store.
pub async fn keep_card(work: &Work, card: &RateCard) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO rate_cards (id, vendor_id, terms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let terms = serde_json::to_value(card)?;
    work.execute_raw(sql(SQL, [card.id.into(), card.vendor_id.into(), terms.into()])).await?;
    Ok(())
}

/// Keeps which contract covers a ticket; it is decided once.
///
/// # Errors
/// Those of the store.
pub async fn keep_coverage(work: &Work, tenant: Uuid, ticket: Uuid, contract: Uuid) -> Result<(), Error> {
    const SQL: &str =
        "INSERT INTO coverages (tenant_id, ticket_id, contract_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    work.execute_raw(sql(SQL, [tenant.into(), ticket.into(), contract.into()])).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Terms {
    terms: serde_json::Value,
}

/// All contracts of a tenant.
///
/// # Errors
/// Those of the store.
pub async fn contracts(work: &Work, tenant: Uuid) -> Result<Vec<Contract>, Error> {
    let rows = Terms::find_by_statement(sql("SELECT terms FROM contracts WHERE tenant_id = $1", [tenant.into()]))
        .all(work)
        .await?;
    rows.into_iter().map(|row| Ok(serde_json::from_value(row.terms)?)).collect()
}

/// The rate cards of `vendors`.
///
/// # Errors
/// Those of the store.
pub async fn cards(work: &Work, vendors: Vec<Uuid>) -> Result<Vec<RateCard>, Error> {
    if vendors.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        Terms::find_by_statement(sql("SELECT terms FROM rate_cards WHERE vendor_id = ANY($1)", [vendors.into()]));
    rows.all(work).await?.into_iter().map(|row| Ok(serde_json::from_value(row.terms)?)).collect()
}
