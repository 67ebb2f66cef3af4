//! Every way billing says no.

use money::MoneyError;
use service::{Refuse, Violation, Violations};
use tonic::Code;

use crate::domain::civil::Month;
use crate::domain::rating::Unratable;

/// Transport-free.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules.
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// The tenant named is not there, or not the caller's.
    #[error("the tenant does not exist")]
    TenantNotFound,
    /// Its last day is not over where the client is.
    #[error("{month} is not over in {zone}")]
    MonthNotOver {
        /// Which.
        month: Month,
        /// The client's.
        zone: String,
    },
    /// A later month was finalised; what comes for this one is billed there.
    #[error("a month after {month} was finalised: what comes late is billed with the next")]
    MonthClosed {
        /// Which.
        month: Month,
    },
    /// It has its number and stays as it is.
    #[error("the invoice was finalised before")]
    Finalized,
    /// Something stands in the way.
    #[error("the invoice is parked: {reasons}")]
    Parked {
        /// What.
        reasons: String,
    },
    /// An invoice of nothing gets no number.
    #[error("the invoice has no lines")]
    NothingToBill,
    /// Another invoice was faster: close the month again.
    #[error("another invoice has billed one of its facts; close the month again")]
    FactBilled,
    /// Another invoice was faster: close the month again.
    #[error("another invoice has billed one of its days; close the month again")]
    PeriodBilled,
    /// No invoice has such amounts.
    #[error("an amount is out of bounds")]
    AmountOutOfBounds,
    /// Margins of several currencies have no sum.
    #[error("the month has several currencies: name a tenant")]
    SeveralCurrencies,
    /// Somebody told the same fact at the same moment.
    #[error("the same fact is being told by somebody else; try again")]
    FactRaced,
    /// Nobody disputes that fact.
    #[error("the fact is not disputed")]
    NotDisputed,
    /// An announcement or a row that does not say what it must.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The database says no.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Constraint(name) => match name.as_str() {
                "claims_once" => Self::FactBilled,
                "service_periods_once" => Self::PeriodBilled,
                "invoices_stay" => Self::Finalized,
                _ => Self::Store(error),
            },
            _ => Self::Store(error),
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        store::Error::from(error).into()
    }
}

impl From<MoneyError> for Error {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::OutOfRange => Self::AmountOutOfBounds,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl From<Unratable> for Error {
    fn from(error: Unratable) -> Self {
        match error {
            Unratable::Amount(error) => error.into(),
            Unratable::Calendar(_) => Self::Unreadable(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl Refuse for Error {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::TenantNotFound => Code::NotFound,
            Self::MonthNotOver { .. }
            | Self::MonthClosed { .. }
            | Self::Finalized
            | Self::Parked { .. }
            | Self::NothingToBill
            | Self::AmountOutOfBounds
            | Self::SeveralCurrencies
            | Self::NotDisputed => Code::FailedPrecondition,
            Self::FactBilled | Self::PeriodBilled | Self::FactRaced => Code::Aborted,
            Self::Unreadable(_) => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_REQUEST",
            Self::TenantNotFound => "TENANT_NOT_FOUND",
            Self::MonthNotOver { .. } => "MONTH_NOT_OVER",
            Self::MonthClosed { .. } => "MONTH_CLOSED",
            Self::Finalized => "INVOICE_FINALIZED",
            Self::Parked { .. } => "INVOICE_PARKED",
            Self::NothingToBill => "NOTHING_TO_BILL",
            Self::FactBilled => "FACT_BILLED",
            Self::PeriodBilled => "PERIOD_BILLED",
            Self::AmountOutOfBounds => "AMOUNT_OUT_OF_BOUNDS",
            Self::SeveralCurrencies => "SEVERAL_CURRENCIES",
            Self::FactRaced => "FACT_RACED",
            Self::NotDisputed => "FACT_NOT_DISPUTED",
            Self::Unreadable(_) => "INTERNAL",
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
