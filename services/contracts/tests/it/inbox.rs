//! Events arrive together, and one of them is no good.

use chrono::{TimeDelta, Utc};
use events::dead_letters;
use proto::contracts::v1 as pb;
use testkit::eventually;
use uuid::Uuid;

use crate::bench::Bench;
use crate::contracts::agree;
use crate::tickets::report;

const P3: i32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_read_holds_up_none_of_the_others_and_is_put_aside() {
    let bench = Bench::start().await;
    let agreed = agree(&bench).await;
    let mut tickets: Vec<_> = (0..20).map(|_| report(agreed.tenant, P3, Utc::now() - TimeDelta::hours(1))).collect();
    let mut all: Vec<_> = tickets.iter_mut().map(|ticket| ticket.created(0)).collect();
    let mut broken = all[7].clone();
    (broken.id, broken.payload) = (Uuid::now_v7(), vec![0xff; 9]);
    all.insert(7, broken.clone());
    // Twice: what was heard in a batch that failed must be heard, and only once.
    futures::future::join_all(all.iter().chain(&all).map(|news| bench.tell(news.clone()))).await;

    for ticket in &tickets {
        bench.clock(ticket.id, pb::Metric::Resolution, |clock| clock.state() == pb::ClockState::Running).await;
    }
    let decided: Vec<pb::EntitlementDecided> = bench.announced().await;
    assert_eq!(decided.len(), tickets.len());
    let letters = eventually("the broken one to be put aside", || async {
        dead_letters(&bench.store).await.ok().filter(|letters| !letters.is_empty())
    })
    .await;
    assert_eq!(letters.iter().map(|letter| letter.id).collect::<Vec<_>>(), [broken.id]);
}
