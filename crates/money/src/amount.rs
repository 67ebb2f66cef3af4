//! Money: a whole number of minor units.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::error::MoneyError;
use crate::fraction::Fraction;

/// An amount in one currency. It is stored, sent and compared as it is: there is
/// no other representation to disagree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// So many minor units: cents for the euro, whole yen for the yen.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in that currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in whole units, exactly.
    #[must_use]
    pub fn to_fraction(self) -> Fraction {
        Fraction::ratio(self.minor, self.currency.minor_units())
    }

    /// Both amounts together.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn try_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_add(other.minor_in(self.currency)?))
    }

    /// This amount less the other.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn try_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_sub(other.minor_in(self.currency)?))
    }

    /// The same amount owed in the other direction.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn try_neg(self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_neg())
    }

    /// Which of two amounts is the greater.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`].
    pub fn try_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        Ok(self.minor.cmp(&other.minor_in(self.currency)?))
    }

    /// All amounts together, in the currency of the document they stand in. Only
    /// the total has to fit: what it passes on the way does not matter.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`], [`MoneyError::OutOfRange`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let minors = amounts.into_iter().map(|amount| amount.minor_in(currency).map(i128::from));
        let total: i128 = minors.sum::<Result<_, _>>()?;
        let minor = i64::try_from(total).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self::new(minor, currency))
    }

    fn minor_in(self, expected: Currency) -> Result<i64, MoneyError> {
        if self.currency == expected {
            return Ok(self.minor);
        }
        Err(MoneyError::CurrencyMismatch { expected, found: self.currency })
    }

    fn with(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self { minor, ..self }).ok_or(MoneyError::OutOfRange)
    }
}
