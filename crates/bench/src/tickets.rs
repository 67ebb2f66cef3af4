//! Creating tickets, durably: through the gateway over gRPC and over REST,
//! beside pgbench running the SQL of one creation.

use std::time::Duration;

use anyhow::{Context, Result};
use proto::directory::v1::{Contact, CreateContactRequest, CreateTenantRequest, IssueTokenRequest, Tenant, Token};
use proto::tickets::v1::tickets_client::TicketsClient;
use proto::tickets::v1::{CreateTicketRequest, Ticket};
use relevo::rest::{Gateway, Session};
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::load::{self, Window};
use crate::pgbench;
use crate::platform::{Platform, variable};

const WINDOW: Duration = Duration::from_secs(6);

/// The statements of one `CreateTicket`, in its transaction.
const SQL: &str = r"
\set n random(1, 1000000000)
BEGIN; SET LOCAL ROLE relevo_tenant; SET LOCAL relevo.tenant = '{tenant}'; SET LOCAL relevo.subject = 'contacts/pgbench';
INSERT INTO tickets (tenant_id, id, version, number, kind, state, wait_reasons, subject, description, impact, urgency, priority, channel,
  contact_id, site_id, service, queue, was_queued, assignee_id, tier, reassignment_count, reopen_count, handoff_count, handoff_id, solution,
  entitlement, opened_at, first_responded_at, resolved_at, closed_at, updated_at)
  VALUES ('{tenant}', (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || substr(gen_random_uuid()::text, 14))::uuid, 1,
  -nextval('pgbench_number'), 1, 1, '{}', 'The printer is out', 'It was fine yesterday.', 2, 2, 3, 1, NULL, NULL, '', '', false, NULL, 1, 0, 0, 0, NULL, '',
  NULL, now(), NULL, NULL, NULL, now()) RETURNING id \gset t_
INSERT INTO changes (tenant_id, ticket_id, version, kind, fields, actor, acting, occurred_at, recorded_at)
  VALUES ('{tenant}', :t_id::text::uuid, 1, 'TicketCreated', '[]', 'contacts/pgbench', '', now(), now());
INSERT INTO outbox (id, tenant_id, kind, subject, payload, traceparent)
  VALUES (gen_random_uuid(), '{tenant}', 'relevo.tickets.v1.TicketCreated', 'relevo.tickets.v1.pgbench.ticket_created', decode(repeat('ab', 220), 'hex'), NULL);
COMMIT;
";

/// Prints the ratios.
///
/// # Errors
/// Any refusal.
pub async fn run() -> Result<()> {
    let platform = Platform::start().await?;
    let gateway = Gateway::new(&variable("RELEVO_GATEWAY_URL")?)?;
    let admin = gateway.bearing(&variable("RELEVO_BOOTSTRAP_KEY")?);
    let (tenant, token) = tenant(&admin, "load").await?;
    let (limit_tenant, _) = self::tenant(&admin, "limit").await?;
    let id = limit_tenant.split_once('/').context("a name")?.1;
    let script = SQL.replace("{tenant}", id).replace("'{}'", "'{}'::int[]");
    let (owner, url) = (variable("RELEVO_ADMIN_DATABASE_URL")?, variable("RELEVO_TICKETS_DATABASE_URL")?);
    pgbench::prepare(&owner, &url).await?;
    println!("creating tickets, durable, {} s a window", WINDOW.as_secs());
    println!(
        "{:<22}{:>8}{:>12}{:>8}{:>10}{:>10}{:>14}",
        "", "clients", "per second", "ratio", "p50", "p99", "CPU/request"
    );
    for clients in [8, 32] {
        let before = pgbench::run(&url, &script, clients, WINDOW).await?;
        let (grpc, grpc_cpu) = measured(&platform, grpc(&gateway, &token, &tenant, clients)).await?;
        let (rest, rest_cpu) = measured(&platform, rest(&gateway, &token, &tenant, clients)).await?;
        let limit = f64::midpoint(before, pgbench::run(&url, &script, clients, WINDOW).await?);
        println!("{:<22}{clients:>8}{limit:>12.0}{:>8.2}", "pgbench, same SQL", 1.0);
        show("gRPC at the gateway", clients, limit, &grpc, grpc_cpu);
        show("REST at the gateway", clients, limit, &rest, rest_cpu);
    }
    Ok(())
}

