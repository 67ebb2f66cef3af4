//! A document as JSON for people: amounts as text in whole units, facts by the
//! ids that the file gave them. It computes nothing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::charge::Charge;
use crate::document::Document;
use crate::fact::Fact;

/// The document. With `explain`, each line has its steps.
pub(super) fn document(document: &Document, facts: &[Fact], explain: bool) -> Value {
    let ids: BTreeMap<Uuid, &str> = facts.iter().map(|fact| (fact.id, fact.key.as_str())).collect();
    let major = |minor: i64| Decimal::new(minor, document.currency.decimals()).to_string();
    let id = |fact: &Uuid| ids.get(fact).copied().unwrap_or_default();
    let line = |charge: &Charge| {
        let mut line = json!({
            "line": charge.line,
            "description": charge.description,
            "quantity": charge.quantity.to_string(),
            "unit": charge.unit,
            "unit_price": major(charge.unit_minor),
            "net": major(charge.net_minor),
            "tax_percent": charge.tax_percent.to_string(),
            "facts": charge.shares.iter().map(|share| id(&share.fact)).collect::<Vec<_>>(),
        });
        if let Some(period) = charge.period {
            line["period"] = json!({ "from": period.first, "until": period.end });
        }
        if explain {
            let steps = charge.steps.iter().filter_map(|step| serde_json::to_value(step).ok());
            line["explanation"] = steps.map(|step| in_words(step, &ids, &major)).collect();
        }
        line
    };
    json!({
        "client": document.buyer.display_name,
        "month": document.month.to_string(),
        "currency": document.currency.code(),
        "lines": document.charges.iter().map(line).collect::<Vec<_>>(),
        "taxes": document.taxes.iter().map(|tax| json!({
            "percent": tax.percent.to_string(), "base": major(tax.base_minor), "tax": major(tax.tax_minor),
        })).collect::<Vec<_>>(),
        "net": major(document.net_minor),
        "tax": major(document.tax_minor),
        "total": major(document.total_minor),
        "unbilled": document.unbilled.iter().map(|unbilled| json!({
            "fact": id(&unbilled.fact), "reason": unbilled.reason.code(),
        })).collect::<Vec<_>>(),
    })
}

/// A step with its amounts as text (`amount_minor` becomes `amount`) and its
/// fact by the file's id.
fn in_words(step: Value, ids: &BTreeMap<Uuid, &str>, major: &dyn Fn(i64) -> String) -> Value {
    let Value::Object(fields) = step else { return step };
    let word = |(name, value): (String, Value)| match (name.strip_suffix("_minor"), value.as_i64()) {
        (Some(name), Some(minor)) => (name.to_owned(), Value::String(major(minor))),
        _ if name == "fact" => {
            let known = value.as_str().and_then(|id| ids.get(&id.parse().ok()?).copied());
            (name, json!(known))
        }
        _ => (name, value),
    };
    Value::Object(fields.into_iter().map(word).collect::<Map<_, _>>())
}
