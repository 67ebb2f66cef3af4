//! Who may not see what: each wall is tried from the wrong side.

use anyhow::{Result, ensure};
use proto::tickets::v1::{
    GetTicketRequest, GetVendorHandoffRequest, ListMessagesRequest, ListMessagesResponse, Ticket, VendorHandoff,
};

use crate::rest::{Error, Session};

use super::second_line::Handoffs;
use super::stage::Stage;

const FORBIDDEN: u16 = 403;
const NOT_FOUND: u16 = 404;

pub(super) async fn act(stage: &mut Stage<'_>, ticket: &str, handoffs: &Handoffs) -> Result<()> {
    stage.voice.chapter("Walls")?;
    let get = GetTicketRequest { name: ticket.to_owned() };
    let declined = GetVendorHandoffRequest { name: handoffs.declined.clone() };
    let others = GetVendorHandoffRequest { name: handoffs.approved.clone() };
    let [norte, cantabrico] = stage.vendors.clone();
    let tried: [(&str, u16, Result<(), Error>); 4] = [
        ("the other client asks for the ticket", NOT_FOUND, ticket_of(&stage.users[1], &get).await),
        ("the vendor asks for the hand-off it declined", NOT_FOUND, handoff_of(&norte, &declined).await),
        ("and for the one of its competitor", NOT_FOUND, handoff_of(&norte, &others).await),
        ("the vendor that solved it asks for the ticket", FORBIDDEN, ticket_of(&cantabrico, &get).await),
    ];
    for (what, expected, outcome) in tried {
        let answered = status(outcome)?;
        ensure!(answered == expected, "{what}: answered {answered}, not {expected}");
        stage.voice.show(format!("{what:<46} {answered}"))?;
    }
    let all = messages(&stage.agent, ticket).await?;
    let read = messages(&stage.users[0], ticket).await?;
    ensure!(read < all, "the client reads {read} of {all} messages: all of them");
    stage.voice.show(format!("{:<46} {read} of {all}", "messages that the client reads"))?;
    Ok(())
}

async fn ticket_of(session: &Session, request: &GetTicketRequest) -> Result<(), Error> {
    let _: Ticket = session.call(request).await?;
    Ok(())
}

async fn handoff_of(session: &Session, request: &GetVendorHandoffRequest) -> Result<(), Error> {
    let _: VendorHandoff = session.call(request).await?;
    Ok(())
}

async fn messages(session: &Session, ticket: &str) -> Result<usize> {
    let request = ListMessagesRequest { ticket: ticket.to_owned(), page_size: 100, ..ListMessagesRequest::default() };
    let list: ListMessagesResponse = session.call(&request).await?;
    Ok(list.messages.len())
}

/// What the platform answered, as an HTTP status.
fn status(outcome: Result<(), Error>) -> Result<u16, Error> {
    match outcome {
        Ok(()) => Ok(200),
        Err(Error::Refused { problem, .. }) => Ok(problem.status),
        Err(error) => Err(error),
    }
}
