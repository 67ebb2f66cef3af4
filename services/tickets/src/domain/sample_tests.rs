//! A ticket to try rules on.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::entity::prelude::Uuid;

use super::handoff::{Handoff, Names, Offer, Package, Step, offer};
use super::ticket::{Delivery, Entitlement, Ticket};
use super::words::{Channel, Kind, Level, Priority, State, Tier};

/// Minutes after some instant.
pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// The vendors of L2, in rank.
pub const VENDORS: [Uuid; 2] = [Uuid::from_u128(101), Uuid::from_u128(102)];

/// In `state`, covered, with two vendors for L2.
pub fn ticket(state: State) -> Ticket {
    let waits = state == State::Waiting;
    let done = matches!(state, State::Resolved | State::Closed);
    Ticket {
        tenant_id: Uuid::from_u128(1),
        id: Uuid::from_u128(2),
        version: 1,
        number: 1,
        kind: Kind::Incident,
        state,
        wait_reasons: if waits { vec![1] } else { Vec::new() },
        subject: "secret subject".into(),
        description: "secret description".into(),
        impact: Level::Medium,
        urgency: Level::Medium,
        priority: Priority::P3,
        channel: Channel::Phone,
        contact_id: Some(Uuid::from_u128(3)),
        site_id: Some(Uuid::from_u128(4)),
        service: "secret service".into(),
        queue: String::new(),
        was_queued: false,
        assignee_id: None,
        tier: Tier::L1,
        reassignment_count: 0,
        reopen_count: 0,
        handoff_count: 0,
        handoff_id: None,
        solution: String::new(),
        entitlement: Some(Entitlement {
            decision: "covered".into(),
            contract: Some(Uuid::from_u128(5)),
            reason: String::new(),
            deliveries: vec![Delivery { tier: 2, vendors: VENDORS.to_vec() }],
        }),
        opened_at: at(0),
        first_responded_at: None,
        resolved_at: done.then(|| at(1)),
        closed_at: (state == State::Closed).then(|| at(2)),
        updated_at: at(0),
    }
}

/// What is handed over, with `disclosure` on the list.
pub fn wanted(disclosure: &[&str]) -> Offer {
    Offer {
        tier: Tier::L2,
        package: Package {
            steps: vec![Step { action: "restarted it".into(), outcome: "no change".into() }],
            diagnostics: String::new(),
        },
        disclosure: disclosure.iter().map(|field| (*field).to_owned()).collect(),
        emergency_reason: String::new(),
        offer_seconds: 600,
    }
}

/// A ticket that is offered to the first vendor.
pub fn offered() -> (Handoff, Ticket) {
    let names = Names { contact: "Ana Secreta".into(), site: "Calle Secreta 1".into() };
    let passed =
        offer(&ticket(State::InProgress), Uuid::from_u128(6), wanted(&["subject"]), &names, at(10), at(10)).unwrap();
    (passed.handoff, passed.ticket.unwrap().after)
}
