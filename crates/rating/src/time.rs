//! The price of work: cut, rounded up, drawn from what is included, weighed.

use calendar::Calendar;
use chrono::{DateTime, Utc};
use money::{MoneyError, round_half_away};
use rust_decimal::Decimal;

use crate::charge::{Piece, Segment};
use crate::civil::timestamp;
use crate::fact::Fact;
use crate::terms::TimePrice;

const MINUTE: i64 = 60;
const HOUR: i128 = 3_600;

/// An entry, cut at every edge of `calendar`. The pieces tile it: no second
/// is lost or counted twice.
pub fn cut(calendar: &Calendar, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<Segment> {
    let (start, end) = (timestamp(start), timestamp(end));
    let mut segments = Vec::new();
    let mut push = |from: jiff::Timestamp, to: jiff::Timestamp, after_hours| {
        if from < to {
            segments.push(Segment { start: instant(from), end: instant(to), after_hours });
        }
    };
    let mut at = start;
    for open in calendar.intervals(start, end) {
        push(at, open.start, true);
        push(open.start, open.end, false);
        at = open.end;
    }
    push(at, end, true);
    segments
}

fn instant(at: jiff::Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default()
}

/// What is charged of an entry: at least the minimum, in whole steps, both of
/// the entry and not of its segments. What is added counts as if the work had
/// gone on for as long. An entry of no duration is not work, and stays nothing.
pub fn rounded_up(worked: &[Segment], price: &TimePrice) -> Vec<Piece> {
    let mut pieces: Vec<Piece> =
        worked.iter().map(|segment| Piece { seconds: segment.seconds(), after_hours: segment.after_hours }).collect();
    let total: i64 = pieces.iter().map(|piece| piece.seconds).sum();
    let least = total.max(price.minimum_minutes * MINUTE);
    let step = (price.step_minutes * MINUTE).max(1);
    let charged = least.div_euclid(step) * step + if least.rem_euclid(step) > 0 { step } else { 0 };
    if let Some(last) = pieces.last_mut() {
        last.seconds += charged - total;
    }
    pieces
}

/// Work that the month's seats include.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// How much is left of it.
    pub left_seconds: i64,
}

impl Pool {
    /// Takes what it can of `pieces`, from the first on; says how much, and
    /// what remains to be charged.
    pub fn draw(&mut self, pieces: Vec<Piece>) -> (i64, Vec<Piece>) {
        let before = self.left_seconds;
        let mut rest = Vec::new();
        for piece in pieces {
            let drawn = piece.seconds.min(self.left_seconds);
            self.left_seconds -= drawn;
            if drawn < piece.seconds {
                rest.push(Piece { seconds: piece.seconds - drawn, ..piece });
            }
        }
        (before - self.left_seconds, rest)
    }
}

/// Seconds times multiplier, as an integer: the multiplier's decimals are in
/// [`scale`].
///
/// # Errors
/// [`MoneyError`].
pub fn weight(pieces: &[Piece], price: &TimePrice) -> Result<i128, MoneyError> {
    let plain = scale(price);
    let multiple = price.after_hours_multiplier.mantissa();
    pieces
        .iter()
        .try_fold(0i128, |sum, piece| {
            let factor = if piece.after_hours { multiple } else { plain };
            sum.checked_add(i128::from(piece.seconds).checked_mul(factor)?)
        })
        .ok_or(MoneyError::OutOfRange)
}

/// What `weight` costs, rounded here and nowhere else.
///
/// # Errors
/// [`MoneyError`].
pub fn cost(weight: i128, price: &TimePrice) -> Result<i64, MoneyError> {
    let exact = weight.checked_mul(i128::from(price.hourly_minor)).ok_or(MoneyError::OutOfRange)?;
    round_half_away(exact, scale(price) * HOUR)
}

fn scale(price: &TimePrice) -> i128 {
    10i128.pow(price.after_hours_multiplier.scale())
}

/// Hours, for people, to the fourth decimal.
pub fn hours(seconds: i64) -> Decimal {
    (Decimal::from(seconds) / Decimal::from(HOUR)).round_dp(4).normalize()
}

/// Whether `fact` lasted at all, to the second.
pub fn lasts(fact: &Fact) -> bool {
    fact.ended_at.is_some_and(|end| end.timestamp() > fact.started_at.timestamp())
}
