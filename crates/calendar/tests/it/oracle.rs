//! A calendar that looks at the wall clock in every tick. Slow, obvious, and
//! written without a line of the engine: it only asks the zone what time it is.

use calendar::{CalendarSpec, Hours, Weekday, YearlyDate};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Which ticks of `[start, start + tick * n)` are open.
pub struct Oracle {
    start: i64,
    tick: i64,
    open: Vec<bool>,
    /// Open ticks before each tick, and in the end of all.
    before: Vec<i64>,
}

impl Oracle {
    /// Looks at every `tick` seconds of `[start, end)`. All edges must lie on ticks.
    pub fn new(spec: &CalendarSpec, zone: &TimeZone, start: i64, end: i64, tick: i64) -> Self {
        let mut day = Day::of(spec, Date::ZERO);
        let mut is_open = |second: i64| {
            let wall = zone.to_datetime(Timestamp::from_second(second).expect("an instant"));
            if day.date != wall.date() {
                day = Day::of(spec, wall.date());
            }
            day.is_open(wall)
        };
        let open: Vec<bool> = (0..(end - start) / tick).map(|n| is_open(start + n * tick)).collect();
        let mut before = vec![0];
        for open in &open {
            before.push(before[before.len() - 1] + i64::from(*open));
        }
        Self { start, tick, open, before }
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.open[self.tick_of(at).0]
    }

    /// Open nanoseconds of the window before `at`.
    pub fn before(&self, at: Timestamp) -> i128 {
        let (tick, rest) = self.tick_of(at);
        let whole = i128::from(self.before[tick] * self.tick) * 1_000_000_000;
        if self.open.get(tick) == Some(&true) { whole + rest } else { whole }
    }

    /// The first instant with `spent` open nanoseconds of the window before it.
    pub fn first_after(&self, spent: i128) -> Option<Timestamp> {
        let full = |tick: usize| i128::from(self.before[tick + 1] * self.tick) * 1_000_000_000;
        let tick = (0..self.open.len()).find(|tick| full(*tick) >= spent && self.open[*tick])?;
        Some(self.instant(tick, spent - i128::from(self.before[tick] * self.tick) * 1_000_000_000))
    }

    /// The last instant with `spent` open nanoseconds of the window before it.
    pub fn last_after(&self, spent: i128) -> Option<Timestamp> {
        let begun = |tick: usize| i128::from(self.before[tick] * self.tick) * 1_000_000_000;
        let tick = (0..self.open.len()).rev().find(|tick| begun(*tick) <= spent && self.open[*tick])?;
        Some(self.instant(tick, spent - begun(tick)))
    }

    pub fn next_open(&self, from: Timestamp) -> Option<Timestamp> {
        let first = self.tick_of(from).0;
        let tick = (first..self.open.len()).find(|tick| self.open[*tick])?;
        Some(self.instant(tick, 0).max(from))
    }

    /// Open time as runs of ticks, in Unix seconds.
    pub fn runs(&self) -> Vec<(i64, i64)> {
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for (second, _) in (self.start..).step_by(self.tick as usize).zip(&self.open).filter(|(_, open)| **open) {
            match runs.last_mut() {
                Some((_, end)) if *end == second => *end += self.tick,
                _ => runs.push((second, second + self.tick)),
            }
        }
        runs
    }

    fn tick_of(&self, at: Timestamp) -> (usize, i128) {
        let nanos = at.as_nanosecond() - i128::from(self.start) * 1_000_000_000;
        let tick = i128::from(self.tick) * 1_000_000_000;
        ((nanos / tick) as usize, nanos % tick)
    }

    fn instant(&self, tick: usize, nanos: i128) -> Timestamp {
        let start = Timestamp::from_second(self.start + tick as i64 * self.tick).expect("an instant");
        start + SignedDuration::from_nanos_i128(nanos)
    }
}

/// What starts on a date and on the date before it, as seconds of the day.
struct Day {
    date: Date,
    today: Vec<(i64, i64)>,
    yesterday: Vec<(i64, i64)>,
}

impl Day {
    fn of(spec: &CalendarSpec, date: Date) -> Self {
        let seconds =
            |hours: Vec<Hours>| hours.iter().map(|Hours(open, close)| (seconds(open), seconds(close))).collect();
        let yesterday = date.yesterday().expect("a date");
        Self { date, today: seconds(starting_on(spec, date)), yesterday: seconds(starting_on(spec, yesterday)) }
    }

    fn is_open(&self, wall: DateTime) -> bool {
        let now = i64::from(wall.hour()) * 3600 + i64::from(wall.minute()) * 60 + i64::from(wall.second());
        let today = |(open, close): &(i64, i64)| *open <= now && (now < *close || close <= open);
        let tail = |(open, close): &(i64, i64)| close <= open && now < *close;
        self.today.iter().any(today) || self.yesterday.iter().any(tail)
    }
}

fn seconds(time: &str) -> i64 {
    time.split(':').zip([3600, 60, 1]).map(|(part, unit)| part.parse::<i64>().expect("a number") * unit).sum()
}

fn starting_on(spec: &CalendarSpec, date: Date) -> Vec<Hours> {
    if let Some(exception) = spec.exceptions.iter().find(|day| day.date == date.to_string()) {
        return exception.open.clone();
    }
    if let Some(yearly) = spec.yearly.iter().find(|day| is_on(&day.on, date)) {
        return yearly.open.clone();
    }
    let week = &spec.week;
    match date.strftime("%a").to_string().as_str() {
        "Mon" => week.mon.clone(),
        "Tue" => week.tue.clone(),
        "Wed" => week.wed.clone(),
        "Thu" => week.thu.clone(),
        "Fri" => week.fri.clone(),
        "Sat" => week.sat.clone(),
        _ => week.sun.clone(),
    }
}

fn is_on(rule: &YearlyDate, date: Date) -> bool {
    match rule {
        YearlyDate::Fixed(text) => date.strftime("%m-%d").to_string() == *text,
        // Gauss's rule as it holds from 1900 to 2099; the laws ask for no other year.
        YearlyDate::Easter(offset) => {
            let year = i64::from(date.year());
            let moon = (19 * (year % 19) + 24) % 30;
            let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
            let late = moon == 29 && sunday == 6 || moon == 28 && sunday == 6 && year % 19 > 10;
            let march = 22 + moon + sunday - if late { 7 } else { 0 };
            let days = SignedDuration::from_hours(24 * (march - 1 + i64::from(*offset)));
            Date::new(date.year(), 3, 1).expect("a date") + days == date
        }
        YearlyDate::Weekday { nth, day, month } => {
            let name = match day {
                Weekday::Mon => "Mon",
                Weekday::Tue => "Tue",
                Weekday::Wed => "Wed",
                Weekday::Thu => "Thu",
                Weekday::Fri => "Fri",
                Weekday::Sat => "Sat",
                Weekday::Sun => "Sun",
            };
            let from_start = (date.day() - 1) / 7 + 1;
            let is_last = date.day() + 7 > date.days_in_month();
            date.month() == *month
                && date.strftime("%a").to_string() == name
                && (from_start == *nth || *nth == -1 && is_last)
        }
    }
}
