//! Tickets that came in, and the work on them.

use proto::tickets::v1 as pb;
use store::Work;

use super::keep;
use crate::convert;
use crate::error::Error;

/// Priced only where a contract has a price per ticket.
///
/// # Errors
/// Those of the store.
pub async fn ticket_created(work: &mut Work, event: pb::TicketCreated) -> Result<(), Error> {
    keep(work, &[convert::ticket(&event.ticket.unwrap_or_default())?]).await
}

/// Somebody worked, and somebody else has checked it.
///
/// # Errors
/// Those of the store.
pub async fn time_entry_approved(work: &mut Work, event: pb::TimeEntryApproved) -> Result<(), Error> {
    keep(work, &[convert::time_entry(event.time_entry, &event.contract)?]).await
}
