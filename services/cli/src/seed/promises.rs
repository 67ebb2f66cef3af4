//! What the operator promises its clients, and what its vendors promise it.

use anyhow::Result;
use proto::contracts::v1::{
    CreateSlaPolicyRequest, CreateUnderpinningContractRequest, Metric, SlaPolicy, Target, TimePrice,
    UnderpinningContract,
};
use proto::r#type::v1::{Money, Priority};

use crate::rest::Session;

use super::operator::{Msp, VENDORS};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// First response and resolution, in open time.
const TARGETS: [(Priority, i64, i64); 4] = [
    (Priority::P1, 15 * MINUTE, 4 * HOUR),
    (Priority::P2, HOUR, 16 * HOUR),
    (Priority::P3, 4 * HOUR, 24 * HOUR),
    (Priority::P4, 8 * HOUR, 40 * HOUR),
];

/// Hourly cost of specialist and of remote work, in cents, of each vendor.
const RATES: [(i64, i64); 2] = [(55_00, 40_00), (60_00, 45_00)];

/// P1 counts round the clock, the others in office hours. Waiting for the
/// client stops resolution; waiting for a vendor is the operator's own affair.
pub(super) async fn policy(admin: &Session, office: &str, always: &str) -> Result<String> {
    let target = |priority: Priority, metric: Metric, target_seconds| Target {
        priority: priority.into(),
        metric: metric.into(),
        target_seconds,
        calendar: if priority == Priority::P1 { always } else { office }.to_owned(),
    };
    let targets = TARGETS.iter().flat_map(|(priority, response, resolution)| {
        [target(*priority, Metric::FirstResponse, *response), target(*priority, Metric::Resolution, *resolution)]
    });
    let request = CreateSlaPolicyRequest {
        sla_policy: Some(SlaPolicy {
            display_name: "Standard".into(),
            targets: targets.collect(),
            pause_reasons: vec!["client".into()],
            ..SlaPolicy::default()
        }),
        ..CreateSlaPolicyRequest::default()
    };
    let policy: SlaPolicy = admin.once("seed/policy/standard").call(&request).await?;
    Ok(policy.name)
}

/// Each vendor accepts within an hour and proposes within a working day.
pub(super) async fn underpinning(admin: &Session, msp: &Msp) -> Result<()> {
    for ((vendor, display_name), (specialist, remote)) in msp.vendors.iter().zip(VENDORS).zip(RATES) {
        let request = CreateUnderpinningContractRequest {
            underpinning_contract: Some(UnderpinningContract {
                vendor: vendor.clone(),
                display_name: format!("{display_name}, second line"),
                calendar: msp.office.clone(),
                acceptance_seconds: HOUR,
                work_seconds: 8 * HOUR,
                rates: vec![hourly("specialist", specialist), hourly("remote", remote)],
                ..UnderpinningContract::default()
            }),
            ..CreateUnderpinningContractRequest::default()
        };
        let once = admin.once(format!("seed/underpinning/{vendor}"));
        let _: UnderpinningContract = once.call(&request).await?;
    }
    Ok(())
}

/// A plain price for an hour of one kind of work, in cents of a euro.
pub(super) fn hourly(work_type: &str, minor: i64) -> TimePrice {
    TimePrice { work_type: work_type.to_owned(), hourly: Some(euros(minor)), ..TimePrice::default() }
}

pub(super) fn euros(minor: i64) -> Money {
    Money { minor, currency: "EUR".into() }
}
