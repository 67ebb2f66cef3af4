//! Money as people read and write it.

use std::fmt;

use crate::amount::Money;
use crate::currency::Currency;
use crate::error::MoneyError;

impl Money {
    /// Reads `-1234.5`: digits, at most as many decimals as the currency has,
    /// and no separators, whose meaning depends on the country.
    ///
    /// # Errors
    /// [`MoneyError::NotANumber`], [`MoneyError::TooPrecise`], [`MoneyError::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(MoneyError::NotANumber(text.to_owned()));
        }
        // Zeros beyond the last decimal say nothing and cost nothing.
        let significant = decimals.trim_end_matches('0');
        let missing = (currency.decimals() as usize)
            .checked_sub(significant.len())
            .ok_or(MoneyError::TooPrecise { currency, decimals: currency.decimals() })?;
        let sign = if text.starts_with('-') { "-" } else { "" };
        let minor = format!("{sign}{whole}{significant}{:0<missing$}", "");
        let minor = minor.parse().map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self::new(minor, currency))
    }
}

/// `-1,234.50 EUR`, with exactly the decimals of the currency.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.currency().decimals() as usize;
        let digits = format!("{:0>least$}", self.minor().unsigned_abs(), least = width + 1);
        let (whole, decimals) = digits.split_at(digits.len() - width);
        if self.minor() < 0 {
            f.write_str("-")?;
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        let point = if width > 0 { "." } else { "" };
        write!(f, "{point}{decimals} {}", self.currency())
    }
}
