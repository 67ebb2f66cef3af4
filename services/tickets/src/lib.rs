//! Tickets: what a client reports, the conversation about it, the work done on
//! it, and its way through the tiers to an outsourced vendor and back.

mod api;
mod convert;
mod directory;
mod domain;
mod error;
mod inbox;
mod jobs;
mod store;

use std::time::Duration;

use ::store::Migration;
use proto::tickets::v1 as pb;
use service::{Env, Host, Program, Reason, Service};

use directory::Directory;
use store::numbers::Numbers;

/// The tickets service, as a process runs it.
pub const PROGRAM: Program = Program::of::<Tickets>();

struct Tickets;

impl Service for Tickets {
    const NAME: &'static str = "tickets";
    const MIGRATIONS: &'static [Migration] =
        &[Migration { name: "0001_tickets", sql: include_str!("store/migrations/0001_tickets.sql") }];

    async fn mount(host: Host) -> Result<Host, Reason> {
        let mut env = Env::default();
        let directory: String = env.required("RELEVO_DIRECTORY_URL");
        let directory = Directory::new(env.finish(directory)?, host.signer.clone())?;
        let (desk, clock, kept) = (host.desk(), host.clock.clone(), host.store.clone());
        let tickets = api::Tickets { desk: desk.clone(), numbers: Numbers::new(&kept), directory: directory.clone() };
        let handoffs = api::Handoffs { desk: desk.clone(), directory, clock: clock.clone() };
        let vendor_desk = api::VendorDesk { desk, clock: clock.clone() };
        Ok(host
            .serve(pb::tickets_server::TicketsServer::new(tickets))
            .serve(pb::handoffs_server::HandoffsServer::new(handoffs))
            .serve(pb::vendor_desk_server::VendorDeskServer::new(vendor_desk))
            .hear(|work, event| Box::pin(inbox::contracts::decided(work, event)))
            .hear(|work, event| Box::pin(inbox::dispatch::completed(work, event)))
            .hear(|work, event| Box::pin(inbox::dispatch::not_accessible(work, event)))
            .hear(|work, event| Box::pin(inbox::dispatch::cancelled(work, event)))
            .every("expire offers", Duration::from_millis(200), move || {
                let (store, clock) = (kept.clone(), clock.clone());
                Box::pin(async move { Ok(Box::pin(jobs::expire_offers(store, clock)).await?) })
            }))
    }
}
