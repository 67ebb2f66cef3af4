//! Currencies of ISO 4217, each with its number of decimals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::MoneyError;

/// A currency that has minor units: not gold, not "no currency".
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro, with two decimals.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// The pound sterling, with two decimals.
    pub const GBP: Self = Self(iso_currency::Currency::GBP);
    /// The yen, with no decimals.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// The Kuwaiti dinar, with three decimals.
    pub const KWD: Self = Self(iso_currency::Currency::KWD);
    /// The United States dollar, with two decimals.
    pub const USD: Self = Self(iso_currency::Currency::USD);

    /// The currency of that three-letter code, in capitals.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyUnknown`].
    pub fn from_code(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| MoneyError::CurrencyUnknown(code.to_owned()))
    }

    /// The three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The number of decimals: 2 for the euro, 0 for the yen.
    #[must_use]
    pub fn decimals(self) -> u32 {
        // A currency without decimals of its own is refused at the door.
        self.0.exponent().map_or(0, u32::from)
    }

    /// Minor units in one whole unit: 100 for the euro.
    #[must_use]
    pub fn minor_units(self) -> i64 {
        10_i64.pow(self.decimals())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::from_code(code)
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::from_code(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}
