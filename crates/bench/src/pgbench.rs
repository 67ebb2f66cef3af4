//! The limit: pgbench, running the SQL of a request and nothing else.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// Transactions per second of `script` against `url`, from `clients`.
///
/// # Errors
/// If pgbench is not there, or a statement fails.
pub async fn run(url: &str, script: &str, clients: usize, length: Duration) -> Result<f64> {
    let file = std::env::temp_dir().join(format!("relevo-bench-{}.sql", std::process::id()));
    std::fs::write(&file, script)?;
    let mut command = Command::new(program()?);
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=1"]);
    command.arg(format!("--client={clients}")).arg(format!("--time={}", length.as_secs()));
    command.arg(format!("--file={}", file.display())).arg(url);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let line = text.lines().find(|line| line.starts_with("tps = ")).context("pgbench said no tps")?;
    Ok(line.trim_start_matches("tps = ").split(' ').next().unwrap_or_default().parse()?)
}

/// Makes the sequence that stands for ticket numbers.
///
/// # Errors
/// If the administrator's login may not.
pub async fn prepare(admin: &str, url: &str) -> Result<()> {
    let sql = "CREATE SEQUENCE IF NOT EXISTS pgbench_number; GRANT USAGE ON SEQUENCE pgbench_number TO relevo_tenant";
    psql(admin, url, &[sql]).await?;
    Ok(())
}

/// Runs `statements` as the administrator in the database of `url`, each in a
/// transaction of its own, and says what the last one answered.
///
/// # Errors
/// If one fails.
pub async fn psql(admin: &str, url: &str, statements: &[&str]) -> Result<String> {
    let database = url.rsplit('/').next().unwrap_or_default();
    let (server, _) = admin.rsplit_once('/').context("a database in the URL")?;
    let psql = program()?.with_file_name("psql");
    let mut command = Command::new(psql);
    command.args(["--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]);
    for statement in statements {
        command.arg("--command").arg(statement);
    }
    command.arg(format!("{server}/{database}"));
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(answer.lines().last().unwrap_or_default().to_owned())
}

/// On the path, or beside the newest Postgres.
fn program() -> Result<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = std::env::split_paths(&places).map(|dir| dir.join("pgbench")).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = versions.map(|version| version.path().join("bin/pgbench")).collect();
    installed.sort();
    found.splice(0..0, installed.into_iter().rev());
    found.into_iter().find(|path| path.exists()).context("pgbench is not installed; it comes with PostgreSQL")
}
