//! What a calendar may not be, and how it says so.

use calendar::{Calendar, CalendarSpec, Rule, Week, Weekday, YearlyDate, YearlyDay};

use crate::{exception, hours, office, spec, workdays};

fn refused(spec: CalendarSpec) -> Vec<(String, &'static str)> {
    let violations = Calendar::new(spec).expect_err("an invalid calendar");
    violations.into_iter().map(|found| (found.field, found.rule.reason())).collect()
}

fn only(field: &str, reason: &'static str) -> Vec<(String, &'static str)> {
    vec![(field.to_owned(), reason)]
}

#[test]
fn s03_openings_may_touch_but_not_overlap() {
    let overlap = |week| refused(spec("Europe/Madrid", week));
    let mon = |text| Week { mon: hours(text), ..Week::default() };
    assert_eq!(overlap(mon("09:00-14:00 13:59-18:00")), only("week.mon[1]", "INTERVAL_OVERLAP"));
    assert_eq!(overlap(mon("13:00-18:00 09:00-14:00")), only("week.mon[0]", "INTERVAL_OVERLAP"));
    assert_eq!(overlap(mon("09:00-09:00 12:00-13:00")), only("week.mon[1]", "INTERVAL_OVERLAP"));
    let into_tuesday = Week { tue: hours("05:00-08:00"), ..mon("22:00-06:00") };
    assert_eq!(overlap(into_tuesday), only("week.tue[0]", "INTERVAL_OVERLAP"));
    let around_the_week = Week { sun: hours("22:00-06:00"), ..mon("05:59-08:00") };
    assert_eq!(overlap(around_the_week), only("week.mon[0]", "INTERVAL_OVERLAP"));
    let touching = Week { sun: hours("22:00-06:00"), ..mon("06:00-14:00 14:00-24:00") };
    assert!(Calendar::new(spec("Europe/Madrid", touching)).is_ok());
}

#[test]
fn s03_midnight_may_be_written_as_24_only_at_the_close() {
    let times = |text| refused(spec("Europe/Madrid", workdays(text)))[0].clone();
    let open = ("week.mon[0][0]".to_owned(), "TIME_INVALID");
    let close = ("week.mon[0][1]".to_owned(), "TIME_INVALID");
    for text in ["24:00-06:00", "9:00-17:00", "0900-17:00", "25:00-26:00", "+9:00-17:00"] {
        assert_eq!(times(text), open, "{text}");
    }
    for text in ["09:00-24:01", "09:00-17:60", "09:00-17:00:60", "09:00-17:00:00:00", "09:00-17:0"] {
        assert_eq!(times(text), close, "{text}");
    }
    assert!(Calendar::new(spec("Europe/Madrid", workdays("09:00:30-24:00:00"))).is_ok());
}

#[test]
fn s06_a_missing_zone_is_an_error_never_a_default() {
    assert_eq!(refused(CalendarSpec::always("")), only("zone", "ZONE_MISSING"));
    for unknown in ["Europe/Atlantis", "Etc/Unknown", "CEST", "+02:00", "Local"] {
        assert_eq!(refused(CalendarSpec::always(unknown)), only("zone", "ZONE_UNKNOWN"));
    }
}

#[test]
fn s08_a_calendar_that_never_opens_is_refused() {
    let never = only("week", "NEVER_OPENS");
    assert_eq!(refused(spec("Europe/Madrid", Week::default())), never);
    let closed =
        CalendarSpec { exceptions: vec![exception("2026-12-25", "")], ..spec("Europe/Madrid", Week::default()) };
    assert_eq!(refused(closed), never);
    // The clocks skip these minutes on that date.
    let skipped = CalendarSpec {
        exceptions: vec![exception("2026-03-29", "02:10-02:50")],
        ..spec("Europe/Madrid", Week::default())
    };
    assert_eq!(refused(skipped), never);
    // Once in four years is not never.
    let on = YearlyDate::Fixed("02-29".into());
    let leap_day = CalendarSpec {
        yearly: vec![YearlyDay { name: "leap day".into(), on, open: hours("10:00-11:00") }],
        ..spec("Europe/Madrid", Week::default())
    };
    assert!(Calendar::new(leap_day).is_ok());
}

