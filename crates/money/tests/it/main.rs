//! What money promises: cases from bugs that others shipped, and laws.

#![allow(clippy::expect_used, reason = "a helper of tests may stop them")]

mod amounts;
mod fractions;
mod periods;
mod shares;

use money::{Currency, Money};

/// Euros as they are written.
fn eur(text: &str) -> Money {
    Money::parse(text, Currency::EUR).expect("an amount")
}

fn cents(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}
