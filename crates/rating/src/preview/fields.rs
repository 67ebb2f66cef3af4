//! Reads JSON field by field and keeps every complaint, where a derived reader
//! would stop at the first.

use chrono::{DateTime, NaiveDate, Utc};
use money::Currency;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::Violation;

/// No amount and no count in a file is greater.
pub(super) const MOST: i64 = 1_000_000_000_000;

/// The complaints so far.
#[derive(Default)]
pub(super) struct Complaints(pub Vec<Violation>);

impl Complaints {
    /// Adds one.
    pub fn add(&mut self, field: impl Into<String>, reason: &'static str, rule: impl Into<String>) {
        self.0.push(Violation { field: field.into(), rule: rule.into(), reason });
    }
}

/// The fields of one object that nobody has read yet.
pub(super) struct Fields<'w> {
    path: String,
    unread: Map<String, Value>,
    pub wrong: &'w mut Complaints,
}

impl<'w> Fields<'w> {
    /// The object `value`, which stands at `path`.
    pub fn of(path: &str, value: Value, wrong: &'w mut Complaints) -> Option<Self> {
        let Value::Object(unread) = value else {
            wrong.add(path, "TYPE_INVALID", "must be an object");
            return None;
        };
        Some(Self { path: path.to_owned(), unread, wrong })
    }

    /// Refuses what nobody has read.
    pub fn finish(self) {
        for name in self.unread.keys() {
            self.wrong.add(join(&self.path, name), "FIELD_UNKNOWN", "must not be given: no such field");
        }
    }

    /// The path of a field.
    pub fn at(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// Complains about a field.
    pub fn refuse(&mut self, name: &str, reason: &'static str, rule: impl Into<String>) {
        let field = self.at(name);
        self.wrong.add(field, reason, rule);
    }

    /// The field, if it is there and not null.
    pub fn optional(&mut self, name: &str) -> Option<Value> {
        self.unread.remove(name).filter(|value| !value.is_null())
    }

    /// The field, which must be there.
    pub fn required(&mut self, name: &str) -> Option<Value> {
        let value = self.optional(name);
        if value.is_none() {
            self.refuse(name, "FIELD_MISSING", "must be given");
        }
        value
    }

    /// An object, read by `read`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        let value = self.required(name)?;
        nested(&self.at(name), value, self.wrong, read)
    }

