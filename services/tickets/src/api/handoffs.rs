//! Hand-offs: the operator's side.

use futures::FutureExt;
use proto::tickets::v1 as pb;
use proto::tickets::v1::handoffs_server;
use service::{Clock, Desk};
use store::{PageSize, Work, expect_etag};
use tonic::Request;
use uuid::Uuid;

use super::{Answer, mark};
use crate::convert::handoff as convert;
use crate::convert::id as name_id;
use crate::convert::ticket::id_and_text;
use crate::directory::Directory;
use crate::domain::handoff::{Handoff, Names, offer};
use crate::domain::ticket::Ticket;
use crate::error::Error;
use crate::store::{handoffs, tickets};

/// What the operator does with hand-offs.
pub struct Handoffs {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// Knows contacts and sites.
    pub directory: Directory,
    /// Its time.
    pub clock: Clock,
}

#[tonic::async_trait]
impl handoffs_server::Handoffs for Handoffs {
    async fn offer_handoff(&self, request: Request<pb::OfferHandoffRequest>) -> Answer<pb::Handoff> {
        let directory = self.directory.clone();
        self.desk
            .command(request, move |work, call, q| {
                async move {
                    let (id, wanted) = convert::offer(q)?;
                    let ticket = tickets::lock(work, id).await?;
                    let names = names(&directory, &ticket, call.now).await?;
                    let passed = offer(&ticket, Uuid::now_v7(), wanted, &names, call.moment, call.now)?;
                    Ok::<_, Error>(convert::render(&handoffs::keep(work, passed, &mark(call)).await?))
                }
                .boxed()
            })
            .await
    }

    async fn preview_handoff(&self, request: Request<pb::PreviewHandoffRequest>) -> Answer<pb::VendorHandoff> {
        let (directory, now) = (self.directory.clone(), self.clock.now());
        self.desk
            .query(request, move |work, _, q| {
                async move {
                    let (id, wanted) = convert::preview(q)?;
                    let ticket = tickets::find(work, id).await?;
                    let names = names(&directory, &ticket, now).await?;
                    let passed = offer(&ticket, Uuid::nil(), wanted, &names, now, now)?;
                    Ok::<_, Error>(convert::render_for_vendor(&passed.handoff))
                }
                .boxed()
            })
            .await
    }

    async fn get_handoff(&self, request: Request<pb::GetHandoffRequest>) -> Answer<pb::Handoff> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let handoff = handoffs::find(work, name_id("name", &q.name, "handoffs")?).await?;
                    Ok::<_, Error>(convert::render(&handoff))
                }
                .boxed()
            })
            .await
    }

    async fn list_handoffs(&self, request: Request<pb::ListHandoffsRequest>) -> Answer<pb::ListHandoffsResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let ticket = tickets::find(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let page = handoffs::of_ticket(work, ticket.id, PageSize::of(q.page_size), &q.page_token).await?;
                    let page = page.map(|handoff| convert::render(&handoff));
                    Ok::<_, Error>(pb::ListHandoffsResponse { handoffs: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn approve_handoff(&self, request: Request<pb::ApproveHandoffRequest>) -> Answer<pb::Handoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = name_id("name", &q.name, "handoffs")?;
                    let (handoff, ticket) = lock(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.approve(&ticket, call.moment)?;
                    Ok::<_, Error>(convert::render(&handoffs::keep(work, passed, &mark(call)).await?))
                }
                .boxed()
            })
            .await
    }

    async fn reject_proposal(&self, request: Request<pb::RejectProposalRequest>) -> Answer<pb::Handoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, missing) = id_and_text("handoffs", &q.name, "missing", &q.missing)?;
                    let (handoff, _) = lock(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.reject(missing, call.moment)?;
                    Ok::<_, Error>(convert::render(&handoffs::keep(work, passed, &mark(call)).await?))
                }
                .boxed()
            })
            .await
    }

    async fn recall_handoff(&self, request: Request<pb::RecallHandoffRequest>) -> Answer<pb::Handoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = id_and_text("handoffs", &q.name, "reason", &q.reason)?;
                    let (handoff, ticket) = lock(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.recall(reason, &ticket, call.moment)?;
                    Ok::<_, Error>(convert::render(&handoffs::keep(work, passed, &mark(call)).await?))
                }
                .boxed()
            })
            .await
    }
}

/// The hand-off and its ticket, to be changed; the ticket first, as everywhere.
async fn lock(work: &Work, id: Uuid) -> Result<(Handoff, Ticket), Error> {
    let seen = handoffs::find(work, id).await?;
    let ticket = tickets::lock(work, seen.ticket_id).await?;
    Ok((handoffs::lock(work, id).await?, ticket))
}

/// What the ticket's contact and site are called.
async fn names(directory: &Directory, ticket: &Ticket, now: chrono::DateTime<chrono::Utc>) -> Result<Names, Error> {
    let mut names = Names::default();
    if let Some(contact) = ticket.contact_id {
        names.contact = directory.contact(ticket.tenant_id, contact, now).await?.display_name;
    }
    if let Some(site) = ticket.site_id {
        let site = directory.site(ticket.tenant_id, site, now).await?;
        names.site = format!("{}, {}", site.display_name, site.address);
    }
    Ok(names)
}
