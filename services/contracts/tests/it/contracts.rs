//! What was agreed, and what others are told of it.

use events::news;
use proto::contracts::v1 as pb;
use proto::directory::v1 as directory;
use proto::r#type::v1 as shared;
use service::name;
use tonic::Code;
use uuid::Uuid;

use testkit::eventually;

use crate::bench::{As, Bench, reason};

fn euros(minor: i64) -> Option<shared::Money> {
    Some(shared::Money { minor, currency: "EUR".into() })
}

/// What a bench has, once everything is agreed.
pub struct Agreed {
    pub tenant: Uuid,
    pub vendor: Uuid,
    pub calendar: String,
    pub contract: pb::Contract,
    pub underpinning: String,
}

async fn calendar(bench: &Bench) -> String {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let opening = |day: &str| pb::Opening { day: day.into(), open: "00:00".into(), close: "24:00".into() };
    let calendar = pb::Calendar {
        display_name: "Always".into(),
        zone: "Europe/Madrid".into(),
        week: days.map(opening).to_vec(),
        ..pb::Calendar::default()
    };
    let request = pb::CreateCalendarRequest { calendar: Some(calendar), request_id: "calendar".into() };
    bench.contracts().create_calendar(bench.by(As::Manager, request)).await.unwrap().into_inner().name
}

/// P1 in three seconds, P3 in two hours and an answer in one; the client's
/// silence pauses.
async fn policy(bench: &Bench, calendar: &str) -> String {
    let target =
        |priority, metric, target_seconds| pb::Target { priority, metric, target_seconds, calendar: calendar.into() };
    let policy = pb::SlaPolicy {
        display_name: "Gold".into(),
        targets: vec![target(1, 2, 3), target(3, 1, 3_600), target(3, 2, 7_200)],
        pause_reasons: vec!["client".into()],
        ..pb::SlaPolicy::default()
    };
    let request = pb::CreateSlaPolicyRequest { sla_policy: Some(policy), request_id: String::new() };
    bench.contracts().create_sla_policy(bench.by(As::Manager, request)).await.unwrap().into_inner().name
}

fn draft(tenant: Uuid, vendor: Uuid, policy: &str, calendar: &str) -> pb::Contract {
    let seats = pb::SeatPrice { monthly: euros(2_500), seats: 10, included_minutes: 30 };
    pb::Contract {
        tenant: name("tenants", tenant),
        display_name: "Gold".into(),
        start_date: "2020-01-01".into(),
        currency: "EUR".into(),
        sla_policy: policy.into(),
        calendar: calendar.into(),
        services: vec!["mail".into()],
        deliveries: vec![pb::TierDelivery { tier: 2, vendors: vec![name("vendors", vendor)] }],
        lines: vec![pb::Line {
            id: "seats".into(),
            display_name: "Seats".into(),
            price: Some(pb::line::Price::Seat(seats)),
        }],
        tax_percent: "21".into(),
        ..pb::Contract::default()
    }
}

