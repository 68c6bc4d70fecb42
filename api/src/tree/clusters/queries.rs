//! Reads of `clusters` and `cluster_members`. They are for everybody signed in, and still each query is
//! told for whom.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::paging::after;
use liendoan_core::schema::{cluster_members, clusters, unit_states, units};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Db, Error, Result, Scope, Timestamp};

use super::ClusterId;
use super::model::{Cluster, ClusterKind, SoundContent};
use super::neighbours::find_unit_by_code;
use super::stretch::Stretch;

/// What events on clusters are about: `cluster.updated`.
pub const TOPIC: &str = "cluster";

/// Ids in one statement, at most: SQLite takes some 32,000 values, and a reorganisation may touch more
/// units.
const CHUNK: usize = 10_000;

#[derive(Queryable)]
struct Row {
    id: ClusterId,
    version: i32,
    code: String,
    name: String,
    kind: String,
    owner: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    declared_count: Option<i32>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Clusters with the codes of their owners, as [`Row`]s.
macro_rules! rows {
    () => {
        clusters::table
            .inner_join(units::table.on(units::id.eq(clusters::owner_id)))
            .select((
                clusters::id,
                clusters::version,
                clusters::code,
                clusters::name,
                clusters::kind,
                units::code,
                clusters::valid_from,
                clusters::valid_to,
                clusters::declared_count,
                clusters::created_at,
                clusters::updated_at,
            ))
    };
}

impl Row {
    fn with(self, members: Vec<Stretch>, heads: Vec<Stretch>) -> Result<Cluster> {
        let kind = ClusterKind::ALL
            .into_iter()
            .find(|k| k.as_str() == self.kind);
        Ok(Cluster {
            id: self.id,
            version: self.version,
            content: SoundContent {
                code: self.code,
                name: self.name,
                kind: kind.ok_or_else(|| Error::internal("a kind of cluster of no meaning"))?,
                owner: self.owner,
                period: Validity {
                    from: self.valid_from,
                    to: self.valid_to,
                },
                declared_count: self.declared_count,
                members,
                heads,
            },
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Brings the members and heads of all by one query, in the order in which they were given.
fn complete(db: &mut Db, rows: Vec<Row>) -> Result<Vec<Cluster>> {
    let ids: Vec<ClusterId> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(ClusterId, bool, String, NaiveDate, NaiveDate)> = cluster_members::table
        .inner_join(units::table.on(units::id.eq(cluster_members::unit_id)))
        .filter(cluster_members::cluster_id.eq_any(ids))
        .order(cluster_members::id)
        .select((
            cluster_members::cluster_id,
            cluster_members::is_head,
            units::code,
            cluster_members::valid_from,
            cluster_members::valid_to,
        ))
        .load(db)?;
    let mut stretches: BTreeMap<(ClusterId, bool), Vec<Stretch>> = BTreeMap::new();
    for (id, is_head, unit, from, to) in found {
        let validity = Validity { from, to };
        let of_cluster = stretches.entry((id, is_head)).or_default();
        of_cluster.push(Stretch { unit, validity });
    }
    let mut take = |id, is_head| stretches.remove(&(id, is_head)).unwrap_or_default();
    let complete = |row: Row| {
        let (members, heads) = (take(row.id, false), take(row.id, true));
        row.with(members, heads)
    };
    rows.into_iter().map(complete).collect()
}

pub fn find(db: &mut Db, _: &Scope, id: ClusterId) -> Result<Cluster> {
    let row: Row = rows!().filter(clusters::id.eq(id)).first(db)?;
    let found = complete(db, vec![row])?.pop();
    found.ok_or_else(|| Code::NotFound.into())
}

/// Codes of the units that live on `day` among all that ever were in the cluster.
pub fn living(db: &mut Db, _: &Scope, id: ClusterId, day: NaiveDate) -> Result<BTreeSet<String>> {
    let living: Vec<String> = cluster_members::table
        .inner_join(unit_states::table.on(unit_states::unit_id.eq(cluster_members::unit_id)))
        .filter(cluster_members::cluster_id.eq(id))
        .filter(unit_states::effective_on.le(day))
        .filter(unit_states::valid_to.gt(day))
        .filter(unit_states::alive)
        .select(unit_states::code)
        .load(db)?;
    Ok(living.into_iter().collect())
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub as_of: Option<NaiveDate>,
    pub kind: Option<ClusterKind>,
    /// Code of the owner.
    pub owner: Option<String>,
    /// Code of a member.
    pub member: Option<String>,
}

macro_rules! matching {
    ($db:expr, $wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = rows!().into_boxed();
        if let Some(day) = wanted.as_of {
            query = query.filter(clusters::valid_from.le(day).and(clusters::valid_to.gt(day)));
        }
        if let Some(kind) = wanted.kind {
            query = query.filter(clusters::kind.eq(kind.as_str()));
        }
        if let Some(owner) = &wanted.owner {
            query = query.filter(units::code.eq(owner.clone()));
        }
        if let Some(member) = &wanted.member {
            let of_member = with_member($db, member, wanted.as_of)?;
            query = query.filter(clusters::id.eq_any(of_member));
        }
        query
    }};
}

/// Clusters in their order, after `(valid_from, id)`.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    start: Option<(NaiveDate, i64)>,
    limit: i64,
) -> Result<Vec<Cluster>> {
    let mut query = matching!(db, wanted);
    if let Some(key) = start {
        query = query.filter(after((clusters::valid_from, clusters::id), key));
    }
    let in_order = query.order((clusters::valid_from, clusters::id));
    let rows: Vec<Row> = in_order.limit(limit).load(db)?;
    complete(db, rows)
}

pub fn count(db: &mut Db, _: &Scope, wanted: &Wanted) -> Result<i64> {
    let query = matching!(db, wanted);
    Ok(query.count().get_result(db)?)
}

/// Clusters that the unit is or was a member of, or was on this very day. They are few.
fn with_member(db: &mut Db, unit: &str, as_of: Option<NaiveDate>) -> Result<Vec<ClusterId>> {
    let Some(unit) = find_unit_by_code(db, unit)? else {
        return Ok(Vec::new());
    };
    let mut query = cluster_members::table
        .filter(cluster_members::unit_id.eq(unit))
        .filter(cluster_members::is_head.eq(false))
        .select(cluster_members::cluster_id)
        .into_boxed();
    if let Some(day) = as_of {
        let (from, to) = (cluster_members::valid_from, cluster_members::valid_to);
        query = query.filter(from.le(day).and(to.gt(day)));
    }
    Ok(query.load(db)?)
}

/// A cluster on which a change of units may bear.
pub struct Touched {
    pub code: String,
    /// Ids of the units that head it, each with its days.
    pub heads: Vec<(i64, Validity)>,
}

/// Clusters that one of these units owns, is or was a member or the head of, by code.
pub fn touched_by(db: &mut Db, _: &Scope, unit_ids: &[i64]) -> Result<Vec<Touched>> {
    let mut touched: BTreeMap<ClusterId, String> = BTreeMap::new();
    for ids in unit_ids.chunks(CHUNK) {
        let owned: Vec<(ClusterId, String)> = clusters::table
            .filter(clusters::owner_id.eq_any(ids.to_vec()))
            .select((clusters::id, clusters::code))
            .load(db)?;
        let joined: Vec<(ClusterId, String)> = cluster_members::table
            .inner_join(clusters::table.on(clusters::id.eq(cluster_members::cluster_id)))
            .filter(cluster_members::unit_id.eq_any(ids.to_vec()))
            .select((clusters::id, clusters::code))
            .load(db)?;
        touched.extend(owned.into_iter().chain(joined));
    }
    let mut heads = heads_of(db, touched.keys().copied().collect())?;
    let touched = touched.into_iter().map(|(id, code)| Touched {
        code,
        heads: heads.remove(&id).unwrap_or_default(),
    });
    let mut touched: Vec<_> = touched.collect();
    touched.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(touched)
}

type Heads = BTreeMap<ClusterId, Vec<(i64, Validity)>>;

fn heads_of(db: &mut Db, clusters: Vec<ClusterId>) -> Result<Heads> {
    let mut heads = Heads::new();
    for ids in clusters.chunks(CHUNK) {
        let found: Vec<(ClusterId, i64, NaiveDate, NaiveDate)> = cluster_members::table
            .filter(cluster_members::cluster_id.eq_any(ids.to_vec()))
            .filter(cluster_members::is_head.eq(true))
            .order((cluster_members::valid_from, cluster_members::id))
            .select((
                cluster_members::cluster_id,
                cluster_members::unit_id,
                cluster_members::valid_from,
                cluster_members::valid_to,
            ))
            .load(db)?;
        for (cluster, unit, from, to) in found {
            let of_cluster = heads.entry(cluster).or_default();
            of_cluster.push((unit, Validity { from, to }));
        }
    }
    Ok(heads)
}
