//! Who is on stage, and what day it is.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use proto::tickets::v1::{GetTicketRequest, State, Ticket};
use uuid::Uuid;

use crate::madrid;
use crate::rest::{Error, Gateway, Session};
use crate::seed::clients::{self, Client, Founding};
use crate::seed::operator::VENDORS;
use crate::seed::{self, Msp, hours};
use crate::voice::{Voice, Who};
use crate::words::word;

use super::Options;

/// Everything that the steps share.
pub(super) struct Stage<'v> {
    pub voice: &'v mut Voice,
    pub bakery: Client,
    pub garage: Client,
    /// `YYYY-MM`.
    pub month: String,
    /// Days on which the office opens.
    days: Vec<Date>,
    pub agent: Session,
    pub dispatcher: Session,
    pub technician: Session,
    pub biller: Session,
    /// In rank.
    pub vendors: [Session; 2],
    /// The person at the bakery, and the one at the garage.
    pub users: [Session; 2],
}

pub(super) const AGENT: (Who, &str) = (Who::Desk, "Lucía (L1)");
pub(super) const DISPATCHER: (Who, &str) = (Who::Desk, "Diego");
pub(super) const TECHNICIAN: (Who, &str) = (Who::Field, "Nuria");
pub(super) const ANA: (Who, &str) = (Who::Client, "Ana Sol");
pub(super) const LUIS: (Who, &str) = (Who::Client, "Luis Vega");
pub(super) const NORTE: (Who, &str) = (Who::Vendor, "Norte");
pub(super) const CANTABRICO: (Who, &str) = (Who::Vendor, "Cantábrico");
pub(super) const PLATFORM: (Who, &str) = (Who::Platform, "platform");

impl<'v> Stage<'v> {
    /// Founds two fresh clients and gives everybody a token.
    pub(super) async fn set(gateway: &Gateway, key: &str, options: &Options, voice: &'v mut Voice) -> Result<Self> {
        let first = first_day(options.month.as_deref())?;
        let run = Uuid::new_v4().simple().to_string()[..4].to_owned();
        let admin = gateway.bearing(key);
        let msp = Msp::found(&admin).await?;
        let founding = Founding {
            series: format!("demo/{run}"),
            suffix: format!(" {run}"),
            // Months are invoiced in order: this one is the first.
            start: first,
        };
        let bakery = clients::bakery(&admin, &msp, &founding).await?;
        let garage = clients::garage(&admin, &msp, &founding).await?;
        let session = async |subject: &str| seed::session(&admin, subject).await;
        let mut stage = Self {
            month: first.strftime("%Y-%m").to_string(),
            days: office_days(first),
            agent: session(&msp.agent).await?,
            dispatcher: session(&msp.dispatcher).await?,
            technician: session(&msp.technician).await?,
            biller: session(&msp.biller).await?,
            vendors: [session(&msp.vendors[0]).await?, session(&msp.vendors[1]).await?],
            users: [session(&bakery.user).await?, session(&garage.user).await?],
            voice,
            bakery,
            garage,
        };
        stage.introduce()?;
        Ok(stage)
    }

    fn introduce(&mut self) -> Result<()> {
        let voice = &mut self.voice;
        voice.chapter(&format!("Set-up: one MSP, two fresh clients, {}", self.month))?;
        let introductions = [
            (&self.bakery, "12 seats at 25.00 €, 10 minutes of work included in each"),
            (&self.garage, "pays per use: remote 60.00 €/h by the quarter, ×1.5 after hours"),
        ];
        for (client, terms) in introductions {
            voice.show(format!("{:<22} {terms}", client.display_name))?;
        }
        let rank = format!("L1 in-house, L2 by {} then {}", VENDORS[0], VENDORS[1]);
        voice.show(format!("{:<22} {rank}; prices plus 21 % VAT", "both"))?;
        Ok(())
    }

    /// That hour of the month's office day `day`, from 0, in Madrid.
    pub(super) fn at(&self, day: usize, hour: i8, minute: i8) -> Result<Timestamp> {
        let date = self.day(day)?;
        madrid::at(date, Time::new(hour, minute, 0, 0)?)
    }

    /// The month's office day `day`, from 0.
    pub(super) fn day(&self, day: usize) -> Result<Date> {
        let date = self.days.get(day).copied();
        date.with_context(|| format!("{} has no {}th working day", self.month, day + 1))
    }

    /// The index of the first office day after `at`.
    pub(super) fn next_day(&self, at: Timestamp) -> usize {
        let date = madrid::wall(at).date();
        self.days.iter().take_while(|day| **day <= date).count()
    }

    /// The ticket as the operator sees it.
    pub(super) async fn ticket(&self, name: &str) -> Result<Ticket, Error> {
        let request = GetTicketRequest { name: name.to_owned() };
        self.agent.call(&request).await
    }
}

/// Such as `in progress`.
pub(super) fn state(ticket: &Ticket) -> String {
    word(State::as_str_name(&ticket.state()), "STATE_")
}

/// The first day of a month that is over.
fn first_day(month: Option<&str>) -> Result<Date> {
    let this = madrid::wall(Timestamp::now()).date().first_of_month();
    let Some(month) = month else {
        return Ok(this.yesterday()?.first_of_month());
    };
    let first: Date =
        format!("{month}-01").parse().with_context(|| format!("--month must be like 2026-10, not {month}"))?;
    ensure!(first < this, "--month must be over, and {month} is not");
    Ok(first)
}

fn office_days(first: Date) -> Vec<Date> {
    let days = (1..=first.days_in_month()).filter_map(|day| first.with().day(day).build().ok());
    days.filter(|day| hours::is_open_on(*day)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_and_weekends_are_no_office_days() {
        let october = office_days("2026-10-01".parse().unwrap());
        assert_eq!(october.len(), 21);
        assert!(!october.contains(&"2026-10-12".parse().unwrap()));
    }

    #[test]
    fn a_month_must_be_over() {
        assert!(first_day(Some("2999-01")).is_err());
        assert!(first_day(Some("last")).is_err());
        assert_eq!(first_day(Some("2026-02")).unwrap().to_string(), "2026-02-01");
    }
}
