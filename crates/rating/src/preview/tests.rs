//! What a file is answered.

use serde_json::{Value, json};

use super::answer;

/// A contract that was changed on 16 March, and a month of work.
fn file() -> Value {
    let office = json!([["09:00", "18:00"]]);
    json!({
        "client": {"name": "Sol", "zone": "Europe/Madrid"},
        "month": "2026-03",
        "contract": {
            "name": "Managed", "currency": "EUR", "tax_percent": "21",
            "calendar": {"zone": "Europe/Madrid", "week": {"mon": office, "tue": office}},
            "versions": [
                {"from": "2026-01-01", "until": "2026-03-16", "lines": [
                    {"id": "plan", "flat": {"monthly": "100.00"}},
                    {"id": "remote", "time": {"work_type": "remote", "hourly": "90.00 EUR", "after_hours_multiplier": "1.5"}}]},
                {"from": "2026-03-16", "lines": [
                    {"id": "plan", "flat": {"monthly": "300.00"}},
                    {"id": "remote", "time": {"work_type": "remote", "hourly": "80.00"}}]}]
        },
        "facts": [
            {"id": "e1", "time": {"work_type": "remote", "start": "2026-03-02T17:30:00+01:00", "end": "2026-03-02T18:30:00+01:00"}},
            {"id": "e2", "time": {"work_type": "remote", "start": "2026-03-17T10:00:00Z", "end": "2026-03-17T11:00:00Z"}},
            {"id": "e3", "time": {"work_type": "remote", "start": "2026-03-17T10:00:00Z", "end": "2026-03-17T10:00:00Z"}}]
    })
}

fn nets(answer: &Value) -> Vec<&str> {
    answer["lines"].as_array().unwrap().iter().map(|line| line["net"].as_str().unwrap()).collect()
}

/// Every complaint about `file`, as field and reason.
fn complaints(file: &Value) -> Vec<(String, String)> {
    let (answer, good) = answer(&file.to_string(), false);
    assert!(!good, "{answer}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let violations = answer["error"]["violations"].as_array().unwrap().iter();
    violations.map(|violation| (text(&violation["field"]), text(&violation["reason"]))).collect()
}

fn assert_complaints(file: &Value, mut expected: Vec<(&str, &str)>) {
    let mut found = complaints(file);
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected.iter().map(|(field, reason)| ((*field).into(), (*reason).into())).collect::<Vec<_>>());
}

#[test]
fn each_version_has_its_days_and_its_work() {
    let (answer, good) = answer(&file().to_string(), false);
    assert!(good, "{answer}");
    // 15 of 31 days at 100 and 16 at 300; half an hour at 90 and half at 135; an hour at 80.
    assert_eq!(nets(&answer), ["48.39", "112.50", "154.84", "80.00"]);
    assert_eq!(
        (&answer["net"], &answer["tax"], &answer["total"]),
        (&json!("395.73"), &json!("83.10"), &json!("478.83"))
    );
    assert_eq!(answer["unbilled"], json!([{"fact": "e3", "reason": "NO_DURATION"}]));
    assert_eq!(answer["lines"][0]["period"], json!({"from": "2026-03-01", "until": "2026-03-16"}));
    assert!(answer["lines"][0].get("explanation").is_none());
}

#[test]
fn i06_a_change_to_the_same_price_changes_nothing() {
    for (day, price) in [("2026-03-02", "0.01"), ("2026-03-16", "99.99"), ("2026-03-31", "100.01")] {
        let mut file = file();
        file["contract"]["versions"][0]["until"] = json!(day);
        file["contract"]["versions"][1]["from"] = json!(day);
        for version in 0..2 {
            file["contract"]["versions"][version]["lines"] = json!([{"id": "plan", "flat": {"monthly": price}}]);
        }
        file["facts"] = json!([]);
        let (answer, _) = answer(&file.to_string(), false);
        assert_eq!(answer["net"], price, "{day}");
    }
}

#[test]
fn i04_the_order_of_facts_changes_no_byte() {
    let mut turned = file();
    turned["facts"].as_array_mut().unwrap().reverse();
    assert_eq!(answer(&file().to_string(), true), answer(&turned.to_string(), true));
}

