//! Who asks for a token: client id and secret, in one of the two ways of RFC 6749, section 2.3.1.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use ipnet::IpNet;
use liendoan_core::audit::Entry;
use liendoan_core::schema::{service_accounts, service_secrets};
use liendoan_core::{Actor, Code, Db, Error, Result, Timestamp, UnitId, on_engine};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::form_urlencoded;

use crate::access::Access;
use crate::access::authenticate::anonymous_of;
use crate::access::principals::{permissions_in, root, scope_on};
use crate::access::secrets::{self, Kind};
use crate::access::service_accounts::changes::leave;
use crate::access::service_accounts::{Scopes, ServiceAccountId, queries::networks_in};
use crate::access::sessions::failures::{self, Attempt};
use crate::http::Form;
use crate::http::grant::Principal;

/// How exactly it is kept when a secret was last used: a busy client would else wait for itself.
pub const USED_TO: TimeDelta = TimeDelta::minutes(1);

/// The longest client id that is looked for.
const CLIENT_ID_MAX: usize = 64;

/// What a client names itself by.
#[derive(Debug)]
pub struct Credentials {
    client_id: String,
    secret: SecretString,
}

impl Credentials {
    /// Of the header or of the form; both at once are refused.
    pub fn of(request: &HttpRequest, form: &Form) -> Result<Self> {
        let mut headers = request.headers().get_all(header::AUTHORIZATION);
        let (header, has_more) = (headers.next(), headers.next().is_some());
        let (id, secret) = (form.get("client_id"), form.get("client_secret"));
        let Some(header) = header else {
            let (Some(id), Some(secret)) = (id, secret) else {
                return Err(Code::Unauthenticated.into());
            };
            return Ok(Self::new(id, secret));
        };
        if has_more || secret.is_some() {
            return Err(Code::CredentialsTwice.into());
        }
        let basic = header.to_str().ok().and_then(basic);
        let credentials = basic.ok_or(Code::ClientRefused)?;
        // To name itself in the form as well does no harm, as long as it is the same.
        if id.is_some_and(|id| id != credentials.client_id) {
            return Err(Code::CredentialsTwice.into());
        }
        Ok(credentials)
    }

    fn new(client_id: &str, secret: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            secret: secret.into(),
        }
    }
}

/// Id and secret of `Basic …`; both were encoded like parts of a form before they were joined.
fn basic(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some(Credentials::new(&decoded(id)?, &decoded(secret)?))
}

/// One value of a form, without its name.
fn decoded(text: &str) -> Option<String> {
    // These would make two parameters of it, or a name.
    if text.contains(['&', '=']) {
        return None;
    }
    let mut parsed = form_urlencoded::parse(text.as_bytes());
    parsed.next().map(|(value, _)| value.into_owned())
}

/// A client whose secret is right, and that may ask from where it does.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: i64,
    pub client_id: String,
    pub unit: Option<UnitId>,
    pub scopes: Scopes,
    pub secret_id: i64,
    pub used_at: Option<Timestamp>,
    valid_to: NaiveDate,
    addresses: Vec<IpNet>,
    is_disabled: bool,
}

impl Client {
    pub fn principal(&self) -> Principal {
        Principal::ServiceAccount(self.id)
    }

    fn may_ask(&self, address: Option<IpAddr>, today: NaiveDate) -> bool {
        let is_named = |address| self.addresses.iter().any(|net| net.contains(&address));
        let is_from_there = self.addresses.is_empty() || address.is_some_and(is_named);
        !self.is_disabled && today < self.valid_to && is_from_there
    }

    /// Whether it may see the tokens of others: it reads accounts of the whole federation.
    pub async fn reads_all_accounts(&self, access: &Access) -> Result<bool> {
        use crate::http::grant::{Permission, ReadAccounts};
        if !self.scopes.contains(&ReadAccounts::NAME) {
            return Ok(false);
        }
        let (unit, today) = (self.unit, access.store.clock().today());
        access
            .store
            .query(move |db| {
                let root = root(db, today)?;
                Ok(scope_on(unit.map(|unit| unit.0), root) == liendoan_core::Scope::All)
            })
            .await
    }
}

