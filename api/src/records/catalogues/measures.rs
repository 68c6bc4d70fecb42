//! Measures: what figures are of. And the addresses under `/measures`.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::clock::rfc3339;
use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::period::Calendar;
use liendoan_core::{Result, Tx, text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::activity_kinds::Group;
use super::answers;
use super::forms::catalogue;
use super::model::{
    CODE_MAX, Catalogue, CatalogueAction, Common, Entry, EntryId, Fields, NamedAs, word,
};
use super::queries::Wanted;
use super::return_forms::ReturnForm;
use super::uses::check_unnamed_by;
use crate::http::grant::{EditReferenceData, ReadReferenceData};
use crate::http::list::{NoQuery, Paging};
use crate::http::{Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State};

/// The most decimals that a measure has.
pub const DECIMALS_MAX: i32 = 6;
/// How long a stock counts where nothing else is set, in months.
const CARRY_MONTHS: i32 = 12;
const CARRY_MONTHS_MAX: i32 = 120;

/// A `flow` adds up over time, such as members admitted; of a `stock`, such as members managed, the latest figure
/// counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    Flow,
    Stock,
}

/// The one kind of record in which a unit tells its own figures of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectedBy {
    Activity,
    Award,
    Agreement,
    Inspection,
    Return,
}

impl CollectedBy {
    /// The kind of record, by its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Award => "award",
            Self::Agreement => "agreement",
            Self::Inspection => "inspection",
            Self::Return => "return",
        }
    }
}

/// What is counted. `participation` (lượt) counts how often, not how many people; `vnd` is whole đồng, `percent` a
/// share that was told as one; `thing` is anything else that can be counted. More may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitOfMeasure {
    Person,
    Participation,
    Family,
    Collective,
    Unit,
    GrassrootsUnion,
    Event,
    Award,
    Agreement,
    Gift,
    Initiative,
    Thing,
    Vnd,
    Percent,
}

fn additive() -> bool {
    true
}

catalogue! {
    /// What makes an entry a measure.
    Measure {
        #[schema(inline)]
        kind: MeasureKind,
        /// Whether its figures are added up, over units and over time: prices and percentages are not.
        #[serde(default = "additive")]
        #[schema(default = true)]
        additive: bool,
        #[schema(inline)]
        collected_by: CollectedBy,
        #[serde(default)]
        #[schema(inline)]
        calendar: Calendar,
        /// Whether a unit may declare a total for itself and all under it, in a return.
        #[serde(default)]
        consolidated: bool,
        /// Numbers are whole numbers of the last decimal: with 2, hundredths.
        #[serde(default)]
        #[schema(minimum = 0, maximum = 6)]
        decimals: i32,
        /// Of a stock, and of it alone: for how many months its latest figure counts; 12 where it is not sent.
        #[serde(default)]
        #[schema(minimum = 1, maximum = 120)]
        carry_months: Option<i32>,
        #[schema(inline)]
        unit_of_measure: UnitOfMeasure,
        /// Code of the measure of which it is a part: what is told of the part is not more than what is told of the whole.
        #[serde(default)]
        #[schema(max_length = 64)]
        part_of: Option<String>,
        #[schema(inline)]
        group: Group,
    }

    /// What a caller sets: all of an entry but its identity.
    #[schema(as = MeasureContent, example = json!({
        "code": "members_admitted",
        "rank": 120,
        "name_vi": "Đoàn viên kết nạp mới",
        "name_en": "Members newly admitted",
        "kind": "flow",
        "additive": true,
        "collected_by": "activity",
        "calendar": "civil",
        "consolidated": true,
        "decimals": 0,
        "carry_months": null,
        "unit_of_measure": "person",
        "part_of": null,
        "group": "membership",
        "from": null,
        "to": null,
        "document": null
    }))]
    sent MeasureContent

    /// A measure over one stretch of time.
    #[schema(as = Measure, example = json!({
        "id": 80,
        "version": 1,
        "code": "members_admitted",
        "rank": 120,
        "name_vi": "Đoàn viên kết nạp mới",
        "name_en": "Members newly admitted",
        "kind": "flow",
        "additive": true,
        "collected_by": "activity",
        "calendar": "civil",
        "consolidated": true,
        "decimals": 0,
        "carry_months": null,
        "unit_of_measure": "person",
        "part_of": null,
        "group": "membership",
        "from": null,
        "to": null,
        "document": null,
        "created_at": "2026-11-28T02:00:00.000000Z",
        "updated_at": "2026-11-28T02:00:00.000000Z",
        "allowed_actions": ["edit", "delete"]
    }))]
    seen MeasureView
}

impl Catalogue for Measure {
    const NAME: &'static str = "measures";
    const NAMED_AS: NamedAs = NamedAs::Subject("measure");
    const TOPIC: &'static str = "measure";
    const CREATED: &'static str = "measure.created";
    const UPDATED: &'static str = "measure.updated";
    const DELETED: &'static str = "measure.deleted";
    const SEED: &'static str = include_str!("../../../../reference/measures.json");

    type Content = MeasureContent;
    type View = MeasureView;

