//! The platform over REST: one typed call for every method of the protos.

mod problem;
mod rules;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use prost::{Message, Name};
use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor};
use proto::POOL;
use reqwest::header::{ACCEPT, RETRY_AFTER};
use serde_json::Value;
use uuid::Uuid;

pub use problem::{Problem, Violation};
use rules::{Address, Rule};

/// How long a call may go on trying: a service that is restarted in the middle
/// costs nothing but time.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first pause between two tries; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// One try. Nothing on the platform takes as long.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The platform said no, and why.
    #[error("{call} was refused: {problem}")]
    Refused {
        /// Method and path.
        call: String,
        /// What it said.
        problem: Box<Problem>,
    },
    /// Nobody answered, for a minute.
    #[error("{call} found nobody: {source}")]
    Unreachable {
        /// Method and path.
        call: String,
        /// Of the last try.
        source: reqwest::Error,
    },
    /// The answer is not what the protos promise.
    #[error("{call} was answered with something else: {why}")]
    Garbled {
        /// Method and path.
        call: String,
        /// What is wrong with it.
        why: String,
    },
    /// The request has no REST form: a mistake of this program.
    #[error("{request} cannot be sent over REST: {why}")]
    Unsendable {
        /// Full name of the message.
        request: String,
        /// What is missing.
        why: String,
    },
}

impl Error {
    /// What the platform said, if it was the platform.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// Whether the same call may succeed a little later.
    fn is_passing(&self) -> bool {
        match self {
            Self::Refused { problem, .. } => problem.is_passing(),
            Self::Unreachable { .. } => true,
            Self::Garbled { .. } | Self::Unsendable { .. } => false,
        }
    }
}

/// Where the platform is. Cheap to clone; clones count together.
#[derive(Debug, Clone)]
pub struct Gateway {
    http: reqwest::Client,
    url: Arc<str>,
    sent: Arc<AtomicU64>,
}

impl Gateway {
    /// At `url`, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// If no client can be made on this machine.
    pub fn new(url: &str) -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: reqwest::Client::builder().timeout(TIMEOUT).build()?,
            url: url.trim_end_matches('/').into(),
            sent: Arc::default(),
        })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Requests sent so far, repeats included.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Calls with this credential, a token or an API key.
    pub fn bearing(&self, credential: &str) -> Session {
        Session { gateway: self.clone(), credential: credential.into(), request_id: None, moment: None }
    }
}

/// Calls as one party.
#[derive(Debug, Clone)]
pub struct Session {
    gateway: Gateway,
    credential: Arc<str>,
    request_id: Option<String>,
    moment: Option<Timestamp>,
}

impl Session {
    /// The same party, whose next command happened at `moment`.
    #[must_use]
    pub fn at(&self, moment: Timestamp) -> Self {
        Self { moment: Some(moment), ..self.clone() }
    }

    /// The same party, whose next command is known by `request_id`: doing it
    /// again returns the first answer. Without one each call gets its own.
    #[must_use]
    pub fn once(&self, request_id: impl Into<String>) -> Self {
        Self { request_id: Some(request_id.into()), ..self.clone() }
    }

    /// The platform this talks to.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Sends `request` to the method that takes it, and reads the answer.
    /// Tries again while the platform is busy or away: a repeat carries the
    /// same request id, so that it has its effect once.
    ///
    /// # Errors
    /// The platform's refusal, or why there is no answer.
    pub async fn call<Q, A>(&self, request: &Q) -> Result<A, Error>
    where
        Q: Name,
        A: Name + Default,
    {
        let rule = rules::of::<Q>()?;
        let address = rule.address(self.spell(request, rule)?)?;
        let call = format!("{} {}", rule.method, address.path);
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match self.send(&call, rule, &address).await {
                Ok(body) => return read(&rule.answer, &body).map_err(|why| garbled(&call, &why)),
                Err(error) => error,
            };
            let asked = error.problem().and_then(|problem| problem.retry_after);
            let wait = asked.unwrap_or(pause);
            if !error.is_passing() || began.elapsed() + wait > PATIENCE {
                return Err(error);
            }
            tokio::time::sleep(wait).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The request as JSON, with what the session adds to it.
    fn spell<Q: Message>(&self, request: &Q, rule: &Rule) -> Result<Value, Error> {
        let mut dynamic = DynamicMessage::new(rule.request.clone());
        let unsendable = |why: String| Error::Unsendable { request: rule.request.full_name().to_owned(), why };
        dynamic.transcode_from(request).map_err(|e| unsendable(e.to_string()))?;
        let mut json = serde_json::to_value(&dynamic).map_err(|e| unsendable(e.to_string()))?;
        let has = |field: &str| rule.request.get_field_by_name(field).is_some();
        if has("request_id") && json.get("requestId").is_none() {
            let own = || Uuid::now_v7().to_string();
            json["requestId"] = self.request_id.clone().unwrap_or_else(own).into();
        }
        if let Some(moment) = self.moment.filter(|_| has("occurred_at")) {
            json["occurredAt"] = moment.to_string().into();
        }
        Ok(json)
    }

    async fn send(&self, call: &str, rule: &Rule, address: &Address) -> Result<Vec<u8>, Error> {
        let unreachable = |source| Error::Unreachable { call: call.to_owned(), source };
        let mut url =
            reqwest::Url::parse(&format!("{}{}", self.gateway.url, address.path)).map_err(|why| garbled(call, &why))?;
        if !address.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&address.query);
        }
        let mut request = self
            .gateway
            .http
            .request(rule.method.clone(), url)
            .bearer_auth(&self.credential)
            .header(ACCEPT, "application/json");
        if let Some(body) = &address.body {
            request = request.json(body);
        }
        self.gateway.sent.fetch_add(1, Ordering::Relaxed);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let after = response.headers().get(RETRY_AFTER).cloned();
        let body = response.bytes().await.map_err(unreachable)?.to_vec();
        if status.is_success() {
            return Ok(body);
        }
        Err(Error::Refused {
            call: call.to_owned(),
            problem: Box::new(Problem::read(status.as_u16(), after.as_ref(), &body)),
        })
    }
}

fn garbled(call: &str, why: &impl ToString) -> Error {
    Error::Garbled { call: call.to_owned(), why: why.to_string() }
}

/// An answer of the type the method promises, which must be the one asked for.
fn read<A: Name + Default>(promised: &str, body: &[u8]) -> Result<A, String> {
    if promised != A::full_name() {
        return Err(format!("the method answers {promised}, not {}", A::full_name()));
    }
    let kind: MessageDescriptor = POOL.get_message_by_name(promised).ok_or_else(|| format!("{promised} is unknown"))?;
    let mut json = serde_json::Deserializer::from_slice(body);
    // A newer platform may say more than this program knows.
    let lenient = DeserializeOptions::new().deny_unknown_fields(false);
    let dynamic = DynamicMessage::deserialize_with_options(kind, &mut json, &lenient).map_err(|e| e.to_string())?;
    dynamic.transcode_to().map_err(|e| e.to_string())
}
