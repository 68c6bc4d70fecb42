//! Access tokens: JSON Web Tokens (RFC 9068) signed with Ed25519, and the one function that checks them.
//!
//! A token says who asks, never what they may. It is refused unless it is exactly what this service
//! writes: `jsonwebtoken` by itself would not look at `typ`, at `nbf` or at repeated members, so all but
//! the signature is checked here, against the time that the caller hands in.

mod keys;
mod members;

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Header, crypto, encode};
use liendoan_core::{Error, Result as Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use keys::{PublicKey, SigningKey, jwks};

/// How long a token lasts at most, in seconds.
pub const LIFETIME: i64 = 600;

/// How many seconds the clocks of two processes may differ.
const LEEWAY: i64 = 30;

const MAX_BYTES: usize = 4096;

/// RFC 9068, section 2.1: no other kind of token bears it.
const TYPE: &str = "at+jwt";

/// All that a header of ours holds. What else there is (`jku`, `jwk`, `x5c`, `crit`, `b64`) would have a
/// token choose its own key or its own rules.
const HEADER: [&str; 3] = ["alg", "kid", "typ"];

const REQUIRED: [&str; 7] = ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"];

/// What a token says; instants in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub jti: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    /// The session of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The service account that got the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Parted by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// Why a token is none. For the log and the audit: whoever sent it hears the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    TooLong,
    /// Not three parts in canonical base64url.
    Malformed,
    NotJson,
    RepeatedMember,
    /// The header holds what no header of ours does.
    StrangeHeader,
    WrongAlgorithm,
    WrongType,
    UnknownKey,
    WrongSignature,
    MissingClaim,
    InvalidClaim,
    WrongIssuer,
    WrongAudience,
    NotYetValid,
    Expired,
    LastsTooLong,
}

impl Refusal {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Malformed => "malformed",
            Self::NotJson => "not_json",
            Self::RepeatedMember => "repeated_member",
            Self::StrangeHeader => "strange_header",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::WrongType => "wrong_type",
            Self::UnknownKey => "unknown_key",
            Self::WrongSignature => "wrong_signature",
            Self::MissingClaim => "missing_claim",
            Self::InvalidClaim => "invalid_claim",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::LastsTooLong => "lasts_too_long",
        }
    }
}

pub fn sign(key: &SigningKey, claims: &Claims) -> Outcome<String> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.public().kid().to_owned());
    encode(&header, claims, key.encoding_key()).map_err(Error::internal)
}

/// Knows the keys, the issuer and the audience whose tokens are good.
#[derive(Clone)]
pub struct Verifier {
    keys: HashMap<String, DecodingKey>,
    issuer: String,
    audience: String,
}

impl Verifier {
    /// `keys` are all that may have signed what is still valid: one that is no longer used for signing
    /// stays until its last token has run out.
    pub fn new<'a>(
        keys: impl IntoIterator<Item = &'a PublicKey>,
        issuer: impl Into<String>,
        audience: impl Into<String>,
    ) -> Self {
        let by_kid =
            |key: &PublicKey| (key.kid().to_owned(), DecodingKey::from_ed_der(key.bytes()));
        Self {
            keys: keys.into_iter().map(by_kid).collect(),
            issuer: issuer.into(),
            audience: audience.into(),
        }
    }

    /// The claims of a token that is good at `now` (seconds since 1970). The one way to read a token:
    /// nothing it says is looked at before its signature, but for the name of the key.
    pub fn verify(&self, token: &str, now: i64) -> Result<Claims, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(Refusal::Malformed)?;
        // Canonical: the decoder refuses padding, the other alphabet and bits that are left over.
        let decoded = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed);
        let (header, claims) = (decoded(header)?, decoded(claims)?);
        decoded(signature)?;
        let key = self.key_of(&members::read(&header)?)?;
        let is_signed = crypto::verify(signature, message.as_bytes(), key, Algorithm::EdDSA);
        if !is_signed.unwrap_or(false) {
            return Err(Refusal::WrongSignature);
        }
        let claims = read(members::read(&claims)?)?;
        self.check_places(&claims)?;
        claims.check_times(now)?;
        Ok(claims)
    }

    fn key_of(&self, header: &Map<String, Value>) -> Result<&DecodingKey, Refusal> {
        if header.keys().any(|name| !HEADER.contains(&name.as_str())) {
            return Err(Refusal::StrangeHeader);
        }
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        if text("alg") != Some("EdDSA") {
            return Err(Refusal::WrongAlgorithm);
        }
        // RFC 7515, section 4.1.9: media types, so in any case and with or without what is before the slash.
        let kind = text("typ").unwrap_or_default().to_ascii_lowercase();
        if kind.strip_prefix("application/").unwrap_or(&kind) != TYPE {
            return Err(Refusal::WrongType);
        }
        let key = text("kid").and_then(|kid| self.keys.get(kid));
        key.ok_or(Refusal::UnknownKey)
    }

    fn check_places(&self, claims: &Claims) -> Result<(), Refusal> {
        if claims.iss != self.issuer {
            Err(Refusal::WrongIssuer)
        } else if claims.aud != self.audience {
            Err(Refusal::WrongAudience)
        } else {
            Ok(())
        }
    }
}

/// What a later release adds is ignored: while releases change, each meets tokens of the other.
fn read(claims: Map<String, Value>) -> Result<Claims, Refusal> {
    if REQUIRED.iter().any(|name| !claims.contains_key(*name)) {
        return Err(Refusal::MissingClaim);
    }
    let claims = serde_json::from_value(Value::Object(claims));
    let claims: Claims = claims.map_err(|_| Refusal::InvalidClaim)?;
    if claims.sub.is_empty() || claims.jti.is_empty() {
        return Err(Refusal::InvalidClaim);
    }
    Ok(claims)
}

impl Claims {
    /// Whether a token that says so is good at `now`, as far as time goes.
    pub fn check_times(&self, now: i64) -> Result<(), Refusal> {
        let starts = self.nbf.max(self.iat);
        if starts > now.saturating_add(LEEWAY) {
            return Err(Refusal::NotYetValid);
        }
        if self.exp <= now.saturating_sub(LEEWAY) {
            return Err(Refusal::Expired);
        }
        if self.exp <= starts {
            return Err(Refusal::InvalidClaim);
        }
        let lasts = self.exp.saturating_sub(self.nbf.min(self.iat));
        if lasts > LIFETIME + LEEWAY {
            return Err(Refusal::LastsTooLong);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
