//! The other client calls in the evening: everything stands still, and the
//! clock counts although the office is closed.

use anyhow::Result;
use proto::tickets::v1::{
    Audience, Channel, CloseTicketRequest, CreateTicketRequest, Kind, Level, LogTimeRequest, Message,
    PostMessageRequest, ResolveTicketRequest, StartTicketRequest, Ticket, TimeEntry,
};
use proto::r#type::v1::Priority;

use crate::madrid::stamp;

use super::stage::{AGENT, LUIS, Stage, state};
use super::visit::verdicts;

/// On which of the month's office days it happens.
const DAY: usize = 6;

pub(super) async fn act(stage: &mut Stage<'_>) -> Result<String> {
    stage.voice.chapter("The other client calls in the evening")?;
    let ticket = answer(stage).await?;
    let name = || ticket.clone();

    let at = stage.at(DAY, 19, 50)?;
    let start = StartTicketRequest { name: name(), ..StartTicketRequest::default() };
    let started: Ticket = stage.agent.at(at).call(&start).await?;
    stage.voice.tell(at, AGENT, format!("starts at once → {}", state(&started)))?;

    log(stage, &ticket, (DAY, [(19, 50), (21, 5)]), "Restored the workshop's database").await?;
    let at = stage.at(DAY, 21, 5)?;
    stage.voice.tell(at, AGENT, "logs 75 minutes of remote work, after hours")?;
    let resolve = ResolveTicketRequest {
        name: name(),
        solution: "The disk was full; space made, database restored.".into(),
        ..ResolveTicketRequest::default()
    };
    let resolved: Ticket = stage.agent.at(at).call(&resolve).await?;
    stage.voice.tell(at, AGENT, format!("→ {}: {}", state(&resolved), resolved.solution))?;

    log(stage, &ticket, (DAY + 1, [(9, 10), (9, 32)]), "Moved the old backups away").await?;
    let at = stage.at(DAY + 1, 9, 32)?;
    stage.voice.tell(at, AGENT, "logs 22 minutes the next morning: two quarters of an hour")?;
    let at = stage.at(DAY + 1, 12, 0)?;
    let close = CloseTicketRequest { name: name(), ..CloseTicketRequest::default() };
    let closed: Ticket = stage.users[1].at(at).call(&close).await?;
    stage.voice.tell(at, LUIS, format!("is content → {}", state(&closed)))?;
    verdicts(stage, &ticket, at).await?;
    Ok(ticket)
}

/// A call by phone, written down by the agent.
async fn answer(stage: &mut Stage<'_>) -> Result<String> {
    let at = stage.at(DAY, 19, 40)?;
    let request = CreateTicketRequest {
        ticket: Some(Ticket {
            tenant: stage.garage.tenant.clone(),
            kind: Kind::Incident.into(),
            subject: "The workshop system is down".into(),
            description: "Nobody can look up an order or print an invoice.".into(),
            impact: Level::High.into(),
            urgency: Level::High.into(),
            channel: Channel::Phone.into(),
            contact: stage.garage.user.clone(),
            site: stage.garage.site.clone(),
            ..Ticket::default()
        }),
        ..CreateTicketRequest::default()
    };
    let ticket: Ticket = stage.agent.at(at).call(&request).await?;
    let priority = Priority::as_str_name(&ticket.priority()).replace("PRIORITY_", "");
    let what = format!("calls: #{} “{}”, {priority}", ticket.number, ticket.subject);
    stage.voice.tell(at, LUIS, what)?;
    let at = stage.at(DAY, 19, 48)?;
    let reply = PostMessageRequest {
        ticket: ticket.name.clone(),
        audience: Audience::Public.into(),
        body: "Good evening Luis, I am on it now.".into(),
        ..PostMessageRequest::default()
    };
    let _: Message = stage.agent.at(at).call(&reply).await?;
    stage.voice.tell(at, AGENT, "answers within 8 minutes")?;
    Ok(ticket.name)
}

/// Remote work of the agent.
async fn log(
    stage: &Stage<'_>,
    ticket: &str,
    (day, [from, to]): (usize, [(i8, i8); 2]),
    note: &str,
) -> Result<TimeEntry> {
    let request = LogTimeRequest {
        ticket: ticket.to_owned(),
        work_type: "remote".into(),
        start_time: Some(stamp(stage.at(day, from.0, from.1)?)),
        end_time: Some(stamp(stage.at(day, to.0, to.1)?)),
        billable: true,
        note: note.to_owned(),
        ..LogTimeRequest::default()
    };
    Ok(stage.agent.call(&request).await?)
}
