//! The gateway.
fn main() -> std::process::ExitCode {
    service::run("gateway", &[gateway::PROGRAM])
}
