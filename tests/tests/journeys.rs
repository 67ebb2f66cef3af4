//! The main job, end to end, as people do it.

use std::sync::{Arc, LazyLock};

use proto::billing::v1::{GetInvoiceRequest, Invoice};
use proto::r#type::v1::Money;
use relevo::Voice;
use relevo::rest::Gateway;
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{BOOTSTRAP_KEY, Platform, Shape};

/// One platform for all of these; each journey has its own tenants.
static PLATFORM: LazyLock<Platform> = LazyLock::new(|| Platform::start("journeys", Shape::Together));

fn run<T>(journey: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(journey)
}

#[test]
fn from_a_reported_problem_to_two_invoices() {
    run(async {
        let gateway = Gateway::new(PLATFORM.gateway()).unwrap();
        let said = Said::default();
        let options = relevo::demo::Options { month: None };
        let outcome = relevo::demo::run(&gateway, BOOTSTRAP_KEY, &options, &mut Voice::plain(said.clone())).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{}\n{error:#}", said.text()));
        let mut chain = Vec::new();
        for name in &outcome.invoices {
            let biller = gateway.bearing(BOOTSTRAP_KEY);
            let invoice: Invoice = biller.call(&GetInvoiceRequest { name: name.clone() }).await.unwrap();
            let minor = |money: &Option<Money>| money.as_ref().unwrap().minor;
            let lines: i64 = invoice.lines.iter().map(|line| minor(&line.net)).sum();
            assert_eq!(lines, minor(&invoice.net), "{}", invoice.number);
            assert_eq!(minor(&invoice.net) + minor(&invoice.tax), minor(&invoice.total), "{}", invoice.number);
            assert!(minor(&invoice.total) > 0 && !invoice.number.is_empty() && invoice.content_hash.len() == 64);
            chain.push(invoice);
        }
        assert_eq!(chain[0].content_hash, chain[1].previous_hash, "the chain goes on");
        PLATFORM.drain().await;
    });
}

#[test]
fn seeding_twice_changes_nothing() {
    run(async {
        let gateway = Gateway::new(PLATFORM.gateway()).unwrap();
        let first = Said::default();
        relevo::seed::run(&gateway, BOOTSTRAP_KEY, &mut Voice::plain(first.clone())).await.unwrap();
        let tenants = || async {
            let http = reqwest::Client::new();
            let list = http.get(format!("{}/v1/tenants?pageSize=1000", PLATFORM.gateway())).bearer_auth(BOOTSTRAP_KEY);
            let list: Value = list.send().await.unwrap().json().await.unwrap();
            list["tenants"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|t| !t["displayName"].as_str().unwrap().contains("  "))
                .count()
        };
        let before = tenants().await;
        relevo::seed::run(&gateway, BOOTSTRAP_KEY, &mut Voice::plain(Said::default())).await.unwrap();
        // Another journey may found its own meanwhile; seeding founds two.
        assert!(tenants().await < before + 2);
    });
}

#[test]
fn a_bad_body_is_one_problem_that_names_every_field() {
    run(async {
        let body =
            json!({"ticket": {"subject": 7, "impact": "LEVEL_ENORMOUS", "colour": "red"}, "occurredAt": "yesterday"});
        let http = reqwest::Client::new();
        let answer = http
            .post(format!("{}/v1/tickets", PLATFORM.gateway()))
            .bearer_auth(BOOTSTRAP_KEY)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.unwrap();
        let fields: Vec<&str> =
            problem["violations"].as_array().unwrap().iter().map(|v| v["field"].as_str().unwrap()).collect();
        for field in ["ticket.subject", "ticket.impact", "ticket.colour", "ticket.tenant", "occurred_at"] {
            let camel = if field == "occurred_at" { "occurredAt" } else { field };
            assert!(fields.iter().any(|f| *f == field || *f == camel), "{field} is not named in {problem:#}");
        }
    });
}

#[test]
fn a_request_that_comes_twice_has_its_effect_once() {
    run(async {
        let http = reqwest::Client::new();
        let id = uuid::Uuid::new_v4().to_string();
        let create = |name: &str| {
            let tenant = json!({"displayName": name, "zone": "Europe/Madrid", "currency": "EUR"});
            http.post(format!("{}/v1/tenants?requestId={id}", PLATFORM.gateway()))
                .bearer_auth(BOOTSTRAP_KEY)
                .json(&tenant)
        };
        let first: Value = create("Once").send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        let again: Value = create("Once").send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        assert_eq!(first, again);
        let other = create("Twice").send().await.unwrap();
        assert_eq!(other.status(), StatusCode::CONFLICT);
        assert_eq!(other.json::<Value>().await.unwrap()["reason"], "REQUEST_ID_REUSED");
    });
}

#[test]
fn redis_may_be_gone() {
    // A platform of its own: the others here keep theirs.
    let mut platform = Platform::start("redisless", Shape::Together);
    platform.redis.kill().unwrap();
    run(async {
        let http = reqwest::Client::new();
        for _ in 0..20 {
            let list =
                http.get(format!("{}/v1/tenants", platform.gateway())).bearer_auth(BOOTSTRAP_KEY).send().await.unwrap();
            assert_eq!(list.status(), StatusCode::OK);
        }
    });
}

/// What a journey says, for the test to show when it fails.
#[derive(Clone, Default)]
struct Said(Arc<std::sync::Mutex<Vec<u8>>>);

impl Said {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
