//! Every way the contracts service says no.

use chrono::NaiveDate;
use service::{Refuse, Violation, Violations};
use tonic::Code;

use crate::domain::words::ContractState;

/// Transport-free.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules.
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// The tenant is not there; or is so new that the directory's word of it
    /// is still on its way.
    #[error("the tenant does not exist, or was made a moment ago: try again")]
    TenantNotFound,
    /// Not in that state of the contract.
    #[error("the contract is {}", .0.text())]
    ContractState(ContractState),
    /// Nothing of that name is sold by seat.
    #[error("the contract has no line {0} that is sold by seat")]
    LineNotFound(String),
    /// The contract is not in force on that day.
    #[error("the contract is not in force on {0}")]
    OutsideContract(NaiveDate),
    /// A ticket was heard of before its tenant was: it will be.
    #[error("the tenant of the ticket is not known yet")]
    TenantUnknownYet,
    /// An event that makes no sense here.
    #[error("the event has no {0}")]
    Unreadable(&'static str),
    /// What is kept can no longer be read.
    #[error("{0} can no longer be read")]
    Corrupt(String),
    /// The database says no.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Constraint(name) if name == "contracts_of_a_known_tenant" => Self::TenantNotFound,
            _ => Self::Store(error),
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        store::Error::from(error).into()
    }
}

impl Refuse for Error {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::TenantNotFound | Self::LineNotFound(_) => Code::NotFound,
            Self::ContractState(_) | Self::OutsideContract(_) => Code::FailedPrecondition,
            Self::TenantUnknownYet => Code::Unavailable,
            Self::Unreadable(_) | Self::Corrupt(_) => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_REQUEST",
            Self::TenantNotFound => "TENANT_NOT_FOUND",
            Self::ContractState(ContractState::Active) => "CONTRACT_ACTIVE",
            Self::ContractState(_) => "CONTRACT_NOT_ACTIVE",
            Self::LineNotFound(_) => "LINE_NOT_FOUND",
            Self::OutsideContract(_) => "OUTSIDE_CONTRACT",
            Self::TenantUnknownYet => "TENANT_UNKNOWN_YET",
            Self::Unreadable(_) | Self::Corrupt(_) => "INTERNAL",
            Self::Store(error) => error.reason(),
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(violations) => &violations.0,
            _ => &[],
        }
    }
}
