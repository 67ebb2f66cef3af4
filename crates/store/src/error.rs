//! Everything that can go wrong between a service and its database.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// The result of every function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Transport-free; a service maps [`Error::Constraint`] by name to what it
/// means there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not the caller's: the same answer.
    #[error("not found")]
    NotFound,
    /// The row has changed since the caller read it.
    #[error("the row has changed since it was read")]
    Stale,
    /// A page token that this platform did not give out.
    #[error("page_token is not one of ours")]
    PageToken,
    /// A rule that the database holds, by the name it was given there.
    #[error("constraint {0} does not hold")]
    Constraint(String),
    /// A value that no column can hold, such as a text with a NUL in it or an
    /// instant before the calendar begins.
    #[error("a value cannot be kept: {0}")]
    Value(String),
    /// The request id was already used, by this subject, for something else.
    #[error("request_id was used before with another request")]
    RequestIdReused,
    /// The same request was answered before; this is the answer.
    #[error("answered before")]
    Answered(Vec<u8>),
    /// The database cannot be reached, or gave up on the transaction.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A mistake of ours.
    #[error("database: {0}")]
    Database(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let runtime = match &error {
            DbErr::Conn(e) | DbErr::Exec(e) | DbErr::Query(e) => e,
            DbErr::ConnectionAcquire(_) => return Self::Unavailable(error.to_string()),
            DbErr::RecordNotFound(_) => return Self::NotFound,
            _ => return Self::Database(error),
        };
        match runtime {
            RuntimeErr::SqlxError(e) => of_sqlx(e).unwrap_or(Self::Database(error)),
            RuntimeErr::Internal(_) => Self::Database(error),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        of_sqlx(&error).unwrap_or_else(|| Self::Database(DbErr::Custom(error.to_string())))
    }
}

fn of_sqlx(error: &sqlx::Error) -> Option<Error> {
    use sqlx::Error as E;
    match error {
        E::Database(e) => {
            if let Some(name) = e.constraint() {
                return Some(Error::Constraint(name.to_owned()));
            }
            // What the caller sent does not fit: too long, too large, outside
            // the calendar, not UTF-8, no JSON (class 22, data exception).
            let code = e.code()?;
            if ["22001", "22003", "22008", "22021", "22P05"].contains(&code.as_ref()) {
                return Some(Error::Value(e.message().to_owned()));
            }
            // Classes 08 (connection), 40 (rollback), 53 (resources) and 57
            // (operator intervention) pass; the caller may try again.
            let passing = ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class));
            passing.then(|| Error::Unavailable(e.to_string()))
        }
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Protocol(_) | E::BeginFailed => {
            Some(Error::Unavailable(error.to_string()))
        }
        _ => None,
    }
}
