//! What may be wrong with a calendar, or with a question about one.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// One field that breaks one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, such as `week.mon[1]`.
    pub field: String,
    /// The rule it breaks.
    pub rule: Rule,
}

/// The rules that a calendar, or a line of the [tool](crate::tool), must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is worded in `Rule::text`")]
pub enum Rule {
    ZoneMissing,
    ZoneUnknown,
    TimeInvalid,
    IntervalOverlap,
    DateInvalid,
    DateRepeated,
    NameMissing,
    DayInvalid,
    EasterInvalid,
    NthInvalid,
    MonthInvalid,
    NeverOpens,
    JsonInvalid,
    FieldMissing,
    FieldUnknown,
    TypeInvalid,
    OperationUnknown,
    InstantInvalid,
    DurationInvalid,
}

impl Rule {
    /// A name for programs, such as `ZONE_UNKNOWN`. It never changes.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.entry().0
    }

    /// The rule in words, to be read after the name of the field.
    #[must_use]
    pub const fn text(self) -> &'static str {
        self.entry().1
    }

    const fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::ZoneMissing => ("ZONE_MISSING", "must be given: a zone has no default"),
            Self::ZoneUnknown => ("ZONE_UNKNOWN", "must be a zone of the IANA database"),
            Self::TimeInvalid => ("TIME_INVALID", "must be HH:MM or HH:MM:SS; 24:00 may only close"),
            Self::IntervalOverlap => {
                ("INTERVAL_OVERLAP", "must not overlap another opening of its day or of the day before")
            }
            Self::DateInvalid => ("DATE_INVALID", "must be a date as YYYY-MM-DD"),
            Self::DateRepeated => ("DATE_REPEATED", "must be listed once"),
            Self::NameMissing => ("NAME_MISSING", "must be given"),
            Self::DayInvalid => ("DAY_INVALID", "must be a day of the year as MM-DD"),
            Self::EasterInvalid => ("EASTER_INVALID", "must be from -80 to 250 days, which stays inside the year"),
            Self::NthInvalid => ("NTH_INVALID", "must be 1 to 5, or -1 for the last"),
            Self::MonthInvalid => ("MONTH_INVALID", "must be 1 to 12"),
            Self::NeverOpens => ("NEVER_OPENS", "must open at some instant"),
            Self::JsonInvalid => ("JSON_INVALID", "must be one JSON object"),
            Self::FieldMissing => ("FIELD_MISSING", "must be given"),
            Self::FieldUnknown => ("FIELD_UNKNOWN", "must not be given: no such field"),
            Self::TypeInvalid => ("TYPE_INVALID", "must have the JSON shape of its field"),
            Self::OperationUnknown => ("OPERATION_UNKNOWN", "must be add, elapsed or next_open"),
            Self::InstantInvalid => ("INSTANT_INVALID", "must be an instant as RFC 3339, such as 2026-03-29T01:00:00Z"),
            Self::DurationInvalid => ("DURATION_INVALID", "must be a number of seconds, not negative"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.rule.text())
    }
}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut violation = serializer.serialize_struct("Violation", 3)?;
        violation.serialize_field("field", &self.field)?;
        violation.serialize_field("rule", self.rule.text())?;
        violation.serialize_field("reason", self.rule.reason())?;
        violation.end()
    }
}
