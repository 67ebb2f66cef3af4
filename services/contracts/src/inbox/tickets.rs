//! What happens to tickets: it is written down, and their clocks are derived
//! anew.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use proto::tickets::v1 as pb;
use service::Clock as Time;
use store::Work;
use uuid::Uuid;

use crate::convert;
use crate::domain::clock::Clock;
use crate::domain::clocks::derive;
use crate::domain::entitlement::{Case, decide};
use crate::domain::entry::{Entry, Fact};
use crate::error::Error;
use crate::store::shelf::Shelf;
use crate::store::{clocks, contracts, tickets};

/// Keeps the clocks of tickets.
pub struct Watch {
    /// Its time.
    pub time: Time,
    /// The promises.
    pub shelf: Arc<Shelf>,
}

/// How each event of one kind is taken in, once it was read.
pub fn each<E: Send + 'static>(
    watch: &Arc<Watch>,
    read: fn(E) -> Result<Entry, Error>,
) -> impl for<'w> Fn(&'w mut Work, E) -> BoxFuture<'w, Result<(), Error>> + Send + Sync + 'static {
    let watch = Arc::clone(watch);
    move |work, event| {
        let watch = Arc::clone(&watch);
        async move { watch.take_in(work, read(event)?).await }.boxed()
    }
}

impl Watch {
    /// A ticket was reported: what its contract says of it is decided, and its
    /// clocks begin.
    ///
    /// # Errors
    /// [`Error::TenantUnknownYet`] until it is, those of the store.
    pub async fn ticket_created(&self, work: &mut Work, event: pb::TicketCreated) -> Result<(), Error> {
        let (case, opened_at) = convert::heard::case(&event)?;
        let tenant = contracts::find_tenant(work, case.tenant_id).await?.ok_or(Error::TenantUnknownYet)?;
        let opened_on = tenant.date(opened_at).ok_or(Error::Unreadable("zone"))?;
        let active = contracts::active(work, case.tenant_id).await?;
        let decided = decide(&Case { opened_on, ..case }, &active, self.time.now());
        if tickets::decide(work, &decided).await? {
            work.announce(convert::clocks::entitlement_decided(&decided));
        }
        self.take_in(work, convert::heard::ticket_created(event)?).await
    }

    /// Writes `entry` down and derives the clocks of its ticket.
    async fn take_in(&self, work: &mut Work, mut entry: Entry) -> Result<(), Error> {
        if let Fact::Handoff(fact) = &mut entry.fact {
            fact.underpinning_contract_id = contracts::newest_promise(work, fact.vendor_id).await?;
        }
        tickets::record(work, &entry).await?;
        let log = tickets::log(work, entry.tenant_id, entry.ticket_id).await?;
        let terms = self.shelf.terms(log.sla_policy_id, &log.entries).await?;
        let derived = derive(&log.entries, &terms);
        if derived.is_empty() {
            return Ok(());
        }
        let now = self.time.now();
        let known = clocks::claim_of_ticket(work, entry.tenant_id, entry.ticket_id).await?;
        let mut changed = Vec::new();
        for clock in derived.iter().map(|clock| Clock::of(entry.tenant_id, entry.ticket_id, clock, now)) {
            let before = known.iter().find(|before| before.is_same_promise(&clock));
            let mut clock = clock.in_place_of(before, Uuid::now_v7());
            if let Some(telling) = clock.tell() {
                work.announce(convert::clocks::told(&clock, telling, now));
            }
            if before != Some(&clock) {
                changed.push(clock);
            }
        }
        clocks::keep(work, changed).await
    }
}
