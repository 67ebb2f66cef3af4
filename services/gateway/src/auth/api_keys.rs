//! API keys: what the directory says that one stands for.

use http::HeaderValue;
use proto::access::v1::Role;
use proto::directory::v1::tokens_client::TokensClient;
use proto::directory::v1::{Grant, ResolveApiKeyRequest};
use service::Claims;
use sha2::{Digest, Sha256};
use tonic::{Code, Request, Status};

use crate::upstream::Upstream;

/// How each key begins, so that it is known where it turns up.
pub(super) const PREFIX: &str = "rlv_";

/// The scope of `key`; none if it is no good. The key itself stays here.
///
/// # Errors
/// If the directory cannot be asked.
pub(super) async fn resolve(
    mut directory: TokensClient<Upstream>,
    authorization: HeaderValue,
    key: &str,
) -> Result<Option<Claims>, Status> {
    let digest = Sha256::digest(key).to_vec();
    let mut request = Request::new(ResolveApiKeyRequest { digest });
    let metadata = request.metadata_mut().as_mut();
    metadata.insert(http::header::AUTHORIZATION, authorization);
    match directory.resolve_api_key(request).await {
        Ok(grant) => Ok(Some(claims(grant.into_inner()))),
        Err(status) => match status.code() {
            Code::NotFound | Code::PermissionDenied | Code::Unauthenticated | Code::FailedPrecondition => Ok(None),
            _ => Err(status),
        },
    }
}

fn claims(grant: Grant) -> Claims {
    let Grant { subject, party, tenant, vendor, roles, expire_time } = grant;
    let roles = roles.into_iter().filter_map(|role| Role::try_from(role).ok());
    Claims {
        sub: subject,
        party,
        tenant: Some(tenant).filter(|name| !name.is_empty()),
        vendor: Some(vendor).filter(|name| !name.is_empty()),
        roles: roles.map(|role| role.as_str_name().to_owned()).collect(),
        act: None,
        iss: String::new(),
        aud: String::new(),
        iat: 0,
        exp: expire_time.map_or(i64::MAX, |at| at.seconds),
        jti: String::new(),
    }
}
