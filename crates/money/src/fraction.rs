//! Exact fractions, and the one way to round them.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::amount::Money;
use crate::currency::Currency;
use crate::error::MoneyError;

/// A number that is not yet money: a quantity, or an amount in whole units
/// before its one rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    num: i128,
    /// Positive, and without a common divisor with `num`.
    den: i128,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One whole.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`, in lowest terms: fifty minutes are `50 / 60` of an hour.
    ///
    /// # Errors
    /// [`MoneyError::ZeroDenominator`], [`MoneyError::OutOfRange`].
    pub fn new(num: i128, den: i128) -> Result<Self, MoneyError> {
        if den == 0 {
            return Err(MoneyError::ZeroDenominator);
        }
        let divisor = gcd(num, den).checked_mul(den.signum()).ok_or(MoneyError::OutOfRange)?;
        let divided = |part: i128| part.checked_div(divisor).ok_or(MoneyError::OutOfRange);
        Ok(Self { num: divided(num)?, den: divided(den)? })
    }

    /// A fraction of small numbers, which always fits. `den` must be positive.
    pub(crate) fn ratio(num: i64, den: i64) -> Self {
        let (num, den) = (i128::from(num), i128::from(den));
        let divisor = gcd(num, den);
        Self { num: num / divisor, den: den / divisor }
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub const fn num(self) -> i128 {
        self.num
    }

    /// The denominator in lowest terms; always positive.
    #[must_use]
    pub const fn den(self) -> i128 {
        self.den
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn try_add(self, other: Self) -> Result<Self, MoneyError> {
        let common = gcd(self.den, other.den);
        let sum = || {
            let left = self.num.checked_mul(other.den / common)?;
            let right = other.num.checked_mul(self.den / common)?;
            Some((left.checked_add(right)?, (self.den / common).checked_mul(other.den)?))
        };
        let (num, den) = sum().ok_or(MoneyError::OutOfRange)?;
        Self::new(num, den)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn try_sub(self, other: Self) -> Result<Self, MoneyError> {
        let num = other.num.checked_neg().ok_or(MoneyError::OutOfRange)?;
        self.try_add(Self { num, ..other })
    }

    /// The product.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn try_mul(self, other: Self) -> Result<Self, MoneyError> {
        // Divided before multiplied, a product that fits is never refused.
        let (left, right) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let num = (self.num / left).checked_mul(other.num / right);
        let den = (self.den / right).checked_mul(other.den / left);
        match (num, den) {
            (Some(num), Some(den)) => Ok(Self { num, den }),
            _ => Err(MoneyError::OutOfRange),
        }
    }

    /// The amount this fraction of whole units comes to: the one rounding, half
    /// away from zero, to the minor unit.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn round(self, currency: Currency) -> Result<Money, MoneyError> {
        let minor = self.try_mul(Self::from(currency.minor_units()))?;
        Ok(Money::new(round_half_away(minor.num, minor.den)?, currency))
    }
}

/// `num / den` as the nearest whole number, a half away from zero.
///
/// # Errors
/// [`MoneyError::ZeroDenominator`], [`MoneyError::OutOfRange`].
pub fn round_half_away(num: i128, den: i128) -> Result<i64, MoneyError> {
    let (size, unit) = (num.unsigned_abs(), den.unsigned_abs());
    let rest = size.checked_rem(unit).ok_or(MoneyError::ZeroDenominator)?;
    let nearest = size / unit + u128::from(rest >= unit - rest);
    let nearest = i128::try_from(nearest).map_err(|_| MoneyError::OutOfRange)?;
    let signed = if (num < 0) == (den < 0) { nearest } else { -nearest };
    i64::try_from(signed).map_err(|_| MoneyError::OutOfRange)
}

/// The greatest common divisor; at least 1, since one of the two is not zero.
fn gcd(left: i128, right: i128) -> i128 {
    let (mut left, mut right) = (left.unsigned_abs(), right.unsigned_abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    i128::try_from(left).unwrap_or(1)
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        // Cross products may not fit, so the continued fractions are compared.
        let whole = |one: &Self| (one.num.div_euclid(one.den), one.num.rem_euclid(one.den));
        let ((left, left_rest), (right, right_rest)) = (whole(self), whole(other));
        left.cmp(&right).then_with(|| match (left_rest, right_rest) {
            (0, _) | (_, 0) => left_rest.cmp(&right_rest),
            _ => {
                let left = Self { num: self.den, den: left_rest };
                Self { num: other.den, den: right_rest }.cmp(&left)
            }
        })
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Fraction {
    fn from(whole: i64) -> Self {
        Self { num: i128::from(whole), den: 1 }
    }
}

impl From<Decimal> for Fraction {
    fn from(decimal: Decimal) -> Self {
        // A decimal has at most 28 places and 96 bits: both parts fit.
        let (num, den) = (decimal.mantissa(), 10_i128.pow(decimal.scale()));
        let divisor = gcd(num, den);
        Self { num: num / divisor, den: den / divisor }
    }
}
