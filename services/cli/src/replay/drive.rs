//! Sends the commands: those of one incident in order, incidents side by side.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use prost::Name;
use prost_types::FieldMask;
use proto::tickets::v1 as pb;
use tokio::sync::Semaphore;

use crate::rest::{Error, Session};

use super::Options;
use super::log::Incident;
use super::plan::{Deed, Step, plan};
use super::world::World;

/// What a drive leaves behind.
pub(super) struct Driven {
    /// Names of the tickets, in the order of the incidents.
    pub tickets: Vec<String>,
    pub commands: u64,
    pub took: Duration,
}

/// One drive under way.
struct Drive<'a> {
    world: &'a World,
    bar: ProgressBar,
    commands: AtomicU64,
    /// How many commands may be on their way at once.
    lanes: Semaphore,
    pace: Option<Pace>,
}

/// How the log's time runs here.
struct Pace {
    began: Instant,
    first: Timestamp,
    speed_up: f64,
}

pub(super) async fn all(world: &World, incidents: &[Incident], options: &Options) -> Result<Driven> {
    let (began, lanes) = (Instant::now(), options.concurrency.max(1));
    let first = incidents.iter().map(|incident| incident.opened).min();
    let drive = Drive {
        world,
        bar: bar(incidents, options.progress)?,
        commands: AtomicU64::new(0),
        lanes: Semaphore::new(lanes),
        pace: options.speed_up.zip(first).map(|(speed_up, first)| Pace { began: Instant::now(), first, speed_up }),
    };
    // In a paced replay incidents mostly wait: all are there, as they were in the log.
    let width = if drive.pace.is_some() { incidents.len() } else { lanes };
    let tickets =
        stream::iter(incidents).map(|incident| drive.incident(incident)).buffered(width).try_collect().await?;
    drive.bar.finish_and_clear();
    Ok(Driven { tickets, commands: drive.commands.into_inner(), took: began.elapsed() })
}

fn bar(incidents: &[Incident], visible: bool) -> Result<ProgressBar> {
    if !visible {
        return Ok(ProgressBar::hidden());
    }
    let rows: usize = incidents.iter().map(|incident| incident.rows.len()).sum();
    let style = "{bar:40} {pos}/{len} rows, {per_sec}, {eta} left";
    Ok(ProgressBar::new(rows as u64).with_style(ProgressStyle::with_template(style)?))
}

impl Drive<'_> {
    /// All of one incident; returns its ticket's name.
    async fn incident(&self, incident: &Incident) -> Result<String> {
        let mut ticket = String::new();
        let mut row = 0;
        for (index, deed) in plan(incident).iter().enumerate() {
            if let Some(pace) = &self.pace {
                pace.wait_for(deed.at).await;
            }
            let place = || format!("{} row {}: {:?}", incident.number, deed.row + 1, deed.step);
            let _lane = self.lanes.acquire().await?;
            let id = self.world.request_id(&incident.number, deed.row, index);
            let session = self.world.agent.once(id).at(deed.at);
            let work = self.deed(&session, incident, &ticket, deed);
            ticket = work.await.with_context(place)?;
            self.commands.fetch_add(1, Ordering::Relaxed);
            self.bar.inc((deed.row - row) as u64);
            row = deed.row;
        }
        self.bar.inc(1);
        Ok(ticket)
    }

    /// One command; returns the ticket's name.
    async fn deed(&self, session: &Session, incident: &Incident, ticket: &str, deed: &Deed) -> Result<String, Error> {
        let name = || ticket.to_owned();
        match &deed.step {
            Step::Create { impact, urgency } => {
                return self.create(session, incident, (*impact, *urgency)).await;
            }
            Step::Weigh { impact, urgency } => {
                send(
                    session,
                    pb::UpdateTicketRequest {
                        ticket: Some(pb::Ticket {
                            name: name(),
                            impact: (*impact).into(),
                            urgency: (*urgency).into(),
                            ..pb::Ticket::default()
                        }),
                        update_mask: Some(FieldMask { paths: vec!["impact".into(), "urgency".into()] }),
                        ..pb::UpdateTicketRequest::default()
                    },
                )
                .await
            }
            Step::Assign { queue, resolver } => self.assign(session, ticket, queue, resolver.as_deref()).await,
            Step::Reply => say(session, ticket, pb::Audience::Public, "We are looking into it.".into()).await,
            Step::Note => {
                let row = &incident.rows[deed.row];
                let body = format!("{}, modification {}", row.by, row.modification);
                say(session, ticket, pb::Audience::Internal, body).await
            }
            Step::Start => send(session, pb::StartTicketRequest { name: name(), ..Default::default() }).await,
            Step::Hold(reason) => {
                let reason = (*reason).into();
                send(session, pb::HoldTicketRequest { name: name(), reason, ..Default::default() }).await
            }
            Step::Resume(reason) => {
                let reason = (*reason).into();
                send(session, pb::ResumeTicketRequest { name: name(), reason, ..Default::default() }).await
            }
            Step::Resolve => {
                let solution = "As the log has it".into();
                send(session, pb::ResolveTicketRequest { name: name(), solution, ..Default::default() }).await
            }
            Step::Reopen => {
                let reason = "As the log has it".into();
                send(session, pb::ReopenTicketRequest { name: name(), reason, ..Default::default() }).await
            }
            Step::Close => send(session, pb::CloseTicketRequest { name: name(), ..Default::default() }).await,
        }?;
        Ok(name())
    }

    async fn create(
        &self,
        session: &Session,
        incident: &Incident,
        (impact, urgency): (pb::Level, pb::Level),
    ) -> Result<String, Error> {
        let contact = match &incident.caller {
            Some(caller) => self.world.contact(caller).await?,
            None => String::new(),
        };
        let request = pb::CreateTicketRequest {
            ticket: Some(pb::Ticket {
                tenant: self.world.tenant.clone(),
                kind: pb::Kind::Incident.into(),
                subject: format!("{}: {}", incident.number, incident.subject),
                impact: impact.into(),
                urgency: urgency.into(),
                channel: pb::Channel::Phone.into(),
                contact,
                ..pb::Ticket::default()
            }),
            ..pb::CreateTicketRequest::default()
        };
        let ticket: pb::Ticket = session.call(&request).await?;
        Ok(ticket.name)
    }

    async fn assign(&self, session: &Session, ticket: &str, queue: &str, resolver: Option<&str>) -> Result<(), Error> {
        let assignee = match resolver {
            Some(resolver) => self.world.staff(resolver).await?,
            None => String::new(),
        };
        let request = pb::AssignTicketRequest {
            name: ticket.to_owned(),
            queue: queue.to_owned(),
            assignee,
            ..pb::AssignTicketRequest::default()
        };
        send(session, request).await
    }
}

impl Pace {
    /// Until it is that time here.
    async fn wait_for(&self, at: Timestamp) {
        let since = at.duration_since(self.first).as_secs_f64().max(0.0) / self.speed_up;
        tokio::time::sleep_until((self.began + Duration::from_secs_f64(since)).into()).await;
    }
}

/// A command that answers the ticket.
async fn send(session: &Session, request: impl Name) -> Result<(), Error> {
    let _: pb::Ticket = session.call(&request).await?;
    Ok(())
}

async fn say(session: &Session, ticket: &str, audience: pb::Audience, body: String) -> Result<(), Error> {
    let request = pb::PostMessageRequest {
        ticket: ticket.to_owned(),
        audience: audience.into(),
        body,
        ..pb::PostMessageRequest::default()
    };
    let _: pb::Message = session.call(&request).await?;
    Ok(())
}
