//! Client companies, their sites and their people.

use futures::FutureExt;
use proto::directory::v1 as pb;
use proto::directory::v1::tenants_server::Tenants;
use store::PageSize;
use tonic::Request;

use super::{Answer, Parties};
use crate::convert;
use crate::domain::{contact, site, tenant};
use crate::error::Error;

#[tonic::async_trait]
impl Tenants for Parties {
    async fn create_tenant(&self, request: Request<pb::CreateTenantRequest>) -> Answer<pb::Tenant> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_tenant(q.tenant, call.now)?;
                    work.announce(convert::tenant_created(&row));
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::tenant(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_tenant(&self, request: Request<pb::GetTenantRequest>) -> Answer<pb::Tenant> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "tenants")?;
                    let row = work.find::<tenant::Entity>(id).await?;
                    Ok::<_, Error>(convert::tenant(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_tenants(&self, request: Request<pb::ListTenantsRequest>) -> Answer<pb::ListTenantsResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<tenant::Entity>(None, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::tenant(&row));
                    Ok::<_, Error>(pb::ListTenantsResponse { tenants: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn create_site(&self, request: Request<pb::CreateSiteRequest>) -> Answer<pb::Site> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_site(q.site, call.now)?;
                    work.announce(convert::site_created(&row));
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::site(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_site(&self, request: Request<pb::GetSiteRequest>) -> Answer<pb::Site> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "sites")?;
                    let row = work.find::<site::Entity>(id).await?;
                    Ok::<_, Error>(convert::site(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_sites(&self, request: Request<pb::ListSitesRequest>) -> Answer<pb::ListSitesResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let tenant = convert::id_if_given("tenant", &q.tenant, "tenants")?;
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<site::Entity>(tenant, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::site(&row));
                    Ok::<_, Error>(pb::ListSitesResponse { sites: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn create_contact(&self, request: Request<pb::CreateContactRequest>) -> Answer<pb::Contact> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_contact(q.contact, call.now)?;
                    work.announce(convert::contact_created(&row));
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::contact(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_contact(&self, request: Request<pb::GetContactRequest>) -> Answer<pb::Contact> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "contacts")?;
                    let row = work.find::<contact::Entity>(id).await?;
                    Ok::<_, Error>(convert::contact(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_contacts(&self, request: Request<pb::ListContactsRequest>) -> Answer<pb::ListContactsResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let tenant = convert::id_if_given("tenant", &q.tenant, "tenants")?;
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<contact::Entity>(tenant, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::contact(&row));
                    Ok::<_, Error>(pb::ListContactsResponse { contacts: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }
}
