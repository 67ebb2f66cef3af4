//! What billing hears, and what it keeps of it. The order in which things are
//! heard does not matter: a fact waits for its contract, not the other way.

pub mod contracts;
pub mod directory;
pub mod dispatch;
pub mod tickets;

use store::Work;

use crate::domain::fact::Fact;
use crate::error::Error;
use crate::store::facts;

/// Keeps what an event says happened. One told before changes nothing, and one
/// told otherwise before is disputed there.
async fn keep(work: &Work, facts: &[Fact]) -> Result<(), Error> {
    facts::tell(work, facts).await?;
    Ok(())
}
