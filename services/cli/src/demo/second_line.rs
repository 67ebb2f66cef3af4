//! The hand-off to the second tier: one vendor declines, the next one solves it.

use anyhow::{Context, Result};
use proto::tickets::v1::{
    AcceptHandoffRequest, ApproveHandoffRequest, DeclineHandoffRequest, DeclineHandoffResponse, Disclosure, Handoff,
    HandoffState, ListHandoffsRequest, ListHandoffsResponse, LogVendorTimeRequest, OfferHandoffRequest, Package,
    PostVendorNoteRequest, PreviewHandoffRequest, ProposeSolutionRequest, RejectProposalRequest, Step, VendorHandoff,
    VendorNote, VendorTimeEntry,
};
use proto::r#type::v1::{Priority, Tier};

use crate::madrid::stamp;
use crate::seed::operator::VENDORS;
use crate::wait;
use crate::words::word;

use super::stage::{AGENT, CANTABRICO, NORTE, PLATFORM, Stage};

/// The day of the first tier's work.
const DAY: usize = 3;

/// The hand-offs, as their vendors name them: the declined and the approved one.
pub(super) struct Handoffs {
    pub declined: String,
    pub approved: String,
}

pub(super) async fn act(stage: &mut Stage<'_>, ticket: &str) -> Result<Handoffs> {
    stage.voice.chapter("The hand-off to an outsourced second tier")?;
    preview(stage, ticket).await?;
    let first = offer(stage, ticket).await?;
    let second = decline(stage, ticket, &first).await?;
    let handoffs = Handoffs { declined: seen_by_vendor(&first), approved: seen_by_vendor(&second) };
    work(stage, &handoffs.approved).await?;
    agree(stage, &second, &handoffs.approved).await?;
    Ok(handoffs)
}

/// The vendor's name for the operator's `handoffs/{uuid}`.
fn seen_by_vendor(handoff: &str) -> String {
    handoff.replace("handoffs/", "vendorHandoffs/")
}

fn package() -> Package {
    let step = |action: &str, outcome: &str| Step { action: action.to_owned(), outcome: outcome.to_owned() };
    Package {
        steps: vec![
            step("Restarted the tills", "No connection, as before"),
            step("Checked the line from the router on", "The switch under the counter is dead"),
        ],
        diagnostics: "Router reachable; no link on ports 2 to 4.".into(),
    }
}

/// Neither the person nor the place: the vendor works remotely.
fn disclosure() -> Disclosure {
    Disclosure { fields: ["subject", "description", "priority"].map(String::from).into() }
}

async fn preview(stage: &mut Stage<'_>, ticket: &str) -> Result<()> {
    let at = stage.at(DAY, 11, 18)?;
    let request = PreviewHandoffRequest {
        ticket: ticket.to_owned(),
        tier: Tier::L2.into(),
        package: Some(package()),
        disclosure: Some(disclosure()),
    };
    let seen: VendorHandoff = stage.agent.call(&request).await?;
    stage.voice.tell(at, AGENT, "looks at exactly what the vendor would see:")?;
    let hidden = || "— not disclosed".to_owned();
    let priority = seen.priority.map(|_| Priority::as_str_name(&seen.priority()).replace("PRIORITY_", ""));
    let fields = [
        ("subject", seen.subject),
        ("description", seen.description),
        ("priority", priority),
        ("contact", seen.contact),
        ("site", seen.site),
    ];
    for (field, value) in fields {
        stage.voice.more(format!("{field:<12} {}", value.unwrap_or_else(hidden)))?;
    }
    for step in seen.package.unwrap_or_default().steps {
        stage.voice.more(format!("{:<12} {} → {}", "tried", step.action, step.outcome))?;
    }
    Ok(())
}

async fn offer(stage: &mut Stage<'_>, ticket: &str) -> Result<String> {
    let at = stage.at(DAY, 11, 20)?;
    let request = OfferHandoffRequest {
        ticket: ticket.to_owned(),
        tier: Tier::L2.into(),
        package: Some(package()),
        disclosure: Some(disclosure()),
        ..OfferHandoffRequest::default()
    };
    let offered: Handoff = stage.agent.at(at).call(&request).await?;
    stage.voice.tell(at, AGENT, format!("offers it to {}, first in rank", VENDORS[0]))?;
    Ok(offered.name)
}

