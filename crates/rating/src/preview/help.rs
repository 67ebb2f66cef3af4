//! What a file looks like.

/// For people: each field, and three files with what they come to.
pub const HELP: &str = r#"The file is one JSON object; everything is required unless it says otherwise:

  client    name, zone (IANA: dates are the client's); tax_number may be left out
  month     YYYY-MM, the one to close
  contract  name, currency (ISO 4217), calendar (see `relevo sla calendar --help`: what lies
            outside it is after hours), versions; tax_percent may be left out
  versions  from, lines; until may be left out: the first day not covered. A change of plan is
            a second version; no two cover one day
  lines     id; name may be left out; and exactly one of
              flat    monthly                          by the day, of the days covered
              seat    monthly, seats, included_minutes  the minutes make a pool of work
              time    work_type, hourly, after_hours_multiplier, minimum_minutes, step_minutes
              visit   each
              ticket  each
  facts     id, and exactly one of
              time    work_type, start, end, billable   instants as RFC 3339
              visit   at, billable
              ticket  at, billable
              seats   line, from, seats                 so many from that day on

Amounts and decimals are text: "85.50" or "85.50 EUR". included_minutes, minimum_minutes and
step_minutes are 0, after_hours_multiplier is 1 and billable is true if left out. Prices by the
day are cumulative: any split of a month sums to the month. Tax is of the sum of its lines.

1. A subscription with overage: ten seats include an hour each; the eleventh hour is charged.

  {"client": {"name": "Sol", "zone": "Europe/Madrid"}, "month": "2026-03",
   "contract": {"name": "Managed", "currency": "EUR", "tax_percent": "21",
     "calendar": {"zone": "Europe/Madrid", "week": {"mon": [["08:00", "20:00"]]}},
     "versions": [{"from": "2026-01-01", "lines": [
       {"id": "seats", "seat": {"monthly": "49.90", "seats": 10, "included_minutes": 60}},
       {"id": "remote", "time": {"work_type": "remote", "hourly": "90.00"}}]}]},
   "facts": [
     {"id": "e1", "time": {"work_type": "remote",
       "start": "2026-03-02T08:00:00+01:00", "end": "2026-03-02T19:00:00+01:00"}}]}

  net 589.00, tax 123.69, total 712.69

2. Pay per use: a visit, and an hour of work that the end of office hours cuts in two.

  {"client": {"name": "Sol", "zone": "Europe/Madrid"}, "month": "2026-03",
   "contract": {"name": "On call", "currency": "EUR", "tax_percent": "21",
     "calendar": {"zone": "Europe/Madrid", "week": {"mon": [["09:00", "18:00"]]}},
     "versions": [{"from": "2026-01-01", "lines": [
       {"id": "onsite", "time": {"work_type": "onsite", "hourly": "90.00",
         "after_hours_multiplier": "1.5", "minimum_minutes": 30, "step_minutes": 15}},
       {"id": "visit", "visit": {"each": "75.00"}}]}]},
   "facts": [
     {"id": "v1", "visit": {"at": "2026-03-02T17:30:00+01:00"}},
     {"id": "e1", "time": {"work_type": "onsite",
       "start": "2026-03-02T17:30:00+01:00", "end": "2026-03-02T18:30:00+01:00"}}]}

  net 187.50, tax 39.38, total 226.88

3. A change of plan on 16 March: 15 of 31 days at 100.00, and 16 at 300.00.

  {"client": {"name": "Sol", "zone": "Europe/Madrid"}, "month": "2026-03",
   "contract": {"name": "Managed", "currency": "EUR", "tax_percent": "21",
     "calendar": {"zone": "Europe/Madrid", "week": {"mon": [["09:00", "18:00"]]}},
     "versions": [
       {"from": "2026-01-01", "until": "2026-03-16", "lines": [
         {"id": "plan", "name": "Basic", "flat": {"monthly": "100.00"}}]},
       {"from": "2026-03-16", "lines": [
         {"id": "plan", "name": "Full", "flat": {"monthly": "300.00"}}]}]},
   "facts": []}

  net 203.23, tax 42.68, total 245.91

A file that makes no sense is answered with everything that is wrong with it, and exit code 1:

  {"error":{"reason":"INPUT_INVALID","violations":[{"field":…,"rule":…,"reason":…}]}}"#;

#[cfg(test)]
mod tests {
    use super::HELP;
    use crate::preview::answer;

    /// Each example in the help comes to what stands below it.
    #[test]
    fn the_help_tells_the_truth() {
        let parts: Vec<&str> = HELP.split("\n\n").collect();
        let examples: Vec<_> = parts.windows(2).filter(|pair| pair[0].starts_with("  {\"client\"")).collect();
        assert_eq!(examples.len(), 3);
        for pair in examples {
            let (answer, good) = answer(pair[0], true);
            assert!(good, "{answer:#}");
            let text = |name: &str| answer[name].as_str().unwrap().to_owned();
            let comes_to = format!("net {}, tax {}, total {}", text("net"), text("tax"), text("total"));
            assert_eq!(comes_to, pair[1].trim());
        }
    }
}
