//! Every way in which an amount can be refused.

use crate::currency::Currency;

/// Why there is no such amount, number or period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The code is no ISO 4217 currency with minor units.
    #[error("currency must be an ISO 4217 code such as EUR, not {0:?}")]
    CurrencyUnknown(String),
    /// Two currencies met in one operation.
    #[error("currency must be {expected}, not {found}")]
    CurrencyMismatch {
        /// The currency of the operation.
        expected: Currency,
        /// The one that entered it.
        found: Currency,
    },
    /// The text is no plain decimal number.
    #[error("amount must be a decimal number such as -1234.50, not {0:?}")]
    NotANumber(String),
    /// The amount has digits that its currency does not have.
    #[error("amount must have at most {decimals} decimals in {currency}")]
    TooPrecise {
        /// The currency of the amount.
        currency: Currency,
        /// Its number of decimals.
        decimals: u32,
    },
    /// The result does not fit its type.
    #[error("amount must lie within 64 bits of minor units, and its fractions within 128")]
    OutOfRange,
    /// A fraction has no value.
    #[error("denominator must not be zero")]
    ZeroDenominator,
    /// All weights are zero.
    #[error("weights must not all be zero")]
    NoWeight,
    /// The days are not days of the period.
    #[error("days must be a part of their period")]
    OutsidePeriod,
    /// The period would be empty, or turned around.
    #[error("period must end after it begins")]
    EmptyPeriod,
    /// The interval has no length.
    #[error("interval must be at least one month")]
    EmptyInterval,
    /// The date lies outside the years -9999 to 9999.
    #[error("date must lie within the years -9999 to 9999")]
    DateOutOfRange,
}

impl MoneyError {
    /// A name for programs. It never changes.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::CurrencyUnknown(_) => "CURRENCY_UNKNOWN",
            Self::CurrencyMismatch { .. } => "CURRENCY_MISMATCH",
            Self::NotANumber(_) => "NOT_A_NUMBER",
            Self::TooPrecise { .. } => "TOO_PRECISE",
            Self::OutOfRange => "AMOUNT_OUT_OF_RANGE",
            Self::ZeroDenominator => "ZERO_DENOMINATOR",
            Self::NoWeight => "NO_WEIGHT",
            Self::OutsidePeriod => "OUTSIDE_PERIOD",
            Self::EmptyPeriod => "EMPTY_PERIOD",
            Self::EmptyInterval => "EMPTY_INTERVAL",
            Self::DateOutOfRange => "DATE_OUT_OF_RANGE",
        }
    }
}
