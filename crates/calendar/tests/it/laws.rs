//! Laws that hold for every calendar, held against the oracle where time is hardest.

use calendar::{Calendar, CalendarSpec, Exception, Hours, Interval, Week, Weekday, YearlyDate, YearlyDay};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::at;
use crate::oracle::Oracle;

const DAY: i64 = 86_400;

/// Instants around which a calendar is looked at second by second.
const EDGES: [(&str, &str); 14] = [
    ("Europe/Madrid", "2026-03-29T01:00Z"),
    ("Europe/Madrid", "2026-10-25T01:00Z"),
    ("America/New_York", "2026-03-08T07:00Z"),
    ("America/New_York", "2026-11-01T06:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30Z"),
    ("Africa/Casablanca", "2026-02-15T02:00Z"),
    ("Africa/Casablanca", "2026-03-22T02:00Z"),
    // The clocks went back over midnight, and a whole date was left out.
    ("America/St_Johns", "2006-10-29T02:31Z"),
    ("Pacific/Apia", "2011-12-30T10:00Z"),
    // Where one year ends and another begins.
    ("Europe/Madrid", "2027-01-01T00:00Z"),
    ("America/New_York", "1970-01-01T00:00Z"),
    ("America/New_York", "2100-01-01T00:00Z"),
    ("Asia/Tokyo", "2028-02-29T00:00Z"),
];

