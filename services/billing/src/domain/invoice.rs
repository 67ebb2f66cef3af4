//! An invoice: recomputed as long as it is a draft, for ever the same once it
//! has its number.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use super::chain::Place;
use super::closing::Draft;
use super::document::Document;
use crate::error::Error;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// May be finalised, and computed again.
    #[sea_orm(string_value = "DRAFT")]
    Draft,
    /// Something stands in the way.
    #[sea_orm(string_value = "PARKED")]
    Parked,
    /// Stays as it is.
    #[sea_orm(string_value = "FINALIZED")]
    Finalized,
}

/// One tenant's month.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// The first day of its month.
    pub month_on: NaiveDate,
    /// How far it is.
    pub state: State,
    /// ISO 4217.
    pub currency: String,
    /// In its smallest unit.
    pub net_minor: i64,
    /// In its smallest unit.
    pub tax_minor: i64,
    /// In its smallest unit.
    pub total_minor: i64,
    /// A [`Document`], as it is hashed.
    pub document: String,
    /// Of a parked one.
    pub park_reasons: Vec<String>,
    /// Of a finalised one.
    pub number: Option<String>,
    /// Of a finalised one.
    pub finalized_at: Option<DateTime<Utc>>,
    /// Of a finalised one.
    pub content_hash: Option<String>,
    /// Of a finalised one; empty for the first of its series.
    pub previous_hash: Option<String>,
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

impl Model {
    /// The first draft of a month.
    ///
    /// # Errors
    /// [`Error::Unreadable`] never, as documents go.
    pub fn draft(tenant_id: Uuid, id: Uuid, draft: &Draft) -> Result<Self, Error> {
        let Draft { document, costs: _, park_reasons } = draft;
        Ok(Self {
            tenant_id,
            id,
            version: 1,
            month_on: document.month.first(),
            state: if park_reasons.is_empty() { State::Draft } else { State::Parked },
            currency: document.currency.code().to_owned(),
            net_minor: document.net_minor,
            tax_minor: document.tax_minor,
            total_minor: document.total_minor,
            document: serde_json::to_string(document)?,
            park_reasons: park_reasons.clone(),
            number: None,
            finalized_at: None,
            content_hash: None,
            previous_hash: None,
        })
    }

    /// What it is after its month was computed again; none if that changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Model::draft`].
    pub fn redraft(&self, draft: &Draft) -> Result<Option<Self>, Error> {
        let same = Self { version: self.version, ..Self::draft(self.tenant_id, self.id, draft)? };
        Ok((same != *self).then_some(Self { version: self.version + 1, ..same }))
    }

    /// Whether it may be finalised.
    ///
    /// # Errors
    /// [`Error::Finalized`], [`Error::Parked`], [`Error::NothingToBill`].
    pub fn expect_ready(&self) -> Result<Document, Error> {
        match self.state {
            State::Finalized => return Err(Error::Finalized),
            State::Parked => return Err(Error::Parked { reasons: self.park_reasons.join("; ") }),
            State::Draft => {}
        }
        let document = self.read()?;
        if document.charges.is_empty() { Err(Error::NothingToBill) } else { Ok(document) }
    }

    /// Numbered, chained, and never changed again.
    #[must_use]
    pub fn finalize(self, place: Place, moment: DateTime<Utc>) -> Self {
        Self {
            version: self.version + 1,
            state: State::Finalized,
            content_hash: Some(place.hash(moment, &self.document)),
            finalized_at: Some(moment),
            number: Some(place.number),
            previous_hash: Some(place.previous_hash),
            ..self
        }
    }

    /// What stands on it.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if somebody else wrote it.
    pub fn read(&self) -> Result<Document, Error> {
        Ok(serde_json::from_str(&self.document)?)
    }
}
