//! A request message out of a path, a query and a body.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};
use serde_json::{Map, Value as Json};

use super::behavior::Required;
use super::router::{Content, Found, Route};
use super::scalar::{Wrong, text_as_json};
use super::walk::{Walk, find, unknown};
use crate::error::Error;

/// Puts the request together.
///
/// # Errors
/// `Json` for a body that is none, `Invalid` with every wrong field.
pub(crate) fn bind(
    required: &Required,
    found: &Found,
    query: Option<&str>,
    body: &[u8],
) -> Result<DynamicMessage, Error> {
    let route = found.route;
    let mut message = DynamicMessage::new(route.method.input());
    let mut walk = Walk::new(required, !route.partial);
    let mut given = from_body(&mut walk, &mut message, route, body)?;
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    for (name, text) in pairs {
        // AIP-127: with the whole message in the body there is nothing left to ask.
        let fills = route.body != Content::Everything && !is_bound(route, &name);
        if !fills {
            walk.at(&name, |walk| {
                walk.refuse::<()>(Wrong("UNKNOWN_FIELD", "is not a query parameter here".to_owned()))
            });
        } else if let Some(number) = assign(&mut walk, &mut message, &name, &text) {
            given.push(number);
        }
    }
    // The path comes last: what it says stands.
    for variable in &route.template.variables {
        let value = variable.value(&found.params);
        clear(&mut message, &variable.field);
        given.extend(assign(&mut walk, &mut message, &variable.field, &value));
    }
    walk.complete(&route.method.input(), &given);
    Ok(walk.fields.finish(message)?)
}

/// The fields that the body gave.
fn from_body(walk: &mut Walk, message: &mut DynamicMessage, route: &Route, body: &[u8]) -> Result<Vec<u32>, Error> {
    let json = match (&route.body, body) {
        (Content::Nothing, _) => return Ok(Vec::new()),
        (Content::Everything, []) => Json::Object(Map::new()),
        (Content::Field(_), []) => return Ok(Vec::new()),
        _ => serde_json::from_slice(body).map_err(Error::Json)?,
    };
    match (&route.body, &json) {
        (Content::Field(_), Json::Null) => Ok(Vec::new()),
        (Content::Field(field), _) => {
            let value = walk.at(field.name(), |walk| walk.value(field, &json));
            if let Some(value) = value {
                message.set_field(field, value);
            }
            Ok(vec![field.number()])
        }
        (_, Json::Object(object)) => Ok(walk.object(message, object)),
        _ => {
            walk.refuse::<()>(Wrong("TYPE", "must be an object".to_owned()));
            Ok(route.method.input().fields().map(|field| field.number()).collect())
        }
    }
}

fn is_bound(route: &Route, name: &str) -> bool {
    let named = |field: &str| {
        route
            .method
            .input()
            .get_field_by_name(field)
            .is_some_and(|field| field.json_name() == name || field.name() == name)
    };
    route.template.variables.iter().any(|variable| named(&variable.field))
        || matches!(&route.body, Content::Field(field) if named(field.name()))
}

fn clear(message: &mut DynamicMessage, path: &str) {
    match path.split_once('.') {
        None => message.clear_field_by_name(path),
        Some((first, rest)) => {
            if message.has_field_by_name(first)
                && let Some(inner) = message.get_field_by_name_mut(first).and_then(Value::as_message_mut)
            {
                clear(inner, rest);
            }
        }
    }
}

/// Fills the field at `path` from `text`, and tells the number of the first
/// field on the way.
fn assign(walk: &mut Walk, message: &mut DynamicMessage, path: &str, text: &str) -> Option<u32> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let of = message.descriptor();
    let Some(field) = find(&of, name) else {
        return walk.at(name, |walk| walk.refuse(Wrong("UNKNOWN_FIELD", unknown(&of))));
    };
    walk.at(field.name(), |walk| match rest {
        Some(rest) => descend(walk, message, &field, rest, text),
        None => fill(walk, message, &field, text),
    });
    Some(field.number())
}

fn descend(walk: &mut Walk, message: &mut DynamicMessage, field: &FieldDescriptor, rest: &str, text: &str) {
    let inner = match field.kind() {
        Kind::Message(_) if !field.is_list() && !field.is_map() => message.get_field_mut(field).as_message_mut(),
        _ => None,
    };
    match inner {
        Some(inner) => {
            assign(walk, inner, rest, text);
        }
        None => {
            walk.refuse::<()>(Wrong("UNKNOWN_FIELD", format!("has no field {rest}")));
        }
    }
}

fn fill(walk: &mut Walk, message: &mut DynamicMessage, field: &FieldDescriptor, text: &str) {
    let json = text_as_json(&field.kind(), text);
    if field.is_list() {
        let Some(Value::List(mut more)) = walk.value(field, &Json::Array(vec![json])) else { return };
        if let Some(list) = message.get_field_mut(field).as_list_mut() {
            list.append(&mut more);
        }
    } else if message.has_field(field) {
        walk.refuse::<()>(Wrong("DUPLICATE", "is given twice".to_owned()));
    } else if let Some(value) = walk.value(field, &json) {
        message.set_field(field, value);
    }
}
