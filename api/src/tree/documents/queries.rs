//! Rows of `documents`. They are for everybody signed in, and still each query is told for whom.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::day::Day;
use liendoan_core::db::Event;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::files::loose;
use liendoan_core::schema::documents::{self, dsl};
use liendoan_core::schema::{document_files, record_documents, reorganisations, units};
use liendoan_core::{Db, Error, Result, Scope, Timestamp, Tx, UnitId, on_engine};

use super::DocumentId;
use super::model::{Document, DocumentFile, SoundContent};
use crate::tree::cover;
use crate::tree::units::queries::coded;

/// What events on documents are about: `document.updated`.
pub const TOPIC: &str = "document";

#[derive(Queryable)]
struct Row {
    id: DocumentId,
    version: i32,
    number: Option<String>,
    issued_on: Option<NaiveDate>,
    issuer: Option<String>,
    title: Option<String>,
    unit_id: Option<UnitId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Queryable)]
struct FileRow {
    name: String,
    media_type: String,
    size: i64,
    hash: String,
}

/// Documents with their files, and the codes of the units whose they are.
macro_rules! rows {
    () => {
        documents::table
            .left_join(document_files::table)
            .left_join(units::table.on(dsl::unit_id.eq(units::id.nullable())))
            .select((
                documents::all_columns,
                (
                    document_files::name,
                    document_files::media_type,
                    document_files::size,
                    document_files::hash,
                )
                    .nullable(),
                units::code.nullable(),
            ))
    };
}

/// What a caller's content says, as columns.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_null = true)]
struct Columns<'a> {
    number: Option<&'a str>,
    issued_on: Option<NaiveDate>,
    issuer: Option<&'a str>,
    title: Option<&'a str>,
    unit_id: Option<UnitId>,
}

impl<'a> Columns<'a> {
    fn of(content: &'a SoundContent, unit_id: Option<UnitId>) -> Self {
        Self {
            number: content.number.as_deref(),
            issued_on: content.date.map(|day| day.0),
            issuer: content.issuer.as_deref(),
            title: content.title.as_deref(),
            unit_id,
        }
    }
}

impl From<FileRow> for DocumentFile {
    fn from(row: FileRow) -> Self {
        Self {
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            sha256: row.hash,
        }
    }
}

