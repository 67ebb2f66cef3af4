//! Every way the directory says no.

use service::{Refuse, Violation, Violations};
use tonic::Code;

/// Transport-free.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules.
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// The tenant named is not there, or not the caller's.
    #[error("the tenant does not exist")]
    TenantNotFound,
    /// The site named is not there, or another tenant's.
    #[error("the site does not exist")]
    SiteNotFound,
    /// The key was taken back before.
    #[error("the key was revoked before")]
    Revoked,
    /// A seed cannot be sealed or opened.
    #[error("a signing key cannot be sealed or opened")]
    Sealing,
    /// The database says no.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Constraint(name) => match name.as_str() {
                "sites_of_a_known_tenant" | "contacts_of_a_known_tenant" => Self::TenantNotFound,
                "contacts_at_a_known_site" => Self::SiteNotFound,
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

impl Refuse for Error {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::TenantNotFound | Self::SiteNotFound => Code::NotFound,
            Self::Revoked => Code::FailedPrecondition,
            Self::Sealing => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_REQUEST",
            Self::TenantNotFound => "TENANT_NOT_FOUND",
            Self::SiteNotFound => "SITE_NOT_FOUND",
            Self::Revoked => "API_KEY_REVOKED",
            Self::Sealing => "INTERNAL",
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
