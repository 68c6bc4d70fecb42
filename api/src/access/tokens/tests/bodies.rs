//! Tokens with an honest header: what is wrong is the signature, the form, or what they claim.

use super::*;
use crate::access::secrets;

/// Adds the order of the group to the second half of a signature: an equation that still holds, of a
/// signature that nobody made.
fn malleated(mut signature: Vec<u8>) -> Vec<u8> {
    let mut order = [0; 32];
    order[31] = 0x10;
    order[..16]
        .copy_from_slice(&27_742_317_777_372_353_535_851_937_790_883_648_493_u128.to_le_bytes());
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    signature
}

pub fn of_signatures(service: &Service) -> Vec<Hostile> {
    use Refusal::WrongSignature;
    let good = service.good();
    let other = service.with_claim("sub", json!("account:8"));
    let of_other = {
        let (message, _) = good.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        format!("{message}.{signature}")
    };
    let changed = |change: fn(Vec<u8>) -> Vec<u8>| with_signature(&good, change);
    let flipped = |mut signature: Vec<u8>| {
        signature[5] ^= 1;
        signature
    };
    vec![
        ("no signature", changed(|_| Vec::new()), WrongSignature),
        ("the signature of other claims", of_other, WrongSignature),
        ("a changed bit", changed(flipped), WrongSignature),
        (
            "a signature cut short",
            changed(|s| s[..63].to_vec()),
            WrongSignature,
        ),
        (
            "a signature that goes on",
            changed(|s| [s, vec![0]].concat()),
            WrongSignature,
        ),
        (
            "a signature of zeros",
            changed(|_| vec![0; 64]),
            WrongSignature,
        ),
        (
            "a signature in another spelling",
            changed(malleated),
            WrongSignature,
        ),
    ]
}

pub fn of_form(service: &Service) -> Vec<Hostile> {
    use Refusal::{Malformed, NotJson, RepeatedMember, TooLong};
    let good = service.good();
    let parts: Vec<&str> = good.split('.').collect();
    let (header, claims) = (service.header().to_string(), json!(claims()).to_string());
    let key = &service.key;
    // 64 bytes leave four bits over in the last letter, which are zero: A, Q, g or w.
    let left_over = {
        let last = good.chars().last().unwrap();
        let next = char::from(last as u8 + 1);
        format!("{}{next}", &good[..good.len() - 1])
    };
    let in_json = json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] });
    let twice = |members: &str, name: &str, value: &str| {
        format!("{{\"{name}\":\"{value}\",{}", &members[1..])
    };
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500));
    let long = service.with_claim("scope", json!("a ".repeat(2_000)));
    let refresh = secrets::Opaque::generate(secrets::Kind::RefreshToken);
    vec![
        ("nothing", String::new(), Malformed),
        ("dots", "..".to_owned(), NotJson),
        ("one part", parts[0].to_owned(), Malformed),
        ("two parts", parts[..2].join("."), Malformed),
        ("four parts", format!("{good}."), Malformed),
        ("five parts", format!("{good}.AAAA.AAAA"), Malformed),
        ("the JSON form", in_json.to_string(), Malformed),
        ("a refresh token", refresh.expose().to_owned(), Malformed),
        ("the scheme before it", format!("Bearer {good}"), Malformed),
        ("a space before it", format!(" {good}"), Malformed),
        ("a line end behind it", format!("{good}\n"), Malformed),
        (
            "padding",
            format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
            Malformed,
        ),
        ("bits that are left over", left_over, Malformed),
        (
            "the other alphabet",
            format!("{}.{}.{}", parts[0], parts[1], "+".repeat(86)),
            Malformed,
        ),
        (
            "letters beyond ASCII",
            format!("{}.{}.é", parts[0], parts[1]),
            Malformed,
        ),
        ("more than 4096 bytes", long, TooLong),
        (
            "a header that is no JSON",
            signed("EdDSA", &claims, key),
            NotJson,
        ),
        (
            "a header that is a list",
            signed("[]", &claims, key),
            NotJson,
        ),
        (
            "a header with a byte order mark",
            signed(&format!("\u{feff}{header}"), &claims, key),
            NotJson,
        ),
        (
            "a header that goes on",
            signed(&format!("{header}{{}}"), &claims, key),
            NotJson,
        ),
        (
            "claims that are no JSON",
            service.with_claims("sub=7"),
            NotJson,
        ),
        (
            "claims that are a text",
            service.with_claims("\"sub\""),
            NotJson,
        ),
        (
            "claims that go on",
            service.with_claims(&format!("{claims}x")),
            NotJson,
        ),
        ("claims too deep", service.with_claims(&deep), NotJson),
        (
            "two algorithms",
            signed(&twice(&header, "alg", "none"), &claims, key),
            RepeatedMember,
        ),
        (
            "two keys, one name escaped",
            signed(&twice(&header, "k\\u0069d", "1"), &claims, key),
            RepeatedMember,
        ),
        (
            "two subjects",
            service.with_claims(&twice(&claims, "sub", "account:1")),
            RepeatedMember,
        ),
        (
            "two of what is not ours",
            service.with_claims(&twice(&twice(&claims, "x", "1"), "x", "2")),
            RepeatedMember,
        ),
    ]
}