impl Row {
    fn with(self, file: Option<DocumentFile>, unit: Option<String>) -> Document {
        let row = self;
        Document {
            id: row.id,
            version: row.version,
            content: SoundContent {
                number: row.number,
                date: row.issued_on.map(Day),
                issuer: row.issuer,
                title: row.title,
                unit,
            },
            unit_id: row.unit_id,
            file,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

type Rows = (Row, Option<FileRow>, Option<String>);

fn document((row, file, unit): Rows) -> Document {
    row.with(file.map(Into::into), unit)
}

fn documents(rows: Vec<Rows>) -> Vec<Document> {
    rows.into_iter().map(document).collect()
}

pub fn find(db: &mut Db, _: &Scope, id: DocumentId) -> Result<Document> {
    let row = on_engine!(db, c => rows!().filter(dsl::id.eq(id)).first(c))?;
    Ok(document(row))
}

/// One that is about to be changed: by those alone who write for its unit.
pub fn find_to_write(tx: &mut Tx<'_>, scope: &Scope, id: DocumentId) -> Result<Document> {
    let document = find(tx, scope, id)?;
    check_writes(tx, scope, document.unit_id)?;
    Ok(document)
}

/// Those of these ids that there are, by id.
pub fn of_ids(db: &mut Db, _: &Scope, ids: &[DocumentId]) -> Result<Vec<Document>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = rows!().filter(dsl::id.eq_any(ids.to_vec()));
    Ok(documents(query.order(dsl::id).load(db)?))
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub number: Option<String>,
}

macro_rules! matching {
    ($wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = rows!().into_boxed();
        if let Some(number) = &wanted.number {
            query = query.filter(dsl::number.eq(number.clone()));
        }
        query
    }};
}

/// Documents in their order, after `id`.
pub fn list(
    db: &mut Db,
    _: &Scope,
    wanted: &Wanted,
    start: Option<i64>,
    limit: i64,
) -> Result<Vec<Document>> {
    let mut query = matching!(wanted);
    if let Some(id) = start {
        query = query.filter(dsl::id.gt(id));
    }
    Ok(documents(query.order(dsl::id).limit(limit).load(db)?))
}

pub fn count(db: &mut Db, _: &Scope, wanted: &Wanted) -> Result<i64> {
    Ok(matching!(wanted).count().get_result(db)?)
}

pub fn create(tx: &mut Tx<'_>, scope: &Scope, content: &SoundContent) -> Result<Document> {
    let now = tx.now();
    let unit = match &content.unit {
        Some(code) => Some(coded(tx, scope, code)?),
        None => own_unit(scope)?,
    };
    check_writes(tx, scope, unit)?;
    let row: Row = diesel::insert_into(documents::table)
        .values((
            dsl::version.eq(1),
            dsl::created_at.eq(now),
            dsl::updated_at.eq(now),
            Columns::of(content, unit),
        ))
        .get_result(&mut **tx)?;
    let code = code_of(tx, unit)?;
    let document = row.with(None, code);
    record(tx, "document.created", None, &document)?;
    Ok(document)
}

fn code_of(tx: &mut Tx<'_>, unit: Option<UnitId>) -> Result<Option<String>> {
    let Some(unit) = unit else { return Ok(None) };
    let query = units::table.find(unit.0).select(units::code);
    Ok(query.first(&mut **tx).optional()?)
}

/// Whose a paper is where that is not said.
fn own_unit(scope: &Scope) -> Result<Option<UnitId>> {
    match scope {
        Scope::All => Ok(None),
        Scope::Under(units) => match units.as_ref() {
            [one] => Ok(Some(*one)),
            _ => Err(Error::at(FieldError::at("/unit", Code::UnitRequired))),
        },
    }
}

fn check_writes(tx: &mut Tx<'_>, scope: &Scope, unit: Option<UnitId>) -> Result<()> {
    let today = tx.today();
    cover::check_writes(tx, scope, unit, today)
}

/// Replaces the content of `before`, unless somebody else was faster.
pub fn update(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Document,
    content: &SoundContent,
) -> Result<Document> {
    replace(tx, scope, before, content, before.file.clone())
}

/// Gives `before` another file, or takes away the one it has, unless somebody else was faster.
pub fn set_file(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Document,
    file: Option<DocumentFile>,
) -> Result<Document> {
    let document = replace(tx, scope, before, &before.content, file)?;
    remove_file(tx, before)?;
    if let Some(file) = &document.file {
        diesel::insert_into(document_files::table)
            .values((
                document_files::document_id.eq(before.id.0),
                document_files::name.eq(&file.name),
                document_files::media_type.eq(&file.media_type),
                document_files::size.eq(file.size),
                document_files::hash.eq(&file.sha256),
                document_files::created_at.eq(document.updated_at),
            ))
            .execute(&mut **tx)?;
    }
    Ok(document)
}

fn remove_file(tx: &mut Tx<'_>, of: &Document) -> Result<()> {
    diesel::delete(document_files::table.find(of.id.0)).execute(&mut **tx)?;
    loose::let_go(tx, of.file.iter().map(|file| file.sha256.as_str()))
}

fn replace(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: &Document,
    content: &SoundContent,
    file: Option<DocumentFile>,
) -> Result<Document> {
    let unit = match &content.unit {
        Some(code) => Some(coded(tx, scope, code)?),
        None => None,
    };
    check_writes(tx, scope, unit)?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    let now = tx.now();
    let row: Option<Row> = diesel::update(documents::table.filter(unchanged))
        .set((
            dsl::version.eq(before.version + 1),
            dsl::updated_at.eq(now),
            Columns::of(content, unit),
        ))
        .get_result(&mut **tx)
        .optional()?;
    let document = row.ok_or(Code::VersionOutdated)?;
    let document = document.with(file, content.unit.clone());
    record(tx, "document.updated", Some(before), &document)?;
    Ok(document)
}

pub fn delete(tx: &mut Tx<'_>, before: &Document) -> Result<()> {
    check_not_in_use(tx, before.id)?;
    remove_file(tx, before)?;
    let unchanged = dsl::id.eq(before.id).and(dsl::version.eq(before.version));
    // Who comes to rest on it at the same moment is met by the foreign key.
    let deleted = diesel::delete(documents::table.filter(unchanged)).execute(&mut **tx)?;
    if deleted == 0 {
        return Err(Code::VersionOutdated.into());
    }
    record(tx, "document.deleted", None, before)
}

/// A reorganisation keeps its document, also when it is annulled: it stays visible with its reason. So does a
/// record, for every content of it that was approved.
fn check_not_in_use(tx: &mut Tx<'_>, id: DocumentId) -> Result<()> {
    let used_by: Option<i64> = reorganisations::table
        .filter(reorganisations::document_id.eq(id.0))
        .order(reorganisations::id)
        .select(reorganisations::id)
        .first(&mut **tx)
        .optional()?;
    if let Some(id) = used_by {
        return Err(Error::new(Code::DocumentInUse).with("reorganisation_id", id));
    }
    let named_by: Option<i64> = record_documents::table
        .filter(record_documents::document_id.eq(id.0))
        .order(record_documents::record_id)
        .select(record_documents::record_id)
        .first(&mut **tx)
        .optional()?;
    match named_by {
        None => Ok(()),
        Some(id) => Err(Error::new(Code::DocumentInUse).with("record_id", id)),
    }
}

fn record(
    tx: &mut Tx<'_>,
    event_type: &'static str,
    before: Option<&Document>,
    document: &Document,
) -> Result<()> {
    let told = |document: &Document| {
        let mut told = serde_json::to_value(document.to_content()).map_err(Error::internal)?;
        told["file"] = serde_json::to_value(&document.file).map_err(Error::internal)?;
        Ok::<_, Error>(told)
    };
    let (before, data) = (before.map(told).transpose()?, told(document)?);
    let today = tx.today();
    let units = cover::concerned(tx, document.unit_id, today)?;
    tx.record(Event {
        event_type,
        subject_id: document.id.0,
        subject_version: document.version,
        data: &data,
        before: before.as_ref(),
        units: &units,
    })
}
