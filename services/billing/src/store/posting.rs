//! What finalising an invoice writes, all in one transaction.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::Work;
use uuid::Uuid;

use super::{column, gaps, sql};
use crate::domain::chain::Place;
use crate::domain::document::Document;
use crate::domain::invoice::Model;
use crate::domain::ledger::{self, Entry, Payable};
use crate::domain::rating::charge::Period;
use crate::error::Error;

#[derive(FromQueryResult)]
struct Last {
    count: i64,
    hash: String,
}

/// The next place in the series of `year`. Its row stays locked until the
/// transaction ends: either the number is used, or nobody ever saw it.
///
/// # Errors
/// Those of the store.
pub async fn next_place(work: &Work, year: i32) -> Result<Place, Error> {
    const SQL: &str = "INSERT INTO series (year, count, hash) VALUES ($1, 1, '') \
        ON CONFLICT (year) DO UPDATE SET count = series.count + 1 RETURNING count, hash";
    let last = store::found(Last::find_by_statement(sql(SQL, [year.into()])).one(work).await?)?;
    Ok(Place::new(year, last.count, last.hash))
}

/// Saves the finalised `invoice` over the version before it, and everything
/// that follows from it.
///
/// # Errors
/// [`store::Error::Stale`], [`Error::FactBilled`], [`Error::PeriodBilled`].
pub async fn finalize(
    work: &Work,
    year: i32,
    invoice: &Model,
    document: &Document,
    moment: DateTime<Utc>,
) -> Result<(), Error> {
    work.update(invoice.clone()).await?;
    let hash = invoice.content_hash.clone().unwrap_or_default();
    work.execute_raw(sql("UPDATE series SET hash = $2 WHERE year = $1", [year.into(), hash.into()])).await?;
    bill_lines(work, invoice, document).await?;
    claim(work, invoice, document).await?;
    let payables = post_costs(work, invoice).await?;
    post(work, invoice, ledger::of_invoice(document), moment).await?;
    post(work, invoice, ledger::of_costs(&payables)?, moment).await
}

async fn bill_lines(work: &Work, invoice: &Model, document: &Document) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO billed_lines (tenant_id, invoice_id, nr, contract_id, line, month_on, net_minor, service_period) \
        SELECT $1, $2, t.nr, t.contract_id, t.line, t.month_on, t.net_minor, \
        NULLIF(t.service_period, '')::daterange \
        FROM UNNEST($3::uuid[], $4::text[], $5::date[], $6::bigint[], $7::text[]) \
        WITH ORDINALITY AS t (contract_id, line, month_on, net_minor, service_period, nr)";
    let charges = &document.charges;
    let values = [
        invoice.tenant_id.into(),
        invoice.id.into(),
        column(ArrayType::Uuid, charges.iter().map(|charge| charge.contract)),
        column(ArrayType::String, charges.iter().map(|charge| charge.line.as_str())),
        column(ArrayType::ChronoDate, charges.iter().map(|charge| charge.month.first())),
        column(ArrayType::BigInt, charges.iter().map(|charge| charge.net_minor)),
        gaps(charges.iter().map(|charge| charge.period.map(|Period { first, end }| format!("[{first},{end})")))),
    ];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}

/// One row for each fact: by which line, or why by none.
struct Claim<'a> {
    fact: Uuid,
    nr: Option<i32>,
    reason: Option<&'a str>,
    contract: Option<Uuid>,
    month_on: chrono::NaiveDate,
    drawn_seconds: i64,
}

async fn claim(work: &Work, invoice: &Model, document: &Document) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO claims (tenant_id, invoice_id, fact_id, nr, reason, contract_id, month_on, drawn_seconds) \
        SELECT $1, $2, t.fact_id, NULLIF(t.nr, '')::integer, NULLIF(t.reason, ''), NULLIF(t.contract_id, '')::uuid, t.month_on, t.drawn_seconds \
        FROM UNNEST($3::uuid[], $4::text[], $5::text[], $6::text[], $7::date[], $8::bigint[]) \
        AS t (fact_id, nr, reason, contract_id, month_on, drawn_seconds)";
    let billed = (1..).zip(&document.charges).flat_map(|(nr, charge)| {
        charge.shares.iter().map(move |share| Claim {
            fact: share.fact,
            nr: Some(nr),
            reason: None,
            contract: Some(charge.contract),
            month_on: charge.month.first(),
            drawn_seconds: share.drawn_seconds,
        })
    });
    let unbilled = document.unbilled.iter().map(|unbilled| Claim {
        fact: unbilled.fact,
        nr: None,
        reason: Some(unbilled.reason.code()),
        contract: unbilled.contract,
        month_on: unbilled.month.first(),
        drawn_seconds: 0,
    });
    let claims: Vec<Claim<'_>> = billed.chain(unbilled).collect();
    let values = [
        invoice.tenant_id.into(),
        invoice.id.into(),
        column(ArrayType::Uuid, claims.iter().map(|claim| claim.fact)),
        gaps(claims.iter().map(|claim| claim.nr)),
        gaps(claims.iter().map(|claim| claim.reason)),
        gaps(claims.iter().map(|claim| claim.contract)),
        column(ArrayType::ChronoDate, claims.iter().map(|claim| claim.month_on)),
        column(ArrayType::BigInt, claims.iter().map(|claim| claim.drawn_seconds)),
    ];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Posted {
    vendor_id: Uuid,
    currency: String,
    cost_minor: i64,
}

/// The vendors' part in the facts that the invoice settles.
async fn post_costs(work: &Work, invoice: &Model) -> Result<Vec<Payable>, Error> {
    const SQL: &str = "UPDATE vendor_costs v SET posted = true, invoice_id = c.invoice_id FROM claims c \
        WHERE c.tenant_id = $1 AND c.invoice_id = $2 AND v.tenant_id = c.tenant_id AND v.fact_id = c.fact_id \
        RETURNING v.vendor_id, v.currency, v.cost_minor";
    let rows = Posted::find_by_statement(sql(SQL, [invoice.tenant_id.into(), invoice.id.into()])).all(work).await?;
    let payable = |row: Posted| {
        Ok(Payable { vendor: row.vendor_id, currency: row.currency.parse()?, cost_minor: row.cost_minor })
    };
    rows.into_iter().map(payable).collect()
}

async fn post(work: &Work, invoice: &Model, entries: Vec<Entry>, moment: DateTime<Utc>) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO ledger_entries \
        (tenant_id, invoice_id, transaction_id, posted_at, nr, account, vendor_id, currency, amount_minor) \
        SELECT $1, $2, $3, $4, t.nr, t.account, NULLIF(t.vendor_id, '')::uuid, t.currency, t.amount_minor \
        FROM UNNEST($5::text[], $6::text[], $7::text[], $8::bigint[]) \
        WITH ORDINALITY AS t (account, vendor_id, currency, amount_minor, nr)";
    if entries.is_empty() {
        return Ok(());
    }
    let values = [
        invoice.tenant_id.into(),
        invoice.id.into(),
        Uuid::now_v7().into(),
        moment.into(),
        column(ArrayType::String, entries.iter().map(|entry| entry.account.code())),
        gaps(entries.iter().map(|entry| entry.vendor)),
        column(ArrayType::String, entries.iter().map(|entry| entry.currency.code())),
        column(ArrayType::BigInt, entries.iter().map(|entry| entry.amount_minor)),
    ];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}
