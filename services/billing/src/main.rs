//! The billing service.
fn main() -> std::process::ExitCode {
    service::run("billing", &[billing::PROGRAM])
}
