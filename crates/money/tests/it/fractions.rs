//! Fractions, rates and percentages, and their one rounding.

use money::{Currency, Fraction, Money, MoneyError, Percent, Rate, round_half_away};
use proptest::prelude::*;

use crate::{cents, eur};

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn fraction(num: i128, den: i128) -> Fraction {
    Fraction::new(num, den).expect("a fraction")
}

#[test]
fn a_half_is_rounded_away_from_zero() {
    for (num, den, nearest) in [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (-5, -2, 3),
        (49, 100, 0),
        (-49, 100, 0),
        (1, 2, 1),
        (-1, 2, -1),
        (0, 7, 0),
        (2, 3, 1),
        (1, 3, 0),
        (i128::MAX, i128::MAX, 1),
        (i128::from(i64::MIN), 1, i64::MIN),
    ] {
        assert_eq!(round_half_away(num, den), Ok(nearest), "{num}/{den}");
    }
    assert_eq!(round_half_away(1, 0), Err(MoneyError::ZeroDenominator));
    assert_eq!(round_half_away(i128::from(i64::MAX) + 1, 1), Err(MoneyError::OutOfRange));
    assert_eq!(round_half_away(i128::MIN, -1), Err(MoneyError::OutOfRange));
}

#[test]
fn a_line_is_rounded_once_at_its_net() {
    // Three times seven minutes: rounding each entry would add a cent.
    let entry = rate("85.50").times(fraction(7, 60)).expect("in range");
    let line = entry.try_mul(Fraction::from(3)).expect("in range");
    assert_eq!(entry.round(Currency::EUR), Ok(eur("9.98")));
    assert_eq!(line.round(Currency::EUR), Ok(eur("29.93")));
    let third = rate("0.10").times(fraction(1, 3)).expect("in range");
    assert_eq!(third.round(Currency::EUR), Ok(eur("0.03")));
    let three = third.try_add(third).and_then(|sum| sum.try_add(third)).expect("in range");
    assert_eq!(three.round(Currency::EUR), Ok(eur("0.10")));
}

#[test]
fn t39_no_digit_of_a_rate_passes_through_a_float() {
    // 1.005 is below one and a half hundredths as a binary fraction.
    assert_eq!(rate("1.005").times(Fraction::ONE).expect("in range").round(Currency::EUR), Ok(eur("1.01")));
    assert_eq!(rate("-1.005").times(Fraction::ONE).expect("in range").round(Currency::EUR), Ok(eur("-1.01")));
    for text in ["1e3", "1_000", "0x10", "", "-", "NaN", " 1", "1,5"] {
        assert_eq!(Rate::parse(text), Err(MoneyError::NotANumber(text.into())), "{text}");
    }
}

#[test]
fn t41_an_amount_is_rounded_to_the_decimals_of_its_currency() {
    let exact = rate("1234.5678").times(Fraction::ONE).expect("in range");
    let rounded = |currency| exact.round(currency).expect("in range").to_string();
    assert_eq!(rounded(Currency::JPY), "1,235 JPY");
    assert_eq!(rounded(Currency::EUR), "1,234.57 EUR");
    assert_eq!(rounded(Currency::KWD), "1,234.568 KWD");
}

#[test]
fn t45_a_rate_keeps_more_than_six_decimals() {
    let events = rate("0.00000025").times(Fraction::from(1_000_000)).expect("in range");
    assert_eq!(events.round(Currency::EUR), Ok(eur("0.25")));
    assert_eq!(rate("0.00000025").to_string(), "0.00000025");
    let too_long = "0.12345678901234567890123456789012345";
    assert_eq!(Rate::parse(too_long), Err(MoneyError::NotANumber(too_long.into())));
}

