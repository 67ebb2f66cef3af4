//! Names of the protos, as people say them.

use prost_types::Timestamp;
use proto::r#type::v1::Money;

use crate::madrid;

/// A value of an enum without what all its values begin with: `in progress`
/// for `STATE_IN_PROGRESS`.
pub(crate) fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase().replace('_', " ")
}

/// Euros and cents: the demo's clients pay in nothing else.
pub(crate) fn euros(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// An amount that may be missing, in its smallest unit.
pub(crate) fn minor(amount: Option<&Money>) -> i64 {
    amount.map_or(0, |amount| amount.minor)
}

/// Hours and minutes, such as `1 h 15 min`.
pub(crate) fn duration(seconds: i64) -> String {
    match (seconds / 3600, seconds % 3600 / 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Day and time in Madrid, or a dash.
pub(crate) fn when(stamp: Option<&Timestamp>) -> String {
    madrid::instant(stamp).map_or_else(|| "—".to_owned(), madrid::short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(word("STATE_IN_PROGRESS", "STATE_"), "in progress");
        assert_eq!(euros(-123_405), "-1234.05");
        assert_eq!(duration(4500), "1 h 15 min");
    }
}
