//! Every way the tickets service says no.

use service::{Refuse, Violation, Violations};
use tonic::Code;

use crate::domain::words::{HandoffState, State, Tier};

/// Transport-free.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules.
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// Not in this state.
    #[error("a ticket that is {0:?} does not allow this")]
    State(State),
    /// Closed for too long.
    #[error("the ticket was closed more than 30 days ago; report a new one")]
    ReopenWindow,
    /// A vendor has it, or is asked.
    #[error("the ticket is offered to a vendor or held by one; recall or approve the hand-off first")]
    HandoffActive,
    /// Nobody knows where to go.
    #[error("the ticket has no site to visit")]
    SiteMissing,
    /// L2 would start over.
    #[error("a hand-off needs a package of what was tried, or an emergency_reason")]
    PackageMissing,
    /// The contract names no vendor for the tier.
    #[error("the ticket's contract names no vendor for {0:?}")]
    NoVendor(Tier),
    /// Not in this state of the hand-off.
    #[error("a hand-off that is {0:?} does not allow this")]
    HandoffState(HandoffState),
    /// Too late.
    #[error("the offer has expired")]
    OfferExpired,
    /// It is a fact.
    #[error("the time entry is approved; correct it with another")]
    Approved,
    /// The contact named is not there, or another tenant's.
    #[error("the contact does not exist")]
    ContactNotFound,
    /// The site named is not there, or another tenant's.
    #[error("the site does not exist")]
    SiteNotFound,
    /// The directory does not answer.
    #[error("the directory: {0}")]
    Directory(tonic::Status),
    /// The database says no.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Constraint(name) if name == "handoffs_one_holder" => Self::HandoffActive,
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
            Self::ContactNotFound | Self::SiteNotFound => Code::NotFound,
            Self::Directory(_) => Code::Unavailable,
            Self::Store(error) => error.code(),
            _ => Code::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_REQUEST",
            Self::State(_) => "TICKET_STATE",
            Self::ReopenWindow => "REOPEN_WINDOW",
            Self::HandoffActive => "HANDOFF_ACTIVE",
            Self::SiteMissing => "SITE_MISSING",
            Self::PackageMissing => "PACKAGE_MISSING",
            Self::NoVendor(_) => "NO_VENDOR",
            Self::HandoffState(_) => "HANDOFF_STATE",
            Self::OfferExpired => "OFFER_EXPIRED",
            Self::Approved => "TIME_ENTRY_APPROVED",
            Self::ContactNotFound => "CONTACT_NOT_FOUND",
            Self::SiteNotFound => "SITE_NOT_FOUND",
            Self::Directory(_) => "DIRECTORY_UNAVAILABLE",
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
