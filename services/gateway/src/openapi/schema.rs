//! Messages and enums as JSON Schema.

use std::collections::BTreeMap;

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value as Json, json};

use super::comments::Comments;
use crate::transcode::{Behavior, behaviors};

/// The schemas that were spoken of.
pub(super) struct Schemas<'a> {
    comments: &'a Comments,
    all: BTreeMap<String, Json>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(comments: &'a Comments) -> Self {
        Self { comments, all: BTreeMap::from([("Problem".to_owned(), problem())]) }
    }

    pub(super) fn finish(self) -> Json {
        self.all.into_iter().collect::<Map<_, _>>().into()
    }

    /// Speaks of `message`.
    pub(super) fn message(&mut self, message: &MessageDescriptor) -> Json {
        if let Some(schema) = well_known(message) {
            return schema;
        }
        let name = message.full_name();
        if !self.all.contains_key(name) {
            // It may contain itself.
            self.all.insert(name.to_owned(), Json::Null);
            let schema = self.object(message, &[]);
            self.all.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// `message` without the fields that are said elsewhere.
    pub(super) fn object(&mut self, message: &MessageDescriptor, without: &[&str]) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in message.fields().filter(|field| !without.contains(&field.name())) {
            if behaviors(&field).contains(&Behavior::Required) {
                required.push(field.json_name().to_owned());
            }
            properties.insert(field.json_name().to_owned(), self.field(&field));
        }
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        describe(&mut schema, self.comments.at(&message.parent_file(), message.path()));
        schema
    }

    pub(super) fn field(&mut self, field: &FieldDescriptor) -> Json {
        let mut schema = match field.kind() {
            Kind::Message(entry) if field.is_map() => {
                json!({ "type": "object", "additionalProperties": self.kind(&entry.map_entry_value_field().kind()) })
            }
            kind if field.is_list() => json!({ "type": "array", "items": self.kind(&kind) }),
            kind => self.kind(&kind),
        };
        if behaviors(field).contains(&Behavior::OutputOnly) {
            schema["readOnly"] = json!(true);
        }
        let message = field.parent_message();
        describe(&mut schema, self.comments.at(&message.parent_file(), field.path()));
        schema
    }

    fn kind(&mut self, kind: &Kind) -> Json {
        match kind {
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Double | Kind::Float => json!({ "type": "number" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({ "type": "integer", "format": "int32" }),
            Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "format": "uint32", "minimum": 0 }),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({ "type": "string", "format": "int64" }),
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "format": "uint64" }),
            Kind::Enum(of) => self.enumeration(of),
            Kind::Message(of) => self.message(of),
        }
    }

    fn enumeration(&mut self, of: &EnumDescriptor) -> Json {
        let file = of.parent_file();
        let said = |path: &[i32]| self.comments.at(&file, path).to_owned();
        let values = of.values().filter_map(|value| {
            let said = said(value.path());
            (!said.is_empty()).then(|| format!("- `{}`: {said}", value.name()))
        });
        let lines: Vec<_> = std::iter::once(said(of.path())).chain(values).filter(|line| !line.is_empty()).collect();
        let mut schema =
            json!({ "type": "string", "enum": of.values().map(|value| value.name().to_owned()).collect::<Vec<_>>() });
        describe(&mut schema, &lines.join("\n"));
        self.all.insert(of.full_name().to_owned(), schema);
        json!({ "$ref": format!("#/components/schemas/{}", of.full_name()) })
    }
}

fn describe(schema: &mut Json, said: &str) {
    if !said.is_empty() {
        schema["description"] = json!(said);
    }
}

fn well_known(message: &MessageDescriptor) -> Option<Json> {
    if message.package_name() != "google.protobuf" {
        return None;
    }
    Some(match message.name() {
        "Timestamp" => json!({ "type": "string", "format": "date-time" }),
        "Duration" => json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,9})?s$" }),
        "FieldMask" => json!({ "type": "string", "description": "Field names with commas between them." }),
        "Struct" | "Empty" => json!({ "type": "object" }),
        "BoolValue" => json!({ "type": ["boolean", "null"] }),
        "StringValue" | "BytesValue" | "Int64Value" | "UInt64Value" => json!({ "type": ["string", "null"] }),
        "Int32Value" | "UInt32Value" => json!({ "type": ["integer", "null"] }),
        "DoubleValue" | "FloatValue" => json!({ "type": ["number", "null"] }),
        "ListValue" => json!({ "type": "array" }),
        _ => json!({}),
    })
}

fn problem() -> Json {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status", "detail", "reason"],
        "properties": {
            "type": text("`urn:relevo:problem:<reason>`."),
            "title": text("The reason, for people."),
            "status": { "type": "integer" },
            "detail": text("What happened."),
            "reason": text("Stable, for programs, such as `STALE_ETAG`."),
            "violations": {
                "type": "array",
                "description": "Every wrong field.",
                "items": {
                    "type": "object",
                    "required": ["field", "rule", "reason"],
                    "properties": {
                        "field": text("Its path, such as `ticket.subject` or `lines[1].price`."),
                        "rule": text("What is wrong, for people."),
                        "reason": text("What is wrong, for programs, such as `REQUIRED`."),
                    },
                },
            },
            "trace_id": text("To be told to whoever runs the platform."),
        },
    })
}