/// Agrees everything, with a tenant that the directory has just told of.
pub async fn agree(bench: &Bench) -> Agreed {
    let (tenant, vendor) = (Uuid::now_v7(), Uuid::now_v7());
    let calendar = calendar(bench).await;
    let policy = policy(bench, &calendar).await;
    let draft = draft(tenant, vendor, &policy, &calendar);
    let create = || pb::CreateContractRequest { contract: Some(draft.clone()), request_id: String::new() };
    let early = bench.contracts().create_contract(bench.by(As::Manager, create())).await.unwrap_err();
    assert_eq!(reason(&early), (Code::NotFound, "TENANT_NOT_FOUND".into()));
    let told = directory::Tenant {
        name: name("tenants", tenant),
        display_name: "Acme".into(),
        zone: "Europe/Madrid".into(),
        currency: "EUR".into(),
        etag: "1".into(),
        ..directory::Tenant::default()
    };
    bench.tell(news(tenant, &directory::TenantCreated { tenant: Some(told) })).await;
    let contract = eventually("the tenant to be known", || async {
        bench.contracts().create_contract(bench.by(As::Manager, create())).await.ok()
    })
    .await
    .into_inner();
    let activate = pb::ActivateContractRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        request_id: "activate".into(),
    };
    let contract = bench.contracts().activate_contract(bench.by(As::Manager, activate)).await.unwrap().into_inner();
    let rate = pb::TimePrice { work_type: "remote".into(), hourly: euros(6_000), ..pb::TimePrice::default() };
    let promise = pb::UnderpinningContract {
        vendor: name("vendors", vendor),
        display_name: "Network".into(),
        calendar: calendar.clone(),
        acceptance_seconds: 1_800,
        work_seconds: 14_400,
        rates: vec![rate],
        ..pb::UnderpinningContract::default()
    };
    let request =
        pb::CreateUnderpinningContractRequest { underpinning_contract: Some(promise), request_id: String::new() };
    let promise = bench.contracts().create_underpinning_contract(bench.by(As::Manager, request)).await.unwrap();
    Agreed { tenant, vendor, calendar, contract, underpinning: promise.into_inner().name }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_agreed_is_told_and_seen_by_its_parties_alone() {
    let bench = Bench::start().await;
    let Agreed { tenant, vendor, calendar, contract, underpinning } = agree(&bench).await;
    assert_eq!((contract.state(), contract.etag.as_str()), (pb::ContractState::Active, "2"));

    // A repeat has its effect once; another activation has none.
    let activate = |request_id: &str, etag: &str| pb::ActivateContractRequest {
        name: contract.name.clone(),
        etag: etag.into(),
        request_id: request_id.into(),
    };
    let again = bench.contracts().activate_contract(bench.by(As::Manager, activate("activate", "1"))).await.unwrap();
    assert_eq!(again.into_inner(), contract);
    let twice = bench.contracts().activate_contract(bench.by(As::Manager, activate("", "2"))).await.unwrap_err();
    assert_eq!(reason(&twice), (Code::FailedPrecondition, "CONTRACT_ACTIVE".into()));
    let activated: Vec<pb::ContractActivated> = bench.announced().await;
    assert_eq!(activated.len(), 1);
    assert_eq!(activated[0].contract.as_ref(), Some(&contract));
    assert_eq!(activated[0].calendar.as_ref().unwrap().name, calendar);

    let seats = |line: &str, effective_date: &str| pb::SetSeatsRequest {
        name: contract.name.clone(),
        line: line.into(),
        seats: 12,
        effective_date: effective_date.into(),
        ..pb::SetSeatsRequest::default()
    };
    let set = bench.contracts().set_seats(bench.by(As::Manager, seats("seats", "2026-03-01"))).await.unwrap();
    assert_eq!(set.into_inner().etag, "3");
    bench.contracts().set_seats(bench.by(As::Manager, seats("seats", "2026-03-01"))).await.unwrap();
    for (line, day, expected) in
        [("chairs", "2026-03-01", "LINE_NOT_FOUND"), ("seats", "2019-12-31", "OUTSIDE_CONTRACT")]
    {
        let refused = bench.contracts().set_seats(bench.by(As::Manager, seats(line, day))).await.unwrap_err();
        assert_eq!(reason(&refused).1, expected);
    }
    let told: Vec<pb::SeatsSet> = bench.announced().await;
    assert_eq!((told.len(), told[1].seats, told[1].etag.as_str()), (2, 12, "4"));

    let get = || pb::GetContractRequest { name: contract.name.clone() };
    bench.contracts().get_contract(bench.by(As::Tenant(tenant), get())).await.unwrap();
    let other = bench.contracts().get_contract(bench.by(As::Tenant(Uuid::now_v7()), get())).await.unwrap_err();
    assert_eq!(other.code(), Code::NotFound);
    let list = || pb::ListContractsRequest::default();
    let mine = bench.contracts().list_contracts(bench.by(As::Tenant(tenant), list())).await.unwrap();
    assert_eq!(mine.into_inner().contracts.len(), 1);

    let get = || pb::GetUnderpinningContractRequest { name: underpinning.clone() };
    bench.contracts().get_underpinning_contract(bench.by(As::Vendor(vendor), get())).await.unwrap();
    let rival = bench.by(As::Vendor(Uuid::now_v7()), get());
    assert_eq!(bench.contracts().get_underpinning_contract(rival).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(bench.announced::<pb::UnderpinningContractCreated>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_refers_to_what_exists() {
    let bench = Bench::start().await;
    let calendar = calendar(&bench).await;
    let nowhere = name("slaPolicies", Uuid::now_v7());
    let contract =
        pb::Contract { display_name: String::new(), ..draft(Uuid::now_v7(), Uuid::now_v7(), &nowhere, &calendar) };
    let request = pb::CreateContractRequest { contract: Some(contract), request_id: String::new() };
    let refused = bench.contracts().create_contract(bench.by(As::Manager, request)).await.unwrap_err();
    let details = tonic_types::StatusExt::get_details_bad_request(&refused).unwrap();
    let fields: Vec<_> = details.field_violations.iter().map(|v| (v.field.as_str(), v.reason.as_str())).collect();
    assert_eq!(fields, [("contract.display_name", "REQUIRED"), ("contract.sla_policy", "UNKNOWN")]);
}
