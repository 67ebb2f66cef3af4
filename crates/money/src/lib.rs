//! Exact amounts of money, and nothing that is not exact.
//!
//! - [`Money`] is a whole number of minor units in one [`Currency`].
//! - [`Fraction`] is everything that is not yet money: quantities, rates times
//!   quantities, shares. It stays a numerator and a denominator until the one
//!   point where [`Fraction::round`] makes it money, half away from zero.
//! - [`Rate`] and [`Percent`] are decimals as people write them.
//! - [`allocate`] and [`prorate`] cut an amount into parts that always sum to it.
//! - [`Schedule`] is the row of billing [`Period`]s of an anchor date.
//!
//! # Currencies do not mix
//!
//! A currency is data, read from a contract, so it cannot be a type parameter;
//! an operator on [`Money`] could therefore only panic, and there is none. A sum
//! of two currencies does not compile, because no sum does:
//!
//! ```compile_fail,E0369
//! # use money::{Currency, Money};
//! let mixed = Money::new(100, Currency::EUR) + Money::new(100, Currency::USD);
//! ```
//!
//! Two amounts meet in [`Money::try_add`] and its kin, which answer with the
//! mismatch, and many meet in [`Money::sum`], which is told the currency of the
//! document once and can fail only where an amount of another enters:
//!
//! ```
//! # use money::{Currency, Money, MoneyError};
//! let lines = [Money::new(19_333, Currency::EUR), Money::new(4_833, Currency::EUR)];
//! assert_eq!(Money::sum(Currency::EUR, lines)?.to_string(), "241.66 EUR");
//! # Ok::<(), MoneyError>(())
//! ```
//!
//! # From a rate to an amount
//!
//! ```
//! # use money::{Currency, Fraction, MoneyError, Percent, Rate};
//! let hours = Fraction::new(50, 60)?;
//! let net = Rate::parse("85.50")?.times(hours)?.round(Currency::EUR)?;
//! assert_eq!(net.to_string(), "71.25 EUR");
//! assert_eq!(Percent::parse("21")?.of(net)?.to_string(), "14.96 EUR");
//! # Ok::<(), MoneyError>(())
//! ```
#![deny(clippy::float_arithmetic, clippy::disallowed_types)]

mod amount;
mod currency;
mod decimal;
mod error;
mod fraction;
mod period;
mod share;
mod text;

pub use amount::Money;
pub use currency::Currency;
pub use decimal::{Percent, Rate};
pub use error::MoneyError;
pub use fraction::{Fraction, round_half_away};
pub use period::{Period, Schedule};
pub use share::{allocate, prorate};
