//! Billing: facts become charges, charges become invoices, each once.
//!
//! The inbox keeps what happened, as facts that never change. Closing a month
//! rates them by the contracts as they were activated (the crate `rating`, pure)
//! and keeps the result as a draft; finalising a draft numbers it, chains it,
//! claims its facts and days, and posts the ledger. That a fact or a day is
//! billed once, that books balance and that what is finalised stays, is held
//! by constraints of the database and not by anybody's care.

mod api;
mod convert;
mod domain;
mod error;
mod inbox;
mod store;

use ::store::Migration;
use proto::billing::v1::billing_server::BillingServer;
use proto::{contracts::v1 as contracts, directory::v1 as directory, dispatch::v1 as dispatch, tickets::v1 as tickets};
use service::{Host, Program, Reason, Service};

/// Billing, as a process runs it.
pub const PROGRAM: Program = Program::of::<Billing>();

struct Billing;

impl Service for Billing {
    const NAME: &'static str = "billing";
    const MIGRATIONS: &'static [Migration] =
        &[Migration { name: "0001_billing", sql: include_str!("store/migrations/0001_billing.sql") }];

    async fn mount(host: Host) -> Result<Host, Reason> {
        let api = api::Billing { desk: host.desk() };
        Ok(host
            .serve(BillingServer::new(api))
            .hear::<directory::TenantCreated, _>(|work, event| Box::pin(inbox::directory::tenant_created(work, event)))
            .hear::<contracts::ContractActivated, _>(|work, event| {
                Box::pin(inbox::contracts::contract_activated(work, event))
            })
            .hear::<contracts::SeatsSet, _>(|work, event| Box::pin(inbox::contracts::seats_set(work, event)))
            .hear::<contracts::UnderpinningContractCreated, _>(|work, event| {
                Box::pin(inbox::contracts::underpinning_contract_created(work, event))
            })
            .hear::<contracts::EntitlementDecided, _>(|work, event| {
                Box::pin(inbox::contracts::entitlement_decided(work, event))
            })
            .hear::<tickets::TicketCreated, _>(|work, event| Box::pin(inbox::tickets::ticket_created(work, event)))
            .hear::<tickets::TimeEntryApproved, _>(|work, event| {
                Box::pin(inbox::tickets::time_entry_approved(work, event))
            })
            .hear::<dispatch::VisitCompleted, _>(|work, event| Box::pin(inbox::dispatch::visit_completed(work, event))))
    }
}
