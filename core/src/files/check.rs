//! Whether all files that rows name are there and hold what they are named for.

use std::collections::BTreeSet;

use diesel::prelude::*;
use futures_util::TryStreamExt;

use super::Files;
use crate::error::{Code, Error, Result};
use crate::schema::{document_files, record_files};
use crate::{Db, on_engine};

/// The hashes of all files that rows name.
pub fn named(db: &mut Db) -> Result<BTreeSet<String>> {
    let of_documents = document_files::table.select(document_files::hash);
    let of_documents: Vec<String> = on_engine!(&mut *db, c => of_documents.load(c))?;
    let of_records = record_files::table.select(record_files::hash).distinct();
    let of_records: Vec<String> = on_engine!(&mut *db, c => of_records.load(c))?;
    Ok(of_documents.into_iter().chain(of_records).collect())
}

impl Files {
    /// Reads a file to its end; answers what is wrong with it.
    pub async fn fault(&self, hash: &str) -> Result<Option<String>> {
        let read = async {
            let mut bytes = self.read(hash, None).await?;
            while bytes.try_next().await?.is_some() {}
            Ok::<_, Error>(())
        };
        match read.await {
            Ok(()) => Ok(None),
            // What can't be reached is not judged.
            Err(error) if error.code() != Code::Internal => Err(error),
            Err(error) => Ok(Some(error.to_string())),
        }
    }
}
