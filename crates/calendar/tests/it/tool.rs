//! The line tool: questions and refusals as text.

use calendar::tool::{Desk, answer};
use serde_json::{Value, json};

const SHOP: &str = r#"{"zone":"Europe/Madrid","week":{"mon":[["09:00","14:00"],["15:00","18:00"]],"fri":[["09:00","14:00"]]},"exceptions":[{"date":"2026-12-25","open":[]}]}"#;

fn ask(rest: &str) -> String {
    answer(&format!(r#"{{"calendar":{SHOP},{rest}}}"#))
}

fn refused(line: &str) -> Vec<String> {
    let answer: Value = serde_json::from_str(&answer(line)).expect("JSON");
    assert_eq!(answer["error"]["reason"], "INPUT_INVALID", "{answer}");
    let violations = answer["error"]["violations"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    violations
        .iter()
        .inspect(|violation| assert!(text(&violation["rule"]).starts_with("must ")))
        .map(|violation| format!("{} {}", text(&violation["field"]), text(&violation["reason"])))
        .collect()
}

#[test]
fn each_operation_answers() {
    let from = r#""from":"2026-11-23T12:00:00Z""#;
    assert_eq!(ask(&format!(r#""op":"add",{from},"seconds":7200"#)), r#"{"at":"2026-11-23T15:00:00Z"}"#);
    assert_eq!(ask(&format!(r#""op":"add",{from},"seconds":3600.25"#)), r#"{"at":"2026-11-23T14:00:00.25Z"}"#);
    assert_eq!(ask(&format!(r#""op":"elapsed",{from},"to":"2026-11-24T00:00:00Z""#)), r#"{"seconds":14400}"#);
    assert_eq!(ask(&format!(r#""op":"elapsed",{from},"to":"2026-11-23T11:59:59.5Z""#)), r#"{"seconds":-0.5}"#);
    assert_eq!(ask(r#""op":"next_open","from":"2026-12-21T19:00:00+01:00""#), r#"{"at":"2026-12-28T08:00:00Z"}"#);
}

#[test]
fn a_desk_answers_as_a_single_question_does() {
    let mut desk = Desk::default();
    for from in ["2026-11-23T12:00:00Z", "2026-11-23T18:00:00Z"] {
        for calendar in [SHOP, r#"{"zone":""}"#] {
            let line = format!(r#"{{"calendar":{calendar},"op":"next_open","from":"{from}"}}"#);
            assert_eq!(desk.answer(&line), answer(&line));
            assert_eq!(desk.answer(&line), answer(&line));
        }
    }
}

#[test]
fn every_wrong_field_of_a_line_is_named_at_once() {
    let line = json!({
        "calendar": {
            "week": {"mon": [["09:00", "14:00"], ["13:00", "18:00"], ["x"]], "tues": []},
            "exceptions": [{"date": 5, "open": [["09:00", "9"]], "why": "holiday"}, 7],
            "yearly": [{"name": "moon", "on": {"lunar": 1}, "open": []}],
            "colour": "red",
        },
        "op": "add",
        "from": "yesterday",
        "seconds": -1,
        "until": 3,
    });
    assert_eq!(
        refused(&line.to_string()),
        [
            "calendar.week.mon[2] TYPE_INVALID",
            "calendar.week.tues FIELD_UNKNOWN",
            "calendar.exceptions[0].date TYPE_INVALID",
            "calendar.exceptions[0].why FIELD_UNKNOWN",
            "calendar.exceptions[1] TYPE_INVALID",
            "calendar.yearly[0].on TYPE_INVALID",
            "calendar.colour FIELD_UNKNOWN",
            "calendar.zone ZONE_MISSING",
            "calendar.week.mon[1] INTERVAL_OVERLAP",
            "calendar.exceptions[0].open[0][1] TIME_INVALID",
            "from INSTANT_INVALID",
            "seconds DURATION_INVALID",
            "until FIELD_UNKNOWN",
        ]
    );
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(refused("{}"), ["calendar FIELD_MISSING", "op FIELD_MISSING", "from FIELD_MISSING"]);
    let known = |op: &str| refused(&format!(r#"{{"calendar":{SHOP},"op":"{op}","from":"2026-11-23T12:00:00Z"}}"#));
    assert_eq!(known("add"), ["seconds FIELD_MISSING"]);
    assert_eq!(known("elapsed"), ["to FIELD_MISSING"]);
    assert_eq!(known("subtract"), ["op OPERATION_UNKNOWN"]);
}

#[test]
fn what_is_no_object_is_refused() {
    for line in ["", "null", "[]", "{", "3", r#"{"op":"add"} {}"#] {
        assert_eq!(refused(line), ["line JSON_INVALID"], "{line}");
    }
    let line = r#"{"calendar":7,"op":"next_open","from":"2026-11-23T12:00:00Z"}"#;
    assert_eq!(refused(line), ["calendar TYPE_INVALID"]);
}

#[test]
fn a_question_without_an_answer_says_why() {
    let once = r#"{"zone":"Etc/UTC","exceptions":[{"date":"2026-01-01","open":[["09:00","10:00"]]}]}"#;
    let line = format!(r#"{{"calendar":{once},"op":"next_open","from":"2026-11-23T12:00:00Z"}}"#);
    assert_eq!(answer(&line), r#"{"error":{"reason":"NEVER_OPENS_AGAIN","violations":[]}}"#);
}
