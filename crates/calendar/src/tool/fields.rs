//! Reads JSON field by field and keeps every complaint, where a derived reader
//! would stop at the first.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::violation::{Rule, Violation};

/// The fields of one object that nobody has read yet.
pub(super) struct Fields<'a, 'w> {
    path: String,
    unread: BTreeMap<String, &'a RawValue>,
    wrong: &'w mut Vec<Violation>,
}

/// A value of one type, or nothing.
pub(super) fn typed<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

impl<'a, 'w> Fields<'a, 'w> {
    /// Reads the object `text`, which stands at `path`, and refuses every field
    /// that `read` leaves over. `None` when the text is not an object.
    pub fn read<T>(
        path: &str,
        text: &'a str,
        wrong: &'w mut Vec<Violation>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let unread = serde_json::from_str(text).ok()?;
        let mut fields = Self { path: path.to_owned(), unread, wrong };
        let value = read(&mut fields);
        for name in std::mem::take(&mut fields.unread).into_keys() {
            fields.complain(&name, Rule::FieldUnknown);
        }
        Some(value)
    }

    /// Refuses each of `names` that is not there.
    pub fn require(&mut self, names: &[&str]) {
        for name in names {
            if !self.unread.contains_key(*name) {
                self.complain(name, Rule::FieldMissing);
            }
        }
    }

    /// The field as it is written.
    pub fn raw(&mut self, name: &str) -> Option<&'a RawValue> {
        self.unread.remove(name)
    }

    /// The field as `parse` understands it, or a complaint that it breaks `rule`.
    pub fn take<T>(&mut self, name: &str, rule: Rule, parse: impl FnOnce(&'a RawValue) -> Option<T>) -> Option<T> {
        let value = parse(self.raw(name)?);
        if value.is_none() {
            self.complain(name, rule);
        }
        value
    }

    /// The field as an object.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'a, '_>) -> T) -> Option<T> {
        let raw = self.raw(name)?;
        self.nested(&self.at(name), raw, read)
    }

    /// The field as a list of objects.
    pub fn objects<T>(&mut self, name: &str, mut read: impl FnMut(&mut Fields<'a, '_>) -> T) -> Vec<T> {
        let items = self.items(name);
        items.into_iter().filter_map(|(path, raw)| self.nested(&path, raw, &mut read)).collect()
    }

    /// The field as a list of plain values.
    pub fn values<T: Deserialize<'a>>(&mut self, name: &str) -> Vec<T> {
        let items = self.items(name);
        let value = |(path, raw)| {
            let value = typed(raw);
            if value.is_none() {
                self.wrong.push(Violation { field: path, rule: Rule::TypeInvalid });
            }
            value
        };
        items.into_iter().filter_map(value).collect()
    }

    /// Adds complaints whose paths are complete.
    pub fn refuse(&mut self, violations: Vec<Violation>) {
        self.wrong.extend(violations);
    }

    fn items(&mut self, name: &str) -> Vec<(String, &'a RawValue)> {
        let items: Vec<_> = self.take(name, Rule::TypeInvalid, typed).unwrap_or_default();
        let path = self.at(name);
        (0..).zip(items).map(|(index, raw)| (format!("{path}[{index}]"), raw)).collect()
    }

    fn nested<T>(&mut self, path: &str, raw: &'a RawValue, read: impl FnOnce(&mut Fields<'a, '_>) -> T) -> Option<T> {
        let value = Fields::read(path, raw.get(), self.wrong, read);
        if value.is_none() {
            self.wrong.push(Violation { field: path.to_owned(), rule: Rule::TypeInvalid });
        }
        value
    }

    fn complain(&mut self, name: &str, rule: Rule) {
        self.wrong.push(Violation { field: self.at(name), rule });
    }

    fn at(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }
}
