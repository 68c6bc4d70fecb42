//! The keys that sign tokens, and what others are told of them.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use liendoan_core::{Error, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BYTES: usize = 32;

/// What anybody may know of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kid: String,
    bytes: [u8; BYTES],
}

impl PublicKey {
    /// `None` where these are not the bytes of an Ed25519 key.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.try_into().ok()?;
        let kid = thumbprint(&bytes);
        Some(Self { kid, bytes })
    }

    /// The key's name, which follows from the key itself.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn bytes(&self) -> &[u8; BYTES] {
        &self.bytes
    }

    /// RFC 8037.
    fn jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(self.bytes),
            "kid": self.kid,
            "use": "sig",
            "alg": "EdDSA",
        })
    }
}

/// RFC 7638: the hash of the members that make the key, in alphabetical order without spaces.
fn thumbprint(bytes: &[u8; BYTES]) -> String {
    let x = URL_SAFE_NO_PAD.encode(bytes);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

/// The key set (RFC 7517) with which others check our tokens.
pub fn jwks<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> Value {
    let keys: Vec<Value> = keys.into_iter().map(PublicKey::jwk).collect();
    json!({ "keys": keys })
}

/// A key that can sign.
#[derive(Clone)]
pub struct SigningKey {
    public: PublicKey,
    key: EncodingKey,
}

impl SigningKey {
    pub fn generate() -> Result<Self> {
        let pair = Ed25519KeyPair::generate().map_err(Error::internal)?;
        let document = pair.to_pkcs8().map_err(Error::internal)?;
        Self::from_pkcs8(document.as_ref())
    }

    /// As it was kept, once it is opened.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(der);
        let pair = pair.map_err(|_| Error::internal("not an Ed25519 key"))?;
        let public = PublicKey::from_bytes(pair.public_key().as_ref());
        Ok(Self {
            public: public.ok_or_else(|| Error::internal("not an Ed25519 key"))?,
            key: EncodingKey::from_ed_der(der),
        })
    }

    /// To be sealed and kept.
    pub fn pkcs8(&self) -> &[u8] {
        self.key.as_bytes()
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn encoding_key(&self) -> &EncodingKey {
        &self.key
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.kid).finish()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsBigEndian;

    use super::*;

    #[test]
    fn the_name_of_a_key_is_its_thumbprint() {
        // RFC 8037, appendix A.
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = PublicKey::from_bytes(&URL_SAFE_NO_PAD.decode(x).unwrap()).unwrap();
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(
            jwks([&key]),
            json!({ "keys": [{
                "kty": "OKP", "crv": "Ed25519", "x": x, "kid": key.kid(), "use": "sig", "alg": "EdDSA",
            }]})
        );
        assert!(PublicKey::from_bytes(&[1; 31]).is_none());
    }

    #[test]
    fn a_key_is_the_same_after_it_was_kept() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pkcs8(key.pkcs8()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_ne!(SigningKey::generate().unwrap().public(), key.public());
        assert!(SigningKey::from_pkcs8(&key.pkcs8()[1..]).is_err());
    }

    #[test]
    fn neither_the_key_set_nor_debug_shows_the_private_part() {
        let key = SigningKey::generate().unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(key.pkcs8()).unwrap();
        let seed = pair.seed().unwrap();
        let seed: aws_lc_rs::encoding::Curve25519SeedBin = seed.as_be_bytes().unwrap();
        let seed = URL_SAFE_NO_PAD.encode(seed.as_ref());
        let shown = format!("{} {key:?}", jwks([key.public()]));
        assert!(!shown.contains(&seed));
        assert!(!shown.contains("\"d\""));
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey({:?})", key.public().kid())
        );
    }
}
