//! `google.api.field_behavior`: what a caller must say and what only a
//! service says.

use std::collections::HashMap;

use prost_reflect::{DescriptorPool, FieldDescriptor, MessageDescriptor, Value};

/// Of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behavior {
    /// The caller must say it.
    Required,
    /// Only a service says it; what a caller says is ignored.
    OutputOnly,
}

/// What `field` declares.
pub(crate) fn behaviors(field: &FieldDescriptor) -> Vec<Behavior> {
    let pool = field.parent_pool();
    let Some(option) = pool.get_extension_by_name("google.api.field_behavior") else {
        return Vec::new();
    };
    let options = field.options();
    let declared = options.get_extension(&option);
    let named = declared.as_list().unwrap_or_default().iter().filter_map(Value::as_enum_number);
    named
        .filter_map(|number| match number {
            2 => Some(Behavior::Required),
            3 => Some(Behavior::OutputOnly),
            _ => None,
        })
        .collect()
}

/// The required fields of every message: options are costly to read.
#[derive(Debug)]
pub(crate) struct Required(HashMap<String, Vec<FieldDescriptor>>);

impl Required {
    pub(crate) fn of(pool: &DescriptorPool) -> Self {
        let required = |message: MessageDescriptor| {
            let fields = message.fields();
            let fields = fields.filter(|field| behaviors(field).contains(&Behavior::Required));
            (message.full_name().to_owned(), fields.collect::<Vec<_>>())
        };
        let all = pool.all_messages().map(required);
        Self(all.filter(|(_, fields)| !fields.is_empty()).collect())
    }

    pub(crate) fn of_message(&self, message: &MessageDescriptor) -> &[FieldDescriptor] {
        self.0.get(message.full_name()).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn contains(&self, field: &FieldDescriptor) -> bool {
        self.of_message(field.parent_message()).contains(field)
    }
}
