//! The demo MSP: its people, vendors, hours, promises and two clients. Every
//! creation has a request id of its own, so that a second run changes nothing
//! and returns the same names.

pub(crate) mod clients;
pub(crate) mod hours;
pub(crate) mod operator;
mod promises;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use proto::directory::v1::{ApiKey, CreateApiKeyRequest, IssueTokenRequest, Token};

use crate::rest::{Gateway, Session};
use crate::voice::Voice;
use crate::{madrid, table};
use clients::Founding;
pub(crate) use operator::Msp;
use table::{Side, Table};

/// How long an issued token is good for: the longest there is, a day.
const TOKEN_SECONDS: i32 = 86_400;

/// Loads the demo MSP and says with which tokens to come in.
///
/// # Errors
/// Whatever the platform refuses.
pub async fn run(gateway: &Gateway, key: &str, voice: &mut Voice) -> Result<()> {
    let admin = gateway.bearing(key);
    let msp = Msp::found(&admin).await?;
    let founding = Founding { series: "seed".into(), suffix: String::new(), start: month_before_last()? };
    let bakery = clients::bakery(&admin, &msp, &founding).await?;
    let garage = clients::garage(&admin, &msp, &founding).await?;
    let [norte, cantabrico] = &msp.vendors;
    let personas = [
        ("agent", "Lucía Ferrer, first line", &msp.agent),
        ("dispatcher", "Diego Pardo", &msp.dispatcher),
        ("technician", "Nuria Vidal, Alcalá", &msp.technician),
        ("biller", "Carmen Rey", &msp.biller),
        ("service manager", "Marta Olmo", &msp.manager),
        ("client", &bakery.person, &bakery.user),
        ("client", &garage.person, &garage.user),
        ("vendor", "Norte Redes", norte),
        ("vendor", "Cantábrico Sistemas", cantabrico),
    ];
    let mut keys =
        Table::new(&[("persona", Side::Left), ("who", Side::Left), ("bearer key, good for a day", Side::Left)]);
    keys.row(["administrator".into(), "the first one".into(), key.to_owned()]);
    for (persona, who, subject) in personas {
        keys.row([persona.into(), who.to_owned(), key_of(&admin, persona, subject).await?]);
    }
    voice.chapter("The demo MSP is there")?;
    voice.show(format!("gateway  {}", gateway.url()))?;
    voice.show(format!("docs     {}/docs\n\n", gateway.url()))?;
    voice.show(keys)?;
    Ok(())
}

/// A key for one subject. Its secret is told once, so each run makes another.
async fn key_of(admin: &Session, persona: &str, subject: &str) -> Result<String> {
    let expires = Timestamp::now().as_second() + i64::from(TOKEN_SECONDS);
    let key = ApiKey {
        display_name: format!("demo {persona}"),
        subject: subject.to_owned(),
        expire_time: Some(prost_types::Timestamp { seconds: expires, nanos: 0 }),
        ..ApiKey::default()
    };
    let key: ApiKey = admin.call(&CreateApiKeyRequest { api_key: Some(key) }).await?;
    Ok(key.secret)
}

/// A token for one subject, with the administrator as its actor.
pub(crate) async fn token(admin: &Session, subject: &str) -> Result<String> {
    let request = IssueTokenRequest { subject: subject.to_owned(), lifetime_seconds: TOKEN_SECONDS };
    let token: Token = admin.call(&request).await?;
    Ok(token.access_token)
}

/// A session as one subject.
pub(crate) async fn session(admin: &Session, subject: &str) -> Result<Session> {
    Ok(admin.gateway().bearing(&token(admin, subject).await?))
}

/// Contracts of the seed begin early enough for the demo's month.
fn month_before_last() -> Result<Date> {
    let this = madrid::wall(Timestamp::now()).date().first_of_month();
    let last = this.yesterday()?.first_of_month();
    Ok(last.yesterday()?.first_of_month())
}
