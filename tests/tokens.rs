//! Access tokens that are none, as a caller would send them: each is refused with 401, and says so as RFC 6750
//! has it.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use liendoan::access::secrets::{Kind, Opaque};
use liendoan::access::tokens::SigningKey;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Pass};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed(key: &SigningKey, header: &str, claims: &str) -> String {
    let pair = Ed25519KeyPair::from_pkcs8(key.pkcs8()).unwrap();
    let message = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(pair.sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// What a good token is made of, to be spoilt in one place.
struct Maker {
    pass: Pass,
    header: Value,
    claims: Value,
}

impl Maker {
    fn of(app: &App) -> Self {
        let pass = app.pass().clone();
        let now = app.clock.now().and_utc().timestamp();
        Self {
            header: json!({"alg": "EdDSA", "typ": "at+jwt", "kid": pass.key().public().kid()}),
            claims: serde_json::to_value(pass.claims(now)).unwrap(),
            pass,
        }
    }

    fn good(&self) -> String {
        signed(self.pass.key(), &part(&self.header), &part(&self.claims))
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        signed(self.pass.key(), &part(&header), &part(&self.claims))
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        signed(self.pass.key(), &part(&self.header), &part(&claims))
    }

    fn without(&self, claim: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().unwrap().remove(claim);
        signed(self.pass.key(), &part(&self.header), &part(&claims))
    }

    /// With a text put before the first member, where a repeated one would stand.
    fn with_text(&self, header: &str, claims: &str) -> String {
        let spoil = |value: &Value, text: &str| {
            let spelt = value.to_string();
            URL_SAFE_NO_PAD.encode(format!("{{{text}{}", &spelt[1..]))
        };
        let (header, claims) = (spoil(&self.header, header), spoil(&self.claims, claims));
        signed(self.pass.key(), &header, &claims)
    }

    fn hostile(&self) -> Vec<(&'static str, String)> {
        let now = self.claims["iat"].as_i64().unwrap();
        let good = self.good();
        let parts: Vec<&str> = good.split('.').collect();
        let none = part(&json!({"alg": "none", "typ": "at+jwt"}));
        let hs256 = part(&json!({"alg": "HS256", "typ": "at+jwt", "kid": self.header["kid"]}));
        let message = format!("{hs256}.{}", parts[1]);
        let public = hmac::Key::new(hmac::HMAC_SHA256, self.pass.key().public().bytes());
        let by_public_key = URL_SAFE_NO_PAD.encode(hmac::sign(&public, message.as_bytes()));
        let other = SigningKey::generate().unwrap();
        let flipped = |token: &str, at: usize| {
            let mut bytes = token.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        };
        let middle = parts[0].len() + 1 + parts[1].len() / 2;
        let bare = |text: &str| self.with_claim("sub", json!(text));
        vec![
            ("nothing", String::new()),
            ("a word", "token".to_owned()),
            ("two parts", format!("{}.{}", parts[0], parts[1])),
            ("four parts", format!("{good}.{}", parts[2])),
            (
                "five parts, as of an encrypted token",
                format!("{good}.{}.{}", parts[1], parts[2]),
            ),
            ("no signature", format!("{}.{}.", parts[0], parts[1])),
            ("alg none", format!("{none}.{}.", parts[1])),
            ("alg none, signed", signed(self.pass.key(), &none, parts[1])),
            ("alg None", self.with_header("alg", json!("None"))),
            (
                "HS256 by the public key",
                format!("{message}.{by_public_key}"),
            ),
            ("alg RS256", self.with_header("alg", json!("RS256"))),
            ("alg ES256", self.with_header("alg", json!("ES256"))),
            ("alg missing", self.with_header("alg", Value::Null)),
            ("alg a list", self.with_header("alg", json!(["EdDSA"]))),
            (
                "another environment's key",
                signed(&other, parts[0], parts[1]),
            ),
            ("another environment's key under its own name", {
                let mut header = self.header.clone();
                header["kid"] = json!(other.public().kid());
                signed(&other, &part(&header), parts[1])
            }),
            ("kid missing", self.with_header("kid", Value::Null)),
            (
                "kid a path",
                self.with_header("kid", json!("../../dev/null")),
            ),
            (
                "kid a statement",
                self.with_header("kid", json!("' OR 1=1 --")),
            ),
            ("kid a number", self.with_header("kid", json!(1))),
            ("typ JWT", self.with_header("typ", json!("JWT"))),
            (
                "typ of an id token",
                self.with_header("typ", json!("id+jwt")),
            ),
            ("typ missing", self.with_header("typ", Value::Null)),
            (
                "jku",
                self.with_header("jku", json!("https://evil.example/keys")),
            ),
            (
                "jwk",
                self.with_header("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"})),
            ),
            (
                "x5u",
                self.with_header("x5u", json!("https://evil.example/cert")),
            ),
            ("x5c", self.with_header("x5c", json!(["MIIB"]))),
            ("crit", self.with_header("crit", json!(["exp"]))),
            ("b64 false", self.with_header("b64", json!(false))),
            (
                "iss of another",
                self.with_claim("iss", json!("https://evil.example")),
            ),
            ("iss missing", self.without("iss")),
            (
                "aud of another",
                self.with_claim("aud", json!("another-service")),
            ),
            (
                "aud a list",
                self.with_claim("aud", json!(["liendoan", "another"])),
            ),
            ("aud missing", self.without("aud")),
            ("expired", {
                let mut claims = self.claims.clone();
                for (name, at) in [("iat", now - 1200), ("nbf", now - 1200), ("exp", now - 600)] {
                    claims[name] = json!(at);
                }
                signed(self.pass.key(), parts[0], &part(&claims))
            }),
            ("exp missing", self.without("exp")),
            ("exp a text", self.with_claim("exp", json!("tomorrow"))),
            (
                "exp in a thousand years",
                self.with_claim("exp", json!(now + 31_556_952_000_i64)),
            ),
            (
                "lives for a day",
                self.with_claim("exp", json!(now + 86_400)),
            ),
            ("not yet valid", self.with_claim("nbf", json!(now + 300))),
            ("nbf missing", self.without("nbf")),
            (
                "made in the future",
                self.with_claim("iat", json!(now + 300)),
            ),
            ("iat missing", self.without("iat")),
            ("sub missing", self.without("sub")),
            ("sub of nobody", bare("account:999999")),
            ("sub without a kind", bare("1")),
            ("sub of another kind", bare("program:demo")),
            ("sub of another account", bare("account:2")),
            (
                "sub a service account with a person's session",
                bare("service_account:1"),
            ),
            ("jti missing", self.without("jti")),
            ("no session", self.without("sid")),
            (
                "somebody else's session",
                self.with_claim("sid", json!("424242")),
            ),
            ("sid a number", self.with_claim("sid", json!(1))),
            ("alg twice", self.with_text("\"alg\":\"none\",", "")),
            ("sub twice", self.with_text("", "\"sub\":\"account:2\",")),
            ("exp twice", self.with_text("", "\"exp\":99999999999,")),
            ("claims changed after signing", flipped(&good, middle)),
            ("signature changed", flipped(&good, good.len() - 20)),
            (
                "claims that are no JSON",
                signed(self.pass.key(), parts[0], &URL_SAFE_NO_PAD.encode("sub")),
            ),
            (
                "claims that are a list",
                signed(self.pass.key(), parts[0], &part(&json!([1]))),
            ),
            (
                "header that is no JSON",
                signed(self.pass.key(), "AAAA", parts[1]),
            ),
            ("padded", format!("{}=.{}.{}", parts[0], parts[1], parts[2])),
            (
                "the other alphabet",
                format!("{}.{}.{}", parts[0], parts[1], STANDARD.encode([251; 64])),
            ),
            ("huge", self.with_claim("scope", json!("x".repeat(5_000)))),
            (
                "a refresh token",
                Opaque::generate(Kind::RefreshToken).expose().to_owned(),
            ),
            (
                "an invitation",
                Opaque::generate(Kind::Invitation).expose().to_owned(),
            ),
            ("white space within", good.replacen('.', ". ", 1)),
        ]
    }
}

