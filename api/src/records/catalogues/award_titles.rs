//! Award titles, and the addresses under `/award_titles`.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::Result;
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
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

/// Kinds of unit that may issue one title, at most.
const ISSUERS_MAX: usize = 100;

/// What a title is: `emulation_title` (danh hiệu thi đua), `flag` (cờ thi đua), `certificate_of_merit` (bằng
/// khen), `commendation` (giấy khen), `commemorative_medal` (kỷ niệm chương), `order_or_medal` (huân chương,
/// huy chương), `prize` (giải thưởng), or something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    EmulationTitle,
    Flag,
    CertificateOfMerit,
    Commendation,
    CommemorativeMedal,
    OrderOrMedal,
    Prize,
    Other,
}

/// Who issues a title: the `state` by its president; the `government` or its prime minister; a `ministry` or
/// another central body of that rank; the general `confederation`; a union of level 2 (`province`), of level 3
/// (`upper`) or of level 4 (`grassroots`); a `party_or_state_body` below the centre, such as a people's
/// committee. More may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    State,
    Government,
    Ministry,
    Confederation,
    Province,
    Upper,
    Grassroots,
    PartyOrStateBody,
}

/// Who can be given a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Individual,
    Collective,
    Family,
}

catalogue! {
    /// What makes an entry an award title.
    AwardTitle {
        #[schema(inline)]
        form: Form,
        /// Null where it is not known.
        #[schema(inline)]
        level: Option<Level>,
        /// Codes of the kinds of unit that may issue it; empty: not known, or none does.
        #[serde(default)]
        #[schema(max_items = 100)]
        issuer_kinds: Vec<String>,
        /// Who can be given it, one at least.
        #[schema(inline, min_items = 1, max_items = 3)]
        recipients: Vec<Recipient>,
    }

    /// What a caller sets: all of an entry but its identity.
    #[schema(as = AwardTitleContent, example = json!({
        "code": "confederation_certificate_of_merit",
        "rank": 20,
        "name_vi": "Bằng khen của Tổng Liên đoàn Lao động Việt Nam",
        "name_en": "Certificate of merit of the General Confederation",
        "form": "certificate_of_merit",
        "level": "confederation",
        "issuer_kinds": ["confederation"],
        "recipients": ["individual", "collective"],
        "from": null,
        "to": null,
        "document": null
    }))]
    sent AwardTitleContent

    /// An award title over one stretch of time.
    #[schema(as = AwardTitle, example = json!({
        "id": 52,
        "version": 1,
        "code": "confederation_certificate_of_merit",
        "rank": 20,
        "name_vi": "Bằng khen của Tổng Liên đoàn Lao động Việt Nam",
        "name_en": "Certificate of merit of the General Confederation",
        "form": "certificate_of_merit",
        "level": "confederation",
        "issuer_kinds": ["confederation"],
        "recipients": ["individual", "collective"],
        "from": null,
        "to": null,
        "document": null,
        "created_at": "2026-11-28T02:00:00.000000Z",
        "updated_at": "2026-11-28T02:00:00.000000Z",
        "allowed_actions": ["edit", "delete"]
    }))]
    seen AwardTitleView
}

impl Catalogue for AwardTitle {
    const NAME: &'static str = "award_titles";
    const NAMED_AS: NamedAs = NamedAs::Category("award");
    const TOPIC: &'static str = "award_title";
    const CREATED: &'static str = "award_title.created";
    const UPDATED: &'static str = "award_title.updated";
    const DELETED: &'static str = "award_title.deleted";
    const SEED: &'static str = include_str!("../../../../reference/award_titles.json");

    type Content = AwardTitleContent;
    type View = AwardTitleView;

