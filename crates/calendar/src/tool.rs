//! Questions about calendars as lines of JSON, one answer a line.
//!
//! ```
//! let line = r#"{
//!     "calendar": {"zone": "Europe/Madrid", "week": {"fri": [["09:00", "17:00"]]}},
//!     "op": "add", "from": "2026-11-27T15:30:00Z", "seconds": 3600
//! }"#;
//! assert_eq!(calendar::tool::answer(line), r#"{"at":"2026-12-04T08:30:00Z"}"#);
//! ```
//!
//! | `op` | reads | answers |
//! |---|---|---|
//! | `add` | `from`, `seconds` | `at`: [`Calendar::add`] |
//! | `elapsed` | `from`, `to` | `seconds`: [`Calendar::elapsed`] |
//! | `next_open` | `from` | `at`: [`Calendar::next_open`] |
//!
//! `calendar` is a [`CalendarSpec`](crate::CalendarSpec). `seconds` may have a
//! fraction, rounded to the nanosecond. A refusal is `{"error": {"reason",
//! "violations": [{"field", "rule", "reason"}]}}` and names every field that is
//! wrong, fields that do not exist among them.

mod fields;
mod seconds;
mod spec;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::calendar::{Calendar, Unreachable};
use crate::violation::{Rule, Violation};
use fields::{Fields, typed};

/// Answers one line. For many lines keep a [`Desk`].
#[must_use]
pub fn answer(line: &str) -> String {
    Desk::default().answer(line)
}

/// Answers line after line, and keeps the calendars it has read by their text.
#[derive(Debug, Default)]
pub struct Desk {
    calendars: HashMap<String, Result<Calendar, Vec<Violation>>>,
}

/// With more calendars than this all are forgotten, and read anew when they return.
const KEPT_CALENDARS: usize = 1024;

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Operation {
    Add,
    Elapsed,
    NextOpen,
}

/// A line understood.
enum Question {
    Add(Calendar, Timestamp, SignedDuration),
    Elapsed(Calendar, Timestamp, Timestamp),
    NextOpen(Calendar, Timestamp),
}

impl Desk {
    /// Answers one line.
    #[must_use]
    pub fn answer(&mut self, line: &str) -> String {
        match self.read(line).map(Question::answer) {
            Ok(Ok(answer)) => answer,
            Ok(Err(unreachable)) => refusal(unreachable.reason(), &[]),
            Err(violations) => refusal("INPUT_INVALID", &violations),
        }
    }

    fn read(&mut self, line: &str) -> Result<Question, Vec<Violation>> {
        let mut wrong = Vec::new();
        match Fields::read("", line, &mut wrong, |line| self.question(line)) {
            Some(Some(question)) if wrong.is_empty() => Ok(question),
            Some(_) => Err(wrong),
            None => Err(vec![Violation { field: "line".into(), rule: Rule::JsonInvalid }]),
        }
    }

    /// Reads every field, whatever is wrong with another.
    fn question(&mut self, line: &mut Fields<'_, '_>) -> Option<Question> {
        line.require(&["calendar", "op", "from"]);
        let calendar =
            line.raw("calendar").and_then(|raw| self.calendar(raw).map_err(|violations| line.refuse(violations)).ok());
        let operation = line.take("op", Rule::OperationUnknown, typed);
        line.require(operation.map_or(&[], Operation::needs));
        let from = line.take("from", Rule::InstantInvalid, instant);
        let to = line.take("to", Rule::InstantInvalid, instant);
        let duration = line.take("seconds", Rule::DurationInvalid, seconds::parse);
        Some(match operation? {
            Operation::Add => Question::Add(calendar?, from?, duration?),
            Operation::Elapsed => Question::Elapsed(calendar?, from?, to?),
            Operation::NextOpen => Question::NextOpen(calendar?, from?),
        })
    }

    fn calendar(&mut self, raw: &RawValue) -> Result<Calendar, Vec<Violation>> {
        if let Some(known) = self.calendars.get(raw.get()) {
            return known.clone();
        }
        if self.calendars.len() == KEPT_CALENDARS {
            self.calendars.clear();
        }
        let calendar = spec::calendar(raw);
        self.calendars.insert(raw.get().to_owned(), calendar.clone());
        calendar
    }
}

impl Operation {
    /// The fields it reads besides those of every line.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Add => &["seconds"],
            Self::Elapsed => &["to"],
            Self::NextOpen => &[],
        }
    }
}

impl Question {
    fn answer(self) -> Result<String, Unreachable> {
        let at = |at: Timestamp| format!(r#"{{"at":"{at}"}}"#);
        match self {
            Self::Add(calendar, from, duration) => calendar.add(from, duration).map(at),
            Self::NextOpen(calendar, from) => calendar.next_open(from).map(at),
            Self::Elapsed(calendar, from, to) => {
                let seconds = seconds::render(calendar.elapsed(from, to));
                Ok(format!(r#"{{"seconds":{seconds}}}"#))
            }
        }
    }
}

fn refusal(reason: &str, violations: &[Violation]) -> String {
    json!({ "error": { "reason": reason, "violations": violations } }).to_string()
}

fn instant(raw: &RawValue) -> Option<Timestamp> {
    typed::<String>(raw)?.parse().ok()
}
