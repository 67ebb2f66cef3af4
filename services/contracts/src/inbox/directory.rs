//! Tenants come to be known.

use proto::directory::v1 as pb;
use store::Work;

use crate::convert;
use crate::error::Error;
use crate::store::contracts;

/// A tenant was made.
///
/// # Errors
/// Those of the store, [`Error::Unreadable`].
pub async fn tenant_created(work: &mut Work, event: pb::TenantCreated) -> Result<(), Error> {
    contracts::keep_tenant(work, convert::heard::tenant(event)?).await
}
