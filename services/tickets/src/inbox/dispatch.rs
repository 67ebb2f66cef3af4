//! What becomes of visits.

use prost_types::Timestamp;
use proto::dispatch::v1::{Visit, VisitCancelled, VisitCompleted, VisitNotAccessible};
use store::Work;

use super::mark;
use crate::convert::id;
use crate::convert::ticket::occurred;
use crate::domain::words::WaitReason;
use crate::error::Error;
use crate::store::tickets;

/// The work on site is done.
///
/// # Errors
/// Those of the store.
pub async fn completed(work: &mut Work, event: VisitCompleted) -> Result<(), Error> {
    ended(work, event.visit, event.occur_time).await
}

/// Nobody opened.
///
/// # Errors
/// Those of the store.
pub async fn not_accessible(work: &mut Work, event: VisitNotAccessible) -> Result<(), Error> {
    ended(work, event.visit, event.occur_time).await
}

/// Nobody goes.
///
/// # Errors
/// Those of the store.
pub async fn cancelled(work: &mut Work, event: VisitCancelled) -> Result<(), Error> {
    ended(work, event.visit, event.occur_time).await
}

/// The ticket waits for the visit no longer, if it still did.
async fn ended(work: &mut Work, visit: Option<Visit>, at: Option<Timestamp>) -> Result<(), Error> {
    let ticket = tickets::lock(work, id("visit.ticket", &visit.unwrap_or_default().ticket, "tickets")?).await?;
    if !ticket.reasons().contains(&WaitReason::Visit) {
        return Ok(());
    }
    let moment = occurred(at);
    let change = ticket.resume(Some(WaitReason::Visit), moment)?;
    tickets::keep(work, change, &mark(chrono::Utc::now())).await?;
    Ok(())
}
