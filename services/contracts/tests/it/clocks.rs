//! Clocks, from the events of tickets to the verdicts that are told.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use proto::contracts::v1 as pb;
use proto::tickets::v1::Audience;
use service::{instant, name};
use tonic::Code;
use uuid::Uuid;

use testkit::eventually;

use crate::bench::{As, Bench};
use crate::contracts::agree;
use crate::tickets::report;

const P1: i32 = 1;
const P3: i32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_the_past_is_judged_whatever_the_order_in_which_it_is_told() {
    let bench = Bench::start().await;
    let agreed = agree(&bench).await;
    let mut ticket = report(agreed.tenant, P3, Utc::now() - TimeDelta::hours(10));
    let created = ticket.created(0);
    let held = ticket.held(60);
    let resumed = ticket.resumed(240);
    let resolved = ticket.resolved(299);
    let answered = ticket.answered(Audience::Public, "staff/1", 61);
    let robot = ticket.answered(Audience::Public, "services/mailer", 1);
    let note = ticket.answered(Audience::Internal, "staff/1", 2);
    let offered = ticket.offered(Uuid::now_v7(), agreed.vendor, 70);
    for news in [robot, resolved, held.clone(), offered, note, created, answered, resumed, held] {
        bench.tell(news).await;
    }

    let resolution = bench.clock(ticket.id, pb::Metric::Resolution, |c| c.consumed_seconds == 119 * 60).await;
    assert_eq!((resolution.state(), resolution.target_seconds), (pb::ClockState::Met, 7_200));
    let response = bench.clock(ticket.id, pb::Metric::FirstResponse, |c| c.stop_time.is_some()).await;
    assert_eq!(response.state(), pb::ClockState::Missed);
    let minutes =
        |at: Option<prost_types::Timestamp>| (instant(&at.unwrap()).unwrap() - ticket.opened_at).num_seconds() / 60;
    assert_eq!((minutes(response.breach_time), minutes(response.stop_time)), (60, 61));
    let acceptance = bench.clock(ticket.id, pb::Metric::Acceptance, |c| c.breach_time.is_some()).await;
    assert_eq!((acceptance.kind(), minutes(acceptance.breach_time)), (pb::ClockKind::Uc, 100));
    assert_eq!(acceptance.owner, name("vendors", agreed.vendor));

    let mine = bench.clocks_of(As::Tenant(agreed.tenant), ticket.id).await.unwrap();
    assert_eq!(mine.iter().map(|clock| clock.kind()).collect::<Vec<_>>(), [pb::ClockKind::Sla; 2]);
    let theirs = bench.clocks_of(As::Tenant(Uuid::now_v7()), ticket.id).await.unwrap_err();
    assert_eq!(theirs.code(), Code::NotFound);
    timeline(&bench, agreed.tenant, &resolution, &acceptance).await;
    compliance(&bench, agreed.tenant).await;

    let entitlement = pb::GetEntitlementRequest { ticket: name("tickets", ticket.id) };
    let entitlement = bench.clocks().get_entitlement(bench.by(As::Tenant(agreed.tenant), entitlement)).await.unwrap();
    let decided: Vec<pb::EntitlementDecided> = bench.announced().await;
    assert_eq!(decided.len(), 1);
    assert_eq!(decided[0].entitlement.as_ref(), Some(entitlement.get_ref()));
    assert_eq!(entitlement.get_ref().decision(), pb::Decision::Covered);
    assert_eq!(entitlement.get_ref().deliveries, agreed.contract.deliveries);

    let told: Vec<pb::ClockMissed> = bench.announced().await;
    let mut told: Vec<_> = told.into_iter().map(|event| event.clock.unwrap().metric()).collect();
    told.sort();
    assert!(told.starts_with(&[pb::Metric::FirstResponse]) && told.ends_with(&[pb::Metric::Acceptance]), "{told:?}");
    assert_eq!(told.iter().filter(|metric| **metric == pb::Metric::FirstResponse).count(), 1);
}