#[test]
fn an_explanation_names_facts_and_segments() {
    let (answer, _) = answer(&file().to_string(), true);
    let entry = &answer["lines"][1]["explanation"][1];
    assert_eq!((&entry["step"], &entry["fact"]), (&json!("entry"), &json!("e1")));
    assert_eq!(
        entry["charged"],
        json!([{"seconds": 1800, "after_hours": false}, {"seconds": 1800, "after_hours": true}])
    );
    assert_eq!(answer["lines"][1]["explanation"][0]["hourly"], "90.00");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut file = file();
    file["month"] = json!("2026-3");
    file["client"]["zone"] = json!("Europe/Atlantis");
    file["client"]["colour"] = json!("red");
    file["contract"]["versions"][1]["from"] = json!("2026-03-15");
    file["contract"]["versions"][0]["lines"][0]["flat"]["monthly"] = json!("100.00 USD");
    file["contract"]["versions"][0]["lines"][1]["time"]["hourly"] = json!(90.0);
    file["contract"]["versions"][1]["lines"][0]["flat"]["monthly"] = json!("-1.00");
    file["contract"]["versions"][1]["lines"][1]["id"] = json!("plan");
    file["contract"]["calendar"]["week"]["mon"] = json!([["9", "18:00"]]);
    file["facts"][0]["time"]["end"] = json!("2026-03-02T17:00:00+01:00");
    file["facts"][1]["time"]["work_type"] = json!("magic");
    file["facts"][2] = json!({"id": "e1", "seats": {"line": "seats", "from": "2026-02-30", "seats": -1}});
    assert_complaints(
        &file,
        vec![
            ("month", "MONTH_INVALID"),
            ("client.zone", "ZONE_UNKNOWN"),
            ("client.colour", "FIELD_UNKNOWN"),
            ("contract.versions[1]", "VERSION_OVERLAP"),
            ("contract.versions[0].lines[0].flat.monthly", "CURRENCY_MISMATCH"),
            ("contract.versions[0].lines[1].time.hourly", "AMOUNT_INVALID"),
            ("contract.versions[1].lines[0].flat.monthly", "AMOUNT_NEGATIVE"),
            ("contract.versions[1].lines[1].id", "LINE_REPEATED"),
            ("contract.calendar.week.mon[0][0]", "TIME_INVALID"),
            ("facts[0].time.end", "QUANTITY_NEGATIVE"),
            ("facts[1].time.work_type", "WORK_TYPE_UNKNOWN"),
            ("facts[2].id", "FACT_REPEATED"),
            ("facts[2].seats.line", "LINE_UNKNOWN"),
            ("facts[2].seats.from", "DATE_INVALID"),
            ("facts[2].seats.seats", "QUANTITY_NEGATIVE"),
        ],
    );
}

#[test]
fn what_is_no_file_is_refused() {
    let (refused, good) = answer("{", false);
    assert_eq!((good, &refused["error"]["violations"][0]["reason"]), (false, &json!("JSON_INVALID")));
    assert_complaints(&json!([]), vec![("", "TYPE_INVALID")]);
    let missing = ["client", "month", "contract", "facts"].map(|field| (field, "FIELD_MISSING"));
    assert_complaints(&json!({}), missing.into());
    let mut file = file();
    file["contract"]["versions"][0]["lines"][0] = json!({"id": "plan", "flat": {}, "visit": {}});
    assert_complaints(&file, vec![("contract.versions[0].lines[0]", "CHOICE_INVALID")]);
}

#[test]
fn t41_a_currency_has_the_decimals_that_it_has() {
    let mut file = file();
    file["contract"]["currency"] = json!("JPY");
    file["contract"]["versions"] =
        json!([{"from": "2026-01-01", "lines": [{"id": "plan", "flat": {"monthly": "12345"}}]}]);
    file["facts"] = json!([]);
    let (answer, _) = answer(&file.to_string(), false);
    assert_eq!((&answer["net"], &answer["tax"], &answer["total"]), (&json!("12345"), &json!("2592"), &json!("14937")));
    file["contract"]["versions"][0]["lines"][0]["flat"]["monthly"] = json!("123.45");
    assert_complaints(&file, vec![("contract.versions[0].lines[0].flat.monthly", "AMOUNT_INVALID")]);
}
