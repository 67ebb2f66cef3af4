//! A ticket, and the rules by which it changes.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::states::{Act, next};
use super::words::{Channel, Kind, Level, Priority, State, Tier, WaitReason, priority};
use crate::error::Error;

/// What a client reported.
pub type Ticket = Model;

/// How long after it was closed a ticket may be reopened; then it is a new one.
pub const REOPEN_WINDOW: TimeDelta = TimeDelta::days(30);

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// Counted per tenant, from 1.
    pub number: i64,
    /// What sort it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Numbers of [`WaitReason`]s, ascending; empty unless it waits.
    pub wait_reasons: Vec<i32>,
    /// In one line.
    pub subject: String,
    /// In full, or empty.
    pub description: String,
    /// How many it concerns.
    pub impact: Level,
    /// How soon.
    pub urgency: Level,
    /// From both.
    pub priority: Priority,
    /// How it came.
    pub channel: Channel,
    /// Who reported it.
    pub contact_id: Option<Uuid>,
    /// Where.
    pub site_id: Option<Uuid>,
    /// The business service concerned, or empty.
    pub service: String,
    /// Where it lies, or empty.
    pub queue: String,
    /// Whether it ever lay in a queue.
    pub was_queued: bool,
    /// Who has it.
    pub assignee_id: Option<Uuid>,
    /// Who works on it.
    pub tier: Tier,
    /// How often it moved from one queue to another.
    pub reassignment_count: i32,
    /// How often it was reopened.
    pub reopen_count: i32,
    /// How often a vendor took it over.
    pub handoff_count: i32,
    /// The hand-off that is offered or held now.
    pub handoff_id: Option<Uuid>,
    /// What solved it, or empty.
    pub solution: String,
    /// What the contract says of it, once decided. Not the ticket's own: it
    /// comes without a change of version.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub entitlement: Option<Entitlement>,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
    /// When a human first answered the client.
    pub first_responded_at: Option<DateTime<Utc>>,
    /// When it was last resolved, if it is.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl store::Versioned for Model {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What the contracts service decided at intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Entitlement {
    /// `covered`, `needs_approval` or `out_of_scope`.
    pub decision: String,
    /// By which contract.
    pub contract: Option<Uuid>,
    /// In one sentence.
    pub reason: String,
    /// Who delivers which tier; in-house where none is named.
    pub deliveries: Vec<Delivery>,
}

/// Who delivers a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Number of a [`Tier`].
    pub tier: i32,
    /// In rank.
    pub vendors: Vec<Uuid>,
}

/// What happened to a ticket, as its event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "each is called as its event is")]
pub enum Happening {
    /// Reported.
    TicketCreated,
    /// Something said of it changed.
    TicketUpdated,
    /// Impact or urgency changed.
    TicketReclassified,
    /// Moved.
    TicketAssigned,
    /// Classified.
    TicketTriaged,
    /// Work began.
    TicketStarted,
    /// A reason for waiting came.
    TicketHeld,
    /// A reason for waiting went.
    TicketResumed,
    /// Solved.
    TicketResolved,
    /// Not solved after all.
    TicketReopened,
    /// Done with.
    TicketClosed,
    /// Not a ticket after all.
    TicketCancelled,
}

/// A ticket before and after, and what happened between.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Before.
    pub before: Ticket,
    /// After, one version on.
    pub after: Ticket,
    /// What happened.
    pub happening: Happening,
    /// When.
    pub moment: DateTime<Utc>,
}

/// What may be updated; none leaves it as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Update {
    /// In one line.
    pub subject: Option<String>,
    /// In full.
    pub description: Option<String>,
    /// How many it concerns.
    pub impact: Option<Level>,
    /// How soon.
    pub urgency: Option<Level>,
    /// Where.
    pub site_id: Option<Option<Uuid>>,
    /// The business service concerned.
    pub service: Option<String>,
}

impl Ticket {
    /// What it waits for.
    pub fn reasons(&self) -> Vec<WaitReason> {
        self.wait_reasons.iter().filter_map(|number| WaitReason::of(*number)).collect()
    }

    /// The vendors that deliver `tier` under its contract, in rank.
    pub fn vendors(&self, tier: Tier) -> &[Uuid] {
        let deliveries = self.entitlement.iter().flat_map(|e| &e.deliveries);
        deliveries.filter(|d| d.tier == tier.number()).map(|d| d.vendors.as_slice()).next().unwrap_or_default()
    }

    /// Changes what is said of it.
    ///
    /// # Errors
    /// [`Error::State`] once it is closed or cancelled.
    pub fn update(&self, update: Update, moment: DateTime<Utc>) -> Result<Change, Error> {
        let Update { subject, description, impact, urgency, site_id, service } = update;
        let mut change = self.change(Act::Update, Happening::TicketUpdated, moment)?;
        let after = &mut change.after;
        after.subject = subject.unwrap_or_else(|| self.subject.clone());
        after.description = description.unwrap_or_else(|| self.description.clone());
        after.impact = impact.unwrap_or(self.impact);
        after.urgency = urgency.unwrap_or(self.urgency);
        after.priority = priority(after.impact, after.urgency);
        after.site_id = site_id.unwrap_or(self.site_id);
        after.service = service.unwrap_or_else(|| self.service.clone());
        if (after.impact, after.urgency) != (self.impact, self.urgency) {
            change.happening = Happening::TicketReclassified;
        }
        Ok(change)
    }

