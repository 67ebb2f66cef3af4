//! Invoices, before they are finalised and after.

use sea_orm::sea_query::ArrayType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use store::{Page, PageSize, Work};
use uuid::Uuid;

use super::{column, gaps, sql};
use crate::domain::civil::Month;
use crate::domain::closing::Draft;
use crate::domain::cost::Cost;
use crate::domain::invoice::{Column, Entity, Model};
use crate::error::Error;

/// The invoice of a tenant's month, if it was ever closed.
///
/// # Errors
/// Those of the store.
pub async fn of_month(work: &Work, tenant: Uuid, month: Month) -> Result<Option<Model>, Error> {
    let select = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::MonthOn.eq(month.first()));
    Ok(select.one(work).await?)
}

/// A page of invoices, the latest first; of one tenant, if given.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn page(work: &Work, tenant: Option<Uuid>, size: PageSize, token: &str) -> Result<Page<Model>, Error> {
    let mut select = Entity::find();
    if let Some(tenant) = tenant {
        select = select.filter(Column::TenantId.eq(tenant));
    }
    Ok(work.page(select, size, token, |row| row.id).await?)
}

/// Keeps what closing a month gave. The same result is the same row.
///
/// # Errors
/// Those of the store.
pub async fn keep_draft(work: &Work, tenant: Uuid, before: Option<Model>, draft: &Draft) -> Result<Model, Error> {
    let row = match before {
        None => {
            let row = Model::draft(tenant, Uuid::now_v7(), draft)?;
            work.insert(row.clone()).await?;
            row
        }
        Some(before) => match before.redraft(draft)? {
            None => before,
            Some(row) => {
                work.update(row.clone()).await?;
                row
            }
        },
    };
    keep_costs(work, &row, &draft.costs).await?;
    Ok(row)
}

async fn keep_costs(work: &Work, invoice: &Model, costs: &[Cost]) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO vendor_costs \
        (tenant_id, fact_id, invoice_id, vendor_id, contract_id, ticket_id, currency, cost_minor, basis) \
        SELECT $1, t.fact_id, $2, t.vendor_id, NULLIF(t.contract_id, '')::uuid, NULLIF(t.ticket_id, '')::uuid, \
        t.currency, t.cost_minor, t.basis::jsonb \
        FROM UNNEST($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[]) \
        AS t (fact_id, vendor_id, contract_id, ticket_id, currency, cost_minor, basis) \
        ON CONFLICT (tenant_id, fact_id) DO UPDATE SET invoice_id = excluded.invoice_id, contract_id = excluded.contract_id, \
        currency = excluded.currency, cost_minor = excluded.cost_minor, basis = excluded.basis";
    if costs.is_empty() {
        return Ok(());
    }
    let bases = costs.iter().map(|cost| serde_json::to_string(&cost.basis)).collect::<Result<Vec<_>, _>>()?;
    let values = [
        invoice.tenant_id.into(),
        invoice.id.into(),
        column(ArrayType::Uuid, costs.iter().map(|cost| cost.fact)),
        column(ArrayType::Uuid, costs.iter().map(|cost| cost.vendor)),
        gaps(costs.iter().map(|cost| cost.contract)),
        gaps(costs.iter().map(|cost| cost.ticket)),
        column(ArrayType::String, costs.iter().map(|cost| cost.currency.code())),
        column(ArrayType::BigInt, costs.iter().map(|cost| cost.cost_minor)),
        column(ArrayType::String, bases),
    ];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}
