//! A JSON body, walked against its descriptor. It becomes a message on the
//! way, and everything that is wrong with it is noted with its path.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value};
use serde_json::{Map, Value as Json};
use service::Fields;

use super::behavior::Required;
use super::scalar::{self, Wrong};

/// Reads one request.
pub(crate) struct Walk<'a> {
    pub(crate) fields: Fields,
    required: &'a Required,
    /// Where it is, such as `contract.lines[1].price`.
    path: String,
    /// Whether nested messages must be complete. A resource that is sent to
    /// change a part of it (AIP-134) need not be.
    whole: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(required: &'a Required, whole: bool) -> Self {
        Self { fields: Fields::default(), required, path: String::new(), whole }
    }

    /// Fills `message` from `object`, and tells which fields were given.
    pub(crate) fn object(&mut self, message: &mut DynamicMessage, object: &Map<String, Json>) -> Vec<u32> {
        let of = message.descriptor();
        let mut given = Vec::with_capacity(object.len());
        for (name, json) in object {
            let Some(field) = find(&of, name) else {
                self.at(name, |walk| walk.refuse::<()>(Wrong("UNKNOWN_FIELD", unknown(&of))));
                continue;
            };
            if json.is_null() && !takes_null(&field) {
                continue;
            }
            self.at(field.name(), |walk| walk.field(message, &field, json, &given));
            given.push(field.number());
        }
        given
    }

    /// Notes what is required of `of` and was not given.
    pub(crate) fn complete(&mut self, of: &MessageDescriptor, given: &[u32]) {
        for field in self.required.of_message(of) {
            if !given.contains(&field.number()) {
                self.at(field.name(), |walk| walk.refuse::<()>(missing()));
            }
        }
    }

    fn field(&mut self, message: &mut DynamicMessage, field: &FieldDescriptor, json: &Json, given: &[u32]) {
        if given.contains(&field.number()) {
            self.refuse::<()>(Wrong("DUPLICATE", "is given twice".to_owned()));
        }
        if let Some(other) = rival(field, given) {
            self.refuse::<()>(Wrong("ONEOF", format!("excludes {}", other.name())));
        }
        if let Some(value) = self.value(field, json) {
            let must = self.whole || !self.path.contains('.');
            if must && is_blank(&value) && self.required.contains(field) {
                self.refuse::<()>(missing());
            }
            message.set_field(field, value);
        }
    }

    /// `json` as the value of `field`, if nothing is wrong with it.
    pub(crate) fn value(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        if field.is_map() {
            self.map(field, json)
        } else if field.is_list() {
            let Json::Array(items) = json else {
                return self.refuse(Wrong("TYPE", "must be a list".to_owned()));
            };
            let kind = field.kind();
            let items = items.iter().enumerate();
            let read: Vec<_> = items.map(|(i, item)| self.at_index(i, |walk| walk.single(&kind, item))).collect();
            read.into_iter().collect::<Option<_>>().map(Value::List)
        } else {
            self.single(&field.kind(), json)
        }
    }

    fn map(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        let (Json::Object(entries), Kind::Message(entry)) = (json, field.kind()) else {
            return self.refuse(Wrong("TYPE", "must be an object".to_owned()));
        };
        let (of_key, of_value) = (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
        let read = entries.iter().map(|(key, json)| {
            self.at(key, |walk| {
                let value = walk.single(&of_value, json);
                match scalar::map_key(&of_key, key) {
                    Ok(key) => Some((key, value?)),
                    Err(wrong) => walk.refuse(wrong),
                }
            })
        });
        let read: Vec<_> = read.collect();
        read.into_iter().collect::<Option<_>>().map(Value::Map)
    }

    fn single(&mut self, kind: &Kind, json: &Json) -> Option<Value> {
        let read = match (kind, json) {
            (Kind::Message(of), _) if scalar::is_well_known(of) => scalar::well_known(of, json),
            (Kind::Message(of), Json::Object(object)) => {
                let mut message = DynamicMessage::new(of.clone());
                let given = self.object(&mut message, object);
                if self.whole {
                    self.complete(of, &given);
                }
                Ok(Value::Message(message))
            }
            _ => scalar::scalar(kind, json),
        };
        match read {
            Ok(value) => Some(value),
            Err(wrong) => self.refuse(wrong),
        }
    }

    /// Notes what is wrong where it is. None, for convenience.
    pub(crate) fn refuse<T>(&mut self, Wrong(reason, rule): Wrong) -> Option<T> {
        let field = if self.path.is_empty() { "body" } else { &self.path };
        self.fields.refuse(field, reason, rule);
        None
    }

    /// Does `read` one step further down.
    pub(crate) fn at<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.path.len();
        if mark > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let result = read(self);
        self.path.truncate(mark);
        result
    }

    fn at_index<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.path.len();
        self.path += &format!("[{index}]");
        let result = read(self);
        self.path.truncate(mark);
        result
    }
}

/// By its JSON name or by its own.
pub(crate) fn find(of: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    of.get_field_by_json_name(name).or_else(|| of.get_field_by_name(name))
}

pub(crate) fn unknown(of: &MessageDescriptor) -> String {
    format!("is not a field of {}", of.name())
}

fn missing() -> Wrong {
    Wrong("REQUIRED", "is required".to_owned())
}

/// What nobody means who must say something. A zero can be meant.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::EnumNumber(number) => *number == 0,
        _ => false,
    }
}

fn takes_null(field: &FieldDescriptor) -> bool {
    match field.kind() {
        Kind::Message(of) => of.full_name() == "google.protobuf.Value",
        Kind::Enum(of) => of.full_name() == "google.protobuf.NullValue",
        _ => false,
    }
}

/// Another member of the same oneof that was given already.
fn rival(field: &FieldDescriptor, given: &[u32]) -> Option<FieldDescriptor> {
    let mut members = field.containing_oneof()?.fields().collect::<Vec<_>>().into_iter();
    members.find(|member| member != field && given.contains(&member.number()))
}
