//! What was promised, to whom, and by whom it is delivered.

use futures::FutureExt;
use proto::contracts::v1 as pb;
use proto::contracts::v1::contracts_server;
use service::Desk;
use store::{PageSize, expect_etag};
use tonic::Request;

use super::Answer;
use crate::convert;
use crate::domain::{calendar, contract, sla_policy, underpinning_contract};
use crate::error::Error;
use crate::store::contracts as kept;

/// Contracts, and what they refer to.
pub struct Contracts {
    /// Where its requests become transactions.
    pub desk: Desk,
}

#[tonic::async_trait]
impl contracts_server::Contracts for Contracts {
    async fn create_calendar(&self, request: Request<pb::CreateCalendarRequest>) -> Answer<pb::Calendar> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let row = convert::calendars::new(q.calendar, call.now)?;
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::calendars::calendar(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_calendar(&self, request: Request<pb::GetCalendarRequest>) -> Answer<pb::Calendar> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "calendars")?;
                    let row = work.find::<calendar::Entity>(id).await?;
                    Ok::<_, Error>(convert::calendars::calendar(&row))
                }
                .boxed()
            })
            .await
    }

    async fn create_sla_policy(&self, request: Request<pb::CreateSlaPolicyRequest>) -> Answer<pb::SlaPolicy> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let named = convert::sla_policies::references(q.sla_policy.as_ref());
                    let known = kept::known(work, named).await?;
                    let row = convert::sla_policies::new(q.sla_policy, &known, call.now)?;
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::sla_policies::sla_policy(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_sla_policy(&self, request: Request<pb::GetSlaPolicyRequest>) -> Answer<pb::SlaPolicy> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "slaPolicies")?;
                    let row = work.find::<sla_policy::Entity>(id).await?;
                    Ok::<_, Error>(convert::sla_policies::sla_policy(&row))
                }
                .boxed()
            })
            .await
    }

    async fn create_contract(&self, request: Request<pb::CreateContractRequest>) -> Answer<pb::Contract> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let named = convert::contracts::references(q.contract.as_ref());
                    let known = kept::known(work, named).await?;
                    let row = convert::contracts::new(q.contract, &known, call.now)?;
                    work.insert(row.clone()).await?;
                    Ok::<_, Error>(convert::contracts::contract(&row))
                }
                .boxed()
            })
            .await
    }

    async fn activate_contract(&self, request: Request<pb::ActivateContractRequest>) -> Answer<pb::Contract> {
        self.desk
            .command(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "contracts")?;
                    let row = work.find::<contract::Entity>(id).await?;
                    expect_etag(&q.etag, row.version)?;
                    let row = row.activate()?;
                    let hours = work.find::<calendar::Entity>(row.calendar_id).await?;
                    work.update(row.clone()).await?;
                    work.announce(convert::contracts::activated(&row, &hours));
                    Ok::<_, Error>(convert::contracts::contract(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_contract(&self, request: Request<pb::GetContractRequest>) -> Answer<pb::Contract> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "contracts")?;
                    let row = work.find::<contract::Entity>(id).await?;
                    Ok::<_, Error>(convert::contracts::contract(&row))
                }
                .boxed()
            })
            .await
    }

    async fn list_contracts(&self, request: Request<pb::ListContractsRequest>) -> Answer<pb::ListContractsResponse> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let tenant = convert::id_if_given("tenant", &q.tenant, "tenants")?;
                    let size = PageSize::of(q.page_size);
                    let page = work.list::<contract::Entity>(tenant, size, &q.page_token, |row| row.id).await?;
                    let page = page.map(|row| convert::contracts::contract(&row));
                    Ok::<_, Error>(pb::ListContractsResponse { contracts: page.rows, next_page_token: page.next })
                }
                .boxed()
            })
            .await
    }

    async fn set_seats(&self, request: Request<pb::SetSeatsRequest>) -> Answer<pb::Contract> {
        self.desk
            .command(request, |work, _, q| {
                async move {
                    let (id, etag, change) = convert::contracts::seat_change(q)?;
                    let row = work.find::<contract::Entity>(id).await?;
                    expect_etag(&etag, row.version)?;
                    let (row, count) = row.set_seats(change)?;
                    work.update(row.clone()).await?;
                    work.announce(convert::contracts::seats_set(&count));
                    kept::keep_seats(work, count).await?;
                    Ok::<_, Error>(convert::contracts::contract(&row))
                }
                .boxed()
            })
            .await
    }

    async fn create_underpinning_contract(
        &self,
        request: Request<pb::CreateUnderpinningContractRequest>,
    ) -> Answer<pb::UnderpinningContract> {
        self.desk
            .command(request, |work, call, q| {
                async move {
                    let named = convert::underpinning_contracts::references(q.underpinning_contract.as_ref());
                    let known = kept::known(work, named).await?;
                    let row = convert::underpinning_contracts::new(q.underpinning_contract, &known, call.now)?;
                    let hours = work.find::<calendar::Entity>(row.calendar_id).await?;
                    work.insert(row.clone()).await?;
                    work.announce(convert::underpinning_contracts::created(&row, &hours));
                    Ok::<_, Error>(convert::underpinning_contracts::underpinning_contract(&row))
                }
                .boxed()
            })
            .await
    }

    async fn get_underpinning_contract(
        &self,
        request: Request<pb::GetUnderpinningContractRequest>,
    ) -> Answer<pb::UnderpinningContract> {
        self.desk
            .query(request, |work, _, q| {
                async move {
                    let id = convert::id("name", &q.name, "underpinningContracts")?;
                    let row = work.find::<underpinning_contract::Entity>(id).await?;
                    Ok::<_, Error>(convert::underpinning_contracts::underpinning_contract(&row))
                }
                .boxed()
            })
            .await
    }
}
