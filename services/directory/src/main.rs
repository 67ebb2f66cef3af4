//! The directory service.
fn main() -> std::process::ExitCode {
    service::run("directory", &[directory::PROGRAM])
}
