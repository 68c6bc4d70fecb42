//! Files as bodies: one comes and goes as its bare bytes, with its type as Content-Type. Neither way does it lie
//! in memory as a whole.

mod archive;
mod download;
mod image;
mod inside;
mod metadata;
mod scanner;
mod types;
mod upload;

pub use download::{Ranged, download};
pub use scanner::Scanner;
pub use types::{FileType, TYPES};
pub use upload::{FileName, Received, Upload};

use utoipa::openapi::schema::Schema;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// Bytes, in the document.
pub struct Binary;

impl PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of the file"))
            .examples(["%PDF-1.7 …"])
            .into()
    }
}

impl ToSchema for Binary {}
