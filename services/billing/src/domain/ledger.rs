//! Double entry: what a finalised invoice does to the accounts. Each
//! transaction sums to zero in each currency, and the database insists.

use std::collections::BTreeMap;

use money::{Currency, MoneyError};
use uuid::Uuid;

use super::document::Document;
use super::rating::exact::sum;

/// The accounts that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What clients owe.
    Receivable,
    /// What was earned.
    Revenue,
    /// What is owed to the tax office.
    Vat,
    /// What vendors' work cost.
    VendorCost,
    /// What is owed to vendors that have not billed it yet.
    AccruedPayable,
}

impl Account {
    /// Its name in the books.
    pub fn code(self) -> &'static str {
        match self {
            Self::Receivable => "RECEIVABLE",
            Self::Revenue => "REVENUE",
            Self::Vat => "VAT",
            Self::VendorCost => "VENDOR_COST",
            Self::AccruedPayable => "ACCRUED_PAYABLE",
        }
    }
}

/// One side of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// Of a payable.
    pub vendor: Option<Uuid>,
    /// ISO 4217.
    pub currency: Currency,
    /// A debit is positive, a credit negative.
    pub amount_minor: i64,
}

/// What is owed to a vendor for one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payable {
    /// To whom.
    pub vendor: Uuid,
    /// ISO 4217.
    pub currency: Currency,
    /// In its smallest unit.
    pub cost_minor: i64,
}

/// The client owes the total; the net is earned, the tax is not ours.
pub fn of_invoice(document: &Document) -> Vec<Entry> {
    let entry = |account, amount_minor| Entry { account, vendor: None, currency: document.currency, amount_minor };
    let entries = [
        entry(Account::Receivable, document.total_minor),
        entry(Account::Revenue, -document.net_minor),
        entry(Account::Vat, -document.tax_minor),
    ];
    entries.into_iter().filter(|entry| entry.amount_minor != 0).collect()
}

/// What vendors' work cost is owed to them.
///
/// # Errors
/// [`MoneyError`].
pub fn of_costs(payables: &[Payable]) -> Result<Vec<Entry>, MoneyError> {
    let mut owed: BTreeMap<(Currency, Uuid), i64> = BTreeMap::new();
    for payable in payables {
        let amount = owed.entry((payable.currency, payable.vendor)).or_default();
        *amount = sum([*amount, payable.cost_minor])?;
    }
    let both = |((currency, vendor), amount_minor): ((Currency, Uuid), i64)| {
        let entry = |account, amount_minor| Entry { account, vendor: Some(vendor), currency, amount_minor };
        [entry(Account::VendorCost, amount_minor), entry(Account::AccruedPayable, -amount_minor)]
    };
    Ok(owed.into_iter().flat_map(both).filter(|entry| entry.amount_minor != 0).collect())
}
