//! What the tickets service would tell of a ticket.

use chrono::{DateTime, TimeDelta, Utc};
use events::news;
use proto::tickets::v1 as pb;
use proto::r#type::v1::Actor;
use service::{name, timestamp};
use store::News;
use uuid::Uuid;

/// A ticket, and what happens to it.
#[derive(Clone)]
pub struct Told {
    pub tenant: Uuid,
    pub id: Uuid,
    pub opened_at: DateTime<Utc>,
    ticket: pb::Ticket,
    version: i64,
}

pub fn report(tenant: Uuid, priority: i32, opened_at: DateTime<Utc>) -> Told {
    let id = Uuid::now_v7();
    // As the database keeps it.
    let opened_at = DateTime::from_timestamp_micros(opened_at.timestamp_micros()).unwrap();
    let ticket = pb::Ticket {
        name: name("tickets", id),
        tenant: name("tenants", tenant),
        state: pb::State::New.into(),
        priority,
        service: "mail".into(),
        open_time: Some(timestamp(opened_at)),
        ..pb::Ticket::default()
    };
    Told { tenant, id, opened_at, ticket, version: 0 }
}

macro_rules! tells {
    ($($tell:ident $event:ident)*) => {$(
        pub fn $tell(&mut self, minutes: i64) -> News {
            let (ticket, occur_time) = self.next(minutes);
            news(self.tenant, &pb::$event { ticket, actor: None, occur_time })
        }
    )*};
}

impl Told {
    fn next(&mut self, minutes: i64) -> (Option<pb::Ticket>, Option<prost_types::Timestamp>) {
        self.version += 1;
        self.ticket.etag = self.version.to_string();
        (Some(self.ticket.clone()), Some(timestamp(self.at(minutes))))
    }

    fn at(&self, minutes: i64) -> DateTime<Utc> {
        self.opened_at + TimeDelta::minutes(minutes)
    }

    tells! {
        created TicketCreated
        any_change TicketUpdated
    }

    pub fn held(&mut self, minutes: i64) -> News {
        self.ticket.set_state(pb::State::Waiting);
        self.ticket.wait_reasons = vec![pb::WaitReason::Client.into()];
        self.any_change(minutes)
    }

    pub fn resumed(&mut self, minutes: i64) -> News {
        self.ticket.set_state(pb::State::InProgress);
        self.ticket.wait_reasons.clear();
        self.any_change(minutes)
    }

    pub fn resolved(&mut self, minutes: i64) -> News {
        self.ticket.set_state(pb::State::Resolved);
        self.ticket.resolve_time = Some(timestamp(self.at(minutes)));
        self.any_change(minutes)
    }

    pub fn answered(&self, audience: pb::Audience, author: &str, minutes: i64) -> News {
        let message = pb::Message {
            name: name("messages", Uuid::now_v7()),
            ticket: self.ticket.name.clone(),
            tenant: self.ticket.tenant.clone(),
            audience: audience.into(),
            author: Some(Actor { name: author.into(), acting: String::new() }),
            party: "operator".into(),
            ..pb::Message::default()
        };
        let occur_time = Some(timestamp(self.at(minutes)));
        news(self.tenant, &pb::MessagePosted { message: Some(message), ticket: Some(self.ticket.clone()), occur_time })
    }

    pub fn offered(&self, handoff: Uuid, vendor: Uuid, minutes: i64) -> News {
        let handoff = pb::Handoff {
            name: name("handoffs", handoff),
            ticket: self.ticket.name.clone(),
            tenant: self.ticket.tenant.clone(),
            vendor: name("vendors", vendor),
            state: pb::HandoffState::Offered.into(),
            offer_time: Some(timestamp(self.at(minutes))),
            etag: "1".into(),
            ..pb::Handoff::default()
        };
        let occur_time = Some(timestamp(self.at(minutes)));
        news(self.tenant, &pb::HandoffOffered { handoff: Some(handoff), actor: None, occur_time })
    }
}
