//! Tickets: the operator's and the client's side.

use futures::FutureExt;
use proto::tickets::v1 as pb;
use proto::tickets::v1::tickets_server;
use service::{Call, Caller, Desk, Party, parse_name};
use store::{PageSize, Work, expect_etag};
use tonic::Request;

use super::{Answer, mark};
use crate::convert::ticket::{self as convert, Reporter, id_and_text};
use crate::convert::{id as name_id, talk};
use crate::directory::Directory;
use crate::domain::ticket::{Change, Ticket};
use crate::error::Error;
use crate::store::numbers::Numbers;
use crate::store::{handoffs, messages, tickets, time_entries};

/// What is asked about tickets.
pub struct Tickets {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// Gives out numbers.
    pub numbers: Numbers,
    /// Knows contacts and sites.
    pub directory: Directory,
}

#[tonic::async_trait]
impl tickets_server::Tickets for Tickets {
    async fn create_ticket(&self, request: Request<pb::CreateTicketRequest>) -> Answer<pb::Ticket> {
        let (numbers, directory) = (self.numbers.clone(), self.directory.clone());
        self.desk
            .command(request, move |work, call, q| {
                async move {
                    let ticket = convert::create(q, &reporter(&call.caller), call.moment)?;
                    admit(&ticket, call, &directory).await?;
                    let number = numbers.next(ticket.tenant_id).await?;
                    let created = tickets::create(work, Ticket { number, ..ticket }, &mark(call)).await?;
                    Ok::<_, Error>(convert::render(&created))
                }
                .boxed()
            })
            .await
    }

