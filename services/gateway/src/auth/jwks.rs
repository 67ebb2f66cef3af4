//! The public keys of those whose tokens are believed.

use std::time::{Duration, Instant};

use proto::directory::v1::GetJwksRequest;
use proto::directory::v1::tokens_client::TokensClient;
use service::{Claims, PublicKey, Verifier};
use tokio::sync::Mutex;
use tonic::Status;

use crate::upstream::Upstream;

/// Whom a token from outside must be meant for.
const AUDIENCE: &str = "relevo";
/// Who must have issued it.
const ISSUER: &str = "relevo-directory";
/// How often keys are fetched though nothing new was seen.
const PERIOD: Duration = Duration::from_secs(300);
/// How often at most, whatever was seen.
const THROTTLE: Duration = Duration::from_secs(1);
/// How long the directory may take to tell them.
const PATIENCE: Duration = Duration::from_secs(2);

/// The keys that were last told. While the directory is down they stay good.
pub(super) struct Keys {
    verifier: Verifier,
    directory: TokensClient<Upstream>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    keys: Vec<PublicKey>,
    asked: Option<Instant>,
    answered: bool,
}

impl Keys {
    pub(super) fn new(directory: TokensClient<Upstream>) -> Self {
        Self { verifier: Verifier::new(AUDIENCE).issued_by(ISSUER), directory, told: Mutex::default() }
    }

    /// The claims of `token`; none if it is no good.
    ///
    /// # Errors
    /// If its key is not known and the directory cannot be asked.
    pub(super) async fn verify(&self, token: &str) -> Result<Option<Claims>, Status> {
        let Some(kid) = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid) else {
            return Ok(None);
        };
        if !self.verifier.knows(&kid) {
            self.refresh().await?;
        }
        let claims = self.verifier.verify(token);
        Ok(claims.inspect_err(|error| tracing::debug!(%error, "refused a token")).ok())
    }

    pub(super) async fn keep(&self) -> ! {
        loop {
            let fetched = self.refresh().await;
            tokio::time::sleep(if fetched.is_ok() { PERIOD } else { THROTTLE }).await;
        }
    }

    async fn refresh(&self) -> Result<(), Status> {
        let mut told = self.told.lock().await;
        let lately = told.asked.is_some_and(|asked| asked.elapsed() < THROTTLE);
        if !lately {
            told.asked = Some(Instant::now());
            let fetched = self.fetch().await;
            told.answered = fetched.is_ok();
            match fetched {
                // Trusting anew forgets what was verified: only for news.
                Ok(keys) if keys != told.keys => match self.verifier.trust(&keys) {
                    Ok(()) => told.keys = keys,
                    Err(error) => tracing::error!(%error, "the directory's keys are unusable"),
                },
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "no keys from the directory"),
            }
        }
        let down = || Status::unavailable("tokens cannot be verified just now; try again");
        told.answered.then_some(()).ok_or_else(down)
    }

    async fn fetch(&self) -> Result<Vec<PublicKey>, Status> {
        let mut directory = self.directory.clone();
        let asked = tokio::time::timeout(PATIENCE, directory.get_jwks(GetJwksRequest {})).await;
        let told = asked.map_err(|_| Status::deadline_exceeded("the directory took too long"))??;
        let keys = told.into_inner().keys.into_iter();
        let ours = keys.filter(|key| key.kty == "OKP" && key.crv == "Ed25519");
        Ok(ours.map(|key| PublicKey { kid: key.kid, x: key.x }).collect())
    }
}
