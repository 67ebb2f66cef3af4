//! The tickets service.
fn main() -> std::process::ExitCode {
    service::run("tickets", &[tickets::PROGRAM])
}
