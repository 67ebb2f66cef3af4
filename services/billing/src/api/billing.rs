//! Facts, months, invoices and margins.

use ::store::{PageSize, Work, expect_etag};
use futures::FutureExt;
use proto::billing::v1 as pb;
use service::{Call, Caller, Violations};
use tonic::Request;
use uuid::Uuid;

use super::{Answer, Billing};
use crate::convert;
use crate::domain::fact::Fact;
use crate::domain::invoice::{Entity, Model, State};
use crate::error::Error;
use crate::store::{books, facts, invoices, margin, posting};

#[tonic::async_trait]
impl pb::billing_server::Billing for Billing {
    async fn ingest_facts(&self, request: Request<pb::IngestFactsRequest>) -> Answer<pb::IngestFactsResponse> {
        self.desk.command(request, |work, _, q| ingest(work, q.facts).boxed()).await
    }

    async fn list_facts(&self, request: Request<pb::ListFactsRequest>) -> Answer<pb::ListFactsResponse> {
        self.desk.query(request, |work, _, q| list_facts(work, q).boxed()).await
    }

    async fn dismiss_dispute(&self, request: Request<pb::DismissDisputeRequest>) -> Answer<pb::Fact> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = convert::id("name", &q.name, "facts")?;
                    let fact = facts::dismiss_disputes(work, id, call.moment).await?;
                    Ok::<_, Error>(convert::fact(&fact))
                }
                .boxed()
            })
            .await
    }

    async fn close_month(&self, request: Request<pb::CloseMonthRequest>) -> Answer<pb::Invoice> {
        self.desk.command(request, |work, call, q| close(work, call, q).boxed()).await
    }

    async fn finalize_invoice(&self, request: Request<pb::FinalizeInvoiceRequest>) -> Answer<pb::Invoice> {
        self.desk.command(request, |work, call, q| finalize(work, call, q).boxed()).await
    }

    async fn get_invoice(&self, request: Request<pb::GetInvoiceRequest>) -> Answer<pb::Invoice> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "invoices")?;
                    convert::invoice(&work.find::<Entity>(id).await?)
                }
                .boxed()
            })
            .await
    }

    async fn list_invoices(&self, request: Request<pb::ListInvoicesRequest>) -> Answer<pb::ListInvoicesResponse> {
        self.desk.query(request, |work, caller, q| list_invoices(work, caller, q).boxed()).await
    }

    async fn get_margin(&self, request: Request<pb::GetMarginRequest>) -> Answer<pb::Margin> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let tenant = convert::id_if_given("tenant", &q.tenant, "tenants")?;
                    let (currency, margins) = margin::of_month(work, tenant, convert::month(&q.month)?).await?;
                    convert::margin(&currency, &margins)
                }
                .boxed()
            })
            .await
    }
}

async fn ingest(work: &Work, told: Vec<pb::Fact>) -> Result<pb::IngestFactsResponse, Error> {
    convert::batch(told.len())?;
    let read: Vec<Result<Fact, Violations>> = told.iter().map(convert::ingest).collect();
    let valid: Vec<Fact> = read.iter().flatten().cloned().collect();
    let mut outcomes = facts::tell(work, &valid).await?.into_iter();
    let mut results = Vec::with_capacity(told.len());
    for (told, read) in told.iter().zip(&read) {
        let outcome = match read {
            Ok(_) => Ok(outcomes.next().ok_or(Error::FactRaced)?),
            Err(violations) => Err(violations),
        };
        results.push(convert::outcome(&told.id, outcome));
    }
    Ok(pb::IngestFactsResponse { results })
}

async fn list_facts(work: &Work, q: pb::ListFactsRequest) -> Result<pb::ListFactsResponse, Error> {
    let tenant = convert::id("tenant", &q.tenant, "tenants")?;
    let mut span = None;
    if !q.month.is_empty() {
        let month = convert::month(&q.month)?;
        span = Some((month, books::tenant(work, tenant).await?.civil()?));
    }
    let span = span.as_ref().map(|(month, civil)| (*month, civil));
    let page = facts::page(work, tenant, span, PageSize::of(q.page_size), &q.page_token).await?;
    let page = page.map(|fact| convert::fact(&fact));
    Ok(pb::ListFactsResponse { facts: page.rows, next_page_token: page.next })
}

/// A finalised month is answered as it is; any other is computed again.
async fn close(work: &Work, call: &Call, q: pb::CloseMonthRequest) -> Result<pb::Invoice, Error> {
    let (tenant, month) = convert::tenant_month(&q.tenant, &q.month)?;
    let buyer = books::lock(work, tenant).await?;
    let before = invoices::of_month(work, tenant, month).await?;
    if let Some(finalized) = before.as_ref().filter(|row| row.state == State::Finalized) {
        return convert::invoice(finalized);
    }
    let draft = books::open(work, buyer, month).await?.close(month, call.now)?;
    convert::invoice(&invoices::keep_draft(work, tenant, before, &draft).await?)
}

/// What was shown is what is numbered: nothing is computed again here.
async fn finalize(work: &mut Work, call: &Call, q: pb::FinalizeInvoiceRequest) -> Result<pb::Invoice, Error> {
    let id: Uuid = convert::id("name", &q.name, "invoices")?;
    let found: Model = work.find::<Entity>(id).await?;
    let buyer = books::lock(work, found.tenant_id).await?;
    // As it is now that nobody else can change it.
    let row: Model = work.find::<Entity>(id).await?;
    expect_etag(&q.etag, row.version)?;
    let document = row.expect_ready()?;
    let year = buyer.civil()?.year(call.moment);
    let place = posting::next_place(work, year).await?;
    let row = row.finalize(place, call.moment);
    posting::finalize(work, year, &row, &document, call.moment).await?;
    work.announce(convert::invoice_finalized(&row)?);
    convert::invoice(&row)
}

/// A tenant may name itself and nobody else.
async fn list_invoices(
    work: &Work,
    caller: &Caller,
    q: pb::ListInvoicesRequest,
) -> Result<pb::ListInvoicesResponse, Error> {
    let tenant = convert::id_if_given("tenant", &q.tenant, "tenants")?;
    if caller.tenant().zip(tenant).is_some_and(|(own, named)| own != named) {
        return Err(Error::TenantNotFound);
    }
    let page = invoices::page(work, tenant, PageSize::of(q.page_size), &q.page_token).await?;
    let rows = page.rows.iter().map(convert::invoice).collect::<Result<Vec<_>, _>>()?;
    Ok(pb::ListInvoicesResponse { invoices: rows, next_page_token: page.next })
}
