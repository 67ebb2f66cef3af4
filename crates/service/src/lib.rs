//! Everything a process does around its service: configuration, telemetry,
//! health, tokens, access, errors and a graceful end.
//!
//! A service is a [`Service`]; [`Program`] makes a process of it, and `all`
//! runs several in one. Its API methods go through the [`Desk`]: a command is
//! one transaction in the caller's scope, with its news and its answer.

mod access;
mod admin;
mod caller;
mod config;
mod desk;
mod fields;
mod guard;
mod host;
mod names;
mod program;
mod refuse;
mod telemetry;
mod time;
mod tokens;

pub use access::{Access, access};
pub use admin::Admin;
pub use caller::{Caller, Party};
pub use config::{Env, Invalid as InvalidConfig};
pub use desk::{Call, Clock, Desk};
pub use fields::{Fields, Violation, Violations};
pub use guard::Guard;
pub use host::{Host, Service};
pub use names::{name, parse_name};
pub use program::{INTERNAL, Program, Reason, Stop, run};
pub use refuse::{Refuse, status};
pub use telemetry::{Metrics, adopt_trace, traceparent};
pub use time::{instant, timestamp};
pub use tokens::{Act, Claims, PublicKey, Signer, TokenError, Verifier};
