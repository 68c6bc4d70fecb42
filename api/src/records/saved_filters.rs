//! Filters of lists that somebody keeps under a name, at `/account/filters`. They are one's own: nobody else sees
//! them, and a list that is asked by one shows no more than it does without.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use diesel::prelude::*;
use liendoan_core::audit::Entry;
use liendoan_core::clock::rfc3339;
use liendoan_core::db::Hold;
use liendoan_core::error::FieldError;
use liendoan_core::schema::saved_filters as filters;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::{Code, Db, Error, Result, Timestamp, Tx, on_engine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::list::NoQuery;
use crate::http::{Answer, Id, IfMatch, Json, Patch, Post, Problem, SignedIn, State};

liendoan_core::id! {
    /// A filter that somebody keeps.
    FilterId
}

/// Filters of one account, at most.
const FILTERS_MAX: i64 = 100;
/// Parameters of one filter, and the longest value, in characters.
const PARAMETERS_MAX: usize = 30;
const VALUE_MAX: usize = 300;
/// The longest name of a list or a parameter.
const CODE_MAX: usize = 64;

/// What somebody keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SavedFilterContent, example = json!({
    "name": "Hội nghị chưa duyệt", "list": "activities",
    "parameters": {"unit": "code:hn-q-btl", "tree": "now", "state": "submitted", "kind": "employee_conference"}
}))]
pub struct Content {
    /// Unique among one's own filters of the list.
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// The list's address without its slash: `activities`.
    #[schema(pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", max_length = 64)]
    pub list: String,
    /// Query parameters by their names. What the list takes it says itself, when it is asked by them.
    #[schema(value_type = Object)]
    pub parameters: BTreeMap<String, String>,
}

impl Content {
    fn check(mut self) -> Result<Self> {
        let mut refused = Vec::new();
        let too_long = |field: FieldError, max: usize| match field.code {
            Code::TooLong => field.with("max", max),
            _ => field,
        };
        match text::name(&self.name, NAME_MAX) {
            Ok(name) => self.name = name,
            Err(code) => refused.push(too_long(FieldError::at("/name", code), NAME_MAX)),
        }
        if let Err(code) = text::code(&self.list, '_', CODE_MAX) {
            refused.push(FieldError::at("/list", code));
        }
        if self.parameters.len() > PARAMETERS_MAX {
            let field = FieldError::at("/parameters", Code::TooMany);
            refused.push(field.with("max", PARAMETERS_MAX));
        }
        for (name, value) in self.parameters.iter().take(PARAMETERS_MAX) {
            let read = text::code(name, '_', CODE_MAX);
            let read = read.and_then(|()| text::name(value, VALUE_MAX).map(drop));
            if let Err(code) = read {
                let pointer = name.replace('~', "~0").replace('/', "~1");
                let field = FieldError::at(format!("/parameters/{pointer}"), code);
                refused.push(too_long(field, VALUE_MAX));
            }
        }
        if refused.is_empty() {
            Ok(self)
        } else {
            Err(Error::fields(refused))
        }
    }
}

/// A filter that somebody keeps.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SavedFilter, example = json!({
    "id": 4, "version": 1, "name": "Hội nghị chưa duyệt", "list": "activities",
    "parameters": {"unit": "code:hn-q-btl", "tree": "now", "state": "submitted", "kind": "employee_conference"},
    "created_at": "2026-11-21T01:00:00.000000Z", "updated_at": "2026-11-21T01:00:00.000000Z"
}))]
pub struct Filter {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    pub name: String,
    pub list: String,
    #[schema(value_type = Object)]
    pub parameters: BTreeMap<String, String>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
}

impl Filter {
    fn content(&self) -> Content {
        Content {
            name: self.name.clone(),
            list: self.list.clone(),
            parameters: self.parameters.clone(),
        }
    }
}

/// All filters of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedFilters)]
pub struct Filters {
    #[schema(max_items = 100)]
    pub items: Vec<Filter>,
}

type Row = (i64, i32, String, String, String, Timestamp, Timestamp);

fn filter((id, version, name, of_list, parameters, created_at, updated_at): Row) -> Result<Filter> {
    Ok(Filter {
        id,
        version,
        name,
        list: of_list,
        parameters: serde_json::from_str(&parameters).map_err(Error::internal)?,
        created_at: rfc3339(created_at),
        updated_at: rfc3339(updated_at),
    })
}

/// One's own, in the columns of a [`Row`].
macro_rules! own {
    ($account:expr) => {
        filters::table
            .filter(filters::account_id.eq($account))
            .select((
                filters::id,
                filters::version,
                filters::name,
                filters::list,
                filters::parameters,
                filters::created_at,
                filters::updated_at,
            ))
    };
}

fn find(db: &mut Db, account: i64, id: FilterId) -> Result<Filter> {
    let query = own!(account).filter(filters::id.eq(id.0));
    filter(on_engine!(db, c => query.first(c))?)
}

/// So that two at once keep neither one name twice, nor one filter too many.
fn take_turns(tx: &mut Tx<'_>, account: i64) -> Result<()> {
    let account = account.to_string();
    tx.lock("saved_filter", [(account.as_str(), Hold::Alone)])
}

/// Whether another of one's own filters of the list bears the name.
fn check_name_is_free(tx: &mut Tx<'_>, account: i64, content: &Content, own: i64) -> Result<()> {
    let query = own!(account)
        .filter(filters::list.eq(&content.list))
        .filter(filters::name.eq(&content.name))
        .filter(filters::id.ne(own));
    let same: Option<Row> = query.first(&mut **tx).optional()?;
    match same {
        None => Ok(()),
        Some(_) => Err(Code::FilterNameTaken.into()),
    }
}