    fn check(&mut self, _: &str, refused: &mut Vec<FieldError>) {
        if self.issuer_kinds.len() > ISSUERS_MAX {
            let field = FieldError::at("/issuer_kinds", Code::TooMany);
            refused.push(field.with("max", ISSUERS_MAX));
        }
        for (index, kind) in self.issuer_kinds.iter().enumerate().take(ISSUERS_MAX) {
            let pointer = format!("/issuer_kinds/{index}");
            if let Err(code) = text::code(kind, '_', CODE_MAX) {
                refused.push(FieldError::at(pointer, code));
            } else if self.issuer_kinds[..index].contains(kind) {
                refused.push(FieldError::at(pointer, Code::Repeated));
            }
        }
        if self.recipients.is_empty() {
            refused.push(FieldError::at("/recipients", Code::TooFew).with("min", 1));
        }
        // The first repetition is enough: there are but three to name.
        let mut recipients = self.recipients.iter().enumerate();
        if let Some((index, _)) = recipients.find(|(i, r)| self.recipients[..*i].contains(r)) {
            let pointer = format!("/recipients/{index}");
            refused.push(FieldError::at(pointer, Code::Repeated));
        }
    }

    fn class(&self) -> Result<String> {
        word(self.form)
    }

    fn level(&self) -> Result<Option<String>> {
        self.level.map(word).transpose()
    }

    fn issuer_kinds(&self) -> &[String] {
        &self.issuer_kinds
    }
}

/// What a list of award titles is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AwardTitleFilter {
    /// Only entries that hold on this day, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only entries of this code.
    pub code: Option<String>,
    /// Only entries of this form.
    #[param(inline)]
    pub form: Option<Form>,
    /// Only entries that are issued at this level.
    #[param(inline)]
    pub level: Option<Level>,
}

/// List award titles
///
/// All entries, past and future ones too, in the order of the catalogue. With `as_of` only those that
/// hold on that day: those that a record of that day may name.
#[utoipa::path(
    operation_id = "list_award_titles",
    tag = "award_titles",
    params(AwardTitleFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of entries", body = Page<AwardTitleView>)),
)]
#[get("/award_titles")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    list: List<AwardTitleFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let wanted = Wanted {
        holding_on: list.filter.as_of.map(|day| day.0),
        code: list.filter.code.clone(),
        class: list.filter.form.map(word).transpose()?,
        level: list.filter.level.map(word).transpose()?,
    };
    answers::list::<AwardTitle, _>(grant, list, wanted, known, &state).await
}

/// Read an award title
///
/// One entry by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_award_title",
    tag = "award_titles",
    params(("id" = i64, Path, description = "The entry's id", example = 52), IfNoneMatch),
    responses((status = 200, description = "The entry", body = AwardTitleView)),
)]
#[get("/award_titles/{id}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::read::<AwardTitle>(grant, id, known, &state).await
}

/// Create an award title
///
/// Adds an entry. Entries of one code must not overlap; the kinds of unit that may issue it must exist.
#[utoipa::path(
    operation_id = "create_award_title",
    tag = "award_titles",
    request_body(content = AwardTitleContent, description = "The new entry"),
    responses((status = 201, description = "The new entry", body = AwardTitleView,
        headers(("Location" = String, description = "Address of the entry")))),
)]
#[post("/award_titles")]
pub async fn create(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    content: Json<AwardTitleContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::create::<AwardTitle>(grant, post, content, &state).await
}

/// Update an award title
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays. `code` can't change.
#[utoipa::path(
    operation_id = "update_award_title",
    tag = "award_titles",
    params(("id" = i64, Path, description = "The entry's id", example = 52)),
    request_body(
        content = Patch<AwardTitleContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"recipients": ["individual"], "to": "2027-01-01"}),
    ),
    responses((status = 200, description = "The entry after the change", body = AwardTitleView)),
)]
#[patch("/award_titles/{id}")]
pub async fn update(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    patch: Patch<AwardTitleContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::update::<AwardTitle>(grant, id, if_match, patch, &state).await
}

/// Delete an award title
///
/// Removes an entry that was made by mistake. What is no longer used gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_award_title",
    tag = "award_titles",
    params(("id" = i64, Path, description = "The entry's id", example = 52)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/award_titles/{id}")]
pub async fn delete(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::delete::<AwardTitle>(grant, id, if_match, &state).await
}
