//! Who is calling. It comes from the token and from nowhere else.

use proto::access::v1::Role;
use proto::r#type::v1::Actor;
use store::Scope;
use uuid::Uuid;

use crate::names::parse_name;
use crate::tokens::Claims;

/// The bearer of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Such as `staff/{uuid}`.
    pub subject: String,
    /// The staff member behind a delegated token (RFC 8693), if it is one.
    pub acting: Option<String>,
    /// On whose behalf.
    pub party: Party,
}

/// The sides of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// The operator's staff, with the roles held.
    Operator {
        /// Never empty.
        roles: Vec<Role>,
    },
    /// A client company's people and machines.
    Tenant {
        /// Theirs.
        tenant: Uuid,
    },
    /// An outsourced provider's people and machines.
    Vendor {
        /// Theirs.
        vendor: Uuid,
    },
    /// A process of the platform.
    Service,
}

impl Caller {
    /// What the claims of a verified token say; none where they make no sense.
    pub fn of(claims: &Claims) -> Option<Self> {
        let party = match claims.party.as_str() {
            "operator" => {
                let roles: Vec<Role> = claims.roles.iter().filter_map(|r| Role::from_str_name(r)).collect();
                (!roles.is_empty()).then_some(Party::Operator { roles })?
            }
            "tenant" => Party::Tenant { tenant: parse_name("tenants", claims.tenant.as_deref()?)? },
            "vendor" => Party::Vendor { vendor: parse_name("vendors", claims.vendor.as_deref()?)? },
            "service" => Party::Service,
            _ => return None,
        };
        Some(Self { subject: claims.sub.clone(), acting: claims.act.as_ref().map(|act| act.sub.clone()), party })
    }

    /// Which rows it may see.
    pub fn scope(&self) -> Scope {
        match self.party {
            Party::Operator { .. } => Scope::operator(&self.subject),
            Party::Tenant { tenant } => Scope::tenant(tenant, &self.subject),
            Party::Vendor { vendor } => Scope::vendor(vendor, &self.subject),
            Party::Service => Scope { subject: self.subject.clone(), ..Scope::worker(None) },
        }
    }

    /// Whether the operator stands behind it: only then may it say when
    /// something really happened.
    pub fn is_operator(&self) -> bool {
        matches!(self.party, Party::Operator { .. }) || self.acting.is_some()
    }

    /// Its own tenant, of a tenant's caller.
    pub fn tenant(&self) -> Option<Uuid> {
        match self.party {
            Party::Tenant { tenant } => Some(tenant),
            _ => None,
        }
    }

    /// As history and events name it.
    pub fn actor(&self) -> Actor {
        Actor { name: self.subject.clone(), acting: self.acting.clone().unwrap_or_default() }
    }
}
