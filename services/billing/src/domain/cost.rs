//! What a vendor's work costs the operator, on the very fact that the client
//! is charged for. None of the client's business.

use calendar::Calendar;
use money::Currency;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::Fact;
use super::rating::Unratable;
use super::rating::charge::{Piece, Segment};
use super::rating::time;
use super::terms::{RateCard, TimePrice};

/// The cost of one fact. Each is rounded for itself: a vendor's bill is
/// matched entry by entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Which.
    pub fact: Uuid,
    /// Whose work it was.
    pub vendor: Uuid,
    /// The client's contract.
    pub contract: Option<Uuid>,
    /// The ticket it was for.
    pub ticket: Option<Uuid>,
    /// ISO 4217.
    pub currency: Currency,
    /// In its smallest unit.
    pub cost_minor: i64,
    /// How it came about.
    pub basis: Basis,
}

/// How a cost came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The underpinning contract.
    pub card: Uuid,
    /// Its rate.
    pub rate: TimePrice,
    /// The entry, cut at the edges of its calendar.
    pub worked: Vec<Segment>,
    /// What of it costs.
    pub charged: Vec<Piece>,
}

/// What `fact`, a vendor's work, costs by the vendor's `cards`; none if none of
/// them names its work type. The newest that was made before the work began
/// holds, else the oldest: a new card changes no cost of old work.
///
/// # Errors
/// [`Unratable`].
pub fn accrue(fact: &Fact, vendor: Uuid, cards: &[RateCard]) -> Result<Option<Cost>, Unratable> {
    let rate = |card: &'_ RateCard| card.rates.iter().position(|rate| rate.work_type == fact.work_type);
    let mut naming: Vec<&RateCard> =
        cards.iter().filter(|card| card.vendor_id == vendor && rate(card).is_some()).collect();
    naming.sort_unstable_by_key(|card| (card.created_at, card.id));
    let in_force = naming.iter().rfind(|card| card.created_at <= fact.started_at).or(naming.first());
    let Some((card, rate)) = in_force.and_then(|card| Some((*card, card.rates.get(rate(card)?)?))) else {
        return Ok(None);
    };
    let calendar = Calendar::new(card.calendar.clone()).map_err(|_| Unratable::Calendar(card.id))?;
    let worked = time::cut(&calendar, fact.started_at, fact.ended_at.unwrap_or(fact.started_at));
    let charged = time::rounded_up(&worked, rate);
    Ok(Some(Cost {
        fact: fact.id,
        vendor,
        contract: fact.contract_id,
        ticket: fact.ticket_id,
        currency: card.currency,
        cost_minor: time::cost(time::weight(&charged, rate)?, rate)?,
        basis: Basis { card: card.id, rate: rate.clone(), worked, charged },
    }))
}
