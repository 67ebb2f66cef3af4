//! What the program says: aligned, in colour on a terminal, plain elsewhere.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use jiff::Timestamp;

use crate::madrid;

/// Where the story goes.
pub struct Voice {
    out: Box<dyn Write + Send>,
    colour: bool,
}

/// Who does something: each party has its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Client,
    Desk,
    Vendor,
    Field,
    Platform,
}

const BOLD: &str = "1";
const DIM: &str = "2";

impl Who {
    fn paint(self) -> &'static str {
        match self {
            Self::Client => "32",
            Self::Desk => "34",
            Self::Vendor => "35",
            Self::Field => "33",
            Self::Platform => "36",
        }
    }
}

impl Voice {
    /// To standard output.
    pub fn stdout() -> Self {
        let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { out: Box::new(io::stdout()), colour }
    }

    /// To `out`, plain.
    pub fn plain(out: impl Write + Send + 'static) -> Self {
        Self { out: Box::new(out), colour: false }
    }

    /// A new part of the story.
    pub(crate) fn chapter(&mut self, title: &str) -> io::Result<()> {
        let title = self.paint(BOLD, title);
        writeln!(self.out, "\n{title}")
    }

    /// What somebody does at an instant.
    pub(crate) fn tell(&mut self, at: Timestamp, (who, name): (Who, &str), what: impl Display) -> io::Result<()> {
        let at = self.paint(DIM, &madrid::short(at));
        let name = self.paint(who.paint(), &format!("{name:<12}"));
        writeln!(self.out, "  {at}  {name}  {what}")
    }

    /// More of the same, on a line of its own.
    pub(crate) fn more(&mut self, what: impl Display) -> io::Result<()> {
        let indent = 2 + madrid::SHORT + 2 + 12 + 2;
        writeln!(self.out, "{:indent$}{what}", "")
    }

    /// Several lines as they are, such as a table.
    pub(crate) fn show(&mut self, what: impl Display) -> io::Result<()> {
        for line in what.to_string().lines() {
            writeln!(self.out, "{}", format!("  {line}").trim_end())?;
        }
        Ok(())
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
