//! What the database refuses, tried on a real one.
#![allow(clippy::inconsistent_digit_grouping, reason = "cents stand apart")]

use std::sync::atomic::{AtomicU32, Ordering};

use calendar::CalendarSpec;
use chrono::{DateTime, Utc};
use money::Currency;
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use service::Service;
use store::{Scope, Setup, Store, Work};
use uuid::Uuid;

use super::{announced, books, facts, invoices, margin, posting};
use crate::domain::civil::Month;
use crate::domain::closing::Draft;
use crate::domain::fact::{Fact, Kind};
use crate::domain::invoice::{Entity, Model, State};
use crate::domain::tenant;
use crate::domain::terms::{Contract, Line, Price, RateCard, TimePrice};
use crate::error::Error;
use crate::store::facts::Outcome;

static DATABASES: AtomicU32 = AtomicU32::new(0);

const VENDOR: Uuid = Uuid::from_u128(0x7E);
const TENANT: Uuid = Uuid::from_u128(0xA);
const OTHER: Uuid = Uuid::from_u128(0xB);
const CONTRACT: Uuid = Uuid::from_u128(0xC);
const TICKET: Uuid = Uuid::from_u128(0xD);

/// A database of its own.
async fn database(admin: &str) -> Store {
    let name = format!("billing_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let setup = Setup { service: "billing", database: &name, password: "secret" };
    store::prepare(admin, &setup).await.unwrap();
    store::migrate(admin, &setup, crate::Billing::MIGRATIONS).await.unwrap();
    let host = admin.rsplit_once('@').unwrap().1.split('/').next().unwrap();
    Store::open(&format!("postgres://relevo_billing:secret@{host}/{name}"), 4).unwrap()
}

async fn operator(store: &Store) -> Work {
    store.begin(&Scope::operator("staff/1")).await.unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn contract() -> Contract {
    let line = |id: &str, price| Line { id: id.into(), display_name: id.into(), price };
    Contract {
        id: CONTRACT,
        display_name: "Managed".into(),
        currency: Currency::EUR,
        start: "2026-03-01".parse().unwrap(),
        end: None,
        tax_percent: Decimal::from(21),
        calendar: CalendarSpec::always("Europe/Madrid"),
        lines: vec![
            line("seats", Price::Seat { monthly_minor: 50_00, seats: 10, included_minutes: 6 }),
            line("remote", Price::Time(rate(90_00))),
            line("ticket", Price::Ticket { each_minor: 5_00 }),
        ],
    }
}

fn rate(hourly_minor: i64) -> TimePrice {
    TimePrice {
        work_type: "remote".into(),
        hourly_minor,
        after_hours_multiplier: Decimal::ONE,
        minimum_minutes: 0,
        step_minutes: 0,
    }
}

fn work_of(worker: &str, key: &str, start: &str, minutes: i64) -> Fact {
    let start = at(start);
    Fact {
        contract_id: Some(CONTRACT),
        ticket_id: Some(TICKET),
        worker: worker.into(),
        work_type: "remote".into(),
        ended_at: Some(start + chrono::TimeDelta::minutes(minutes)),
        ..Fact::of(TENANT, "tickets", key.into(), Kind::Time, start)
    }
}

fn tenant(id: Uuid) -> tenant::Model {
    let text = |text: &str| text.to_owned();
    tenant::Model {
        tenant_id: id,
        id,
        version: 1,
        display_name: text("Acme"),
        zone: text("Europe/Madrid"),
        currency: text("EUR"),
        tax_number: text("ESB1"),
    }
}

/// A tenant with a contract and an hour of its vendor's work in March.
async fn scene(store: &Store) {
    let work = operator(store).await;
    announced::keep_tenant(&work, tenant(TENANT)).await.unwrap();
    announced::keep_contract(&work, TENANT, &contract()).await.unwrap();
    let card = RateCard {
        id: Uuid::from_u128(5),
        vendor_id: VENDOR,
        currency: Currency::EUR,
        created_at: at("2026-01-01T00:00:00Z"),
        calendar: CalendarSpec::always("Europe/Madrid"),
        rates: vec![rate(60_00)],
    };
    announced::keep_card(&work, &card).await.unwrap();
    let vendor = service::name("vendors", VENDOR);
    facts::tell(&work, &[work_of(&vendor, "1", "2026-03-02T10:00:00Z", 120)]).await.unwrap();
    work.commit().await.unwrap();
}

async fn close(work: &Work, month: Month, now: &str) -> Result<Model, Error> {
    let buyer = books::lock(work, TENANT).await?;
    let before = invoices::of_month(work, TENANT, month).await?;
    let draft: Draft = books::open(work, buyer, month).await?.close(month, at(now))?;
    invoices::keep_draft(work, TENANT, before, &draft).await
}

async fn finalize(work: &mut Work, row: Model) -> Result<Model, Error> {
    let document = row.expect_ready()?;
    let place = posting::next_place(work, 2026).await?;
    let row = row.finalize(place, at("2026-04-02T08:00:00Z"));
    posting::finalize(work, 2026, &row, &document, at("2026-04-02T08:00:00Z")).await?;
    work.announce(crate::convert::invoice_finalized(&row)?);
    Ok(row)
}

async fn closed_and_finalized(store: &Store, month: Month, now: &str) -> Model {
    let mut work = operator(store).await;
    let row = close(&work, month, now).await.unwrap();
    let row = finalize(&mut work, row).await.unwrap();
    work.commit().await.unwrap();
    row
}

/// The constraint by which `sql` is refused, now or at the end.
async fn refused_by(store: &Store, sql: &str) -> String {
    let work = operator(store).await;
    let error = match work.execute_unprepared(sql).await {
        Ok(_) => work.commit().await.unwrap_err(),
        Err(error) => error.into(),
    };
    match error {
        store::Error::Constraint(name) => name,
        other => panic!("{sql}: {other}"),
    }
}

async fn a_month_is_closed_again_and_finalised_once(store: &Store) {
    scene(store).await;
    let work = operator(store).await;
    let early = close(&work, march(), "2026-03-31T21:59:59Z").await;
    assert!(matches!(early, Err(Error::MonthNotOver { .. })), "it is still March in Madrid: {early:?}");
    let draft = close(&work, march(), "2026-03-31T22:00:00Z").await.unwrap();
    assert_eq!(draft, close(&work, march(), "2026-05-01T00:00:00Z").await.unwrap(), "the same bytes and etag");
    // 10 seats, and the second hour: the first is in the pool. A fifth is tax.
    assert_eq!((draft.state, draft.net_minor, draft.total_minor), (State::Draft, 590_00, 713_90));
    work.commit().await.unwrap();

    let first = closed_and_finalized(store, march(), "2026-04-02T08:00:00Z").await;
    assert_eq!((first.number.as_deref(), first.previous_hash.as_deref()), (Some("2026-000001"), Some("")));
    let work = operator(store).await;
    let kept = work.find::<Entity>(first.id).await.unwrap();
    assert_eq!(kept, first);
    assert!(matches!(kept.expect_ready(), Err(Error::Finalized)));
    let (_, margins) = margin::of_month(&work, None, march()).await.unwrap();
    let total = margins.total().unwrap();
    assert_eq!((total.revenue_minor, total.cost_minor), (590_00, 120_00));
}

async fn what_comes_late_is_billed_with_the_next_month(store: &Store) {
    let work = operator(store).await;
    let vendor = service::name("vendors", VENDOR);
    let late = work_of(&vendor, "late", "2026-03-30T10:00:00Z", 20);
    assert_eq!(facts::tell(&work, &[late]).await.unwrap(), [Outcome::Accepted]);
    work.commit().await.unwrap();
    let second = closed_and_finalized(store, march().next(), "2026-05-02T08:00:00Z").await;
    let lines: Vec<_> = second.read().unwrap().charges.iter().map(|c| (c.month.to_string(), c.net_minor)).collect();
    assert_eq!(lines, [("2026-03".to_owned(), 30_00), ("2026-04".to_owned(), 500_00)]);
    let first = invoices::of_month(&operator(store).await, TENANT, march()).await.unwrap().unwrap();
    assert_eq!(second.previous_hash, first.content_hash);
    assert_eq!(second.number.as_deref(), Some("2026-000002"));
}

async fn a_finalised_invoice_and_what_follows_from_it_stay(store: &Store) {
    for table in ["facts", "claims", "billed_lines", "ledger_entries"] {
        let refused = refused_by(store, &format!("UPDATE {table} SET tenant_id = tenant_id")).await;
        assert_eq!(refused, format!("{table}_stay"));
    }
    assert_eq!(refused_by(store, "UPDATE invoices SET total_minor = total_minor").await, "invoices_stay");
    assert_eq!(refused_by(store, "UPDATE vendor_costs SET cost_minor = 0").await, "vendor_costs_stay");
    let worker = store.begin(&Scope::worker(None)).await.unwrap();
    assert!(worker.execute_unprepared("DELETE FROM invoices").await.is_err());
}

async fn a_fact_or_a_day_is_billed_once(store: &Store) {
    let claim = "INSERT INTO claims SELECT * FROM claims LIMIT 1";
    assert_eq!(refused_by(store, claim).await, "claims_once");
    let day = "INSERT INTO billed_lines (tenant_id, invoice_id, nr, contract_id, line, month_on, net_minor, service_period) \
        SELECT tenant_id, invoice_id, 99, contract_id, line, month_on, 0, daterange('2026-03-31', '2026-04-01') \
        FROM billed_lines WHERE line = 'seats' LIMIT 1";
    assert_eq!(refused_by(store, day).await, "service_periods_once");
}

async fn i11_the_ledger_sums_to_zero(store: &Store) {
    let one_sided = "INSERT INTO ledger_entries SELECT tenant_id, gen_random_uuid(), 1, invoice_id, account, vendor_id, currency, 1, posted_at \
        FROM ledger_entries LIMIT 1";
    assert_eq!(refused_by(store, one_sided).await, "ledger_balances");
    let work = operator(store).await;
    let sql = "SELECT account, sum(amount_minor)::bigint FROM ledger_entries GROUP BY account ORDER BY account";
    let rows = work.query_all_raw(super::sql(sql, [])).await.unwrap();
    let sums: Vec<(String, i64)> =
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    let expected = [
        ("ACCRUED_PAYABLE", -140_00),
        ("RECEIVABLE", 1_355_20),
        ("REVENUE", -1_120_00),
        ("VAT", -235_20),
        ("VENDOR_COST", 140_00),
    ];
    assert_eq!(sums, expected.map(|(account, sum)| (account.to_owned(), sum)));
}

async fn a_client_reads_what_is_finalised_and_nothing_else(store: &Store) {
    let work = operator(store).await;
    close(&work, march().next().next(), "2026-06-02T08:00:00Z").await.unwrap();
    work.commit().await.unwrap();
    let own = store.begin(&Scope::tenant(TENANT, "contacts/1")).await.unwrap();
    let page = invoices::page(&own, None, store::PageSize::of(0), "").await.unwrap();
    assert_eq!(page.rows.iter().filter(|row| row.state == State::Finalized).count(), 2);
    assert_eq!(page.rows.len(), 2, "no drafts");
    let another = store.begin(&Scope::tenant(OTHER, "contacts/2")).await.unwrap();
    assert!(invoices::page(&another, None, store::PageSize::of(0), "").await.unwrap().rows.is_empty());
    for table in
        ["facts", "vendor_costs", "ledger_entries", "claims", "billed_lines", "tenants", "contracts", "disputes"]
    {
        let own = store.begin(&Scope::tenant(TENANT, "contacts/1")).await.unwrap();
        assert!(own.execute_unprepared(&format!("SELECT FROM {table}")).await.is_err(), "{table}");
    }
}

async fn facts_are_told_once_held_and_disputed(store: &Store) {
    let work = operator(store).await;
    announced::keep_tenant(&work, tenant(TENANT)).await.unwrap();
    let first = work_of("staff/1", "1", "2026-03-02T10:00:00Z", 60);
    let other = Fact { billable: false, ..first.clone() };
    let told = [first.clone(), first.clone(), other.clone()];
    assert_eq!(facts::tell(&work, &told).await.unwrap(), [Outcome::Held, Outcome::Duplicate, Outcome::Conflict]);
    assert_eq!(facts::tell(&work, &[other, first.clone()]).await.unwrap(), [Outcome::Conflict, Outcome::Duplicate]);
    let parked = close(&work, march(), "2026-04-01T08:00:00Z").await.unwrap();
    assert_eq!((parked.state, parked.park_reasons.len()), (State::Parked, 1));
    assert!(parked.park_reasons[0].starts_with("FACT_HELD"), "{:?}", parked.park_reasons);
    // Its contract arrives: it is held no longer, but still disputed.
    announced::keep_contract(&work, TENANT, &contract()).await.unwrap();
    let parked = close(&work, march(), "2026-04-01T08:00:00Z").await.unwrap();
    assert!(parked.park_reasons[0].starts_with("FACT_DISPUTED"), "{:?}", parked.park_reasons);
    assert!(matches!(parked.expect_ready(), Err(Error::Parked { .. })));
    facts::dismiss_disputes(&work, first.id, at("2026-04-01T08:00:00Z")).await.unwrap();
    let draft = close(&work, march(), "2026-04-01T08:00:00Z").await.unwrap();
    assert_eq!((draft.state, draft.net_minor), (State::Draft, 500_00));
    // A vendor without a rate card: the month waits for it.
    facts::tell(&work, &[work_of("vendors/00000000-0000-0000-0000-00000000007f", "2", "2026-03-03T10:00:00Z", 60)])
        .await
        .unwrap();
    let parked = close(&work, march(), "2026-04-01T08:00:00Z").await.unwrap();
    assert!(parked.park_reasons[0].starts_with("VENDOR_COST_MISSING"), "{:?}", parked.park_reasons);
    // A ticket finds its contract by what was decided of it.
    let ticket = Fact {
        ticket_id: Some(TICKET),
        ..Fact::of(TENANT, "tickets", "t".into(), Kind::Ticket, at("2026-03-04T10:00:00Z"))
    };
    facts::tell(&work, &[ticket]).await.unwrap();
    announced::keep_coverage(&work, TENANT, TICKET, CONTRACT).await.unwrap();
    let page = facts::page(&work, TENANT, None, store::PageSize::of(2), "").await.unwrap();
    assert_eq!(page.rows.iter().map(|fact| fact.key.as_str()).collect::<Vec<_>>(), ["t", "2"]);
    assert_eq!(page.rows[0].contract_id, Some(CONTRACT));
    let civil = tenant(TENANT).civil().unwrap();
    let rest = facts::page(&work, TENANT, Some((march(), &civil)), store::PageSize::of(2), &page.next).await.unwrap();
    assert_eq!(rest.rows.len(), 1);
}

/// Invoices of several tenants at once: every number once, and none left out.
async fn i16_numbers_are_gapless_whoever_comes_first(store: &Store) {
    let one = |nr: u128| {
        let store = store.clone();
        async move {
            let work = operator(&store).await;
            let place = posting::next_place(&work, 2027).await.unwrap();
            if nr.is_multiple_of(3) {
                return None; // Never committed: the number is given to the next.
            }
            work.commit().await.unwrap();
            Some(place.number)
        }
    };
    let given = futures::future::join_all((0..12).map(one)).await;
    let mut numbers: Vec<String> = given.into_iter().flatten().collect();
    numbers.sort();
    let expected: Vec<String> = (1..=8).map(|nr| format!("2027-{nr:06}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn what_the_database_keeps_and_refuses() {
    let folder = std::env::temp_dir().join(format!("relevo-billing-{}", std::process::id()));
    let server = servers::Server::private(servers::Kind::Postgres, &folder, &mut |_| {}).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = database(&server.url).await;
        a_month_is_closed_again_and_finalised_once(&store).await;
        what_comes_late_is_billed_with_the_next_month(&store).await;
        a_finalised_invoice_and_what_follows_from_it_stay(&store).await;
        a_fact_or_a_day_is_billed_once(&store).await;
        i11_the_ledger_sums_to_zero(&store).await;
        a_client_reads_what_is_finalised_and_nothing_else(&store).await;
        i16_numbers_are_gapless_whoever_comes_first(&store).await;
        facts_are_told_once_held_and_disputed(&database(&server.url).await).await;
    });
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}