    fn check(&mut self, code: &str, refused: &mut Vec<FieldError>) {
        let most = match self.unit_of_measure {
            UnitOfMeasure::Vnd => 0,
            _ => DECIMALS_MAX,
        };
        if !(0..=most).contains(&self.decimals) {
            let field = FieldError::at("/decimals", Code::OutOfRange);
            refused.push(field.with("min", 0).with("max", most));
        }
        match (self.kind, self.carry_months) {
            (MeasureKind::Flow, None) => {}
            (MeasureKind::Flow, Some(_)) => {
                refused.push(FieldError::at("/carry_months", Code::NotApplicable));
            }
            (MeasureKind::Stock, None) => self.carry_months = Some(CARRY_MONTHS),
            (MeasureKind::Stock, Some(months)) => {
                if !(1..=CARRY_MONTHS_MAX).contains(&months) {
                    let field = FieldError::at("/carry_months", Code::OutOfRange);
                    refused.push(field.with("min", 1).with("max", CARRY_MONTHS_MAX));
                }
            }
        }
        if let Some(whole) = &self.part_of {
            if let Err(code) = text::code(whole, '_', CODE_MAX) {
                refused.push(FieldError::at("/part_of", code));
            } else if whole == code {
                refused.push(FieldError::at("/part_of", Code::NotApplicable));
            }
        }
    }

    fn class(&self) -> Result<String> {
        word(self.group)
    }

    fn level(&self) -> Result<Option<String>> {
        word(self.kind).map(Some)
    }

    fn measures(&self) -> Vec<(String, &str)> {
        let whole = self.part_of.iter();
        whole
            .map(|code| ("/part_of".to_owned(), code.as_str()))
            .collect()
    }

    fn counts_as(&self, other: &Self) -> bool {
        let how = |measure: &Self| {
            (
                (measure.kind, measure.additive, measure.collected_by),
                (measure.calendar, measure.decimals, measure.carry_months),
            )
        };
        how(self) == how(other)
    }

    fn check_unnamed(tx: &mut Tx<'_>, code: &str) -> Result<()> {
        check_unnamed_by::<Self>(tx, code)?;
        check_unnamed_by::<ReturnForm>(tx, code)
    }
}

/// What a list of measures is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MeasureFilter {
    /// Only entries that hold on this day, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only entries of this code.
    pub code: Option<String>,
    /// Only measures of this field of work.
    #[param(inline)]
    pub group: Option<Group>,
    /// Only flows, or only stocks.
    #[param(inline)]
    pub kind: Option<MeasureKind>,
}

/// List measures
///
/// All entries, past and future ones too, in the order of the catalogue. With `as_of` only those that
/// hold on that day: those of which a record of that day may tell figures.
#[utoipa::path(
    operation_id = "list_measures",
    tag = "measures",
    params(MeasureFilter, Paging, IfNoneMatch),
    responses((status = 200, description = "A page of entries", body = Page<MeasureView>)),
)]
#[get("/measures")]
pub async fn list(
    grant: Grant<ReadReferenceData>,
    list: List<MeasureFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let wanted = Wanted {
        holding_on: list.filter.as_of.map(|day| day.0),
        code: list.filter.code.clone(),
        class: list.filter.group.map(word).transpose()?,
        level: list.filter.kind.map(word).transpose()?,
    };
    answers::list::<Measure, _>(grant, list, wanted, known, &state).await
}

/// Read a measure
///
/// One entry by its id, with its version as ETag.
#[utoipa::path(
    operation_id = "read_measure",
    tag = "measures",
    params(("id" = i64, Path, description = "The entry's id", example = 80), IfNoneMatch),
    responses((status = 200, description = "The entry", body = MeasureView)),
)]
#[get("/measures/{id}")]
pub async fn read(
    grant: Grant<ReadReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::read::<Measure>(grant, id, known, &state).await
}

/// Create a measure
///
/// Adds an entry. Entries of one code must not overlap; the measure of which it is a part must exist.
#[utoipa::path(
    operation_id = "create_measure",
    tag = "measures",
    request_body(content = MeasureContent, description = "The new entry"),
    responses((status = 201, description = "The new entry", body = MeasureView,
        headers(("Location" = String, description = "Address of the entry")))),
)]
#[post("/measures")]
pub async fn create(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    post: Post,
    content: Json<MeasureContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::create::<Measure>(grant, post, content, &state).await
}

/// Update a measure
///
/// A merge patch (RFC 7396): members given are set, null clears, the rest stays. `code` can't change.
#[utoipa::path(
    operation_id = "update_measure",
    tag = "measures",
    params(("id" = i64, Path, description = "The entry's id", example = 80)),
    request_body(
        content = Patch<MeasureContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"name_en": "New members", "to": "2027-01-01"}),
    ),
    responses((status = 200, description = "The entry after the change", body = MeasureView)),
)]
#[patch("/measures/{id}")]
pub async fn update(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    patch: Patch<MeasureContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::update::<Measure>(grant, id, if_match, patch, &state).await
}

/// Delete a measure
///
/// Removes an entry that was made by mistake. What is no longer used gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_measure",
    tag = "measures",
    params(("id" = i64, Path, description = "The entry's id", example = 80)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/measures/{id}")]
pub async fn delete(
    grant: Grant<EditReferenceData>,
    _: NoQuery,
    id: Id<EntryId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answers::delete::<Measure>(grant, id, if_match, &state).await
}
