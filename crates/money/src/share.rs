//! Cutting an amount into parts that always sum to it.

use std::cmp::Reverse;
use std::ops::Range;

use crate::amount::Money;
use crate::error::MoneyError;
use crate::fraction::round_half_away;

/// Shares of `total` in proportion to `weights`, by largest remainder: each share
/// is rounded towards zero, and the units left over go one each to the shares
/// that lost most, of equal ones to the first. A weight of zero gets nothing, and
/// a negative total is shared as its positive.
///
/// # Errors
/// [`MoneyError::NoWeight`] when all weights are zero, or there are none.
pub fn allocate(total: Money, weights: &[u64]) -> Result<Vec<Money>, MoneyError> {
    let sum: i128 = weights.iter().copied().map(i128::from).sum();
    if sum == 0 {
        return Err(MoneyError::NoWeight);
    }
    let whole = i128::from(total.minor());
    // 63 bits times 64 bits: the product always fits.
    let product = |weight: u64| whole * i128::from(weight);
    let mut shares: Vec<i128> = weights.iter().map(|weight| product(*weight) / sum).collect();
    let left = whole - shares.iter().sum::<i128>();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|index| Reverse((product(weights[*index]) % sum).abs()));
    // Each share lost less than a unit, so fewer units are left than shares lost one.
    for index in by_loss.into_iter().take(left.unsigned_abs() as usize) {
        shares[index] += left.signum();
    }
    let money = |minor: i128| match i64::try_from(minor) {
        Ok(minor) => Ok(Money::new(minor, total.currency())),
        Err(_) => Err(MoneyError::OutOfRange),
    };
    shares.into_iter().map(money).collect()
}

/// What the days `days` of a period of `period_days` cost when the whole period
/// costs `price`: cumulatively, so that day `k` costs `round(P·k/D) − round(P·(k−1)/D)`.
///
/// The whole period costs exactly `price`, and however it is split, the parts sum
/// to the whole.
///
/// # Errors
/// [`MoneyError::OutsidePeriod`] unless `0 ≤ start ≤ end ≤ period_days` and the
/// period has a day.
pub fn prorate(price: Money, days: Range<u32>, period_days: u32) -> Result<Money, MoneyError> {
    if days.start > days.end || days.end > period_days || period_days == 0 {
        return Err(MoneyError::OutsidePeriod);
    }
    let until = |day: u32| {
        let minor = round_half_away(i128::from(price.minor()) * i128::from(day), i128::from(period_days));
        minor.map(|minor| Money::new(minor, price.currency()))
    };
    until(days.end)?.try_sub(until(days.start)?)
}
