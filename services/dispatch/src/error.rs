//! Every way dispatch says no.

use chrono::{DateTime, Utc};
use sea_orm::ActiveEnum;
use service::{Refuse, Violation, Violations};
use tonic::Code;

use crate::domain::state::{State, Step};

/// Transport-free.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request breaks rules.
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// The step is not in the table for where the visit stands.
    #[error("the visit is {}: it cannot be {}", state.to_value(), step.text())]
    WrongState {
        /// Where it stands.
        state: State,
        /// What was wanted.
        step: Step,
    },
    /// It would have happened before what led to it.
    #[error("it cannot have happened before the step that led to it, which was at {last:?}")]
    TooEarly {
        /// When that was.
        last: DateTime<Utc>,
    },
    /// A technician's token, and another technician's visit.
    #[error("the visit is another technician's")]
    NotYourVisit,
    /// The technician named is not there.
    #[error("the technician does not exist")]
    TechnicianNotFound,
    /// These skills.
    #[error("the technician lacks: {0}")]
    SkillMissing(String),
    /// Outside the technician's working hours.
    #[error("{minutes} minutes of the visit lie outside the technician's working hours")]
    NotWorking {
        /// So much of it.
        minutes: i64,
    },
    /// A technician has one body.
    #[error("the technician is at another visit at that time")]
    TechnicianBusy,
    /// That member of the staff is a technician already.
    #[error("the staff member is a technician already")]
    TechnicianExists,
    /// The directory has not told of this site yet.
    #[error("the site is not known here yet")]
    SiteUnknown,
    /// An event lacks what it cannot be taken in without.
    #[error("the event cannot be taken in: {0}")]
    Event(Violations),
    /// A zone that was accepted elsewhere is not in our tables.
    #[error("there is no time zone {0}")]
    Zone(String),
    /// Hours that were checked when they were given do not hold any more.
    #[error("working hours do not hold: {0:?}")]
    Hours(Vec<calendar::Violation>),
    /// The database says no.
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Constraint(name) => match name.as_str() {
                "visits_one_place_at_a_time" => Self::TechnicianBusy,
                "technicians_are_one_per_staff" => Self::TechnicianExists,
                "visits_at_a_known_site" => Self::SiteUnknown,
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
            Self::WrongState { .. } | Self::TooEarly { .. } => Code::FailedPrecondition,
            Self::SkillMissing(_) | Self::NotWorking { .. } => Code::FailedPrecondition,
            Self::TechnicianBusy | Self::SiteUnknown => Code::FailedPrecondition,
            Self::NotYourVisit => Code::PermissionDenied,
            Self::TechnicianNotFound => Code::NotFound,
            Self::TechnicianExists => Code::AlreadyExists,
            Self::Event(_) | Self::Zone(_) | Self::Hours(_) => Code::Internal,
            Self::Store(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_REQUEST",
            Self::WrongState { .. } => "WRONG_STATE",
            Self::TooEarly { .. } => "BEFORE_PREVIOUS_STEP",
            Self::NotYourVisit => "NOT_YOUR_VISIT",
            Self::TechnicianNotFound => "TECHNICIAN_NOT_FOUND",
            Self::SkillMissing(_) => "SKILL_MISSING",
            Self::NotWorking { .. } => "NOT_WORKING",
            Self::TechnicianBusy => "TECHNICIAN_BUSY",
            Self::TechnicianExists => "TECHNICIAN_EXISTS",
            Self::SiteUnknown => "SITE_UNKNOWN",
            Self::Event(_) | Self::Zone(_) | Self::Hours(_) => "INTERNAL",
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
