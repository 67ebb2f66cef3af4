//! Facts, told once or many times, kept once.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::{Page, PageSize, Work};
use uuid::Uuid;

use super::{column, gaps, sql};
use crate::domain::civil::{Civil, Month};
use crate::domain::fact::{Fact, Kind};
use crate::error::Error;

/// What became of a fact that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Accepted,
    /// It is new, and its contract is not known yet.
    Held,
    /// It was told before.
    Duplicate,
    /// It was told before, with another content, which holds.
    Conflict,
}

/// The columns of a [`Fact`] `f`, with the contract that covers its ticket if
/// it names none.
pub(super) const FACTS: &str = "SELECT f.tenant_id, f.id, f.source, f.key, f.kind, coalesce(f.contract_id, v.contract_id) AS contract_id, \
    f.ticket_id, f.worker, f.work_type, f.line, f.effective_on, f.started_at, f.ended_at, f.quantity, f.billable, \
    c.fact_id IS NOT NULL AS settled FROM facts f \
    LEFT JOIN coverages v ON v.tenant_id = f.tenant_id AND v.ticket_id = f.ticket_id \
    LEFT JOIN claims c ON c.tenant_id = f.tenant_id AND c.fact_id = f.id";

const TELL: &str = "WITH told AS (SELECT tenant_id, id, source, key, kind, NULLIF(contract_id, '')::uuid AS contract_id, \
    NULLIF(ticket_id, '')::uuid AS ticket_id, worker, work_type, line, NULLIF(effective_on, '')::date AS effective_on, started_at, \
    NULLIF(ended_at, '')::timestamptz AS ended_at, quantity, billable, digest \
    FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], \
    $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::bigint[], \
    $15::boolean[], $16::bytea[]) AS told (tenant_id, id, source, key, kind, contract_id, ticket_id, worker, work_type, line, \
    effective_on, started_at, ended_at, quantity, billable, digest)), \
    kept AS (INSERT INTO facts (tenant_id, id, source, key, kind, contract_id, ticket_id, worker, work_type, line, effective_on, \
    started_at, ended_at, quantity, billable, digest) SELECT * FROM told ON CONFLICT ON CONSTRAINT facts_once DO NOTHING \
    RETURNING tenant_id, source, key) \
    SELECT told.tenant_id, told.source, told.key, told.digest AS told_digest, kept.key IS NOT NULL AS fresh, \
    f.id AS first_id, f.digest AS first_digest, told.contract_id IS NOT NULL AND k.id IS NULL AS held \
    FROM told LEFT JOIN kept USING (tenant_id, source, key) \
    LEFT JOIN facts f ON f.tenant_id = told.tenant_id AND f.source = told.source AND f.key = told.key \
    LEFT JOIN contracts k ON k.tenant_id = told.tenant_id AND k.id = told.contract_id";

/// A row of [`FACTS`].
#[derive(FromQueryResult)]
struct Row {
    tenant_id: Uuid,
    id: Uuid,
    source: String,
    key: String,
    kind: String,
    contract_id: Option<Uuid>,
    ticket_id: Option<Uuid>,
    worker: String,
    work_type: String,
    line: String,
    effective_on: Option<NaiveDate>,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    quantity: i64,
    billable: bool,
    settled: bool,
}

impl Row {
    fn fact(self) -> Result<Fact, Error> {
        let kind = Kind::of(&self.kind).ok_or_else(|| Error::Unreadable(format!("a fact of kind {}", self.kind)))?;
        Ok(Fact {
            tenant_id: self.tenant_id,
            id: self.id,
            source: self.source,
            key: self.key,
            kind,
            contract_id: self.contract_id,
            ticket_id: self.ticket_id,
            worker: self.worker,
            work_type: self.work_type,
            line: self.line,
            effective_on: self.effective_on,
            started_at: self.started_at,
            ended_at: self.ended_at,
            quantity: self.quantity,
            billable: self.billable,
            settled: self.settled,
        })
    }
}

/// The facts that `statement`, which begins with [`FACTS`], finds.
pub(super) async fn select(work: &Work, statement: sea_orm::Statement) -> Result<Vec<Fact>, Error> {
    Row::find_by_statement(statement).all(work).await?.into_iter().map(Row::fact).collect()
}

#[derive(FromQueryResult)]
struct Told {
    tenant_id: Uuid,
    source: String,
    key: String,
    told_digest: Vec<u8>,
    fresh: bool,
    first_id: Option<Uuid>,
    first_digest: Option<Vec<u8>>,
    held: bool,
}