async fn ask(app: &App, token: &str) -> Answer {
    let call = app.anonymous().call(Method::GET, "/units");
    call.header("authorization", &format!("Bearer {token}"))
        .await
}

#[track_caller]
fn refuse(name: &str, answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 401, "{name}: {}", answer.text);
    let body: Value = serde_json::from_str(&answer.text).unwrap();
    let challenge = answer.header("www-authenticate").unwrap();
    let codes = [
        "token_invalid",
        "token_expired",
        "session_ended",
        "unauthenticated",
    ];
    assert!(
        codes.contains(&body["code"].as_str().unwrap()),
        "{name}: {body}"
    );
    assert!(
        challenge.starts_with("Bearer realm=\"liendoan\""),
        "{name}: {challenge}"
    );
    if body["code"] != "unauthenticated" {
        assert!(
            challenge.contains("error=\"invalid_token\""),
            "{name}: {challenge}"
        );
    }
}

on_both_engines! {
    async fn what_is_no_token_of_ours_is_refused(app: App) {
        let maker = Maker::of(&app);
        // The account with the next id must not be reached by changing a number.
        app.account("viewer", None).await;
        ask(&app, &maker.good()).await.ok();
        let hostile = maker.hostile();
        assert!(hostile.len() >= 40, "{}", hostile.len());
        for (name, token) in &hostile {
            refuse(name, &ask(&app, token).await);
        }
        ask(&app, &maker.good()).await.ok();
    }

    async fn a_token_is_sent_in_one_way_only(app: App) {
        let good = Maker::of(&app).good();
        let call = || app.anonymous().call(Method::GET, "/units");
        for scheme in ["Basic", "Token", "DPoP"] {
            refuse(scheme, &call().header("authorization", &format!("{scheme} {good}")).await);
        }
        refuse("bare", &call().header("authorization", &good).await);
        refuse("twice", &call()
            .header("authorization", &format!("Bearer {good}"))
            .header("authorization", "Bearer other").await);
        refuse("as a cookie", &call().header("cookie", &format!("access_token={good}")).await);
        // Addresses are kept in logs.
        let in_address = app.anonymous().get(&format!("/units?access_token={good}")).await;
        refuse("in the address", &in_address);
        call().header("authorization", &format!("bearer {good}")).await.ok();
    }

    async fn of_whom_may_not_any_more_a_good_token_is_refused(app: App) {
        let admin = app.admin();
        let act = async |id: i64, action: &str| {
            let account = admin.get(&format!("/accounts/{id}")).await.ok();
            let call = admin.call(Method::POST, &format!("/accounts/{id}{action}"));
            call.header("if-match", &format!("\"{}\"", account["version"])).await
        };
        for action in [":lock", ":disable", "/sessions:end"] {
            let someone = app.account("viewer", None).await;
            let token = someone.pass().token();
            ask(&app, &token).await.ok();
            let acted = act(someone.id, action).await;
            assert!(acted.status.is_success(), "{}", acted.text);
            refuse(action, &ask(&app, &token).await);
        }
    }

    async fn a_grant_that_ends_or_begins_holds_at_once(app: App) {
        let admin = app.admin();
        let someone = app.account("viewer", None).await;
        let token = someone.pass().token();
        ask(&app, &token).await.ok();
        let grants = admin.get(&format!("/grants?account={}", someone.id)).await.ok();
        let (id, version) = (&grants["items"][0]["id"], grants["items"][0]["version"].as_i64().unwrap());
        admin.delete(&format!("/grants/{id}"), version).await.is(204);
        ask(&app, &token).await.problem(403, "forbidden");
        let grant = json!({"account_id": someone.id, "role": "organiser", "unit": null});
        admin.post("/grants", &grant).await.created();
        ask(&app, &token).await.ok();
    }
}