fn config(cases: u32) -> ProptestConfig {
    let wished = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: wished.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

fn clock(second: i64) -> String {
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    match second {
        0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

/// Cuts into pairs: `(open, close)` apart from each other, none longer than a day.
fn pairs(mut cuts: Vec<i64>) -> Vec<(i64, i64)> {
    cuts.sort_unstable();
    cuts.dedup();
    cuts.chunks_exact(2).map(|pair| (pair[0], pair[1].min(pair[0] + DAY))).collect()
}

/// An opening that closes at midnight is written in both of its ways.
fn written(open: i64, close: i64) -> Hours {
    let close = match close % DAY {
        0 if open / 900 % 2 == 0 => DAY,
        rest => rest,
    };
    Hours(clock(open % DAY), clock(close))
}

/// Any week whose edges are multiples of `tick` seconds, its openings turned
/// around the week so that some run over Sunday midnight.
fn week(tick: i64) -> impl Strategy<Value = Week> {
    let cuts = prop::collection::vec(0..7 * DAY / tick, 2..24);
    let irregular = (cuts, 0..7 * DAY / tick).prop_map(move |(cuts, turn)| {
        let mut week = Week::default();
        for (open, close) in pairs(cuts.into_iter().map(|cut| cut * tick).collect()) {
            let (open, close) = (open + turn * tick, close + turn * tick);
            let Week { mon, tue, wed, thu, fri, sat, sun } = &mut week;
            let days = [mon, tue, wed, thu, fri, sat, sun];
            days.into_iter().nth((open / DAY % 7) as usize).expect("seven days").push(written(open, close));
        }
        week
    });
    let office = crate::workdays("09:00-14:00 15:00-18:00");
    let nights = Week { sat: crate::hours("22:00-06:00"), ..crate::workdays("22:00-06:00") };
    prop_oneof![
        6 => irregular,
        1 => Just(CalendarSpec::always("").week),
        1 => Just(office),
        1 => Just(nights),
    ]
}

/// The openings of a day that replaces another; the last may run into the next day.
fn replacement(tick: i64) -> impl Strategy<Value = Vec<Hours>> {
    prop::collection::vec(0..DAY / tick, 0..6).prop_map(move |cuts| {
        let mut cuts: Vec<i64> = cuts.into_iter().map(|cut| cut * tick).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let openings = cuts.chunks(2).map(|pair| match *pair {
            [open, close] => written(open, close),
            [open, ..] => written(open, open / 2 / tick * tick + DAY),
            [] => unreachable!("chunks are not empty"),
        });
        openings.collect()
    })
}

fn yearly(tick: i64) -> impl Strategy<Value = YearlyDay> {
    let weekday = prop_oneof![Just(Weekday::Sun), Just(Weekday::Mon), Just(Weekday::Fri)];
    let on = prop_oneof![
        (1..=12_i8, 1..=28_i8).prop_map(|(month, day)| YearlyDate::Fixed(format!("{month:02}-{day:02}"))),
        Just(YearlyDate::Fixed("01-01".into())),
        Just(YearlyDate::Fixed("02-29".into())),
        (-60..=60_i16).prop_map(YearlyDate::Easter),
        (prop_oneof![Just(-1), 1..=5_i8], weekday, 1..=12_i8).prop_map(|(nth, day, month)| YearlyDate::Weekday {
            nth,
            day,
            month
        }),
    ];
    (on, replacement(tick)).prop_map(|(on, open)| YearlyDay { name: "a day".into(), on, open })
}

/// Any calendar of `zone` with exceptions within some days of `around`.
fn specs(zone: &'static str, around: Timestamp, reach: i64, tick: i64) -> impl Strategy<Value = CalendarSpec> {
    let exceptions = prop::collection::btree_map(-reach..=reach, replacement(tick), 0..4);
    let yearly = prop::collection::vec(yearly(tick), 0..3);
    (week(tick), exceptions, yearly).prop_map(move |(week, exceptions, yearly)| {
        let date = |days: i64| {
            let at = around + SignedDuration::from_hours(24 * days);
            jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
        };
        let exception = |(days, open)| Exception { date: date(days), open };
        let exceptions = exceptions.into_iter().map(exception).collect();
        CalendarSpec { zone: zone.into(), week, exceptions, yearly }
    })
}

/// Two instants of a window, as fractions of it in nanoseconds.
fn moments(start: i64, end: i64) -> impl Strategy<Value = Vec<(Timestamp, Timestamp)>> {
    let nanos = i128::from(start) * 1_000_000_000..i128::from(end) * 1_000_000_000;
    let fine = nanos.prop_map(|nanos| Timestamp::from_nanosecond(nanos).expect("an instant"));
    let coarse =
        (0..(end - start) / 900).prop_map(move |n| Timestamp::from_second(start + n * 900).expect("an instant"));
    let moment = prop_oneof![fine, coarse];
    prop::collection::vec((moment.clone(), moment), 24)
}

/// Everything the engine says about a window must be what the oracle sees.
fn agree(
    calendar: &Calendar,
    oracle: &Oracle,
    start: i64,
    end: i64,
    moments: &[(Timestamp, Timestamp)],
) -> Result<(), TestCaseError> {
    let (first, last) =
        (Timestamp::from_second(start).expect("an instant"), Timestamp::from_second(end).expect("an instant"));
    let runs = calendar.intervals(first, last).map(|Interval { start, end }| (start.as_second(), end.as_second()));
    prop_assert_eq!(runs.collect::<Vec<_>>(), oracle.runs());
    for &(from, to) in moments {
        prop_assert_eq!(calendar.is_open(from), oracle.is_open(from), "is_open {}", from);
        let elapsed = oracle.before(to) - oracle.before(from);
        prop_assert_eq!(calendar.elapsed(from, to).as_nanos(), elapsed, "elapsed {} {}", from, to);
        let seen = |at: Result<Timestamp, _>| at.ok().filter(|at| (first..last).contains(at));
        if let Some(next) = oracle.next_open(from) {
            prop_assert_eq!(calendar.next_open(from), Ok(next), "next_open {}", from);
        }
        // Half of the time that is open between the two, and the whole of it.
        for spent in [elapsed.abs(), elapsed.abs() / 2, elapsed.abs() + 1].into_iter().filter(|spent| *spent > 0) {
            let duration = SignedDuration::from_nanos_i128(spent);
            let due = oracle.first_after(oracle.before(from) + spent);
            if let Some(due) = due {
                prop_assert_eq!(calendar.add(from, duration), Ok(due), "add {} {}", from, duration);
            } else {
                prop_assert_eq!(seen(calendar.add(from, duration)), None, "add {} {}", from, duration);
            }
            if oracle.before(from) >= spent {
                let start = oracle.last_after(oracle.before(from) - spent).expect("it was passed");
                prop_assert_eq!(calendar.sub(from, duration), Ok(start), "sub {} {}", from, duration);
            }
        }
    }
    Ok(())
}

/// A specification around one of the [`EDGES`] and moments near it.
fn at_an_edge() -> impl Strategy<Value = (CalendarSpec, i64, Vec<(Timestamp, Timestamp)>)> {
    prop::sample::select(&EDGES[..]).prop_flat_map(|(zone, edge)| {
        let edge = at(edge);
        let start = edge.as_second() - REACH;
        (specs(zone, edge, 2, 1), Just(start), moments(start, start + 2 * REACH))
    })
}

/// Seconds to both sides of an edge.
const REACH: i64 = 15 * 3600;

/// A specification in quarters of an hour and moments in the two years after.
fn over_two_years() -> impl Strategy<Value = (CalendarSpec, i64, Vec<(Timestamp, Timestamp)>)> {
    let start = at("2024-01-01T00:00Z").as_second();
    (prop::sample::select(&ZONES[..]), 0..2000_i64).prop_flat_map(move |(zone, day)| {
        let start = start + day * DAY;
        let middle = Timestamp::from_second(start + YEARS / 2).expect("an instant");
        (specs(zone, middle, 300, 900), Just(start), moments(start, start + YEARS))
    })
}

const ZONES: [&str; 4] = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"];

/// Seconds of two years.
const YEARS: i64 = 730 * DAY;

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn the_engine_agrees_with_the_wall_clock_in_every_second((spec, start, moments) in at_an_edge()) {
        let Ok(calendar) = Calendar::new(spec.clone()) else {
            return Err(TestCaseError::reject("never opens"));
        };
        let oracle = Oracle::new(&spec, calendar.zone(), start, start + 2 * REACH, 1);
        agree(&calendar, &oracle, start, start + 2 * REACH, &moments)?;
    }

    #[test]
    fn the_engine_agrees_with_the_wall_clock_over_years((spec, start, moments) in over_two_years()) {
        let Ok(calendar) = Calendar::new(spec.clone()) else {
            return Err(TestCaseError::reject("never opens"));
        };
        let oracle = Oracle::new(&spec, calendar.zone(), start, start + YEARS, 900);
        agree(&calendar, &oracle, start, start + YEARS, &moments)?;
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn open_time_adds_up_and_comes_back((spec, start, moments) in over_two_years(), nanos in 0..40_000_000_000_000_000_i64) {
        let Ok(calendar) = Calendar::new(spec) else {
            return Err(TestCaseError::reject("never opens"));
        };
        let origin = Timestamp::from_second(start).expect("an instant");
        let duration = SignedDuration::from_nanos(nanos);
        for (from, to) in moments {
            let split = calendar.elapsed(origin, from) + calendar.elapsed(from, to);
            prop_assert_eq!(split, calendar.elapsed(origin, to));
            if let Ok(due) = calendar.add(from, duration) {
                prop_assert_eq!(calendar.elapsed(from, due), duration);
                prop_assert_eq!(calendar.last_open(due).is_ok_and(|open| open == due) || duration.is_zero(), true);
            }
            if let Ok(begin) = calendar.sub(from, duration) {
                prop_assert_eq!(calendar.elapsed(begin, from), duration);
            }
            let intervals: Vec<Interval> = calendar.intervals(from, to).collect();
            let sum: SignedDuration = intervals.iter().map(|one| one.start.duration_until(one.end)).sum();
            prop_assert_eq!(sum, calendar.elapsed(from, to.max(from)));
            prop_assert!(intervals.windows(2).all(|two| two[0].end < two[1].start));
        }
    }
}
