//! What stands on an invoice. It is kept as the very text that is hashed:
//! every rendering reads the amounts that stand there, and computes none.

use std::collections::{BTreeMap, BTreeSet};

use money::{Currency, Money, MoneyError, Percent};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Rated;
use crate::charge::{Charge, Unbilled};
use crate::civil::Month;
use crate::exact::sum;

/// Amounts are in the currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Who pays.
    pub buyer: Buyer,
    /// The month that was closed.
    pub month: Month,
    /// ISO 4217, of every amount.
    pub currency: Currency,
    /// What is charged.
    pub charges: Vec<Charge>,
    /// By percent, the lowest first.
    pub taxes: Vec<Tax>,
    /// The sum of the charges.
    pub net_minor: i64,
    /// The sum of the taxes.
    pub tax_minor: i64,
    /// Net and tax.
    pub total_minor: i64,
    /// Facts that were looked at and are on no charge.
    pub unbilled: Vec<Unbilled>,
}

/// The client, as it was when the month was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// Its id.
    pub tenant: Uuid,
    /// Its name.
    pub display_name: String,
    /// VAT identification number, or empty.
    pub tax_number: String,
}

/// The tax of one category (EN 16931 BG-23).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tax {
    /// VAT in percent.
    pub percent: Decimal,
    /// The sum of the category's lines.
    pub base_minor: i64,
    /// Of the base, rounded here.
    pub tax_minor: i64,
}

impl Document {
    /// Of what was rated. What it comes to follows EN 16931 BR-CO-10, -13, -14
    /// and -15: sums of what stands on it, tax by category from its base.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn of(buyer: Buyer, currency: Currency, month: Month, rated: Rated) -> Result<Self, MoneyError> {
        let Rated { charges, mut unbilled, held: _ } = rated;
        unbilled.sort_unstable_by_key(|unbilled| unbilled.fact);
        let taxes = taxes(currency, &charges)?;
        let net_minor = sum(charges.iter().map(|charge| charge.net_minor))?;
        let tax_minor = sum(taxes.iter().map(|tax| tax.tax_minor))?;
        Ok(Self {
            buyer,
            month,
            currency,
            charges,
            taxes,
            net_minor,
            tax_minor,
            total_minor: sum([net_minor, tax_minor])?,
            unbilled,
        })
    }

    /// Every fact that it settles, by a charge or a reason.
    pub fn facts(&self) -> BTreeSet<Uuid> {
        let billed = self.charges.iter().flat_map(|charge| &charge.shares).map(|share| share.fact);
        billed.chain(self.unbilled.iter().map(|unbilled| unbilled.fact)).collect()
    }
}

fn taxes(currency: Currency, charges: &[Charge]) -> Result<Vec<Tax>, MoneyError> {
    let mut bases: BTreeMap<Decimal, i64> = BTreeMap::new();
    for charge in charges {
        let base = bases.entry(charge.tax_percent).or_default();
        *base = sum([*base, charge.net_minor])?;
    }
    let tax = |(percent, base_minor): (Decimal, i64)| {
        let tax_minor = Percent::from(percent).of(Money::new(base_minor, currency))?.minor();
        Ok(Tax { percent, base_minor, tax_minor })
    };
    bases.into_iter().map(tax).collect()
}