/// Keeps `facts`, and says of each, in order, what became of it. One
/// statement, and another where there are conflicts.
///
/// # Errors
/// [`Error::FactRaced`] if somebody told one of them at this moment.
pub async fn tell(work: &Work, facts: &[Fact]) -> Result<Vec<Outcome>, Error> {
    // The first of a name is told to the database, its repeats compared here.
    let mut first: BTreeMap<(Uuid, &str, &str), &Fact> = BTreeMap::new();
    for fact in facts {
        first.entry((fact.tenant_id, &fact.source, &fact.key)).or_insert(fact);
    }
    let batch: Vec<&Fact> = first.values().copied().collect();
    let rows = Told::find_by_statement(sql(TELL, columns(&batch))).all(work).await?;
    let told: BTreeMap<_, &Told> =
        rows.iter().map(|row| ((row.tenant_id, row.source.as_str(), row.key.as_str()), row)).collect();
    let mut outcomes = Vec::with_capacity(facts.len());
    let mut disputes = Vec::new();
    for fact in facts {
        let name = (fact.tenant_id, fact.source.as_str(), fact.key.as_str());
        let row = told.get(&name).ok_or(Error::FactRaced)?;
        let is_first = first.get(&name).is_some_and(|first| std::ptr::eq(*first, fact));
        let (id, digest) = match (&row.first_id, &row.first_digest) {
            (Some(id), Some(digest)) => (*id, digest),
            _ if row.fresh => (first.get(&name).map_or(fact.id, |first| first.id), &row.told_digest),
            _ => return Err(Error::FactRaced),
        };
        outcomes.push(match () {
            () if row.fresh && is_first && row.held => Outcome::Held,
            () if row.fresh && is_first => Outcome::Accepted,
            () if fact.digest() == *digest => Outcome::Duplicate,
            () => {
                disputes.push((fact.tenant_id, id, fact.digest()));
                Outcome::Conflict
            }
        });
    }
    dispute(work, disputes).await?;
    Ok(outcomes)
}

fn columns(facts: &[&Fact]) -> [sea_orm::Value; 16] {
    let texts = |of: fn(&Fact) -> &str| column(ArrayType::String, facts.iter().map(|fact| of(fact)));
    [
        column(ArrayType::Uuid, facts.iter().map(|fact| fact.tenant_id)),
        column(ArrayType::Uuid, facts.iter().map(|fact| fact.id)),
        texts(|fact| &fact.source),
        texts(|fact| &fact.key),
        column(ArrayType::String, facts.iter().map(|fact| fact.kind.code().to_owned())),
        gaps(facts.iter().map(|fact| fact.contract_id)),
        gaps(facts.iter().map(|fact| fact.ticket_id)),
        texts(|fact| &fact.worker),
        texts(|fact| &fact.work_type),
        texts(|fact| &fact.line),
        gaps(facts.iter().map(|fact| fact.effective_on)),
        column(ArrayType::ChronoDateTimeUtc, facts.iter().map(|fact| fact.started_at)),
        gaps(facts.iter().map(|fact| fact.ended_at.map(|at| at.to_rfc3339()))),
        column(ArrayType::BigInt, facts.iter().map(|fact| fact.quantity)),
        column(ArrayType::Bool, facts.iter().map(|fact| fact.billable)),
        column(ArrayType::Bytes, facts.iter().map(|fact| fact.digest())),
    ]
}

async fn dispute(work: &Work, disputes: Vec<(Uuid, Uuid, Vec<u8>)>) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO disputes (tenant_id, fact_id, digest) \
        SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING";
    if disputes.is_empty() {
        return Ok(());
    }
    let values = [
        column(ArrayType::Uuid, disputes.iter().map(|(tenant, _, _)| *tenant)),
        column(ArrayType::Uuid, disputes.iter().map(|(_, fact, _)| *fact)),
        column(ArrayType::Bytes, disputes.iter().map(|(_, _, digest)| digest.clone())),
    ];
    work.execute_raw(sql(SQL, values)).await?;
    Ok(())
}

/// What was told first holds: whatever else was told under its name is put aside.
///
/// # Errors
/// [`Error::NotDisputed`] if nothing else was.
pub async fn dismiss_disputes(work: &Work, fact: Uuid, moment: DateTime<Utc>) -> Result<Fact, Error> {
    const SQL: &str = "UPDATE disputes SET dismissed_at = $2 WHERE fact_id = $1 AND dismissed_at IS NULL";
    let statement = sql(&format!("{FACTS} WHERE f.id = $1"), [fact.into()]);
    let found = store::found(select(work, statement).await?.pop())?;
    let done = work.execute_raw(sql(SQL, [fact.into(), moment.into()])).await?;
    if done.rows_affected() == 0 { Err(Error::NotDisputed) } else { Ok(found) }
}

/// A page of a tenant's facts, the latest first.
///
/// # Errors
/// [`store::Error::PageToken`].
pub async fn page(
    work: &Work,
    tenant: Uuid,
    month: Option<(Month, &Civil)>,
    size: PageSize,
    token: &str,
) -> Result<Page<Fact>, Error> {
    let after = Page::<Uuid>::after(token)?.unwrap_or(Uuid::max());
    let (mut text, mut values) =
        (format!("{FACTS} WHERE f.tenant_id = $1 AND f.id < $2"), vec![tenant.into(), after.into()]);
    if let Some((month, civil)) = month {
        text += " AND CASE WHEN f.kind = 'SEATS' THEN f.effective_on >= $3 AND f.effective_on < $4 \
            ELSE f.started_at >= $5 AND f.started_at < $6 END";
        values.extend([month.first().into(), month.end().into()]);
        values.extend([civil.start(month.first()).into(), civil.start(month.end()).into()]);
    }
    text += &format!(" ORDER BY f.id DESC LIMIT {}", size.limit());
    let rows = select(work, sql(&text, values)).await?;
    Ok(Page::of(rows, size, |fact| fact.id))
}
