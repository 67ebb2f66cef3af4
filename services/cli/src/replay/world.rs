//! The client of one replay, and everybody who is named in its log.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use proto::access::v1::Role;
use proto::contracts::v1::line::Price;
use proto::contracts::v1::{
    Calendar, Contract, CreateCalendarRequest, CreateSlaPolicyRequest, FlatPrice, Metric, Opening, SlaPolicy, Target,
};
use proto::directory::v1::{Contact, CreateContactRequest, CreateStaffRequest, CreateTenantRequest, Staff, Tenant};
use proto::r#type::v1::{Money, Priority};
use tokio::sync::{Mutex, OnceCell};

use crate::rest::{Error, Session};
use crate::seed::clients::{activate, create, line};
use crate::seed::{self, operator};

/// Before any log of the data set.
const CONTRACT_START: &str = "2016-01-01";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// First response and resolution, in elapsed time: the log has no calendar.
pub(super) const TARGETS: [(Priority, i64, i64); 4] = [
    (Priority::P1, 15 * MINUTE, 4 * HOUR),
    (Priority::P2, 30 * MINUTE, 8 * HOUR),
    (Priority::P3, 4 * HOUR, 5 * DAY),
    (Priority::P4, 8 * HOUR, 10 * DAY),
];

/// While it waits for one of these, resolution stands still.
const PAUSES: [&str; 3] = ["client", "problem", "vendor"];

/// Names that are made when they are first needed.
type Book = Mutex<HashMap<String, Arc<OnceCell<String>>>>;

/// Where a replay takes place.
pub(super) struct World {
    run: String,
    pub tenant: String,
    /// The operator's agent, on whose behalf the administrator acts: the log
    /// tells of the past.
    pub agent: Session,
    pub admin: Session,
    callers: Book,
    resolvers: Book,
}

impl World {
    /// Makes the client with its contract, or finds it, for a run of that name.
    pub(super) async fn found(admin: &Session, run: &str) -> Result<Self> {
        let agent = operator::agent(admin).await?;
        let once = |what: &str| admin.once(format!("replay/{run}/{what}"));
        let request = CreateTenantRequest {
            tenant: Some(Tenant {
                display_name: format!("Replay {run}"),
                zone: "UTC".into(),
                currency: "EUR".into(),
                ..Tenant::default()
            }),
            ..CreateTenantRequest::default()
        };
        let tenant: Tenant = once("tenant").call(&request).await?;
        let calendar = calendar(&once("calendar")).await?;
        let draft = Contract {
            tenant: tenant.name.clone(),
            display_name: "Round the clock".into(),
            start_date: CONTRACT_START.into(),
            currency: "EUR".into(),
            sla_policy: policy(&once("policy"), &calendar).await?,
            calendar,
            lines: vec![line("flat", "Support", Price::Flat(flat()))],
            tax_percent: "21".into(),
            ..Contract::default()
        };
        let contract = create(&once("contract"), draft).await?;
        activate(&once("activation"), &contract.name).await?;
        Ok(Self {
            run: run.to_owned(),
            tenant: tenant.name,
            agent: seed::session(admin, &agent).await?,
            admin: admin.clone(),
            callers: Book::default(),
            resolvers: Book::default(),
        })
    }

    /// What a command of this run is known by.
    pub(super) fn request_id(&self, number: &str, row: usize, step: usize) -> String {
        format!("replay/{}/{number}/{row}/{step}", self.run)
    }

    /// The contact for a caller of the log.
    pub(super) async fn contact(&self, caller: &str) -> Result<String, Error> {
        let make = async {
            let request = CreateContactRequest {
                contact: Some(Contact {
                    tenant: self.tenant.clone(),
                    display_name: caller.to_owned(),
                    email: address(caller),
                    ..Contact::default()
                }),
                ..CreateContactRequest::default()
            };
            let once = self.admin.once(format!("replay/{}/contact/{caller}", self.run));
            let contact: Contact = once.call(&request).await?;
            Ok(contact.name)
        };
        named(&self.callers, caller, make).await
    }

    /// The staff member for a resolver of the log; runs share them.
    pub(super) async fn staff(&self, resolver: &str) -> Result<String, Error> {
        let make = async {
            let request = CreateStaffRequest {
                staff: Some(Staff {
                    display_name: resolver.to_owned(),
                    email: address(resolver),
                    roles: vec![Role::Agent.into()],
                    ..Staff::default()
                }),
                ..CreateStaffRequest::default()
            };
            let once = self.admin.once(format!("replay/staff/{resolver}"));
            let staff: Staff = once.call(&request).await?;
            Ok(staff.name)
        };
        named(&self.resolvers, resolver, make).await
    }
}

/// Looks `key` up, or makes it, once, however many ask at the same time.
async fn named(book: &Book, key: &str, make: impl Future<Output = Result<String, Error>>) -> Result<String, Error> {
    let cell = book.lock().await.entry(key.to_owned()).or_default().clone();
    cell.get_or_try_init(|| make).await.cloned()
}

fn address(name: &str) -> String {
    let plain: Vec<_> = name.split_whitespace().collect();
    format!("{}@replay.example", plain.join(".").to_lowercase())
}

async fn calendar(once: &Session) -> Result<String> {
    let opening = |day: &str| Opening { day: day.to_owned(), open: "00:00".into(), close: "24:00".into() };
    let request = CreateCalendarRequest {
        calendar: Some(Calendar {
            display_name: "Always, UTC".into(),
            zone: "UTC".into(),
            week: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(opening).into(),
            ..Calendar::default()
        }),
        ..CreateCalendarRequest::default()
    };
    let calendar: Calendar = once.call(&request).await?;
    Ok(calendar.name)
}

async fn policy(once: &Session, calendar: &str) -> Result<String> {
    let target = |priority: Priority, metric: Metric, target_seconds| Target {
        priority: priority.into(),
        metric: metric.into(),
        target_seconds,
        calendar: calendar.to_owned(),
    };
    let targets = TARGETS.iter().flat_map(|(priority, response, resolution)| {
        [target(*priority, Metric::FirstResponse, *response), target(*priority, Metric::Resolution, *resolution)]
    });
    let request = CreateSlaPolicyRequest {
        sla_policy: Some(SlaPolicy {
            display_name: "Round the clock".into(),
            targets: targets.collect(),
            pause_reasons: PAUSES.map(String::from).into(),
            ..SlaPolicy::default()
        }),
        ..CreateSlaPolicyRequest::default()
    };
    let policy: SlaPolicy = once.call(&request).await?;
    Ok(policy.name)
}

fn flat() -> FlatPrice {
    FlatPrice { monthly: Some(Money { minor: 50_000, currency: "EUR".into() }) }
}
