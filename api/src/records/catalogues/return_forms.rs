//! Forms of the returns that units fill in, and the addresses under `/return_forms`.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::Result;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::period::Calendar;
use liendoan_core::text;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers;
use super::forms::catalogue;
use super::model::{
    CODE_MAX, Catalogue, CatalogueAction, Common, Entry, EntryId, Fields, NamedAs, word,
};
use super::queries::Wanted;
use crate::http::grant::{EditReferenceData, ReadReferenceData};
use crate::http::list::{NoQuery, Paging};
use crate::http::{Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State};

/// Measures in one form, at most.
const MEASURES_MAX: usize = 200;
/// Levels of the federation, as kinds of unit have them.
const LEVELS: std::ops::RangeInclusive<i32> = 1..=9;

catalogue! {
    /// What makes an entry a form of returns.
    ReturnForm {
        #[serde(default)]
        #[schema(inline)]
        calendar: Calendar,
        /// Levels of the units that fill it in, as their kinds have them; empty: not known, or all.
        #[serde(default)]
        #[schema(max_items = 9)]
        levels: Vec<i32>,
        /// Codes of the measures that may stand in it; empty: which they are is not known, and any may.
        #[serde(default)]
        #[schema(max_items = 200)]
        measures: Vec<String>,
    }

    /// What a caller sets: all of an entry but its identity.
    #[schema(as = ReturnFormContent, example = json!({
        "code": "hdcd_1",
        "rank": 10,
        "name_vi": "Biểu 1-HĐCĐ: công đoàn cơ sở",
        "name_en": "Form 1-HĐCĐ: grassroots unions",
        "calendar": "statistical",
        "levels": [4],
        "measures": [],
        "from": "2014-11-28",
        "to": null,
        "document": "1454/QĐ-TLĐ"
    }))]
    sent ReturnFormContent

    /// A form of returns over one stretch of time.
    #[schema(as = ReturnForm, example = json!({
        "id": 140,
        "version": 1,
        "code": "hdcd_1",
        "rank": 10,
        "name_vi": "Biểu 1-HĐCĐ: công đoàn cơ sở",
        "name_en": "Form 1-HĐCĐ: grassroots unions",
        "calendar": "statistical",
        "levels": [4],
        "measures": [],
        "from": "2014-11-28",
        "to": null,
        "document": "1454/QĐ-TLĐ",
        "created_at": "2026-11-28T02:00:00.000000Z",
        "updated_at": "2026-11-28T02:00:00.000000Z",
        "allowed_actions": ["edit", "delete"]
    }))]
    seen ReturnFormView
}

impl Catalogue for ReturnForm {
    const NAME: &'static str = "return_forms";
    const NAMED_AS: NamedAs = NamedAs::Category("return");
    const TOPIC: &'static str = "return_form";
    const CREATED: &'static str = "return_form.created";
    const UPDATED: &'static str = "return_form.updated";
    const DELETED: &'static str = "return_form.deleted";
    const SEED: &'static str = include_str!("../../../../reference/return_forms.json");

    type Content = ReturnFormContent;
    type View = ReturnFormView;

    fn check(&mut self, _: &str, refused: &mut Vec<FieldError>) {
        for (index, level) in self.levels.iter().enumerate() {
            let pointer = format!("/levels/{index}");
            if !LEVELS.contains(level) {
                let field = FieldError::at(pointer, Code::OutOfRange);
                refused.push(
                    field
                        .with("min", *LEVELS.start())
                        .with("max", *LEVELS.end()),
                );
            } else if self.levels[..index].contains(level) {
                refused.push(FieldError::at(pointer, Code::Repeated));
                // One repetition is enough to name.
                break;
            }
        }
        if self.measures.len() > MEASURES_MAX {
            let field = FieldError::at("/measures", Code::TooMany);
            refused.push(field.with("max", MEASURES_MAX));
        }
        for (index, measure) in self.measures.iter().enumerate().take(MEASURES_MAX) {
            let pointer = format!("/measures/{index}");
            if let Err(code) = text::code(measure, '_', CODE_MAX) {
                refused.push(FieldError::at(pointer, code));
            } else if self.measures[..index].contains(measure) {
                refused.push(FieldError::at(pointer, Code::Repeated));
            }
        }
    }

    fn class(&self) -> Result<String> {
        word(self.calendar)
    }

    fn measures(&self) -> Vec<(String, &str)> {
        let measures = self.measures.iter().enumerate();
        measures
            .map(|(index, code)| (format!("/measures/{index}"), code.as_str()))
            .collect()
    }
}

/// What a list of forms of returns is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReturnFormFilter {
    /// Only entries that hold on this day, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only entries of this code.
    pub code: Option<String>,
    /// Only forms of this calendar.
    #[param(inline)]
    pub calendar: Option<Calendar>,
}

/// List forms of returns
///
/// All entries, past and future ones too, in the order of the catalogue. With `as_of` only those that
/// hold on that day: those in which a return of that day may be filled in.
#[utoipa::path(
    operation_id = "list_return_forms",
    tag = "return_forms",
    params(ReturnFormFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of entries", body = Page<ReturnFormView>)),
)]
#[get("/return_forms")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    list: List<ReturnFormFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let wanted = Wanted {
        holding_on: list.filter.as_of.map(|day| day.0),
        code: list.filter.code.clone(),
        class: list.filter.calendar.map(word).transpose()?,
        level: None,
    };
    answers::list::<ReturnForm, _>(grant, list, wanted, known, &state).await
}

/// Read a form of returns
///
/// One entry by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_return_form",
    tag = "return_forms",
    params(("id" = i64, Path, description = "The entry's id", example = 140), IfNoneMatch),
    responses((status = 200, description = "The entry", body = ReturnFormView)),
)]
#[get("/return_forms/{id}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::read::<ReturnForm>(grant, id, known, &state).await
}

/// Create a form of returns
///
/// Adds an entry. Entries of one code must not overlap; the measures that it names must exist.
#[utoipa::path(
    operation_id = "create_return_form",
    tag = "return_forms",
    request_body(content = ReturnFormContent, description = "The new entry"),
    responses((status = 201, description = "The new entry", body = ReturnFormView,
        headers(("Location" = String, description = "Address of the entry")))),
)]
#[post("/return_forms")]
pub async fn create(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    content: Json<ReturnFormContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::create::<ReturnForm>(grant, post, content, &state).await
}

/// Update a form of returns
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays. `code` can't change.
#[utoipa::path(
    operation_id = "update_return_form",
    tag = "return_forms",
    params(("id" = i64, Path, description = "The entry's id", example = 140)),
    request_body(
        content = Patch<ReturnFormContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"measures": ["members", "grassroots_unions"]}),
    ),
    responses((status = 200, description = "The entry after the change", body = ReturnFormView)),
)]
#[patch("/return_forms/{id}")]
pub async fn update(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    patch: Patch<ReturnFormContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::update::<ReturnForm>(grant, id, if_match, patch, &state).await
}

/// Delete a form of returns
///
/// Removes an entry that was made by mistake. What is no longer used gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_return_form",
    tag = "return_forms",
    params(("id" = i64, Path, description = "The entry's id", example = 140)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/return_forms/{id}")]
pub async fn delete(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::delete::<ReturnForm>(grant, id, if_match, &state).await
}
