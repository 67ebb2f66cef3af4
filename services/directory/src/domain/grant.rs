//! What a credential lets its bearer be.

use chrono::{DateTime, TimeDelta, Utc};
use service::{Act, Claims};
use uuid::Uuid;

use super::{contact, staff, vendor};

/// Tokens live no longer than a day.
pub const LONGEST: TimeDelta = TimeDelta::days(1);
/// The audience of tokens that come in through the gateway.
pub const AUDIENCE: &str = "relevo";

/// Whoever can hold a credential.
#[derive(Debug, Clone, PartialEq)]
pub enum Holder {
    /// One of the operator's people.
    Staff(staff::Model),
    /// One of a tenant's people.
    Contact(contact::Model),
    /// A vendor.
    Vendor(vendor::Model),
}

/// Claims but for the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Such as `staff/{uuid}`.
    pub subject: String,
    /// `operator`, `tenant` or `vendor`.
    pub party: &'static str,
    /// Of a tenant's.
    pub tenant: Option<String>,
    /// Of a vendor's.
    pub vendor: Option<String>,
    /// Of an operator's.
    pub roles: Vec<String>,
}

impl Grant {
    /// What `holder` may be.
    pub fn of(holder: &Holder) -> Self {
        let blank = Self { subject: String::new(), party: "operator", tenant: None, vendor: None, roles: Vec::new() };
        match holder {
            Holder::Staff(staff) => {
                Self { subject: service::name("staff", staff.id), roles: staff.roles.clone(), ..blank }
            }
            Holder::Contact(contact) => Self {
                subject: service::name("contacts", contact.id),
                party: "tenant",
                tenant: Some(service::name("tenants", contact.tenant_id)),
                ..blank
            },
            Holder::Vendor(vendor) => {
                let name = service::name("vendors", vendor.id);
                Self { subject: name.clone(), party: "vendor", vendor: Some(name), ..blank }
            }
        }
    }

    /// The claims of a token for it, which `actor` asked for.
    pub fn claims(self, actor: &str, moment: DateTime<Utc>, lifetime: TimeDelta) -> Claims {
        let act = (actor != self.subject).then(|| Act { sub: actor.to_owned() });
        Claims {
            sub: self.subject,
            party: self.party.to_owned(),
            tenant: self.tenant,
            vendor: self.vendor,
            roles: self.roles,
            act,
            iss: "relevo-directory".to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: moment.timestamp(),
            exp: (moment + lifetime).timestamp(),
            jti: Uuid::now_v7().to_string(),
        }
    }
}
