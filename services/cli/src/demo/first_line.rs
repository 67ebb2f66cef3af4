//! A client reports a problem, and the first tier does what it can.

use anyhow::Result;
use proto::contracts::v1::{Clock, ClockKind, ListClocksRequest, ListClocksResponse, Metric};
use proto::tickets::v1::{
    AssignTicketRequest, Audience, Channel, CreateTicketRequest, HoldTicketRequest, Kind, Level, LogTimeRequest,
    Message, PostMessageRequest, ResumeTicketRequest, StartTicketRequest, Ticket, TimeEntry, TriageTicketRequest,
    WaitReason,
};
use proto::r#type::v1::Priority;

use crate::madrid::stamp;
use crate::wait;
use crate::words::{duration, when, word};

use super::stage::{AGENT, ANA, PLATFORM, Stage, state};

/// On which of the month's office days it begins.
const DAY: usize = 3;

pub(super) async fn act(stage: &mut Stage<'_>) -> Result<String> {
    stage.voice.chapter("A client reports a problem")?;
    let ticket = open(stage).await?;
    entitlement(stage, &ticket).await?;
    stage.voice.chapter("The first tier")?;
    triage(stage, &ticket).await?;
    converse(stage, &ticket).await?;
    Ok(ticket)
}

/// The client's own user, over REST, with its own token.
async fn open(stage: &mut Stage<'_>) -> Result<String> {
    let at = stage.at(DAY, 9, 20)?;
    let request = CreateTicketRequest {
        ticket: Some(Ticket {
            tenant: stage.bakery.tenant.clone(),
            kind: Kind::Incident.into(),
            subject: "The tills cannot reach the server".into(),
            description: "Since this morning all three tills say “no connection”.".into(),
            impact: Level::Medium.into(),
            urgency: Level::Medium.into(),
            channel: Channel::Portal.into(),
            site: stage.bakery.site.clone(),
            ..Ticket::default()
        }),
        ..CreateTicketRequest::default()
    };
    let ticket: Ticket = stage.users[0].at(at).call(&request).await?;
    let what = format!("opens #{} “{}”", ticket.number, ticket.subject);
    stage.voice.tell(at, ANA, what)?;
    Ok(ticket.name)
}

async fn entitlement(stage: &mut Stage<'_>, name: &str) -> Result<()> {
    let at = stage.at(DAY, 9, 20)?;
    let ticket = wait::until("the contract has decided", async || {
        let ticket = stage.ticket(name).await?;
        Ok(ticket.entitlement.is_some().then_some(ticket))
    })
    .await?;
    if let Some(entitlement) = ticket.entitlement {
        let what = format!("{}: {}", entitlement.decision.replace('_', " "), entitlement.reason);
        stage.voice.tell(at, PLATFORM, what)?;
    }
    let clocks = clocks(stage, name, 2).await?;
    for clock in &clocks {
        stage.voice.more(describe(clock))?;
    }
    Ok(())
}

/// The client's clocks, once there are as many.
pub(super) async fn clocks(stage: &Stage<'_>, ticket: &str, count: usize) -> Result<Vec<Clock>> {
    let request = ListClocksRequest { ticket: ticket.to_owned() };
    wait::until("the clocks tick", async || {
        let list: ListClocksResponse = wait::known(async || stage.agent.call(&request).await).await?;
        let sla = |clock: &Clock| clock.kind() == ClockKind::Sla;
        let clocks: Vec<Clock> = list.clocks.into_iter().filter(sla).collect();
        Ok((clocks.len() >= count).then_some(clocks))
    })
    .await
}

/// Such as `P2 first response within 1 h: due Tue 06 Oct 10:20`.
fn describe(clock: &Clock) -> String {
    let metric = word(Metric::as_str_name(&clock.metric()), "METRIC_");
    let priority = Priority::as_str_name(&clock.priority()).replace("PRIORITY_", "");
    let target = duration(clock.target_seconds);
    let due = when(clock.due_time.as_ref());
    format!("{priority} {metric} within {target} of open time: due {due}")
}

