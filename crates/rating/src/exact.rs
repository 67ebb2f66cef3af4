//! Sums of minor units of one currency.

use money::MoneyError;

/// The exact sum of amounts.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64, MoneyError> {
    amounts.into_iter().try_fold(0, i64::checked_add).ok_or(MoneyError::OutOfRange)
}
