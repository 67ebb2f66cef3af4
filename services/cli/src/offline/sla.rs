//! Questions about business time, answered line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

use anyhow::{Context, Result};
use calendar::tool::Desk;

/// Answers each line of `path`, or of standard input for `-`, with a line on
/// `out`. Blank lines stay unanswered.
///
/// # Errors
/// If a line cannot be read or an answer not be written. A question that makes
/// no sense is answered with what is wrong with it.
pub fn calendar(path: &str, out: impl Write) -> Result<()> {
    let lines: Box<dyn BufRead> = match path {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(BufReader::new(File::open(path).with_context(|| format!("opening {path}"))?)),
    };
    answer(lines, out).with_context(|| format!("answering {path}"))
}

/// Answers each line with a line.
///
/// # Errors
/// See [`calendar`].
pub fn answer(lines: impl BufRead, out: impl Write) -> io::Result<()> {
    let mut desk = Desk::default();
    let mut out = BufWriter::new(out);
    for line in lines.lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", desk.answer(&line))?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_a_line() {
        let calendar = r#"{"zone": "Europe/Madrid", "week": {"mon": [["09:00", "17:00"]]}}"#;
        let question = |rest: &str| format!(r#"{{"calendar": {calendar}, {rest}}}"#);
        let input = format!(
            "{}\n\n{}\nnonsense\n",
            question(r#""op": "add", "from": "2026-11-23T15:30:00Z", "seconds": 3600"#),
            question(r#""op": "elapsed", "from": "2026-11-23T08:00:00Z", "to": "2026-11-23T10:00:00Z""#),
        );
        let mut out = Vec::new();
        answer(input.as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let answers: Vec<_> = out.lines().collect();
        assert_eq!(answers[..2], [r#"{"at":"2026-11-30T08:30:00Z"}"#, r#"{"seconds":7200}"#]);
        assert!(answers[2].contains("INPUT_INVALID"), "{}", answers[2]);
        assert_eq!(answers.len(), 3);
    }
}
