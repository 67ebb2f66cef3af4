//! The other edge of a service: what it hears, each thing once in effect.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::{AckKind, Context, Message};
use futures::StreamExt;
use futures::future::BoxFuture;
use prost::Name;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::{Scope, Store, Work};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use crate::letters::bury;
use crate::{HEARS, stream};

/// Why something could not be taken in.
pub type Reason = Box<dyn std::error::Error + Send + Sync>;

type Handler = Box<dyn for<'w> Fn(&'w mut Work, &'w [u8]) -> BoxFuture<'w, Result<(), Reason>> + Send + Sync>;

/// After that many tries it is put aside as a dead letter.
const TRIES: i64 = 8;
const BATCH: usize = 100;

/// The handlers of one service.
pub struct Inbox {
    store: Store,
    service: &'static str,
    handlers: HashMap<String, Handler>,
}

/// One event as it arrived.
pub(crate) struct Heard {
    pub id: Uuid,
    pub tenant: Uuid,
    pub kind: String,
    pub subject: String,
    pub payload: Vec<u8>,
    pub deliveries: i64,
    pub traceparent: Option<String>,
}

impl Inbox {
    /// Hears nothing yet.
    pub fn new(store: Store, service: &'static str) -> Self {
        Self { store, service, handlers: HashMap::new() }
    }

    /// Takes in each `E` with `handler`, in one transaction with the note that
    /// it was heard. An error means: not now, try again.
    #[must_use]
    pub fn hear<E, X>(
        mut self,
        handler: impl for<'w> Fn(&'w mut Work, E) -> BoxFuture<'w, Result<(), X>> + Send + Sync + 'static,
    ) -> Self
    where
        E: Name + Default + 'static,
        X: Into<Reason> + 'static,
    {
        let handler = Arc::new(handler);
        let take: Handler = Box::new(move |work, payload| take_in(Arc::clone(&handler), work, payload));
        self.handlers.insert(E::full_name(), take);
        self
    }

    /// Hears every stream that [`HEARS`] names for the service, until `stop`.
    pub async fn run(&self, client: async_nats::Client, stop: CancellationToken) {
        let heard = HEARS.iter().find(|(service, _)| *service == self.service).map_or(&[][..], |(_, heard)| heard);
        let context = &async_nats::jetstream::new(client);
        futures::future::join_all(heard.iter().map(|other| self.listen(context, other, &stop))).await;
    }

    async fn listen(&self, context: &Context, other: &str, stop: &CancellationToken) {
        let mut failures: u32 = 0;
        while !stop.is_cancelled() {
            match self.take_batches(context, other, stop).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(service = self.service, stream = other, %error, "inbox: will try again");
                    let pause = Duration::from_millis(100 << failures.min(5));
                    tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(pause) => {} }
                }
            }
        }
    }

    async fn take_batches(&self, context: &Context, other: &str, stop: &CancellationToken) -> Result<(), Reason> {
        let consumer: PullConsumer = context.get_consumer_from_stream(self.service, stream(other)).await?;
        loop {
            let batch = consumer.batch().max_messages(BATCH).expires(Duration::from_secs(2));
            let mut arrived = batch.messages().await?.ready_chunks(BATCH);
            loop {
                let messages = tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    messages = arrived.next() => messages,
                };
                match messages {
                    Some(messages) => self.take_all(messages.into_iter().collect::<Result<_, _>>()?).await?,
                    None => break,
                }
            }
        }
    }

    /// Takes in what arrived together in one transaction, for a commit costs
    /// more than most events. If one of them is refused, each is taken alone:
    /// nothing was done yet.
    async fn take_all(&self, messages: Vec<Message>) -> Result<(), Reason> {
        if let [_, _, ..] = messages[..]
            && self.attempt_all(&messages).await.is_ok()
        {
            for message in &messages {
                message.ack().await?;
            }
            return Ok(());
        }
        for message in messages {
            self.take(message).await?;
        }
        Ok(())
    }

    async fn attempt_all(&self, messages: &[Message]) -> Result<(), Reason> {
        let all: Vec<Heard> = messages.iter().map(Heard::of).collect::<Result<_, _>>()?;
        let mut work = self.store.begin(&Scope::worker(None)).await?;
        let new = note(&work, all.iter().map(|heard| heard.id).collect()).await?;
        for heard in all.iter().filter(|heard| new.contains(&heard.id)) {
            if let Some(handler) = self.handlers.get(&heard.kind) {
                work.narrow(heard.owner()).await?;
                handler(&mut work, &heard.payload).instrument(self.span(heard)).await?;
            }
        }
        Ok(work.commit().await?)
    }

    async fn take(&self, message: Message) -> Result<(), Reason> {
        let heard = Heard::of(&message)?;
        let Some(handler) = self.handlers.get(&heard.kind) else {
            return message.ack().await;
        };
        let span = self.span(&heard);
        let taken = self.attempt(handler, &heard).instrument(span.clone()).await;
        let _entered = span.enter();
        match taken {
            Ok(()) => message.ack().await,
            Err(error) if is_passing(&error) => Err(error),
            Err(error) if heard.deliveries >= TRIES => {
                tracing::error!(%error, "put aside as a dead letter");
                bury(&self.store, &heard, &error.to_string()).await?;
                message.ack_with(AckKind::Term).await
            }
            Err(error) => {
                tracing::info!(%error, tries = heard.deliveries, "not now");
                let pause = Duration::from_millis(50 << heard.deliveries.clamp(0, 8));
                message.ack_with(AckKind::Nak(Some(pause))).await
            }
        }
    }

    /// Takes in what was put aside, in the transaction that takes it back.
    pub(crate) async fn again(&self, work: &mut Work, id: Uuid, kind: &str, payload: &[u8]) -> Result<(), Reason> {
        let handler = self.handlers.get(kind).ok_or("nobody here hears this kind of event")?;
        if note(work, vec![id]).await?.is_empty() { Ok(()) } else { handler(work, payload).await }
    }

    async fn attempt(&self, handler: &Handler, heard: &Heard) -> Result<(), Reason> {
        let mut work = self.store.begin(&Scope::worker(heard.owner())).await?;
        if note(&work, vec![heard.id]).await?.is_empty() {
            return Ok(());
        }
        handler(&mut work, &heard.payload).await?;
        Ok(work.commit().await?)
    }

    /// In the trace of whoever caused it.
    fn span(&self, heard: &Heard) -> tracing::Span {
        let span = tracing::info_span!("hear", service = self.service, kind = heard.kind, id = %heard.id);
        if let Some(traceparent) = &heard.traceparent {
            crate::trace::adopt(&span, traceparent);
        }
        span
    }
}

