//! Durations as JSON numbers of seconds, exact to the nanosecond.

use jiff::SignedDuration;
use serde_json::value::RawValue;

/// Decimal places of a second that are kept.
const PLACES: i32 = 9;

/// A number of seconds, rounded half up to the nanosecond; not below zero.
///
/// Read from its digits: `0.1` has no exact binary fraction.
pub(super) fn parse(raw: &RawValue) -> Option<SignedDuration> {
    let (digits, exponent) = raw.get().split_once(['e', 'E']).unwrap_or((raw.get(), "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let nanos = match PLACES.checked_sub(places)? {
        _ if digits == 0 => 0,
        up @ 0.. => digits.checked_mul(10_i128.checked_pow(up.unsigned_abs())?)?,
        down => match 10_i128.checked_pow(down.unsigned_abs()) {
            Some(unit) => digits / unit + (digits % unit * 2 / unit),
            None => 0,
        },
    };
    SignedDuration::try_from_nanos_i128(nanos).filter(|duration| !duration.is_negative())
}

/// The same number without a trailing zero.
pub(super) fn render(duration: SignedDuration) -> String {
    let sign = if duration.is_negative() { "-" } else { "" };
    let size = duration.unsigned_abs();
    let number = format!("{sign}{}.{:09}", size.as_secs(), size.subsec_nanos());
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{parse, render};
    use serde_json::value::RawValue;

    fn round_trip(text: &str) -> Option<String> {
        let raw: &RawValue = serde_json::from_str(text).unwrap();
        parse(raw).map(render)
    }

    #[test]
    fn seconds_keep_their_digits() {
        for (text, exact) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("3600", "3600"),
            ("0.1", "0.1"),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("2.5E-1", "0.25"),
            ("1e-400", "0"),
            ("0e999999999", "0"),
            ("0.0000000005", "0.000000001"),
            ("0.30000000000000004", "0.3"),
        ] {
            assert_eq!(round_trip(text).as_deref(), Some(exact), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["-1", "-0.5", "1e400", "1e99999999999", "null", "\"5\"", "true", "[1]"] {
            assert_eq!(round_trip(text), None, "{text}");
        }
    }
}
