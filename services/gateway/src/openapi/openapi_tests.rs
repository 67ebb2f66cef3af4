//! What the document says is there and holds together.

use std::collections::HashSet;

use super::*;

fn refs<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
    match json {
        Json::Object(object) => {
            for (key, value) in object {
                match value {
                    Json::String(to) if key == "$ref" => found.push(to),
                    value => refs(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| refs(item, found)),
        _ => {}
    }
}

fn operations(document: &Json) -> impl Iterator<Item = (&String, &String, &Json)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, verbs)| {
        verbs.as_object().unwrap().iter().map(move |(verb, operation)| (path, verb, operation))
    })
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&Router::of(&proto::POOL).unwrap());
    let mut found = Vec::new();
    refs(&document, &mut found);
    assert!(found.len() > 300, "{}", found.len());
    for to in found {
        let target = document.pointer(to.strip_prefix('#').unwrap());
        assert!(target.is_some_and(Json::is_object), "{to} leads nowhere");
    }
}

#[test]
fn every_rule_is_an_operation_with_its_parameters_and_problems() {
    let router = Router::of(&proto::POOL).unwrap();
    let document = document(&router);
    let mut ids = HashSet::new();
    for (path, verb, operation) in operations(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{path} {verb}");
        let parameters = operation["parameters"].as_array().unwrap();
        for name in super::path::parameters(path) {
            assert!(parameters.iter().any(|p| p["in"] == "path" && p["name"] == name), "{path} {name}");
        }
        let open = operation["security"] == json!([]);
        for status in ["400", "401", "403", "404", "409", "429", "503"] {
            let there = operation["responses"].get(status).is_some();
            assert!(there || (open && matches!(status, "401" | "403")), "{path} {verb} {status}");
        }
        assert!(!operation["x-relevo-access"].as_array().unwrap().is_empty(), "{path}");
    }
    assert_eq!(ids.len(), router.routes().len());
}

#[test]
fn the_protos_speak() {
    let document = document(&Router::of(&proto::POOL).unwrap());
    let ticket = &document["components"]["schemas"]["relevo.tickets.v1.Ticket"];
    assert_eq!(ticket["properties"]["number"]["description"], "Counted per tenant, from 1.");
    assert_eq!(ticket["properties"]["number"]["readOnly"], true);
    assert_eq!(ticket["properties"]["number"]["type"], "string");
    assert_eq!(ticket["required"], json!(["tenant", "subject"]));
    let states = &document["components"]["schemas"]["relevo.tickets.v1.State"]["enum"];
    assert!(states.as_array().unwrap().contains(&json!("STATE_RESOLVED")));
    let list = &document["paths"]["/v1/tickets"]["get"];
    let names: Vec<_> = list["parameters"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["tenant", "states", "pageSize", "pageToken"]);
    assert_eq!(list["description"], "Newest first.");
    let resolve = &document["paths"]["/v1/tickets/{ticket}:resolve"]["post"];
    let body = &resolve["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["required"], json!(["solution"]));
}
