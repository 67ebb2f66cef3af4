//! What became true in one service, told to the others.
//!
//! A service announces a message in the transaction that made it true
//! ([`news`]). A [`Relay`] publishes it, at least once; an [`Inbox`] takes it
//! in, exactly once in effect. Who hears whom stands in [`HEARS`].

mod inbox;
mod letters;
mod name;
mod relay;
mod topology;
mod trace;

pub use inbox::{Inbox, Reason};
pub use letters::{DeadLetter, dead_letters, replay};
pub use name::{news, subject};
pub use relay::Relay;
pub use topology::{HEARS, idle, prepare, stream};

/// Connects as one service.
///
/// `_INBOX_<service>` is the only place where it may be answered, and a lost
/// server is looked for again for ever.
///
/// # Errors
/// When `url` is not a NATS URL, or its login is refused.
pub async fn connect(url: &str, service: &str) -> Result<async_nats::Client, async_nats::ConnectError> {
    let parsed: async_nats::ServerAddr = url.parse().map_err(|error: std::io::Error| {
        async_nats::ConnectError::with_source(async_nats::ConnectErrorKind::ServerParse, error)
    })?;
    let mut options = async_nats::ConnectOptions::new()
        .name(service)
        .custom_inbox_prefix(format!("_INBOX_{service}"))
        .retry_on_initial_connect()
        .max_reconnects(None)
        .reconnect_delay_callback(|tries| std::time::Duration::from_millis(50 << tries.min(5)));
    if let (Some(user), Some(password)) = (parsed.username(), parsed.password()) {
        options = options.user_and_password(user.to_owned(), password.to_owned());
    }
    options.connect(parsed).await
}
