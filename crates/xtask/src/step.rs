//! What is going on: one line per step, with the seconds it took.

use std::io::{IsTerminal, stderr};
use std::time::Instant;

/// A step that is under way. Dropped without [`Step::done`], it has failed.
#[derive(Debug)]
pub struct Step {
    name: String,
    began: Instant,
    result: Option<String>,
    /// Whether the line is rewritten in place: a terminal, and nobody else writes to it.
    live: bool,
}

impl Step {
    /// A step that writes nothing itself.
    pub fn quiet(name: &str) -> Step {
        Step::begin(name, stderr().is_terminal())
    }

    /// A step whose program writes to the terminal.
    pub fn loud(name: &str) -> Step {
        eprintln!("{}", paint("1", name));
        Step::begin(name, false)
    }

    fn begin(name: &str, live: bool) -> Step {
        let (name, began) = (name.to_owned(), Instant::now());
        let step = Step { name, began, result: None, live };
        step.now("");
        step
    }

    /// Shows what the step is doing, on a terminal.
    pub fn now(&self, what: &str) {
        if self.live {
            eprint!("\r\x1b[K{} {} {}", paint("2", "…"), self.name, paint("2", what));
        }
    }

    /// Ends the step well; `result` says what is worth knowing.
    pub fn done(mut self, result: &str) {
        self.result = Some(result.to_owned());
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        let start = if self.live { "\r\x1b[K" } else { "" };
        let mark = match self.result {
            Some(_) => paint("32", "✓"),
            None => paint("31", "✗"),
        };
        let text = format!("{} {}", self.name, self.result.as_deref().unwrap_or_default());
        let seconds = self.began.elapsed().as_secs_f64();
        let seconds = paint("2", &format!("{seconds:6.1} s"));
        eprintln!("{start}{mark} {text:<56}{seconds}");
    }
}

/// Colours the text where colours are seen and wanted (<https://no-color.org>).
fn paint(code: &str, text: &str) -> String {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && stderr().is_terminal() {
        return format!("\x1b[{code}m{text}\x1b[0m");
    }
    text.to_owned()
}
