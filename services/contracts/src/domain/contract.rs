//! What was agreed with a client.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::line::{Lines, Price};
use super::seat_count;
use super::words::{ContractState, Tier};
use crate::error::Error;

/// What was agreed.
pub type Contract = Model;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// Where it stands.
    pub state: ContractState,
    /// The first day, in the tenant's zone.
    pub start_on: NaiveDate,
    /// The first day after it, if it has an end.
    pub end_on: Option<NaiveDate>,
    /// ISO 4217.
    pub currency: String,
    /// What is promised.
    pub sla_policy_id: Uuid,
    /// Outside of it work has the after-hours price.
    pub calendar_id: Uuid,
    /// The business services covered; all if none is named.
    pub services: Vec<String>,
    /// Who delivers which tier.
    #[sea_orm(column_type = "JsonBinary")]
    pub deliveries: Deliveries,
    /// What is sold.
    #[sea_orm(column_type = "JsonBinary")]
    pub lines: Lines,
    /// VAT in percent.
    pub tax_percent: Decimal,
    /// When it was made.
    pub created_at: DateTime<Utc>,
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

/// Tiers that are not named are delivered in-house.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Deliveries(pub Vec<Delivery>);

/// Who delivers one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which.
    pub tier: Tier,
    /// Best first.
    pub vendors: Vec<Uuid>,
}

/// How many seats a line is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatChange {
    /// Of which line.
    pub line: String,
    /// How many.
    pub seats: i32,
    /// The first day with that many.
    pub effective_on: NaiveDate,
}

impl Model {
    /// Whether it covers work on `service`.
    pub fn covers(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.iter().any(|covered| covered == service)
    }

    /// From here on it covers, and is billed.
    ///
    /// # Errors
    /// [`Error::ContractState`] unless it is a draft.
    pub fn activate(self) -> Result<Self, Error> {
        match self.state {
            ContractState::Draft => Ok(Self { version: self.version + 1, state: ContractState::Active, ..self }),
            state => Err(Error::ContractState(state)),
        }
    }

    /// Changes the seats of a line.
    ///
    /// # Errors
    /// [`Error::ContractState`] unless it is active, [`Error::LineNotFound`]
    /// where nothing is sold by seat, [`Error::OutsideContract`] for a day on
    /// which it is not in force.
    pub fn set_seats(self, change: SeatChange) -> Result<(Self, seat_count::Model), Error> {
        let SeatChange { line, seats, effective_on } = change;
        if self.state != ContractState::Active {
            return Err(Error::ContractState(self.state));
        }
        let sold_by_seat = |l: &&super::line::Line| l.id == line && matches!(l.price, Price::Seat { .. });
        if self.lines.0.iter().find(sold_by_seat).is_none() {
            return Err(Error::LineNotFound(line));
        }
        if effective_on < self.start_on || self.end_on.is_some_and(|end| effective_on >= end) {
            return Err(Error::OutsideContract(effective_on));
        }
        let after = Self { version: self.version + 1, ..self };
        let count = seat_count::Model {
            tenant_id: after.tenant_id,
            contract_id: after.id,
            line,
            effective_on,
            seats,
            version: after.version,
        };
        Ok((after, count))
    }
}
