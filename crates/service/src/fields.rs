//! Reading a request, and saying everything that is wrong with it at once.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use prost_types::Timestamp;
use uuid::Uuid;

use crate::names::parse_name;
use crate::time::instant;

/// One rule that one field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its path in the request, such as `ticket.subject`.
    pub field: String,
    /// The rule, for people.
    pub rule: String,
    /// The rule, for programs: `REQUIRED`, `LENGTH`, `NAME`, …
    pub reason: &'static str,
}

/// Everything wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(pub Vec<Violation>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{} {}", violation.field, violation.rule)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Collects violations while the fields are read. Each reader returns
/// something usable even where the field is wrong; [`Fields::finish`] then
/// refuses the whole.
#[derive(Debug, Default)]
pub struct Fields {
    violations: Vec<Violation>,
}

impl Fields {
    /// Notes that `field` breaks `rule`.
    pub fn refuse(&mut self, field: &str, reason: &'static str, rule: impl Into<String>) {
        self.violations.push(Violation { field: field.to_owned(), rule: rule.into(), reason });
    }

    /// A text of so many characters, without the white space around it.
    pub fn text(&mut self, field: &str, value: &str, length: RangeInclusive<usize>) -> String {
        let value = value.trim();
        let count = value.chars().count();
        if count == 0 && *length.start() > 0 {
            self.refuse(field, "REQUIRED", "is required");
        } else if !length.contains(&count) {
            self.refuse(
                field,
                "LENGTH",
                format!("must have {} to {} characters, not {count}", length.start(), length.end()),
            );
        } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.refuse(field, "CHARACTERS", "must not have control characters");
        }
        value.to_owned()
    }

    /// A name in `collection`.
    pub fn name(&mut self, field: &str, value: &str, collection: &str) -> Uuid {
        if value.is_empty() {
            self.refuse(field, "REQUIRED", "is required");
            return Uuid::nil();
        }
        self.name_if_given(field, value, collection).unwrap_or_default()
    }

    /// A name in `collection`, or nothing.
    pub fn name_if_given(&mut self, field: &str, value: &str, collection: &str) -> Option<Uuid> {
        if value.is_empty() {
            return None;
        }
        let id = parse_name(collection, value);
        if id.is_none() {
            self.refuse(field, "NAME", format!("must be a name such as {collection}/0192f0c1-…"));
        }
        id
    }

    /// A number within a range.
    pub fn number(&mut self, field: &str, value: i64, range: RangeInclusive<i64>) -> i64 {
        if !range.contains(&value) {
            self.refuse(field, "RANGE", format!("must be {} to {}, not {value}", range.start(), range.end()));
        }
        value
    }

    /// An instant.
    pub fn time(&mut self, field: &str, value: Option<&Timestamp>) -> DateTime<Utc> {
        let Some(value) = value else {
            self.refuse(field, "REQUIRED", "is required");
            return DateTime::default();
        };
        instant(value).unwrap_or_else(|| {
            self.refuse(field, "TIME", "must be an instant between the years 1 and 9999");
            DateTime::default()
        })
    }

    /// An IANA time zone.
    pub fn zone(&mut self, field: &str, value: &str) -> String {
        if value.is_empty() {
            self.refuse(field, "REQUIRED", "is required");
        } else if jiff::tz::db().get(value).is_err() {
            self.refuse(field, "ZONE", "must be an IANA time zone such as Europe/Madrid");
        }
        value.to_owned()
    }

    /// A civil date.
    pub fn date(&mut self, field: &str, value: &str) -> chrono::NaiveDate {
        value.parse().unwrap_or_else(|_| {
            let (reason, rule) = if value.is_empty() {
                ("REQUIRED", "is required")
            } else {
                ("DATE", "must be a date such as 2026-01-31")
            };
            self.refuse(field, reason, rule);
            chrono::NaiveDate::default()
        })
    }

    /// A value of a protobuf enum other than its zero.
    pub fn chosen<E: TryFrom<i32> + Into<i32> + Copy + Default>(&mut self, field: &str, value: i32) -> E {
        match E::try_from(value) {
            Ok(chosen) if value != 0 => chosen,
            Ok(unspecified) => {
                self.refuse(field, "REQUIRED", "is required");
                unspecified
            }
            Err(_) => {
                self.refuse(field, "ENUM", format!("has no value {value}"));
                E::default()
            }
        }
    }

    /// A value of a protobuf enum, or `default` where it was not said.
    pub fn chosen_or<E: TryFrom<i32> + Copy>(&mut self, field: &str, value: i32, default: E) -> E {
        match E::try_from(value) {
            Ok(chosen) if value != 0 => chosen,
            Ok(_) => default,
            Err(_) => {
                self.refuse(field, "ENUM", format!("has no value {value}"));
                default
            }
        }
    }

    /// What was read, if all of it was right.
    ///
    /// # Errors
    /// Every violation found.
    pub fn finish<T>(self, value: T) -> Result<T, Violations> {
        if self.violations.is_empty() { Ok(value) } else { Err(Violations(self.violations)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_violations_at_once() {
        let mut fields = Fields::default();
        fields.text("ticket.subject", " ", 1..=200);
        fields.name("ticket.tenant", "sites/1", "tenants");
        fields.zone("zone", "Europe/Atlantis");
        let reasons: Vec<_> = fields.finish(()).unwrap_err().0.into_iter().map(|v| v.reason).collect();
        assert_eq!(reasons, ["REQUIRED", "NAME", "ZONE"]);
    }
}
