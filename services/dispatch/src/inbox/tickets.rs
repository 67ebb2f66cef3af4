//! What tickets tell.

use proto::tickets::v1::{TicketCancelled, VisitRequested};
use store::Work;

use crate::convert;
use crate::domain::state::Step;
use crate::error::Error;
use crate::store::visits;

/// Somebody has to go there.
///
/// # Errors
/// [`Error::SiteUnknown`] until the directory has told of the site.
pub async fn visit_requested(work: &mut Work, event: VisitRequested) -> Result<(), Error> {
    visits::request(work, convert::requested(event)?).await
}

/// Nobody has to go there any more. Whoever is on site already ends the visit there.
///
/// # Errors
/// Those of the store.
pub async fn ticket_cancelled(work: &mut Work, event: TicketCancelled) -> Result<(), Error> {
    let cancelled = convert::cancelled(event)?;
    for visit in visits::of_ticket(work, cancelled.ticket_id).await? {
        if visit.state.after(Step::Cancel).is_ok() {
            let change = visit.cancel("The ticket was cancelled.".to_owned())?;
            visits::keep(work, change, &cancelled.told).await?;
        }
    }
    Ok(())
}
