//! What time itself does.

use proto::r#type::v1::Actor;
use service::Clock;
use store::{Scope, Store};

use crate::error::Error;
use crate::store::{Mark, handoffs, tickets};

/// Offers that nobody accepted in time expire, and go to the next in rank.
///
/// # Errors
/// Those of the store; what is not done now is done the next time.
pub async fn expire_offers(store: Store, clock: Clock) -> Result<(), Error> {
    let now = clock.now();
    let looking = store.begin(&Scope::worker(None)).await?;
    let late = handoffs::expired(&looking, now).await?;
    looking.commit().await?;
    let mark = Mark { actor: Actor { name: "services/tickets".to_owned(), acting: String::new() }, now };
    for seen in late {
        let mut work = store.begin(&Scope::worker(Some(seen.tenant_id))).await?;
        // The ticket first, as everywhere: whoever comes second waits here.
        let ticket = tickets::lock(&work, seen.ticket_id).await?;
        let handoff = handoffs::lock(&work, seen.id).await?;
        if let Ok(passed) = handoff.expire(&ticket, handoff.offer_expires_at) {
            handoffs::keep_and_pass_on(&mut work, passed, &mark).await?;
            work.commit().await?;
        }
    }
    Ok(())
}
