//! Handing a ticket to an outsourced vendor, and getting it back.
//!
//! ```text
//! OFFERED → ACCEPTED → PROPOSED → APPROVED; a rejected PROPOSED is ACCEPTED again
//!    │         └→ RETURNED(code), also from PROPOSED
//!    └→ DECLINED(reason) or EXPIRED → the next vendor in rank, or the operator
//! ```
//! The operator may make it RECALLED at any point before APPROVED.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::states::{Act, next};
use super::ticket::{Change, Happening, Ticket};
use super::words::{HandoffState, Priority, ReturnCode, State, Tier, WaitReason};
use crate::error::Error;

/// A ticket in the hands of a vendor, or offered to one.
pub type Handoff = Model;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "handoffs")]
pub struct Model {
    /// Whose ticket it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// What is handed over.
    pub ticket_id: Uuid,
    /// To whom.
    pub vendor_id: Uuid,
    /// For which tier.
    pub tier: Tier,
    /// Where it stands.
    pub state: HandoffState,
    /// 1 is the first vendor in rank.
    pub rank: i32,
    /// So that the vendor does not start over.
    #[sea_orm(column_type = "JsonBinary")]
    pub package: Package,
    /// The fields on the allow-list.
    pub disclosure: Vec<String>,
    /// What they said when it was offered: all that the vendor reads.
    #[sea_orm(column_type = "JsonBinary")]
    pub disclosed: Disclosed,
    /// Why it was offered without a package, or empty.
    pub emergency_reason: String,
    /// How long a vendor has to accept.
    pub offer_seconds: i32,
    /// When it was offered.
    pub offered_at: DateTime<Utc>,
    /// Expires then, unless accepted.
    pub offer_expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When a solution was last proposed.
    pub proposed_at: Option<DateTime<Utc>>,
    /// When it ended, whichever way.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was declined or recalled, or empty.
    pub decline_reason: String,
    /// Number of a [`ReturnCode`], or 0.
    pub return_code: i32,
    /// The vendor's solution, or empty.
    pub proposal: String,
    /// What the last proposal lacked, or empty.
    pub missing: String,
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

/// What was tried, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Package {
    /// Step by step.
    pub steps: Vec<Step>,
    /// Whatever was measured, or empty.
    pub diagnostics: String,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub action: String,
    /// And then.
    pub outcome: String,
}

/// What a vendor reads of the ticket; what is not on its list is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
#[allow(missing_docs, reason = "each is the ticket's field of that name")]
pub struct Disclosed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

/// The fields that can be disclosed.
pub const FIELDS: [&str; 6] = ["subject", "description", "contact", "site", "priority", "service"];

/// What the ticket's ids stand for, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Of the contact.
    pub contact: String,
    /// Of the site, with its address.
    pub site: String,
}

/// What is to be handed over, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Whose turn it is.
    pub tier: Tier,
    /// What goes with it.
    pub package: Package,
    /// The allow-list.
    pub disclosure: Vec<String>,
    /// Instead of a package.
    pub emergency_reason: String,
    /// How long the vendor has.
    pub offer_seconds: i32,
}

/// What happened to a hand-off, as its event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// A vendor was asked.
    HandoffOffered,
    /// It said yes.
    HandoffAccepted,
    /// It said no.
    HandoffDeclined,
    /// It said nothing.
    HandoffExpired,
    /// It says it is solved.
    HandoffProposed,
    /// The operator says it is not.
    ProposalRejected,
    /// The operator says it is.
    HandoffApproved,
    /// Given back.
    HandoffReturned,
    /// Taken back.
    HandoffRecalled,
}

/// A hand-off after a step, and what the step did to its ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    /// After the step.
    pub handoff: Handoff,
    /// What happened.
    pub passing: Passing,
    /// When.
    pub moment: DateTime<Utc>,
    /// The ticket's own change, if it has one.
    pub ticket: Option<Change>,
}

