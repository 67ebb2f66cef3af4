//! Every service in one process: for a laptop and for tests. The code is the
//! same as in six processes.

fn main() -> std::process::ExitCode {
    service::run(
        "all",
        &[
            directory::PROGRAM,
            contracts::PROGRAM,
            tickets::PROGRAM,
            dispatch::PROGRAM,
            billing::PROGRAM,
            gateway::PROGRAM,
        ],
    )
}
