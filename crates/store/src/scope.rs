//! In whose name a transaction runs.

use std::fmt::Write;

use uuid::Uuid;

/// The database roles that the policies are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A client company's user.
    Tenant,
    /// The operator's staff.
    Operator,
    /// A vendor's user.
    Vendor,
    /// The platform's own inboxes and jobs.
    Worker,
}

/// A role, and the rows that it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Which policies apply.
    pub role: Role,
    /// The one tenant seen; none means every tenant, for operator and worker.
    pub tenant: Option<Uuid>,
    /// The vendor seen, for [`Role::Vendor`].
    pub vendor: Option<Uuid>,
    /// Who acts, such as `staff/{uuid}`: the owner of its request ids.
    pub subject: String,
}

impl Scope {
    /// One tenant's rows, in the name of its user.
    pub fn tenant(tenant: Uuid, subject: impl Into<String>) -> Self {
        Self { role: Role::Tenant, tenant: Some(tenant), vendor: None, subject: subject.into() }
    }

    /// Every tenant's rows, in the name of one of the staff.
    pub fn operator(subject: impl Into<String>) -> Self {
        Self { role: Role::Operator, tenant: None, vendor: None, subject: subject.into() }
    }

    /// What was disclosed to one vendor.
    pub fn vendor(vendor: Uuid, subject: impl Into<String>) -> Self {
        Self { role: Role::Vendor, tenant: None, vendor: Some(vendor), subject: subject.into() }
    }

    /// One tenant's rows, or with none every tenant's, for the platform itself.
    pub fn worker(tenant: Option<Uuid>) -> Self {
        Self { role: Role::Worker, tenant, vendor: None, subject: "worker".into() }
    }

    /// Opens a transaction in this scope, in one round trip. Everything in it
    /// is LOCAL: a pooled connection forgets it with the commit.
    pub(crate) fn begin(&self) -> String {
        let role = match self.role {
            Role::Tenant => "relevo_tenant",
            Role::Operator => "relevo_operator",
            Role::Vendor => "relevo_vendor",
            Role::Worker => "relevo_worker",
        };
        let mut sql = format!("BEGIN; SET LOCAL ROLE {role}");
        let tenant = match (self.role, self.tenant) {
            (_, Some(tenant)) => Some(tenant.to_string()),
            (Role::Operator | Role::Worker, None) => Some("*".to_owned()),
            (Role::Tenant | Role::Vendor, None) => None,
        };
        if let Some(tenant) = tenant {
            let _ = write!(sql, "; SET LOCAL relevo.tenant = '{tenant}'");
        }
        if let Some(vendor) = self.vendor {
            let _ = write!(sql, "; SET LOCAL relevo.vendor = '{vendor}'");
        }
        let subject = self.subject.replace('\'', "''");
        let _ = write!(sql, "; SET LOCAL relevo.subject = '{subject}'");
        sql
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_without_a_tenant_sees_nothing_rather_than_everything() {
        let scope = Scope { tenant: None, ..Scope::tenant(Uuid::nil(), "contacts/x") };
        assert!(!scope.begin().contains("relevo.tenant ="));
    }

    #[test]
    fn a_subject_cannot_leave_its_quotes() {
        let sql = Scope::operator("x'; RESET ROLE; --").begin();
        assert!(sql.ends_with("SET LOCAL relevo.subject = 'x''; RESET ROLE; --'"), "{sql}");
    }
}
