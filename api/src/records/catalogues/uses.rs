//! How entries of catalogues hold together: by days, by what they name, and by what names them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use liendoan_core::db::{Hold, Statement};
use liendoan_core::error::{Code, FieldError};
use liendoan_core::schema::catalogue_entries::{self, dsl};
use liendoan_core::{Error, Result, Scope, Tx, on_engine};

use super::measures::Measure;
use super::model::{Catalogue, Entry, EntryId, Fields, NamedAs};
use super::queries::{Wanted, list, of_code, of_codes};
use crate::tree::unit_kinds;

/// One entry of a code at a time, and all of them mean the same by what is told of the code. `before` is the entry that
/// they replace: as long as it is named it means what it did.
pub fn check_neighbours<C: Catalogue>(
    tx: &mut Tx<'_>,
    fields: &Fields<C>,
    before: Option<&Entry<C>>,
) -> Result<()> {
    let code = fields.common.code.as_str();
    tx.lock(C::TOPIC, [(code, Hold::Alone)])?;
    let except = before.map(|before| before.id);
    let others = of_codes::<C>(tx, &Scope::All, &BTreeSet::from([code]))?;
    let mut others = others.iter().filter(|other| Some(other.id) != except);
    if let Some(other) = others.find(|other| !other.fields.own.counts_as(&fields.own)) {
        return Err(Error::new(Code::EntryInUse).with("entry_id", other.id.0));
    }
    if let Some(before) = before.filter(|before| !before.fields.own.counts_as(&fields.own)) {
        check_not_in_use(tx, before)?;
    }
    let validity = fields.common.validity();
    let overlapping: Option<EntryId> = catalogue_entries::table
        .filter(dsl::catalogue.eq(C::NAME).and(dsl::code.eq(code)))
        .filter(dsl::valid_from.lt(validity.to))
        .filter(dsl::valid_to.gt(validity.from))
        // No id is 0.
        .filter(dsl::id.ne(except.unwrap_or(EntryId(0))))
        .select(dsl::id)
        .first(&mut **tx)
        .optional()?;
    match overlapping {
        None => Ok(()),
        Some(id) => Err(Error::new(Code::ValidityOverlaps).with("id", id.0)),
    }
}

/// The kinds of unit and the measures that an entry names exist.
pub fn check_names<C: Catalogue>(tx: &mut Tx<'_>, scope: &Scope, fields: &Fields<C>) -> Result<()> {
    let named = fields.own.issuer_kinds();
    let known: BTreeSet<String> = unit_kinds::known_among(tx, scope, named)?;
    let unknown = named.iter().enumerate();
    let mut refused: Vec<_> = unknown
        .filter(|(_, kind)| !known.contains(*kind))
        .map(|(index, _)| FieldError::at(format!("/issuer_kinds/{index}"), Code::KindUnknown))
        .collect();
    for (pointer, code) in fields.own.measures() {
        tx.lock(Measure::TOPIC, [(code, Hold::Shared)])?;
        if of_code::<Measure>(tx, scope, code)?.is_empty() {
            refused.push(FieldError::at(pointer, Code::MeasureUnknown));
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::fields(refused))
    }
}

/// A record that names it by its code keeps it, whenever it was told of: the days of a decision may be others than
/// those of the record.
pub fn check_not_in_use<C: Catalogue>(tx: &mut Tx<'_>, entry: &Entry<C>) -> Result<()> {
    #[derive(QueryableByName)]
    struct Naming {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let code = entry.fields.common.code.as_str();
    let is_last = of_code::<C>(tx, &Scope::All, code)?.len() == 1;
    if is_last {
        C::check_unnamed(tx, code)?;
    }
    let (naming, by) = match C::NAMED_AS {
        NamedAs::Category(kind) => ("records r WHERE r.kind = $1 AND r.category = $2", kind),
        NamedAs::Subject(subject) => (
            "record_mentions m JOIN records r ON r.id = m.record_id WHERE m.subject = $1 AND m.subject_id = $3",
            subject,
        ),
    };
    let then = if is_last {
        ""
    } else {
        " AND r.record_day >= $4 AND r.record_day < $5"
    };
    let validity = entry.fields.common.validity();
    let naming = Statement::new(format!("SELECT r.id FROM {naming}{then} LIMIT 1"))
        .bind(by)
        .bind(code)
        .bind(entry.id.0)
        .bind(validity.from)
        .bind(validity.to);
    let named_by: Vec<Naming> = on_engine!(&mut **tx, c => naming.clone().load(c))?;
    match named_by.first() {
        None => Ok(()),
        Some(record) => Err(Error::new(Code::EntryInUse).with("record_id", record.id)),
    }
}

/// Refuses to let go a measure that an entry of a catalogue names.
pub fn check_unnamed_by<C: Catalogue>(tx: &mut Tx<'_>, measure: &str) -> Result<()> {
    let entries = list::<C>(tx, &Scope::All, &Wanted::default(), None, i64::MAX)?;
    let names = |entry: &&Entry<C>| {
        let mut named = entry.fields.own.measures().into_iter();
        named.any(|(_, code)| code == measure)
    };
    match entries.iter().find(names) {
        None => Ok(()),
        Some(entry) => Err(Error::new(Code::EntryInUse).with("entry_id", entry.id.0)),
    }
}