    /// A list of objects, each read by `read`; as many as could be read.
    pub fn objects<T>(&mut self, name: &str, mut read: impl FnMut(&mut Fields<'_>) -> Option<T>) -> Vec<T> {
        let path = self.at(name);
        let Some(value) = self.required(name) else { return Vec::new() };
        let Value::Array(items) = value else {
            self.refuse(name, "TYPE_INVALID", "must be a list");
            return Vec::new();
        };
        let items = items.into_iter().enumerate();
        items.filter_map(|(nr, item)| nested(&format!("{path}[{nr}]"), item, self.wrong, &mut read)).collect()
    }

    /// Which one of `names` is given.
    pub fn choice(&mut self, names: &'static [&'static str]) -> Option<&'static str> {
        let given: Vec<&'static str> = names.iter().copied().filter(|name| self.unread.contains_key(*name)).collect();
        if let [one] = given[..] {
            return Some(one);
        }
        for name in &given {
            self.unread.remove(*name);
        }
        let path = self.path.clone();
        self.wrong.add(path, "CHOICE_INVALID", format!("must have exactly one of {}", names.join(", ")));
        None
    }

    /// Text that is not empty.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.required(name)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.refuse(name, "TEXT_INVALID", "must be text, and not empty");
                None
            }
        }
    }

    /// Text, or what it is if it is not given.
    pub fn text_or(&mut self, name: &str, otherwise: &str) -> String {
        match self.optional(name) {
            None => otherwise.to_owned(),
            Some(Value::String(text)) => text,
            Some(_) => {
                self.refuse(name, "TEXT_INVALID", "must be text");
                otherwise.to_owned()
            }
        }
    }

    /// `true` or `false`; `true` if it is not given.
    pub fn yes_unless_no(&mut self, name: &str) -> bool {
        match self.optional(name) {
            None => true,
            Some(Value::Bool(yes)) => yes,
            Some(_) => {
                self.refuse(name, "TYPE_INVALID", "must be true or false");
                true
            }
        }
    }

    /// A count, which must be given.
    pub fn count(&mut self, name: &str) -> Option<i64> {
        let value = self.required(name)?;
        self.counted(name, &value)
    }

    /// A count, 0 if it is not given.
    pub fn count_or_none(&mut self, name: &str) -> Option<i64> {
        self.optional(name).map_or(Some(0), |value| self.counted(name, &value))
    }

    fn counted(&mut self, name: &str, value: &Value) -> Option<i64> {
        let Some(count) = value.as_i64() else {
            self.refuse(name, "TYPE_INVALID", "must be a whole number");
            return None;
        };
        match count {
            ..0 => self.refuse(name, "QUANTITY_NEGATIVE", "must not be negative"),
            0..=1_000_000 => return Some(count),
            _ => self.refuse(name, "QUANTITY_OUT_OF_BOUNDS", "must be at most 1000000"),
        }
        None
    }

    /// A date as `YYYY-MM-DD`.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let value = self.required(name)?;
        self.dated(name, &value)
    }

    /// A date that may be left out.
    pub fn date_if_given(&mut self, name: &str) -> Option<Option<NaiveDate>> {
        match self.optional(name) {
            None => Some(None),
            Some(value) => self.dated(name, &value).map(Some),
        }
    }

    fn dated(&mut self, name: &str, value: &Value) -> Option<NaiveDate> {
        let date = value.as_str().and_then(|text| {
            let date: NaiveDate = text.parse().ok()?;
            (date.to_string() == text).then_some(date)
        });
        if date.is_none() {
            self.refuse(name, "DATE_INVALID", "must be a date as YYYY-MM-DD");
        }
        date
    }

    /// An instant as RFC 3339.
    pub fn instant(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let value = self.required(name)?;
        let at = value.as_str().and_then(|text| text.parse::<DateTime<chrono::FixedOffset>>().ok());
        if at.is_none() {
            self.refuse(name, "INSTANT_INVALID", "must be an instant as RFC 3339, such as 2026-03-02T09:00:00Z");
        }
        Some(at?.to_utc())
    }

    /// A decimal as text, with at most six decimals; `otherwise` if not given.
    pub fn decimal_or(&mut self, name: &str, otherwise: Decimal) -> Option<Decimal> {
        let Some(value) = self.optional(name) else { return Some(otherwise) };
        let decimal = value.as_str().and_then(|text| Decimal::from_str_exact(text).ok());
        let bounds = Decimal::ZERO..=Decimal::from(1_000);
        let decimal = decimal.filter(|decimal| decimal.scale() <= 6 && bounds.contains(decimal));
        if decimal.is_none() {
            self.refuse(name, "DECIMAL_INVALID", "must be text such as \"1.5\", from 0 to 1000, at most six decimals");
        }
        decimal
    }

    /// An amount, in the currency's smallest unit. `None` for a currency that
    /// could not be read itself: then only its shape is looked at.
    pub fn amount(&mut self, name: &str, currency: Option<Currency>) -> Option<i64> {
        let value = self.required(name)?;
        let Some(text) = value.as_str() else {
            self.refuse(name, "AMOUNT_INVALID", "must be text such as \"85.50\": a JSON number is not exact");
            return None;
        };
        let (number, code) = text.split_once(' ').map_or((text, None), |(number, code)| (number, Some(code)));
        let currency = currency?;
        if let Some(code) = code.filter(|code| *code != currency.code()) {
            self.refuse(name, "CURRENCY_MISMATCH", format!("must be in {currency}, not in {code}"));
            return None;
        }
        match minor(number, currency) {
            Some(minor @ 0..=MOST) => Some(minor),
            Some(..0) => {
                self.refuse(name, "AMOUNT_NEGATIVE", "must not be negative");
                None
            }
            _ => {
                let places = currency.decimals();
                self.refuse(name, "AMOUNT_INVALID", format!("must be a number with at most {places} decimals"));
                None
            }
        }
    }
}

/// `number` in the smallest unit, if it has no fraction of one.
fn minor(number: &str, currency: Currency) -> Option<i64> {
    let amount = Decimal::from_str_exact(number).ok()?.normalize();
    let shift = currency.decimals().checked_sub(amount.scale())?;
    i64::try_from(amount.mantissa().checked_mul(10_i128.pow(shift))?).ok()
}

fn nested<T>(
    path: &str,
    value: Value,
    wrong: &mut Complaints,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> Option<T> {
    let mut fields = Fields::of(path, value, wrong)?;
    let read = read(&mut fields);
    fields.finish();
    read
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
