//! Speed as a ratio against the physical limit in the same run. Absolute
//! times say something about a machine; a ratio says something about the code.

mod load;
mod pgbench;
mod plan;
mod platform;
mod sla;
mod tickets;

use anyhow::{Result, bail};

#[tokio::main]
async fn main() -> Result<()> {
    let what: Vec<String> = std::env::args().skip(1).collect();
    match what.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["tickets"] => tickets::run().await,
        ["plan", ref rest @ ..] => plan::run(rest),
        ["sla", ref sizes @ ..] => sla::run(sizes).await,
        _ => bail!("there are benchmarks for: tickets, plan [FOLDER] [CPU SECONDS or ITERATIONSi], sla [CLOCKS ...]"),
    }
}
