//! Operations by which files come and go. Their handlers say `*/*`; the document names the types that are taken,
//! and what comes with every download.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::rules::text_header;
use crate::http::file::{FileType, TYPES};

/// Stands in handlers for any type that is taken.
const ANY: &str = "*/*";

/// Names the types in what is sent and in what is answered.
pub fn complete(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        name_types(&mut body.content);
    }
    let responses = &mut operation.responses.responses;
    let Some(RefOr::T(file)) = responses.get_mut("200") else {
        return;
    };
    if !name_types(&mut file.content) {
        return;
    }
    let name = text_header("RFC 6266: the file's name");
    file.headers
        .insert("Content-Disposition".to_owned(), name.into());
    responses.insert("206".to_owned(), RefOr::T(part()));
    // The failure is described as all of its kind are.
    responses.insert("416".to_owned(), RefOr::T(Response::new("")));
}

/// Puts every type that is taken in the place of any; answers whether it stood there.
fn name_types<C>(contents: &mut C) -> bool
where
    C: Default + Extend<(String, RefOr<Content>)> + IntoIterator<Item = (String, RefOr<Content>)>,
{
    let mut stood_there = false;
    for (media_type, content) in std::mem::take(contents) {
        if media_type == ANY {
            stood_there = true;
            let named = |known: &FileType| (known.media_type.to_owned(), content.clone());
            contents.extend(TYPES.iter().map(named));
        } else {
            contents.extend([(media_type, content)]);
        }
    }
    stood_there
}

/// Some bytes of a file (RFC 9110, 15.3.7).
fn part() -> Response {
    let bytes = ContentBuilder::new().schema(Some(Ref::from_schema_name("Binary")));
    ResponseBuilder::new()
        .description("The bytes of the range")
        .content("application/octet-stream", bytes.build())
        .header("Content-Range", text_header("Which bytes of how many"))
        .build()
}