pub fn of_claims(service: &Service) -> Vec<Hostile> {
    use Refusal::{InvalidClaim, MissingClaim, WrongAudience, WrongIssuer};
    let with = |name: &str, value: Value| service.with_claim(name, value);
    let raw = |name: &str, value: &str| {
        let claims = with(name, json!("HERE"));
        let encoded = claims.split('.').nth(1).unwrap().to_owned();
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap();
        service.with_claims(&claims.replace("\"HERE\"", value))
    };
    vec![
        ("no claims", service.with_claims("{}"), MissingClaim),
        ("no issuer", service.without_claim("iss"), MissingClaim),
        ("no audience", service.without_claim("aud"), MissingClaim),
        ("no subject", service.without_claim("sub"), MissingClaim),
        ("no jti", service.without_claim("jti"), MissingClaim),
        ("no iat", service.without_claim("iat"), MissingClaim),
        ("no nbf", service.without_claim("nbf"), MissingClaim),
        ("no exp", service.without_claim("exp"), MissingClaim),
        (
            "a subject that is null",
            with("sub", json!(null)),
            InvalidClaim,
        ),
        (
            "a subject that is empty",
            with("sub", json!("")),
            InvalidClaim,
        ),
        (
            "a subject that is a number",
            with("sub", json!(7)),
            InvalidClaim,
        ),
        ("a jti that is empty", with("jti", json!("")), InvalidClaim),
        (
            "a session that is a list",
            with("sid", json!(["12"])),
            InvalidClaim,
        ),
        (
            "a scope that is a list",
            with("scope", json!(["units:read"])),
            InvalidClaim,
        ),
        (
            "an exp that is a text",
            with("exp", json!((NOW + 540).to_string())),
            InvalidClaim,
        ),
        (
            "an exp with a fraction",
            with("exp", json!(NOW as f64 + 0.5)),
            InvalidClaim,
        ),
        (
            "an exp beyond numbers",
            raw("exp", "99999999999999999999"),
            InvalidClaim,
        ),
        (
            "an exp beyond everything",
            raw("exp", "1e999"),
            Refusal::NotJson,
        ),
        (
            "an nbf that is null",
            with("nbf", json!(null)),
            InvalidClaim,
        ),
        (
            "another issuer",
            with("iss", json!("https://attacker.example")),
            WrongIssuer,
        ),
        (
            "an issuer that goes on",
            with("iss", json!(format!("{ISSUER}/"))),
            WrongIssuer,
        ),
        (
            "an issuer in capitals",
            with("iss", json!(ISSUER.to_uppercase())),
            WrongIssuer,
        ),
        (
            "another audience",
            with("aud", json!("another-api")),
            WrongAudience,
        ),
        (
            "an audience that goes on",
            with("aud", json!(format!("{AUDIENCE}2"))),
            WrongAudience,
        ),
        ("an empty audience", with("aud", json!("")), WrongAudience),
        (
            "several audiences, ours among them",
            with("aud", json!([AUDIENCE, "another-api"])),
            InvalidClaim,
        ),
    ]
}

pub fn of_times(service: &Service) -> Vec<Hostile> {
    use Refusal::{Expired, InvalidClaim, LastsTooLong, NotYetValid};
    let times = |iat, nbf, exp| service.with_times(iat, nbf, exp);
    vec![
        ("expired", times(NOW - 630, NOW - 630, NOW - 30), Expired),
        ("expired long ago", times(0, 0, 600), Expired),
        (
            "expired before 1970",
            times(i64::MIN, i64::MIN, i64::MIN),
            Expired,
        ),
        (
            "not yet valid",
            times(NOW, NOW + 31, NOW + 600),
            NotYetValid,
        ),
        (
            "made in the future",
            times(NOW + 31, NOW, NOW + 600),
            NotYetValid,
        ),
        (
            "made at the end of time",
            times(i64::MAX, i64::MAX, i64::MAX),
            NotYetValid,
        ),
        ("lasting too long", times(NOW, NOW, NOW + 631), LastsTooLong),
        (
            "lasting too long since it was made",
            times(NOW - 600, NOW, NOW + 31),
            LastsTooLong,
        ),
        (
            "lasting for ever",
            times(i64::MIN, i64::MIN, i64::MAX),
            LastsTooLong,
        ),
        (
            "ending before it begins",
            times(NOW, NOW, NOW - 1),
            InvalidClaim,
        ),
    ]
}
