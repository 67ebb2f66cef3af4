//! Visits.

use proto::dispatch::v1 as pb;
use store::Work;

use super::keep;
use crate::convert;
use crate::error::Error;

/// Somebody was there.
///
/// # Errors
/// Those of the store.
pub async fn visit_completed(work: &mut Work, event: pb::VisitCompleted) -> Result<(), Error> {
    keep(work, &convert::visit(event.visit)?).await
}