/// The first vendor declines; the platform offers it to the next in rank.
async fn decline(stage: &mut Stage<'_>, ticket: &str, handoff: &str) -> Result<String> {
    let at = stage.at(DAY, 11, 32)?;
    let request = DeclineHandoffRequest {
        name: seen_by_vendor(handoff),
        reason: "No engineer free before tomorrow".into(),
        ..DeclineHandoffRequest::default()
    };
    let _: DeclineHandoffResponse = stage.vendors[0].at(at).call(&request).await?;
    stage.voice.tell(at, NORTE, format!("declines: {}", request.reason))?;
    let list = ListHandoffsRequest { ticket: ticket.to_owned(), ..ListHandoffsRequest::default() };
    let next = wait::until("the next vendor has the offer", async || {
        let list: ListHandoffsResponse = stage.agent.call(&list).await?;
        let offered = |handoff: &Handoff| handoff.state() == HandoffState::Offered;
        Ok(list.handoffs.into_iter().find(offered))
    })
    .await?;
    stage.voice.tell(at, PLATFORM, format!("offers it to {}, rank {}", VENDORS[1], next.rank))?;
    Ok(next.name)
}

async fn work(stage: &mut Stage<'_>, handoff: &str) -> Result<()> {
    let at = stage.at(DAY, 11, 50)?;
    let vendor = stage.vendors[1].clone();
    let accept = AcceptHandoffRequest { name: handoff.to_owned(), ..AcceptHandoffRequest::default() };
    let accepted: VendorHandoff = vendor.at(at).call(&accept).await?;
    stage.voice.tell(at, CANTABRICO, format!("takes it on → {}", state(&accepted)))?;

    let at = stage.at(DAY, 12, 5)?;
    let note = PostVendorNoteRequest {
        handoff: handoff.to_owned(),
        body: "The switch has a known power supply fault; checking its configuration.".into(),
        ..PostVendorNoteRequest::default()
    };
    let _: VendorNote = vendor.at(at).call(&note).await?;
    stage.voice.tell(at, CANTABRICO, "leaves a note that the client does not see")?;
    log(stage, handoff, [(11, 55), (13, 10)], "Configuration restored from backup").await?;
    stage.voice.tell(stage.at(DAY, 13, 10)?, CANTABRICO, "logs 75 minutes of specialist work")?;
    Ok(())
}

/// Proposed, sent back once with what is missing, proposed again, approved.
async fn agree(stage: &mut Stage<'_>, handoff: &str, seen: &str) -> Result<()> {
    propose(stage, (13, 15), seen, "Replace the switch under the counter.").await?;
    let at = stage.at(DAY, 13, 25)?;
    let reject = RejectProposalRequest {
        name: handoff.to_owned(),
        missing: "Which model, and with which configuration?".into(),
        ..RejectProposalRequest::default()
    };
    let _: Handoff = stage.agent.at(at).call(&reject).await?;
    stage.voice.tell(at, AGENT, format!("sends it back: {}", reject.missing))?;
    log(stage, seen, [(13, 30), (13, 50)], "Configuration for the new model").await?;
    let solution = "Replace it by an 8-port model with the attached configuration.";
    propose(stage, (13, 52), seen, solution).await?;
    let at = stage.at(DAY, 13, 58)?;
    let approve = ApproveHandoffRequest { name: handoff.to_owned(), ..ApproveHandoffRequest::default() };
    let approved: Handoff = stage.agent.at(at).call(&approve).await?;
    let end = word(HandoffState::as_str_name(&approved.state()), "HANDOFF_STATE_");
    stage.voice.tell(at, AGENT, format!("has what it takes → {end}"))?;
    Ok(())
}

async fn propose(stage: &mut Stage<'_>, (hour, minute): (i8, i8), handoff: &str, proposal: &str) -> Result<()> {
    let at = stage.at(DAY, hour, minute)?;
    let request = ProposeSolutionRequest {
        name: handoff.to_owned(),
        proposal: proposal.to_owned(),
        ..ProposeSolutionRequest::default()
    };
    let proposed: VendorHandoff = stage.vendors[1].at(at).call(&request).await?;
    let what = format!("→ {}: {proposal}", state(&proposed));
    Ok(stage.voice.tell(at, CANTABRICO, what)?)
}

/// Specialist work of the second vendor.
async fn log(stage: &Stage<'_>, handoff: &str, [from, to]: [(i8, i8); 2], note: &str) -> Result<VendorTimeEntry> {
    let request = LogVendorTimeRequest {
        handoff: handoff.to_owned(),
        work_type: "specialist".into(),
        start_time: Some(stamp(stage.at(DAY, from.0, from.1)?)),
        end_time: Some(stamp(stage.at(DAY, to.0, to.1)?)),
        note: note.to_owned(),
        ..LogVendorTimeRequest::default()
    };
    stage.vendors[1].call(&request).await.context("the vendor's time")
}

fn state(handoff: &VendorHandoff) -> String {
    word(HandoffState::as_str_name(&handoff.state()), "HANDOFF_STATE_")
}
