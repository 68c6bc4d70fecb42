//! Files as bodies: one comes and goes as its bare bytes, with its type as Content-Type.

use actix_web::dev::Payload;
use actix_web::http::header::{
    self, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType,
    ExtendedValue,
};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use liendoan_core::Error;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text;
use liendoan_core::vietnamese::fold;
use serde::Deserialize;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, SchemaFormat, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::body::{BoxFuture, collect, is_of_type};
use super::precondition::tag_answer;
use super::{Problem, state};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The types of file that are taken. Operations document each.
const TYPES: [&str; 5] = [
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/tiff",
    DOCX,
];

/// The longest name of a file, in characters.
const FILE_NAME_MAX: usize = 255;

/// What browsers may do with a file that they show nevertheless: nothing. It comes from outside.
const POLICY: &str = "sandbox; default-src 'none'";

/// A file that a caller sends, of a type that is taken and that its bytes bear out.
pub struct Upload {
    pub media_type: &'static str,
    pub bytes: Bytes,
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = BoxFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let given = request.headers().get(header::CONTENT_TYPE);
        let given = given.and_then(|value| value.to_str().ok());
        let media_type = TYPES
            .into_iter()
            .find(|known| given.is_some_and(|given| is_of_type(given, known)));
        let limit = state(request).map(|state| state.max_file_bytes);
        let payload = payload.take();
        Box::pin(async move {
            let refused = |code| FieldError::header("content-type", code);
            let Some(media_type) = media_type else {
                let field = refused(Code::UnsupportedMediaType);
                return Err(Error::at(field.with("expected", TYPES.to_vec())).into());
            };
            let bytes = collect(payload, limit?).await?.freeze();
            if !holds(&bytes, media_type) {
                return Err(Error::at(refused(Code::ContentMismatch)).into());
            }
            Ok(Self { media_type, bytes })
        })
    }
}

/// Whether the bytes look like what they are said to be. That they are sound nobody can tell.
fn holds(bytes: &[u8], media_type: &str) -> bool {
    if media_type != DOCX {
        return infer::is_mime(bytes, media_type);
    }
    // `infer` knows only the order of parts that Word writes, not LibreOffice's. The names of a ZIP's
    // parts stand in it as they are.
    let main_part = b"word/document";
    infer::is_mime(bytes, "application/zip")
        && bytes.windows(main_part.len()).any(|w| w == main_part)
}

/// What a file that is sent is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileName {
    /// The file's name with its ending, as it is to be saved; without `/` and `\`.
    #[param(min_length = 1, max_length = 255, example = "quyết định.pdf")]
    name: String,
}

impl FileName {
    /// The name as it is stored.
    pub fn check(&self) -> Result<String, Error> {
        let refused = |code| FieldError::parameter("name", code);
        let name = text::name(&self.name, FILE_NAME_MAX).map_err(|code| match code {
            Code::TooLong => refused(code).with("max", FILE_NAME_MAX),
            _ => refused(code),
        });
        let name = name.map_err(Error::at)?;
        if name.contains(['/', '\\']) {
            return Err(Error::at(refused(Code::FileNameInvalid)));
        }
        Ok(name)
    }
}

/// Answers with a file, to be saved under its name. `tag` changes with the bytes.
pub fn download(name: &str, media_type: &str, tag: &str, bytes: Bytes) -> HttpResponse {
    let in_full = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    let mut answer = HttpResponse::Ok();
    tag_answer(&mut answer, tag);
    answer
        .content_type(media_type)
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![
                DispositionParam::Filename(in_ascii(name)),
                DispositionParam::FilenameExt(in_full),
            ],
        })
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        // As it lies there: these types are compressed already, and the length is to be known.
        .insert_header(ContentEncoding::Identity)
        .body(bytes)
}

/// The name for programs that read ASCII only (RFC 6266, appendix D): without marks, and without what
/// some of them take for something else.
fn in_ascii(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let plain = |text: &str| fold(text).replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    match (plain(stem), plain(ending)) {
        (stem, ending) if ending.is_empty() => stem,
        (stem, ending) => format!("{stem}.{ending}"),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_what_the_bytes_are() {
        let zip = |names: &[&str]| {
            names
                .iter()
                .map(|name| format!("PK\u{3}\u{4}{:26}{name}", ""))
                .collect::<String>()
        };
        // As LibreOffice orders them.
        let docx = zip(&[
            "_rels/.rels",
            "docProps/core.xml",
            "docProps/app.xml",
            "word/document.xml",
        ]);
        assert!(holds(docx.as_bytes(), DOCX));
        assert!(!holds(
            zip(&["[Content_Types].xml", "xl/workbook.xml"]).as_bytes(),
            DOCX
        ));
        assert!(!holds(b"word/document.xml", DOCX));
        assert!(holds(b"%PDF-1.7", "application/pdf"));
        assert!(holds(b"\xff\xd8\xff\xe0", "image/jpeg"));
        assert!(holds(b"\x89PNG\r\n\x1a\n", "image/png"));
        assert!(holds(b"II*\0\x08\0\0\0\x0c\0", "image/tiff"));
        for media_type in TYPES {
            assert!(!holds(b"", media_type), "{media_type}");
            assert!(!holds(b"<html>", media_type), "{media_type}");
            assert!(!holds(b"PK\x03\x04", media_type), "{media_type}");
        }
    }

    #[test]
    fn a_name_is_given_in_ascii_too() {
        assert_eq!(in_ascii("Quyết định số 1.pdf"), "quyet-dinh-so-1.pdf");
        assert_eq!(in_ascii("a\"; x=\"%41.tar.gz"), "a-x-41-tar.gz");
        assert_eq!(in_ascii("決定"), "--");
    }
}
