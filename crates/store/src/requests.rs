//! A request that comes twice has its effect once.
//!
//! The answer is recorded in the transaction of the effect. The second of two
//! equal requests fails on the constraint, and is given the first's answer.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use sha2::{Digest, Sha256};

use crate::outbox::{News, values};
use crate::{Error, Result, Work};

/// What makes two requests the same: who, which method, which id, which body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    id: String,
    method: String,
    digest: Vec<u8>,
}

impl RequestKey {
    /// `id` as the caller chose it; `body` is the encoded request.
    pub fn new(id: &str, method: String, body: &[u8]) -> Self {
        Self { id: id.to_owned(), method, digest: Sha256::digest(body).to_vec() }
    }
}

/// One statement for the news and the answer.
pub(crate) async fn record(work: &Work, request: &RequestKey, answer: &[u8], news: &[News]) -> Result<()> {
    const SQL: &str = "WITH told AS (INSERT INTO outbox (id, tenant_id, kind, subject, payload, traceparent) \
        SELECT i, o, k, s, p, NULLIF(t, '') FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[]) AS news (i, o, k, s, p, t)) \
        INSERT INTO requests (subject, request_id, method, digest, answer) VALUES ($7, $8, $9, $10, $11)";
    let mut args = values(news);
    args.extend::<[Value; 5]>([
        work.scope().subject.as_str().into(),
        request.id.as_str().into(),
        request.method.as_str().into(),
        request.digest.clone().into(),
        answer.to_vec().into(),
    ]);
    work.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SQL, args)).await?;
    Ok(())
}

pub(crate) async fn recall(work: &Work, request: &RequestKey) -> Result<Option<Vec<u8>>> {
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT method, digest, answer FROM requests WHERE subject = $1 AND request_id = $2",
        [work.scope().subject.as_str().into(), request.id.as_str().into()],
    );
    let Some(row) = work.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let (method, digest): (String, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    if method != request.method || digest != request.digest {
        return Err(Error::RequestIdReused);
    }
    Ok(Some(row.try_get_by_index(2)?))
}
