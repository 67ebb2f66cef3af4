//! From work to invoice: approve, close the month, finalise, check, compare
//! with what it cost.

use anyhow::{Context, Result, ensure};
use proto::billing::v1::{
    CloseMonthRequest, FinalizeInvoiceRequest, GetMarginRequest, Invoice, InvoiceState, ListFactsRequest,
    ListFactsResponse, Margin,
};
use proto::tickets::v1::{ApproveTimeEntryRequest, ListTimeEntriesRequest, ListTimeEntriesResponse, TimeEntry};

use crate::seed::clients::Client;
use crate::table::{Side, Table};
use crate::wait;
use crate::words::{euros, minor};

use super::stage::Stage;

const PAGE: i32 = 1_000;
/// How much of a hash people need to see.
const HASH_PREFIX: usize = 12;

pub(super) async fn act(stage: &mut Stage<'_>, tickets: [&String; 2], visit: &str) -> Result<[String; 2]> {
    stage.voice.chapter("Work becomes facts, facts become invoices")?;
    let clients = [stage.bakery.clone(), stage.garage.clone()];
    let mut invoices = Vec::new();
    // The bakery had a visit, the garage had none.
    for ((client, ticket), visit) in clients.iter().zip(tickets).zip([Some(visit), None]) {
        let mut happened = approve(stage, ticket).await?;
        let approved = happened.len();
        happened.extend(visit.map(str::to_owned));
        arrived(stage, client, &happened).await?;
        let visits = if visit.is_some() { "a visit" } else { "no visit" };
        let what = format!("{approved} time entries approved, {visits}");
        stage.voice.show(format!("{:<22} {what}", client.display_name))?;
        invoices.push(finalise(stage, client).await?);
    }
    for (client, invoice) in clients.iter().zip(&invoices) {
        print(stage, client, invoice)?;
        check(invoice).with_context(|| format!("invoice {}", invoice.number))?;
    }
    stage.voice.chapter("Margin: the same facts, from the other side")?;
    margin(stage, &clients).await?;
    let names: Vec<String> = invoices.into_iter().map(|invoice| invoice.name).collect();
    names.try_into().ok().context("two clients have two invoices")
}

/// Approves all time entries of a ticket, the vendor's too; returns their names.
async fn approve(stage: &Stage<'_>, ticket: &str) -> Result<Vec<String>> {
    let list =
        ListTimeEntriesRequest { ticket: ticket.to_owned(), page_size: PAGE, ..ListTimeEntriesRequest::default() };
    let list: ListTimeEntriesResponse = stage.biller.call(&list).await?;
    let mut approved = Vec::new();
    for entry in list.time_entries {
        let request = ApproveTimeEntryRequest { name: entry.name, ..ApproveTimeEntryRequest::default() };
        let entry: TimeEntry = stage.biller.call(&request).await?;
        approved.push(entry.name);
    }
    Ok(approved)
}

/// Waits until billing has heard of all that happened.
async fn arrived(stage: &Stage<'_>, client: &Client, happened: &[String]) -> Result<()> {
    let request = ListFactsRequest {
        tenant: client.tenant.clone(),
        month: stage.month.clone(),
        page_size: PAGE,
        ..ListFactsRequest::default()
    };
    wait::until("all facts have arrived", async || {
        let list: ListFactsResponse = wait::known(async || stage.biller.call(&request).await).await?;
        let is_there = |name: &String| list.facts.iter().any(|fact| fact.id == *name);
        Ok(happened.iter().all(is_there).then_some(()))
    })
    .await
}

/// Closes the month, and again while something is on its way that parks it.
async fn finalise(stage: &Stage<'_>, client: &Client) -> Result<Invoice> {
    let close =
        CloseMonthRequest { tenant: client.tenant.clone(), month: stage.month.clone(), ..CloseMonthRequest::default() };
    let mut reasons = String::new();
    let draft = wait::until("the month can be closed", async || {
        let draft: Invoice = stage.biller.call(&close).await?;
        reasons = draft.park_reasons.join("; ");
        Ok((draft.state() != InvoiceState::Parked).then_some(draft))
    })
    .await;
    let draft = draft.with_context(|| format!("the invoice of {} is parked: {reasons}", client.display_name))?;
    let finalise = FinalizeInvoiceRequest { name: draft.name, ..FinalizeInvoiceRequest::default() };
    Ok(stage.biller.call(&finalise).await?)
}

