//! Files that come: measured and looked at while they come, examined when they are there, refused with what is
//! wrong, and hashed on their way to their place.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::files::{Incoming, loose, quota};
use liendoan_core::{Error, Tx, text};
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use utoipa::IntoParams;

use super::inside::{broken, failed};
use super::types::{FileType, TYPES};
use crate::http::body::is_of_type;
use crate::http::grant::Caller;
use crate::http::{Post, Problem, State, state};

/// The longest name of a file, in characters.
const FILE_NAME_MAX: usize = 255;

/// A file that a caller is about to send, of a type that is taken. Nothing of it has been read yet.
pub struct Upload {
    file_type: &'static FileType,
    payload: Payload,
    /// The largest that is taken, in bytes.
    limit: u64,
}

/// A file that is in its place, until a row names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub name: String,
    pub media_type: &'static str,
    /// In bytes.
    pub size: i64,
    /// In lower-case hexadecimal digits.
    pub sha256: String,
}

impl Received {
    /// What tells a request with this file from one with another.
    pub fn request_hash(&self) -> Vec<u8> {
        format!("{} {}", self.sha256, self.name).into_bytes()
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(expected(request, payload))
    }
}

fn expected(request: &HttpRequest, payload: &mut Payload) -> Result<Upload, Problem> {
    let text = |name| {
        let value = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let given = text(header::CONTENT_TYPE);
    let mut types = TYPES.iter();
    let file_type =
        types.find(|known| given.is_some_and(|given| is_of_type(given, known.media_type)));
    let Some(file_type) = file_type else {
        let expected: Vec<&str> = TYPES.iter().map(|known| known.media_type).collect();
        let field = FieldError::header("content-type", Code::UnsupportedMediaType);
        return Err(Error::at(field.with("expected", expected)).into());
    };
    let limit = state(request)?.uploads.max_bytes as u64;
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(too_large(limit).into());
    }
    Ok(Upload {
        file_type,
        payload: payload.take(),
        limit,
    })
}

fn too_large(limit: u64) -> Error {
    Error::new(Code::BodyTooLarge).with("max_bytes", limit)
}

impl Upload {
    /// Takes the file and puts it in its place. Whoever may not name it in a row is refused before. What comes again
    /// by a `post` that has been answered does not count again.
    pub async fn receive(
        mut self,
        state: &State,
        caller: &Caller,
        name: &FileName,
        post: Option<&Post>,
    ) -> Result<Received, Error> {
        let name = name.check(self.file_type)?;
        let file = self.spool().await?;
        let (inside, scanner) = (self.file_type.inside, state.uploads.scanner.clone());
        let examined = web::block(move || inside.examined(file, scanner.as_ref())).await;
        let file = examined.map_err(Error::internal)??;
        let mut incoming = state.files.begin(state.store.clock().now()).await?;
        if let Err(error) = pour(file, &mut incoming).await {
            incoming.give_up().await;
            return Err(error);
        }
        let arrived = incoming.finish().await?;
        let received = Received {
            name,
            media_type: self.file_type.media_type,
            size: i64::try_from(arrived.size).unwrap_or(i64::MAX),
            sha256: arrived.hash.clone(),
        };
        let max = state.uploads.max_bytes_per_day;
        let (file, post, by) = (received.clone(), post.cloned(), caller.clone());
        let touch = move |tx: &mut Tx<'_>| {
            let is_answered = match &post {
                Some(post) => post.is_answered(tx, &by, &file.request_hash())?,
                None => false,
            };
            if !is_answered {
                quota::spend(tx, file.size, max)?;
            }
            loose::touch(tx, &file.sha256)
        };
        if let Err(error) = state.write(caller, touch).await {
            state.files.forget(&arrived).await?;
            return Err(error);
        }
        state.files.keep(&arrived).await?;
        Ok(received)
    }

    /// Puts the bytes aside as they come: what harms is not to reach the store, not even for a moment.
    async fn spool(&mut self) -> Result<std::fs::File, Error> {
        let mut file = File::from_std(tempfile::tempfile().map_err(failed)?);
        let mut look = self.file_type.look();
        let mut size = 0;
        while let Some(bytes) = self.payload.next().await {
            let broken_off = |cause: actix_web::error::PayloadError| {
                Error::new(Code::MalformedRequest).because(cause.to_string())
            };
            let bytes = bytes.map_err(broken_off)?;
            size += bytes.len() as u64;
            if size > self.limit {
                return Err(too_large(self.limit));
            }
            look.push(&bytes);
            if look.is_hopeless() {
                break;
            }
            file.write_all(&bytes).await.map_err(failed)?;
        }
        if !look.holds() {
            return Err(broken("its bytes begin otherwise"));
        }
        file.flush().await.map_err(failed)?;
        Ok(file.into_std().await)
    }
}

/// Bytes that go to the store at once.
const CHUNK: usize = 64 << 10;

async fn pour(file: std::fs::File, into: &mut Incoming) -> Result<(), Error> {
    let mut file = File::from_std(file);
    let mut bytes = vec![0; CHUNK];
    loop {
        match file.read(&mut bytes).await.map_err(failed)? {
            0 => return Ok(()),
            length => into.push(&bytes[..length]).await?,
        }
    }
}

/// What a file that is sent is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileName {
    /// The file's name, as it is to be saved, with an ending of its type; without `/` and `\`.
    #[param(min_length = 1, max_length = 255, example = "quyết định.pdf")]
    name: String,
}

impl FileName {
    /// The name as it is stored, of a file of this type.
    fn check(&self, of: &FileType) -> Result<String, Error> {
        let refused = |code| FieldError::parameter("name", code);
        let name = text::name(&self.name, FILE_NAME_MAX).map_err(|code| match code {
            Code::TooLong => refused(code).with("max", FILE_NAME_MAX),
            _ => refused(code),
        });
        let name = name.map_err(Error::at)?;
        if name.contains(['/', '\\']) {
            return Err(Error::at(refused(Code::FileNameInvalid)));
        }
        if !of.may_be_called(&name) {
            let field = refused(Code::FileEndingMismatch);
            return Err(Error::at(field.with("expected", of.endings.to_vec())));
        }
        Ok(name)
    }
}
