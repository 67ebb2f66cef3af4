//! What the platform says when it says no: RFC 9457, with a stable reason.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderValue;
use serde::Deserialize;

/// A problem document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// In short.
    pub title: String,
    /// In one sentence.
    pub detail: String,
    /// Stable, in capitals, such as `TENANT_NOT_FOUND`.
    pub reason: String,
    /// The fields concerned, all at once.
    pub violations: Vec<Violation>,
    /// When to try again, if the platform said so.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// One rule that one field breaks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Violation {
    /// Its path in the request.
    pub field: String,
    /// The rule, for people.
    pub rule: String,
    /// The rule, for programs.
    pub reason: String,
}

impl Problem {
    /// Reads `body`, which may come from something in between that knows
    /// nothing of problem documents.
    pub(super) fn read(status: u16, after: Option<&HeaderValue>, body: &[u8]) -> Self {
        let mut problem: Self = serde_json::from_slice(body)
            .unwrap_or_else(|_| Self { detail: String::from_utf8_lossy(body).trim().to_owned(), ..Self::default() });
        problem.status = status;
        problem.retry_after = after.and_then(|value| value.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        problem
    }

    /// Whether the same call may succeed a little later. No call of this
    /// program carries an etag, so a stale row is one that another process
    /// changed in between, and the next try sees it as it now is.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.status, 429 | 502..=504) || self.reason == "STALE_ETAG"
    }

    /// Whether it is about something that the platform does not know, or does
    /// not know yet: services hear of each other's news a moment later.
    pub fn is_not_found(&self) -> bool {
        self.status == 404 || self.reason.ends_with("_NOT_FOUND")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for part in [&self.reason, &self.detail] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        for violation in &self.violations {
            write!(f, "\n  {}: {}", violation.field, violation.rule)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_has_a_line_of_its_own() {
        let body = br#"{"title": "Bad Request", "status": 400, "detail": "the request is wrong",
            "reason": "INVALID_REQUEST", "violations": [
                {"field": "ticket.subject", "rule": "is required", "reason": "REQUIRED"},
                {"field": "ticket.tenant", "rule": "is required", "reason": "REQUIRED"}]}"#;
        assert_eq!(
            Problem::read(400, None, body).to_string(),
            "400 INVALID_REQUEST the request is wrong\n  ticket.subject: is required\n  ticket.tenant: is required"
        );
    }

    #[test]
    fn what_is_no_problem_document_is_shown_as_it_is() {
        let after = HeaderValue::from_static("2");
        let problem = Problem::read(503, Some(&after), b"upstream down\n");
        assert_eq!(problem.to_string(), "503 upstream down");
        assert_eq!(problem.retry_after, Some(Duration::from_secs(2)));
        assert!(problem.is_passing());
    }
}
