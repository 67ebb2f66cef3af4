//! One JSON value as one protobuf value, by the proto3 mapping.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use prost_reflect::{DynamicMessage, EnumDescriptor, Kind, MapKey, MessageDescriptor, Value};
use serde_json::Value as Json;

/// Why a value is not one: for programs, and for people.
#[derive(Debug, PartialEq)]
pub(crate) struct Wrong(pub(crate) &'static str, pub(crate) String);

fn not<T>(expected: &str, found: &Json) -> Result<T, Wrong> {
    let found = match found {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    Err(Wrong("TYPE", format!("must be {expected}, not {found}")))
}

/// `json` as a value of a scalar or enum `kind`.
pub(crate) fn scalar(kind: &Kind, json: &Json) -> Result<Value, Wrong> {
    match kind {
        Kind::Bool => json.as_bool().map_or_else(|| not("true or false", json), |b| Ok(Value::Bool(b))),
        Kind::String => json.as_str().map_or_else(|| not("a text", json), |s| Ok(Value::String(s.to_owned()))),
        Kind::Bytes => bytes(json),
        Kind::Enum(of) => enumerated(of, json),
        Kind::Double => float(json).map(Value::F64),
        Kind::Float => float(json).map(|n| Value::F32(n as f32)),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => integer(json, i32::MIN, i32::MAX).map(Value::I32),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => integer(json, i64::MIN, i64::MAX).map(Value::I64),
        Kind::Uint32 | Kind::Fixed32 => integer(json, u32::MIN, u32::MAX).map(Value::U32),
        Kind::Uint64 | Kind::Fixed64 => integer(json, u64::MIN, u64::MAX).map(Value::U64),
        Kind::Message(of) => not(&format!("an object ({})", of.name()), json),
    }
}

/// A whole number, or a text of one: 64 bits do not fit into every JSON.
fn integer<N>(json: &Json, least: N, most: N) -> Result<N, Wrong>
where
    N: TryFrom<i128> + std::fmt::Display,
{
    let number = match json {
        Json::Number(number) => match number.as_i128() {
            Some(whole) => Some(whole),
            None => number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e20).map(|n| n as i128),
        },
        Json::String(text) => text.parse().ok(),
        _ => return not("a whole number", json),
    };
    let number = number.ok_or_else(|| Wrong("TYPE", "must be a whole number".to_owned()))?;
    N::try_from(number).map_err(|_| Wrong("RANGE", format!("must be {least} to {most}, not {number}")))
}

fn float(json: &Json) -> Result<f64, Wrong> {
    let number = match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            text => text.parse().ok().filter(|n: &f64| n.is_finite()),
        },
        _ => None,
    };
    number.map_or_else(|| not("a number", json), Ok)
}

/// Base64, standard or URL-safe, padded or not.
fn bytes(json: &Json) -> Result<Value, Wrong> {
    let Some(text) = json.as_str() else { return not("a text in base64", json) };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let decoded = GeneralPurpose::new(alphabet, config).decode(text);
    decoded.map(|bytes| Value::Bytes(bytes.into())).map_err(|_| Wrong("BASE64", "must be base64".to_owned()))
}

fn enumerated(of: &EnumDescriptor, json: &Json) -> Result<Value, Wrong> {
    let value = match json {
        Json::String(name) => of.get_value_by_name(name),
        Json::Number(number) => number.as_i64().and_then(|n| i32::try_from(n).ok()).and_then(|n| of.get_value(n)),
        _ => return not("a text", json),
    };
    value.map(|value| Value::EnumNumber(value.number())).ok_or_else(|| {
        let names: Vec<_> = of.values().skip(1).map(|value| value.name().to_owned()).collect();
        Wrong("ENUM", format!("has no value {json}; it is one of {}", names.join(", ")))
    })
}

/// Whether JSON says messages of this type in a way of their own.
pub(crate) fn is_well_known(message: &MessageDescriptor) -> bool {
    message.package_name() == "google.protobuf"
}

/// A message with a JSON form of its own.
pub(crate) fn well_known(message: &MessageDescriptor, json: &Json) -> Result<Value, Wrong> {
    let read = DynamicMessage::deserialize(message.clone(), json);
    read.map(Value::Message).map_err(|error| match message.name() {
        "Timestamp" => Wrong("TIME", "must be an instant such as 2026-01-31T09:30:00Z".to_owned()),
        "Duration" => Wrong("DURATION", "must be a duration such as 90s".to_owned()),
        "FieldMask" => Wrong("FIELD_MASK", "must be field names with commas between them".to_owned()),
        _ => Wrong("TYPE", error.to_string()),
    })
}

/// The key of a map entry: JSON has only texts.
pub(crate) fn map_key(kind: &Kind, text: &str) -> Result<MapKey, Wrong> {
    match scalar(kind, &text_as_json(kind, text))? {
        Value::Bool(b) => Ok(MapKey::Bool(b)),
        Value::I32(n) => Ok(MapKey::I32(n)),
        Value::I64(n) => Ok(MapKey::I64(n)),
        Value::U32(n) => Ok(MapKey::U32(n)),
        Value::U64(n) => Ok(MapKey::U64(n)),
        Value::String(text) => Ok(MapKey::String(text)),
        _ => Err(Wrong("TYPE", "cannot be a key".to_owned())),
    }
}

/// What stands in a path, a query or a key, as JSON of `kind`.
pub(crate) fn text_as_json(kind: &Kind, text: &str) -> Json {
    let boolean = match kind {
        Kind::Bool => true,
        Kind::Message(message) => message.full_name() == "google.protobuf.BoolValue",
        _ => false,
    };
    match text {
        "true" if boolean => Json::Bool(true),
        "false" if boolean => Json::Bool(false),
        _ if matches!(kind, Kind::Enum(_)) => match text.parse::<i32>() {
            Ok(number) => Json::from(number),
            Err(_) => Json::from(text),
        },
        _ => Json::from(text),
    }
}