async fn timeline(bench: &Bench, tenant: Uuid, resolution: &pb::Clock, acceptance: &pb::Clock) {
    let get = |clock: &pb::Clock| pb::GetTimelineRequest { clock: clock.name.clone() };
    let timeline =
        bench.clocks().get_timeline(bench.by(As::Tenant(tenant), get(resolution))).await.unwrap().into_inner();
    let told: Vec<_> = timeline.intervals.iter().map(|i| (i.counted, i.reason.as_str(), i.consumed_seconds)).collect();
    assert_eq!(told, [(true, "open", 3_600), (false, "waiting for client", 0), (true, "open", 59 * 60)]);
    assert!(timeline.basis.contains("slaPolicies/") && timeline.basis.contains("tzdata 20"), "{}", timeline.basis);
    let hidden = bench.clocks().get_timeline(bench.by(As::Tenant(tenant), get(acceptance))).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    bench.clocks().get_timeline(bench.by(As::Manager, get(acceptance))).await.unwrap();
}

async fn compliance(bench: &Bench, tenant: Uuid) {
    let ask = || pb::GetComplianceRequest::default();
    let rows = bench.clocks().get_compliance(bench.by(As::Tenant(tenant), ask())).await.unwrap().into_inner().rows;
    let counts: Vec<_> = rows.iter().map(|row| (row.metric(), row.met, row.missed, row.open)).collect();
    assert_eq!(counts, [(pb::Metric::FirstResponse, 0, 1, 0), (pb::Metric::Resolution, 1, 0, 0)]);
    let rows = bench.clocks().get_compliance(bench.by(As::Manager, ask())).await.unwrap().into_inner().rows;
    assert_eq!(rows.len(), 3);
    let future = pb::GetComplianceRequest { start_time: Some(service::timestamp(Utc::now())), ..ask() };
    let rows = bench.clocks().get_compliance(bench.by(As::Manager, future)).await.unwrap().into_inner().rows;
    assert_eq!(rows, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn s34_a_miss_that_no_event_tells_is_told_once_and_within_a_second() {
    let bench = Bench::start().await;
    let agreed = agree(&bench).await;
    let mut ticket = report(agreed.tenant, P1, Utc::now());
    let mut paused = report(agreed.tenant, P1, Utc::now());
    for news in [paused.created(0), paused.held(0), ticket.created(0)] {
        bench.tell(news).await;
    }
    let missed = eventually("the miss to be told", || async {
        let told: Vec<pb::ClockMissed> = bench.announced().await;
        (!told.is_empty()).then_some(told)
    })
    .await;
    let pb::ClockMissed { clock, due_time, detect_time } = missed[0].clone();
    let (due, detected) = (instant(&due_time.unwrap()).unwrap(), instant(&detect_time.unwrap()).unwrap());
    assert_eq!(due, ticket.opened_at + TimeDelta::seconds(3));
    assert!(detected > due && detected - due < TimeDelta::seconds(1), "noticed after {}", detected - due);
    assert_eq!(clock.unwrap().ticket, name("tickets", ticket.id));

    // A pause stops the clock: it has no deadline, and nothing is told of it.
    let still = bench.clock(paused.id, pb::Metric::Resolution, |_| true).await;
    assert_eq!((still.state(), still.due_time), (pb::ClockState::Paused, None));
    assert!(still.due_time_if_resumed.is_some());
    bench.tell(ticket.resolved(1)).await;
    bench.clock(ticket.id, pb::Metric::Resolution, |clock| clock.stop_time.is_some()).await;
    assert_eq!(bench.announced::<pb::ClockMissed>().await.len(), 1);
    assert_eq!(bench.announced::<pb::ClockMet>().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn s34_the_death_of_one_of_two_workers_loses_and_doubles_nothing() {
    const TICKETS: usize = 40;
    let bench = Bench::start().await;
    let agreed = agree(&bench).await;
    let doomed = bench.another();
    for _ in 0..TICKETS {
        bench.tell(report(agreed.tenant, P1, Utc::now()).created(0)).await;
    }
    let told = || async {
        let told: Vec<pb::ClockMissed> = bench.announced().await;
        told.into_iter().map(|event| event.clock.unwrap().name).collect::<Vec<_>>()
    };
    eventually("the first miss to be told", || async { (!told().await.is_empty()).then_some(()) }).await;
    drop(doomed);
    let all =
        eventually("every miss to be told", || async { Some(told().await).filter(|all| all.len() >= TICKETS) }).await;
    let distinct: HashSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (TICKETS, TICKETS));
}