/// More urgent than the client thought: the clocks follow.
async fn triage(stage: &mut Stage<'_>, ticket: &str) -> Result<()> {
    let at = stage.at(DAY, 9, 31)?;
    let assign =
        AssignTicketRequest { name: ticket.to_owned(), queue: "Service desk".into(), ..AssignTicketRequest::default() };
    let _: Ticket = stage.agent.at(at).call(&assign).await?;
    let triage = TriageTicketRequest {
        name: ticket.to_owned(),
        impact: Level::High.into(),
        urgency: Level::Medium.into(),
        ..TriageTicketRequest::default()
    };
    let triaged: Ticket = stage.agent.at(at).call(&triage).await?;
    let priority = Priority::as_str_name(&triaged.priority()).replace("PRIORITY_", "");
    stage.voice.tell(at, AGENT, format!("takes it to the service desk, triages it: {priority}"))?;
    let clocks = wait::until("the clocks follow the priority", async || {
        let clocks = clocks(stage, ticket, 2).await?;
        let followed = clocks.iter().all(|clock| clock.priority == triaged.priority);
        Ok(followed.then_some(clocks))
    })
    .await?;
    for clock in &clocks {
        stage.voice.more(describe(clock))?;
    }
    Ok(())
}

/// Reply, work, wait for the client, go on.
async fn converse(stage: &mut Stage<'_>, ticket: &str) -> Result<()> {
    let name = || ticket.to_owned();
    let at = stage.at(DAY, 9, 35)?;
    post(stage, 0, ticket, (9, 35), "Good morning Ana, I am looking into it.").await?;
    let answered = stage.ticket(ticket).await?;
    let first = when(answered.first_response_time.as_ref());
    stage.voice.tell(at, AGENT, format!("answers the client; first response {first}"))?;

    let at = stage.at(DAY, 9, 40)?;
    let start = StartTicketRequest { name: name(), ..StartTicketRequest::default() };
    let started: Ticket = stage.agent.at(at).call(&start).await?;
    stage.voice.tell(at, AGENT, format!("starts work → {}", state(&started)))?;

    let at = stage.at(DAY, 9, 55)?;
    post(stage, 0, ticket, (9, 55), "Which lights are on at the switch under the counter?").await?;
    let hold = HoldTicketRequest { name: name(), reason: WaitReason::Client.into(), ..HoldTicketRequest::default() };
    let held: Ticket = stage.agent.at(at).call(&hold).await?;
    let what = format!("asks the client → {}; the resolution clock stands still", state(&held));
    stage.voice.tell(at, AGENT, what)?;

    let at = stage.at(DAY, 10, 40)?;
    post(stage, 1, ticket, (10, 40), "None at all, and it is warm.").await?;
    stage.voice.tell(at, ANA, "answers: none at all, and it is warm")?;

    let at = stage.at(DAY, 10, 41)?;
    let resume =
        ResumeTicketRequest { name: name(), reason: WaitReason::Client.into(), ..ResumeTicketRequest::default() };
    let resumed: Ticket = stage.agent.at(at).call(&resume).await?;
    stage.voice.tell(at, AGENT, format!("goes on → {}", state(&resumed)))?;

    log(stage, ticket, [(9, 40), (9, 55)], "First look").await?;
    log(stage, ticket, [(10, 41), (11, 15)], "Checked the line from the router on").await?;
    stage.voice.tell(stage.at(DAY, 11, 15)?, AGENT, "logs 15 and 34 minutes of remote work")?;
    Ok(())
}

/// A public message, by the agent (0) or by the client's user (1).
async fn post(stage: &Stage<'_>, author: usize, ticket: &str, (hour, minute): (i8, i8), body: &str) -> Result<Message> {
    let request = PostMessageRequest {
        ticket: ticket.to_owned(),
        audience: Audience::Public.into(),
        body: body.to_owned(),
        ..PostMessageRequest::default()
    };
    let author = [&stage.agent, &stage.users[0]][author];
    Ok(author.at(stage.at(DAY, hour, minute)?).call(&request).await?)
}

/// Remote work of the agent.
async fn log(stage: &Stage<'_>, ticket: &str, [from, to]: [(i8, i8); 2], note: &str) -> Result<TimeEntry> {
    let request = LogTimeRequest {
        ticket: ticket.to_owned(),
        work_type: "remote".into(),
        start_time: Some(stamp(stage.at(DAY, from.0, from.1)?)),
        end_time: Some(stamp(stage.at(DAY, to.0, to.1)?)),
        billable: true,
        note: note.to_owned(),
        ..LogTimeRequest::default()
    };
    Ok(stage.agent.call(&request).await?)
}