impl Access {
    /// The client that sent a request. One that is unknown, has the wrong secret, is disabled, has run out
    /// or asks from elsewhere is answered alike; its failures are counted as those of people are.
    pub async fn client_of(&self, request: &HttpRequest, form: &Form) -> Result<(Client, Actor)> {
        let actor = anonymous_of(request);
        let credentials = Credentials::of(request, form)?;
        let attempt = Attempt {
            // No account of a person has such a name.
            name: format!("client {}", named(&credentials.client_id)),
            address: actor.address,
        };
        let secret = credentials.secret.expose_secret();
        let hash = Kind::ServiceSecret
            .fits(secret)
            .then(|| secrets::hash(secret));
        let (tried, now) = (attempt.clone(), self.store.clock().now());
        // Two statements that need not see the same moment: a transaction would be two round trips more.
        let found = self
            .store
            .query(move |db| {
                failures::check(db, &tried, now)?;
                hash.map_or(Ok(None), |hash| find(db, &hash))
            })
            .await?;
        let today = self.store.clock().today();
        let client = found
            .filter(|client| client.client_id == credentials.client_id)
            .filter(|client| client.may_ask(actor.address, today));
        let Some(client) = client else {
            return Err(self.refuse_client(attempt, credentials, actor).await);
        };
        self.limits.check_principal(client.principal())?;
        let actor = Actor {
            principal: client.principal().to_string(),
            ..actor
        };
        Ok((client, actor))
    }

    /// Counts a failed attempt and leaves it in the audit log.
    async fn refuse_client(&self, attempt: Attempt, given: Credentials, actor: Actor) -> Error {
        let client_id = given.client_id;
        let counted = self
            .store
            .write(actor, move |tx| {
                failures::count(tx, &attempt)?;
                let known = service_accounts::table
                    .filter(service_accounts::client_id.eq(&client_id))
                    .select((service_accounts::id, service_accounts::unit_id));
                let known: Option<(i64, Option<i64>)> = known.first(&mut **tx).optional()?;
                let entry = Entry {
                    action: "service_account.refused",
                    after: Some(&json!({"is_known": known.is_some()})),
                    ..Entry::default()
                };
                match known {
                    Some((id, unit)) => leave(tx, ServiceAccountId(id), unit.map(UnitId), entry),
                    // What names nobody may be a secret in the wrong field.
                    None => tx.audit(entry),
                }
            })
            .await;
        match counted {
            Ok(()) => Code::ClientRefused.into(),
            // Uncounted failures would be tries for free.
            Err(error) => error,
        }
    }
}

/// A client id that could be one, to count by; all others count together.
fn named(client_id: &str) -> &str {
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if client_id.len() <= CLIENT_ID_MAX && client_id.bytes().all(is_sign) {
        client_id
    } else {
        "of no name"
    }
}

fn find(db: &mut Db, hash: &[u8; 32]) -> Result<Option<Client>> {
    type Row = (
        (i64, String, Option<i64>),
        (String, NaiveDate, String, bool),
        (i64, Option<Timestamp>),
    );
    let query = service_secrets::table
        .inner_join(
            service_accounts::table
                .on(service_accounts::id.eq(service_secrets::service_account_id)),
        )
        .filter(service_secrets::hash.eq(hash.to_vec()))
        .select((
            (
                service_accounts::id,
                service_accounts::client_id,
                service_accounts::unit_id,
            ),
            (
                service_accounts::scopes,
                service_accounts::valid_to,
                service_accounts::addresses,
                service_accounts::is_disabled,
            ),
            (service_secrets::id, service_secrets::used_at),
        ));
    let row: Option<Row> = on_engine!(db, c => query.first(c)).optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let ((id, client_id, unit), (scopes, valid_to, addresses, is_disabled), (secret_id, used_at)) =
        row;
    Ok(Some(Client {
        id,
        client_id,
        unit: unit.map(UnitId),
        scopes: permissions_in(&scopes)?.to_vec(),
        secret_id,
        used_at,
        valid_to,
        addresses: networks_in(&addresses)?,
        is_disabled,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Option<(String, String)> {
        let read = basic(header)?;
        let secret = read.secret.expose_secret().to_owned();
        Some((read.client_id, secret))
    }

    #[test]
    fn credentials_are_decoded_twice() {
        // RFC 6749, section 2.3.1.
        let known = Some(("s6BhdRkqt3".to_owned(), "7Fjfp0ZBr1KtDRbnfVdmIw".to_owned()));
        let header = "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3";
        assert_eq!(read(header), known);
        assert_eq!(read(&header.replace("Basic", "bAsIc")), known);
        let encoded = format!("Basic {}", STANDARD.encode("a%3Ab:c+d%25"));
        assert_eq!(read(&encoded), Some(("a:b".to_owned(), "c d%".to_owned())));
    }

    #[test]
    fn what_can_not_be_read_is_nobody() {
        let of = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let bad = [
            "Basic".to_owned(),
            "Basic ???".to_owned(),
            of("no-colon"),
            of("a:b=c"),
            of("a&b:c"),
            "Bearer czZCaGRSa3F0Mzo3".to_owned(),
        ];
        for header in bad {
            assert_eq!(read(&header), None, "{header}");
        }
    }

    #[test]
    fn what_is_no_client_id_is_not_counted_by_its_text() {
        assert_eq!(named("sa-k7m2qx4cvd3n"), "sa-k7m2qx4cvd3n");
        for strange in ["a b", "ở", &"a".repeat(65)] {
            assert_eq!(named(strange), "of no name");
        }
    }
}