/// What one keeps for oneself concerns no unit, and nobody follows it.
fn leave_entry(
    tx: &mut Tx<'_>,
    action: &str,
    id: i64,
    before: Option<&Filter>,
    after: Option<&Filter>,
) -> Result<()> {
    let told = |filter: &Filter| serde_json::to_value(filter.content()).map_err(Error::internal);
    let (before, after) = (before.map(told).transpose()?, after.map(told).transpose()?);
    tx.audit(Entry {
        action,
        object_id: Some(id),
        before: before.as_ref(),
        after: after.as_ref(),
        ..Entry::default()
    })
}

/// List one's own filters
///
/// All that are kept, by list and name.
#[utoipa::path(
    operation_id = "list_own_filters",
    tag = "saved_filters",
    responses((status = 200, description = "The filters", body = Filters)),
)]
#[get("/account/filters")]
pub async fn list(
    me: SignedIn,
    _: NoQuery,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let kept = state.store.query(move |db| {
        let query = own!(me.account).order((filters::list, filters::name));
        let kept: Vec<Row> = on_engine!(db, c => query.load(c))?;
        kept.into_iter().map(filter).collect::<Result<Vec<_>>>()
    });
    Ok(HttpResponse::Ok().json(Filters { items: kept.await? }))
}

/// Keep a filter
///
/// Under a name, for oneself: up to 100.
#[utoipa::path(
    operation_id = "create_own_filter",
    tag = "saved_filters",
    request_body(content = Content, description = "What is kept"),
    responses((status = 201, description = "The filter", body = Filter)),
)]
#[post("/account/filters")]
pub async fn create(
    me: SignedIn,
    _: NoQuery,
    post: Post,
    content: Json<Content>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let new = content.value.check()?;
    let account = me.account;
    let write = move |tx: &mut Tx<'_>| {
        take_turns(tx, account)?;
        check_name_is_free(tx, account, &new, 0)?;
        let kept = filters::table.filter(filters::account_id.eq(account));
        let kept: i64 = kept.count().get_result(&mut **tx)?;
        if kept >= FILTERS_MAX {
            let field = FieldError::at("", Code::TooMany);
            return Err(Error::at(field.with("max", FILTERS_MAX)));
        }
        let now = tx.now();
        let parameters = serde_json::to_string(&new.parameters).map_err(Error::internal)?;
        let id: i64 = diesel::insert_into(filters::table)
            .values((
                filters::version.eq(1),
                filters::account_id.eq(account),
                filters::name.eq(&new.name),
                filters::list.eq(&new.list),
                filters::parameters.eq(parameters),
                filters::created_at.eq(now),
                filters::updated_at.eq(now),
            ))
            .returning(filters::id)
            .get_result(&mut **tx)?;
        let filter = find(tx, account, FilterId(id))?;
        leave_entry(tx, "saved_filter.created", id, None, Some(&filter))?;
        Answer::new(StatusCode::CREATED).version(1).json(&filter)
    };
    state
        .write_once(&me.caller, post, content.hash, write)
        .await
}

/// Change a filter
///
/// A merge patch (RFC 7396) of one's own: members given are set, and a parameter that is null is left out.
#[utoipa::path(
    operation_id = "update_own_filter",
    tag = "saved_filters",
    params(("id" = i64, Path, description = "The filter's id", example = 4)),
    request_body(
        content = Patch<Content>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"parameters": {"state": "approved", "kind": null}}),
    ),
    responses((status = 200, description = "The filter after the change", body = Filter)),
)]
#[patch("/account/filters/{id}")]
pub async fn update(
    me: SignedIn,
    _: NoQuery,
    id: Id<FilterId>,
    if_match: IfMatch,
    patch: Patch<Content>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let account = me.account;
    let answer = state
        .write(&me.caller, move |tx| {
            take_turns(tx, account)?;
            let before = find(tx, account, id.0)?;
            if_match.check(before.version)?;
            let new = patch.apply(&before.content())?.check()?;
            if new == before.content() {
                let answer = Answer::new(StatusCode::OK).version(before.version);
                return answer.json(&before);
            }
            check_name_is_free(tx, account, &new, before.id)?;
            let now = tx.now();
            let parameters = serde_json::to_string(&new.parameters).map_err(Error::internal)?;
            diesel::update(filters::table.find(before.id))
                .set((
                    filters::version.eq(before.version + 1),
                    filters::name.eq(&new.name),
                    filters::list.eq(&new.list),
                    filters::parameters.eq(parameters),
                    filters::updated_at.eq(now),
                ))
                .execute(&mut **tx)?;
            let after = find(tx, account, id.0)?;
            leave_entry(
                tx,
                "saved_filter.updated",
                after.id,
                Some(&before),
                Some(&after),
            )?;
            Answer::new(StatusCode::OK)
                .version(after.version)
                .json(&after)
        })
        .await?;
    Ok(answer.into())
}

/// Delete a filter
///
/// One of one's own.
#[utoipa::path(
    operation_id = "delete_own_filter",
    tag = "saved_filters",
    params(("id" = i64, Path, description = "The filter's id", example = 4)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/account/filters/{id}")]
pub async fn delete(
    me: SignedIn,
    _: NoQuery,
    id: Id<FilterId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let account = me.account;
    state
        .write(&me.caller, move |tx| {
            take_turns(tx, account)?;
            let before = find(tx, account, id.0)?;
            if_match.check(before.version)?;
            diesel::delete(filters::table.find(before.id)).execute(&mut **tx)?;
            leave_entry(tx, "saved_filter.deleted", before.id, Some(&before), None)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