fn print(stage: &mut Stage<'_>, client: &Client, invoice: &Invoice) -> Result<()> {
    let title = format!("Invoice {} of {}, {}", invoice.number, client.display_name, invoice.month);
    stage.voice.chapter(&title)?;
    let mut table = Table::new(&[
        ("line", Side::Left),
        ("quantity", Side::Right),
        ("unit", Side::Left),
        ("price", Side::Right),
        ("net €", Side::Right),
    ]);
    for line in &invoice.lines {
        table.row([
            line.description.clone(),
            line.quantity.clone(),
            line.unit.clone(),
            line.unit_price.clone(),
            euros(minor(line.net.as_ref())),
        ]);
    }
    let sum = |name: &str, minor| [name.to_owned(), String::new(), String::new(), String::new(), euros(minor)];
    table.row(sum("Net", minor(invoice.net.as_ref())));
    for tax in &invoice.taxes {
        table.row(sum(&format!("VAT {} %", tax.percent), minor(tax.tax.as_ref())));
    }
    table.row(sum("Total", minor(invoice.total.as_ref())));
    stage.voice.show(table)?;
    let prefix = |hash: &str| hash.chars().take(HASH_PREFIX).collect::<String>();
    let own = prefix(&invoice.content_hash);
    let chained = match prefix(&invoice.previous_hash) {
        none if none.is_empty() => "the first of its chain".to_owned(),
        previous => format!("over the one before, {previous}…"),
    };
    stage.voice.show(format!("sealed {own}…, {chained}"))?;
    Ok(())
}

/// The sums that any invoice must keep, to the cent.
fn check(invoice: &Invoice) -> Result<()> {
    let lines: i64 = invoice.lines.iter().map(|line| minor(line.net.as_ref())).sum();
    let taxes: i64 = invoice.taxes.iter().map(|tax| minor(tax.tax.as_ref())).sum();
    let [net, tax, total] = [&invoice.net, &invoice.tax, &invoice.total].map(|sum| minor(sum.as_ref()));
    ensure!(invoice.state() == InvoiceState::Finalized, "it is not finalised");
    ensure!(!invoice.number.is_empty(), "it has no number");
    ensure!(lines == net, "its lines add up to {}, its net is {}", euros(lines), euros(net));
    ensure!(taxes == tax, "its taxes add up to {}, its tax is {}", euros(taxes), euros(tax));
    ensure!(net + tax == total, "net and tax are {}, its total is {}", euros(net + tax), euros(total));
    Ok(())
}

/// What is left of each ticket, and of what belongs to none.
async fn margin(stage: &mut Stage<'_>, clients: &[Client; 2]) -> Result<()> {
    let mut table = Table::new(&[
        ("client", Side::Left),
        ("of", Side::Left),
        ("revenue €", Side::Right),
        ("vendor cost €", Side::Right),
        ("margin €", Side::Right),
    ]);
    let amounts = |amounts: [&Option<_>; 3]| amounts.map(|amount| euros(minor(amount.as_ref())));
    for client in clients {
        let request = GetMarginRequest { tenant: client.tenant.clone(), month: stage.month.clone() };
        let margin: Margin = stage.biller.call(&request).await?;
        for row in &margin.rows {
            let of = if row.ticket.is_empty() { "seats" } else { "its ticket" };
            let [revenue, cost, left] = amounts([&row.revenue, &row.cost, &row.margin]);
            table.row([client.display_name.clone(), of.to_owned(), revenue, cost, left]);
        }
        let [revenue, cost, left] = amounts([&margin.revenue, &margin.cost, &margin.margin]);
        table.row([client.display_name.clone(), "all".to_owned(), revenue, cost, left]);
    }
    Ok(stage.voice.show(table)?)
}

#[cfg(test)]
mod tests {
    use proto::billing::v1::{InvoiceLine, TaxLine};
    use proto::r#type::v1::Money;

    use super::*;

    fn euro(minor: i64) -> Option<Money> {
        Some(Money { minor, currency: "EUR".into() })
    }

    #[test]
    fn a_cent_too_much_is_found() {
        let mut invoice = Invoice {
            state: InvoiceState::Finalized.into(),
            number: "2026-1".into(),
            lines: vec![InvoiceLine { net: euro(30_000), ..InvoiceLine::default() }],
            taxes: vec![TaxLine { tax: euro(6_300), ..TaxLine::default() }],
            net: euro(30_000),
            tax: euro(6_300),
            total: euro(36_300),
            ..Invoice::default()
        };
        check(&invoice).unwrap();
        invoice.total = euro(36_301);
        assert!(check(&invoice).is_err());
    }
}
