//! Closing one client's month: rate, add up, and say what stands in the way
//! of sending it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use money::Currency;
use service::name;
use uuid::Uuid;

use super::civil::Month;
use super::cost::{self, Cost};
use super::document::{Buyer, Document};
use super::fact::Fact;
use super::rating::{self, Inputs, Past};
use super::tenant;
use super::terms::{Contract, RateCard};
use crate::error::Error;

/// All that the invoice of a month depends on.
#[derive(Debug, Clone)]
pub struct Books {
    /// Who pays.
    pub tenant: tenant::Model,
    /// All of the client's.
    pub contracts: Vec<Contract>,
    /// All vendors'.
    pub cards: Vec<RateCard>,
    /// See [`Inputs::facts`].
    pub facts: Vec<Fact>,
    /// What was finalised before.
    pub past: Past,
    /// Months with an invoice that bills nothing: they need no number.
    pub empty: BTreeSet<Month>,
    /// Facts of which another content was told under the same name.
    pub disputed: BTreeSet<Uuid>,
}

/// A computed invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What stands on it.
    pub document: Document,
    /// What the vendors' part in it costs.
    pub costs: Vec<Cost>,
    /// Why it must not be sent, if anything: a code, and what it is about.
    pub park_reasons: Vec<String>,
}

impl Books {
    /// Computes the invoice of `month`, as of `now`.
    ///
    /// # Errors
    /// [`Error::MonthNotOver`], [`Error::MonthClosed`], [`Error::AmountOutOfBounds`].
    pub fn close(&self, month: Month, now: DateTime<Utc>) -> Result<Draft, Error> {
        let civil = self.tenant.civil()?;
        if now < civil.start(month.end()) {
            return Err(Error::MonthNotOver { month, zone: self.tenant.zone.clone() });
        }
        if self.past.closed(month) {
            return Err(Error::MonthClosed { month });
        }
        // What is priced in another currency is not known here: its facts are
        // held, and say so.
        let contracts: Vec<Contract> =
            self.contracts.iter().filter(|c| c.currency.code() == self.tenant.currency).cloned().collect();
        let inputs = Inputs { civil: &civil, month, contracts: &contracts, facts: &self.facts, past: &self.past };
        let rated = rating::rate(inputs)?;
        let mut reasons = self.open_before(month);
        reasons.extend(self.other_currency(month));
        reasons.extend(rated.held.iter().map(|fact| format!("FACT_HELD: {}", name("facts", *fact))));
        let document = Document::of(self.buyer(), Currency::from_code(&self.tenant.currency)?, month, rated)?;
        let settled = document.facts();
        let disputed = self.facts.iter().filter(|fact| settled.contains(&fact.id) && self.disputed.contains(&fact.id));
        reasons.extend(disputed.map(|fact| format!("FACT_DISPUTED: {}", name("facts", fact.id))));
        let costs = self.costs(&settled, &mut reasons)?;
        if document.total_minor < 0 {
            reasons.push("AMOUNT_NEGATIVE: more is given back than charged".to_owned());
        }
        reasons.sort_unstable();
        Ok(Draft { document, costs, park_reasons: reasons })
    }

    fn buyer(&self) -> Buyer {
        let tenant::Model { id, display_name, tax_number, .. } = &self.tenant;
        Buyer { tenant: *id, display_name: display_name.clone(), tax_number: tax_number.clone() }
    }

    fn costs(&self, settled: &BTreeSet<Uuid>, reasons: &mut Vec<String>) -> Result<Vec<Cost>, Error> {
        let mut costs = Vec::new();
        for fact in self.facts.iter().filter(|fact| settled.contains(&fact.id)) {
            let Some(vendor) = fact.vendor() else { continue };
            match cost::accrue(fact, vendor, &self.cards)? {
                Some(cost) if cost.currency.code() != self.tenant.currency => {
                    reasons.push(format!("VENDOR_COST_IN_{}: {}", cost.currency, name("facts", fact.id)));
                }
                Some(cost) => costs.push(cost),
                None => {
                    let (fact, vendor, work_type) = (name("facts", fact.id), name("vendors", vendor), &fact.work_type);
                    reasons.push(format!("VENDOR_COST_MISSING: {fact} of {vendor} has no rate for {work_type}"));
                }
            }
        }
        costs.sort_unstable_by_key(|cost| cost.fact);
        Ok(costs)
    }

    /// Months are finalised in order: those before this one that are covered
    /// and neither closed nor empty.
    fn open_before(&self, month: Month) -> Vec<String> {
        let Some(first) = self.contracts.iter().map(|contract| Month::of(contract.start)).min() else {
            return Vec::new();
        };
        let first = self.past.through.map_or(first, |through| first.max(through.next()));
        std::iter::successors(Some(first), |month| Some(month.next()))
            .take_while(|earlier| *earlier < month)
            .filter(|earlier| !self.empty.contains(earlier))
            .map(|earlier| format!("MONTH_OPEN: {earlier}"))
            .collect()
    }

    fn other_currency(&self, month: Month) -> Vec<String> {
        let others =
            self.contracts.iter().filter(|c| c.currency.code() != self.tenant.currency && c.start < month.end());
        others.map(|c| format!("CONTRACT_IN_{}: {}", c.currency, name("contracts", c.id))).collect()
    }
}

#[cfg(test)]
#[path = "closing_tests.rs"]
mod tests;
