//! What records name: documents, partners, campaigns, units, measures, what they replace. What an approved content named
//! stays named, so that nothing on which it rests is deleted.

use std::collections::BTreeSet;

use diesel::prelude::*;
use liendoan_core::db::Value;
use liendoan_core::schema::{record_documents, record_mentions};
use liendoan_core::{Result, Scope, Tx};

use super::RecordId;
use crate::records::catalogues::{self, Catalogue, Measure};
use crate::records::partners;
use crate::tree::units::queries as units;

/// Something that a content names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    Partner(i64),
    Campaign(i64),
    /// By its code: whom it is about, beside the unit whose record it is.
    Unit(String),
    /// The record in whose place it comes.
    Replaced(i64),
    /// By its code: of what it tells a figure.
    Measure(String),
}

impl Mention {
    pub fn subject(&self) -> &'static str {
        match self {
            Self::Partner(_) => partners::TOPIC,
            Self::Campaign(_) => "campaign",
            Self::Unit(_) => "unit",
            Self::Replaced(_) => "replaced",
            Self::Measure(_) => Measure::TOPIC,
        }
    }

    /// By what rows of `record_mentions` are found in a statement: the subject, and the place of its id, which
    /// joins the statement's values.
    pub fn found(&self, values: &mut Vec<Value>) -> (&'static str, String) {
        let place = format!("${}", values.len() + 1);
        let (value, id) = match self {
            Self::Partner(id) | Self::Campaign(id) | Self::Replaced(id) => {
                (Value::from(*id), place)
            }
            Self::Unit(code) => (
                Value::from(code.as_str()),
                format!("(SELECT id FROM units WHERE code = {place})"),
            ),
            // All entries of the code were named; the first is as good as any.
            Self::Measure(code) => (
                Value::from(code.as_str()),
                format!(
                    "(SELECT MIN(id) FROM catalogue_entries WHERE catalogue = '{}' AND code = {place})",
                    Measure::NAME
                ),
            ),
        };
        values.push(value);
        (self.subject(), id)
    }
}

/// All that a content names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Ids of documents.
    pub documents: Vec<i64>,
    pub others: Vec<Mention>,
}

impl Names {
    pub fn with(mut self, mentions: impl IntoIterator<Item = Mention>) -> Self {
        self.others.extend(mentions);
        self
    }
}

/// What is to become of what a record named before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// It is new.
    None,
    Dropped,
    /// An approved content named it.
    Kept,
}

/// Lets a record name all that its content does.
pub fn write(tx: &mut Tx<'_>, record: RecordId, names: &Names, earlier: Earlier) -> Result<()> {
    write_documents(tx, record, &names.documents, earlier)?;
    let mut wanted: BTreeSet<(String, i64)> = BTreeSet::new();
    let mut measures: BTreeSet<&str> = BTreeSet::new();
    for mention in &names.others {
        let id = match mention {
            Mention::Partner(id) | Mention::Campaign(id) | Mention::Replaced(id) => Some(*id),
            Mention::Unit(code) => units::with_code(tx, &Scope::All, code)?.map(|unit| unit.0),
            Mention::Measure(code) => {
                measures.insert(code);
                None
            }
        };
        wanted.extend(id.map(|id| (mention.subject().to_owned(), id)));
    }
    if !measures.is_empty() {
        let entries = catalogues::of_codes::<Measure>(tx, &Scope::All, &measures)?;
        wanted.extend(
            entries
                .iter()
                .map(|entry| (Measure::TOPIC.to_owned(), entry.id.0)),
        );
    }
    let of_record = || record_mentions::table.filter(record_mentions::record_id.eq(record.0));
    let known: BTreeSet<(String, i64)> = if earlier == Earlier::None {
        BTreeSet::new()
    } else {
        let known = of_record().select((record_mentions::subject, record_mentions::subject_id));
        known.load(&mut **tx)?.into_iter().collect()
    };
    if earlier == Earlier::Dropped {
        for (subject, id) in known.difference(&wanted) {
            let dropped = of_record()
                .filter(record_mentions::subject.eq(subject))
                .filter(record_mentions::subject_id.eq(id));
            diesel::delete(dropped).execute(&mut **tx)?;
        }
    }
    for (subject, id) in wanted.difference(&known) {
        diesel::insert_into(record_mentions::table)
            .values((
                record_mentions::record_id.eq(record.0),
                record_mentions::subject.eq(subject),
                record_mentions::subject_id.eq(id),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn write_documents(
    tx: &mut Tx<'_>,
    record: RecordId,
    documents: &[i64],
    earlier: Earlier,
) -> Result<()> {
    let of_record = || record_documents::table.filter(record_documents::record_id.eq(record.0));
    let known: BTreeSet<i64> = if earlier == Earlier::None {
        BTreeSet::new()
    } else {
        let known = of_record().select(record_documents::document_id);
        known.load(&mut **tx)?.into_iter().collect()
    };
    let wanted: BTreeSet<i64> = documents.iter().copied().collect();
    let dropped: Vec<i64> = known.difference(&wanted).copied().collect();
    if earlier == Earlier::Dropped && !dropped.is_empty() {
        let dropped = of_record().filter(record_documents::document_id.eq_any(dropped));
        diesel::delete(dropped).execute(&mut **tx)?;
    }
    for document in wanted.difference(&known) {
        diesel::insert_into(record_documents::table)
            .values((
                record_documents::record_id.eq(record.0),
                record_documents::document_id.eq(document),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}
