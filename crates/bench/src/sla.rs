//! A great many clocks: how late a miss is told while tickets go on happening,
//! what one event costs at each size, and whether the death of a worker loses
//! or doubles anything.

mod tickets;
mod worker;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use proto::contracts::v1::line::Price;
use proto::contracts::v1::{
    ActivateContractRequest, Calendar, ClockMissed, Contract, CreateCalendarRequest, CreateContractRequest,
    CreateSlaPolicyRequest, FlatPrice, Line, Opening, SlaPolicy, Target,
};
use proto::directory::v1::{CreateTenantRequest, Tenant};
use proto::r#type::v1::Money;
use relevo::rest::{Gateway, Session};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::pgbench::psql;
use crate::platform::{Platform, variable};

use tickets::Tickets;
use worker::Worker;

/// How long misses are waited for and events arrive.
const WINDOW: Duration = Duration::from_secs(20);
/// Events in a second.
const RATE: usize = 500;
/// Clocks that run out in a window, spread over it.
const MISSES: usize = 800;
/// Events published at once, to see what one costs.
const BURST: usize = 4_000;

/// Prints it for each number of running clocks.
///
/// # Errors
/// Any refusal, and anything lost or doubled.
pub async fn run(sizes: &[&str]) -> Result<()> {
    let sizes: Vec<usize> = sizes.iter().map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    let tenant = agree().await?;
    let mut tickets = Tickets::connect(tenant).await?;
    let mut workers = [Worker::start()?, Worker::start()?];
    tickets.publish(4, RATE).await?;
    tickets.taken_in().await?;
    println!(
        "two workers; {RATE} events/s and {MISSES} misses in {} s, one worker killed in the middle and back",
        WINDOW.as_secs()
    );
    println!(
        "{:>10}{:>10}{:>10}{:>7}{:>9}{:>16}{:>14}{:>14}",
        "clocks", "lag p50", "lag p99", "lost", "doubled", "shared (CPU)", "time/event", "CPU/event"
    );
    let mut costs = Vec::new();
    for size in sizes {
        let misses = window(size, tenant, &mut tickets, &mut workers).await?;
        let (each, cpu) = burst(&mut tickets, &workers).await?;
        let ms = |d: Duration| format!("{:.2} ms", d.as_secs_f64() * 1_000.0);
        println!(
            "{size:>10}{:>10}{:>10}{:>7}{:>9}{:>16}{:>14}{:>14}",
            ms(misses.at(0.5)),
            ms(misses.at(0.99)),
            misses.lost,
            misses.doubled,
            misses.shares,
            ms(each),
            ms(cpu)
        );
        ensure!(misses.lost == 0 && misses.doubled == 0, "each miss is told once");
        tickets.complete(&database(), tenant).await?;
        costs.push(each.as_secs_f64());
    }
    let (least, most) = costs.iter().fold((f64::MAX, f64::MIN), |(l, m), c| (l.min(*c), m.max(*c)));
    println!("an event costs up to {:.0} % more at one size than at another", (most / least - 1.0) * 100.0);
    Ok(())
}

/// The administrator's address, and that of the contracts service.
type Database = (String, String);

fn database() -> Database {
    let of = |name| variable(name).unwrap_or_default();
    (of("RELEVO_ADMIN_DATABASE_URL"), of("RELEVO_CONTRACTS_DATABASE_URL"))
}

/// What was heard of the misses of one window.
struct Misses {
    lags: Vec<Duration>,
    lost: usize,
    doubled: usize,
    shares: String,
}

impl Misses {
    fn at(&self, part: f64) -> Duration {
        self.lags.get((self.lags.len() as f64 * part) as usize).copied().unwrap_or_default()
    }
}

/// Brings the clocks that tick to `size`, lets some of them run out while
/// events arrive, kills a worker in the middle, and starts another.
async fn window(size: usize, tenant: Uuid, tickets: &mut Tickets, workers: &mut [Worker; 2]) -> Result<Misses> {
    let (admin, url) = database();
    let ticking = psql(&admin, &url, &["SELECT count(*) FROM clocks WHERE state = 'RUNNING'"]).await?;
    let more = size.saturating_sub(ticking.parse::<usize>()?);
    // The far ones first; they are due in a day, or later.
    let far = fill(tenant, more, "now() + interval '1 day' + random() * interval '30 days'");
    psql(&admin, &url, &[&far, "VACUUM (ANALYZE) clocks", "CHECKPOINT"]).await?;
    let before = [workers[0].cpu(), workers[1].cpu()];
    let heard = tickets.hear().await?;
    let gap = (WINDOW - Duration::from_secs(4)).as_secs_f64() / MISSES as f64;
    let near =
        fill(tenant, MISSES, &format!("clock_timestamp() + interval '2 seconds' + n * {gap} * interval '1 second'"));
    psql(&admin, &url, &[&near]).await?;
    let half = RATE * WINDOW.as_secs() as usize / 2;
    tickets.publish(half, RATE).await?;
    let used = [workers[0].cpu() - before[0], workers[1].cpu() - before[1]];
    workers[1].kill()?;
    tickets.publish(half / 2, RATE).await?;
    workers[1] = Worker::start()?;
    tickets.publish(half - half / 2, RATE).await?;
    tickets.taken_in().await?;
    let all: f64 = used.iter().map(Duration::as_secs_f64).sum();
    let share = |n: usize| used[n].as_secs_f64() / all * 100.0;
    counted(heard, format!("{:.0} % + {:.0} %", share(0), share(1))).await
}

