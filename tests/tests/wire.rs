//! What the services have said to each other stays what it was: the bytes of
//! every event, and the number and type of every field.
//!
//! A change that is meant is made with `RELEVO_GOLDEN=write`, and is seen by
//! whoever reads the golden files.

use std::path::{Path, PathBuf};

use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// Compares with what is committed, or commits to it.
fn check(name: &str, now: &str, compare: impl Fn(&str, &str)) {
    if std::env::var("RELEVO_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(golden(name), now).unwrap();
    }
    compare(&std::fs::read_to_string(golden(name)).unwrap(), now);
}

fn ours() -> impl Iterator<Item = MessageDescriptor> {
    proto::POOL.all_messages().filter(|message| message.package_name().starts_with("relevo."))
}

/// A message with every field set, to values that follow from its name alone.
fn sample(of: &MessageDescriptor, depth: usize) -> DynamicMessage {
    let mut message = DynamicMessage::new(of.clone());
    for field in of.fields() {
        // Of a choice the first is made.
        if field.containing_oneof().is_some_and(|one| one.fields().next().as_ref() != Some(&field)) {
            continue;
        }
        let Some(value) = value(&field, depth) else { continue };
        let value = if field.is_list() { Value::List(vec![value]) } else { value };
        message.set_field(&field, value);
    }
    message
}

fn value(field: &FieldDescriptor, depth: usize) -> Option<Value> {
    let number = field.number();
    Some(match field.kind() {
        Kind::Message(_) if depth > 4 => return None,
        Kind::Message(of) => Value::Message(sample(&of, depth + 1)),
        Kind::Enum(of) => Value::EnumNumber(of.values().nth(1)?.number()),
        Kind::String => Value::String(field.name().to_owned()),
        Kind::Bytes => Value::Bytes(field.name().to_owned().into()),
        Kind::Bool => Value::Bool(true),
        Kind::Double => Value::F64(f64::from(number)),
        Kind::Float => return None,
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(number.into()),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(number.into()),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(number.try_into().ok()?),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(number),
    })
}

#[test]
fn events_have_the_bytes_they_had() {
    let mut lines = String::new();
    for message in ours().filter(|message| message.parent_file().name().ends_with("/events.proto")) {
        let bytes = sample(&message, 0).encode_to_vec();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        lines += &format!("{} {hex}\n", message.full_name());
    }
    check("events.txt", &lines, |then, now| {
        for line in then.lines() {
            let name = line.split(' ').next().unwrap();
            assert!(now.lines().any(|l| l == line), "the bytes of {name} have changed, or it is gone");
        }
        assert_eq!(then.lines().count(), now.lines().count(), "a new event: write the golden file");
    });
}

#[test]
fn no_field_has_changed_its_meaning() {
    let mut lines = String::new();
    for message in ours() {
        for field in message.fields() {
            let list = if field.is_list() { "repeated " } else { "" };
            lines +=
                &format!("{}.{} = {} {list}{:?}\n", message.full_name(), field.name(), field.number(), field.kind());
        }
    }
    for method in tests::methods() {
        lines += &format!(
            "{} {} → {}\n",
            tests::full_name(&method),
            method.input().full_name(),
            method.output().full_name()
        );
    }
    check("fields.txt", &lines, |then, now| {
        let gone: Vec<&str> = then.lines().filter(|line| !now.lines().any(|l| l == *line)).collect();
        assert!(
            gone.is_empty(),
            "breaking changes; nothing may vanish or change its number or type:\n{}",
            gone.join("\n")
        );
    });
}

#[test]
fn every_method_says_who_may_call_it() {
    for method in tests::methods() {
        let name = format!("/{}", tests::full_name(&method));
        let access = service::access(&name).unwrap_or_else(|| panic!("{name} has no access option"));
        let somebody = access.anyone || access.tenant || access.vendor || access.service || !access.roles.is_empty();
        assert!(somebody, "{name} is for nobody");
    }
}
