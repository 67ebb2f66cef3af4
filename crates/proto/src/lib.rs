//! The language of the platform: everything generated from `proto/`, and the
//! descriptors from which routing, access and documentation are read.

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

/// The encoded `FileDescriptorSet` of every proto, options included.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The same, decoded once.
#[expect(clippy::expect_used, reason = "the bytes come from this crate's own build")]
pub static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).expect("descriptors of this build"));

/// A request that changes something.
pub trait Command: prost::Message {
    /// A repeat with the same id returns the first answer (AIP-155); empty if
    /// the caller does not mind doing it twice.
    fn request_id(&self) -> &str;
    /// When it really happened, if not now. For the operator alone.
    fn occurred_at(&self) -> Option<prost_types::Timestamp>;
}

include!(concat!(env!("OUT_DIR"), "/commands.rs"));

/// Its answer holds a secret, and is not kept for a repeat.
impl Command for directory::v1::CreateApiKeyRequest {
    fn request_id(&self) -> &str {
        ""
    }

    fn occurred_at(&self) -> Option<prost_types::Timestamp> {
        None
    }
}

#[allow(missing_docs, dead_code, clippy::all, reason = "generated; the docs stand in the protos")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/packages.rs"));
}

pub use generated::relevo::{access, billing, contracts, directory, dispatch, tickets, r#type};
