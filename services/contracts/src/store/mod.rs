//! How the contracts service keeps what is true: the only SQL.

pub mod clocks;
pub mod contracts;
pub mod shelf;
pub mod tickets;

use sea_orm::{DbBackend, Statement, Value};

fn sql(text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, text, values)
}
