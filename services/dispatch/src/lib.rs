//! Dispatch: the right technician, at the right place, at the right hour.
//!
//! A visit is asked for by a ticket, drafted into a technician's day, and
//! promised to the client when that day is published. From then on the
//! technician moves it: on the way, on site, done. The database refuses a
//! technician in two places at once, whoever asks.

mod api;
mod convert;
mod domain;
mod error;
mod inbox;
mod store;

use ::store::Migration;
use proto::{directory::v1 as directory, dispatch::v1 as pb, tickets::v1 as tickets};
use service::{Host, Program, Reason, Service};

/// Dispatch, as a process runs it.
pub const PROGRAM: Program = Program::of::<Dispatch>();

struct Dispatch;

impl Service for Dispatch {
    const NAME: &'static str = "dispatch";
    const MIGRATIONS: &'static [Migration] =
        &[Migration { name: "0001_dispatch", sql: include_str!("store/migrations/0001_dispatch.sql") }];

    async fn mount(host: Host) -> Result<Host, Reason> {
        let api = api::Dispatch { desk: host.desk(), clock: host.clock.clone() };
        Ok(host
            .serve(pb::dispatch_server::DispatchServer::new(api))
            .hear::<directory::SiteCreated, _>(|work, event| Box::pin(inbox::site_created(work, event)))
            .hear::<tickets::VisitRequested, _>(|work, event| Box::pin(inbox::visit_requested(work, event)))
            .hear::<tickets::TicketCancelled, _>(|work, event| Box::pin(inbox::ticket_cancelled(work, event))))
    }
}
