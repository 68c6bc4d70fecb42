//! Writes of `clusters` and `cluster_members`, each with its event.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::{Event, Hold};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::{cluster_members, clusters};
use liendoan_core::{Error, Result, Scope, Tx, UnitId, on_engine};

use super::ClusterId;
use super::model::{Cluster, SoundContent};
use super::neighbours::{self, UnitIds};
use super::queries::{self, TOPIC};
use super::stretch::Stretch;
use crate::tree::{self, cover};

/// What a caller's content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = clusters, treat_none_as_null = true)]
struct Columns<'a> {
    code: &'a str,
    name: &'a str,
    kind: &'a str,
    owner_id: i64,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    declared_count: Option<i32>,
}

impl<'a> Columns<'a> {
    fn of(content: &'a SoundContent, units: &UnitIds) -> Self {
        Self {
            code: &content.code,
            name: &content.name,
            kind: content.kind.as_str(),
            owner_id: units[&content.owner],
            valid_from: content.period.from,
            valid_to: content.period.to,
            declared_count: content.declared_count,
        }
    }
}

/// Writers of one owner go one after the other, because their clusters share no unit on a day; and no
/// reorganisation is committed between the look at the tree and the write.
///
/// The tree first, for all: who waited for it with an owner in hand could wait for one that waits for
/// that owner.
fn lock(tx: &mut Tx<'_>, owner: &str) -> Result<()> {
    tree::hold(tx, Hold::Shared)?;
    tx.lock(TOPIC, [(owner, Hold::Alone)])
}

/// One that is about to be changed: by those alone who write for its owner.
pub fn find_to_write(tx: &mut Tx<'_>, scope: &Scope, id: ClusterId) -> Result<Cluster> {
    let cluster = queries::find(tx, scope, id)?;
    let owner = owner_of(tx, &cluster)?;
    check_writes(tx, scope, owner)?;
    Ok(cluster)
}

pub fn create(tx: &mut Tx<'_>, scope: &Scope, content: &SoundContent) -> Result<Cluster> {
    lock(tx, &content.owner)?;
    check_code_is_free(tx, &content.code)?;
    let units = neighbours::check(tx, content, None)?;
    let owner = UnitId(units[&content.owner]);
    check_writes(tx, scope, owner)?;
    let now = tx.now();
    let id: ClusterId = diesel::insert_into(clusters::table)
        .values((
            clusters::version.eq(1),
            clusters::created_at.eq(now),
            clusters::updated_at.eq(now),
            Columns::of(content, &units),
        ))
        .returning(clusters::id)
        .get_result(&mut **tx)?;
    insert_stretches(tx, id, content, &units)?;
    let cluster = Cluster {
        id,
        version: 1,
        content: content.clone(),
        created_at: now,
        updated_at: now,
    };
    record(tx, "cluster.created", owner, None, &cluster)?;
    Ok(cluster)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Cluster,
    content: &SoundContent,
) -> Result<Cluster> {
    if content.code != before.content.code {
        return Err(Error::at(FieldError::at("/code", Code::ReadOnly)));
    }
    lock(tx, &content.owner)?;
    let units = neighbours::check(tx, content, Some(before))?;
    let owner = UnitId(units[&content.owner]);
    check_writes(tx, scope, owner)?;
    let now = tx.now();
    let unchanged = clusters::id
        .eq(before.id)
        .and(clusters::version.eq(before.version));
    let updated = diesel::update(clusters::table.filter(unchanged))
        .set((
            clusters::version.eq(before.version + 1),
            clusters::updated_at.eq(now),
            Columns::of(content, &units),
        ))
        .execute(&mut **tx)?;
    if updated == 0 {
        return Err(Code::VersionOutdated.into());
    }
    delete_stretches(tx, before.id)?;
    insert_stretches(tx, before.id, content, &units)?;
    let cluster = Cluster {
        id: before.id,
        version: before.version + 1,
        content: content.clone(),
        created_at: before.created_at,
        updated_at: now,
    };
    record(tx, "cluster.updated", owner, Some(before), &cluster)?;
    Ok(cluster)
}

pub fn delete(tx: &mut Tx<'_>, before: &Cluster) -> Result<()> {
    let owner = owner_of(tx, before)?;
    delete_stretches(tx, before.id)?;
    let unchanged = clusters::id
        .eq(before.id)
        .and(clusters::version.eq(before.version));
    let deleted = diesel::delete(clusters::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    record(tx, "cluster.deleted", owner, None, before)
}

fn owner_of(tx: &mut Tx<'_>, cluster: &Cluster) -> Result<UnitId> {
    let query = clusters::table.find(cluster.id).select(clusters::owner_id);
    Ok(UnitId(query.first(&mut **tx)?))
}

/// Whoever writes for the owner manages its clusters.
fn check_writes(tx: &mut Tx<'_>, scope: &Scope, owner: UnitId) -> Result<()> {
    let today = tx.today();
    cover::check_writes(tx, scope, Some(owner), today)
}

fn check_code_is_free(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    let taken_by: Option<i64> = clusters::table
        .filter(clusters::code.eq(code))
        .select(clusters::id)
        .first(&mut **tx)
        .optional()?;
    match taken_by {
        None => Ok(()),
        Some(id) => Err(Error::new(Code::ClusterCodeTaken).with("id", id)),
    }
}

fn insert_stretches(
    tx: &mut Tx<'_>,
    id: ClusterId,
    content: &SoundContent,
    units: &UnitIds,
) -> Result<()> {
    let row = |stretch: &Stretch, is_head: bool| {
        (
            cluster_members::cluster_id.eq(id),
            cluster_members::unit_id.eq(units[&stretch.unit]),
            cluster_members::valid_from.eq(stretch.validity.from),
            cluster_members::valid_to.eq(stretch.validity.to),
            cluster_members::is_head.eq(is_head),
        )
    };
    let members = content.members.iter().map(|member| row(member, false));
    let heads = content.heads.iter().map(|head| row(head, true));
    let rows: Vec<_> = members.chain(heads).collect();
    let insert = diesel::insert_into(cluster_members::table).values(rows);
    on_engine!(&mut **tx, c => insert.execute(c))?;
    Ok(())
}

fn delete_stretches(tx: &mut Tx<'_>, id: ClusterId) -> Result<()> {
    let of_cluster = cluster_members::table.filter(cluster_members::cluster_id.eq(id));
    diesel::delete(of_cluster).execute(&mut **tx)?;
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    event_type: &'static str,
    owner: UnitId,
    before: Option<&Cluster>,
    cluster: &Cluster,
) -> Result<()> {
    let told = |cluster: &Cluster| {
        serde_json::to_value(cluster.content.to_content()).map_err(Error::internal)
    };
    let (before, data) = (before.map(told).transpose()?, told(cluster)?);
    let today = tx.today();
    let units = cover::concerned(tx, [owner], today)?;
    tx.record(Event {
        event_type,
        subject_id: cluster.id.0,
        subject_version: cluster.version,
        data: &data,
        before: before.as_ref(),
        units: &units,
    })
}
