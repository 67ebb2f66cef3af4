//! A calendar as a field of a line.

use serde_json::value::RawValue;

use super::fields::{Fields, typed};
use crate::calendar::Calendar;
use crate::spec::{CalendarSpec, Exception, Week, YearlyDate, YearlyDay};
use crate::violation::{Rule, Violation};

/// Where the calendar stands in its line.
const PATH: &str = "calendar";

/// Reads and checks a calendar; complaints of either kind come together.
pub(super) fn calendar(raw: &RawValue) -> Result<Calendar, Vec<Violation>> {
    let mut wrong = Vec::new();
    let Some(spec) = Fields::read(PATH, raw.get(), &mut wrong, spec) else {
        return Err(vec![Violation { field: PATH.into(), rule: Rule::TypeInvalid }]);
    };
    match Calendar::new(spec) {
        Ok(calendar) if wrong.is_empty() => Ok(calendar),
        checked => {
            for violation in checked.err().unwrap_or_default() {
                let field = format!("{PATH}.{}", violation.field);
                // What could not be read was left out: no second complaint about that.
                if !wrong.iter().any(|known| is_within(&known.field, &field)) {
                    wrong.push(Violation { field, ..violation });
                }
            }
            Err(wrong)
        }
    }
}

fn is_within(inner: &str, outer: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn spec(fields: &mut Fields<'_, '_>) -> CalendarSpec {
    CalendarSpec {
        zone: fields.take("zone", Rule::TypeInvalid, typed).unwrap_or_default(),
        week: fields.object("week", week).unwrap_or_default(),
        exceptions: fields.objects("exceptions", exception),
        yearly: fields.objects("yearly", yearly).into_iter().flatten().collect(),
    }
}

fn week(fields: &mut Fields<'_, '_>) -> Week {
    Week {
        mon: fields.values("mon"),
        tue: fields.values("tue"),
        wed: fields.values("wed"),
        thu: fields.values("thu"),
        fri: fields.values("fri"),
        sat: fields.values("sat"),
        sun: fields.values("sun"),
    }
}

fn exception(fields: &mut Fields<'_, '_>) -> Exception {
    fields.require(&["date", "open"]);
    Exception { date: fields.take("date", Rule::TypeInvalid, typed).unwrap_or_default(), open: fields.values("open") }
}

fn yearly(fields: &mut Fields<'_, '_>) -> Option<YearlyDay> {
    fields.require(&["name", "on", "open"]);
    let name = fields.take("name", Rule::TypeInvalid, typed).unwrap_or_default();
    let on: Option<YearlyDate> = fields.take("on", Rule::TypeInvalid, typed);
    let open = fields.values("open");
    Some(YearlyDay { name, on: on?, open })
}