/// Clocks that tick and that nothing will stop.
fn fill(tenant: Uuid, count: usize, due: &str) -> String {
    format!(
        "INSERT INTO clocks SELECT '{tenant}', gen_random_uuid(), gen_random_uuid(), 'SLA', 'RESOLUTION', NULL, NULL, 'P3', \
           gen_random_uuid(), gen_random_uuid(), 28800, 'RUNNING', now(), 0, now(), {due}, NULL, NULL, false, '', false, false \
         FROM generate_series(1, {count}) n"
    )
}

/// Stops listening, and compares what was heard with what ran out.
async fn counted(heard: JoinHandle<Vec<(String, ClockMissed, SystemTime)>>, shares: String) -> Result<Misses> {
    let heard = heard.await?;
    // The relay of a killed worker may publish again what it published: it is
    // the same message, and its receivers know it by its id.
    let mut messages: HashSet<String> = HashSet::new();
    let mut clocks: HashMap<String, Duration> = HashMap::new();
    for (id, missed, at) in heard {
        let due = SystemTime::try_from(missed.due_time.context("a due instant")?)?;
        if messages.insert(id) {
            let lag = at.duration_since(due).unwrap_or_default();
            clocks.entry(missed.clock.context("a clock")?.name).or_insert(lag);
        }
    }
    let (doubled, lost) = (messages.len() - clocks.len(), MISSES.saturating_sub(clocks.len()));
    let mut lags: Vec<Duration> = clocks.into_values().collect();
    lags.sort_unstable();
    Ok(Misses { lags, lost, doubled, shares })
}

/// Time and CPU time of the workers for one event, at their full speed.
async fn burst(tickets: &mut Tickets, workers: &[Worker; 2]) -> Result<(Duration, Duration)> {
    let cpu = || workers.iter().map(Worker::cpu).sum::<Duration>();
    let (before, began) = (cpu(), Instant::now());
    tickets.publish(BURST, usize::MAX).await?;
    tickets.taken_in().await?;
    Ok((began.elapsed() / BURST as u32, (cpu() - before) / BURST as u32))
}

/// Agrees on a contract, through the front door. The platform is stopped
/// again: what is measured are workers of the contracts service, and nothing
/// beside them.
async fn agree() -> Result<Uuid> {
    let _platform = Platform::start().await?;
    let admin = Gateway::new(&variable("RELEVO_GATEWAY_URL")?)?.bearing(&variable("RELEVO_BOOTSTRAP_KEY")?);
    let tenant = Tenant {
        display_name: "Clocks".into(),
        zone: "Europe/Madrid".into(),
        currency: "EUR".into(),
        ..Tenant::default()
    };
    let tenant: Tenant =
        admin.call(&CreateTenantRequest { tenant: Some(tenant), ..CreateTenantRequest::default() }).await?;
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let opening = |day: &str| Opening { day: day.into(), open: "00:00".into(), close: "24:00".into() };
    let calendar = Calendar {
        display_name: "Always".into(),
        zone: "Europe/Madrid".into(),
        week: days.map(opening).to_vec(),
        ..Calendar::default()
    };
    let calendar: Calendar =
        admin.call(&CreateCalendarRequest { calendar: Some(calendar), ..CreateCalendarRequest::default() }).await?;
    let target =
        |priority, metric| Target { priority, metric, target_seconds: 28_800, calendar: calendar.name.clone() };
    let policy = SlaPolicy {
        display_name: "Eight hours".into(),
        targets: vec![target(1, 2), target(3, 1), target(3, 2)],
        pause_reasons: vec!["client".into()],
        ..SlaPolicy::default()
    };
    let policy: SlaPolicy =
        admin.call(&CreateSlaPolicyRequest { sla_policy: Some(policy), ..CreateSlaPolicyRequest::default() }).await?;
    contract(&admin, &tenant.name, &policy.name, &calendar.name).await?;
    Ok(tenant.name.split_once('/').context("a name")?.1.parse()?)
}

async fn contract(admin: &Session, tenant: &str, policy: &str, calendar: &str) -> Result<()> {
    let monthly = Some(Money { minor: 100_000, currency: "EUR".into() });
    let contract = Contract {
        tenant: tenant.into(),
        display_name: "Clocks".into(),
        start_date: "2020-01-01".into(),
        currency: "EUR".into(),
        sla_policy: policy.into(),
        calendar: calendar.into(),
        lines: vec![Line {
            id: "all".into(),
            display_name: "All".into(),
            price: Some(Price::Flat(FlatPrice { monthly })),
        }],
        tax_percent: "21".into(),
        ..Contract::default()
    };
    let create = CreateContractRequest { contract: Some(contract), ..CreateContractRequest::default() };
    // The directory's word of the tenant is on its way.
    let end = Instant::now() + Duration::from_secs(10);
    let contract: Contract = loop {
        match admin.call(&create).await {
            Ok(contract) => break contract,
            Err(error) if Instant::now() > end => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let activate =
        ActivateContractRequest { name: contract.name, etag: contract.etag, ..ActivateContractRequest::default() };
    let _: Contract = admin.call(&activate).await?;
    Ok(())
}
