//! What lies inside a file, once it is here as a whole and before it is kept.

use std::fs::File;
use std::io::{self, ErrorKind, Seek};

use liendoan_core::error::FieldError;
use liendoan_core::{Code, Error};

use super::archive;
use super::image::{self, Format};
use super::scanner::Scanner;

/// What a type of file holds, so far as it is looked into.
#[derive(Clone, Copy, Debug)]
pub enum Inside {
    /// It is not looked into.
    Bytes,
    Archive,
    Image(Format),
}

impl Inside {
    /// The file as it is to be kept, from its start; refuses what harms whoever opens it. Blocks.
    pub fn examined(self, mut file: File, scanner: Option<&Scanner>) -> Result<File, Error> {
        file.rewind().map_err(failed)?;
        if let Some(scanner) = scanner {
            scanner.scan(&mut file)?;
            file.rewind().map_err(failed)?;
        }
        let mut file = match self {
            Self::Bytes => file,
            Self::Archive => {
                archive::check(&file)?;
                file
            }
            Self::Image(format) => image::bare(format, file)?,
        };
        file.rewind().map_err(failed)?;
        Ok(file)
    }
}

/// The bytes are not what they begin as.
pub(super) fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let field = FieldError::header("content-type", Code::ContentMismatch);
    Error::at(field).because(cause)
}

/// A file on its way could not be written or read.
pub(super) fn failed(cause: io::Error) -> Error {
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Error::new(Code::StorageFull).because(cause)
        }
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData => broken(cause),
        _ => Error::internal(cause),
    }
}
