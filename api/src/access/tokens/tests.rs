mod bodies;
mod headers;

use std::collections::HashSet;

use serde_json::json;

use super::*;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://liendoan.example";
const AUDIENCE: &str = "liendoan-api";

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: "account:7".to_owned(),
        jti: "0192f0c1-2f5e-7000-8000-000000000001".to_owned(),
        iat: NOW - 60,
        nbf: NOW - 60,
        exp: NOW + 540,
        sid: Some("12".to_owned()),
        client_id: None,
        scope: None,
    }
}

/// The service, with two keys: one that signs now, and the one before it.
struct Service {
    key: SigningKey,
    before: SigningKey,
    verifier: Verifier,
}

impl Service {
    fn new() -> Self {
        let [key, before] = [(); 2].map(|()| SigningKey::generate().unwrap());
        let verifier = Verifier::new([key.public(), before.public()], ISSUER, AUDIENCE);
        Self {
            key,
            before,
            verifier,
        }
    }

    fn header(&self) -> Value {
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": self.key.public().kid() })
    }

    /// A token with one member of its header set, properly signed.
    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header();
        header[name] = value;
        signed(&header.to_string(), &json!(claims()).to_string(), &self.key)
    }

    fn without_header(&self, name: &str) -> String {
        let mut header = self.header();
        header.as_object_mut().unwrap().remove(name);
        signed(&header.to_string(), &json!(claims()).to_string(), &self.key)
    }

    /// A token with one claim set, properly signed.
    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = json!(claims());
        claims[name] = value;
        self.with_claims(&claims.to_string())
    }

    fn without_claim(&self, name: &str) -> String {
        let mut claims = json!(claims());
        claims.as_object_mut().unwrap().remove(name);
        self.with_claims(&claims.to_string())
    }

    fn with_claims(&self, claims: &str) -> String {
        signed(&self.header().to_string(), claims, &self.key)
    }

    fn with_times(&self, iat: i64, nbf: i64, exp: i64) -> String {
        let claims = Claims {
            iat,
            nbf,
            exp,
            ..claims()
        };
        sign(&self.key, &claims).unwrap()
    }

    fn good(&self) -> String {
        sign(&self.key, &claims()).unwrap()
    }

    fn verify(&self, token: &str) -> Result<Claims, Refusal> {
        self.verifier.verify(token, NOW)
    }
}

fn message(header: &str, claims: &str) -> String {
    let encode = |text| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}", encode(header), encode(claims))
}

fn signed(header: &str, claims: &str, key: &SigningKey) -> String {
    let message = message(header, claims);
    let signature = crypto::sign(message.as_bytes(), key.encoding_key(), Algorithm::EdDSA);
    format!("{message}.{}", signature.unwrap())
}

fn with_signature(token: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = change(URL_SAFE_NO_PAD.decode(signature).unwrap());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

type Hostile = (&'static str, String, Refusal);

#[test]
fn hostile_tokens_are_refused_each_for_its_own_reason() {
    let service = Service::new();
    let kinds = [
        headers::of_algorithms,
        headers::of_types,
        headers::of_keys,
        bodies::of_signatures,
        bodies::of_form,
        bodies::of_claims,
        bodies::of_times,
    ];
    let hostile: Vec<Hostile> = kinds.iter().flat_map(|tokens| tokens(&service)).collect();
    for (name, token, expected) in &hostile {
        assert_eq!(service.verify(token), Err(*expected), "{name}: {token}");
        // Beside each of them, one that is as it should be.
        assert_eq!(service.verify(&service.good()), Ok(claims()));
    }
    let names: HashSet<_> = hostile.iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), hostile.len());
    assert!(hostile.len() >= 100, "{}", hostile.len());
    let reasons: HashSet<_> = hostile
        .iter()
        .map(|(_, _, reason)| reason.as_str())
        .collect();
    assert_eq!(reasons.len(), 16, "every reason comes up: {reasons:?}");
}

#[test]
fn what_the_service_signs_it_reads_as_it_was() {
    let service = Service::new();
    let of_a_service = Claims {
        sid: None,
        client_id: Some("7".to_owned()),
        scope: Some("units:read events:read".to_owned()),
        ..claims()
    };
    for claims in [claims(), of_a_service] {
        for key in [&service.key, &service.before] {
            let token = sign(key, &claims).unwrap();
            assert_eq!(service.verify(&token), Ok(claims.clone()));
        }
    }
    // The same claims, the same token: nothing in a signature depends on chance.
    assert_eq!(service.good(), service.good());
}

#[test]
fn types_are_media_types_and_later_claims_do_no_harm() {
    let service = Service::new();
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        let token = service.with_header("typ", json!(typ));
        assert_eq!(service.verify(&token), Ok(claims()), "{typ}");
    }
    let token = service.with_claim("acr", json!({ "level": 2 }));
    assert_eq!(service.verify(&token), Ok(claims()));
}

#[test]
fn clocks_may_differ_by_half_a_minute() {
    let service = Service::new();
    for (iat, nbf, exp) in [
        (NOW + 30, NOW + 30, NOW + 630),
        (NOW - 629, NOW - 629, NOW - 29),
        (NOW, NOW - 30, NOW + 600),
    ] {
        let token = service.with_times(iat, nbf, exp);
        assert!(service.verify(&token).is_ok(), "{iat} {nbf} {exp}");
    }
    for now in [i64::MIN, i64::MAX] {
        assert!(service.verifier.verify(&service.good(), now).is_err());
    }
}

#[test]
fn a_key_that_is_withdrawn_opens_nothing() {
    let service = Service::new();
    let after = Verifier::new([service.key.public()], ISSUER, AUDIENCE);
    let old = sign(&service.before, &claims()).unwrap();
    assert_eq!(after.verify(&old, NOW), Err(Refusal::UnknownKey));
    let none = Verifier::new([], ISSUER, AUDIENCE);
    assert_eq!(none.verify(&service.good(), NOW), Err(Refusal::UnknownKey));
}
