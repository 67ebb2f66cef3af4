//! Signed tokens: EdDSA and nothing else, by a key that its id names.

use std::collections::HashMap;
use std::sync::RwLock;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};

/// What a token says (RFC 7519, RFC 8693).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Such as `staff/{uuid}`.
    pub sub: String,
    /// `operator`, `tenant`, `vendor` or `service`.
    pub party: String,
    /// `tenants/{uuid}`, of a tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// `vendors/{uuid}`, of a vendor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Of an operator's, such as `ROLE_AGENT`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Who acts through it, if not the subject itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// Who signed it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// Seconds since 1970.
    pub iat: i64,
    /// Seconds since 1970.
    pub exp: i64,
    /// Unique.
    pub jti: String,
}

/// RFC 8693, section 4.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Such as `staff/{uuid}`.
    pub sub: String,
}

/// Why a token is no good. What exactly is wrong is logged, never answered.
#[derive(Debug, thiserror::Error)]
#[error("the token is not valid: {0}")]
pub struct TokenError(String);

/// A public key, as a JWKS has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id.
    pub kid: String,
    /// 32 bytes, in unpadded base64url.
    pub x: String,
}

/// Signs tokens with one Ed25519 key.
pub struct Signer {
    key: EncodingKey,
    public: PublicKey,
}

impl Signer {
    /// From the key's 32-byte seed (RFC 8032). The key's id is the first half
    /// of its public part: nobody has to hand out ids.
    ///
    /// # Errors
    /// If `seed` is not 32 bytes long.
    pub fn of_seed(seed: &[u8]) -> Result<Self, TokenError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|e| TokenError(e.to_string()))?;
        // PKCS#8 v1 (RFC 8410): a fixed header, then the seed.
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        der.extend_from_slice(seed);
        let public = pair.public_key().as_ref();
        let public = PublicKey { kid: URL_SAFE_NO_PAD.encode(&public[..16]), x: URL_SAFE_NO_PAD.encode(public) };
        Ok(Self { key: EncodingKey::from_ed_der(&der), public })
    }

    /// What verifies its signatures.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs.
    ///
    /// # Errors
    /// If the key is unusable.
    pub fn sign(&self, claims: &Claims) -> Result<String, TokenError> {
        let header = Header { kid: Some(self.public.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|e| TokenError(e.to_string()))
    }
}

/// Verifies tokens for one audience, each once: what was verified is
/// remembered until it expires, because a signature check costs more than
/// most requests.
pub struct Verifier {
    audience: &'static str,
    issuer: Option<&'static str>,
    keys: RwLock<HashMap<String, DecodingKey>>,
    seen: RwLock<HashMap<String, Claims>>,
}

/// More tokens than this are not remembered at once.
const REMEMBERED: usize = 10_000;
/// How far clocks may be apart, in seconds.
const SKEW: u64 = 60;

impl Verifier {
    /// Knows no key yet.
    pub fn new(audience: &'static str) -> Self {
        Self { audience, issuer: None, keys: RwLock::default(), seen: RwLock::default() }
    }

    /// Believes only what `issuer` says it has signed.
    #[must_use]
    pub fn issued_by(self, issuer: &'static str) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// Trusts exactly `keys` from now on.
    ///
    /// # Errors
    /// If one of them is no Ed25519 key; the old ones stay then.
    pub fn trust(&self, keys: &[PublicKey]) -> Result<(), TokenError> {
        let mut trusted = HashMap::new();
        for key in keys {
            let decoding = DecodingKey::from_ed_components(&key.x).map_err(|e| TokenError(e.to_string()))?;
            trusted.insert(key.kid.clone(), decoding);
        }
        if let Ok(mut current) = self.keys.write() {
            *current = trusted;
        }
        if let Ok(mut seen) = self.seen.write() {
            seen.clear();
        }
        Ok(())
    }

    /// Whether a key of that id is trusted.
    pub fn knows(&self, kid: &str) -> bool {
        self.keys.read().is_ok_and(|keys| keys.contains_key(kid))
    }

    /// The claims of `token`, if it is one that this may be shown, now.
    ///
    /// # Errors
    /// For a token that is malformed, of another algorithm, signed by nobody
    /// trusted, expired, or meant for somebody else.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let remembered = self.seen.read().ok().and_then(|seen| seen.get(token).cloned());
        if let Some(claims) = remembered.filter(|claims| claims.exp > now()) {
            return Ok(claims);
        }
        let claims = self.check(token)?;
        if let Ok(mut seen) = self.seen.write() {
            if seen.len() >= REMEMBERED {
                let now = now();
                seen.retain(|_, claims| claims.exp > now);
            }
            if seen.len() < REMEMBERED {
                seen.insert(token.to_owned(), claims.clone());
            }
        }
        Ok(claims)
    }

