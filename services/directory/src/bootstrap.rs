//! A new installation has a key that signs, and one administrator.

use ::store::Scope;
use proto::access::v1::Role;
use service::{Host, name};
use uuid::Uuid;

use crate::domain::signing_key::Seal;
use crate::domain::{api_key, staff};
use crate::error::Error;
use crate::store;

/// Makes what is missing. `key` is the first administrator's API key; where it
/// is not given, or known already, nobody is made.
///
/// # Errors
/// Those of the database.
pub async fn bootstrap(host: &Host, seal: &Seal, key: Option<&str>) -> Result<(), Error> {
    let now = host.clock.now();
    let work = host.store.begin(&Scope::worker(None)).await?;
    if matches!(store::signing_key(&work).await, Err(Error::Store(::store::Error::NotFound))) {
        work.insert(seal.make(now)?).await?;
    }
    if let Some(key) = key
        && store::key_by_digest(&work, &api_key::digest(key)).await.is_err()
    {
        let administrator = staff::Model {
            id: Uuid::now_v7(),
            version: 1,
            display_name: "Administrator".to_owned(),
            email: "administrator@localhost".to_owned(),
            roles: vec![Role::Administrator.as_str_name().to_owned()],
            created_at: now,
        };
        work.insert(api_key::Model {
            id: Uuid::now_v7(),
            version: 1,
            display_name: "bootstrap".to_owned(),
            digest: api_key::digest(key),
            subject: name("staff", administrator.id),
            expires_at: None,
            revoked_at: None,
            created_at: now,
        })
        .await?;
        work.insert(administrator).await?;
    }
    Ok(work.commit().await?)
}
