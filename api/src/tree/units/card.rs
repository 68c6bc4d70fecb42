//! One unit on a day, with all that its page tells of it, by one statement.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use liendoan_core::db::{FromText, Statement};
use liendoan_core::validity::Validity;
use liendoan_core::{Code, Db, Error, Result, Scope, on_engine};

use super::UnitRef;
use super::model::{Life, UnitName};

/// Everything about one unit that one statement can tell.
#[derive(QueryableByName)]
pub struct Card {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub placeholder: bool,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Text)]
    pub lives: String,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    pub effective_on: NaiveDate,
    #[diesel(sql_type = Date, deserialize_as = FromText<NaiveDate>)]
    pub valid_to: NaiveDate,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub short_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub employer_type: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub level: Option<i32>,
    #[diesel(sql_type = BigInt)]
    pub child_count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub parent_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parent_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub parent_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub aliases: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub telephone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub employer: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tax_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub administrative_division: Option<String>,
    #[diesel(sql_type = Bool)]
    pub has_external_ids: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub name_today: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
}

impl Card {
    pub fn validity(&self) -> Validity {
        Validity {
            from: self.effective_on,
            to: self.valid_to,
        }
    }

    pub fn lives(&self) -> Result<Vec<Life>> {
        serde_json::from_str(&self.lives).map_err(Error::internal)
    }

    /// Itself as it is called today, if it lives then.
    pub fn today(&self) -> Option<UnitName> {
        Some(UnitName {
            id: self.id,
            code: self.code.clone(),
            name: self.name_today.clone()?,
        })
    }

    pub fn parent(&self) -> Option<UnitName> {
        Some(UnitName {
            id: self.parent_id?,
            code: self.parent_code.clone()?,
            name: self.parent_name.clone()?,
        })
    }
}

/// `$1` is the day, `$2` today, `$3` the unit. The state that shows is the last one that began by that day and in
/// which the unit lives, else its first; parent and level are those of the last day of both.
const CARD: &str = "\
SELECT u.id, u.code, u.placeholder, u.version, u.lives, s.effective_on, s.valid_to, s.name, s.short_name, \
  s.kind, s.employer_type, s.parent_id, p.code AS parent_code, p.name AS parent_name, \
  (SELECT k.level FROM unit_kinds k WHERE k.kind = s.kind AND k.valid_from < s.valid_to \
    AND (k.valid_from <= $1 OR k.valid_from <= s.effective_on) ORDER BY k.valid_from DESC LIMIT 1) AS level, \
  (SELECT COUNT(*) FROM unit_states c WHERE c.parent_id = u.id AND c.alive \
    AND c.effective_on <= $1 AND c.valid_to > $1) AS child_count, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'aliases' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS aliases, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'address' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS address, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'telephone' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS telephone, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'employer' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS employer, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'tax_code' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS tax_code, \
  (SELECT value FROM unit_particulars a WHERE a.unit_id = u.id AND a.field = 'administrative_division' \
    AND a.effective_on <= $1 AND a.valid_to > $1) AS administrative_division, \
  EXISTS (SELECT 1 FROM external_ids e WHERE e.unit_id = u.id) AS has_external_ids, \
  (SELECT t.name FROM unit_states t WHERE t.unit_id = u.id AND t.alive \
    AND t.effective_on <= $2 AND t.valid_to > $2) AS name_today, \
  (SELECT revision FROM tree WHERE id = 1) AS revision \
FROM units u \
JOIN unit_states s ON s.id = COALESCE( \
  (SELECT id FROM unit_states WHERE unit_id = u.id AND alive AND effective_on <= $1 \
    AND effective_on < valid_to ORDER BY effective_on DESC, day_seq DESC LIMIT 1), \
  (SELECT id FROM unit_states WHERE unit_id = u.id AND alive AND effective_on < valid_to \
    ORDER BY effective_on, day_seq LIMIT 1)) \
LEFT JOIN unit_states p ON p.id = \
  (SELECT id FROM unit_states WHERE unit_id = s.parent_id AND alive AND effective_on < s.valid_to \
    AND (effective_on <= $1 OR effective_on <= s.effective_on) AND effective_on < valid_to \
    ORDER BY effective_on DESC, day_seq DESC LIMIT 1) \
WHERE ";

/// One unit as it is on a day, and its name today if it lives then, by one statement.
pub fn card(
    db: &mut Db,
    _: &Scope,
    unit: &UnitRef,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<Card> {
    let card: Option<Card> = match unit {
        UnitRef::Id(id) => {
            let query = Statement::new(format!("{CARD} u.id = $3"))
                .bind(day)
                .bind(today)
                .bind(id.0);
            on_engine!(db, c => query.get_result(c)).optional()?
        }
        UnitRef::Code(code) => {
            let query = Statement::new(format!("{CARD} u.code = $3"))
                .bind(day)
                .bind(today)
                .bind(code.as_str());
            on_engine!(db, c => query.get_result(c)).optional()?
        }
    };
    card.ok_or_else(|| Code::NotFound.into())
}

/// Refuses a day on which a unit does not live, with the days on which it does.
pub fn not_alive(card: &Card) -> Result<Error> {
    let lives = serde_json::to_value(card.lives()?).map_err(Error::internal)?;
    Ok(Error::new(Code::UnitNotAlive).with("lives", lives))
}
