//! Somebody goes there.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::entity::prelude::*;

use crate::domain::state::{State, Step};
use crate::domain::technician;
use crate::error::Error;

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visits")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Chosen by whoever asked for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// Why somebody goes.
    pub ticket_id: Uuid,
    /// Where to.
    pub site_id: Uuid,
    /// What covers the ticket, if that was decided.
    pub contract_id: Option<Uuid>,
    /// What for, in words.
    pub purpose: String,
    /// On site.
    pub duration_minutes: i32,
    /// All of which the technician must have.
    pub skills: Vec<String>,
    /// The ticket's.
    pub priority: Priority,
    /// Where it stands.
    pub state: State,
    /// Who goes.
    pub technician_id: Option<Uuid>,
    /// Planned beginning of the work on site.
    pub start_at: Option<DateTime<Utc>>,
    /// Planned end of it.
    pub end_at: Option<DateTime<Utc>>,
    /// Who goes, as the client was told last.
    pub promised_technician_id: Option<Uuid>,
    /// When, as the client was told last.
    pub promised_start_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When the client was told last.
    pub published_at: Option<DateTime<Utc>>,
    /// When the technician set out.
    pub travelled_at: Option<DateTime<Utc>>,
    /// When the technician was there.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When the work was done, or given up before a closed door.
    pub completed_at: Option<DateTime<Utc>>,
    /// What was done, or why not; empty before.
    pub outcome: String,
}

/// P1 is the most urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "they name themselves")]
pub enum Priority {
    P1,
    P2,
    P3,
    P4,
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

/// What the others are told of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Client and technician may rely on it.
    Published,
    /// On the way.
    Travelling,
    /// On site.
    Arrived,
    /// Done.
    Completed,
    /// Nobody opened.
    NotAccessible,
    /// Nobody goes.
    Cancelled,
}

/// What a rule makes of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it now is.
    pub row: Model,
    /// What is told, if anything.
    pub news: Option<News>,
}

impl Model {
    /// Drafts it into a technician's day; the client hears of it when the day
    /// is published.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::SkillMissing`], [`Error::NotWorking`].
    pub fn plan(self, technician: &technician::Model, start: DateTime<Utc>) -> Result<Change, Error> {
        let mut row = self.step(Step::Plan)?;
        let end = start + row.duration();
        technician.may_work(&row.skills, start, end)?;
        row.technician_id = Some(technician.id);
        (row.start_at, row.end_at) = (Some(start), Some(end));
        Ok(Change { row, news: None })
    }

    /// Promises the plan to the client. It is news only if the client was not
    /// told the very same before.
    ///
    /// # Errors
    /// [`Error::WrongState`].
    pub fn publish(self, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut row = self.step(Step::Publish)?;
        if (row.promised_technician_id, row.promised_start_at) == (row.technician_id, row.start_at) {
            return Ok(Change { row, news: None });
        }
        (row.promised_technician_id, row.promised_start_at) = (row.technician_id, row.start_at);
        row.published_at = Some(moment);
        Ok(Change { row, news: Some(News::Published) })
    }

    /// The technician sets out.
    ///
    /// # Errors
    /// [`Error::WrongState`].
    pub fn travel(self, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut row = self.step(Step::Travel)?;
        row.travelled_at = Some(moment);
        Ok(Change { row, news: Some(News::Travelling) })
    }

    /// The technician is there.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::TooEarly`].
    pub fn arrive(self, moment: DateTime<Utc>) -> Result<Change, Error> {
        let mut row = self.step(Step::Arrive)?;
        row.not_before(moment, row.travelled_at)?;
        row.arrived_at = Some(moment);
        Ok(Change { row, news: Some(News::Arrived) })
    }

    /// The work is done.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::TooEarly`].
    pub fn complete(self, outcome: String, moment: DateTime<Utc>) -> Result<Change, Error> {
        self.step(Step::Complete)?.end(outcome, moment, News::Completed)
    }

    /// The technician stands before a closed door.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::TooEarly`].
    pub fn give_up(self, outcome: String, moment: DateTime<Utc>) -> Result<Change, Error> {
        self.step(Step::GiveUp)?.end(outcome, moment, News::NotAccessible)
    }

    /// Nobody goes. The technician is free again.
    ///
    /// # Errors
    /// [`Error::WrongState`].
    pub fn cancel(self, reason: String) -> Result<Change, Error> {
        let mut row = self.step(Step::Cancel)?;
        row.outcome = reason;
        Ok(Change { row, news: Some(News::Cancelled) })
    }

    /// As the client knows it: a draft is nobody's business before it is
    /// published, and what was promised stands until then.
    #[must_use]
    pub fn known_to_client(mut self) -> Self {
        if self.state == State::Planned {
            self.state = if self.promised_start_at.is_some() { State::Promised } else { State::Requested };
            self.technician_id = self.promised_technician_id;
            self.start_at = self.promised_start_at;
            self.end_at = self.start_at.map(|start| start + self.duration());
        }
        self
    }

    /// On site.
    pub fn duration(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.duration_minutes))
    }

    fn end(mut self, outcome: String, moment: DateTime<Utc>, news: News) -> Result<Change, Error> {
        self.not_before(moment, self.arrived_at.or(self.travelled_at))?;
        self.completed_at = Some(moment);
        self.outcome = outcome;
        Ok(Change { row: self, news: Some(news) })
    }

    fn step(self, step: Step) -> Result<Self, Error> {
        Ok(Self { state: self.state.after(step)?, version: self.version + 1, ..self })
    }

    /// Steps are billed by the time between them.
    fn not_before(&self, moment: DateTime<Utc>, last: Option<DateTime<Utc>>) -> Result<(), Error> {
        match last {
            Some(last) if moment < last => Err(Error::TooEarly { last }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "visit_tests.rs"]
pub mod tests;
