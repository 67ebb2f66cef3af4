//! The contracts service: what was promised to each client, at what price and
//! by whom it is delivered; and the clocks that say whether it was kept.
//!
//! Every clock is derived, by a pure function, from an append-only log of what
//! happened to its ticket and from promises that never change
//! ([`domain::clocks`]). What is stored of a clock is its last derivation.

mod api;
mod convert;
mod domain;
mod error;
mod inbox;
mod jobs;
mod store;

use std::sync::Arc;
use std::time::Duration;

use ::store::Migration;
use futures::FutureExt;
use proto::contracts::v1::clocks_server::ClocksServer;
use proto::contracts::v1::contracts_server::ContractsServer;
use proto::tickets::v1 as tickets;
use service::{Host, Program, Reason, Service};

use convert::heard;
use inbox::directory::tenant_created;
use inbox::tickets::{Watch, each};
use store::shelf::Shelf;

/// The contracts service, as a process runs it.
pub const PROGRAM: Program = Program::of::<Contracts>();

/// How often overdue clocks are looked for: a miss is told within a second.
const LOOK_EVERY: Duration = Duration::from_millis(200);

struct Contracts;

impl Service for Contracts {
    const NAME: &'static str = "contracts";
    const MIGRATIONS: &'static [Migration] =
        &[Migration { name: "0001_contracts", sql: include_str!("store/migrations/0001_contracts.sql") }];

    async fn mount(host: Host) -> Result<Host, Reason> {
        let (store, time) = (host.store.clone(), host.clock.clone());
        let shelf = Arc::new(Shelf::new(store.clone()));
        let contracts = api::Contracts { desk: host.desk() };
        let clocks = api::Clocks { desk: host.desk(), time: time.clone(), shelf: Arc::clone(&shelf) };
        let watch = Arc::new(Watch { time: time.clone(), shelf });
        let host = host.serve(ContractsServer::new(contracts)).serve(ClocksServer::new(clocks)).every(
            "timer",
            LOOK_EVERY,
            move || jobs::timer::notice(store.clone(), time.clone()).boxed(),
        );
        Ok(hear(host, &watch))
    }
}

/// Every event of the directory and of tickets that promises depend on.
fn hear(host: Host, watch: &Arc<Watch>) -> Host {
    let first = Arc::clone(watch);
    host.hear(|work, event| tenant_created(work, event).boxed())
        .hear(move |work, event: tickets::TicketCreated| {
            let watch = Arc::clone(&first);
            async move { watch.ticket_created(work, event).await }.boxed()
        })
        .hear(each(watch, heard::ticket_updated))
        .hear(each(watch, heard::ticket_reclassified))
        .hear(each(watch, heard::ticket_assigned))
        .hear(each(watch, heard::ticket_triaged))
        .hear(each(watch, heard::ticket_started))
        .hear(each(watch, heard::ticket_held))
        .hear(each(watch, heard::ticket_resumed))
        .hear(each(watch, heard::ticket_resolved))
        .hear(each(watch, heard::ticket_reopened))
        .hear(each(watch, heard::ticket_closed))
        .hear(each(watch, heard::ticket_cancelled))
        .hear(each(watch, heard::message_posted))
        .hear(each(watch, heard::handoff_offered))
        .hear(each(watch, heard::handoff_accepted))
        .hear(each(watch, heard::handoff_declined))
        .hear(each(watch, heard::handoff_expired))
        .hear(each(watch, heard::handoff_proposed))
        .hear(each(watch, heard::proposal_rejected))
        .hear(each(watch, heard::handoff_approved))
        .hear(each(watch, heard::handoff_returned))
        .hear(each(watch, heard::handoff_recalled))
}
