//! What is paid by the day: seats and flat lines.

use chrono::NaiveDate;
use money::{Money, MoneyError, prorate, round_half_away};

use crate::charge::{Period, Step};
use crate::civil::Month;
use crate::exact::sum;
use crate::fact::Fact;
use crate::terms::Contract;

/// So many units over some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which days.
    pub period: Period,
    /// How many.
    pub units: i64,
}

/// The days of `month` that `contract` covers; none if it covers none.
pub fn covered(contract: &Contract, month: Month) -> Option<Period> {
    let first = contract.start.max(month.first());
    let end = contract.end.unwrap_or(NaiveDate::MAX).min(month.end());
    (first < end).then_some(Period { first, end })
}

/// The seats of one line over `period`: `at_start` from the contract's start
/// on, then as `changes` say. Of two changes on one day the one with the
/// greater key holds, whichever came first.
pub fn seats(line: &str, at_start: i64, changes: &[&Fact], period: Period) -> Vec<Span> {
    let mut changes: Vec<_> =
        changes.iter().filter(|fact| fact.line == line).filter_map(|fact| Some((fact.effective_on?, fact))).collect();
    changes.sort_by(|(a, x), (b, y)| (a, &x.key, &x.source).cmp(&(b, &y.key, &y.source)));
    let mut spans: Vec<Span> = Vec::new();
    let mut add = |first: NaiveDate, end: NaiveDate, units: i64| {
        let (first, end) = (first.max(period.first), end.min(period.end));
        match spans.last_mut() {
            _ if first >= end => {}
            Some(last) if last.units == units => last.period.end = end,
            _ => spans.push(Span { period: Period { first, end }, units }),
        }
    };
    let (mut from, mut units) = (NaiveDate::MIN, at_start);
    for (on, fact) in changes {
        add(from, on, units);
        (from, units) = (on, fact.quantity);
    }
    add(from, NaiveDate::MAX, units);
    spans
}

/// What `spans` of `month` cost, and how.
///
/// # Errors
/// [`MoneyError`].
pub fn price(spans: &[Span], monthly: Money, month: Month) -> Result<(i64, Vec<Step>), MoneyError> {
    let day = |date: NaiveDate| u32::try_from((date - month.first()).num_days()).map_err(|_| MoneyError::OutsidePeriod);
    let period_days = day(month.end())?;
    let mut steps = Vec::with_capacity(spans.len());
    let mut amounts = Vec::with_capacity(spans.len());
    for Span { period: Period { first, end }, units } in spans.iter().copied() {
        let whole = monthly.minor().checked_mul(units).ok_or(MoneyError::OutOfRange)?;
        let whole = Money::new(whole, monthly.currency());
        let amount_minor = prorate(whole, day(first)?..day(end)?, period_days)?.minor();
        steps.push(Step::Days { first, end, of_days: month.days(), units, amount_minor });
        amounts.push(amount_minor);
    }
    Ok((sum(amounts)?, steps))
}

/// Units times days.
pub fn unit_days(spans: &[Span]) -> i128 {
    spans.iter().map(|span| i128::from(span.units) * i128::from((span.period.end - span.period.first).num_days())).sum()
}

/// The work that the seats of a month include, in seconds.
///
/// # Errors
/// [`MoneyError`].
pub fn included(spans: &[Span], minutes: i64, month: Month) -> Result<i64, MoneyError> {
    round_half_away(unit_days(spans) * i128::from(minutes) * 60, i128::from(month.days()))
}
