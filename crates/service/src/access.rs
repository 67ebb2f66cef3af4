//! Who may call what, as the protos declare it.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost::Message;
use proto::access::v1::Role;

use crate::caller::{Caller, Party};

/// What a method's `(relevo.access.v1.access)` option says.
pub type Access = proto::access::v1::Access;

static TABLE: LazyLock<HashMap<String, Access>> = LazyLock::new(|| {
    let option = proto::POOL.get_extension_by_name("relevo.access.v1.access");
    let methods = proto::POOL.services().flat_map(|s| s.methods().collect::<Vec<_>>());
    methods
        .filter_map(|method| {
            let options = method.options();
            let declared = options.get_extension(option.as_ref()?);
            let access = Access::decode(declared.as_message()?.encode_to_vec().as_slice()).ok()?;
            Some((format!("/{}/{}", method.parent_service().full_name(), method.name()), access))
        })
        .collect()
});

/// The declaration for a gRPC path such as `/relevo.tickets.v1.Tickets/GetTicket`.
pub fn access(path: &str) -> Option<&'static Access> {
    TABLE.get(path)
}

/// Whether `caller` may call a method so declared.
pub(crate) fn allows(access: &Access, caller: &Caller) -> bool {
    match &caller.party {
        Party::Tenant { .. } => access.tenant,
        Party::Vendor { .. } => access.vendor,
        Party::Service => access.service,
        Party::Operator { roles } => {
            let named = |role: &Role| access.roles.contains(&i32::from(*role));
            !access.roles.is_empty() && roles.iter().any(|role| *role == Role::Administrator || named(role))
        }
    }
}
