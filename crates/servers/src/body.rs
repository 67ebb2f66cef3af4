//! What actually runs: a program of this machine or a container.

use std::path::Path;
use std::process::Command;

use crate::container::Container;
use crate::{Error, Process};

/// A server that can be started more than once.
#[derive(Debug)]
pub enum Body {
    /// A program, and its process while it runs.
    Program(Command, Option<Process>),
    /// A container.
    Container(Container),
}

impl Body {
    pub fn program(command: Command) -> Body {
        Body::Program(command, None)
    }

    pub fn start(&mut self, stop_signal: &'static str, log: &Path) -> Result<(), Error> {
        match self {
            Body::Program(command, process) => {
                *process = Some(Process::spawn(command, stop_signal, log)?);
                Ok(())
            }
            Body::Container(container) => container.start(),
        }
    }

    pub fn stop(&mut self) {
        match self {
            // Dropping a process stops it.
            Body::Program(_, process) => *process = None,
            Body::Container(container) => container.stop(),
        }
    }

    pub fn kill(&mut self) {
        match self {
            Body::Program(_, process) => {
                if let Some(mut process) = process.take() {
                    process.kill();
                }
            }
            Body::Container(container) => container.kill(),
        }
    }

    /// Whether it ended of itself.
    pub fn ended(&mut self) -> bool {
        match self {
            Body::Program(_, Some(process)) => process.ended().is_some(),
            _ => false,
        }
    }

    pub fn pid(&self) -> Option<u32> {
        match self {
            Body::Program(_, process) => process.as_ref().map(Process::pid),
            Body::Container(_) => None,
        }
    }

    pub fn path(&self) -> Option<&Path> {
        match self {
            Body::Program(command, _) => Some(Path::new(command.get_program())),
            Body::Container(_) => None,
        }
    }
}
