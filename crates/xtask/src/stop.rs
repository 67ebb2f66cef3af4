//! Why a command ended before its end.

use std::process::{ExitCode, ExitStatus};

/// Everything that ends a command early.
#[derive(Debug)]
pub enum Stop {
    /// Ctrl-C, or a signal that means the same.
    Interrupted,
    /// Something went wrong; the text says what.
    Failed(String),
    /// A program that we ran has said what is wrong, and gives its exit code.
    Said(u8),
    /// The command line is not one of ours.
    Usage(String),
}

impl Stop {
    /// Arguments that no command takes.
    pub fn usage(arguments: &[String]) -> Stop {
        Stop::Usage(arguments.join(" "))
    }

    /// A program that should have ended well did not. Without a code, a signal ended it.
    pub fn status(status: ExitStatus) -> Stop {
        Stop::Said(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
    }

    /// Says it, and turns it into the code of this process.
    pub fn report(self) -> ExitCode {
        match self {
            Stop::Interrupted => ExitCode::from(130),
            Stop::Said(code) => ExitCode::from(code),
            Stop::Failed(text) => {
                eprintln!("{text}");
                ExitCode::FAILURE
            }
            Stop::Usage(arguments) => {
                eprintln!("cargo xtask does not know `{arguments}`; see `cargo xtask --help`");
                ExitCode::from(2)
            }
        }
    }
}

impl From<servers::Error> for Stop {
    fn from(error: servers::Error) -> Stop {
        Stop::Failed(error.to_string())
    }
}
