//! What a contract says of a ticket, and whether promises are kept.

use std::sync::Arc;

use futures::FutureExt;
use proto::contracts::v1 as pb;
use proto::contracts::v1::clocks_server;
use service::{Clock as Time, Desk};
use store::found;
use tonic::Request;

use super::Answer;
use crate::convert;
use crate::domain::clock::{self, Clock};
use crate::domain::clocks::{derive, instant, timeline};
use crate::error::Error;
use crate::store::shelf::Shelf;
use crate::store::{clocks as kept, tickets};

/// Clocks and entitlements.
pub struct Clocks {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// Its time.
    pub time: Time,
    /// The promises.
    pub shelf: Arc<Shelf>,
}

#[tonic::async_trait]
impl clocks_server::Clocks for Clocks {
    async fn get_entitlement(&self, request: Request<pb::GetEntitlementRequest>) -> Answer<pb::Entitlement> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("ticket", &q.ticket, "tickets")?;
                    let row = tickets::entitlement(work, id).await?;
                    Ok::<_, Error>(convert::clocks::entitlement(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_clocks(&self, request: Request<pb::ListClocksRequest>) -> Answer<pb::ListClocksResponse> {
        let (shelf, now) = (Arc::clone(&self.shelf), self.time.now());
        self.desk
            .query(request, move |work, _, q| {
                async move {
                    let id = convert::id("ticket", &q.ticket, "tickets")?;
                    tickets::entitlement(work, id).await?;
                    let mut clocks = Vec::new();
                    for row in kept::of_ticket(work, id).await? {
                        let hours = shelf.hours(row.calendar_id).await?;
                        clocks.push(convert::clocks::clock_now(&row, &hours, now));
                    }
                    Ok::<_, Error>(pb::ListClocksResponse { clocks })
                }
                .boxed()
            })
            .await
    }

    async fn get_timeline(&self, request: Request<pb::GetTimelineRequest>) -> Answer<pb::Timeline> {
        let (shelf, now) = (Arc::clone(&self.shelf), self.time.now());
        self.desk
            .query(request, move |work, _, q| {
                async move {
                    let row = work.find::<clock::Entity>(convert::id("clock", &q.clock, "clocks")?).await?;
                    let log = tickets::log(work, row.tenant_id, row.ticket_id).await?;
                    let terms = shelf.terms(log.sla_policy_id, &log.entries).await?;
                    let derived = derive(&log.entries, &terms);
                    let is_it = |clock: &_| Clock::of(row.tenant_id, row.ticket_id, clock, now).is_same_promise(&row);
                    let clock = found(derived.into_iter().find(is_it))?;
                    let hours = &clock.target.hours;
                    let intervals = timeline(&clock.course, hours, instant(now));
                    Ok::<_, Error>(convert::clocks::timeline(&row, hours, intervals, now))
                }
                .boxed()
            })
            .await
    }

    async fn get_compliance(&self, request: Request<pb::GetComplianceRequest>) -> Answer<pb::Compliance> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let rows = kept::compliance(work, convert::clocks::span(q)?).await?;
                    Ok::<_, Error>(convert::clocks::compliance(rows))
                }
                .boxed()
            })
            .await
    }
}
