//! Files, kept by what they hold: the name of each is the hash of its bytes.
//!
//! The same content is therefore kept once, and nothing that is kept ever changes. Bytes come as a stream, and
//! never lie in memory as a whole: they are written under a name of their own, hashed on the way, and put in
//! their place when all are there. Who needs a file puts it here first and names its hash in a row afterwards:
//! a row never names what is not there. What no row names goes after a day: [`loose`].

mod bucket;
pub mod check;
pub mod loose;
pub mod quota;

use std::error::Error as StdError;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};

pub use bucket::Bucket;

use crate::Timestamp;
use crate::db::StartError;
use crate::error::{Code, Error, Result};

/// Where the bytes of files lie. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where it is a folder of this machine.
    folder: Option<Arc<Path>>,
    /// Bytes that are written at once.
    part: usize,
}

/// Where files lie that are on their way, beside the folders of those that are kept.
const ARRIVING: &str = "arriving";

/// Of a folder.
const PART: usize = 256 << 10;

impl Files {
    /// Opens a folder of this machine; makes it where there is none.
    pub fn open(folder: &Path) -> Result<Self, StartError> {
        let refused = |why: &dyn Display| {
            let folder = folder.display();
            StartError::new(format!(
                "files.folder: cannot use the folder {folder}: {why}"
            ))
        };
        std::fs::create_dir_all(folder).map_err(|e| refused(&e))?;
        // It may be there and be read-only. Several processes may try at once.
        let trial = folder.join(format!("trial-{:x}", rand::random::<u64>()));
        std::fs::write(&trial, b"")
            .and_then(|()| std::fs::remove_file(&trial))
            .map_err(|e| refused(&e))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| refused(&e))?;
        Ok(Self {
            // What was answered survives a loss of power, as the rows do.
            store: Arc::new(store.with_fsync(true)),
            folder: Some(folder.into()),
            part: PART,
        })
    }

    /// Begins to keep a file, at an instant that its leftovers are known by, should it break off.
    pub async fn begin(&self, now: Timestamp) -> Result<Incoming> {
        let at = now.and_utc().timestamp_micros();
        let name = format!("{at}-{:016x}", rand::random::<u64>());
        let key = Key::from_iter([ARRIVING, &name]);
        let upload = self.store.put_multipart(&key).await;
        Ok(Incoming {
            upload: upload.map_err(|cause| self.failure(cause))?,
            files: self.clone(),
            key,
            part: BytesMut::new(),
            digest: Sha256::new(),
            size: 0,
        })
    }

    /// Puts a file in its place. It is on disk there when this returns.
    pub async fn keep(&self, arrived: &Arrived) -> Result<()> {
        // Also where the same is there already: whoever put it may not have brought it to disk yet.
        let moved = self.store.rename(&arrived.key, &key(&arrived.hash)).await;
        moved.map_err(|cause| self.failure(cause))
    }

    /// Throws a file away that has come and is not to be kept.
    pub async fn forget(&self, arrived: &Arrived) -> Result<()> {
        self.remove_key(&arrived.key).await
    }

    /// The bytes with this hash, all or some, as a stream. Of what was damaged the end is not given out, but
    /// a failure: nobody takes it for the whole.
    pub async fn read(
        &self,
        hash: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let is_whole = range.is_none();
        let options = GetOptions::new().with_range(range);
        let found = self.store.get_opts(&key(hash), options).await;
        let files = self.clone();
        let bytes = found
            .map_err(|cause| self.failure(cause))?
            .into_stream()
            .map_err(move |cause| files.failure(cause))
            .boxed();
        Ok(if is_whole {
            verified(bytes, hash.to_owned())
        } else {
            bytes
        })
    }

    /// Removes a file; one that is not there is removed already.
    pub async fn remove(&self, hash: &str) -> Result<()> {
        self.remove_key(&key(hash)).await
    }

    async fn remove_key(&self, key: &Key) -> Result<()> {
        match self.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(self.failure(cause)),
        }
    }

    /// Removes what is left of files that began to come before an instant and broke off; answers how many.
    async fn remove_broken_off(&self, before: Timestamp) -> Result<usize> {
        let mut removed = 0;
        for name in self.arriving().await? {
            let at = name.split('-').next().and_then(|at| at.parse().ok());
            if at.is_none_or(|at: i64| at >= before.and_utc().timestamp_micros()) {
                continue;
            }
            match &self.folder {
                // As the machine names it: what was not finished has a mark that the store hides.
                Some(folder) => {
                    let file = folder.join(ARRIVING).join(&name);
                    std::fs::remove_file(file).map_err(Error::internal)?;
                }
                None => self.remove_key(&Key::from_iter([ARRIVING, &name])).await?,
            }
            removed += 1;
        }
        Ok(removed)
    }

    async fn arriving(&self) -> Result<Vec<String>> {
        if let Some(folder) = &self.folder {
            let entries = match std::fs::read_dir(folder.join(ARRIVING)) {
                Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries.map_err(Error::internal)?,
            };
            let name = |entry: io::Result<std::fs::DirEntry>| {
                Ok(entry?.file_name().to_string_lossy().into_owned())
            };
            let names: io::Result<Vec<String>> = entries.map(name).collect();
            return names.map_err(Error::internal);
        }
        let listed = self.store.list(Some(&Key::from(ARRIVING)));
        let name = |meta: object_store::ObjectMeta| meta.location.filename().map(str::to_owned);
        let names: Vec<Option<String>> = listed
            .map_ok(name)
            .try_collect()
            .await
            .map_err(|cause| self.failure(cause))?;
        Ok(names.into_iter().flatten().collect())
    }

    fn failure(&self, cause: object_store::Error) -> Error {
        let mut causes = std::iter::successors(cause.source(), |cause| (*cause).source());
        let is_full = causes.any(|cause| {
            let io = cause.downcast_ref::<io::Error>();
            let kind = io.map(io::Error::kind);
            matches!(
                kind,
                Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            )
        });
        let is_there =
            self.folder.is_some() || matches!(cause, object_store::Error::NotFound { .. });
        if is_full {
            Error::new(Code::StorageFull).because(cause)
        } else if is_there {
            Error::internal(cause)
        } else {
            Error::new(Code::FilesUnavailable).because(cause)
        }
    }
}

