//! Lists: filters, a page at a time, a total where asked for, related things where named.

use std::future::{Ready, ready};
use std::ops::RangeInclusive;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use liendoan_core::Error;
use liendoan_core::error::{Code, FieldError, code_named};
use liendoan_core::paging::{CursorKey, DEFAULT_LIMIT, MAX_LIMIT, page_of};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::precondition::tag_answer;
use super::{Problem, state};

/// Which page of a list, and what beside its items.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the page starts: `next_cursor` of the page before. Without it, the first page.
    pub cursor: Option<String>,
    /// How many items at most.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: i64,
    /// `exact` counts the whole list into `total`, which costs time in long lists.
    #[param(inline)]
    pub count: Option<Count>,
}

/// Which page of a list that is not counted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Walk {
    /// Where the page starts: `next_cursor` of the page before. Without it, the first page.
    pub cursor: Option<String>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

pub fn default_limit() -> i64 {
    DEFAULT_LIMIT
}

/// Whether the whole list is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Exact,
}

/// Names of [`Paging`]'s parameters; all others belong to the list's own filter.
const PAGING: [&str; 3] = ["cursor", "limit", "count"];

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Items of the whole list; only with `count=exact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<i64>,
}

/// A request for a page of a list with filter `F`.
pub struct List<F> {
    pub filter: F,
    pub paging: Paging,
    path: String,
    /// The filter as given, in one order: a cursor belongs to it.
    filters: String,
    key: CursorKey,
}

impl<F> List<F> {
    /// The keys after which the page starts.
    pub fn start<K: DeserializeOwned>(&self) -> Result<Option<K>, Error> {
        let cursor = self.paging.cursor.as_deref();
        cursor.map(|c| self.key.open(&self.name(), c)).transpose()
    }

    /// One row more than the page holds: it tells whether another page follows.
    pub fn rows_to_read(&self) -> i64 {
        self.paging.limit + 1
    }

    /// For a list that is not counted.
    pub fn refuse_count(&self) -> Result<(), Error> {
        match self.paging.count {
            None => Ok(()),
            Some(_) => Err(Error::at(FieldError::parameter(
                "count",
                Code::UnknownParameter,
            ))),
        }
    }

    pub fn counts(&self) -> bool {
        self.paging.count == Some(Count::Exact)
    }

    /// Answers with the page out of [`rows_to_read`](Self::rows_to_read) rows. `version` is what the
    /// caller may ask about again, `keys` gives the sort keys of a row, `item` what is seen of it.
    pub fn answer<R, K: Serialize, T: Serialize>(
        &self,
        version: Option<i64>,
        rows: Vec<R>,
        total: Option<i64>,
        keys: impl Fn(&R) -> K,
        item: impl Fn(R) -> T,
    ) -> Result<HttpResponse, Problem> {
        let paged = self.page(rows, keys, item)?;
        Ok(paged.answer(version, |items, next_cursor| Page {
            items,
            next_cursor,
            total,
        }))
    }

    /// The page, for an answer of another form than [`Page`].
    pub fn page<R, K: Serialize, T>(
        &self,
        rows: Vec<R>,
        keys: impl Fn(&R) -> K,
        item: impl Fn(R) -> T,
    ) -> Result<Paged<T>, Error> {
        let (rows, has_more) = page_of(rows, self.paging.limit);
        let last = rows.last().filter(|_| has_more);
        let next_cursor = last
            .map(|row| self.key.seal(&self.name(), &keys(row)))
            .transpose()?;
        let mut links = format!("<{}>; rel=\"first\"", self.link(None));
        if let Some(cursor) = &next_cursor {
            links += &format!(", <{}>; rel=\"next\"", self.link(Some(cursor)));
        }
        Ok(Paged {
            items: rows.into_iter().map(item).collect(),
            next_cursor,
            links,
        })
    }

    /// The list together with its filters.
    fn name(&self) -> String {
        format!("{}?{}", self.path, self.filters)
    }

    fn link(&self, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(self.filters.clone());
        query.append_pair("limit", &self.paging.limit.to_string());
        if self.counts() {
            query.append_pair("count", "exact");
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        format!("{}?{}", self.path, query.finish())
    }
}

/// A page on its way to an answer.
pub struct Paged<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
    links: String,
}

impl<T> Paged<T> {
    /// Answers with what `body` makes of items and cursor.
    pub fn answer<B: Serialize>(
        self,
        version: Option<i64>,
        body: impl FnOnce(Vec<T>, Option<String>) -> B,
    ) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((header::LINK, self.links));
        if let Some(version) = version {
            tag_answer(&mut answer, version);
        }
        answer.json(body(self.items, self.next_cursor))
    }
}

impl<F: DeserializeOwned + 'static> FromRequest for List<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read<F: DeserializeOwned>(request: &HttpRequest) -> Result<List<F>, Problem> {
    let pairs = form_urlencoded::parse(request.query_string().as_bytes());
    let (paging, mut filters): (Vec<_>, Vec<_>) =
        pairs.partition(|(name, _)| PAGING.contains(&name.as_ref()));
    filters.sort();
    let spell = |pairs: &[_]| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish()
    };
    let filters = spell(&filters);
    let paging: Paging = parse(&spell(&paging))?;
    in_range("limit", paging.limit, 1..=MAX_LIMIT)?;
    Ok(List {
        filter: parse(&filters)?,
        paging,
        path: request.path().to_owned(),
        filters,
        key: state(request)?.cursor_key.clone(),
    })
}

/// Query parameters of an operation that is no list.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Query).map_err(Into::into))
    }
}

/// No query parameters: whoever sends some is told that they would be ignored.
pub struct NoQuery;

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let read = parse::<Nothing>(request.query_string());
        ready(read.map(|Nothing {}| Self).map_err(Into::into))
    }
}

/// Refuses a number that is too small or too large.
pub fn in_range(name: &str, number: i64, range: RangeInclusive<i64>) -> Result<(), Error> {
    if range.contains(&number) {
        return Ok(());
    }
    let field = FieldError::parameter(name, Code::OutOfRange);
    Err(Error::at(
        field.with("min", *range.start()).with("max", *range.end()),
    ))
}

/// Reads parameters; the refusal names the one that is wrong.
fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs = || form_urlencoded::parse(query.as_bytes());
    for (name, value) in pairs() {
        // What is no UTF-8 arrives as U+FFFD.
        let code = if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
            Code::NotUtf8
        } else if value.contains(char::is_control) {
            Code::ControlCharacter
        } else {
            continue;
        };
        return Err(Error::at(FieldError::parameter(name, code)));
    }
    let read = serde_urlencoded::Deserializer::new(pairs());
    serde_path_to_error::deserialize(read).map_err(|error| {
        let words = error.inner().to_string();
        let quoted = words.split('`').nth(1).unwrap_or_default().to_owned();
        let (name, code) = if words.starts_with("unknown field") {
            (quoted, Code::UnknownParameter)
        } else if words.starts_with("duplicate field") {
            (quoted, Code::RepeatedParameter)
        } else if words.starts_with("missing field") {
            (quoted, Code::Required)
        } else if words.starts_with("unknown variant") {
            (error.path().to_string(), Code::UnknownValue)
        } else {
            let code = code_named(&words).unwrap_or(Code::WrongType);
            (error.path().to_string(), code)
        };
        Error::at(FieldError::parameter(name, code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_parameter_is_named() {
        let refused = |query: &str| {
            let error = parse::<Paging>(query).unwrap_err();
            (error.code(), error.field_errors()[0].place.clone())
        };
        let named = |name: &str| liendoan_core::error::Place::Parameter(name.to_owned());
        assert_eq!(refused("page=2"), (Code::UnknownParameter, named("page")));
        assert_eq!(
            refused("limit=1&limit=2"),
            (Code::RepeatedParameter, named("limit"))
        );
        assert_eq!(
            refused("limit=many"),
            (Code::ParameterInvalid, named("limit"))
        );
        assert_eq!(
            refused("count=about"),
            (Code::ParameterInvalid, named("count"))
        );
    }
}
