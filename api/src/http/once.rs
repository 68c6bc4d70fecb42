//! Writes that happen once, however often they are sent: Idempotency-Key.
//!
//! The first answer is stored in the transaction of the effect itself, so there is no moment at which
//! one is there without the other. A refused request leaves nothing, and so is tried afresh.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::TimeDelta;
use diesel::prelude::*;
use liendoan_core::db::Hold;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::idempotency_keys;
use liendoan_core::{Actor, Error, Store, Timestamp, Tx};
use serde::{Deserialize, Serialize};

use super::grant::Caller;
use super::{Problem, State};

/// How long a first answer is given again.
const KEPT: TimeDelta = TimeDelta::hours(72);

static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What a write answers; kept as it is for the request that comes again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    /// Another header of the answer, by name and value.
    #[serde(default)]
    header: Option<(String, String)>,
    body: Option<String>,
}

impl Answer {
    pub fn new(status: StatusCode) -> Self {
        Self {
            status: status.as_u16(),
            location: None,
            etag: None,
            header: None,
            body: None,
        }
    }

    pub fn location(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    pub fn version(mut self, version: impl std::fmt::Display) -> Self {
        self.etag = Some(super::precondition::etag(version));
        self
    }

    pub fn header(mut self, name: HeaderName, value: String) -> Self {
        self.header = Some((name.as_str().to_owned(), value));
        self
    }

    pub fn json<T: Serialize>(mut self, body: &T) -> Result<Self, Error> {
        self.body = Some(serde_json::to_string(body).map_err(Error::internal)?);
        Ok(self)
    }
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let status = StatusCode::from_u16(answer.status);
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(location) = answer.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(etag) = answer.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(header) = answer.header {
            response.insert_header(header);
        }
        match answer.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}

/// A POST as far as repetition is concerned: what it is, and the key it carries.
#[derive(Clone)]
pub struct Post {
    operation: String,
    key: Option<String>,
}

impl Post {
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether this very request has been answered before, and is given that answer again.
    pub fn is_answered(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        request_hash: &[u8],
    ) -> Result<bool, Error> {
        match self.identity(caller) {
            None => Ok(false),
            Some(identity) => Ok(first_answer(tx, &identity, request_hash)?.is_some()),
        }
    }

    fn identity(&self, caller: &Caller) -> Option<Identity> {
        let key = self.key.clone()?;
        Some((caller.principal.to_string(), self.operation.clone(), key))
    }

    /// Refuses a request without a key: for what is too large to be done twice by mistake.
    pub fn require_key(&self) -> Result<(), Error> {
        match self.key {
            Some(_) => Ok(()),
            None => Err(Error::at(FieldError::header(
                "idempotency-key",
                Code::IdempotencyKeyRequired,
            ))),
        }
    }
}

impl FromRequest for Post {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let operation = format!("{} {}", request.method(), request.path());
        let mut keys = request.headers().get_all("idempotency-key");
        let key = keys.next().map(|key| readable(key, keys.next().is_some()));
        ready(match key.transpose() {
            Ok(key) => Ok(Self { operation, key }),
            Err(error) => Err(error.into()),
        })
    }
}

fn readable(key: &HeaderValue, is_one_of_several: bool) -> Result<String, Error> {
    let text = key.to_str().unwrap_or_default();
    let is_sound = !is_one_of_several
        && (1..=255).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic());
    if is_sound {
        Ok(text.to_owned())
    } else {
        Err(Error::at(FieldError::header(
            "idempotency-key",
            Code::IdempotencyKeyInvalid,
        )))
    }
}

/// Keys of requests that this process is working on.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<Identity>>>);

type Identity = (String, String, String);

/// Takes a key for as long as it lives.
struct Turn {
    keys: InFlight,
    identity: Identity,
}

impl InFlight {
    fn enter(&self, identity: Identity) -> Result<Turn, Error> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.insert(identity.clone()) {
            let keys = self.clone();
            Ok(Turn { keys, identity })
        } else {
            Err(Code::IdempotencyKeyInUse.into())
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut keys = self.keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(&self.identity);
    }
}

impl State {
    /// Runs `f` in a transaction, in the name of who asked for it.
    pub async fn write<T, F>(&self, caller: &Caller, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.store.write(caller.actor.clone(), f).await
    }

    /// Runs a POST's `f` in a transaction, or gives the first answer again.
    ///
    /// Two requests with one key at the same moment: within this process the second is refused at
    /// once; in another process it waits at the key's row for the first one's outcome.
    pub async fn write_once<F>(
        &self,
        caller: &Caller,
        post: Post,
        request_hash: Vec<u8>,
        f: F,
    ) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut Tx<'_>) -> Result<Answer, Error> + Send + 'static,
    {
        let Some(identity) = post.identity(caller) else {
            return Ok(self.write(caller, f).await?.into());
        };
        let turn = self.in_flight.enter(identity.clone())?;
        let (answer, is_replayed) = self
            .write(caller, move |tx| {
                // Goes with the transaction: a caller that hung up must not free the key early.
                let _ = &turn;
                if let Some(answer) = first_answer(tx, &identity, &request_hash)? {
                    return Ok((answer, true));
                }
                let answer = f(tx)?;
                keep(tx, &identity, &request_hash, &answer)?;
                Ok((answer, false))
            })
            .await?;
        let mut response = HttpResponse::from(answer);
        if is_replayed {
            response
                .headers_mut()
                .insert(REPLAYED.clone(), HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}

/// The row of one key, by its whole name.
macro_rules! row_of {
    ($identity:expr) => {
        idempotency_keys::table.find((&$identity.0, &$identity.1, &$identity.2))
    };
}

fn first_answer(
    tx: &mut Tx<'_>,
    identity: &Identity,
    request_hash: &[u8],
) -> Result<Option<Answer>, Error> {
    let oldest = tx.now() - KEPT;
    // A key may arrive at two processes at once: the second one waits here.
    let name = format!("{identity:?}");
    tx.lock("idempotency_key", [(name.as_str(), Hold::Alone)])?;
    let kept: Option<(Vec<u8>, String, Timestamp)> = row_of!(identity)
        .select((
            idempotency_keys::request_hash,
            idempotency_keys::answer,
            idempotency_keys::created_at,
        ))
        .first(&mut **tx)
        .optional()?;
    match kept {
        None => Ok(None),
        Some((_, _, created_at)) if created_at < oldest => {
            diesel::delete(row_of!(identity)).execute(&mut **tx)?;
            Ok(None)
        }
        Some((hash, _, _)) if hash != request_hash => Err(Code::IdempotencyKeyReused.into()),
        Some((_, answer, _)) => Ok(Some(
            serde_json::from_str(&answer).map_err(Error::internal)?,
        )),
    }
}

fn keep(
    tx: &mut Tx<'_>,
    identity: &Identity,
    request_hash: &[u8],
    answer: &Answer,
) -> Result<(), Error> {
    let now = tx.now();
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::principal.eq(&identity.0),
            idempotency_keys::operation.eq(&identity.1),
            idempotency_keys::idempotency_key.eq(&identity.2),
            idempotency_keys::request_hash.eq(request_hash),
            idempotency_keys::answer.eq(serde_json::to_string(answer).map_err(Error::internal)?),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets answers that are no longer given again; answers how many.
pub async fn forget_old_answers(store: &Store) -> Result<usize, Error> {
    store
        .write(Actor::program("tidy"), |tx| {
            let oldest = tx.now() - KEPT;
            let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(oldest));
            Ok(diesel::delete(old).execute(&mut **tx)?)
        })
        .await
}
