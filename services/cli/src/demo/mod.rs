//! The journey of the main job, told against a running platform: a client's
//! ticket from its first line through the first tier, two vendors and a visit
//! to the invoice, and who may see what on the way.

mod bill;
mod evening;
mod first_line;
mod second_line;
mod stage;
mod visit;
mod walls;

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::rest::Gateway;
use crate::voice::Voice;
use stage::Stage;

/// What may be chosen about a demo.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The month it takes place in, `YYYY-MM`; the one before this if not given.
    /// It must be over: its invoices are made.
    pub month: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// `tenants/{uuid}`: the one with seats, and the one that pays per use.
    pub tenants: [String; 2],
    /// `tickets/{uuid}`, in the same order.
    pub tickets: [String; 2],
    /// Names of the finalised invoices, in the same order.
    pub invoices: [String; 2],
    /// From the first request to the last.
    pub took: Duration,
    /// Sent to the platform, repeats included.
    pub requests: u64,
}

/// Runs the journey on two fresh clients.
///
/// # Errors
/// What the platform refuses, and each check that fails: a wall that lets
/// something through, an invoice whose sums do not match.
pub async fn run(gateway: &Gateway, key: &str, options: &Options, voice: &mut Voice) -> Result<Outcome> {
    let (began, sent) = (Instant::now(), gateway.sent());
    let mut stage = Stage::set(gateway, key, options, voice).await?;
    let ticket = first_line::act(&mut stage).await?;
    let handoffs = second_line::act(&mut stage, &ticket).await?;
    let visit = visit::act(&mut stage, &ticket).await?;
    let evening = evening::act(&mut stage).await?;
    walls::act(&mut stage, &ticket, &handoffs).await?;
    let invoices = bill::act(&mut stage, [&ticket, &evening], &visit).await?;
    let outcome = Outcome {
        tenants: [stage.bakery.tenant.clone(), stage.garage.tenant.clone()],
        tickets: [ticket, evening],
        invoices,
        took: began.elapsed(),
        requests: gateway.sent() - sent,
    };
    stage.voice.chapter("Done")?;
    stage.voice.show(format!("{:.1} s, {} requests over REST", outcome.took.as_secs_f64(), outcome.requests))?;
    Ok(outcome)
}
