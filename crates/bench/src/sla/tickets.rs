//! Tickets, as their service would tell of them: reported, held, resumed and
//! resolved, one event after the other.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::{HeaderMap, jetstream};
use futures::StreamExt;
use prost::Message;
use proto::contracts::v1::ClockMissed;
use proto::tickets::v1 as pb;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Database, MISSES};
use crate::pgbench::psql;
use crate::platform::variable;

/// How long after the last event a miss may still come, or an event that a
/// killed worker had taken: NATS gives it to another after 30 s.
const PATIENCE: Duration = Duration::from_secs(60);

/// The tickets of one tenant, and where they are told of.
pub struct Tickets {
    client: async_nats::Client,
    context: jetstream::Context,
    tenant: Uuid,
    ticket: pb::Ticket,
    told: usize,
}

impl Tickets {
    /// Connects as the administrator, who may publish for anybody.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn connect(tenant: Uuid) -> Result<Self> {
        let client = events::connect(&variable("RELEVO_ADMIN_NATS_URL")?, "bench").await?;
        let context = jetstream::new(client.clone());
        Ok(Self { client, context, tenant, ticket: pb::Ticket::default(), told: 0 })
    }

    /// Publishes `count` more events, at most `rate` in a second, and waits
    /// until all are kept.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn publish(&mut self, count: usize, rate: usize) -> Result<()> {
        let (began, mut acks) = (Instant::now(), Vec::with_capacity(count));
        for n in 0..count {
            let due = began + Duration::from_secs_f64(n as f64 / rate as f64);
            tokio::time::sleep_until(due.into()).await;
            let news = self.next();
            let mut headers = HeaderMap::new();
            let id = news.id.to_string();
            headers.insert("Nats-Msg-Id", id.as_str());
            headers.insert("ce-id", id.as_str());
            headers.insert("ce-type", news.kind.as_str());
            acks.push(self.context.publish_with_headers(news.subject, headers, news.payload.into()).await?);
        }
        for ack in acks {
            ack.await?;
        }
        Ok(())
    }

    fn next(&mut self) -> store::News {
        let (step, now) = (self.told % 4, prost_types::Timestamp::from(SystemTime::now()));
        self.told += 1;
        if step == 0 {
            self.ticket = pb::Ticket {
                name: format!("tickets/{}", Uuid::now_v7()),
                tenant: format!("tenants/{}", self.tenant),
                priority: 3,
                open_time: Some(now),
                ..pb::Ticket::default()
            };
        }
        let ticket = &mut self.ticket;
        ticket.etag = (step + 1).to_string();
        ticket.wait_reasons = if step == 1 { vec![pb::WaitReason::Client.into()] } else { Vec::new() };
        match step {
            0 => ticket.set_state(pb::State::New),
            1 => ticket.set_state(pb::State::Waiting),
            2 => ticket.set_state(pb::State::InProgress),
            _ => {
                ticket.set_state(pb::State::Resolved);
                ticket.resolve_time = Some(now);
            }
        }
        let (ticket, actor, occur_time) = (Some(ticket.clone()), None, Some(now));
        match step {
            0 => events::news(self.tenant, &pb::TicketCreated { ticket, actor, occur_time }),
            _ => events::news(self.tenant, &pb::TicketUpdated { ticket, actor, occur_time }),
        }
    }

    /// Waits until every event has been taken in.
    ///
    /// # Errors
    /// When they do not become fewer.
    pub async fn taken_in(&self) -> Result<()> {
        let (mut least, mut since) = (u64::MAX, Instant::now());
        loop {
            let inbox = self.context.get_consumer_from_stream("contracts", events::stream("tickets")).await;
            let inbox: PullConsumer = inbox.context("the inbox")?;
            let waiting = inbox.cached_info().num_pending + inbox.cached_info().num_ack_pending as u64;
            if waiting == 0 {
                return Ok(());
            }
            if waiting < least {
                (least, since) = (waiting, Instant::now());
            }
            ensure!(since.elapsed() < PATIENCE, "{waiting} events are waiting, and do not become fewer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Listens, from now on, for misses: the id of each message, the message,
    /// and when it came; until all have come and for two seconds more, or until
    /// nobody would wait any longer.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn hear(&self) -> Result<JoinHandle<Vec<(String, ClockMissed, SystemTime)>>> {
        let mut messages = self.client.subscribe("relevo.contracts.v1.*.clock_missed").await?;
        self.client.flush().await?;
        Ok(tokio::spawn(async move {
            let mut heard = Vec::new();
            let patience = |heard: usize| if heard < MISSES { PATIENCE } else { Duration::from_secs(2) };
            while let Ok(Some(message)) = tokio::time::timeout(patience(heard.len()), messages.next()).await {
                let at = SystemTime::now();
                let id = message.headers.as_ref().and_then(|headers| headers.get("Nats-Msg-Id"));
                let id = id.map(ToString::to_string).unwrap_or_default();
                if let Ok(missed) = ClockMissed::decode(message.payload) {
                    heard.push((id, missed, at));
                }
            }
            heard
        }))
    }

    /// That each event was written down once, and each ticket decided once and
    /// given its two clocks.
    ///
    /// # Errors
    /// When anything is missing, or there twice.
    pub async fn complete(&self, (admin, url): &Database, tenant: Uuid) -> Result<()> {
        let sql = format!(
            "SELECT (SELECT count(*) FROM entries WHERE tenant_id = '{tenant}') || ' ' || \
               (SELECT count(*) FROM entitlements WHERE tenant_id = '{tenant}') || ' ' || \
               (SELECT count(*) FROM clocks JOIN entitlements USING (tenant_id, ticket_id) WHERE tenant_id = '{tenant}')"
        );
        let found = psql(admin, url, &[&sql]).await?;
        let reported = self.told.div_ceil(4);
        let expected = format!("{} {reported} {}", self.told, 2 * reported);
        ensure!(found == expected, "entries, decisions and clocks are {found}, not {expected}");
        Ok(())
    }
}
