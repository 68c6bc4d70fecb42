//! Files, kept by what they hold: the name of each is the hash of its bytes.
//!
//! The same content is therefore kept once, and nothing that is kept ever changes. Who needs a file
//! puts it here first and names its hash in a row afterwards: a row never names what is not there.
//! What no row names (any more) stays, so that an older copy of the database still finds its files.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::db::StartError;
use crate::error::{Code, Error, Result};

/// Where the bytes of files lie. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

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
        // What was answered survives a loss of power, as the rows do.
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// Keeps `bytes` and answers their SHA-256 in hexadecimal digits. They are on disk when this returns.
    pub async fn put(&self, bytes: Bytes) -> Result<String> {
        let hash = hash(bytes.clone()).await?;
        // Also where it is there already: whoever wrote it may not have brought it to disk yet. It is
        // written beside and renamed, so readers always find the whole.
        let written = self.0.put(&key(&hash), bytes.into()).await;
        written.map_err(failure)?;
        Ok(hash)
    }

    /// The bytes with this hash, and no others: what was damaged on disk is a failure.
    pub async fn get(&self, hash: &str) -> Result<Bytes> {
        let found = self.0.get(&key(hash)).await.map_err(failure)?;
        let bytes = found.bytes().await.map_err(failure)?;
        if self::hash(bytes.clone()).await? != hash {
            return Err(Error::internal(format!("the file {hash} is damaged")));
        }
        Ok(bytes)
    }
}

/// Off the threads that serve requests: it takes a while for large files.
async fn hash(bytes: Bytes) -> Result<String> {
    let digest = spawn_blocking(move || Sha256::digest(&bytes)).await;
    let digest = digest.map_err(Error::internal)?;
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Spread over folders: one with all files would be slow to list and to copy.
fn key(hash: &str) -> Key {
    let (folder, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
    Key::from_iter([folder, rest])
}

fn failure(cause: object_store::Error) -> Error {
    let mut causes = std::iter::successors(cause.source(), |cause| (*cause).source());
    let is_full = causes.any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    });
    if is_full {
        Error::new(Code::StorageFull).because(cause)
    } else {
        Error::internal(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_is_had_back_under_its_hash() {
        let folder = tempfile::TempDir::new().unwrap();
        let files = Files::open(&folder.path().join("made/when/missing")).unwrap();
        let hash = files.put(Bytes::from_static(b"abc")).await.unwrap();
        // FIPS 180-2, appendix B.1.
        assert!(hash.starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert_eq!(files.put(Bytes::from_static(b"abc")).await.unwrap(), hash);
        assert_eq!(files.get(&hash).await.unwrap(), "abc");
    }

    #[tokio::test]
    async fn what_is_missing_or_damaged_is_not_given_out() {
        let folder = tempfile::TempDir::new().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let hash = files.put(Bytes::from_static(b"abc")).await.unwrap();
        let file = folder.path().join(&hash[..2]).join(&hash[2..]);
        std::fs::write(&file, b"abd").unwrap();
        let damaged = files.get(&hash).await.unwrap_err();
        assert!(damaged.to_string().contains("is damaged"), "{damaged}");
        std::fs::remove_file(&file).unwrap();
        assert_eq!(files.get(&hash).await.unwrap_err().code(), Code::Internal);
        // Sent again, it is whole again.
        files.put(Bytes::from_static(b"abc")).await.unwrap();
        assert_eq!(files.get(&hash).await.unwrap(), "abc");
    }

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        let failed = |kind: ErrorKind| {
            let source = Box::new(io::Error::from(kind));
            failure(object_store::Error::Generic {
                store: "test",
                source,
            })
            .code()
        };
        assert_eq!(failed(ErrorKind::StorageFull), Code::StorageFull);
        assert_eq!(failed(ErrorKind::PermissionDenied), Code::Internal);
    }
}
