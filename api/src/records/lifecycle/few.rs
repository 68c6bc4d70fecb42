//! Whether a list is narrowed so far by one condition alone that few records are left: they are found by the index of
//! that condition and then put in order. Where each leaves many, the list is walked in its own order instead, and
//! each row looked at: a page is full soon. Either way a page costs about the same.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Engine, Statement, Value};
use liendoan_core::{Db, Result, Scope, on_engine};

use super::kind::RecordKind;
use super::list::Wanted;
use super::state::State;
use super::words;

/// As many are put in order.
const FEW: i64 = 2_000;

/// Records that one condition leaves.
#[derive(Clone)]
pub struct Few {
    /// A statement that finds their ids as `record_id`, from `$1` on, in the order of an index: for the first of
    /// many, which it takes them for, PostgreSQL would rather read the whole table.
    found: String,
    pub values: Vec<Value>,
    engine: Engine,
}

impl Few {
    /// Their ids, found before anything else is asked: PostgreSQL would rather look through a whole list for the
    /// first of them. It cannot see how few they are, and takes any list of values for a handful: then it looks up each
    /// by its id. For as many as they may be it would read all of their kind.
    pub fn by_themselves(&self) -> String {
        let found = &self.found;
        match self.engine {
            Engine::Sqlite => format!(
                "WITH found AS MATERIALIZED ({found} LIMIT {FEW}) SELECT record_id FROM found"
            ),
            Engine::Postgres => {
                format!("SELECT UNNEST(ARRAY({found} LIMIT {FEW})) AS record_id")
            }
        }
    }

    fn are_few(&self, db: &mut Db) -> Result<bool> {
        #[derive(QueryableByName)]
        struct Found {
            #[diesel(sql_type = BigInt)]
            many: i64,
        }
        let (found, limit) = (&self.found, self.values.len() + 1);
        let text =
            format!("SELECT COUNT(*) AS many FROM (SELECT 1 FROM ({found}) w LIMIT ${limit}) f");
        let values = self.values.iter().cloned().chain([Value::from(FEW + 1)]);
        let query = values.fold(Statement::new(text), Statement::bind);
        let Found { many } = on_engine!(db, c => query.get_result(c))?;
        Ok(many <= FEW)
    }
}

/// The few that are left of a list by one of its conditions; None where each leaves many, or there is none.
pub fn of(db: &mut Db, scope: &Scope, kind: RecordKind, wanted: &Wanted) -> Result<Option<Few>> {
    let is_whole = *scope == Scope::All && wanted.under.is_none();
    for one in conditions(db, kind, wanted, is_whole) {
        if one.are_few(db)? {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

/// What a list is narrowed to that has an index of its own, if by more than a unit.
fn conditions(db: &Db, kind: RecordKind, wanted: &Wanted, is_whole: bool) -> Vec<Few> {
    let engine = db.engine();
    let few = |found, values| Few {
        found,
        values,
        engine,
    };
    let mut all = Vec::new();
    for mention in &wanted.naming {
        let mut values = Vec::new();
        let (subject, id) = mention.found(&mut values);
        let found = format!(
            "SELECT record_id FROM record_mentions WHERE subject = '{subject}' AND subject_id = {id}"
        );
        all.push(few(found, values));
    }
    if let Some(sought) = &wanted.sought {
        let values = vec![sought.for_index(db).as_str().into()];
        all.push(few(words::by_index(db, "$1"), values));
    }
    let of_kind = "SELECT id AS record_id FROM records WHERE kind = $1";
    let kind = Value::from(kind.as_str());
    if let Some(due) = wanted.due_from.or(wanted.due_to) {
        let mut values = vec![kind.clone(), due.into()];
        let mut found = match wanted.due_from {
            Some(_) => format!("{of_kind} AND due_on >= $2"),
            None => format!("{of_kind} AND due_on < $2"),
        };
        if let (Some(_), Some(to)) = (wanted.due_from, wanted.due_to) {
            values.push(to.into());
            found += " AND due_on < $3";
        }
        found += " ORDER BY due_on";
        all.push(few(found, values));
    }
    for (column, value) in [
        ("category", wanted.category.as_deref()),
        ("status", wanted.status),
    ] {
        // A whole list lies in its order in their indexes.
        if let (Some(value), false) = (value, is_whole) {
            let found = format!("{of_kind} AND {column} = $2 ORDER BY record_day DESC, id DESC");
            all.push(few(found, vec![kind.clone(), value.into()]));
        }
    }
    let is_narrowed = !all.is_empty() || wanted.state.is_some_and(|state| state != State::Approved);
    if let (Some((unit, tree)), true) = (wanted.under, is_narrowed) {
        let stands = tree.stands("p");
        let found = format!(
            "SELECT p.record_id FROM record_places p WHERE p.ancestor_id = $1 AND p.kind = $2 AND {stands}"
        );
        all.insert(0, few(found, vec![unit.0.into(), kind]));
    }
    all
}
