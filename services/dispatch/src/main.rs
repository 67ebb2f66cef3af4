//! The dispatch service.
fn main() -> std::process::ExitCode {
    service::run("dispatch", &[dispatch::PROGRAM])
}
