//! The way of a request through a service: scope, rule, commit, answer.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use prost::{Message, Name};
use proto::Command;
use store::{RequestKey, Store, Work};
use tonic::{Code, Request, Response, Status};

use crate::fields::{Violation, Violations};
use crate::refuse::{Refuse, status};
use crate::time::instant;
use crate::{Caller, Fields};

/// What time it is. Tests set it; nobody else can.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Mutex<Option<DateTime<Utc>>>>);

impl Clock {
    /// To the microsecond, as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        let set = self.0.lock().ok().and_then(|set| *set);
        let now = set.unwrap_or_else(Utc::now);
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Stands still at `at` from here on. For tests.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Ok(mut set) = self.0.lock() {
            *set = Some(at);
        }
    }
}

/// One call: who, and when.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// When the platform was told.
    pub now: DateTime<Utc>,
    /// When it happened: `now`, unless the operator says otherwise.
    pub moment: DateTime<Utc>,
}

/// Why a call did not even reach its rule.
#[derive(Debug, thiserror::Error)]
enum Bar {
    #[error("occurred_at may be set by the operator only, or by whom the operator acts for")]
    OccurredAt,
    #[error("{0}")]
    Invalid(Violations),
}

impl Refuse for Bar {
    fn code(&self) -> Code {
        match self {
            Self::OccurredAt => Code::PermissionDenied,
            Self::Invalid(_) => Code::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::OccurredAt => "OCCURRED_AT_OPERATOR_ONLY",
            Self::Invalid(_) => "INVALID_REQUEST",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::OccurredAt => &[],
            Self::Invalid(violations) => &violations.0,
        }
    }
}

/// Where requests become transactions.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Clock,
}

impl Desk {
    /// Over one database.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Changes something: `act` runs in one transaction in the caller's scope.
    /// If the same request was answered before, that answer is given again;
    /// the usual, first time costs nothing extra for it.
    ///
    /// # Errors
    /// Whatever `act` says, as a status.
    pub async fn command<Q, A, X>(
        &self,
        request: Request<Q>,
        act: impl for<'w> FnOnce(&'w mut Work, &'w Call, Q) -> BoxFuture<'w, Result<A, X>> + Send,
    ) -> Result<Response<A>, Status>
    where
        Q: Command + Name,
        A: Message + Default,
        X: Refuse + From<store::Error>,
    {
        let caller = caller(&request)?;
        let command = request.into_inner();
        let call = self.call(caller, &command).map_err(|bar| status(&bar))?;
        let key = (!command.request_id().is_empty())
            .then(|| RequestKey::new(command.request_id(), Q::full_name(), &command.encode_to_vec()));
        match self.perform(&call, command, act, key.as_ref()).await {
            Ok(answer) => Ok(Response::new(answer)),
            Err(refusal) => match key {
                // It may be refused only because its effect is there already.
                Some(key) => self.again(&call, &key, refusal).await.map(Response::new),
                None => Err(status(&refusal)),
            },
        }
    }

    /// Reads something, in the caller's scope.
    ///
    /// # Errors
    /// Whatever `read` says, as a status.
    pub async fn query<Q, A, X>(
        &self,
        request: Request<Q>,
        read: impl for<'w> FnOnce(&'w Work, &'w Caller, Q) -> BoxFuture<'w, Result<A, X>> + Send,
    ) -> Result<Response<A>, Status>
    where
        X: Refuse + From<store::Error>,
    {
        let caller = caller(&request)?;
        let answer = async {
            let work = self.store.begin(&caller.scope()).await?;
            let answer = read(&work, &caller, request.into_inner()).await?;
            work.commit().await?;
            Ok(answer)
        };
        answer.await.map(Response::new).map_err(|refusal: X| status(&refusal))
    }

    async fn perform<Q, A, X>(
        &self,
        call: &Call,
        command: Q,
        act: impl for<'w> FnOnce(&'w mut Work, &'w Call, Q) -> BoxFuture<'w, Result<A, X>>,
        key: Option<&RequestKey>,
    ) -> Result<A, X>
    where
        A: Message,
        X: From<store::Error>,
    {
        let mut work = self.store.begin(&call.caller.scope()).await?;
        let answer = act(&mut work, call, command).await?;
        match key {
            Some(key) => work.commit_answering(key, &answer.encode_to_vec()).await?,
            None => work.commit().await?,
        }
        Ok(answer)
    }

    async fn again<A, X>(&self, call: &Call, key: &RequestKey, refusal: X) -> Result<A, Status>
    where
        A: Message + Default,
        X: Refuse + From<store::Error>,
    {
        let recalled = match self.store.recall(&call.caller.scope(), key).await {
            Ok(Some(answer)) => A::decode(answer.as_slice()).map_err(|e| X::from(undecodable(&e))),
            Ok(None) => Err(refusal),
            Err(error) => Err(error.into()),
        };
        recalled.map_err(|refusal| status(&refusal))
    }

    fn call(&self, caller: Caller, command: &impl Command) -> Result<Call, Bar> {
        let now = self.clock.now();
        let Some(occurred) = command.occurred_at() else {
            return Ok(Call { caller, now, moment: now });
        };
        if !caller.is_operator() {
            return Err(Bar::OccurredAt);
        }
        let mut fields = Fields::default();
        let moment = instant(&occurred).unwrap_or_default();
        // Clocks differ a little; what has not happened yet has not occurred.
        if moment > now + chrono::TimeDelta::seconds(60) {
            fields.refuse("occurred_at", "FUTURE", "must not be in the future");
        }
        fields.finish(Call { caller, now, moment }).map_err(Bar::Invalid)
    }
}

fn undecodable(error: &prost::DecodeError) -> store::Error {
    store::Error::Unavailable(format!("a recorded answer cannot be read: {error}"))
}

fn caller<Q>(request: &Request<Q>) -> Result<Caller, Status> {
    request.extensions().get::<Caller>().cloned().ok_or_else(|| Status::unauthenticated("no caller"))
}
