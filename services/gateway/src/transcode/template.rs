//! Path templates of `google.api.http`, such as `/v1/{name=tickets/*}:close`.

use std::borrow::Cow;

use matchit::Params;
use percent_encoding::percent_decode_str;

/// A template as the router wants it, and how its variables are put together
/// again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Template {
    /// `/v1/tickets/{0}:close`.
    pub(crate) pattern: String,
    /// `name` = `tickets/` + `{0}`.
    pub(crate) variables: Vec<Variable>,
}

/// One variable: the field that it fills, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Such as `ticket.name`.
    pub(crate) field: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(String),
}

impl Template {
    /// # Errors
    /// Says what is wrong with `text`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut template = Self::default();
        let (mut rest, mut parameters) = (text, 0);
        while let Some((literal, after)) = rest.split_once('{') {
            let (variable, after) = after.split_once('}').ok_or_else(|| format!("{text}: a brace is not closed"))?;
            template.literal(text, literal)?;
            template.variable(variable, &mut parameters);
            rest = after;
        }
        template.literal(text, rest)?;
        Ok(template)
    }

    fn literal(&mut self, text: &str, literal: &str) -> Result<(), String> {
        if literal.contains(['*', '}']) {
            return Err(format!("{text}: what is matched must have a name"));
        }
        self.pattern += literal;
        Ok(())
    }

    fn variable(&mut self, variable: &str, parameters: &mut usize) {
        let (field, segments) = variable.split_once('=').unwrap_or((variable, "*"));
        let mut pieces = Vec::new();
        for (i, segment) in segments.split('/').enumerate() {
            if i > 0 {
                self.pattern.push('/');
                pieces.push(Piece::Literal("/".to_owned()));
            }
            match segment.strip_prefix('*') {
                Some(more) => {
                    let parameter = parameters.to_string();
                    *parameters += 1;
                    self.pattern += &format!("{{{more}{parameter}}}");
                    pieces.push(Piece::Parameter(parameter));
                }
                None => {
                    self.pattern += segment;
                    pieces.push(Piece::Literal(segment.to_owned()));
                }
            }
        }
        self.variables.push(Variable { field: field.to_owned(), pieces });
    }
}

impl Variable {
    /// Its value in a path that has matched.
    pub(crate) fn value(&self, params: &Params) -> String {
        let whole = self.pieces.len() > 1;
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Cow::Borrowed(text.as_str()),
            Piece::Parameter(name) => decode(params.get(name).unwrap_or_default(), whole),
        });
        pieces.collect()
    }
}

/// Of a variable with several segments an encoded slash stays encoded: it is
/// no separator.
fn decode(text: &str, keep_slashes: bool) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    if !keep_slashes {
        return percent_decode_str(text).decode_utf8_lossy();
    }
    let text = text.replace("%2f", "%2F");
    let parts = text.split("%2F").map(|part| percent_decode_str(part).decode_utf8_lossy());
    Cow::Owned(parts.collect::<Vec<_>>().join("%2F"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(template: &str, path: &str) -> Option<String> {
        let template = Template::parse(template).unwrap();
        let mut router = matchit::Router::new();
        router.insert(template.pattern.clone(), ()).unwrap();
        let found = router.at(path).ok()?;
        Some(template.variables[0].value(&found.params))
    }

    #[test]
    fn variables_are_put_together_again() {
        assert_eq!(value("/v1/{name=tickets/*}", "/v1/tickets/7").as_deref(), Some("tickets/7"));
        assert_eq!(value("/v1/{name=tickets/*}:close", "/v1/tickets/7:close").as_deref(), Some("tickets/7"));
        assert_eq!(value("/v1/{name=tickets/*}:close", "/v1/tickets/7"), None);
        assert_eq!(value("/v1/{name=a/*/b/*}/c", "/v1/a/1/b/2/c").as_deref(), Some("a/1/b/2"));
        assert_eq!(value("/v1/x/{id}", "/v1/x/a%20b%2Fc").as_deref(), Some("a b/c"));
        assert_eq!(value("/v1/{name=x/*}", "/v1/x/a%20b%2fc").as_deref(), Some("x/a b%2Fc"));
        assert_eq!(value("/v1/{path=**}", "/v1/a/b").as_deref(), Some("a/b"));
    }

    #[test]
    fn what_is_not_a_template_is_refused() {
        assert!(Template::parse("/v1/{name").is_err());
        assert!(Template::parse("/v1/*").is_err());
    }
}
