//! One year of open time, laid out once so that every question is a binary search.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::calendar::Interval;
use crate::days::Days;
use crate::zone::{Stretch, instant, second_and_nano, stretches, wall_seconds};

/// The years an instant can lie in.
pub(crate) const ALL_YEARS: Range<i16> = -9999..10_000;

/// The open time of one year of UTC, whose days are all alike: the zone's own
/// year would begin twice where the clocks go back at New Year.
#[derive(Clone, Debug)]
pub(crate) struct Year {
    /// In order, apart from each other, clipped to the year.
    spans: Box<[Span]>,
}

/// Open without a break over `[start, end)`, in Unix seconds.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: i64,
    end: i64,
    /// Open seconds of the year before `start`.
    before: i64,
}

impl Span {
    /// Open seconds of the year before `end`.
    fn through(self) -> i64 {
        self.before + self.end - self.start
    }

    /// The instant of this span by which `spent` of the year's open time has passed.
    fn at(self, spent: SignedDuration) -> Timestamp {
        instant(self.start + spent.as_secs() - self.before, spent.subsec_nanos())
    }
}

/// The UTC year an instant lies in.
pub(crate) fn year_of(at: Timestamp) -> i16 {
    Offset::UTC.to_datetime(at).year()
}

/// The Unix second at which a UTC year begins.
fn beginning(year: i16) -> i64 {
    let first = Timestamp::MIN.as_second();
    let past_last = Timestamp::MAX.as_second() + 1;
    Date::new(year, 1, 1).map_or(past_last, |date| wall_seconds(date.into()).max(first))
}

impl Year {
    /// Lays out the open time of `year`.
    pub fn new(zone: &TimeZone, days: &Days, year: i16) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for stretch in stretches(zone, beginning(year), beginning(year + 1)) {
            for (start, end) in open_within(zone, days, &stretch) {
                match spans.last_mut() {
                    Some(last) if start <= last.end => last.end = last.end.max(end),
                    last => {
                        let before = last.map_or(0, |last| last.through());
                        spans.push(Span { start, end, before });
                    }
                }
            }
        }
        Self { spans: spans.into() }
    }

    /// Whether nothing at all is open in the year.
    pub fn is_closed(&self) -> bool {
        self.spans.is_empty()
    }

    /// Which of the year's intervals have to do with `[from, to)`.
    pub fn within(&self, from: Timestamp, to: Timestamp) -> Range<usize> {
        let (from, to) = (second_and_nano(from).0, second_and_nano(to).0);
        let first = self.spans.partition_point(|span| span.end <= from);
        let end = self.spans.partition_point(|span| span.start <= to);
        first..end
    }

    /// The year's interval of that index.
    pub fn interval(&self, index: usize) -> Interval {
        let Span { start, end, .. } = self.spans[index];
        Interval { start: instant(start, 0), end: instant(end, 0) }
    }

    /// Open time of the whole year.
    pub fn total(&self) -> SignedDuration {
        SignedDuration::from_secs(self.spans.last().map_or(0, |last| last.through()))
    }

    /// Open time of the year before `at`.
    pub fn open_before(&self, at: Timestamp) -> SignedDuration {
        let (second, nano) = second_and_nano(at);
        match self.last_started(second) {
            None => SignedDuration::ZERO,
            Some(span) if second < span.end => SignedDuration::new(span.before + second - span.start, nano),
            Some(span) => SignedDuration::from_secs(span.through()),
        }
    }

    /// Whether `at` is open.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let (second, _) = second_and_nano(at);
        self.last_started(second).is_some_and(|span| second < span.end)
    }

    /// The first open instant of the year at or after `at`.
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        let (second, _) = second_and_nano(at);
        let next = self.spans.partition_point(|span| span.end <= second);
        self.spans.get(next).map(|span| instant(span.start, 0).max(at))
    }

    /// The last instant of the year at or before `at` with open time right before it.
    pub fn last_open(&self, at: Timestamp) -> Option<Timestamp> {
        let (second, nano) = second_and_nano(at);
        let started = self.spans.partition_point(|span| (span.start, 0) < (second, nano));
        self.spans[..started].last().map(|span| instant(span.end, 0).min(at))
    }

    /// The first instant by which `spent` of the year's open time has passed.
    /// An amount that ends with an opening ends at its close.
    pub fn first_after(&self, spent: SignedDuration) -> Option<Timestamp> {
        let full = |span: &Span| SignedDuration::from_secs(span.through()) < spent;
        self.spans.get(self.spans.partition_point(full)).map(|span| span.at(spent))
    }

    /// The last instant by which no more than `spent` of the year's open time
    /// has passed. An amount that ends with an opening ends at the next open.
    pub fn last_after(&self, spent: SignedDuration) -> Option<Timestamp> {
        let begun = |span: &Span| SignedDuration::from_secs(span.before) <= spent;
        self.spans[..self.spans.partition_point(begun)].last().map(|span| span.at(spent))
    }

    fn last_started(&self, second: i64) -> Option<&Span> {
        self.spans[..self.spans.partition_point(|span| span.start <= second)].last()
    }
}

/// The openings that fall into one stretch, clipped to it, in order of their start.
fn open_within<'a>(zone: &TimeZone, days: &'a Days, stretch: &Stretch) -> impl Iterator<Item = (i64, i64)> + use<'a> {
    let &Stretch { start, end, offset } = stretch;
    let first = zone.to_datetime(instant(start, 0)).date();
    let last = zone.to_datetime(instant(end - 1, 0)).date();
    // A shift of the evening before may still be worked.
    days.between(first.yesterday().unwrap_or(first), last)
        .flat_map(move |(date, openings)| {
            let midnight = wall_seconds(date.into()) - offset;
            openings.iter().map(move |opening| opening.later_by(midnight))
        })
        .map(move |opening| (opening.start.max(start), opening.end.min(end)))
        .filter(|(open, close)| open < close)
}
