//! Who comes in, and with what they go on.
//!
//! A credential from outside, a signed token or an API key, is judged once
//! and then remembered for some seconds. What goes on to the services is
//! never the credential itself but an internal token with the same scope.

mod api_keys;
mod internal;
mod jwks;
mod passes;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use proto::directory::v1::tokens_client::TokensClient;
use service::{Claims, Reason, Signer};
use tonic::Status;

use crate::error::Error;
use crate::limits::{Lease, Limits};
use crate::upstream::Upstream;
use passes::{Passes, Verdict};

/// Another way to present an API key.
pub(crate) const API_KEY: &str = "x-api-key";

/// A token's pass is renewed after this, while its internal token is good for
/// [`internal::LIFETIME`].
const TOKEN: Duration = Duration::from_secs(40);
/// How long a revoked key may go on.
const KEY: Duration = Duration::from_secs(30);
/// How long a credential that is no good is not looked at again.
const NO_TOKEN: Duration = Duration::from_secs(1);
const NO_KEY: Duration = Duration::from_secs(5);

/// What lets a request through.
pub(crate) struct Pass {
    /// For the service; none for what anybody may call.
    pub(crate) authorization: Option<HeaderValue>,
    /// What it may still ask for.
    pub(crate) lease: Arc<Lease>,
}

/// The door of the platform.
pub(crate) struct Door {
    keys: jwks::Keys,
    directory: TokensClient<Upstream>,
    mint: internal::Mint,
    passes: Passes,
    limits: Arc<Limits>,
    anyone: Arc<Pass>,
}

impl Door {
    pub(crate) fn new(directory: Upstream, seed: &[u8], limits: Arc<Limits>) -> Result<Self, Reason> {
        let directory = TokensClient::new(directory);
        let lease = limits.lease("anyone", "anyone");
        Ok(Self {
            keys: jwks::Keys::new(directory.clone()),
            directory,
            mint: internal::Mint::new(Signer::of_seed(seed)?),
            passes: Passes::default(),
            limits,
            anyone: Arc::new(Pass { authorization: None, lease }),
        })
    }

    /// The pass for the method at `rpc`.
    ///
    /// # Errors
    /// `Token` for a credential that is missing or no good, `Method` for a
    /// method that is not ours, `Service` where the directory cannot be asked.
    pub(crate) async fn admit(&self, rpc: &str, headers: &HeaderMap) -> Result<Arc<Pass>, Error> {
        if service::access(rpc).ok_or(Error::Method)?.anyone {
            return Ok(Arc::clone(&self.anyone));
        }
        let credential = credential(headers).ok_or(Error::Token)?;
        let pass = self.passes.get(credential, || self.judge(credential)).await?;
        pass.ok_or(Error::Token)
    }

    /// Fetches the public keys now and then, for ever.
    pub(crate) async fn keep_keys(&self) -> ! {
        self.keys.keep().await
    }

    async fn judge(&self, credential: &str) -> Result<Verdict, Status> {
        if credential.starts_with(api_keys::PREFIX) {
            let authorization = self.mint.service()?;
            let directory = self.directory.clone();
            return match api_keys::resolve(directory, authorization, credential).await? {
                Some(claims) => self.pass(claims, KEY),
                None => Ok(Verdict::no(NO_KEY)),
            };
        }
        match self.keys.verify(credential).await? {
            Some(claims) => self.pass(claims, TOKEN),
            None => Ok(Verdict::no(NO_TOKEN)),
        }
    }

    fn pass(&self, claims: Claims, keep: Duration) -> Result<Verdict, Status> {
        // The platform's own processes do not come this way.
        if claims.party == "service" {
            return Ok(Verdict::no(NO_KEY));
        }
        let left = u64::try_from(claims.exp - internal::now()).unwrap_or_default();
        let keep = keep.min(Duration::from_secs(left.max(1)));
        let tenant = claims.tenant.as_deref().or(claims.vendor.as_deref());
        let lease = self.limits.lease(tenant.unwrap_or("operator"), &claims.sub);
        let authorization = Some(self.mint.token(claims)?);
        let pass = Some(Arc::new(Pass { authorization, lease }));
        Ok(Verdict { pass, until: Instant::now() + keep })
    }
}

/// What is presented: `authorization: Bearer …` or `x-api-key: …`.
fn credential(headers: &HeaderMap) -> Option<&str> {
    match headers.get(AUTHORIZATION) {
        Some(header) => {
            let (scheme, credential) = header.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
        }
        None => {
            let key = headers.get(API_KEY)?.to_str().ok()?;
            key.starts_with(api_keys::PREFIX).then_some(key)
        }
    }
}
