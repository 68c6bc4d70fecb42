//! Who approves: on the nearest unit above, in today's tree, on which somebody may who neither wrote nor
//! submitted it. Those accounts, and nobody further up.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Statement, Value};
use liendoan_core::schema::{grants, record_hands, roles as custom_roles};
use liendoan_core::{Db, Result, on_engine};

use super::RecordId;
use crate::access::principals::{permissions_in, root};
use crate::access::roles;

/// Roles that give a permission.
fn roles_with(db: &mut Db, permission: &str) -> Result<Vec<String>> {
    let gives = |permissions: &[&str]| permissions.contains(&permission);
    let built_in = roles::BUILT_IN
        .iter()
        .filter(|role| gives(role.permissions));
    let mut found: Vec<String> = built_in.map(|role| role.code.to_owned()).collect();
    let query = custom_roles::table.select((custom_roles::code, custom_roles::permissions));
    let custom: Vec<(String, String)> = on_engine!(db, c => query.load(c))?;
    for (code, permissions) in custom {
        if gives(&permissions_in(&permissions)?) {
            found.push(code);
        }
    }
    Ok(found)
}

/// Accounts that wrote or submitted what is not approved yet.
pub fn hands(db: &mut Db, record: RecordId) -> Result<Vec<i64>> {
    let query = record_hands::table
        .filter(record_hands::record_id.eq(record.0))
        .select(record_hands::account_id);
    Ok(on_engine!(db, c => query.load(c))?)
}

/// That an account is asked to decide on a record, by one of its places `p`, of a unit on which the account may:
/// no unit nearer has anybody who may decide and neither wrote nor submitted it. `$1` is the account, `$2`
/// today. In SQLite a CROSS JOIN keeps its order: from the few units above a record to the grants on them; `+ 0` does
/// in PostgreSQL, which else would look through all that stands under a unit.
const ASKED: &str = "\
p.height >= 1 \
AND NOT EXISTS (SELECT 1 FROM record_hands h WHERE h.record_id = p.record_id AND h.account_id = $1) \
AND NOT EXISTS ( \
  SELECT 1 FROM record_places q CROSS JOIN grants g CROSS JOIN accounts a \
  WHERE q.record_id = p.record_id AND q.height >= 1 AND q.height < p.height \
  AND g.unit_id = q.ancestor_id + 0 AND g.valid_from <= $2 AND g.valid_to > $2 AND g.role IN (ROLES) \
  AND a.id = g.account_id AND a.state = 'active' \
  AND NOT EXISTS (SELECT 1 FROM record_hands h WHERE h.record_id = p.record_id AND h.account_id = g.account_id))";

/// Where an account may decide.
pub struct Seat {
    account: i64,
    roles: Vec<String>,
    /// The very units on which it holds one of these roles.
    pub units: Vec<i64>,
    today: NaiveDate,
}

impl Seat {
    pub fn of(db: &mut Db, account: i64, permission: &str, today: NaiveDate) -> Result<Self> {
        let roles = roles_with(db, permission)?;
        let query = grants::table
            .filter(grants::account_id.eq(account))
            .filter(grants::role.eq_any(roles.clone()))
            .filter(grants::valid_from.le(today))
            .filter(grants::valid_to.gt(today))
            .select(grants::unit_id);
        let held: Vec<Option<i64>> = on_engine!(&mut *db, c => query.load(c))?;
        // A role on the whole federation is one on the root.
        let root = if held.contains(&None) {
            root(db, today)?
        } else {
            None
        };
        let units: BTreeSet<i64> = held.into_iter().filter_map(|unit| unit.or(root)).collect();
        Ok(Self {
            account,
            roles,
            units: units.into_iter().collect(),
            today,
        })
    }

    /// A statement that asks for records which wait for the account: `ASKED` stands in its text for that they
    /// do, by a place `p`, and its own values begin with `$3`.
    pub fn statement(&self, text: &str, own: Vec<Value>) -> Statement {
        let roles = places(3 + own.len(), self.roles.len());
        let text = text.replace("ASKED", &ASKED.replace("ROLES", &roles));
        let statement = Statement::new(text).bind(self.account).bind(self.today);
        let statement = own.into_iter().fold(statement, Statement::bind);
        let roles = self.roles.iter().map(String::as_str);
        roles.fold(statement, Statement::bind)
    }

    /// Those of some records on which the account is asked to decide.
    pub fn asked(&self, db: &mut Db, records: &[RecordId]) -> Result<BTreeSet<RecordId>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            record_id: RecordId,
        }
        let (Some(last), false) = (records.last(), self.units.is_empty()) else {
            return Ok(BTreeSet::new());
        };
        // Texts are kept: of few lengths there are few.
        let length = records.len().next_power_of_two();
        let ids = records.iter().chain(std::iter::repeat(last)).take(length);
        let own: Vec<Value> = ids
            .map(|id| id.0)
            .chain(self.units.iter().copied())
            .map(Value::from)
            .collect();
        let text = format!(
            "SELECT DISTINCT p.record_id FROM record_places p \
             WHERE p.record_id IN ({}) AND p.ancestor_id + 0 IN ({}) AND ASKED",
            places(3, length),
            places(3 + length, self.units.len()),
        );
        let query = self.statement(&text, own);
        let rows: Vec<Row> = on_engine!(db, c => query.clone().load(c))?;
        Ok(rows.into_iter().map(|row| row.record_id).collect())
    }
}

/// The places of some values in a statement.
fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count)
        .map(|place| format!("${place}"))
        .collect();
    places.join(", ")
}