    /// Moves it to a queue and to one of the staff, or out of both. Moving to
    /// another queue than the first counts as a reassignment.
    ///
    /// # Errors
    /// [`Error::State`] once it is closed or cancelled.
    pub fn assign(&self, queue: String, assignee: Option<Uuid>, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut change = self.change(Act::Assign, Happening::TicketAssigned, moment)?;
        let after = &mut change.after;
        if queue != self.queue && !queue.is_empty() {
            after.reassignment_count += i32::from(self.was_queued);
            after.was_queued = true;
        }
        after.queue = queue;
        after.assignee_id = assignee;
        Ok(change)
    }

    /// Classifies it.
    ///
    /// # Errors
    /// [`Error::State`] once somebody works on it.
    pub fn triage(&self, impact: Level, urgency: Level, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut change = self.change(Act::Triage, Happening::TicketTriaged, moment)?;
        change.after = Self { impact, urgency, priority: priority(impact, urgency), ..change.after };
        Ok(change)
    }

    /// Begins to work on it.
    ///
    /// # Errors
    /// [`Error::State`] where that has happened.
    pub fn start(&self, moment: DateTime<Utc>) -> Result<Change, Error> {
        self.change(Act::Start, Happening::TicketStarted, moment)
    }

    /// Adds a reason for waiting; one that is there already stays.
    ///
    /// # Errors
    /// [`Error::State`] once it is resolved.
    pub fn hold(&self, reason: WaitReason, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut change = self.change(Act::Hold, Happening::TicketHeld, moment)?;
        let reasons = &mut change.after.wait_reasons;
        reasons.push(reason.number());
        reasons.sort_unstable();
        reasons.dedup();
        Ok(change)
    }

    /// Takes a reason away, or all of them. With the last one work goes on.
    ///
    /// # Errors
    /// [`Error::State`] where it does not wait.
    pub fn resume(&self, reason: Option<WaitReason>, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut change = self.change(Act::Resume, Happening::TicketResumed, moment)?;
        let after = &mut change.after;
        after.wait_reasons.retain(|number| reason.is_some_and(|reason| reason.number() != *number));
        if !after.wait_reasons.is_empty() {
            after.state = State::Waiting;
        }
        Ok(change)
    }

    /// Solves it, or replaces the solution and its instant.
    ///
    /// # Errors
    /// [`Error::State`], or [`Error::HandoffActive`] while a vendor has it.
    pub fn resolve(&self, solution: String, moment: DateTime<Utc>) -> Result<Change, Error> {
        self.without_handoff()?;
        let mut change = self.change(Act::Resolve, Happening::TicketResolved, moment)?;
        change.after = Self { solution, wait_reasons: Vec::new(), resolved_at: Some(moment), ..change.after };
        Ok(change)
    }

    /// It was not solved after all.
    ///
    /// # Errors
    /// [`Error::State`], or [`Error::ReopenWindow`] when it has been closed
    /// for longer than [`REOPEN_WINDOW`].
    pub fn reopen(&self, moment: DateTime<Utc>) -> Result<Change, Error> {
        if self.closed_at.is_some_and(|closed| moment > closed + REOPEN_WINDOW) {
            return Err(Error::ReopenWindow);
        }
        let mut change = self.change(Act::Reopen, Happening::TicketReopened, moment)?;
        let reopen_count = self.reopen_count + 1;
        change.after = Self { reopen_count, resolved_at: None, closed_at: None, ..change.after };
        Ok(change)
    }

    /// Done with.
    ///
    /// # Errors
    /// [`Error::State`] unless it is resolved.
    pub fn close(&self, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut change = self.change(Act::Close, Happening::TicketClosed, moment)?;
        change.after.closed_at = Some(moment);
        Ok(change)
    }

    /// Not a ticket after all.
    ///
    /// # Errors
    /// [`Error::State`], or [`Error::HandoffActive`] while a vendor has it.
    pub fn cancel(&self, reason: String, moment: DateTime<Utc>) -> Result<Change, Error> {
        self.without_handoff()?;
        let mut change = self.change(Act::Cancel, Happening::TicketCancelled, moment)?;
        change.after = Self { solution: reason, wait_reasons: Vec::new(), ..change.after };
        Ok(change)
    }

    /// Waits for a visit from now on.
    ///
    /// # Errors
    /// [`Error::State`], or [`Error::SiteMissing`] where nobody knows whereto.
    pub fn request_visit(&self, moment: DateTime<Utc>) -> Result<Change, Error> {
        next(self.state, Act::RequestVisit).ok_or(Error::State(self.state))?;
        if self.site_id.is_none() {
            return Err(Error::SiteMissing);
        }
        self.hold(WaitReason::Visit, moment)
    }

    /// A human of the operator's answered the client: once, and for ever.
    pub fn responded(&self, moment: DateTime<Utc>) -> Option<Change> {
        if self.first_responded_at.is_some() {
            return None;
        }
        let after =
            Self { first_responded_at: Some(moment), version: self.version + 1, updated_at: moment, ..self.clone() };
        Some(Change { before: self.clone(), after, happening: Happening::TicketUpdated, moment })
    }

    fn without_handoff(&self) -> Result<(), Error> {
        if self.handoff_id.is_some() { Err(Error::HandoffActive) } else { Ok(()) }
    }

    fn change(&self, act: Act, happening: Happening, moment: DateTime<Utc>) -> Result<Change, Error> {
        let state = next(self.state, act).ok_or(Error::State(self.state))?;
        let after = Self { state, version: self.version + 1, updated_at: moment, ..self.clone() };
        Ok(Change { before: self.clone(), after, happening, moment })
    }
}
