//! Amounts: currencies, text and sums.

use std::cmp::Ordering;

use money::{Currency, Money, MoneyError};
use proptest::prelude::*;

use crate::{cents, eur};

fn currency(code: &str) -> Currency {
    Currency::from_code(code).expect("a currency")
}

fn any_currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![Currency::EUR, Currency::JPY, Currency::KWD])
}

#[test]
fn t41_each_currency_has_its_own_decimals() {
    for (code, decimals) in [("JPY", 0), ("CLP", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("TND", 3)] {
        assert_eq!(currency(code).decimals(), decimals, "{code}");
    }
    for unknown in ["eur", "EURO", "", "XAU", "XXX"] {
        let refused = Currency::from_code(unknown);
        assert_eq!(refused, Err(MoneyError::CurrencyUnknown(unknown.into())));
    }
}

#[test]
fn an_amount_is_written_with_the_decimals_of_its_currency() {
    for (minor, code, text) in [
        (123_450, "EUR", "1,234.50 EUR"),
        (-123_450, "EUR", "-1,234.50 EUR"),
        (5, "EUR", "0.05 EUR"),
        (0, "EUR", "0.00 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (1_234_567, "JPY", "1,234,567 JPY"),
        (12, "JPY", "12 JPY"),
        (1_234_567, "KWD", "1,234.567 KWD"),
        (i64::MIN, "EUR", "-92,233,720,368,547,758.08 EUR"),
    ] {
        assert_eq!(Money::new(minor, currency(code)).to_string(), text);
    }
}

#[test]
fn an_amount_is_read_with_no_more_decimals_than_its_currency_has() {
    for (text, code, minor) in [
        ("12", "EUR", 1200),
        ("12.3", "EUR", 1230),
        ("-12.30", "EUR", -1230),
        ("-0.05", "EUR", -5),
        ("007", "EUR", 700),
        ("1.500", "EUR", 150),
        ("12.345", "KWD", 12_345),
        ("12", "JPY", 12),
        ("12.0", "JPY", 12),
        ("-92233720368547758.08", "EUR", i64::MIN),
    ] {
        let read = Money::parse(text, currency(code));
        assert_eq!(read, Ok(Money::new(minor, currency(code))), "{text}");
    }
    for text in ["", "-", ".", "1.", ".5", "1,50", "1 000", "+1", "--1", "1e3", "١", "NaN", "1.2.3"] {
        let read = Money::parse(text, Currency::EUR);
        assert_eq!(read, Err(MoneyError::NotANumber(text.into())), "{text}");
    }
    let too_precise = |currency, decimals| Err(MoneyError::TooPrecise { currency, decimals });
    assert_eq!(Money::parse("12.345", Currency::EUR), too_precise(Currency::EUR, 2));
    assert_eq!(Money::parse("12.5", Currency::JPY), too_precise(Currency::JPY, 0));
    assert_eq!(Money::parse("92233720368547758.08", Currency::EUR), Err(MoneyError::OutOfRange));
}

#[test]
fn an_amount_is_stored_as_minor_units_and_a_code() {
    let stored = serde_json::to_string(&eur("12.30")).expect("plain data");
    assert_eq!(stored, r#"{"minor":1230,"currency":"EUR"}"#);
    assert_eq!(serde_json::from_str::<Money>(&stored).expect("an amount"), eur("12.30"));
    for refused in [
        r#"{"minor":12.5,"currency":"EUR"}"#,
        r#"{"minor":1,"currency":"XXX"}"#,
        r#"{"minor":1,"currency":"EUR","major":0}"#,
    ] {
        assert!(serde_json::from_str::<Money>(refused).is_err(), "{refused}");
    }
}

#[test]
fn i22_two_currencies_never_meet() {
    let (euro, dollar) = (cents(100), Money::new(100, Currency::USD));
    let mismatch = MoneyError::CurrencyMismatch { expected: Currency::EUR, found: Currency::USD };
    assert_eq!(euro.try_add(dollar), Err(mismatch.clone()));
    assert_eq!(euro.try_sub(dollar), Err(mismatch.clone()));
    assert_eq!(euro.try_cmp(dollar), Err(mismatch.clone()));
    assert_eq!(Money::sum(Currency::EUR, [euro, dollar]), Err(mismatch.clone()));
    assert_eq!(mismatch.to_string(), "currency must be EUR, not USD");
    assert_ne!(euro, dollar);
}

#[test]
fn overflow_is_an_error_and_only_of_the_result() {
    let (most, least) = (cents(i64::MAX), cents(i64::MIN));
    assert_eq!(most.try_add(cents(1)), Err(MoneyError::OutOfRange));
    assert_eq!(least.try_sub(cents(1)), Err(MoneyError::OutOfRange));
    assert_eq!(least.try_neg(), Err(MoneyError::OutOfRange));
    assert_eq!(Money::sum(Currency::EUR, [most, most, least, least]), Ok(cents(-2)));
    assert_eq!(Money::sum(Currency::EUR, [most, cents(1)]), Err(MoneyError::OutOfRange));
    assert_eq!(Money::sum(Currency::EUR, []), Ok(Money::zero(Currency::EUR)));
}

#[test]
fn t35_the_printed_lines_sum_to_the_printed_total() {
    let total = Money::sum(Currency::EUR, [eur("193.33"), eur("48.33")]).expect("a sum");
    assert_eq!(total.to_string(), "241.66 EUR");
}

proptest! {
    #[test]
    fn sums_are_associative_and_have_a_zero_and_an_inverse(
        a in -1_000_000_000_000_i64..1_000_000_000_000,
        b in -1_000_000_000_000_i64..1_000_000_000_000,
        c in -1_000_000_000_000_i64..1_000_000_000_000,
    ) {
        let (x, y, z) = (cents(a), cents(b), cents(c));
        prop_assert_eq!(x.try_add(y)?.try_add(z)?, x.try_add(y.try_add(z)?)?);
        prop_assert_eq!(x.try_add(y)?, y.try_add(x)?);
        prop_assert_eq!(x.try_sub(y)?, x.try_add(y.try_neg()?)?);
        prop_assert_eq!(x.try_sub(x)?, Money::zero(Currency::EUR));
        prop_assert_eq!(Money::sum(Currency::EUR, [x, y, z])?, x.try_add(y)?.try_add(z)?);
        prop_assert_eq!(x.try_cmp(y)? == Ordering::Greater, x.try_sub(y)?.minor() > 0);
    }

    #[test]
    fn what_is_written_is_read_back(minor: i64, currency in any_currency()) {
        let money = Money::new(minor, currency);
        let text = money.to_string().replace(',', "");
        let (number, code) = text.split_once(' ').expect("a code");
        prop_assert_eq!(Money::parse(number, currency), Ok(money));
        prop_assert_eq!(code.parse::<Currency>(), Ok(currency));
        prop_assert_eq!(money.to_fraction().round(currency), Ok(money));
    }
}
