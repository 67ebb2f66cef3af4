//! Where each request goes: the `google.api.http` rules of the protos, the very
//! ones by which the gateway serves it.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost::Name;
use prost_reflect::{DynamicMessage, MessageDescriptor, MethodDescriptor};
use proto::POOL;
use reqwest::Method;
use serde_json::{Map, Value};

use super::Error;

/// The REST form of one method.
pub(super) struct Rule {
    pub method: Method,
    pub request: MessageDescriptor,
    /// Full name of the message that answers.
    pub answer: String,
    /// Such as `/v1/{name=tickets/*}:resolve`.
    template: String,
    /// `*`, a field, or nothing.
    body: String,
}

/// One request, spelt out.
#[derive(Debug, PartialEq)]
pub(super) struct Address {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub body: Option<Value>,
}

/// By the full name of the request: no two methods take the same.
static RULES: LazyLock<HashMap<String, Rule>> = LazyLock::new(|| {
    let methods = POOL.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.filter_map(|method| Some((method.input().full_name().to_owned(), Rule::of(&method)?))).collect()
});

/// The rule of the method that takes a `Q`.
pub(super) fn of<Q: Name>() -> Result<&'static Rule, Error> {
    RULES.get(&Q::full_name()).ok_or_else(|| Error::Unsendable {
        request: Q::full_name(),
        why: "no method with an HTTP rule takes it".into(),
    })
}

impl Rule {
    fn of(method: &MethodDescriptor) -> Option<Self> {
        let extension = POOL.get_extension_by_name("google.api.http")?;
        let options = method.options();
        let rule = options.get_extension(&extension);
        let rule = rule.as_message()?;
        let verbs = [("get", Method::GET), ("post", Method::POST), ("patch", Method::PATCH)];
        let (verb, template) = verbs.into_iter().find_map(|(field, verb)| Some((verb, text(rule, field)?)))?;
        Some(Self {
            method: verb,
            request: method.input(),
            answer: method.output().full_name().to_owned(),
            template,
            body: text(rule, "body").unwrap_or_default(),
        })
    }

    /// Puts the fields of `request` where the rule wants them.
    pub(super) fn address(&self, request: Value) -> Result<Address, Error> {
        let mut rest = request;
        let path = self.path(&mut rest)?;
        let body = match self.body.as_str() {
            "" => None,
            "*" => Some(std::mem::replace(&mut rest, Value::Null)),
            field => Some(take(&mut rest, field).unwrap_or_else(|| Map::new().into())),
        };
        let mut query = Vec::new();
        flatten("", &rest, &mut query);
        Ok(Address { path, query, body })
    }

    /// The template with the names in the request in place of its variables.
    fn path(&self, request: &mut Value) -> Result<String, Error> {
        let mut path = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (variable, after) = after.split_once('}').unwrap_or((after, ""));
            let (field, _) = variable.split_once('=').unwrap_or((variable, ""));
            let name = take(request, field);
            let name = name.as_ref().and_then(Value::as_str);
            path.push_str(before);
            path.push_str(name.ok_or_else(|| Error::Unsendable {
                request: self.request.full_name().to_owned(),
                why: format!("{field} is required"),
            })?);
            rest = after;
        }
        path.push_str(rest);
        Ok(path)
    }
}

fn text(message: &DynamicMessage, field: &str) -> Option<String> {
    let value = message.get_field_by_name(field)?.as_str()?.to_owned();
    (!value.is_empty()).then_some(value)
}

/// Takes the field at a dotted path of proto names out of `json`.
fn take(json: &mut Value, path: &str) -> Option<Value> {
    match path.split_once('.') {
        Some((outer, inner)) => take(json.get_mut(camel(outer))?, inner),
        None => json.as_object_mut()?.remove(&camel(path)),
    }
}

/// `page_size` as JSON has it.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut all, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        all.push_str(&initial.to_uppercase());
        all.push_str(rest);
        all
    })
}

/// What is left goes into the query: nested fields by path, lists by repetition.
fn flatten(path: &str, json: &Value, query: &mut Vec<(String, String)>) {
    match json {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(&format!("{path}{dot}{name}"), value, query);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| flatten(path, item, query)),
        Value::String(text) => query.push((path.to_owned(), text.clone())),
        plain => query.push((path.to_owned(), plain.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn address<Q: Name>(request: Value) -> Address {
        of::<Q>().unwrap().address(request).unwrap()
    }

    #[test]
    fn a_created_resource_is_the_body_and_its_request_id_the_query() {
        assert_eq!(
            address::<proto::directory::v1::CreateTenantRequest>(
                json!({"tenant": {"displayName": "Sol"}, "requestId": "seed/1"})
            ),
            Address {
                path: "/v1/tenants".into(),
                query: vec![("requestId".into(), "seed/1".into())],
                body: Some(json!({"displayName": "Sol"})),
            }
        );
    }

    #[test]
    fn a_name_goes_into_the_path_and_the_rest_stays_in_the_body() {
        assert_eq!(
            address::<proto::tickets::v1::UpdateTicketRequest>(
                json!({"ticket": {"name": "tickets/1", "impact": "LEVEL_LOW"}, "updateMask": "impact"})
            ),
            Address {
                path: "/v1/tickets/1".into(),
                query: vec![],
                body: Some(json!({"ticket": {"impact": "LEVEL_LOW"}, "updateMask": "impact"})),
            }
        );
    }

    #[test]
    fn a_read_has_no_body() {
        assert_eq!(
            address::<proto::tickets::v1::ListTicketsRequest>(
                json!({"tenant": "tenants/1", "states": ["STATE_NEW", "STATE_WAITING"]})
            )
            .query,
            [("states", "STATE_NEW"), ("states", "STATE_WAITING"), ("tenant", "tenants/1")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn a_path_without_its_name_is_not_sent() {
        let rule = of::<proto::tickets::v1::StartTicketRequest>().unwrap();
        let error = rule.address(json!({})).unwrap_err().to_string();
        assert!(error.ends_with("name is required"), "{error}");
    }
}