/// A file on its way.
pub struct Incoming {
    files: Files,
    key: Key,
    upload: Box<dyn MultipartUpload>,
    /// What is not written yet.
    part: BytesMut,
    digest: Sha256,
    size: u64,
}

/// A file that is there as a whole, but not in its place yet.
pub struct Arrived {
    key: Key,
    /// Its SHA-256 in hexadecimal digits.
    pub hash: String,
    /// In bytes.
    pub size: u64,
}

impl Incoming {
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        self.part.extend_from_slice(bytes);
        while self.part.len() >= self.files.part {
            let part = self.part.split_to(self.files.part);
            self.write(part.freeze()).await?;
        }
        Ok(())
    }

    async fn write(&mut self, part: Bytes) -> Result<()> {
        let written = self.upload.put_part(part.into()).await;
        written.map_err(|cause| self.files.failure(cause))
    }

    /// Brings it to disk.
    pub async fn finish(mut self) -> Result<Arrived> {
        let rest = std::mem::take(&mut self.part);
        if !rest.is_empty() || self.size == 0 {
            self.write(rest.freeze()).await?;
        }
        let completed = self.upload.complete().await;
        completed.map_err(|cause| self.files.failure(cause))?;
        Ok(Arrived {
            key: self.key,
            hash: hexadecimal(self.digest),
            size: self.size,
        })
    }

    /// Throws away what has come.
    pub async fn give_up(mut self) {
        if let Err(why) = self.upload.abort().await {
            tracing::warn!(%why, "an upload that broke off left something behind; it goes after a day");
        }
    }
}

/// The same bytes, the last of them when all are those of the hash.
fn verified(
    bytes: BoxStream<'static, Result<Bytes>>,
    hash: String,
) -> BoxStream<'static, Result<Bytes>> {
    let state = (bytes, Some(Sha256::new()), Bytes::new());
    stream::try_unfold(state, move |(mut bytes, digest, held)| {
        let hash = hash.clone();
        async move {
            let Some(mut digest) = digest else {
                return Ok(None);
            };
            match bytes.try_next().await? {
                Some(next) => {
                    digest.update(&next);
                    Ok(Some((held, (bytes, Some(digest), next))))
                }
                None if hexadecimal(digest) == hash => {
                    Ok(Some((held, (bytes, None, Bytes::new()))))
                }
                None => Err(Error::internal(format!("the file {hash} is damaged"))),
            }
        }
    })
    .boxed()
}

fn hexadecimal(digest: Sha256) -> String {
    let digest = digest.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Spread over folders: one with all files would be slow to list and to copy.
fn key(hash: &str) -> Key {
    let (folder, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
    Key::from_iter([folder, rest])
}

#[cfg(test)]
mod tests;
