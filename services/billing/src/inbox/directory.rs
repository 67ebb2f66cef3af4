//! Who is billed, where, and in which currency.

use proto::directory::v1 as pb;
use store::Work;

use crate::error::Error;
use crate::{convert, store::announced};

/// A client came.
///
/// # Errors
/// Those of the store.
pub async fn tenant_created(work: &mut Work, event: pb::TenantCreated) -> Result<(), Error> {
    announced::keep_tenant(work, convert::tenant(event.tenant)?).await
}