#[test]
fn tax_is_rounded_once_on_its_base() {
    let tax = |percent: &str, base| Percent::parse(percent).expect("a percentage").of(eur(base));
    assert_eq!(tax("21", "12.35"), Ok(eur("2.59")));
    assert_eq!(tax("5.2", "100.00"), Ok(eur("5.20")));
    assert_eq!(tax("8.875", "99.99"), Ok(eur("8.87")));
    assert_eq!(tax("21", "-12.35"), Ok(eur("-2.59")));
    assert_eq!(Percent::from_basis_points(2100).of(eur("12.35")), Ok(eur("2.59")));
    // Thrice the tax of an item is not the tax of three.
    assert_eq!(tax("21", "0.07"), Ok(eur("0.01")));
    assert_eq!(tax("21", "0.21"), Ok(eur("0.04")));
    let yen = Money::new(105, Currency::JPY);
    assert_eq!(Percent::from_basis_points(1000).of(yen), Ok(Money::new(11, Currency::JPY)));
    assert_eq!(Percent::from_basis_points(2100).to_string(), "21.00 %");
}

#[test]
fn t46_a_quantity_between_two_whole_numbers_has_its_place() {
    let quantity = fraction(995, 10);
    assert!(Fraction::from(99) < quantity && quantity < Fraction::from(100));
    assert!(fraction(-1, 2) < Fraction::ZERO && fraction(-1, 3) > fraction(-1, 2));
    let (big, bigger) = (fraction(i128::MAX - 1, i128::MAX), fraction(i128::MAX, i128::MAX - 1));
    assert!(big < Fraction::ONE && Fraction::ONE < bigger && big < bigger);
}

#[test]
fn a_fraction_that_does_not_fit_is_an_error() {
    let huge = fraction(i128::MAX, 1);
    assert_eq!(huge.try_add(Fraction::ONE), Err(MoneyError::OutOfRange));
    assert_eq!(huge.try_mul(Fraction::from(2)), Err(MoneyError::OutOfRange));
    assert_eq!(huge.round(Currency::EUR), Err(MoneyError::OutOfRange));
    assert_eq!(Fraction::new(1, 0), Err(MoneyError::ZeroDenominator));
    assert_eq!(Fraction::new(i128::MIN, -1), Err(MoneyError::OutOfRange));
    assert_eq!(fraction(6, -4), fraction(-3, 2));
    assert_eq!((fraction(6, -4).num(), fraction(6, -4).den()), (-3, 2));
    // The product is 1 although neither cross product fits.
    let inverse = fraction(1, i128::MAX);
    assert_eq!(huge.try_mul(inverse), Ok(Fraction::ONE));
}

fn small() -> impl Strategy<Value = Fraction> {
    (-1_000_000_i128..1_000_000, 1..10_000_i128).prop_map(|(num, den)| fraction(num, den))
}

proptest! {
    #[test]
    fn fractions_are_a_field(a in small(), b in small(), c in small()) {
        prop_assert_eq!(a.try_add(b)?, b.try_add(a)?);
        prop_assert_eq!(a.try_add(b)?.try_sub(b)?, a);
        prop_assert_eq!(a.try_mul(b)?, b.try_mul(a)?);
        prop_assert_eq!(a.try_mul(b.try_add(c)?)?, a.try_mul(b)?.try_add(a.try_mul(c)?)?);
        prop_assert_eq!(a.cmp(&b), (a.num() * b.den()).cmp(&(b.num() * a.den())));
        prop_assert_eq!(a.try_mul(Fraction::ZERO)?, Fraction::ZERO);
    }

    #[test]
    fn rounding_is_the_nearest_and_odd(num in -i64::MAX..i64::MAX, den in 1..1_000_000_i64) {
        let (num, den) = (i128::from(num), i128::from(den));
        let nearest = round_half_away(num, den)?;
        let off = (i128::from(nearest) * den - num).abs() * 2;
        prop_assert!(off <= den);
        prop_assert!(off < den || (i128::from(nearest) * den).abs() > num.abs());
        prop_assert_eq!(round_half_away(-num, den)?, -nearest);
        prop_assert_eq!(round_half_away(num, -den)?, -nearest);
    }

    #[test]
    fn t32_marginals_telescope(quantities in prop::collection::vec(0..5000_i64, 1..20)) {
        // Each event costs what the total grows by, so the parts are the whole.
        let cost = |units: i64| rate("0.0333").times(Fraction::from(units))?.round(Currency::EUR);
        let (mut seen, mut charged) = (0, cents(0));
        for units in quantities {
            charged = charged.try_add(cost(seen + units)?.try_sub(cost(seen)?)?)?;
            seen += units;
        }
        prop_assert_eq!(charged, cost(seen)?);
    }
}
