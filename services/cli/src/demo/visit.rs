//! Somebody has to go there: the right technician, then the end of the ticket.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use proto::contracts::v1::{ClockState, Metric};
use proto::dispatch::v1::{
    ArriveAtVisitRequest, CompleteVisitRequest, GetVisitRequest, ListVisitsRequest, ListVisitsResponse,
    PlanVisitRequest, PublishDayRequest, PublishDayResponse, StartTravelRequest, SuggestVisitRequest,
    SuggestVisitResponse, Suggestion, Visit, VisitState,
};
use proto::tickets::v1::{CloseTicketRequest, RequestVisitRequest, ResolveTicketRequest, Ticket, WaitReason};

use crate::madrid::{instant, stamp};
use crate::seed::operator::NETWORK;
use crate::words::{duration, word};
use crate::{madrid, wait};

use super::first_line::clocks;
use super::stage::{AGENT, ANA, DISPATCHER, PLATFORM, Stage, TECHNICIAN, state};

/// The day on which it is asked for; the visit is on one of the next.
const DAY: usize = 3;
/// So many days are looked at: other runs may have filled the first.
const DAYS: usize = 12;

const WORK: SignedDuration = SignedDuration::from_mins(55);

/// Returns the visit's name.
pub(super) async fn act(stage: &mut Stage<'_>, ticket: &str) -> Result<String> {
    stage.voice.chapter("A visit on site")?;
    let visit = request(stage, ticket).await?;
    let (day, start, way) = plan(stage, &visit).await?;
    publish(stage, &visit, day).await?;
    let done = go(stage, &visit, (start, way)).await?;
    finish(stage, ticket, done).await?;
    Ok(visit)
}

async fn request(stage: &mut Stage<'_>, ticket: &str) -> Result<String> {
    let at = stage.at(DAY, 15, 5)?;
    let request = RequestVisitRequest {
        name: ticket.to_owned(),
        purpose: "Replace the switch under the counter".into(),
        duration_minutes: 60,
        skills: vec![NETWORK.into()],
        ..RequestVisitRequest::default()
    };
    let waiting: Ticket = stage.agent.at(at).call(&request).await?;
    let what = format!("asks for a visit of an hour, skill {NETWORK} → {}", state(&waiting));
    stage.voice.tell(at, AGENT, what)?;
    let list = ListVisitsRequest { ticket: ticket.to_owned(), ..ListVisitsRequest::default() };
    let visit = wait::until("dispatch has the visit", async || {
        let list: ListVisitsResponse = stage.dispatcher.call(&list).await?;
        Ok(list.visits.into_iter().next())
    })
    .await?;
    Ok(visit.name)
}

/// The best suggestion of the first day that has one: the day, when work
/// starts, and how long the way there is.
async fn plan(stage: &mut Stage<'_>, visit: &str) -> Result<(usize, Timestamp, SignedDuration)> {
    let at = stage.at(DAY, 15, 20)?;
    let mut found = None;
    for day in DAY + 1..DAY + 1 + DAYS {
        let request = SuggestVisitRequest { name: visit.to_owned(), date: stage.day(day)?.to_string() };
        let answer: SuggestVisitResponse = stage.dispatcher.call(&request).await?;
        if let Some(best) = answer.suggestions.first().cloned() {
            found = Some((day, best, answer));
            break;
        }
    }
    let (day, best, answer) = found.context("no technician has time in the days that follow")?;
    stage.voice.tell(at, DISPATCHER, format!("asks who could go on {}:", stage.day(day)?))?;
    for suggestion in &answer.suggestions {
        stage.voice.more(suggested(suggestion))?;
    }
    for excluded in &answer.exclusions {
        stage.voice.more(format!("✗ {}: {} ({})", excluded.display_name, excluded.reason, excluded.code))?;
    }
    let start = instant(best.start_time.as_ref()).context("a suggestion has a start")?;
    let request = PlanVisitRequest {
        name: visit.to_owned(),
        technician: best.technician,
        start_time: Some(stamp(start)),
        ..PlanVisitRequest::default()
    };
    let _: Visit = stage.dispatcher.call(&request).await?;
    let what = format!("plans {} for {}", best.display_name, madrid::short(start));
    stage.voice.tell(at, DISPATCHER, what)?;
    // There and back.
    Ok((day, start, SignedDuration::from_secs(best.added_travel_seconds / 2)))
}

