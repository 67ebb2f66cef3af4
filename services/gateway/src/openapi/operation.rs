//! One route as one operation.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value as Json, json};
use service::Access;

use super::comments::Comments;
use super::schema::Schemas;
use super::{PROBLEMS, path};
use crate::transcode::{Behavior, Content, Route, behaviors};

pub(super) fn operation(route: &Route, comments: &Comments, schemas: &mut Schemas) -> Json {
    let method = &route.method;
    let service = method.parent_service();
    let said = comments.at(&service.parent_file(), method.path());
    let access = service::access(route.rpc.path());
    let anyone = access.is_some_and(|access| access.anyone);
    let mut operation = json!({
        "operationId": format!("{}_{}", service.name(), method.name()),
        "tags": [service.name()],
        "summary": words(method.name()),
        "parameters": parameters(route, schemas),
        "responses": responses(route, anyone, schemas),
        "x-relevo-rpc": route.rpc.path(),
        "x-relevo-access": access.map(who).unwrap_or_default(),
    });
    if !said.is_empty() {
        operation["description"] = json!(said);
    }
    if anyone {
        operation["security"] = json!([]);
    }
    let body = match &route.body {
        Content::Nothing => return operation,
        Content::Everything => schemas.object(&method.input(), &bound(route)),
        Content::Field(field) => schemas.field(field),
    };
    operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": body } } });
    operation
}

/// `GetTicket` as `Get ticket`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// Who may call it.
fn who(access: &Access) -> Vec<String> {
    let parties =
        [(access.anyone, "anyone"), (access.tenant, "tenant"), (access.vendor, "vendor"), (access.service, "service")];
    let parties = parties.into_iter().filter(|(may, _)| *may).map(|(_, party)| party.to_owned());
    parties.chain(access.roles().map(|role| role.as_str_name().to_owned())).collect()
}

/// The fields that the path says.
fn bound(route: &Route) -> Vec<&str> {
    route.template.variables.iter().map(|variable| variable.field.as_str()).collect()
}

fn parameters(route: &Route, schemas: &mut Schemas) -> Vec<Json> {
    let path = path::readable(&route.template.pattern);
    let mut all: Vec<_> = path::parameters(&path)
        .map(|name| {
            let description = format!("What comes after the slash in the name of the {name}.");
            json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } })
        })
        .collect();
    let input = route.method.input();
    match &route.body {
        Content::Everything => {}
        Content::Nothing => query(&input, "", &bound(route), schemas, &mut all),
        Content::Field(field) => {
            let said = [bound(route).as_slice(), &[field.name()]].concat();
            query(&input, "", &said, schemas, &mut all);
        }
    }
    all
}

/// What no path and no body says is asked in the query, leaf by leaf.
fn query(message: &MessageDescriptor, prefix: &str, without: &[&str], schemas: &mut Schemas, all: &mut Vec<Json>) {
    for field in message.fields().filter(|field| !without.contains(&field.name()) && is_leaf_or_message(field)) {
        let name = format!("{prefix}{}", field.json_name());
        match field.kind() {
            // One level is enough for any query, and a message may contain itself.
            Kind::Message(inner) if inner.package_name() != "google.protobuf" => {
                if prefix.is_empty() {
                    query(&inner, &format!("{name}."), &[], schemas, all);
                }
            }
            _ => {
                let mut schema = schemas.field(&field);
                let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
                let required = behaviors(&field).contains(&Behavior::Required);
                let mut parameter = json!({ "name": name, "in": "query", "required": required, "schema": schema });
                if let Some(description) = description {
                    parameter["description"] = description;
                }
                all.push(parameter);
            }
        }
    }
}

fn is_leaf_or_message(field: &FieldDescriptor) -> bool {
    let message = matches!(field.kind(), Kind::Message(_));
    !(field.is_map() || field.is_list() && message)
}

fn responses(route: &Route, anyone: bool, schemas: &mut Schemas) -> Json {
    let answer = schemas.message(&route.method.output());
    let media_type = if route.method.is_server_streaming() { "application/x-ndjson" } else { "application/json" };
    let mut responses = json!({ "200": { "description": "Done.", "content": { media_type: { "schema": answer } } } });
    let bodiless = matches!(route.body, Content::Nothing);
    for (status, _) in PROBLEMS {
        let never = anyone && matches!(status, "401" | "403") || bodiless && matches!(status, "413" | "415");
        if !never {
            responses[status] = json!({ "$ref": format!("#/components/responses/Problem{status}") });
        }
    }
    responses
}