fn show(what: &str, clients: usize, limit: f64, window: &Window, cpu: Duration) {
    let (ratio, each) = (window.rate / limit, cpu.as_secs_f64() * 1_000.0 / window.count.max(1) as f64);
    let ms = |d: Duration| format!("{:.2} ms", d.as_secs_f64() * 1_000.0);
    println!(
        "{what:<22}{clients:>8}{:>12.0}{ratio:>8.2}{:>10}{:>10}{:>14}",
        window.rate,
        ms(window.p50),
        ms(window.p99),
        format!("{each:.3} ms")
    );
}

async fn measured(platform: &Platform, load: impl Future<Output = Result<Window>>) -> Result<(Window, Duration)> {
    let before = platform.cpu();
    let window = load.await?;
    Ok((window, platform.cpu() - before))
}

async fn grpc(gateway: &Gateway, token: &str, tenant: &str, clients: usize) -> Result<Window> {
    let mut channels: Vec<Channel> = Vec::new();
    for _ in 0..4 {
        channels.push(Endpoint::from_shared(gateway.url().to_owned())?.connect().await?);
    }
    let (bearer, tenant) = (format!("Bearer {token}"), tenant.to_owned());
    load::run(clients, WINDOW, move |client| {
        let mut tickets = TicketsClient::new(channels[client % channels.len()].clone());
        let mut request =
            Request::new(CreateTicketRequest { ticket: Some(ticket(&tenant)), ..CreateTicketRequest::default() });
        let bearer = bearer.parse();
        async move {
            request.metadata_mut().insert("authorization", bearer?);
            tickets.create_ticket(request).await?;
            Ok(())
        }
    })
    .await
}

async fn rest(gateway: &Gateway, token: &str, tenant: &str, clients: usize) -> Result<Window> {
    let http = reqwest::Client::builder().pool_max_idle_per_host(64).build()?;
    let (url, token) = (format!("{}/v1/tickets", gateway.url()), token.to_owned());
    let ticket = ticket(tenant);
    let body = serde_json::json!({"ticket": {
        "tenant": ticket.tenant, "subject": ticket.subject, "description": ticket.description,
        "impact": "LEVEL_MEDIUM", "urgency": "LEVEL_MEDIUM", "channel": "CHANNEL_PORTAL",
    }})
    .to_string();
    load::run(clients, WINDOW, move |_| {
        let request = http.post(&url).bearer_auth(&token).header("content-type", "application/json").body(body.clone());
        async move {
            let answer = request.send().await?.error_for_status()?;
            answer.bytes().await?;
            Ok(())
        }
    })
    .await
}

fn ticket(tenant: &str) -> Ticket {
    Ticket {
        tenant: tenant.to_owned(),
        subject: "The printer is out".into(),
        description: "It was fine yesterday.".into(),
        impact: 2,
        urgency: 2,
        channel: 1,
        ..Ticket::default()
    }
}

/// A client company, and a token of one of its people.
async fn tenant(admin: &Session, name: &str) -> Result<(String, String)> {
    let tenant =
        Tenant { display_name: name.into(), zone: "Europe/Madrid".into(), currency: "EUR".into(), ..Tenant::default() };
    let tenant: Tenant =
        admin.call(&CreateTenantRequest { tenant: Some(tenant), ..CreateTenantRequest::default() }).await?;
    let contact = Contact {
        tenant: tenant.name.clone(),
        display_name: "Load".into(),
        email: "load@client.example".into(),
        ..Contact::default()
    };
    let contact: Contact =
        admin.call(&CreateContactRequest { contact: Some(contact), ..CreateContactRequest::default() }).await?;
    let token: Token = admin.call(&IssueTokenRequest { subject: contact.name, lifetime_seconds: 0 }).await?;
    Ok((tenant.name, token.access_token))
}
