//! Migrations, forward only; a job applies them, a service only checks.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::{Error, Result};

/// One step of a service's schema, in plain SQL.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Such as `0001_tickets`; steps run in the order in which they are listed.
    pub name: &'static str,
    /// Any number of statements, in one transaction.
    pub sql: &'static str,
}

/// The first step of every service: outbox, inbox, requests, dead letters and
/// the functions that put a table under its policies.
const FOUNDATION: Migration = Migration { name: "0000_foundation", sql: include_str!("sql/0000_foundation.sql") };

/// A service's login, made by [`prepare`].
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// Such as `tickets`; database and login are called `relevo_tickets`.
    pub service: &'a str,
    /// The name of its database, if it is not the usual one.
    pub database: &'a str,
    /// The login's password.
    pub password: &'a str,
}

/// Makes roles, login and database, as the superuser of `admin_url`. Doing it
/// again changes nothing but the password.
///
/// # Errors
/// [`Error::Unavailable`], or [`Error::Database`] if `admin_url` may not.
pub async fn prepare(admin_url: &str, setup: &Setup<'_>) -> Result<()> {
    let Setup { service, database, password } = setup;
    let mut connection = PgConnection::connect(admin_url).await?;
    // Two set-ups at once would trip over each other's roles.
    connection.execute("SELECT pg_advisory_lock(7290)").await?;
    connection.execute(include_str!("sql/roles.sql")).await?;
    let login = format!("relevo_{service}");
    let password = password.replace('\'', "''");
    if !exists(&mut connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", &login).await? {
        connection.execute(AssertSqlSafe(format!("CREATE ROLE {login} LOGIN NOINHERIT"))).await?;
    }
    let grants = format!(
        "ALTER ROLE {login} PASSWORD '{password}'; \
         GRANT relevo_tenant, relevo_operator, relevo_vendor, relevo_worker TO {login}"
    );
    connection.execute(AssertSqlSafe(grants)).await?;
    if !exists(&mut connection, "SELECT 1 FROM pg_database WHERE datname = $1", database).await? {
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {database} OWNER relevo_owner"))).await?;
    }
    let doors =
        format!("REVOKE CONNECT ON DATABASE {database} FROM PUBLIC; GRANT CONNECT ON DATABASE {database} TO {login}");
    connection.execute(AssertSqlSafe(doors)).await?;
    connection.execute("SELECT pg_advisory_unlock(7290)").await?;
    connection.close().await?;
    Ok(())
}

async fn exists(connection: &mut PgConnection, sql: &'static str, name: &str) -> Result<bool> {
    Ok(sqlx::query(sql).bind(name).fetch_optional(connection).await?.is_some())
}

/// Applies what is missing in `database`, each step in its own transaction.
///
/// # Errors
/// [`Error::Database`] names the step that does not apply; those before it stay.
pub async fn migrate(admin_url: &str, setup: &Setup<'_>, steps: &[Migration]) -> Result<()> {
    let options: PgConnectOptions = admin_url.parse()?;
    let mut connection = options.database(setup.database).connect().await?;
    connection
        .execute(
            "SET ROLE relevo_owner; SELECT pg_advisory_lock(7290); \
             CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()); \
             GRANT SELECT ON migrations TO relevo_worker; \
             ALTER TABLE migrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; \
             DROP POLICY IF EXISTS steps ON migrations; \
             CREATE POLICY steps ON migrations TO relevo_owner, relevo_worker USING (true)",
        )
        .await?;
    let applied = applied(&mut connection).await?;
    for step in std::iter::once(&FOUNDATION).chain(steps) {
        if applied.iter().any(|name| name == step.name) {
            continue;
        }
        let mut tx = connection.begin().await?;
        tx.execute(step.sql).await.map_err(|error| in_step(step, &error))?;
        sqlx::query("INSERT INTO migrations (name) VALUES ($1)").bind(step.name).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    connection.close().await?;
    Ok(())
}

/// Says which steps are missing from the database behind `url`.
///
/// # Errors
/// [`Error::Unavailable`], or [`Error::Database`] where [`prepare`] never was.
pub async fn check(url: &str, steps: &[Migration]) -> Result<Vec<&'static str>> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute("SET ROLE relevo_worker").await?;
    let applied = applied(&mut connection).await?;
    connection.close().await?;
    let known = std::iter::once(&FOUNDATION).chain(steps).map(|step| step.name);
    Ok(known.filter(|name| !applied.iter().any(|a| a == name)).collect())
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<String>> {
    let rows = connection.fetch_all("SELECT name FROM migrations").await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn in_step(step: &Migration, error: &sqlx::Error) -> Error {
    Error::Database(sea_orm::DbErr::Migration(format!("{}: {error}", step.name)))
}
