//! Technicians, visits, and the days they make.

use futures::FutureExt;
use proto::dispatch::v1 as pb;
use proto::dispatch::v1::dispatch_server;
use service::{Call, Clock, Desk};
use store::{PageSize, Work, expect_etag};
use tonic::Request;
use uuid::Uuid;

use super::Answer;
use crate::convert;
use crate::domain::day::Day;
use crate::domain::state::Step;
use crate::domain::suggest::{Wanted, suggest};
use crate::domain::visit::Change;
use crate::domain::{technician, visit};
use crate::error::Error;
use crate::store::{sites, technicians, visits};

/// Whoever goes there.
#[derive(Clone)]
pub struct Dispatch {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// What is past cannot be suggested.
    pub clock: Clock,
}

/// Somebody moves a visit on, if it is theirs to move.
async fn take_step(
    work: &mut Work,
    call: &Call,
    id: Uuid,
    etag: &str,
    rule: impl FnOnce(visit::Model) -> Result<Change, Error>,
) -> Result<pb::Visit, Error> {
    let row = work.find::<visit::Entity>(id).await?;
    expect_etag(etag, row.version)?;
    let sent = technicians::sent(work, &row).await?;
    convert::mover(&call.caller).may_move(sent.as_ref())?;
    let row = visits::keep(work, rule(row)?, &convert::told(call)).await?;
    Ok(convert::visit(&row))
}

#[tonic::async_trait]
impl dispatch_server::Dispatch for Dispatch {
    async fn create_technician(&self, request: Request<pb::CreateTechnicianRequest>) -> Answer<pb::Technician> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_technician(q.technician, call.now)?;
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::technician(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_technicians(
        &self,
        request: Request<pb::ListTechniciansRequest>,
    ) -> Answer<pb::ListTechniciansResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<technician::Entity>(None, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::technician(&row));
                    Ok::<_, Error>(pb::ListTechniciansResponse { technicians: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn get_visit(&self, request: Request<pb::GetVisitRequest>) -> Answer<pb::Visit> {
        self.desk
            .query(request, |work, caller, q| {
                async move {
                    let id = convert::id("name", &q.name, "visits")?;
                    let row = work.find::<visit::Entity>(id).await?;
                    Ok::<_, Error>(convert::visit_for(caller, row))
                }
                .boxed()
            })
            .await
    }

    async fn list_visits(&self, request: Request<pb::ListVisitsRequest>) -> Answer<pb::ListVisitsResponse> {
        self.desk
            .query(request, |work, caller, q| {
                async move {
                    let filter = convert::filter(caller, &q)?;
                    let page = visits::list(work, filter, PageSize::of(q.page_size), &q.page_token).await?;
                    let page = page.map(|row| convert::visit_for(caller, row));
                    Ok::<_, Error>(pb::ListVisitsResponse { visits: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn suggest_visit(&self, request: Request<pb::SuggestVisitRequest>) -> Answer<pb::SuggestVisitResponse> {
        let now = self.clock.now();
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let (id, date) = convert::suggest(&q)?;
                    let row = work.find::<visit::Entity>(id).await?;
                    row.state.after(Step::Plan)?;
                    let site = sites::of(work, &row).await?;
                    let day = Day::new(date, &site.zone)?;
                    let candidates = visits::candidates(work, &row, &day).await?;
                    let wanted = Wanted { visit: &row, at: site.point(), day: &day, now };
                    Ok::<_, Error>(convert::suggestions(suggest(&wanted, &candidates)?))
                }
                .boxed()
            })
            .await
    }

    async fn plan_visit(&self, request: Request<pb::PlanVisitRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let plan = convert::plan(&q)?;
                    let row = work.find::<visit::Entity>(plan.visit_id).await?;
                    expect_etag(&q.etag, row.version)?;
                    let technician = technicians::named(work, plan.technician_id).await?;
                    let change = row.plan(&technician, plan.start)?;
                    let row = visits::keep(work, change, &convert::told(call)).await?;
                    Ok::<_, Error>(convert::visit(&row))
                }
                .boxed()
            })
            .await
    }

    async fn publish_day(&self, request: Request<pb::PublishDayRequest>) -> Answer<pb::PublishDayResponse> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let mut published = pb::PublishDayResponse::default();
                    for row in visits::drafts(work, convert::date(&q.date)?).await? {
                        let change = row.publish(call.moment)?;
                        let row = visits::keep(work, change, &convert::told(call)).await?;
                        published.visits.push(convert::visit(&row));
                    }
                    Ok::<_, Error>(published)
                }
                .boxed()
            })
            .await
    }

    async fn start_travel(&self, request: Request<pb::StartTravelRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = convert::id("name", &q.name, "visits")?;
                    take_step(work, call, id, &q.etag, |row| row.travel(call.moment)).await
                }
                .boxed()
            })
            .await
    }

    async fn arrive_at_visit(&self, request: Request<pb::ArriveAtVisitRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let id = convert::id("name", &q.name, "visits")?;
                    take_step(work, call, id, &q.etag, |row| row.arrive(call.moment)).await
                }
                .boxed()
            })
            .await
    }

    async fn complete_visit(&self, request: Request<pb::CompleteVisitRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, outcome) = convert::outcome("outcome", &q.name, &q.outcome)?;
                    take_step(work, call, id, &q.etag, |row| row.complete(outcome, call.moment)).await
                }
                .boxed()
            })
            .await
    }

    async fn report_no_access(&self, request: Request<pb::ReportNoAccessRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, outcome) = convert::outcome("outcome", &q.name, &q.outcome)?;
                    take_step(work, call, id, &q.etag, |row| row.give_up(outcome, call.moment)).await
                }
                .boxed()
            })
            .await
    }

    async fn cancel_visit(&self, request: Request<pb::CancelVisitRequest>) -> Answer<pb::Visit> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let (id, reason) = convert::outcome("reason", &q.name, &q.reason)?;
                    take_step(work, call, id, &q.etag, |row| row.cancel(reason)).await
                }
                .boxed()
            })
            .await
    }
}
