//! How a service keeps what is true: one scope, one transaction, one outbox.
//!
//! A [`Work`] is one transaction in one [`Scope`]. Rows are saved and news is
//! announced through it, and both become true with its commit or not at all.
//! What a scope may see is decided by Postgres (row-level security); the
//! queries of a service only say what they want.

mod error;
mod flaws;
mod migrate;
mod outbox;
mod page;
mod requests;
mod rows;
mod scope;
mod work;

pub use error::{Error, Result};
pub use flaws::{Flaw, flaws};
pub use migrate::{Migration, Setup, check, migrate, prepare};
pub use outbox::{News, Outbox, Pending};
pub use page::{Page, PageSize};
pub use requests::RequestKey;
pub use rows::{Versioned, expect_etag, found};
pub use scope::{Role, Scope};
pub use work::{Store, Work};
