//! The three servers: their names, programs and images.

use crate::{nats, postgres, redis};

/// One of the three servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// NATS with JetStream.
    Nats,
    /// Redis, or Valkey.
    Redis,
}

impl Kind {
    /// Every kind, in the order in which they stop.
    pub const ALL: [Kind; 3] = [Kind::Redis, Kind::Nats, Kind::Postgres];

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Postgres => "PostgreSQL",
            Kind::Nats => "NATS",
            Kind::Redis => "Redis",
        }
    }

    /// The name of its folder and of its log.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Postgres => "postgres",
            Kind::Nats => "nats",
            Kind::Redis => "redis",
        }
    }

    /// The variable that gives the address of a server to be used as it is.
    pub fn url_variable(self) -> String {
        format!("RELEVO_{}_URL", self.folder().to_uppercase())
    }

    /// The variable that gives the path of the server's program.
    pub fn program_variable(self) -> String {
        format!("RELEVO_{}_SERVER", self.folder().to_uppercase())
    }

    pub(crate) fn programs(self) -> &'static [&'static str] {
        match self {
            Kind::Postgres => &["postgres"],
            Kind::Nats => &["nats-server"],
            Kind::Redis => &["redis-server", "valkey-server"],
        }
    }

    pub(crate) fn image(self) -> &'static str {
        match self {
            Kind::Postgres => "postgres:17",
            Kind::Nats => "nats:2",
            Kind::Redis => "redis:7",
        }
    }

    /// The signal for an orderly stop. PostgreSQL waits for its clients on TERM, so it gets INT.
    pub(crate) fn stop_signal(self) -> &'static str {
        match self {
            Kind::Postgres => "INT",
            Kind::Nats | Kind::Redis => "TERM",
        }
    }

    /// Whether the server on this port of 127.0.0.1 accepts work, said in its own protocol: a
    /// PostgreSQL that still recovers accepts connections too.
    pub(crate) fn answers(self, port: u16) -> bool {
        let answer = match self {
            Kind::Postgres => postgres::answers(port),
            Kind::Nats => nats::answers(port),
            Kind::Redis => redis::answers(port),
        };
        answer.unwrap_or(false)
    }
}
