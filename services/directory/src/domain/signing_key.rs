//! What tokens are signed with. The seed is kept sealed: a copy of the
//! database signs nothing.

use chrono::{DateTime, Utc};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use sea_orm::entity::prelude::*;
use service::Signer;

use super::grant::LONGEST;
use crate::error::Error;

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    /// Its `kid`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Ed25519, in unpadded base64url.
    pub public_key: String,
    /// Nonce, then AES-256-GCM of the seed, bound to the key's id.
    pub sealed_seed: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Signs no more from then on.
    pub retired_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// Opens and closes sealed seeds.
pub struct Seal(LessSafeKey);

impl Seal {
    /// With the deployment's 32-byte key.
    ///
    /// # Errors
    /// [`Error::Sealing`] if it has another length.
    pub fn new(key: &[u8]) -> Result<Self, Error> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::Sealing)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// A new key, from the system's randomness.
    ///
    /// # Errors
    /// [`Error::Sealing`] if there is none.
    pub fn make(&self, moment: DateTime<Utc>) -> Result<Model, Error> {
        let random = SystemRandom::new();
        let (mut seed, mut nonce) = ([0; 32], [0; NONCE_LEN]);
        random.fill(&mut seed).and_then(|()| random.fill(&mut nonce)).map_err(|_| Error::Sealing)?;
        let public = Signer::of_seed(&seed).map_err(|_| Error::Sealing)?.public().clone();
        let mut sealed = seed.to_vec();
        let aad = Aad::from(public.kid.as_bytes());
        let nonced = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonced, aad, &mut sealed).map_err(|_| Error::Sealing)?;
        let sealed_seed = [nonce.as_slice(), &sealed].concat();
        Ok(Model { id: public.kid, public_key: public.x, sealed_seed, created_at: moment, retired_at: None })
    }

    /// What signs with `key`.
    ///
    /// # Errors
    /// [`Error::Sealing`] if it was sealed with another key, or tampered with.
    pub fn open(&self, key: &Model) -> Result<Signer, Error> {
        let (nonce, sealed) = key.sealed_seed.split_at_checked(NONCE_LEN).ok_or(Error::Sealing)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Sealing)?;
        let mut sealed = sealed.to_vec();
        let seed =
            self.0.open_in_place(nonce, Aad::from(key.id.as_bytes()), &mut sealed).map_err(|_| Error::Sealing)?;
        Signer::of_seed(seed).map_err(|_| Error::Sealing)
    }
}

impl Model {
    /// Whether a token signed with it may still be good at `moment`.
    pub fn verifies(&self, moment: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|retired| moment < retired + LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_opens_only_with_its_seal_and_under_its_name() {
        let moment = DateTime::default();
        let seal = Seal::new(&[7; 32]).unwrap();
        let key = seal.make(moment).unwrap();
        assert_eq!(seal.open(&key).unwrap().public().x, key.public_key);
        assert!(Seal::new(&[8; 32]).unwrap().open(&key).is_err());
        assert!(seal.open(&Model { id: "another".into(), ..key }).is_err());
    }

    #[test]
    fn a_retired_key_verifies_for_as_long_as_its_tokens_live() {
        let moment = DateTime::default();
        let key = Model { retired_at: Some(moment), ..Seal::new(&[7; 32]).unwrap().make(moment).unwrap() };
        assert!(key.verifies(moment + LONGEST - chrono::TimeDelta::seconds(1)));
        assert!(!key.verifies(moment + LONGEST));
    }
}
