//! The addresses under `/clusters`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use liendoan_core::day::Day;
use liendoan_core::{Result, Tx, sealer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ClusterId;
use super::changes;
use super::model::{ClusterContent, ClusterKind};
use super::queries::{self, Wanted};
use super::view::ClusterView;
use crate::http::grant::{EditClusters, ReadClusters};
use crate::http::list::{NoQuery, Paging, Query};
use crate::http::{
    Answer, Grant, Id, IfMatch, IfNoneMatch, Json, List, Page, Patch, Post, Problem, State,
    precondition,
};

/// What a list of clusters is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClusterFilter {
    /// Only clusters in whose period this day lies, such as `2025-06-30`.
    pub as_of: Option<Day>,
    /// Only clusters that the unit with this code keeps.
    pub owner: Option<String>,
    /// Only clusters of this kind.
    #[param(inline)]
    pub kind: Option<ClusterKind>,
    /// Only clusters of which the unit with this code is or was a member; with `as_of`, on that day.
    pub unit: Option<String>,
}

/// Of which day a cluster is told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AsOfParam {
    /// Tells only the members and the head of this day.
    pub as_of: Option<Day>,
}

/// List clusters
///
/// Clusters and blocks by the first day of their period, each with all its members and heads. Which
/// cluster a unit was in on a day: `unit` together with `as_of`.
#[utoipa::path(
    operation_id = "list_clusters",
    tag = "clusters",
    params(ClusterFilter, Paging),
    responses((status = 200, description = "A page of clusters", body = Page<ClusterView>)),
)]
#[get("/clusters")]
pub async fn list(
    grant: Grant<ReadClusters>,
    list: List<ClusterFilter>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let start = list.start::<(Day, i64)>()?.map(|(day, id)| (day.0, id));
    let wanted = Wanted {
        as_of: list.filter.as_of.map(|day| day.0),
        kind: list.filter.kind,
        owner: list.filter.owner.clone(),
        member: list.filter.unit.clone(),
    };
    let (counts, limit) = (list.counts(), list.rows_to_read());
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditClusters>();
    let (version, found) = state
        .store
        .read(move |db| {
            let version = sealer::position_of(db, queries::TOPIC)?;
            if version.is_some_and(|version| known.has(version)) {
                return Ok((version, None));
            }
            let clusters = queries::list(db, &scope, &wanted, start, limit)?;
            let total = counts.then(|| queries::count(db, &scope, &wanted));
            Ok((version, Some((clusters, total.transpose()?))))
        })
        .await?;
    let Some((clusters, total)) = found else {
        return Ok(precondition::unchanged(version.unwrap_or_default()));
    };
    list.answer(
        version,
        clusters,
        total,
        |cluster| (Day(cluster.content.period.from), cluster.id.0),
        |cluster| cluster.to_view(may_edit),
    )
}

/// Read a cluster
///
/// One cluster or block by its id, with its version as ETag and all members and heads it ever had. With
/// `as_of` those of that day: a member that has ended is out though it was admitted for longer, and a
/// head that has ended leaves none.
#[utoipa::path(
    operation_id = "read_cluster",
    tag = "clusters",
    params(("id" = i64, Path, description = "The cluster's id", example = 12), AsOfParam),
    responses((status = 200, description = "The cluster", body = ClusterView)),
)]
#[get("/clusters/{id}")]
pub async fn read(
    grant: Grant<ReadClusters>,
    id: Id<ClusterId>,
    query: Query<AsOfParam>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let may_edit = grant.caller.may::<EditClusters>();
    let as_of = query.0.as_of;
    let (cluster, living) = state
        .store
        .read(move |db| {
            let cluster = queries::find(db, &scope, id.0)?;
            let living = as_of.map(|day| queries::living(db, &scope, id.0, day.0));
            Ok((cluster, living.transpose()?))
        })
        .await?;
    let view = cluster.to_view(may_edit);
    Ok(match as_of.zip(living) {
        None => known.answer(cluster.version, &view),
        // No ETag: the version does not change when a unit ends.
        Some((day, living)) => HttpResponse::Ok().json(view.on(day, &living)),
    })
}

/// Create a cluster
///
/// Adds a cluster or a block. Each member stands below the owner on its first day, and is in no other
/// cluster of the same owner and kind on one of its days. One member at a time is the head.
#[utoipa::path(
    operation_id = "create_cluster",
    tag = "clusters",
    request_body(content = ClusterContent, description = "The new cluster"),
    responses((status = 201, description = "The new cluster", body = ClusterView,
        headers(("Location" = String, description = "Address of the cluster")))),
)]
#[post("/clusters")]
pub async fn create(
    grant: Grant<EditClusters>,
    _: NoQuery,
    post: Post,
    content: Json<ClusterContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let content_to_store = content.value.check()?;
    let scope = grant.scope().clone();
    let write = move |tx: &mut Tx<'_>| {
        let cluster = changes::create(tx, &scope, &content_to_store)?;
        Answer::new(StatusCode::CREATED)
            .location(format!("/api/v1/clusters/{}", cluster.id))
            .version(cluster.version)
            .json(&cluster.to_view(true))
    };
    state
        .write_once(&grant.caller, post, content.hash, write)
        .await
}

/// Update a cluster
///
/// A merge patch (RFC 7396): `members` and `heads` are replaced whole where they are given, the rest
/// stays. Who is a member up to an end of the period stays so when that end is moved. `code` can't change.
#[utoipa::path(
    operation_id = "update_cluster",
    tag = "clusters",
    params(("id" = i64, Path, description = "The cluster's id", example = 12)),
    request_body(
        content = Patch<ClusterContent>,
        content_type = "application/merge-patch+json",
        description = "What changes",
        example = json!({"heads": [{"unit": "hn-q-hk", "from": "2025-07-01"}]}),
    ),
    responses((status = 200, description = "The cluster after the change", body = ClusterView)),
)]
#[patch("/clusters/{id}")]
pub async fn update(
    grant: Grant<EditClusters>,
    _: NoQuery,
    id: Id<ClusterId>,
    if_match: IfMatch,
    patch: Patch<ClusterContent>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    let cluster = state
        .write(&grant.caller, move |tx| {
            let before = changes::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            let content = patch.apply(&before.content.to_content())?.check()?;
            if content == before.content {
                return Ok(before);
            }
            changes::update(tx, &scope, &before, &content)
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .version(cluster.version)
        .json(&cluster.to_view(true))?
        .into())
}

/// Delete a cluster
///
/// Removes a cluster that was made by mistake. One that was given up gets its last day instead, by an
/// update of `to`.
#[utoipa::path(
    operation_id = "delete_cluster",
    tag = "clusters",
    params(("id" = i64, Path, description = "The cluster's id", example = 12)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/clusters/{id}")]
pub async fn delete(
    grant: Grant<EditClusters>,
    _: NoQuery,
    id: Id<ClusterId>,
    if_match: IfMatch,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let scope = grant.scope().clone();
    state
        .write(&grant.caller, move |tx| {
            let before = changes::find_to_write(tx, &scope, id.0)?;
            if_match.check(before.version)?;
            changes::delete(tx, &before)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
