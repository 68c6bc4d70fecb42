//! Tokens whose header, or whose signer, is not ours.

use aws_lc_rs::hmac;

use super::*;

/// Signed with a secret that everybody knows: what is public of our key.
fn signed_with_hmac(service: &Service, algorithm: &str, secret: &[u8]) -> String {
    let mut header = service.header();
    header["alg"] = json!(algorithm);
    let message = message(&header.to_string(), &json!(claims()).to_string());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

pub fn of_algorithms(service: &Service) -> Vec<Hostile> {
    use Refusal::WrongAlgorithm;
    let unsigned = |alg: &str| {
        let token = service.with_header("alg", json!(alg));
        with_signature(&token, |_| Vec::new())
    };
    let public = service.key.public();
    let x = URL_SAFE_NO_PAD.encode(public.bytes());
    let with_alg = |alg: Value| service.with_header("alg", alg);
    vec![
        ("none, unsigned", unsigned("none"), WrongAlgorithm),
        ("None, unsigned", unsigned("None"), WrongAlgorithm),
        ("nOnE, unsigned", unsigned("nOnE"), WrongAlgorithm),
        ("none, signed", with_alg(json!("none")), WrongAlgorithm),
        (
            "HS256 with the public key",
            signed_with_hmac(service, "HS256", public.bytes()),
            WrongAlgorithm,
        ),
        (
            "HS256 with the published x",
            signed_with_hmac(service, "HS256", x.as_bytes()),
            WrongAlgorithm,
        ),
        (
            "HS256 with an empty secret",
            signed_with_hmac(service, "HS256", b""),
            WrongAlgorithm,
        ),
        (
            "HMAC under the name of EdDSA",
            signed_with_hmac(service, "EdDSA", public.bytes()),
            Refusal::WrongSignature,
        ),
        ("HS512", with_alg(json!("HS512")), WrongAlgorithm),
        ("ES256", with_alg(json!("ES256")), WrongAlgorithm),
        ("RS256", with_alg(json!("RS256")), WrongAlgorithm),
        ("PS256", with_alg(json!("PS256")), WrongAlgorithm),
        (
            "the name of RFC 9864, which is not ours",
            with_alg(json!("Ed25519")),
            WrongAlgorithm,
        ),
        (
            "eddsa in lower case",
            with_alg(json!("eddsa")),
            WrongAlgorithm,
        ),
        (
            "an algorithm in a list",
            with_alg(json!(["EdDSA"])),
            WrongAlgorithm,
        ),
        (
            "an algorithm that is null",
            with_alg(json!(null)),
            WrongAlgorithm,
        ),
        (
            "no algorithm",
            service.without_header("alg"),
            WrongAlgorithm,
        ),
    ]
}

pub fn of_types(service: &Service) -> Vec<Hostile> {
    use Refusal::WrongType;
    let with_typ = |typ: Value| service.with_header("typ", typ);
    let id_token = {
        let mut header = service.header();
        header["typ"] = json!("JWT");
        let mut claims = json!(claims());
        claims["nonce"] = json!("n-0S6_WzA2Mj");
        claims["auth_time"] = json!(NOW);
        signed(&header.to_string(), &claims.to_string(), &service.key)
    };
    vec![
        ("no type", service.without_header("typ"), WrongType),
        ("JWT", with_typ(json!("JWT")), WrongType),
        ("an ID token", id_token, WrongType),
        ("a logout token", with_typ(json!("logout+jwt")), WrongType),
        (
            "a type that goes on",
            with_typ(json!("at+jwt; v=1")),
            WrongType,
        ),
        ("a type with a space", with_typ(json!("at+jwt ")), WrongType),
        (
            "application twice",
            with_typ(json!("application/application/at+jwt")),
            WrongType,
        ),
        ("a type in a list", with_typ(json!(["at+jwt"])), WrongType),
    ]
}

pub fn of_keys(service: &Service) -> Vec<Hostile> {
    use Refusal::{StrangeHeader, UnknownKey, WrongSignature};
    let stranger = SigningKey::generate().unwrap();
    let stranger_jwk = jwks([stranger.public()])["keys"][0].clone();
    let brought = |name: &str, value: Value| {
        let mut header = service.header();
        header[name] = value;
        signed(&header.to_string(), &json!(claims()).to_string(), &stranger)
    };
    let with_kid = |kid: Value| service.with_header("kid", kid);
    let url = "https://attacker.example/keys";
    vec![
        ("no key named", service.without_header("kid"), UnknownKey),
        ("a key that is none", with_kid(json!("1")), UnknownKey),
        ("an empty key name", with_kid(json!("")), UnknownKey),
        (
            "a key name that is a number",
            with_kid(json!(1)),
            UnknownKey,
        ),
        (
            "a key name that is a path",
            with_kid(json!("../../dev/null")),
            UnknownKey,
        ),
        (
            "a key name that is SQL",
            with_kid(json!("' OR 1=1 --")),
            UnknownKey,
        ),
        (
            "another environment's key",
            sign(&stranger, &claims()).unwrap(),
            UnknownKey,
        ),
        (
            "another key under our name",
            brought("alg", json!("EdDSA")),
            WrongSignature,
        ),
        (
            "our other key's name",
            with_kid(json!(service.before.public().kid())),
            WrongSignature,
        ),
        (
            "a key that it brings along",
            brought("jwk", stranger_jwk),
            StrangeHeader,
        ),
        (
            "a key set elsewhere",
            brought("jku", json!(url)),
            StrangeHeader,
        ),
        (
            "a certificate elsewhere",
            brought("x5u", json!(url)),
            StrangeHeader,
        ),
        (
            "a certificate that it brings along",
            brought("x5c", json!(["MIIB"])),
            StrangeHeader,
        ),
        (
            "a certificate by its hash",
            service.with_header("x5t", json!("AAAA")),
            StrangeHeader,
        ),
        (
            "extensions that must be understood",
            service.with_header("crit", json!(["exp"])),
            StrangeHeader,
        ),
        (
            "an empty list of extensions",
            service.with_header("crit", json!([])),
            StrangeHeader,
        ),
        (
            "a payload that is not encoded",
            service.with_header("b64", json!(false)),
            StrangeHeader,
        ),
        (
            "compression",
            service.with_header("zip", json!("DEF")),
            StrangeHeader,
        ),
        (
            "a token within",
            service.with_header("cty", json!("JWT")),
            StrangeHeader,
        ),
        (
            "a name in capitals",
            service.with_header("ALG", json!("none")),
            StrangeHeader,
        ),
    ]
}
