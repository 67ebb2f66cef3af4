//! Whether the database keeps the parties apart, asked of its own catalogue.

use std::fmt;

use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{Connection, Executor, Row};

use crate::Result;

/// Something that would let a party see what is not its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Stable, in capitals: one of those in `sql/flaws.sql`.
    pub reason: String,
    /// The login, table, view or function concerned.
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.reason, self.what)
    }
}

/// Every flaw of the database behind `url`, seen from the login in it. A
/// service does not start while there is one: it filters by nothing but ids,
/// so whatever the policies let through would be answered.
///
/// # Errors
/// [`crate::Error::Unavailable`] if the database is.
pub async fn flaws(url: &str) -> Result<Vec<Flaw>> {
    let mut connection = PgConnection::connect(url).await?;
    let rows = connection.fetch_all(include_str!("sql/flaws.sql")).await?;
    connection.close().await?;
    Ok(rows.iter().map(|row| Flaw { reason: row.get(0), what: row.get(1) }).collect())
}
