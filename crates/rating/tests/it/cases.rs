//! Cases that others have shipped wrong, as whole files.

use rating::preview::answer;
use serde_json::{Value, json};

/// A contract in `zone` that is always open, with one version per list of lines.
fn file(zone: &str, month: &str, versions: &Value, facts: &Value) -> Value {
    let all_day = json!([["00:00", "24:00"]]);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| (day.to_owned(), all_day.clone()));
    let week: serde_json::Map<String, Value> = days.into_iter().collect();
    json!({
        "client": {"name": "Sol", "zone": zone}, "month": month,
        "contract": {
            "name": "Managed", "currency": "EUR", "tax_percent": "21",
            "calendar": {"zone": zone, "week": week}, "versions": versions,
        },
        "facts": facts,
    })
}

fn good(file: &Value) -> Value {
    let (answer, good) = answer(&file.to_string(), true);
    assert!(good, "{answer:#}");
    answer
}

fn nets(answer: &Value) -> Vec<&str> {
    answer["lines"].as_array().unwrap().iter().map(|line| line["net"].as_str().unwrap()).collect()
}

fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn flat(from: &str, until: &str, monthly: &str) -> Value {
    json!({"from": from, "until": until, "lines": [{"id": "plan", "flat": {"monthly": monthly}}]})
}

#[test]
fn t09_february_is_divided_by_its_own_days() {
    for (year, net) in [("2026", "3.57"), ("2028", "3.44")] {
        let versions = json!([flat(&format!("{year}-02-27"), &format!("{year}-02-28"), "100.00")]);
        assert_eq!(nets(&good(&file("UTC", &format!("{year}-02"), &versions, &json!([])))), [net]);
    }
}

#[test]
fn t13_the_hour_that_the_clocks_skip_is_in_no_price() {
    // 29 March has 23 hours in Madrid; it costs what the day has that has 24 elsewhere.
    let versions = json!([flat("2026-03-29", "2026-03-30", "310.00")]);
    for zone in ["Europe/Madrid", "UTC", "America/Santiago", "Asia/Tokyo"] {
        assert_eq!(nets(&good(&file(zone, "2026-03", &versions, &json!([])))), ["10.00"], "{zone}");
    }
}

#[test]
fn t35_the_lines_sum_to_the_net_that_is_printed() {
    let lines = [("a", "193.33"), ("b", "48.33")].map(|(id, monthly)| json!({"id": id, "flat": {"monthly": monthly}}));
    let answer = good(&file("UTC", "2026-03", &json!([{"from": "2026-01-01", "lines": lines}]), &json!([])));
    assert_eq!(
        (&answer["net"], &answer["tax"], &answer["total"]),
        (&json!("241.66"), &json!("50.75"), &json!("292.41"))
    );
}

#[test]
fn t36_tax_is_of_the_sum_and_not_of_each_line() {
    // Of each line it would be 0.02 three times; of their sum it is 0.07.
    let lines = ["a", "b", "c"].map(|id| json!({"id": id, "flat": {"monthly": "0.11"}}));
    let answer = good(&file("UTC", "2026-03", &json!([{"from": "2026-01-01", "lines": lines}]), &json!([])));
    assert_eq!(answer["tax"], "0.07");
}

#[test]
fn t51_a_seat_added_and_taken_back_on_one_day_is_no_day() {
    let versions =
        json!([{"from": "2026-01-01", "lines": [{"id": "seats", "seat": {"monthly": "31.00", "seats": 3}}]}]);
    let facts = json!([
        {"id": "1", "seats": {"line": "seats", "from": "2026-03-10", "seats": 9}},
        {"id": "2", "seats": {"line": "seats", "from": "2026-03-10", "seats": 3}},
    ]);
    assert_eq!(nets(&good(&file("UTC", "2026-03", &versions, &facts))), ["93.00"]);
}

#[test]
fn i09_lines_and_taxes_sum_to_the_total() {
    for cent in 1..400 {
        let monthly = format!("{}.{:02}", cent * 7 / 100, cent * 7 % 100);
        let versions = json!([flat("2026-01-01", "2026-03-12", &monthly), flat("2026-03-12", "2026-03-27", "77.77")]);
        let answer = good(&file("Europe/Madrid", "2026-03", &versions, &json!([])));
        let lines: i64 = answer["lines"].as_array().unwrap().iter().map(|line| cents(&line["net"])).sum();
        let taxes: i64 = answer["taxes"].as_array().unwrap().iter().map(|tax| cents(&tax["tax"])).sum();
        assert_eq!((lines, taxes), (cents(&answer["net"]), cents(&answer["tax"])));
        assert_eq!(lines + taxes, cents(&answer["total"]));
    }
}

/// The same dates and hours on the wall cost the same wherever the wall is.
#[test]
fn i17_the_same_civil_facts_in_any_zone_cost_the_same() {
    let zones = [("UTC", "Z"), ("Europe/Madrid", "+01:00"), ("Asia/Tokyo", "+09:00"), ("America/Bogota", "-05:00")];
    let bills = zones.map(|(zone, offset)| {
        let time = |id: &str, start: &str, end: &str| {
            json!({"id": id, "time": {"work_type": "remote", "start": format!("{start}{offset}"), "end": format!("{end}{offset}")}})
        };
        let facts = json!([
            time("first", "2026-03-01T00:00:00", "2026-03-01T00:50:00"),
            time("last", "2026-03-28T23:10:00", "2026-03-29T00:25:00"),
        ]);
        let versions = json!([
            {"from": "2026-03-01", "until": "2026-03-29", "lines": [
                {"id": "plan", "flat": {"monthly": "99.99"}},
                {"id": "remote", "time": {"work_type": "remote", "hourly": "85.50"}}]},
        ]);
        let bill = good(&file(zone, "2026-03", &versions, &facts));
        (nets(&bill).join(" "), bill["total"].clone())
    });
    assert_eq!(bills[0].0, "90.31 178.13");
    assert!(bills.iter().all(|bill| *bill == bills[0]), "{bills:?}");
}
