//! How billing keeps what is true: the only SQL.

pub mod announced;
pub mod books;
pub mod facts;
pub mod invoices;
pub mod margin;
pub mod posting;
#[cfg(test)]
mod tests;

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, Statement, Value};

fn sql(text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, text, values)
}

/// A column of a batch that may have gaps, as text: sqlx takes no array with a
/// NULL in it. The statement reads it with `NULLIF(…, '')`.
fn gaps<T: ToString>(items: impl IntoIterator<Item = Option<T>>) -> Value {
    column(ArrayType::String, items.into_iter().map(|item| item.map_or_else(String::new, |item| item.to_string())))
}

/// One array parameter: a column of a batch.
fn column<T: Into<Value>>(kind: ArrayType, items: impl IntoIterator<Item = T>) -> Value {
    Value::Array(kind, Some(Box::new(items.into_iter().map(Into::into).collect())))
}
