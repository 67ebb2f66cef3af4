//! The vendor's desk. A vendor may act on what was disclosed to it; that is
//! asked in its own scope, and what follows is done in the platform's.

use futures::FutureExt;
use proto::tickets::v1 as pb;
use proto::tickets::v1::vendor_desk_server;
use service::{Clock, Desk};
use store::{PageSize, Work, expect_etag};
use tonic::Request;
use uuid::Uuid;

use super::{Answer, mark};
use crate::convert::handoff as convert;
use crate::convert::ticket::id_and_text;
use crate::convert::{id as name_id, talk};
use crate::domain::handoff::Handoff;
use crate::domain::ticket::Ticket;
use crate::domain::words::{Audience, HandoffState};
use crate::error::Error;
use crate::store::{handoffs, tickets};

/// What a vendor does.
pub struct VendorDesk {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// Its time.
    pub clock: Clock,
}

#[tonic::async_trait]
impl vendor_desk_server::VendorDesk for VendorDesk {
    async fn list_vendor_handoffs(
        &self,
        request: Request<pb::ListVendorHandoffsRequest>,
    ) -> Answer<pb::ListVendorHandoffsResponse> {
        let now = self.clock.now();
        self.desk
            .query(request, move |work, caller, q| {
                async move {
                    let page = handoffs::of_vendor(work, PageSize::of(q.page_size), &q.page_token).await?;
                    handoffs::note_read(work, &page.rows, &caller.subject, now).await?;
                    let page = page.map(|handoff| convert::render_for_vendor(&handoff));
                    Ok::<_, Error>(pb::ListVendorHandoffsResponse { handoffs: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn get_vendor_handoff(&self, request: Request<pb::GetVendorHandoffRequest>) -> Answer<pb::VendorHandoff> {
        let now = self.clock.now();
        self.desk
            .query(request, move |work, caller, q| {
                async move {
                    let handoff = handoffs::find(work, name_id("name", &q.name, "vendorHandoffs")?).await?;
                    handoffs::note_read(work, std::slice::from_ref(&handoff), &caller.subject, now).await?;
                    Ok::<_, Error>(convert::render_for_vendor(&handoff))
                }
                .boxed()
            })
            .await
    }

    async fn accept_handoff(&self, request: Request<pb::AcceptHandoffRequest>) -> Answer<pb::VendorHandoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = name_id("name", &q.name, "vendorHandoffs")?;
                    let (handoff, ticket) = take(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.accept(&ticket, call.moment, call.now)?;
                    let passed = handoffs::keep(work, passed, &mark(call)).await?;
                    Ok::<_, Error>(convert::render_for_vendor(&passed))
                }
                .boxed()
            })
            .await
    }

    async fn decline_handoff(&self, request: Request<pb::DeclineHandoffRequest>) -> Answer<pb::DeclineHandoffResponse> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = id_and_text("vendorHandoffs", &q.name, "reason", &q.reason)?;
                    let (handoff, ticket) = take(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.decline(reason, &ticket, call.moment)?;
                    handoffs::keep_and_pass_on(work, passed, &mark(call)).await?;
                    Ok::<_, Error>(pb::DeclineHandoffResponse {})
                }
                .boxed()
            })
            .await
    }

    async fn propose_solution(&self, request: Request<pb::ProposeSolutionRequest>) -> Answer<pb::VendorHandoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, proposal) = id_and_text("vendorHandoffs", &q.name, "proposal", &q.proposal)?;
                    let (handoff, _) = take(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.propose(proposal, call.moment)?;
                    let passed = handoffs::keep(work, passed, &mark(call)).await?;
                    Ok::<_, Error>(convert::render_for_vendor(&passed))
                }
                .boxed()
            })
            .await
    }

    async fn return_handoff(&self, request: Request<pb::ReturnHandoffRequest>) -> Answer<pb::VendorHandoff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, code, reason) = convert::give_back(&q)?;
                    let (handoff, ticket) = take(work, id).await?;
                    expect_etag(&q.etag, handoff.version)?;
                    let passed = handoff.give_back(code, reason, &ticket, call.moment)?;
                    let passed = handoffs::keep(work, passed, &mark(call)).await?;
                    Ok::<_, Error>(convert::render_for_vendor(&passed))
                }
                .boxed()
            })
            .await
    }

    async fn post_vendor_note(&self, request: Request<pb::PostVendorNoteRequest>) -> Answer<pb::VendorNote> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, body) = talk::note(&q)?;
                    let (handoff, ticket) = take(work, id).await?;
                    held(&handoff)?;
                    let shared = Some((handoff.vendor_id, handoff.id));
                    let said = talk::Said { body, audience: Audience::Shared, shared };
                    let note = talk::message(&ticket, &call.caller, said, call.moment);
                    work.announce(talk::message_posted(&note, &ticket));
                    work.insert(note.clone()).await?;
                    Ok::<_, Error>(talk::render_note(&note))
                }
                .boxed()
            })
            .await
    }

    async fn log_vendor_time(&self, request: Request<pb::LogVendorTimeRequest>) -> Answer<pb::VendorTimeEntry> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (handoff, _) = take(work, name_id("handoff", &q.handoff, "vendorHandoffs")?).await?;
                    held(&handoff)?;
                    let entry = talk::log_vendor_time(&q, &handoff, call.now)?;
                    work.insert(entry.clone()).await?;
                    Ok::<_, Error>(talk::render_vendor_entry(&entry))
                }
                .boxed()
            })
            .await
    }
}

/// Finds the hand-off in the vendor's scope, then locks ticket and hand-off in
/// the platform's. What is not disclosed is not found.
async fn take(work: &Work, id: Uuid) -> Result<(Handoff, Ticket), Error> {
    let disclosed = handoffs::find(work, id).await?;
    work.elevate(disclosed.tenant_id).await?;
    let ticket = tickets::lock(work, disclosed.ticket_id).await?;
    Ok((handoffs::lock(work, id).await?, ticket))
}

/// Only who holds the work may add to it.
fn held(handoff: &Handoff) -> Result<(), Error> {
    match handoff.state {
        HandoffState::Accepted | HandoffState::Proposed => Ok(()),
        other => Err(Error::HandoffState(other)),
    }
}