fn take_in<'w, E, X, F>(handler: Arc<F>, work: &'w mut Work, payload: &'w [u8]) -> BoxFuture<'w, Result<(), Reason>>
where
    E: Name + Default + 'static,
    X: Into<Reason> + 'static,
    F: for<'a> Fn(&'a mut Work, E) -> BoxFuture<'a, Result<(), X>> + Send + Sync + 'static,
{
    Box::pin(async move {
        let event = E::decode(payload)?;
        handler(work, event).await.map_err(Into::into)
    })
}

/// Those that were not heard before, and now are.
async fn note(work: &Work, ids: Vec<Uuid>) -> store::Result<HashSet<Uuid>> {
    let sql = "INSERT INTO inbox (id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING id";
    let rows = work.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [ids.into()])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// The database is away: nobody's fault, and no reason to bury anything.
fn is_passing(error: &Reason) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
    while let Some(error) = cause {
        if matches!(error.downcast_ref(), Some(store::Error::Unavailable(_))) {
            return true;
        }
        cause = error.source();
    }
    false
}

impl Heard {
    /// The tenant whose it is; none for the operator's own.
    fn owner(&self) -> Option<Uuid> {
        (!self.tenant.is_nil()).then_some(self.tenant)
    }

    fn of(message: &Message) -> Result<Self, Reason> {
        let header = |name: &str| message.headers.as_ref().and_then(|h| h.get(name)).map(ToString::to_string);
        let owner = message.subject.split('.').nth(3).unwrap_or_default();
        Ok(Self {
            id: header("ce-id").unwrap_or_default().parse()?,
            tenant: if owner == "operator" { Uuid::nil() } else { owner.parse()? },
            kind: header("ce-type").unwrap_or_default(),
            subject: message.subject.to_string(),
            payload: message.payload.to_vec(),
            deliveries: message.info()?.delivered,
            traceparent: header("traceparent"),
        })
    }
}
