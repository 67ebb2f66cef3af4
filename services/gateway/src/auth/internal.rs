//! Tokens between the edge and the services.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use service::{Claims, INTERNAL, Signer};
use std::sync::{Mutex, PoisonError};
use tonic::Status;
use uuid::Uuid;

/// How long one is good for, in seconds.
pub(super) const LIFETIME: i64 = 60;
/// The edge's own is made anew after this.
const OWN: Duration = Duration::from_secs(40);

/// Makes them.
pub(super) struct Mint {
    signer: Signer,
    own: Mutex<Option<(HeaderValue, Instant)>>,
}

impl Mint {
    pub(super) fn new(signer: Signer) -> Self {
        Self { signer, own: Mutex::default() }
    }

    /// One with the scope of `claims`, as an `authorization` header.
    pub(super) fn token(&self, claims: Claims) -> Result<HeaderValue, Status> {
        let iat = now();
        let claims = Claims {
            iss: "relevo-gateway".to_owned(),
            aud: INTERNAL.to_owned(),
            iat,
            exp: iat + LIFETIME,
            jti: Uuid::new_v4().to_string(),
            ..claims
        };
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "cannot sign");
            Status::internal("something went wrong on our side")
        };
        let token = self.signer.sign(&claims).map_err(|error| failed(&error))?;
        let header = HeaderValue::try_from(format!("Bearer {token}"));
        let mut header = header.map_err(|error| failed(&error))?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The edge's own.
    pub(super) fn service(&self) -> Result<HeaderValue, Status> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((header, made)) = &*own
            && made.elapsed() < OWN
        {
            return Ok(header.clone());
        }
        let header = self.token(Claims {
            sub: "services/gateway".to_owned(),
            party: "service".to_owned(),
            tenant: None,
            vendor: None,
            roles: Vec::new(),
            act: None,
            iss: String::new(),
            aud: String::new(),
            iat: 0,
            exp: 0,
            jti: String::new(),
        })?;
        *own = Some((header.clone(), Instant::now()));
        Ok(header)
    }
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_secs()).unwrap_or(i64::MAX)
}
