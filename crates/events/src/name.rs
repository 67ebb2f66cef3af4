//! What an event is called, on the wire and in the log.

use prost::Name;
use store::News;
use uuid::Uuid;

/// `relevo.tickets.v1.TicketResolved` of a tenant is published on
/// `relevo.tickets.v1.<tenant>.ticket_resolved`; what is the operator's own
/// (`tenant` nil) on `relevo.directory.v1.operator.staff_created`.
pub fn subject<E: Name>(tenant: Uuid) -> String {
    let owner = if tenant.is_nil() { "operator".to_owned() } else { tenant.to_string() };
    format!("{}.{owner}.{}", E::PACKAGE, snake(E::NAME))
}

/// `event`, ready to be announced, with the trace that caused it.
pub fn news<E: Name>(tenant: Uuid, event: &E) -> News {
    let mut news = News::new(tenant, E::full_name(), subject::<E>(tenant), event.encode_to_vec());
    news.traceparent = crate::trace::current();
    news
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn past_participles_in_snake_case() {
        assert_eq!(super::snake("TicketResolved"), "ticket_resolved");
    }
}
