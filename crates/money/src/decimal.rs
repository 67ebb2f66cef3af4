//! Rates and percentages: decimals as people write them in a contract.

use std::fmt;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::error::MoneyError;
use crate::fraction::Fraction;

/// A price per unit, in whole units of the contract's currency. It may be finer
/// than the currency: `0.00025` per event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rate(Decimal);

/// Parts of a hundred: a tax, a discount, a surcharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent(Decimal);

impl Rate {
    /// Reads `85.50`.
    ///
    /// # Errors
    /// [`MoneyError::NotANumber`], also for more digits than can be kept.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        decimal(text).map(Self)
    }

    /// The rate as it was written.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// What `quantity` costs, in whole units, not yet rounded.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn times(self, quantity: Fraction) -> Result<Fraction, MoneyError> {
        Fraction::from(self.0).try_mul(quantity)
    }
}

impl Percent {
    /// Reads `21` or `8.875`.
    ///
    /// # Errors
    /// [`MoneyError::NotANumber`], also for more digits than can be kept.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        decimal(text).map(Self)
    }

    /// Hundredths of a percent: 2,100 are 21 %.
    #[must_use]
    pub fn from_basis_points(points: i32) -> Self {
        Self(Decimal::new(i64::from(points), 2))
    }

    /// The percentage as it was written.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// The percentage as a factor: 21 % are 21 / 100.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn to_fraction(self) -> Result<Fraction, MoneyError> {
        Fraction::from(self.0).try_mul(Fraction::ratio(1, 100))
    }

    /// That part of `base`, rounded once: the tax of a category on its base.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn of(self, base: Money) -> Result<Money, MoneyError> {
        self.to_fraction()?.try_mul(base.to_fraction())?.round(base.currency())
    }
}

impl From<Decimal> for Rate {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl From<Decimal> for Percent {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// A decimal without exponent or separators, none of its digits lost.
fn decimal(text: &str) -> Result<Decimal, MoneyError> {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let decimal = Decimal::from_str_exact(text).ok().filter(|_| text.bytes().all(plain));
    decimal.ok_or_else(|| MoneyError::NotANumber(text.to_owned()))
}