/// What is on the list, and nothing else.
pub fn disclose(ticket: &Ticket, names: &Names, list: &[String]) -> Disclosed {
    let listed = |field: &str| list.iter().any(|item| item == field);
    Disclosed {
        subject: listed("subject").then(|| ticket.subject.clone()),
        description: listed("description").then(|| ticket.description.clone()),
        contact: listed("contact").then(|| names.contact.clone()),
        site: listed("site").then(|| names.site.clone()),
        priority: listed("priority").then(|| Priority::number(ticket.priority)),
        service: listed("service").then(|| ticket.service.clone()),
    }
}

/// Offers `ticket` to the first vendor in rank. What the vendor has to accept
/// is counted from `now`, when it can first know of it.
///
/// # Errors
/// [`Error::State`], [`Error::HandoffActive`], [`Error::PackageMissing`] or
/// [`Error::NoVendor`].
pub fn offer(
    ticket: &Ticket,
    id: Uuid,
    offer: Offer,
    names: &Names,
    moment: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Passed, Error> {
    next(ticket.state, Act::Offer).ok_or(Error::State(ticket.state))?;
    if ticket.handoff_id.is_some() {
        return Err(Error::HandoffActive);
    }
    if offer.package.steps.is_empty() && offer.emergency_reason.is_empty() {
        return Err(Error::PackageMissing);
    }
    let vendor_id = *ticket.vendors(offer.tier).first().ok_or(Error::NoVendor(offer.tier))?;
    let Offer { tier, package, disclosure, emergency_reason, offer_seconds } = offer;
    let handoff = Handoff {
        tenant_id: ticket.tenant_id,
        id,
        version: 1,
        ticket_id: ticket.id,
        vendor_id,
        tier,
        state: HandoffState::Offered,
        rank: 1,
        disclosed: disclose(ticket, names, &disclosure),
        package,
        disclosure,
        emergency_reason,
        offer_seconds,
        offered_at: moment,
        offer_expires_at: now + TimeDelta::seconds(offer_seconds.into()),
        accepted_at: None,
        proposed_at: None,
        ended_at: None,
        decline_reason: String::new(),
        return_code: 0,
        proposal: String::new(),
        missing: String::new(),
    };
    let ticket = point(ticket, Some(id), moment);
    Ok(Passed { handoff, passing: Passing::HandoffOffered, moment, ticket: Some(ticket) })
}

impl Handoff {
    /// The vendor holds it: the ticket waits for the vendor, at its tier.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless it is offered, [`Error::OfferExpired`]
    /// when it was for too long.
    pub fn accept(&self, ticket: &Ticket, moment: DateTime<Utc>, now: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Offered])?;
        if now >= self.offer_expires_at {
            return Err(Error::OfferExpired);
        }
        let mut change = ticket.hold(WaitReason::Vendor, moment)?;
        change.after.tier = self.tier;
        change.after.handoff_count += 1;
        let accepted = Self { accepted_at: Some(moment), ..self.to(HandoffState::Accepted) };
        Ok(Passed { handoff: accepted, passing: Passing::HandoffAccepted, moment, ticket: Some(change) })
    }

    /// The vendor says it is solved.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless the vendor works on it.
    pub fn propose(&self, proposal: String, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Accepted])?;
        let proposed = Self { proposal, proposed_at: Some(moment), ..self.to(HandoffState::Proposed) };
        Ok(Passed { handoff: proposed, passing: Passing::HandoffProposed, moment, ticket: None })
    }

    /// The operator says it is not, and what is missing.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless a solution was proposed.
    pub fn reject(&self, missing: String, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Proposed])?;
        let rejected = Self { missing, ..self.to(HandoffState::Accepted) };
        Ok(Passed { handoff: rejected, passing: Passing::ProposalRejected, moment, ticket: None })
    }

    /// The operator says it is; the work is back in-house.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless a solution was proposed.
    pub fn approve(&self, ticket: &Ticket, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Proposed])?;
        Ok(self.end(HandoffState::Approved, Passing::HandoffApproved, ticket, moment))
    }

    /// The vendor gives it back, unsolved.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless the vendor holds it.
    pub fn give_back(
        &self,
        code: ReturnCode,
        reason: String,
        ticket: &Ticket,
        moment: DateTime<Utc>,
    ) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Accepted, HandoffState::Proposed])?;
        let mut passed = self.end(HandoffState::Returned, Passing::HandoffReturned, ticket, moment);
        passed.handoff.return_code = code.number();
        passed.handoff.decline_reason = reason;
        Ok(passed)
    }

    /// The operator takes it back; the vendor's view is gone with it.
    ///
    /// # Errors
    /// [`Error::HandoffState`] once it has ended.
    pub fn recall(&self, reason: String, ticket: &Ticket, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Offered, HandoffState::Accepted, HandoffState::Proposed])?;
        let mut passed = self.end(HandoffState::Recalled, Passing::HandoffRecalled, ticket, moment);
        passed.handoff.decline_reason = reason;
        Ok(passed)
    }

    /// The vendor says no.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless it is offered.
    pub fn decline(&self, reason: String, ticket: &Ticket, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Offered])?;
        let mut passed = self.end(HandoffState::Declined, Passing::HandoffDeclined, ticket, moment);
        passed.handoff.decline_reason = reason;
        Ok(passed)
    }

    /// The vendor said nothing in time.
    ///
    /// # Errors
    /// [`Error::HandoffState`] unless it is offered.
    pub fn expire(&self, ticket: &Ticket, moment: DateTime<Utc>) -> Result<Passed, Error> {
        self.in_state(&[HandoffState::Offered])?;
        Ok(self.end(HandoffState::Expired, Passing::HandoffExpired, ticket, moment))
    }

    /// The same offer to the next vendor in rank, if there is one left.
    pub fn next(&self, id: Uuid, ticket: &Ticket, moment: DateTime<Utc>, now: DateTime<Utc>) -> Option<Passed> {
        let rank = usize::try_from(self.rank).ok()?;
        let vendor_id = *ticket.vendors(self.tier).get(rank)?;
        let handoff = Self {
            id,
            version: 1,
            vendor_id,
            state: HandoffState::Offered,
            rank: self.rank + 1,
            offered_at: moment,
            offer_expires_at: now + TimeDelta::seconds(self.offer_seconds.into()),
            ended_at: None,
            decline_reason: String::new(),
            ..self.clone()
        };
        Some(Passed {
            handoff,
            passing: Passing::HandoffOffered,
            moment,
            ticket: Some(point(ticket, Some(id), moment)),
        })
    }

    fn end(&self, state: HandoffState, passing: Passing, ticket: &Ticket, moment: DateTime<Utc>) -> Passed {
        let handoff = Self { ended_at: Some(moment), ..self.to(state) };
        Passed { handoff, passing, moment, ticket: Some(point(ticket, None, moment)) }
    }

    fn to(&self, state: HandoffState) -> Self {
        Self { state, version: self.version + 1, ..self.clone() }
    }

    fn in_state(&self, states: &[HandoffState]) -> Result<(), Error> {
        if states.contains(&self.state) { Ok(()) } else { Err(Error::HandoffState(self.state)) }
    }
}

/// Points the ticket to the hand-off that is offered now. With none it is the
/// operator's again: L1, and no longer waiting for a vendor.
fn point(ticket: &Ticket, handoff_id: Option<Uuid>, moment: DateTime<Utc>) -> Change {
    let mut after = Ticket { handoff_id, version: ticket.version + 1, updated_at: moment, ..ticket.clone() };
    let waited = ticket.reasons().contains(&WaitReason::Vendor);
    if handoff_id.is_none() {
        after.tier = Tier::L1;
        after.wait_reasons.retain(|number| *number != WaitReason::Vendor.number());
        if after.state == State::Waiting && after.wait_reasons.is_empty() {
            after.state = State::InProgress;
        }
    }
    let happening = if waited && handoff_id.is_none() { Happening::TicketResumed } else { Happening::TicketUpdated };
    Change { before: ticket.clone(), after, happening, moment }
}
