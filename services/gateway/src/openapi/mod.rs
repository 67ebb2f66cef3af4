//! OpenAPI 3.1 of every route, from the descriptors that route it: what is
//! documented is what is served.

mod comments;
mod operation;
mod path;
mod schema;

use serde_json::{Map, Value as Json, json};

use crate::transcode::Router;
use comments::Comments;
use schema::Schemas;

/// The problems that any operation may answer with.
const PROBLEMS: [(&str, &str); 10] = [
    ("400", "Something in the request is wrong; `violations` names every wrong field."),
    ("401", "There is no valid token or key."),
    ("403", "The token's role may not do this."),
    ("404", "It is not there, or it is not yours: the answer is the same."),
    ("409", "It has changed meanwhile (`STALE_ETAG`), or it is there already."),
    ("413", "The body is larger than 1 MiB."),
    ("415", "The body is not JSON, or does not say so."),
    ("429", "Too many requests; `Retry-After` says when to come back."),
    ("503", "A service cannot answer just now; `Retry-After` says when to try again."),
    ("504", "A service took too long."),
];

const DESCRIPTION: &str = "\
One REST door to the whole platform; the same methods are there as gRPC and gRPC-Web. \
Names are resource names (AIP-122) such as `tickets/0192f0c1-…`. Field names may be sent in \
`lowerCamelCase` or `snake_case` and are answered in `lowerCamelCase`; 64-bit numbers are texts; \
zero values are answered, unset optional ones are not. A mutation with a `requestId` may be repeated: \
it is done once. Errors are RFC 9457 problems with a stable `reason`.";

/// The document.
pub(crate) fn document(router: &Router) -> Json {
    let comments = Comments::of(&proto::POOL);
    let mut schemas = Schemas::new(&comments);
    let mut paths = Map::new();
    let mut tags = Vec::new();
    for route in router.routes() {
        let service = route.method.parent_service();
        let tag = json!({ "name": service.name(), "description": comments.at(&service.parent_file(), service.path()) });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let operation = operation::operation(route, &comments, &mut schemas);
        let here = paths.entry(path::readable(&route.template.pattern)).or_insert_with(|| json!({}));
        here[route.verb.as_str().to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Relevo",
            "version": "v1",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }, { "key": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "responses": responses(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A signed token, or an API key." },
                "key": { "type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "An API key, as `rlv_…`." },
            },
        },
    })
}

fn responses() -> Json {
    let responses = PROBLEMS.map(|(status, description)| {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let mut response = json!({
            "description": description,
            "content": { "application/problem+json": { "schema": schema } },
        });
        if matches!(status, "429" | "503") {
            response["headers"] =
                json!({ "Retry-After": { "description": "In seconds.", "schema": { "type": "integer" } } });
        }
        (format!("Problem{status}"), response)
    });
    Json::Object(responses.into_iter().collect())
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
