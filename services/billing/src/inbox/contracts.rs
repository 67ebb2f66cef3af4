//! What was promised at which price, by clients and by vendors.

use proto::contracts::v1 as pb;
use store::Work;

use super::keep;
use crate::error::Error;
use crate::{convert, store::announced};

/// From here on it is billed, and the facts that waited for it too.
///
/// # Errors
/// Those of the store.
pub async fn contract_activated(work: &mut Work, event: pb::ContractActivated) -> Result<(), Error> {
    let (tenant, contract) = convert::contract(event.contract, event.calendar)?;
    announced::keep_contract(work, tenant, &contract).await
}

/// A line has so many seats from a day on.
///
/// # Errors
/// Those of the store.
pub async fn seats_set(work: &mut Work, event: pb::SeatsSet) -> Result<(), Error> {
    keep(work, &[convert::seats(event)?]).await
}

/// What a vendor's work costs.
///
/// # Errors
/// Those of the store.
pub async fn underpinning_contract_created(
    work: &mut Work,
    event: pb::UnderpinningContractCreated,
) -> Result<(), Error> {
    announced::keep_card(work, &convert::card(event.underpinning_contract, event.calendar)?).await
}

/// Which contract covers a ticket.
///
/// # Errors
/// Those of the store.
pub async fn entitlement_decided(work: &mut Work, event: pb::EntitlementDecided) -> Result<(), Error> {
    match convert::coverage(event.entitlement)? {
        Some((tenant, ticket, contract)) => announced::keep_coverage(work, tenant, ticket, contract).await,
        None => Ok(()),
    }
}