    fn check(&self, token: &str) -> Result<Claims, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|e| TokenError(e.to_string()))?;
        let kid = header.kid.unwrap_or_default();
        let keys = self.keys.read().map_err(|e| TokenError(e.to_string()))?;
        let key = keys.get(&kid).ok_or_else(|| TokenError("signed by an unknown key".into()))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[self.audience]);
        validation.leeway = SKEW;
        validation.validate_nbf = true;
        if let Some(issuer) = self.issuer {
            validation.set_issuer(&[issuer]);
            validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        }
        let decoded = jsonwebtoken::decode(token, key, &validation).map_err(|e| TokenError(e.to_string()))?;
        Ok(decoded.claims)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(aud: &str, exp: i64) -> Claims {
        Claims {
            sub: "staff/x".into(),
            party: "operator".into(),
            tenant: None,
            vendor: None,
            roles: vec!["ROLE_AGENT".into()],
            act: None,
            iss: "relevo".into(),
            aud: aud.into(),
            iat: 0,
            exp,
            jti: "1".into(),
        }
    }

    #[test]
    fn only_what_a_trusted_key_signed_for_this_audience_and_time() {
        let (ours, theirs) = (Signer::of_seed(&[1; 32]).unwrap(), Signer::of_seed(&[2; 32]).unwrap());
        let verifier = Verifier::new("here");
        verifier.trust(std::slice::from_ref(ours.public())).unwrap();
        let good = claims("here", now() + 100);
        assert_eq!(verifier.verify(&ours.sign(&good).unwrap()).unwrap(), good);
        assert!(verifier.verify(&theirs.sign(&good).unwrap()).is_err());
        assert!(verifier.verify(&ours.sign(&claims("there", now() + 100)).unwrap()).is_err());
        assert!(verifier.verify(&ours.sign(&claims("here", now() - 100)).unwrap()).is_err());
    }

    #[test]
    fn clocks_may_be_a_minute_apart_and_no_more() {
        let ours = Signer::of_seed(&[1; 32]).unwrap();
        let verifier = Verifier::new("here");
        verifier.trust(std::slice::from_ref(ours.public())).unwrap();
        let expired_for = |seconds| verifier.verify(&ours.sign(&claims("here", now() - seconds)).unwrap());
        assert!(expired_for(50).is_ok());
        assert!(expired_for(70).is_err());
        assert!(expired_for(120).is_err());
    }

    #[test]
    fn only_the_issuer_that_is_expected() {
        let ours = Signer::of_seed(&[1; 32]).unwrap();
        let trusting = |issuer| {
            let verifier = Verifier::new("here").issued_by(issuer);
            verifier.trust(std::slice::from_ref(ours.public())).unwrap();
            verifier
        };
        let token = ours.sign(&claims("here", now() + 100)).unwrap();
        assert!(trusting("relevo").verify(&token).is_ok());
        assert!(trusting("another").verify(&token).is_err());
    }

    #[test]
    fn a_mac_with_the_public_key_is_no_signature() {
        let signer = Signer::of_seed(&[1; 32]).unwrap();
        let verifier = Verifier::new("here");
        verifier.trust(std::slice::from_ref(signer.public())).unwrap();
        let key = URL_SAFE_NO_PAD.decode(&signer.public().x).unwrap();
        let header = Header { kid: Some(signer.public().kid.clone()), ..Header::new(Algorithm::HS256) };
        let forged =
            jsonwebtoken::encode(&header, &claims("here", now() + 100), &EncodingKey::from_secret(&key)).unwrap();
        assert!(verifier.verify(&forged).is_err());
    }
}
