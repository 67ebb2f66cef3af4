//! From a verb and a path to a method: the `google.api.http` rules of all
//! services in one router.

use std::collections::BTreeMap;

use http::Method;
use http::uri::PathAndQuery;
use matchit::Params;
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, MethodDescriptor};

use super::behavior::Required;
use super::template::Template;
use crate::error::Error;

/// All rules.
pub(crate) struct Router {
    routes: Vec<Route>,
    /// By path, then by verb: numbers of routes.
    paths: matchit::Router<Vec<usize>>,
    pub(crate) required: Required,
}

/// One rule.
pub(crate) struct Route {
    pub(crate) verb: Method,
    pub(crate) template: Template,
    pub(crate) method: MethodDescriptor,
    /// `/relevo.tickets.v1.Tickets/GetTicket`.
    pub(crate) rpc: PathAndQuery,
    pub(crate) body: Content,
    /// Whether it changes a part of something: then the rest of it need not
    /// be sent, whatever is required when it is made (AIP-134).
    pub(crate) partial: bool,
}

/// What of the request the HTTP body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Nothing,
    Everything,
    Field(FieldDescriptor),
}

/// A route, with the parameters of the path that led there.
pub(crate) struct Found<'r, 'p> {
    pub(crate) route: &'r Route,
    pub(crate) params: Params<'r, 'p>,
}

impl Router {
    /// Of every method in `pool` that has a rule.
    ///
    /// # Errors
    /// If a rule is not one, or two are the same.
    pub(crate) fn of(pool: &DescriptorPool) -> Result<Self, String> {
        let mut routes = Vec::new();
        for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
            read(pool, &method, &mut routes)?;
        }
        let mut paths: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, route) in routes.iter().enumerate() {
            let same = paths.entry(&route.template.pattern).or_default();
            if same.iter().any(|other| routes[*other].verb == route.verb) {
                return Err(format!("{} {} stands twice", route.verb, route.template.pattern));
            }
            same.push(i);
        }
        let mut router = matchit::Router::new();
        for (pattern, numbers) in paths {
            router.insert(pattern, numbers).map_err(|error| format!("{pattern}: {error}"))?;
        }
        Ok(Self { routes, paths: router, required: Required::of(pool) })
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// # Errors
    /// `Path` if nothing is there, `Verb` if it answers others only.
    pub(crate) fn find<'r, 'p>(&'r self, verb: &Method, path: &'p str) -> Result<Found<'r, 'p>, Error> {
        let matched = self.paths.at(path).map_err(|_| Error::Path)?;
        let verb = if verb == Method::HEAD { &Method::GET } else { verb };
        let mut here = matched.value.iter().map(|number| &self.routes[*number]);
        let route = here.clone().find(|route| route.verb == verb);
        match route {
            Some(route) => Ok(Found { route, params: matched.params }),
            None => {
                let first = here.next().map(|route| route.verb.to_string()).unwrap_or_default();
                let allow = here.fold(first, |all, route| format!("{all}, {}", route.verb));
                Err(Error::Verb { allow })
            }
        }
    }
}

fn read(pool: &DescriptorPool, method: &MethodDescriptor, routes: &mut Vec<Route>) -> Result<(), String> {
    let option = pool.get_extension_by_name("google.api.http").ok_or("google.api.http is not known")?;
    let options = method.options();
    if !options.has_extension(&option) {
        return Ok(());
    }
    if method.is_client_streaming() {
        return Err(format!("{}: a client stream has no REST form", method.full_name()));
    }
    let declared = options.get_extension(&option);
    let rule = declared.as_message().ok_or("google.api.http is not a message")?;
    routes.push(route(method, rule)?);
    let more = rule.get_field_by_name("additional_bindings");
    let more = more.as_ref().and_then(|more| more.as_list()).unwrap_or_default();
    for rule in more.iter().filter_map(|rule| rule.as_message()) {
        routes.push(route(method, rule)?);
    }
    Ok(())
}

fn route(method: &MethodDescriptor, rule: &DynamicMessage) -> Result<Route, String> {
    let name = method.full_name();
    let text = |field| {
        let value = rule.get_field_by_name(field);
        value.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let verbs = [
        ("get", Method::GET),
        ("put", Method::PUT),
        ("post", Method::POST),
        ("delete", Method::DELETE),
        ("patch", Method::PATCH),
    ];
    let mut said = verbs.into_iter().map(|(field, verb)| (verb, text(field))).filter(|(_, path)| !path.is_empty());
    let (verb, path) = said.next().ok_or_else(|| format!("{name}: no verb"))?;
    if !text("response_body").is_empty() {
        return Err(format!("{name}: an answer is always sent whole"));
    }
    let input = method.input();
    let body = match text("body").as_str() {
        "" => Content::Nothing,
        "*" => Content::Everything,
        field => Content::Field(input.get_field_by_name(field).ok_or_else(|| format!("{name}: no field {field}"))?),
    };
    let template = Template::parse(&path)?;
    for variable in &template.variables {
        let mut of = Some(input.clone());
        for step in variable.field.split('.') {
            let field = of.and_then(|of| of.get_field_by_name(step));
            let field = field.ok_or_else(|| format!("{name}: no field {}", variable.field))?;
            of = field.kind().as_message().cloned();
        }
    }
    let rpc = format!("/{}/{}", method.parent_service().full_name(), method.name());
    Ok(Route {
        verb,
        template,
        method: method.clone(),
        rpc: PathAndQuery::try_from(rpc).map_err(|error| error.to_string())?,
        body,
        partial: input.get_field_by_name("update_mask").is_some(),
    })
}
