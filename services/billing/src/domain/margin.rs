//! What is left: revenue less vendor cost, of the same facts.

use std::collections::BTreeMap;

use money::MoneyError;
use uuid::Uuid;

use super::document::Document;
use super::rating::exact::sum;

/// Revenue and cost of something, in the currency's smallest unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Margin {
    /// What clients are charged, without tax.
    pub revenue_minor: i64,
    /// What vendors' work costs.
    pub cost_minor: i64,
}

impl Margin {
    /// What is left.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn left(self) -> Result<i64, MoneyError> {
        self.revenue_minor.checked_sub(self.cost_minor).ok_or(MoneyError::OutOfRange)
    }

    fn and(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            revenue_minor: sum([self.revenue_minor, other.revenue_minor])?,
            cost_minor: sum([self.cost_minor, other.cost_minor])?,
        })
    }
}

/// By contract and ticket; none is what belongs to no contract or no ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Margins(BTreeMap<(Option<Uuid>, Option<Uuid>), Margin>);

impl Margins {
    /// Adds what `document` charges. A charge that bills facts is their
    /// tickets'; one that bills none is the contract's.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn earn(&mut self, document: &Document) -> Result<(), MoneyError> {
        for charge in &document.charges {
            let revenue = |revenue_minor| Margin { revenue_minor, cost_minor: 0 };
            if charge.shares.is_empty() {
                self.add(Some(charge.contract), None, revenue(charge.net_minor))?;
            }
            for share in &charge.shares {
                self.add(Some(charge.contract), share.ticket, revenue(share.net_minor))?;
            }
        }
        Ok(())
    }

    /// Adds what a vendor's work costs.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn spend(&mut self, contract: Option<Uuid>, ticket: Option<Uuid>, cost_minor: i64) -> Result<(), MoneyError> {
        self.add(contract, ticket, Margin { revenue_minor: 0, cost_minor })
    }

    fn add(&mut self, contract: Option<Uuid>, ticket: Option<Uuid>, margin: Margin) -> Result<(), MoneyError> {
        let sum = self.0.entry((contract, ticket)).or_default();
        *sum = sum.and(margin)?;
        Ok(())
    }

    /// Each contract and ticket, in order.
    pub fn rows(&self) -> impl Iterator<Item = (Option<Uuid>, Option<Uuid>, Margin)> {
        self.0.iter().map(|((contract, ticket), margin)| (*contract, *ticket, *margin))
    }

    /// All of it.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn total(&self) -> Result<Margin, MoneyError> {
        self.0.values().try_fold(Margin::default(), |sum, margin| sum.and(*margin))
    }
}