    async fn get_ticket(&self, request: Request<pb::GetTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let ticket = tickets::find(work, name_id("name", &q.name, "tickets")?).await?;
                    Ok::<_, Error>(convert::render(&ticket))
                }
                .boxed()
            })
            .await
    }

    async fn list_tickets(&self, request: Request<pb::ListTicketsRequest>) -> Answer<pb::ListTicketsResponse> {
        self.desk
            .query(request, |work, caller, q| {
                async move {
                    let tenant = if q.tenant.is_empty() {
                        caller.tenant()
                    } else {
                        Some(name_id("tenant", &q.tenant, "tenants")?)
                    };
                    let states = convert::states(&q.states)?;
                    let page = tickets::page(work, tenant, &states, PageSize::of(q.page_size), &q.page_token).await?;
                    let page = page.map(|ticket| convert::render(&ticket));
                    Ok::<_, Error>(pb::ListTicketsResponse { tickets: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn update_ticket(&self, request: Request<pb::UpdateTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, etag, update) = convert::update(q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&etag, ticket.version)?;
                    keep(work, call, ticket.update(update, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn assign_ticket(&self, request: Request<pb::AssignTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, queue, assignee) = convert::assign(&q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.assign(queue, assignee, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn triage_ticket(&self, request: Request<pb::TriageTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, impact, urgency) = convert::triage(&q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.triage(impact, urgency, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn start_ticket(&self, request: Request<pb::StartTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = name_id("name", &q.name, "tickets")?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.start(call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn hold_ticket(&self, request: Request<pb::HoldTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = convert::hold(&q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.hold(reason, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn resume_ticket(&self, request: Request<pb::ResumeTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = convert::resume(&q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.resume(reason, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn resolve_ticket(&self, request: Request<pb::ResolveTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, solution) = id_and_text("tickets", &q.name, "solution", &q.solution)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.resolve(solution, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn reopen_ticket(&self, request: Request<pb::ReopenTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, _) = id_and_text("tickets", &q.name, "reason", &q.reason)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.reopen(call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn close_ticket(&self, request: Request<pb::CloseTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = name_id("name", &q.name, "tickets")?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.close(call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn cancel_ticket(&self, request: Request<pb::CancelTicketRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = id_and_text("tickets", &q.name, "reason", &q.reason)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    keep(work, call, ticket.cancel(reason, call.moment)?).await
                }
                .boxed()
            })
            .await
    }

    async fn request_visit(&self, request: Request<pb::RequestVisitRequest>) -> Answer<pb::Ticket> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, wanted) = convert::visit(&q)?;
                    let ticket = tickets::lock(work, id).await?;
                    expect_etag(&q.etag, ticket.version)?;
                    let change = ticket.request_visit(call.moment)?;
                    work.announce(convert::visit_requested(&ticket, wanted, call.moment));
                    keep(work, call, change).await
                }
                .boxed()
            })
            .await
    }

    async fn list_changes(&self, request: Request<pb::ListChangesRequest>) -> Answer<pb::ListChangesResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let ticket = tickets::find(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let after = if q.page_token.is_empty() {
                        0
                    } else {
                        q.page_token.parse().map_err(|_| store::Error::PageToken)?
                    };
                    let size = PageSize::of(q.page_size);
                    let mut lines = tickets::changes(work, &ticket, after, size.limit()).await?;
                    let more = lines.len() as u64 == size.limit();
                    if more {
                        lines.pop();
                    }
                    let next_page_token =
                        lines.last().filter(|_| more).map(|line| line.version.to_string()).unwrap_or_default();
                    Ok::<_, Error>(pb::ListChangesResponse {
                        changes: lines.into_iter().map(convert::change).collect(),
                        next_page_token,
                    })
                }
                .boxed()
            })
            .await
    }

    async fn post_message(&self, request: Request<pb::PostMessageRequest>) -> Answer<pb::Message> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let ticket = tickets::lock(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let vendor = match ticket.handoff_id {
                        Some(handoff) if !matches!(call.caller.party, Party::Tenant { .. }) => {
                            Some(handoffs::find(work, handoff).await?.vendor_id)
                        }
                        _ => None,
                    };
                    let said = talk::post(&q, &call.caller, || vendor.zip(ticket.handoff_id))?;
                    let message = talk::message(&ticket, &call.caller, said, call.moment);
                    let ticket = match ticket.responded(call.moment).filter(|_| message.is_response()) {
                        Some(change) => tickets::keep(work, change, &mark(call)).await?,
                        None => ticket,
                    };
                    work.announce(talk::message_posted(&message, &ticket));
                    work.insert(message.clone()).await?;
                    Ok::<_, Error>(talk::render_message(&message))
                }
                .boxed()
            })
            .await
    }

    async fn list_messages(&self, request: Request<pb::ListMessagesRequest>) -> Answer<pb::ListMessagesResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let ticket = tickets::find(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let page = messages::page(work, ticket.id, PageSize::of(q.page_size), &q.page_token).await?;
                    let page = page.map(|message| talk::render_message(&message));
                    Ok::<_, Error>(pb::ListMessagesResponse { messages: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn log_time(&self, request: Request<pb::LogTimeRequest>) -> Answer<pb::TimeEntry> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let ticket = tickets::find(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let entry = talk::log_time(&q, &ticket, &call.caller, call.now)?;
                    work.insert(entry.clone()).await?;
                    Ok::<_, Error>(talk::render_entry(&entry))
                }
                .boxed()
            })
            .await
    }

    async fn approve_time_entry(&self, request: Request<pb::ApproveTimeEntryRequest>) -> Answer<pb::TimeEntry> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let entry = time_entries::find(work, name_id("name", &q.name, "timeEntries")?).await?;
                    expect_etag(&q.etag, entry.version)?;
                    let ticket = tickets::find(work, entry.ticket_id).await?;
                    let entry = entry.approve(call.now)?;
                    work.announce(talk::time_entry_approved(&entry, &ticket));
                    work.update(entry.clone()).await?;
                    Ok::<_, Error>(talk::render_entry(&entry))
                }
                .boxed()
            })
            .await
    }

    async fn list_time_entries(
        &self,
        request: Request<pb::ListTimeEntriesRequest>,
    ) -> Answer<pb::ListTimeEntriesResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let ticket = tickets::find(work, name_id("ticket", &q.ticket, "tickets")?).await?;
                    let page = time_entries::page(work, ticket.id, PageSize::of(q.page_size), &q.page_token).await?;
                    let page = page.map(|entry| talk::render_entry(&entry));
                    Ok::<_, Error>(pb::ListTimeEntriesResponse { time_entries: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }
}

async fn keep(work: &mut Work, call: &Call, change: Change) -> Result<pb::Ticket, Error> {
    Ok(convert::render(&tickets::keep(work, change, &mark(call)).await?))
}

/// A tenant's user reports for its own tenant, and itself.
fn reporter(caller: &Caller) -> Reporter {
    match caller.party {
        Party::Tenant { tenant } => Reporter { tenant: Some(tenant), contact: parse_name("contacts", &caller.subject) },
        _ => Reporter { tenant: None, contact: None },
    }
}

/// Another's tenant, contact or site is as good as none.
async fn admit(ticket: &Ticket, call: &Call, directory: &Directory) -> Result<(), Error> {
    if call.caller.tenant().is_some_and(|own| own != ticket.tenant_id) {
        return Err(store::Error::NotFound.into());
    }
    let own = parse_name("contacts", &call.caller.subject);
    if let Some(contact) = ticket.contact_id.filter(|contact| Some(*contact) != own) {
        directory.contact(ticket.tenant_id, contact, call.now).await?;
    }
    if let Some(site) = ticket.site_id {
        directory.site(ticket.tenant_id, site, call.now).await?;
    }
    Ok(())
}
