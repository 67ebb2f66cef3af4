//! Tokens for people, keys for machines, and the public keys that verify both.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::FutureExt;
use proto::directory::v1 as pb;
use proto::directory::v1::tokens_server;
use ring::rand::{SecureRandom, SystemRandom};
use service::{Clock, Desk, status};
use store::{PageSize, Scope, Store, expect_etag};
use tonic::{Request, Response};

use super::Answer;
use crate::domain::api_key;
use crate::domain::grant::Grant;
use crate::domain::signing_key::Seal;
use crate::error::Error;
use crate::{convert, store as kept};

/// Whatever opens a door.
pub struct Tokens {
    /// Where its requests become transactions.
    pub desk: Desk,
    /// For what is asked without a token.
    pub store: Store,
    /// Its time.
    pub clock: Clock,
    /// Opens the signing keys.
    pub seal: Arc<Seal>,
}

#[tonic::async_trait]
impl tokens_server::Tokens for Tokens {
    async fn issue_token(&self, request: Request<pb::IssueTokenRequest>) -> Answer<pb::Token> {
        let (seal, now) = (Arc::clone(&self.seal), self.clock.now());
        self.desk
            .query(request, move |work, caller, q| {
                async move {
                    let (subject, lifetime) = convert::issue_token(&q)?;
                    let grant = Grant::of(&kept::holder(work, &subject).await?);
                    let claims = grant.claims(&caller.subject, now, lifetime);
                    let signer = seal.open(&kept::signing_key(work).await?)?;
                    let access_token = signer.sign(&claims).map_err(|_| Error::Sealing)?;
                    Ok::<_, Error>(pb::Token { access_token, expire_time: convert::expiry(claims.exp) })
                }
                .boxed()
            })
            .await
    }

    async fn create_api_key(&self, request: Request<pb::CreateApiKeyRequest>) -> Answer<pb::ApiKey> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let secret = new_secret()?;
                    let row = convert::new_api_key(q.api_key, &secret, call.now)?;
                    kept::holder(work, &row.subject).await?;
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::api_key(&row, secret))
                }
                .boxed()
            })
            .await
    }

    async fn list_api_keys(&self, request: Request<pb::ListApiKeysRequest>) -> Answer<pb::ListApiKeysResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<api_key::Entity>(None, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::api_key(&row, String::new()));
                    Ok::<_, Error>(pb::ListApiKeysResponse { api_keys: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn revoke_api_key(&self, request: Request<pb::RevokeApiKeyRequest>) -> Answer<pb::ApiKey> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = work.find::<api_key::Entity>(convert::id("name", &q.name, "apiKeys")?).await?;
                    expect_etag(&q.etag, row.version)?;
                    let row = row.revoke(call.now)?;
                    work.update(row.clone()).await?;
                    Ok::<_, Error>(convert::api_key(&row, String::new()))
                }
                .boxed()
            })
            .await
    }

    async fn resolve_api_key(&self, request: Request<pb::ResolveApiKeyRequest>) -> Answer<pb::Grant> {
        let now = self.clock.now();
        self.desk
            .query(request, move |work, _, q| {
                async move {
                    let key = kept::key_by_digest(work, &q.digest).await?;
                    let key = store::found(key.is_good(now).then_some(key))?;
                    let grant = Grant::of(&kept::holder(work, &key.subject).await?);
                    Ok::<_, Error>(convert::grant(grant, key.expires_at))
                }
                .boxed()
            })
            .await
    }

    async fn get_jwks(&self, _: Request<pb::GetJwksRequest>) -> Answer<pb::Jwks> {
        let jwks = async {
            let work = self.store.begin(&Scope::worker(None)).await?;
            let (keys, now) = (kept::signing_keys(&work).await?, self.clock.now());
            work.commit().await?;
            Ok::<_, Error>(convert::jwks(keys.iter().filter(|key| key.verifies(now))))
        };
        jwks.await.map(Response::new).map_err(|error| status(&error))
    }

    async fn rotate_signing_key(&self, request: Request<pb::RotateSigningKeyRequest>) -> Answer<pb::Jwks> {
        let seal = Arc::clone(&self.seal);
        self.desk
            .command(request, move |work, call, _| {
                async move {
                    kept::rotate(work, seal.make(call.now)?, call.now).await?;
                    let keys = kept::signing_keys(work).await?;
                    Ok::<_, Error>(convert::jwks(keys.iter().filter(|key| key.verifies(call.now))))
                }
                .boxed()
            })
            .await
    }
}

/// `rlv_` and 256 random bits.
fn new_secret() -> Result<String, Error> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::Sealing)?;
    Ok(format!("rlv_{}", URL_SAFE_NO_PAD.encode(bytes)))
}
