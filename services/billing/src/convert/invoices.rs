//! Invoices on the wire. Every amount is read from the document.

use ::store::News;
use events::news;
use money::Currency;
use proto::billing::v1 as pb;
use rust_decimal::Decimal;
use service::{name, timestamp};

use super::money;
use crate::domain::document::{Document, Tax};
use crate::domain::invoice::{Model, State};
use crate::domain::rating::charge::{Charge, Piece, Segment, Step, Unbilled};
use crate::error::Error;

/// An invoice.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn invoice(row: &Model) -> Result<pb::Invoice, Error> {
    let Document { buyer: _, month, currency, charges, taxes, net_minor, tax_minor, total_minor, unbilled } =
        row.read()?;
    let code = currency.code();
    let state = match row.state {
        State::Draft => pb::InvoiceState::Draft,
        State::Parked => pb::InvoiceState::Parked,
        State::Finalized => pb::InvoiceState::Finalized,
    };
    let tax = |Tax { percent, base_minor, tax_minor }| pb::TaxLine {
        percent: percent.to_string(),
        base: money(base_minor, code),
        tax: money(tax_minor, code),
    };
    let reason = |Unbilled { fact, reason, contract: _, month: _ }| pb::UnbilledFact {
        fact: name("facts", fact),
        reason: reason.code().to_owned(),
    };
    Ok(pb::Invoice {
        name: name("invoices", row.id),
        tenant: name("tenants", row.tenant_id),
        state: state.into(),
        number: row.number.clone().unwrap_or_default(),
        month: month.to_string(),
        currency: code.to_owned(),
        lines: charges.into_iter().map(|charge| line(charge, currency, &month.to_string())).collect(),
        net: money(net_minor, code),
        tax: money(tax_minor, code),
        total: money(total_minor, code),
        taxes: taxes.into_iter().map(tax).collect(),
        park_reasons: row.park_reasons.clone(),
        finalize_time: row.finalized_at.map(timestamp),
        content_hash: row.content_hash.clone().unwrap_or_default(),
        previous_hash: row.previous_hash.clone().unwrap_or_default(),
        etag: row.version.to_string(),
        unbilled: unbilled.into_iter().map(reason).collect(),
    })
}

/// What the others are told of a finalised one.
pub fn invoice_finalized(row: &Model) -> Result<News, Error> {
    Ok(news(row.tenant_id, &pb::InvoiceFinalized { invoice: Some(invoice(row)?) }))
}

fn line(charge: Charge, currency: Currency, invoiced: &str) -> pb::InvoiceLine {
    let Charge {
        contract,
        line,
        description,
        month,
        quantity,
        unit,
        unit_minor,
        net_minor,
        tax_percent,
        period: _,
        steps,
        shares,
    } = charge;
    let month = month.to_string();
    pb::InvoiceLine {
        contract: name("contracts", contract),
        line,
        description,
        quantity: quantity.to_string(),
        unit,
        unit_price: major(unit_minor, currency),
        net: money(net_minor, currency.code()),
        explanation: steps.iter().map(|step| explain(step, currency)).collect(),
        facts: shares.iter().map(|share| name("facts", share.fact)).collect(),
        tax_percent: tax_percent.to_string(),
        adjusted_month: if month == invoiced { String::new() } else { month },
    }
}

fn major(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.decimals()).to_string()
}

/// One step, in `name=value` pairs after its kind.
fn explain(step: &Step, currency: Currency) -> String {
    let major = |minor: &i64| major(*minor, currency);
    match step {
        Step::Days { first, end, of_days, units, amount_minor } => {
            format!("days units={units} from={first} to={end} of_days={of_days} amount={}", major(amount_minor))
        }
        Step::Pool { granted_seconds, drawn_before_seconds } => {
            format!("pool granted_seconds={granted_seconds} drawn_before_seconds={drawn_before_seconds}")
        }
        Step::Rate { hourly_minor, after_hours_multiplier, minimum_minutes, step_minutes } => format!(
            "rate hourly={} after_hours_multiplier={after_hours_multiplier} minimum_minutes={minimum_minutes} step_minutes={step_minutes}",
            major(hourly_minor)
        ),
        Step::Entry { fact, worked, drawn_seconds, charged } => {
            let worked: Vec<String> = worked.iter().map(segment).collect();
            let charged: Vec<String> = charged.iter().map(piece).collect();
            let fact = name("facts", *fact);
            format!(
                "entry fact={fact} worked={} drawn_seconds={drawn_seconds} charged={}",
                worked.join("+"),
                charged.join("+")
            )
        }
        Step::Each { fact, quantity } => format!("each fact={} quantity={quantity}", name("facts", *fact)),
        Step::Difference { due_minor, billed_minor } => {
            format!("difference due={} billed={}", major(due_minor), major(billed_minor))
        }
    }
}

fn segment(segment: &Segment) -> String {
    let Segment { start, end, after_hours } = segment;
    let time = |at: &chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    format!("{}/{}{}", time(start), time(end), mark(*after_hours))
}

fn piece(piece: &Piece) -> String {
    let Piece { seconds, after_hours } = piece;
    format!("{seconds}s{}", mark(*after_hours))
}

fn mark(after_hours: bool) -> &'static str {
    if after_hours { "(after_hours)" } else { "" }
}
