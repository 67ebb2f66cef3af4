//! The operator's own people and the vendors.

use futures::FutureExt;
use proto::directory::v1 as pb;
use proto::directory::v1::parties_server;
use service::Desk;
use store::PageSize;
use tonic::Request;

use super::Answer;
use crate::convert;
use crate::domain::{staff, vendor};
use crate::error::Error;

/// Whoever is a side of the platform.
#[derive(Clone)]
pub struct Parties {
    /// Where its requests become transactions.
    pub desk: Desk,
}

#[tonic::async_trait]
impl parties_server::Parties for Parties {
    async fn create_staff(&self, request: Request<pb::CreateStaffRequest>) -> Answer<pb::Staff> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_staff(q.staff, call.now)?;
                    work.announce(convert::staff_created(&row));
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::staff(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_staff(&self, request: Request<pb::ListStaffRequest>) -> Answer<pb::ListStaffResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<staff::Entity>(None, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::staff(&row));
                    Ok::<_, Error>(pb::ListStaffResponse { staff: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn create_vendor(&self, request: Request<pb::CreateVendorRequest>) -> Answer<pb::Vendor> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::new_vendor(q.vendor, call.now)?;
                    work.announce(convert::vendor_created(&row));
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::vendor(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_vendor(&self, request: Request<pb::GetVendorRequest>) -> Answer<pb::Vendor> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "vendors")?;
                    let row = work.find::<vendor::Entity>(id).await?;
                    Ok::<_, Error>(convert::vendor(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_vendors(&self, request: Request<pb::ListVendorsRequest>) -> Answer<pb::ListVendorsResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<vendor::Entity>(None, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::vendor(&row));
                    Ok::<_, Error>(pb::ListVendorsResponse { vendors: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }
}
