//! What a contract says of one ticket, decided once, at intake.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use super::contract::{Contract, Deliveries};
use super::words::{ContractState, Decision, Priority};

/// One decision.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "entitlements")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Of which ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    /// What was decided.
    pub decision: Decision,
    /// Under which contract, if any.
    pub contract_id: Option<Uuid>,
    /// What that contract promises: the ticket keeps it, whatever comes.
    pub sla_policy_id: Option<Uuid>,
    /// In one sentence, for people.
    pub reason: String,
    /// Who delivers which tier.
    #[sea_orm(column_type = "JsonBinary")]
    pub deliveries: Deliveries,
    /// When.
    pub decided_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// What is asked of the contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Whose ticket.
    pub tenant_id: Uuid,
    /// Which.
    pub ticket_id: Uuid,
    /// How urgent.
    pub priority: Priority,
    /// The business service concerned, or empty.
    pub service: String,
    /// When it was reported, in the tenant's zone.
    pub opened_on: NaiveDate,
}

/// Decides a case by the tenant's `contracts`. A contract that names the
/// service goes before one that covers all; then the one that began last. A P1
/// is never blocked: for want of a contract that covers it, any active one
/// does, and without any somebody approves it while work goes on.
pub fn decide(case: &Case, contracts: &[Contract], now: DateTime<Utc>) -> Model {
    let in_force = |contract: &&Contract| {
        contract.state == ContractState::Active
            && contract.start_on <= case.opened_on
            && contract.end_on.is_none_or(|end| case.opened_on < end)
    };
    let active: Vec<&Contract> = contracts.iter().filter(in_force).collect();
    let rank = |contract: &&&Contract| (!contract.services.is_empty(), contract.start_on, contract.id);
    let covering = active.iter().filter(|contract| contract.covers(&case.service)).max_by_key(rank);
    let (decision, contract, reason) = match (covering, active.iter().max_by_key(rank), case.priority) {
        (Some(contract), _, _) => (Decision::Covered, Some(*contract), format!("{} covers it", contract.display_name)),
        (None, Some(contract), Priority::P1) => {
            let reason = format!("{} does not name the service, but a P1 is never blocked", contract.display_name);
            (Decision::Covered, Some(*contract), reason)
        }
        (None, None, Priority::P1) => {
            let reason = "no contract is active, but a P1 is never blocked: it is approved while work goes on";
            (Decision::NeedsApproval, None, reason.to_owned())
        }
        (None, Some(_), _) => {
            let reason = format!("no active contract covers the service {}", case.service);
            (Decision::OutOfScope, None, reason)
        }
        (None, None, _) => {
            let reason = format!("no contract is active on {}", case.opened_on);
            (Decision::OutOfScope, None, reason)
        }
    };
    Model {
        tenant_id: case.tenant_id,
        ticket_id: case.ticket_id,
        decision,
        contract_id: contract.map(|contract| contract.id),
        sla_policy_id: contract.map(|contract| contract.sla_policy_id),
        reason,
        deliveries: contract.map(|contract| contract.deliveries.clone()).unwrap_or_default(),
        decided_at: now,
    }
}

#[cfg(test)]
#[path = "entitlement_tests.rs"]
mod tests;
