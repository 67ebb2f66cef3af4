//! From facts and contracts to charges: no I/O, no clock, no floats. The same
//! inputs give the same charges, in whatever order they come.
//!
//! - A fact belongs, as a whole, to the month and contract of its beginning.
//! - A month that was finalised is not opened again: what comes late for it is
//!   charged with the month being closed, as an adjustment of its own month.
//! - Every fact ends up on exactly one charge, or with a reason why on none,
//!   or is held because its contract is not known yet.

#![deny(clippy::float_arithmetic, clippy::disallowed_types)]

pub mod charge;
pub mod civil;
mod days;
pub mod document;
pub mod exact;
pub mod fact;
mod month;
pub mod preview;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod time;

use std::collections::{BTreeMap, BTreeSet};

use calendar::Calendar;
use money::MoneyError;
use uuid::Uuid;

use self::charge::{Charge, Unbilled, Why};
use self::civil::{Civil, Month};
use self::fact::{Fact, Kind};
use self::terms::{Contract, Price};

/// All that a charge depends on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The client's dates.
    pub civil: &'a Civil,
    /// The month that is closed.
    pub month: Month,
    /// All of the client's.
    pub contracts: &'a [Contract],
    /// Those not settled yet, and every number of seats ever set.
    pub facts: &'a [Fact],
    /// What was finalised before.
    pub past: &'a Past,
}

/// What finalised invoices have billed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// The last month that was finalised: it and all before it are closed.
    pub through: Option<Month>,
    /// The net so far, by contract, line and month served.
    pub billed: BTreeMap<(Uuid, String, Month), i64>,
    /// What was drawn from the pool, in seconds, by contract and month.
    pub drawn: BTreeMap<(Uuid, Month), i64>,
}

impl Past {
    /// Whether `month` is not opened again.
    pub fn closed(&self, month: Month) -> bool {
        self.through.is_some_and(|through| month <= through)
    }
}

/// What rating found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rated {
    /// Contract by contract, month by month, line by line.
    pub charges: Vec<Charge>,
    /// What is on no charge, and why.
    pub unbilled: Vec<Unbilled>,
    /// Facts whose contract is not known.
    pub held: Vec<Uuid>,
}

/// Why something cannot be rated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unratable {
    /// An amount is out of bounds.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// A calendar that the contracts service would not have accepted.
    #[error("the calendar of {0} cannot be read")]
    Calendar(Uuid),
}

/// Charges one client's month.
///
/// # Errors
/// [`Unratable`].
pub fn rate(inputs: Inputs<'_>) -> Result<Rated, Unratable> {
    let mut facts: Vec<&Fact> = inputs.facts.iter().collect();
    facts.sort_unstable_by_key(|fact| (fact.started_at, fact.id));
    facts.dedup_by_key(|fact| fact.id);
    let mut contracts: Vec<&Contract> = inputs.contracts.iter().collect();
    contracts.sort_unstable_by_key(|contract| contract.id);

    let mut rated = Rated::default();
    let sorted = sort(inputs, &facts, &contracts, &mut rated);
    for contract in contracts {
        let calendar = Calendar::new(contract.calendar.clone()).map_err(|_| Unratable::Calendar(contract.id))?;
        let seats = sorted.seats.get(&contract.id).map_or(&[][..], Vec::as_slice);
        for month in months(inputs, contract, &sorted) {
            let work = sorted.work.get(&(contract.id, month)).map_or(&[][..], Vec::as_slice);
            let bench = month::Bench { inputs, contract, calendar: &calendar, month, seats };
            bench.charge(work, &mut rated)?;
        }
    }
    Ok(rated)
}

/// Facts where they belong.
#[derive(Default)]
struct Sorted<'a> {
    work: BTreeMap<(Uuid, Month), Vec<&'a Fact>>,
    seats: BTreeMap<Uuid, Vec<&'a Fact>>,
}

fn sort<'a>(inputs: Inputs<'_>, facts: &[&'a Fact], contracts: &[&Contract], rated: &mut Rated) -> Sorted<'a> {
    let known: BTreeMap<Uuid, &Contract> = contracts.iter().map(|contract| (contract.id, *contract)).collect();
    let mut sorted = Sorted::default();
    for fact in facts {
        let month = fact.month(inputs.civil);
        if month > inputs.month {
            continue;
        }
        let open = month == inputs.month || inputs.past.closed(month);
        let unbilled = |reason| Unbilled { fact: fact.id, reason, contract: fact.contract_id, month };
        match fact.contract_id {
            None if open && !fact.settled => rated.unbilled.push(unbilled(Why::NoContract)),
            None => {}
            Some(id) if !known.contains_key(&id) => rated.held.push(fact.id),
            Some(id) if fact.kind == Kind::Seats => {
                sorted.seats.entry(id).or_default().push(fact);
                if open && !fact.settled {
                    rated.unbilled.push(unbilled(if sells_seats(known[&id], &fact.line) {
                        Why::InSeats
                    } else {
                        Why::NoPrice
                    }));
                }
            }
            Some(id) if open && !fact.settled => sorted.work.entry((id, month)).or_default().push(fact),
            Some(_) => {}
        }
    }
    sorted
}

fn sells_seats(contract: &Contract, line: &str) -> bool {
    contract.lines.iter().any(|sold| sold.id == line && matches!(sold.price, Price::Seat { .. }))
}

/// The month being closed, and every closed one that the contract covers or
/// has late work for: what such a month comes to now, less what was billed for
/// it, is its adjustment.
fn months(inputs: Inputs<'_>, contract: &Contract, sorted: &Sorted<'_>) -> BTreeSet<Month> {
    let worked = sorted.work.keys().filter(|(id, _)| *id == contract.id).map(|(_, month)| *month);
    let covered =
        std::iter::successors(Some(Month::of(contract.start)), |month| Some(month.next())).take_while(|month| {
            *month < inputs.month && inputs.past.closed(*month) && contract.end.is_none_or(|end| month.first() < end)
        });
    worked.chain(covered).chain([inputs.month]).collect()
}
