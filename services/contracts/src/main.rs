//! The contracts service.
fn main() -> std::process::ExitCode {
    service::run("contracts", &[contracts::PROGRAM])
}
