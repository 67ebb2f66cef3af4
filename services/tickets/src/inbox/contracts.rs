//! What the contracts service decides about tickets.

use proto::contracts::v1::EntitlementDecided;
use store::Work;

use crate::convert::ticket::entitlement;
use crate::error::Error;
use crate::store::tickets;

/// The ticket knows from here on what its contract says of it.
///
/// # Errors
/// Those of the store.
pub async fn decided(work: &mut Work, event: EntitlementDecided) -> Result<(), Error> {
    let (ticket, decision) = entitlement(event.entitlement.unwrap_or_default())?;
    tickets::entitle(work, ticket, &decision).await
}
