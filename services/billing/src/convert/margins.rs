//! Margins on the wire.

use proto::billing::v1 as pb;

use super::{money, name_or_empty};
use crate::domain::margin::{Margin, Margins};
use crate::error::Error;

/// A month's margins.
///
/// # Errors
/// [`Error::AmountOutOfBounds`].
pub fn margin(currency: &str, margins: &Margins) -> Result<pb::Margin, Error> {
    let mut rows = Vec::new();
    for (contract, ticket, margin) in margins.rows() {
        let Margin { revenue_minor, cost_minor } = margin;
        rows.push(pb::MarginRow {
            contract: name_or_empty("contracts", contract),
            ticket: name_or_empty("tickets", ticket),
            revenue: money(revenue_minor, currency),
            cost: money(cost_minor, currency),
            margin: money(margin.left()?, currency),
        });
    }
    let total = margins.total()?;
    Ok(pb::Margin {
        currency: currency.to_owned(),
        rows,
        revenue: money(total.revenue_minor, currency),
        cost: money(total.cost_minor, currency),
        margin: money(total.left()?, currency),
    })
}
