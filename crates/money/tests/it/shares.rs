//! Parts that sum to the whole: allocation and proration.

use money::{Currency, Money, MoneyError, allocate, prorate};
use proptest::prelude::*;

use crate::{cents, eur};

fn shares(total: i64, weights: &[u64]) -> Vec<i64> {
    let shares = allocate(cents(total), weights).expect("shares");
    shares.into_iter().map(Money::minor).collect()
}

#[test]
fn the_largest_remainder_gets_the_cent() {
    assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(shares(101, &[1, 2, 3]), [17, 34, 50]);
    assert_eq!(shares(100, &[0, 3, 0, 3, 1]), [0, 43, 0, 43, 14]);
    assert_eq!(shares(2, &[1, 1, 1, 1]), [1, 1, 0, 0]);
    assert_eq!(shares(0, &[1, 2]), [0, 0]);
    assert_eq!(shares(7, &[5]), [7]);
    assert_eq!(shares(i64::MIN, &[u64::MAX, 0]), [i64::MIN, 0]);
}

#[test]
fn there_is_nothing_to_share_by_without_a_weight() {
    assert_eq!(allocate(cents(100), &[]), Err(MoneyError::NoWeight));
    assert_eq!(allocate(cents(100), &[0, 0]), Err(MoneyError::NoWeight));
}

#[test]
fn t63_a_share_of_tax_sums_to_the_tax() {
    let tax = shares(1995, &[33_33, 33_33, 28_34]);
    assert_eq!(tax.iter().sum::<i64>(), 1995);
    assert_eq!(tax, [700, 700, 595]);
}

#[test]
fn t10_the_days_of_a_period_sum_to_its_price() {
    let price = eur("100.00");
    let day = |day| prorate(price, day..day + 1, 31).expect("a day");
    assert_eq!(Money::sum(Currency::EUR, (0..31).map(day)), Ok(price));
    assert_eq!(day(0), eur("3.23"));
    assert_eq!(day(1), eur("3.22"));
    assert_eq!(prorate(price, 0..31, 31), Ok(price));
    assert_eq!(prorate(price, 7..7, 31), Ok(eur("0.00")));
}

#[test]
fn days_beyond_the_period_are_refused() {
    for (start, end, period) in [(0, 32, 31), (5, 4, 31), (0, 0, 0), (31, 32, 31)] {
        let refused = prorate(eur("1.00"), start..end, period);
        assert_eq!(refused, Err(MoneyError::OutsidePeriod));
    }
}

proptest! {
    #[test]
    fn shares_sum_to_the_total_and_miss_their_quota_by_less_than_one(
        total: i64,
        weights in prop::collection::vec(prop_oneof![Just(0), 1..100_u64, any::<u64>()], 1..12),
    ) {
        let sum: u128 = weights.iter().copied().map(u128::from).sum();
        prop_assume!(sum > 0);
        let shares = shares(total, &weights);
        prop_assert_eq!(shares.iter().map(|share| i128::from(*share)).sum::<i128>(), i128::from(total));
        for (share, weight) in shares.iter().zip(&weights) {
            let quota = u128::from(total.unsigned_abs()) * u128::from(*weight);
            let below = quota / sum;
            let share_size = u128::from(share.unsigned_abs());
            prop_assert!(share_size == below || share_size == below + 1);
            prop_assert!(*share == 0 || share.signum() == total.signum());
            prop_assert!(quota % sum > 0 || share_size == below);
        }
        // Equal weights differ by a unit at most, the earlier one having it.
        for (first, second) in (0..weights.len()).flat_map(|i| (i + 1..weights.len()).map(move |j| (i, j))) {
            if weights[first] == weights[second] {
                prop_assert!(shares[first].unsigned_abs() >= shares[second].unsigned_abs());
            }
        }
    }

    #[test]
    fn i06_any_split_of_a_period_sums_to_the_whole(
        minor: i64,
        period in 1..400_u32,
        cuts in prop::collection::vec(0..400_u32, 0..8),
    ) {
        let price = cents(minor);
        let mut cuts: Vec<u32> = cuts.into_iter().map(|cut| cut % period).chain([0, period]).collect();
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|cut| prorate(price, cut[0]..cut[1], period));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        prop_assert_eq!(Money::sum(Currency::EUR, parts)?, price);
        prop_assert_eq!(prorate(price, 0..period, period)?, price);
    }

    #[test]
    fn i08_an_upgrade_taken_back_on_the_same_day_nets_nothing(
        old in 0..10_000_000_i64,
        new in 0..10_000_000_i64,
        period in 1..400_u32,
        day in 0..400_u32,
    ) {
        let day = day % period;
        let rest = |minor| prorate(cents(minor), day..period, period);
        let upgrade = rest(new)?.try_sub(rest(old)?)?;
        let downgrade = rest(old)?.try_sub(rest(new)?)?;
        prop_assert_eq!(upgrade.try_add(downgrade)?, Money::zero(Currency::EUR));
    }

    #[test]
    fn more_days_never_cost_less(minor in 0..i64::MAX, period in 1..400_u32, day in 0..400_u32) {
        let cost = |until| prorate(cents(minor), 0..until, period).map(Money::minor);
        let day = day % period;
        prop_assert!(cost(day)? <= cost(day + 1)?);
    }
}
