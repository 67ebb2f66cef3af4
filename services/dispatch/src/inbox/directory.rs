//! What the directory tells.

use proto::directory::v1::SiteCreated;
use store::Work;

use crate::convert;
use crate::error::Error;
use crate::store::sites;

/// From now on visits can go there.
///
/// # Errors
/// Those of the store.
pub async fn site_created(work: &mut Work, event: SiteCreated) -> Result<(), Error> {
    sites::learn(work, convert::site(event)?).await
}