fn suggested(suggestion: &Suggestion) -> String {
    let start = instant(suggestion.start_time.as_ref()).map(madrid::short).unwrap_or_default();
    let travel = duration(suggestion.added_travel_seconds);
    format!("✓ {} {start}, {travel} of travel: {}", suggestion.display_name, suggestion.reason)
}

async fn publish(stage: &mut Stage<'_>, visit: &str, day: usize) -> Result<()> {
    let at = stage.at(DAY, 16, 0)?;
    let request = PublishDayRequest { date: stage.day(day)?.to_string(), ..PublishDayRequest::default() };
    let _: PublishDayResponse = stage.dispatcher.at(at).call(&request).await?;
    let published: Visit = stage.dispatcher.call(&GetVisitRequest { name: visit.to_owned() }).await?;
    let what = format!("publishes {} → {}", request.date, visit_state(&published));
    Ok(stage.voice.tell(at, DISPATCHER, what)?)
}

/// Travels, arrives, works, completes; returns when.
async fn go(stage: &mut Stage<'_>, visit: &str, (start, way): (Timestamp, SignedDuration)) -> Result<Timestamp> {
    let (leave, end) = (start - way, start + WORK);
    let name = || visit.to_owned();
    let technician = stage.technician.clone();
    let travel = StartTravelRequest { name: name(), ..StartTravelRequest::default() };
    let visit: Visit = technician.at(leave).call(&travel).await?;
    stage.voice.tell(leave, TECHNICIAN, format!("sets out → {}", visit_state(&visit)))?;
    let arrive = ArriveAtVisitRequest { name: name(), ..ArriveAtVisitRequest::default() };
    let visit: Visit = technician.at(start).call(&arrive).await?;
    stage.voice.tell(start, TECHNICIAN, format!("arrives → {}", visit_state(&visit)))?;
    let complete = CompleteVisitRequest {
        name: name(),
        outcome: "Switch replaced, configuration loaded, all three tills online".into(),
        ..CompleteVisitRequest::default()
    };
    let visit: Visit = technician.at(end).call(&complete).await?;
    stage.voice.tell(end, TECHNICIAN, format!("{} → {}", complete.outcome, visit_state(&visit)))?;
    stage.voice.more("the way and the 55 minutes on site become facts by themselves")?;
    Ok(end)
}

/// Resolved by the first tier, closed by the client; the verdicts.
async fn finish(stage: &mut Stage<'_>, ticket: &str, done: Timestamp) -> Result<()> {
    wait::until("the ticket has heard of the visit", async || {
        let waits = stage.ticket(ticket).await?.wait_reasons().any(|r| r == WaitReason::Visit);
        Ok((!waits).then_some(()))
    })
    .await?;
    let at = done + SignedDuration::from_mins(20);
    let resolve = ResolveTicketRequest {
        name: ticket.to_owned(),
        solution: "The switch was replaced; its power supply had failed.".into(),
        ..ResolveTicketRequest::default()
    };
    let resolved: Ticket = stage.agent.at(at).call(&resolve).await?;
    stage.voice.tell(at, AGENT, format!("→ {}: {}", state(&resolved), resolved.solution))?;
    let at = stage.at(stage.next_day(at), 10, 0)?;
    let close = CloseTicketRequest { name: ticket.to_owned(), ..CloseTicketRequest::default() };
    let closed: Ticket = stage.users[0].at(at).call(&close).await?;
    stage.voice.tell(at, ANA, format!("is content → {}", state(&closed)))?;
    verdicts(stage, ticket, at).await
}

/// What the clocks said in the end.
pub(super) async fn verdicts(stage: &mut Stage<'_>, ticket: &str, at: Timestamp) -> Result<()> {
    let clocks = wait::until("the clocks have stopped", async || {
        let clocks = clocks(stage, ticket, 2).await?;
        Ok(clocks.iter().all(|clock| clock.stop_time.is_some()).then_some(clocks))
    })
    .await?;
    for clock in clocks {
        let metric = word(Metric::as_str_name(&clock.metric()), "METRIC_");
        let verdict = word(ClockState::as_str_name(&clock.state()), "CLOCK_STATE_");
        let (used, target) = (duration(clock.consumed_seconds), duration(clock.target_seconds));
        stage.voice.tell(at, PLATFORM, format!("{metric} {verdict}: {used} of {target}"))?;
    }
    Ok(())
}

fn visit_state(visit: &Visit) -> String {
    word(VisitState::as_str_name(&visit.state()), "VISIT_STATE_")
}
