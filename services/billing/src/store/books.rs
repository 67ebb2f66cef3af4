//! All that the invoice of a month depends on, under one lock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::ColumnTrait;
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use store::Work;
use uuid::Uuid;

use super::{announced, facts, sql};
use crate::domain::civil::Month;
use crate::domain::closing::Books;
use crate::domain::fact::Fact;
use crate::domain::rating::Past;
use crate::domain::tenant;
use crate::error::Error;

/// Locks the tenant: nobody else closes or finalises for it meanwhile.
///
/// # Errors
/// [`Error::TenantNotFound`].
pub async fn lock(work: &Work, tenant: Uuid) -> Result<tenant::Model, Error> {
    let row = tenant::Entity::find().filter(tenant::Column::Id.eq(tenant)).lock_exclusive().one(work).await?;
    row.ok_or(Error::TenantNotFound)
}

/// The tenant, to read.
///
/// # Errors
/// [`Error::TenantNotFound`].
pub async fn tenant(work: &Work, tenant: Uuid) -> Result<tenant::Model, Error> {
    tenant::Entity::find().filter(tenant::Column::Id.eq(tenant)).one(work).await?.ok_or(Error::TenantNotFound)
}

/// Opens the books of a locked tenant for `month`.
///
/// # Errors
/// Those of the store.
pub async fn open(work: &Work, tenant: tenant::Model, month: Month) -> Result<Books, Error> {
    let id = tenant.id;
    // A day more than the month has: which facts are of it is decided by the
    // client's dates, not here.
    let until = month.end().succ_opt().unwrap_or(NaiveDate::MAX).and_time(chrono::NaiveTime::MIN).and_utc();
    let text = format!(
        "{} WHERE f.tenant_id = $1 AND f.started_at < $2 AND (c.fact_id IS NULL OR f.kind = 'SEATS')",
        facts::FACTS
    );
    let facts = facts::select(work, sql(&text, [id.into(), until.into()])).await?;
    let vendors: BTreeSet<Uuid> = facts.iter().filter_map(Fact::vendor).collect();
    let (through, empty) = months(work, id).await?;
    Ok(Books {
        contracts: announced::contracts(work, id).await?,
        cards: announced::cards(work, vendors.into_iter().collect()).await?,
        past: Past { through, billed: billed(work, id).await?, drawn: drawn(work, id, &facts).await? },
        empty,
        disputed: disputed(work, id).await?,
        tenant,
        facts,
    })
}

#[derive(FromQueryResult)]
struct Closed {
    month_on: NaiveDate,
    finalized: bool,
}

/// The last finalised month, and those that have nothing to bill.
async fn months(work: &Work, tenant: Uuid) -> Result<(Option<Month>, BTreeSet<Month>), Error> {
    const SQL: &str = "SELECT month_on, state = 'FINALIZED' AS finalized FROM invoices \
        WHERE tenant_id = $1 AND (state = 'FINALIZED' OR (state = 'DRAFT' AND document::jsonb -> 'charges' = '[]'::jsonb))";
    let rows = Closed::find_by_statement(sql(SQL, [tenant.into()])).all(work).await?;
    let through = rows.iter().filter(|row| row.finalized).map(|row| Month::of(row.month_on)).max();
    let empty = rows.iter().filter(|row| !row.finalized).map(|row| Month::of(row.month_on)).collect();
    Ok((through, empty))
}

#[derive(FromQueryResult)]
struct Billed {
    contract_id: Uuid,
    line: String,
    month_on: NaiveDate,
    net_minor: i64,
}

async fn billed(work: &Work, tenant: Uuid) -> Result<BTreeMap<(Uuid, String, Month), i64>, Error> {
    const SQL: &str = "SELECT contract_id, line, month_on, sum(net_minor)::bigint AS net_minor FROM billed_lines \
        WHERE tenant_id = $1 GROUP BY contract_id, line, month_on";
    let rows = Billed::find_by_statement(sql(SQL, [tenant.into()])).all(work).await?;
    Ok(rows.into_iter().map(|row| ((row.contract_id, row.line, Month::of(row.month_on)), row.net_minor)).collect())
}

#[derive(FromQueryResult)]
struct Drawn {
    contract_id: Uuid,
    month_on: NaiveDate,
    drawn_seconds: i64,
}

/// Of the months of `facts`: late ones draw from what is left of theirs.
async fn drawn(work: &Work, tenant: Uuid, facts: &[Fact]) -> Result<BTreeMap<(Uuid, Month), i64>, Error> {
    const SQL: &str = "SELECT contract_id, month_on, sum(drawn_seconds)::bigint AS drawn_seconds FROM claims \
        WHERE tenant_id = $1 AND drawn_seconds > 0 AND month_on >= $2 GROUP BY contract_id, month_on";
    let Some(first) = facts.iter().filter(|fact| !fact.settled).map(|fact| fact.started_at).min() else {
        return Ok(BTreeMap::new());
    };
    // A day less, for zones that are ahead or behind.
    let first = Month::of((first - chrono::TimeDelta::days(1)).date_naive()).first();
    let rows = Drawn::find_by_statement(sql(SQL, [tenant.into(), first.into()])).all(work).await?;
    Ok(rows.into_iter().map(|row| ((row.contract_id, Month::of(row.month_on)), row.drawn_seconds)).collect())
}

#[derive(FromQueryResult)]
struct Disputed {
    fact_id: Uuid,
}

async fn disputed(work: &Work, tenant: Uuid) -> Result<BTreeSet<Uuid>, Error> {
    const SQL: &str = "SELECT fact_id FROM disputes WHERE tenant_id = $1 AND dismissed_at IS NULL";
    let rows = Disputed::find_by_statement(sql(SQL, [tenant.into()])).all(work).await?;
    Ok(rows.into_iter().map(|row| row.fact_id).collect())
}
