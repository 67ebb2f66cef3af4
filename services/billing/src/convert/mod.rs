//! Between the wire and the domain: the only place that names both.

mod announced;
mod facts;
mod invoices;
mod margins;

pub use announced::{card, contract, coverage, seats, tenant, ticket, time_entry, visit};
pub use facts::{batch, fact, ingest, outcome};
pub use invoices::{invoice, invoice_finalized};
pub use margins::margin;

use proto::r#type::v1::Money;
use service::{Fields, Violations};
use uuid::Uuid;

use crate::domain::civil::Month;

/// Reads a name.
pub fn id(field: &str, value: &str, collection: &str) -> Result<Uuid, Violations> {
    let mut fields = Fields::default();
    let id = fields.name(field, value, collection);
    fields.finish(id)
}

/// Reads a name that may be left out.
pub fn id_if_given(field: &str, value: &str, collection: &str) -> Result<Option<Uuid>, Violations> {
    let mut fields = Fields::default();
    let id = fields.name_if_given(field, value, collection);
    fields.finish(id)
}

/// Reads a month.
pub fn month(value: &str) -> Result<Month, Violations> {
    let mut fields = Fields::default();
    let month = Month::parse(value);
    if month.is_none() {
        fields.refuse("month", "MONTH", "must be a month such as 2026-03");
    }
    fields.finish(month.unwrap_or_else(|| Month::of(chrono::NaiveDate::MIN)))
}

/// Reads a tenant and a month.
pub fn tenant_month(tenant: &str, value: &str) -> Result<(Uuid, Month), Violations> {
    match (id("tenant", tenant, "tenants"), month(value)) {
        (Ok(tenant), Ok(month)) => Ok((tenant, month)),
        (tenant, month) => {
            let all = [tenant.err(), month.err()].into_iter().flatten().flat_map(|violations| violations.0);
            Err(Violations(all.collect()))
        }
    }
}

fn money(minor: i64, currency: &str) -> Option<Money> {
    Some(Money { minor, currency: currency.to_owned() })
}

fn name_or_empty(collection: &str, id: Option<Uuid>) -> String {
    id.map(|id| service::name(collection, id)).unwrap_or_default()
}
