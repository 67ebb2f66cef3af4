//! What a month earned and what it cost.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter};
use store::Work;
use uuid::Uuid;

use super::sql;
use crate::domain::civil::Month;
use crate::domain::invoice::{Column, Entity};
use crate::domain::margin::Margins;
use crate::error::Error;

#[derive(FromQueryResult)]
struct Cost {
    contract_id: Option<Uuid>,
    ticket_id: Option<Uuid>,
    cost_minor: i64,
}

/// The margins of a month's invoices, drafts among them, and their currency;
/// of one tenant, if given.
///
/// # Errors
/// [`Error::SeveralCurrencies`].
pub async fn of_month(work: &Work, tenant: Option<Uuid>, month: Month) -> Result<(String, Margins), Error> {
    const SQL: &str = "SELECT v.contract_id, v.ticket_id, sum(v.cost_minor)::bigint AS cost_minor FROM vendor_costs v \
        JOIN invoices i ON i.tenant_id = v.tenant_id AND i.id = v.invoice_id \
        WHERE i.month_on = $1 AND ($2::uuid IS NULL OR v.tenant_id = $2) GROUP BY v.contract_id, v.ticket_id";
    let mut select = Entity::find().filter(Column::MonthOn.eq(month.first()));
    if let Some(tenant) = tenant {
        select = select.filter(Column::TenantId.eq(tenant));
    }
    let mut margins = Margins::default();
    let mut currency = String::new();
    for invoice in select.all(work).await? {
        if !currency.is_empty() && currency != invoice.currency {
            return Err(Error::SeveralCurrencies);
        }
        margins.earn(&invoice.read()?)?;
        currency = invoice.currency;
    }
    // A cost in another currency than its invoice parks it, and is not kept.
    for cost in Cost::find_by_statement(sql(SQL, [month.first().into(), tenant.into()])).all(work).await? {
        margins.spend(cost.contract_id, cost.ticket_id, cost.cost_minor)?;
    }
    Ok((currency, margins))
}
