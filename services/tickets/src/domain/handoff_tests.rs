//! The rules of hand-offs, each tried.

use sea_orm::Iterable;
use sea_orm::entity::prelude::Uuid;

use super::handoff::{FIELDS, Handoff, Names, Passed, disclose, offer};
use super::sample::{VENDORS, at, offered, ticket, wanted};
use super::ticket::Ticket;
use super::words::{HandoffState, ReturnCode, State, Tier, WaitReason};
use crate::error::Error;

type Rule = fn(&Handoff, &Ticket) -> Result<Passed, Error>;

/// Every act, with the states that allow it and where it leads.
fn acts() -> [(&'static str, Rule, &'static [HandoffState], HandoffState); 8] {
    use HandoffState::{Accepted, Approved, Declined, Expired, Offered, Proposed, Recalled, Returned};
    [
        ("accept", |h, t| h.accept(t, at(11), at(11)), &[Offered], Accepted),
        ("decline", |h, t| h.decline("busy".into(), t, at(11)), &[Offered], Declined),
        ("expire", |h, t| h.expire(t, at(21)), &[Offered], Expired),
        ("propose", |h, _| h.propose("replace it".into(), at(30)), &[Accepted], Proposed),
        ("reject", |h, _| h.reject("which one?".into(), at(31)), &[Proposed], Accepted),
        ("approve", |h, t| h.approve(t, at(40)), &[Proposed], Approved),
        ("return", |h, t| h.give_back(ReturnCode::NotOurs, "no".into(), t, at(40)), &[Accepted, Proposed], Returned),
        ("recall", |h, t| h.recall("enough".into(), t, at(40)), &[Offered, Accepted, Proposed], Recalled),
    ]
}

#[test]
fn every_act_in_every_state() {
    for state in HandoffState::iter() {
        for (name, rule, from, to) in acts() {
            let (handoff, ticket) = offered();
            let handoff = Handoff { state, ..handoff };
            match rule(&handoff, &ticket) {
                Ok(passed) => {
                    assert!(from.contains(&state), "{name} was allowed in {state:?}");
                    assert_eq!((passed.handoff.state, passed.handoff.version), (to, handoff.version + 1), "{name}");
                }
                Err(Error::HandoffState(refused)) => {
                    assert!(!from.contains(&state), "{name} was refused in {state:?}");
                    assert_eq!(refused, state);
                }
                Err(other) => panic!("{name} in {state:?}: {other}"),
            }
        }
    }
}

#[test]
fn whoever_holds_it_stands_on_the_ticket() {
    let (handoff, ticket) = offered();
    assert_eq!((ticket.handoff_id, ticket.tier, ticket.handoff_count), (Some(handoff.id), Tier::L1, 0));
    let accepted = handoff.accept(&ticket, at(11), at(11)).unwrap();
    let held = accepted.ticket.unwrap().after;
    assert_eq!((held.tier, held.handoff_count, held.state), (Tier::L2, 1, State::Waiting));
    assert_eq!(held.reasons(), [WaitReason::Vendor]);
    let proposed = accepted.handoff.propose("replace it".into(), at(30)).unwrap().handoff;
    let back = proposed.approve(&held, at(40)).unwrap().ticket.unwrap().after;
    assert_eq!((back.tier, back.state, back.handoff_id), (Tier::L1, State::InProgress, None));
}

#[test]
fn an_offer_goes_down_the_rank_and_then_home() {
    let (first, ticket) = offered();
    let home = first.decline("busy".into(), &ticket, at(12)).unwrap().ticket.unwrap().after;
    let second = first.next(Uuid::from_u128(7), &home, at(12), at(12)).unwrap();
    assert_eq!((second.handoff.vendor_id, second.handoff.rank, second.handoff.version), (VENDORS[1], 2, 1));
    assert_eq!(second.handoff.package, first.package);
    let ticket = second.ticket.unwrap().after;
    assert_eq!(ticket.handoff_id, Some(Uuid::from_u128(7)));
    assert!(second.handoff.next(Uuid::from_u128(8), &ticket, at(13), at(13)).is_none(), "there is no third vendor");
}

#[test]
fn an_expired_offer_is_not_accepted_even_before_the_job_comes_by() {
    let (handoff, ticket) = offered();
    assert!(handoff.accept(&ticket, at(11), at(19)).is_ok());
    assert!(matches!(handoff.accept(&ticket, at(11), at(20)), Err(Error::OfferExpired)));
}

#[test]
fn an_offer_needs_a_package_a_vendor_and_nobody_else() {
    let try_it = |ticket: &Ticket, wanted| offer(ticket, Uuid::nil(), wanted, &Names::default(), at(1), at(1));
    let open = ticket(State::InProgress);
    let mut bare = wanted(&[]);
    bare.package.steps.clear();
    assert!(matches!(try_it(&open, bare.clone()), Err(Error::PackageMissing)));
    bare.emergency_reason = "the shop is burning".into();
    assert!(try_it(&open, bare).is_ok());
    let mut higher = wanted(&[]);
    higher.tier = Tier::L3;
    assert!(matches!(try_it(&open, higher), Err(Error::NoVendor(Tier::L3))));
    let (_, taken) = offered();
    assert!(matches!(try_it(&taken, wanted(&[])), Err(Error::HandoffActive)));
    assert!(matches!(taken.resolve("done".into(), at(2)), Err(Error::HandoffActive)));
}

#[test]
fn what_is_not_on_the_list_is_not_there() {
    let names = Names { contact: "Ana Secreta".into(), site: "Calle Secreta 1".into() };
    // Every subset of the fields.
    for mask in 0..1_u32 << FIELDS.len() {
        let listed = |i: usize| mask & (1 << i) != 0;
        let list: Vec<String> =
            FIELDS.iter().enumerate().filter(|(i, _)| listed(*i)).map(|(_, f)| (*f).to_owned()).collect();
        let json = serde_json::to_value(disclose(&ticket(State::New), &names, &list)).unwrap();
        for (i, field) in FIELDS.iter().enumerate() {
            assert_eq!(json.get(field).is_some(), listed(i), "{field} with {list:?}");
        }
        let secrets = ["secret subject", "secret description", "Ana Secreta", "Calle Secreta 1", "", "secret service"];
        for (i, secret) in secrets.iter().enumerate().filter(|(_, secret)| !secret.is_empty()) {
            assert_eq!(json.to_string().contains(secret), listed(i), "{secret} with {list:?}");
        }
    }
}
