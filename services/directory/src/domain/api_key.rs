//! A machine's credential, of which only the hash is kept.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// One key.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// SHA-256 of the key.
    pub digest: Vec<u8>,
    /// Whose it is, such as `staff/{uuid}`.
    pub subject: String,
    /// Not good from then on.
    pub expires_at: Option<DateTime<Utc>>,
    /// Taken back then.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl store::Versioned for Model {
    fn version(&self) -> i64 {
        self.version
    }
}

/// What is kept of a key. The key has 256 random bits: a slow hash would
/// protect nothing more.
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

impl Model {
    /// Takes it back, for ever.
    ///
    /// # Errors
    /// [`Error::Revoked`] if it was.
    pub fn revoke(self, moment: DateTime<Utc>) -> Result<Self, Error> {
        match self.revoked_at {
            Some(_) => Err(Error::Revoked),
            None => Ok(Self { version: self.version + 1, revoked_at: Some(moment), ..self }),
        }
    }

    /// Whether it opens anything at `moment`.
    pub fn is_good(&self, moment: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| moment < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_when_it_expires_or_is_revoked_whichever_is_first() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let key = Model {
            id: Uuid::nil(),
            version: 1,
            display_name: "meter".into(),
            digest: digest("rlv_x"),
            subject: "staff/1".into(),
            expires_at: Some(at(100)),
            revoked_at: None,
            created_at: at(0),
        };
        assert!(key.is_good(at(99)) && !key.is_good(at(100)));
        let revoked = key.revoke(at(50)).unwrap();
        assert!(!revoked.is_good(at(60)));
        assert!(matches!(revoked.revoke(at(70)), Err(Error::Revoked)));
    }
}
