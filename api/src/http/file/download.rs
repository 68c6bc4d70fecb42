//! Files that go: as a stream, the whole or a range of bytes (RFC 9110, section 14), to be saved under a name.

use std::future::{Ready, ready};
use std::ops::Range;
use std::str::FromStr;

use actix_web::body::SizedStream;
use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use liendoan_core::vietnamese::fold;
use liendoan_core::{Code, Error, Files};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use crate::http::Problem;
use crate::http::precondition::{etag, tag_answer};

/// What browsers may do with a file that they show nevertheless: nothing. It comes from outside.
const POLICY: &str = "sandbox; default-src 'none'";

/// Which bytes of a file are asked for.
pub struct Ranged {
    range: Option<String>,
    /// The tag that they must still belong to.
    only_if: Option<String>,
}

/// An operation that names it among its parameters is documented with its 206.
impl IntoParams for Ranged {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name, description, example: &str| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
                .example(Some(example.into()))
                .build()
        };
        vec![
            parameter(
                "Range",
                "The bytes that are wanted: 206 with these. Of several ranges, the whole file",
                "bytes=0-1023",
            ),
            parameter(
                "If-Range",
                "The ETag of what the caller has already: of another file, the whole",
                "\"9f86d081884c7d65\"",
            ),
        ]
    }
}

impl FromRequest for Ranged {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = |name| {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        ready(Ok(Self {
            range: text(header::RANGE),
            only_if: text(header::IF_RANGE),
        }))
    }
}

impl Ranged {
    /// The bytes to be given of a file of this tag and size; None: all. A range that can't be read is as none.
    fn of(&self, tag: &str, size: u64) -> Result<Option<Range<u64>>, Error> {
        let is_of_it = |given: &String| *given == etag(tag);
        let range = self.range.as_deref();
        let range = range.filter(|_| self.only_if.as_ref().is_none_or(is_of_it));
        let Some(Ok(header::Range::Bytes(ranges))) = range.map(header::Range::from_str) else {
            return Ok(None);
        };
        let [range] = ranges.as_slice() else {
            return Ok(None);
        };
        match range.to_satisfiable_range(size) {
            Some((from, to)) => Ok(Some(from..to + 1)),
            None => Err(Error::new(Code::RangeNotSatisfiable).with("size", size)),
        }
    }
}

/// Answers with a file, or with some of its bytes, to be saved under its name.
pub async fn download(
    files: &Files,
    name: &str,
    media_type: &str,
    (hash, size): (&str, i64),
    ranged: &Ranged,
) -> Result<HttpResponse, Problem> {
    let size = u64::try_from(size).unwrap_or_default();
    let range = ranged.of(hash, size)?;
    let bytes = files.read(hash, range.clone()).await?;
    let (mut answer, length) = match range {
        None => (HttpResponse::Ok(), size),
        Some(range) => {
            let (from, last) = (range.start, range.end - 1);
            let mut answer = HttpResponse::PartialContent();
            let told = format!("bytes {from}-{last}/{size}");
            answer.insert_header((header::CONTENT_RANGE, told));
            (answer, range.end - range.start)
        }
    };
    tag_answer(&mut answer, hash);
    Ok(answer
        .content_type(media_type)
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_DISPOSITION, disposition(name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        // As it lies there: most types are compressed already, and the length is to be known.
        .insert_header(ContentEncoding::Identity)
        .body(SizedStream::new(length, bytes)))
}

/// Signs that stand for themselves in a name (RFC 8187, section 3.2.1), but for some that need not.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// To be saved under this name. Written here, since actix leaves signs alone that RFC 8187 does not.
fn disposition(name: &str) -> String {
    let (ascii, full) = (in_ascii(name), utf8_percent_encode(name, PLAIN));
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_in_ascii_too() {
        assert_eq!(in_ascii("Quyết định số 1.pdf"), "quyet-dinh-so-1.pdf");
        assert_eq!(in_ascii("a\"; x=\"%41.tar.gz"), "a-x-41-tar.gz");
        assert_eq!(in_ascii("決定"), "--");
    }

    #[test]
    fn a_name_can_end_neither_itself_nor_the_header() {
        assert_eq!(
            disposition("đ\";x=1.pdf"),
            "attachment; filename=\"d-x-1.pdf\"; filename*=UTF-8''%C4%91%22%3Bx%3D1.pdf"
        );
    }

    #[test]
    fn ranges_are_read_as_the_rfc_writes_them() {
        let of = |range: &str, only_if: Option<&str>| {
            let ranged = Ranged {
                range: Some(range.to_owned()),
                only_if: only_if.map(str::to_owned),
            };
            ranged.of("abc", 10).map_err(|error| error.code())
        };
        assert_eq!(of("bytes=0-0", None), Ok(Some(0..1)));
        assert_eq!(of("bytes=4-", None), Ok(Some(4..10)));
        assert_eq!(of("bytes=8-99", None), Ok(Some(8..10)));
        assert_eq!(of("bytes=-3", None), Ok(Some(7..10)));
        assert_eq!(of("bytes=10-", None), Err(Code::RangeNotSatisfiable));
        assert_eq!(of("bytes=-0", None), Err(Code::RangeNotSatisfiable));
        for whole in ["bytes=0-1,3-4", "lines=1-2", "bytes=x", "0-1", ""] {
            assert_eq!(of(whole, None), Ok(None), "{whole}");
        }
        assert_eq!(of("bytes=0-0", Some("\"abc\"")), Ok(Some(0..1)));
        for other in ["\"abd\"", "W/\"abc\"", "Sat, 28 Nov 2026 00:00:00 GMT"] {
            assert_eq!(of("bytes=0-0", Some(other)), Ok(None), "{other}");
        }
    }
}
