//! Clocks, entitlements, and what is told of them.

use ::store::News;
use chrono::{DateTime, Utc};
use events::news;
use jiff::SignedDuration;
use proto::contracts::v1 as pb;
use service::{Fields, Violations, name, timestamp};

use super::contracts::delivered;
use super::time_if_given;
use crate::domain::clock::{Clock, Telling};
use crate::domain::clocks::{Hours, Interval, moment};
use crate::domain::entitlement;
use crate::domain::words::ClockKind;
use crate::store::clocks::{Compliance, Span};

/// A clock as it stood when its row was written.
pub fn clock(row: &Clock) -> pb::Clock {
    let Clock {
        tenant_id,
        id,
        ticket_id,
        kind,
        metric,
        handoff_id,
        vendor_id,
        priority,
        promise_id: _,
        calendar_id: _,
        target_seconds,
        state,
        started_at,
        consumed_micros,
        running_since: _,
        due_at,
        stopped_at,
        breached_at,
        late_reclassification,
        void_reason,
        met_told: _,
        missed_told: _,
    } = row.clone();
    pb::Clock {
        name: name("clocks", id),
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        kind: kind.number(),
        metric: metric.number(),
        owner: vendor_id.map(|vendor| name("vendors", vendor)).unwrap_or_default(),
        state: state.number(),
        target_seconds,
        consumed_seconds: SignedDuration::from_micros(consumed_micros).as_secs(),
        start_time: Some(timestamp(started_at)),
        due_time: due_at.map(timestamp),
        stop_time: stopped_at.map(timestamp),
        breach_time: breached_at.map(timestamp),
        priority: priority.number(),
        handoff: handoff_id.map(|handoff| name("handoffs", handoff)).unwrap_or_default(),
        due_time_if_resumed: None,
        late_reclassification,
        void_reason,
    }
}

/// A clock as it stands `now`.
pub fn clock_now(row: &Clock, hours: &Hours, now: DateTime<Utc>) -> pb::Clock {
    let row = row.clone().missed(now);
    let mut shown = clock(&row);
    shown.consumed_seconds = row.consumed(hours, now).as_secs();
    shown.due_time_if_resumed = row.due_if_resumed(hours, now).map(|due| timestamp(moment(due)));
    shown
}

/// A clock, interval by interval.
pub fn timeline(row: &Clock, hours: &Hours, intervals: Vec<Interval>, now: DateTime<Utc>) -> pb::Timeline {
    let mut before = SignedDuration::ZERO;
    let interval = |interval: Interval| {
        let after = before + interval.consumed();
        // Whole seconds that add up: what is cut off here is given to the next.
        let consumed_seconds = after.as_secs() - before.as_secs();
        before = after;
        let Interval { start, end, counted, reason } = interval;
        pb::Interval {
            start_time: Some(timestamp(moment(start))),
            end_time: Some(timestamp(moment(end))),
            counted,
            reason,
            consumed_seconds,
        }
    };
    pb::Timeline {
        intervals: intervals.into_iter().map(interval).collect(),
        clock: Some(clock_now(row, hours, now)),
        basis: basis(row),
    }
}

/// Whatever a verdict was derived from. Policies, underpinning contracts and
/// calendars are never changed: each has the one version.
fn basis(row: &Clock) -> String {
    let promise = match row.kind {
        ClockKind::Sla | ClockKind::Ola => name("slaPolicies", row.promise_id),
        ClockKind::Uc => name("underpinningContracts", row.promise_id),
    };
    let calendar = name("calendars", row.calendar_id);
    format!("{promise} version 1; {calendar} version 1; tzdata {}", calendar::tz_version())
}

/// What was decided of a ticket, as others see it.
pub fn entitlement(row: &entitlement::Model) -> pb::Entitlement {
    let entitlement::Model {
        tenant_id,
        ticket_id,
        decision,
        contract_id,
        sla_policy_id: _,
        reason,
        deliveries,
        decided_at,
    } = row.clone();
    pb::Entitlement {
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        decision: decision.number(),
        contract: contract_id.map(|contract| name("contracts", contract)).unwrap_or_default(),
        reason,
        deliveries: delivered(&deliveries),
        decide_time: Some(timestamp(decided_at)),
    }
}

/// Reads of which clocks compliance is asked.
///
/// # Errors
/// Every violation.
pub fn span(given: pb::GetComplianceRequest) -> Result<Span, Violations> {
    let mut fields = Fields::default();
    let pb::GetComplianceRequest { tenant, start_time, end_time } = given;
    let span = Span {
        tenant: fields.name_if_given("tenant", &tenant, "tenants"),
        from: time_if_given(&mut fields, "start_time", start_time.as_ref()),
        until: time_if_given(&mut fields, "end_time", end_time.as_ref()),
    };
    if let (Some(from), Some(until)) = (span.from, span.until)
        && until < from
    {
        fields.refuse("end_time", "ORDER", "must not be before start_time");
    }
    fields.finish(span)
}

/// How well promises were kept, as others see it.
pub fn compliance(rows: Vec<Compliance>) -> pb::Compliance {
    let row =
        |Compliance { kind, metric, priority, met, missed, late_reclassified, open }: Compliance| pb::ComplianceRow {
            kind: kind.number(),
            metric: metric.number(),
            priority: priority.number(),
            met,
            missed,
            open,
            late_reclassified,
        };
    pb::Compliance { rows: rows.into_iter().map(row).collect() }
}

/// Told when it was decided what a contract says of a ticket.
pub fn entitlement_decided(row: &entitlement::Model) -> News {
    news(row.tenant_id, &pb::EntitlementDecided { entitlement: Some(entitlement(row)) })
}

/// Told when a clock stopped in time, or its budget ran out.
pub fn told(row: &Clock, telling: Telling, now: DateTime<Utc>) -> News {
    let told = Some(clock(row));
    match telling {
        Telling::Met => news(row.tenant_id, &pb::ClockMet { clock: told }),
        Telling::Missed => {
            let due_time = row.breached_at.map(timestamp);
            news(row.tenant_id, &pb::ClockMissed { clock: told, due_time, detect_time: Some(timestamp(now)) })
        }
    }
}
