//! The transcoder against the real descriptors, and a few made-up ones.

use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, ReflectMessage, Value};
use serde_json::{Value as Tree, json};

use super::*;
use crate::error::Error;

fn router() -> Router {
    Router::of(&proto::POOL).unwrap()
}

fn read(verb: &str, target: &str, body: &str) -> Result<DynamicMessage, Error> {
    let router = router();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let found = router.find(&verb.parse().unwrap(), path)?;
    bind(&router.required, &found, query, body.as_bytes())
}

fn tree(message: &DynamicMessage) -> Tree {
    serde_json::to_value(message).unwrap()
}

fn wrong(verb: &str, target: &str, body: Tree) -> Vec<String> {
    match read(verb, target, &body.to_string()) {
        Err(Error::Invalid(violations)) => {
            violations.0.into_iter().map(|v| format!("{} {}", v.field, v.reason)).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// A value for every field that is not set, so that nothing is lost unseen.
fn fill(of: &MessageDescriptor, depth: u32) -> DynamicMessage {
    let mut message = DynamicMessage::new(of.clone());
    if of.full_name() == "google.protobuf.FieldMask" {
        message.set_field_by_name("paths", Value::List(vec![Value::String("subject".into())]));
        return message;
    }
    for field in of.fields() {
        let one = match field.kind() {
            Kind::Message(inner) if depth == 0 && !inner.package_name().starts_with("google") => continue,
            Kind::Message(inner) => Value::Message(fill(&inner, depth.saturating_sub(1))),
            Kind::String => Value::String(format!("{}/é ?&%", field.name())),
            Kind::Bool => Value::Bool(true),
            Kind::Enum(of) => Value::EnumNumber(of.values().last().unwrap().number()),
            Kind::Bytes => Value::Bytes(vec![251, 255].into()),
            Kind::Double => Value::F64(1.5),
            Kind::Int32 => Value::I32(7),
            Kind::Int64 if of.package_name() == "google.protobuf" => Value::I64(7),
            Kind::Int64 => Value::I64(1 << 60),
            Kind::Uint32 => Value::U32(7),
            Kind::Uint64 => Value::U64(7),
            other => panic!("{other:?}"),
        };
        message.set_field(&field, if field.is_list() { Value::List(vec![one.clone(), one]) } else { one });
    }
    message
}

#[test]
fn every_rule_carries_a_whole_request() {
    let router = router();
    assert!(router.routes().len() > 80, "{}", router.routes().len());
    for route in router.routes() {
        let mut path = route.template.pattern.clone();
        for i in 0..route.template.variables.len() {
            path = path.replace(&format!("{{{i}}}"), &format!("id-{i}"));
        }
        let found = router.find(&route.verb, &path).unwrap();
        assert_eq!(found.route.rpc, route.rpc, "{path}");
        let mut request = fill(&route.method.input(), 9);
        for variable in &route.template.variables {
            let value = Value::String(variable.value(&found.params));
            match variable.field.split_once('.') {
                None => request.set_field_by_name(&variable.field, value),
                Some((outer, inner)) => {
                    let outer = request.get_field_by_name_mut(outer).unwrap();
                    outer.as_message_mut().unwrap().set_field_by_name(inner, value);
                }
            }
        }
        let json = tree(&request);
        let (body, rest) = match &route.body {
            Content::Everything => (json.clone(), None),
            Content::Nothing => (Tree::Null, Some(json.clone())),
            Content::Field(field) => {
                let mut rest = json.clone();
                (rest.as_object_mut().unwrap().remove(field.json_name()).unwrap(), Some(rest))
            }
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in rest.iter().flat_map(|rest| rest.as_object().unwrap()) {
            let bound =
                route.template.variables.iter().any(|variable| variable.field.replace('_', "") == name.to_lowercase());
            if !bound {
                pairs(&mut query, name, value);
            }
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let read = bind(&router.required, &found, Some(&query.finish()), body.as_bytes());
        assert_eq!(tree(&read.unwrap_or_else(|e| panic!("{path}: {e}"))), json, "{path}");
    }
}

fn pairs(query: &mut form_urlencoded::Serializer<String>, name: &str, value: &Tree) {
    match value {
        Tree::Array(items) => items.iter().for_each(|item| pairs(query, name, item)),
        Tree::Object(inner) => inner.iter().for_each(|(step, value)| pairs(query, &format!("{name}.{step}"), value)),
        Tree::String(text) => drop(query.append_pair(name, text)),
        other => drop(query.append_pair(name, &other.to_string())),
    }
}

#[test]
fn path_query_and_body_meet_in_one_request() {
    let list = read("GET", "/v1/tickets?states=STATE_NEW&states=5&page_size=20&pageToken=a%20b", "").unwrap();
    assert_eq!(tree(&list), json!({"states": ["STATE_NEW", "STATE_RESOLVED"], "pageSize": 20, "pageToken": "a b"}));
    let update = json!({"ticket": {"name": "tickets/other", "subject": "New"}, "updateMask": "subject"});
    let update = read("PATCH", "/v1/tickets/1", &update.to_string()).unwrap();
    assert_eq!(tree(&update), json!({"ticket": {"name": "tickets/1", "subject": "New"}, "updateMask": "subject"}));
    let create = json!({"display_name": "Acme", "zone": "Europe/Madrid", "currency": "EUR"});
    let create = read("POST", "/v1/tenants?requestId=7", &create.to_string()).unwrap();
    assert_eq!(tree(&create)["requestId"], "7");
    assert_eq!(tree(&create)["tenant"]["displayName"], "Acme");
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let body = json!({
        "ticket": {"subject": 7, "kind": "KIND_MIRACLE", "color": "red", "impact": true, "number": "many"},
        "occurredAt": "yesterday",
        "requestId": "a", "request_id": "b",
    });
    let mut found = wrong("POST", "/v1/tickets", body);
    found.sort();
    assert_eq!(
        found,
        [
            "occurred_at TIME",
            "request_id DUPLICATE",
            "ticket.color UNKNOWN_FIELD",
            "ticket.impact TYPE",
            "ticket.kind ENUM",
            "ticket.number TYPE",
            "ticket.subject TYPE",
            "ticket.tenant REQUIRED",
        ]
    );
}

#[test]
fn lists_and_oneofs_have_paths_too() {
    let money = json!({"minor": "100", "currency": "EUR"});
    let body = json!({"lines": [
        {"id": "a", "displayName": "A", "flat": {"monthly": money}},
        {"id": "b", "displayName": "B", "flat": {"monthly": money}, "seat": {"monthly": {"minor": 1.5}, "seats": 0}},
        "c",
    ]});
    let found = wrong("POST", "/v1/contracts", body);
    for expected in [
        "contract.lines[1].seat ONEOF",
        "contract.lines[1].seat.monthly.minor TYPE",
        "contract.lines[2] TYPE",
        "contract.tenant REQUIRED",
    ] {
        assert!(found.iter().any(|violation| violation == expected), "{expected} in {found:?}");
    }
    // A zero that is said is said.
    assert!(!found.iter().any(|violation| violation.contains("seats")), "{found:?}");
}

#[test]
fn numbers_keep_to_their_range() {
    let log = |minutes: Tree| json!({"purpose": "x", "durationMinutes": minutes});
    assert_eq!(wrong("POST", "/v1/tickets/1:requestVisit", log(json!(3_000_000_000_u64))), ["duration_minutes RANGE"]);
    assert_eq!(wrong("POST", "/v1/tickets/1:requestVisit", log(json!(1.5))), ["duration_minutes TYPE"]);
    let fine = read("POST", "/v1/tickets/1:requestVisit", &log(json!("90")).to_string()).unwrap();
    assert_eq!(tree(&fine)["durationMinutes"], 90);
}

#[test]
fn queries_are_as_strict_as_bodies() {
    let found =
        wrong("GET", "/v1/tickets?states=LOST&pageSize=x&page_token=a&pageToken=b&nope=1&tenant.x=1", Tree::Null);
    assert_eq!(
        found,
        ["states[0] ENUM", "page_size TYPE", "page_token DUPLICATE", "nope UNKNOWN_FIELD", "tenant UNKNOWN_FIELD"]
    );
    assert_eq!(wrong("GET", "/v1/tickets/1?name=tickets/2", Tree::Null), ["name UNKNOWN_FIELD"]);
    assert_eq!(wrong("POST", "/v1/tickets/1:close?etag=1", json!({})), ["etag UNKNOWN_FIELD"]);
}

#[test]
fn what_is_not_json_or_no_object_is_refused() {
    assert!(matches!(read("POST", "/v1/tickets", "{"), Err(Error::Json(_))));
    assert_eq!(wrong("POST", "/v1/tickets", json!([])), ["body TYPE"]);
    assert_eq!(wrong("POST", "/v1/tickets", json!({"ticket": null})), ["ticket REQUIRED"]);
    assert_eq!(wrong("POST", "/v1/tenants", json!("x")), ["tenant TYPE"]);
}

#[test]
fn verbs_and_paths_that_are_not_there() {
    assert!(matches!(read("GET", "/v1/unicorns", ""), Err(Error::Path)));
    assert!(
        matches!(read("DELETE", "/v1/tickets", ""), Err(Error::Verb { allow }) if allow.contains("GET") && allow.contains("POST"))
    );
    assert!(read("HEAD", "/v1/tickets/1", "").is_ok());
}

#[test]
fn an_answer_says_its_zeros_and_hides_what_is_not_set() {
    let of = proto::POOL.get_message_by_name("relevo.tickets.v1.VendorHandoff").unwrap();
    let mut handoff = DynamicMessage::new(of);
    handoff.set_field_by_name("contact", Value::String(String::new()));
    let answer: Tree = serde_json::from_slice(&codec::json(&handoff).unwrap()).unwrap();
    assert_eq!(answer["state"], "HANDOFF_STATE_UNSPECIFIED");
    assert_eq!(answer["contact"], "");
    assert!(answer.get("subject").is_none());
    assert_eq!(handoff.descriptor().fields().count(), 16);
}

fn sample() -> Router {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut compiler = protox::Compiler::new([here.join("src/transcode"), here.join("../../proto")]).unwrap();
    compiler.include_imports(true).open_file("sample.proto").unwrap();
    let pool = prost_reflect::DescriptorPool::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap();
    Router::of(&pool).unwrap()
}

#[test]
fn additional_bindings_deep_paths_maps_and_wrappers() {
    let router = sample();
    let read = |verb: &str, path: &str, query: &str, body: &str| {
        let found = router.find(&verb.parse().unwrap(), path).unwrap();
        bind(&router.required, &found, Some(query), body.as_bytes())
    };
    let got = read("GET", "/s/a%2Fb", "inner.weight=1.5&wait=90s&flag=true&data=-_8", "").unwrap();
    assert_eq!(tree(&got), json!({"id": "a/b", "inner": {"weight": 1.5}, "wait": "90s", "flag": true, "data": "+/8="}));
    let again = read("POST", "/s/1/2:again", "path=p", r#"{"id": "3", "weight": "Infinity"}"#).unwrap();
    assert_eq!(tree(&again), json!({"id": "1", "path": "p", "inner": {"id": "2", "weight": "Infinity"}}));
    let file = read("PUT", "/files/a/b/c", "", r#"{"counts": {"x": 1}}"#).unwrap();
    assert_eq!(tree(&file), json!({"path": "a/b/c", "counts": {"x": 1}}));
    let wrong = read("PUT", "/files/a", "", r#"{"counts": {"x": "y"}, "wait": "soon", "data": "?", "flag": 1}"#);
    let Err(Error::Invalid(violations)) = wrong else { panic!("{wrong:?}") };
    let mut found: Vec<_> = violations.0.iter().map(|v| format!("{} {}", v.field, v.reason)).collect();
    found.sort();
    assert_eq!(found, ["counts.x TYPE", "data BASE64", "flag TYPE", "wait DURATION"]);
}
