//! What the directory is asked: who a contact is, and where a site. Reads
//! only, and only of what a request names.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proto::directory::v1::tenants_client::TenantsClient;
use proto::directory::v1::{Contact, GetContactRequest, GetSiteRequest, Site};
use service::{Claims, INTERNAL, Signer, name};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};
use uuid::Uuid;

use crate::error::Error;

/// The directory, seen from here.
#[derive(Clone)]
pub struct Directory {
    channel: Channel,
    signer: Arc<Signer>,
}

impl Directory {
    /// At `url`; nothing is opened before it is needed.
    ///
    /// # Errors
    /// If `url` is none.
    pub fn new(url: String, signer: Arc<Signer>) -> Result<Self, tonic::transport::Error> {
        let endpoint =
            Endpoint::from_shared(url)?.timeout(Duration::from_secs(2)).connect_timeout(Duration::from_secs(1));
        Ok(Self { channel: endpoint.connect_lazy(), signer })
    }

    /// A tenant's contact.
    ///
    /// # Errors
    /// [`Error::ContactNotFound`] if it is not the tenant's.
    pub async fn contact(&self, tenant: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<Contact, Error> {
        let request = self.request(GetContactRequest { name: name("contacts", id) }, now)?;
        let found = TenantsClient::new(self.channel.clone()).get_contact(request).await;
        let contact = found.map_err(|status| missing(status, Error::ContactNotFound))?.into_inner();
        if contact.tenant == name("tenants", tenant) { Ok(contact) } else { Err(Error::ContactNotFound) }
    }

    /// A tenant's site.
    ///
    /// # Errors
    /// [`Error::SiteNotFound`] if it is not the tenant's.
    pub async fn site(&self, tenant: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<Site, Error> {
        let request = self.request(GetSiteRequest { name: name("sites", id) }, now)?;
        let found = TenantsClient::new(self.channel.clone()).get_site(request).await;
        let site = found.map_err(|status| missing(status, Error::SiteNotFound))?.into_inner();
        if site.tenant == name("tenants", tenant) { Ok(site) } else { Err(Error::SiteNotFound) }
    }

    fn request<T>(&self, message: T, now: DateTime<Utc>) -> Result<Request<T>, Error> {
        let claims = Claims {
            sub: "services/tickets".to_owned(),
            party: "service".to_owned(),
            tenant: None,
            vendor: None,
            roles: Vec::new(),
            act: None,
            iss: "relevo-tickets".to_owned(),
            aud: INTERNAL.to_owned(),
            iat: now.timestamp(),
            exp: (now + TimeDelta::seconds(60)).timestamp(),
            jti: Uuid::now_v7().to_string(),
        };
        let unusable = |_| Error::Directory(tonic::Status::internal("no token for the directory"));
        let token = self.signer.sign(&claims).map_err(unusable)?;
        let mut request = Request::new(message);
        if let Ok(value) = format!("Bearer {token}").parse() {
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

fn missing(status: tonic::Status, absent: Error) -> Error {
    if status.code() == Code::NotFound { absent } else { Error::Directory(status) }
}
