//! The environment of the services: addresses, logins and secrets, made once and kept.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use servers::{Kind, Notes, Server, Servers, free_port, secret, write_private};

use crate::base64;
use crate::stop::Stop;

/// The services that have a database and a stream.
const SERVICES: [&str; 5] = ["directory", "contracts", "tickets", "dispatch", "billing"];

/// Everything that listens, and the port it likes best.
const LISTENERS: [(&str, Option<u16>); 7] = [
    ("directory", None),
    ("contracts", None),
    ("tickets", None),
    ("dispatch", None),
    ("billing", None),
    ("gateway", Some(8080)),
    (ADMIN, None),
];

/// Health and metrics of the whole process. Nobody calls it through the platform.
const ADMIN: &str = "admin";

/// What the programs of the workspace are told.
#[derive(Debug)]
pub struct Environment {
    /// For services and for the `relevo` command.
    pub services: BTreeMap<String, String>,
    /// The administrators' logins, for setting up: no service has them.
    pub administration: BTreeMap<String, String>,
}

impl Environment {
    /// Puts the environment together from the running servers, and what earlier runs kept in
    /// `dir`, and writes it to `dir/env` for a shell to `source`.
    pub fn of(servers: &Servers, dir: &Path) -> Result<Environment, Stop> {
        let mut ports = Notes::open(&dir.join("ports"))?;
        let mut secrets = Notes::open(&dir.join("secrets"))?;
        let mut services = BTreeMap::new();
        for service in SERVICES {
            let password = secrets.password(&variable(service, "DATABASE_PASSWORD"))?;
            let database = database_url(&servers.postgres.url, service, &password);
            services.insert(variable(service, "DATABASE_URL"), database);
            services.insert(variable(service, "NATS_URL"), servers.nats.url_for(service));
        }
        for (listener, preferred) in LISTENERS {
            let port = port(&mut ports, listener, preferred)?;
            services.insert(variable(listener, "LISTEN"), format!("127.0.0.1:{port}"));
            services.insert(variable(listener, "URL"), format!("http://127.0.0.1:{port}"));
        }
        services.insert("RELEVO_REDIS_URL".to_owned(), servers.redis.url.clone());
        for (name, make) in SECRETS {
            services.insert(name.to_owned(), secrets.once(name, make)?);
        }
        let administration =
            [("RELEVO_ADMIN_DATABASE_URL", &servers.postgres), ("RELEVO_ADMIN_NATS_URL", &servers.nats)];
        let login = |(name, server): (&str, &Server)| (name.to_owned(), server.url.clone());
        let administration = administration.map(login).into();
        let environment = Environment { services, administration };
        write_private(&dir.join("env"), &environment.exports())?;
        Ok(environment)
    }

    /// As lines of a shell script. The address of Redis stands there as a comment only: from
    /// a shell that has it, the next `cargo xtask` would take it for a server to be used as it
    /// is, and start none.
    fn exports(&self) -> String {
        let all = self.services.iter().chain(&self.administration);
        let line = |(name, value): (&String, &String)| {
            let mark = if *name == Kind::Redis.url_variable() { "# " } else { "" };
            format!("{mark}export {name}='{}'\n", value.replace('\'', r"'\''"))
        };
        all.map(line).collect()
    }
}

type Make = fn() -> io::Result<String>;

/// What is made once: the seed of the key that signs internal tokens, the key that seals
/// secrets in the directory's database, and the first administrator's API key.
const SECRETS: [(&str, Make); 3] =
    [("RELEVO_INTERNAL_KEY", key), ("RELEVO_DIRECTORY_SEALING_KEY", key), ("RELEVO_BOOTSTRAP_KEY", api_key)];

fn key() -> io::Result<String> {
    Ok(base64::standard(&secret::bytes::<32>()?))
}

fn api_key() -> io::Result<String> {
    Ok(format!("rlv_{}", base64::url_safe(&secret::bytes::<32>()?)))
}

fn variable(service: &str, what: &str) -> String {
    format!("RELEVO_{}_{what}", service.to_uppercase())
}

/// The port of the last run, at first `preferred`, or any that is free.
fn port(ports: &mut Notes, listener: &str, preferred: Option<u16>) -> Result<u16, Stop> {
    let port = free_port(ports.get(listener).or(preferred))
        .map_err(|error| Stop::Failed(format!("finding a port for {listener}: {error}")))?;
    ports.set(listener, &port.to_string())?;
    Ok(port)
}

/// The administrator's address with the service's login and database in place of his.
fn database_url(admin: &str, service: &str, password: &str) -> String {
    let (scheme, rest) = admin.split_once("://").unwrap_or(("postgres", admin));
    let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
    let (address, query) = match address.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (address, String::new()),
    };
    let host = address.split('/').next().unwrap_or(address);
    format!("{scheme}://relevo_{service}:{password}@{host}/relevo_{service}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_keeps_host_and_query() {
        let url = |admin| database_url(admin, "tickets", "r1");
        assert_eq!(
            url("postgres://postgres:a@127.0.0.1:5432/postgres"),
            "postgres://relevo_tickets:r1@127.0.0.1:5432/relevo_tickets"
        );
        assert_eq!(
            url("postgresql://db.example?sslmode=require"),
            "postgresql://relevo_tickets:r1@db.example/relevo_tickets?sslmode=require"
        );
    }

    #[test]
    fn a_value_with_a_quote_survives_the_shell() {
        let environment = Environment {
            services: BTreeMap::from([("A".to_owned(), "it's".to_owned())]),
            administration: BTreeMap::new(),
        };
        let script = format!("{}printf %s \"$A\"", environment.exports());
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(output.stdout, b"it's");
    }
}