#[test]
fn s08_a_week_that_yearly_days_close_for_good_never_opens() {
    let mondays = |nth| YearlyDay {
        name: "closed".into(),
        on: YearlyDate::Weekday { nth, day: Weekday::Mon, month: 1 },
        open: vec![],
    };
    let every_monday = (1..=12).flat_map(|month| {
        (1..=5).map(mondays).map(move |mut day| {
            day.on = match day.on {
                YearlyDate::Weekday { nth, day, .. } => YearlyDate::Weekday { nth, day, month },
                other => other,
            };
            day
        })
    });
    let closed = CalendarSpec {
        yearly: every_monday.collect(),
        ..spec("Europe/Madrid", Week { mon: hours("09:00-17:00"), ..Week::default() })
    };
    assert_eq!(refused(closed), only("week", "NEVER_OPENS"));
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let yearly = |name: &str, on| YearlyDay { name: name.into(), on, open: vec![] };
    let wrong = CalendarSpec {
        zone: "Europe/Atlantis".into(),
        week: Week { mon: hours("9-17:00 10:00-12:00 11:00-13:00"), ..Week::default() },
        exceptions: vec![
            exception("2026-02-30", ""),
            exception("2026-12-25", "10:00-25:00"),
            exception("2026-12-25", ""),
            exception("20261226", "08:00-12:00 11:00-12:00"),
        ],
        yearly: vec![
            yearly(" ", YearlyDate::Fixed("02-30".into())),
            yearly("moon", YearlyDate::Easter(251)),
            yearly("odd", YearlyDate::Weekday { nth: 0, day: Weekday::Mon, month: 13 }),
        ],
    };
    let named: Vec<String> = refused(wrong).iter().map(|(path, why)| format!("{path} {why}")).collect();
    assert_eq!(
        named,
        [
            "zone ZONE_UNKNOWN",
            "week.mon[0][0] TIME_INVALID",
            "week.mon[2] INTERVAL_OVERLAP",
            "exceptions[0].date DATE_INVALID",
            "exceptions[1].open[0][1] TIME_INVALID",
            "exceptions[2].date DATE_REPEATED",
            "exceptions[3].open[1] INTERVAL_OVERLAP",
            "exceptions[3].date DATE_INVALID",
            "yearly[0].name NAME_MISSING",
            "yearly[0].on.fixed DAY_INVALID",
            "yearly[1].on.easter EASTER_INVALID",
            "yearly[2].on.weekday.nth NTH_INVALID",
            "yearly[2].on.weekday.month MONTH_INVALID",
        ]
    );
}

#[test]
fn a_violation_reads_as_a_sentence_and_as_data() {
    let violation = &Calendar::new(CalendarSpec::always("")).expect_err("no zone")[0];
    assert_eq!(violation.rule, Rule::ZoneMissing);
    assert_eq!(violation.to_string(), "zone must be given: a zone has no default");
    assert_eq!(
        serde_json::to_string(violation).expect("plain data"),
        r#"{"field":"zone","rule":"must be given: a zone has no default","reason":"ZONE_MISSING"}"#
    );
}

#[test]
fn a_calendar_gives_back_the_data_it_was_made_of() {
    let text = r#"{"zone":"Europe/Madrid","week":{"mon":[["09:00","14:00"]]},"yearly":[{"name":"Good Friday","on":{"easter":-2},"open":[]},{"name":"Thanksgiving","on":{"weekday":{"nth":4,"day":"thu","month":11}},"open":[]}]}"#;
    let spec: CalendarSpec = serde_json::from_str(text).expect("a specification");
    let calendar = Calendar::new(spec.clone()).expect("a valid calendar");
    assert_eq!(calendar.spec(), &spec);
    assert_eq!(calendar, Calendar::new(spec.clone()).expect("a valid calendar"));
    assert_ne!(calendar, office());
    let stored = serde_json::to_string(&spec).expect("plain data");
    assert_eq!(serde_json::from_str::<CalendarSpec>(&stored).expect("the same data"), spec);
    assert!(serde_json::from_str::<CalendarSpec>(r#"{"zone":"Etc/UTC","weeks":{}}"#).is_err());
}
