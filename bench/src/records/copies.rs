//! Copies of records, in the state in which the service would have left them: each row that belongs to a record,
//! in whichever table, is copied with another id, title and day. What hangs on those is worked out by the service's
//! own rules; the logs are left to its sealer.

use std::time::Duration;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use liendoan::records::lifecycle::{RecordKind, likeness, words};
use liendoan_core::{Db, on_engine};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::contents::{Told, another_day, title};
use crate::Result;
use crate::database::Database;

/// Rows in one statement.
const ROWS: usize = 500;

/// A record as it was recorded.
pub struct Original {
    pub id: i64,
    pub told: Told,
}

/// A copy, and how the same would be recorded.
pub struct Copied {
    pub id: i64,
    pub told: Told,
}

/// Rows of a table that belong to records.
pub struct Belonging {
    pub table: String,
    /// The columns that name the record.
    pub keys: Vec<String>,
    pub columns: Vec<String>,
}

/// What is copied: from a table as the originals left it, into the same or into one from which the service goes on.
struct Part {
    from: String,
    into: Belonging,
}

pub struct Copier {
    pub db: Db,
    parts: Vec<Part>,
    random: StdRng,
}

impl Copier {
    /// Remembers what there is of all records now: the originals.
    pub async fn new(database: &Database) -> Result<Self> {
        let mut db = database.connect_to_write()?;
        wait_until_sealed(&mut db).await?;
        let mut parts = Vec::new();
        for into in belonging(&mut db)? {
            let from = into.table.clone();
            parts.push(Part { from, into });
        }
        for (from, table, key) in [
            ("events", "unsealed_events", "subject_id"),
            ("audit_entries", "unsealed_audit", "object_id"),
        ] {
            let columns = columns(&mut db, table)?;
            let into = Belonging {
                columns: columns.into_iter().filter(|name| name != "id").collect(),
                table: table.to_owned(),
                keys: vec![key.to_owned()],
            };
            let from = from.to_owned();
            parts.push(Part { from, into });
        }
        for Part { from, into } in &parts {
            let only = of_records(from);
            let keys = into.keys.join(", ");
            db.batch_execute(&format!(
                "CREATE TEMPORARY TABLE original_{from} AS SELECT * FROM {from} t WHERE {only}; \
                 CREATE INDEX originals_of_{from} ON original_{from} ({keys});"
            ))?;
        }
        db.batch_execute(
            "CREATE TEMPORARY TABLE copies (original_id BIGINT PRIMARY KEY, id BIGINT NOT NULL, \
             title_before TEXT NOT NULL, title TEXT NOT NULL, day_before DATE NOT NULL, day DATE NOT NULL, \
             likeness TEXT, words TEXT NOT NULL)",
        )?;
        if let Db::Postgres(_) = db {
            db.batch_execute("ANALYZE")?;
        }
        Ok(Self {
            db,
            parts,
            random: StdRng::seed_from_u64(2027),
        })
    }

    /// Copies some originals once, in one transaction.
    pub fn copy(&mut self, originals: &[Original]) -> Result<Vec<Copied>> {
        let last = number(&mut self.db, "SELECT MAX(id) AS number FROM records")?;
        let copies: Vec<Copied> = (last + 1..)
            .zip(originals)
            .map(|(id, original)| self.copied(id, original))
            .collect();
        let rows = originals.iter().zip(&copies);
        let rows: Vec<String> = rows.map(row).collect::<Result<_>>()?;
        self.db.batch_execute("BEGIN; DELETE FROM copies")?;
        for some in rows.chunks(ROWS) {
            let rows = some.join(", ");
            self.db
                .batch_execute(&format!("INSERT INTO copies VALUES {rows}"))?;
        }
        if let Db::Postgres(_) = self.db {
            self.db.batch_execute("ANALYZE copies")?;
        }
        for part in &self.parts {
            let statement = statement(&self.db, part);
            self.db.batch_execute(&statement)?;
        }
        if let Db::Postgres(_) = self.db {
            let last = last + copies.len() as i64;
            self.db.batch_execute(&format!(
                "SELECT setval(pg_get_serial_sequence('records', 'id'), {last})"
            ))?;
        }
        self.db.batch_execute("COMMIT")?;
        Ok(copies)
    }

    fn copied(&mut self, id: i64, original: &Original) -> Copied {
        let mut told = original.told.clone();
        let sort = self.random.random_range(0..usize::MAX);
        told.title = title(told.kind, sort, usize::try_from(id).unwrap_or_default());
        told.day = another_day(told.day, &mut self.random);
        told.content["title"] = told.title.as_str().into();
        told.content["period"] = told.day.to_string().into();
        Copied { id, told }
    }
}

/// Waits until the service has given all that was left its place in the logs.
pub async fn wait_until_sealed(db: &mut Db) -> Result<()> {
    for table in ["unsealed_events", "unsealed_audit"] {
        let left = format!("SELECT COUNT(*) AS number FROM {table}");
        while number(db, &left)? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// What hangs on a content, by the service's own rules, with what they are told of it.
fn row((original, copy): (&Original, &Copied)) -> Result<String> {
    let kind = kind_at(copy.told.kind)?;
    let content = copy.told.content.to_string();
    let facets = kind.facets(&content, None)?;
    let likeness = likeness::of(&facets.likeness);
    let text = copy.told.content["text"].as_str();
    Ok(format!(
        "({}, {}, {}, {}, '{}', '{}', {}, {})",
        original.id,
        copy.id,
        quoted(&original.told.title),
        quoted(&copy.told.title),
        original.told.day,
        copy.told.day,
        likeness.map_or("NULL".to_owned(), |hash| quoted(&hash)),
        quoted(&words::kept(&copy.told.title, text)),
    ))
}

/// The kind whose records have an address.
pub fn kind_at(address: &str) -> Result<RecordKind> {
    let singular = address.strip_suffix("ies").map_or_else(
        || address.trim_end_matches('s').to_owned(),
        |stem| format!("{stem}y"),
    );
    Ok(RecordKind::named(&singular)?)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn statement(db: &Db, part: &Part) -> String {
    let Part { from, into } = part;
    let of_copy = |column: &String| -> String {
        if into.keys.contains(column) {
            return "c.id".to_owned();
        }
        match column.as_str() {
            "starts_on" | "ends_on" | "record_day" => "c.day".to_owned(),
            "title" | "likeness" | "words" => format!("c.{column}"),
            "content" | "data" | "content_before" | "content_after" => format!(
                "replace(replace(t.{column}, c.title_before, c.title), CAST(c.day_before AS TEXT), CAST(c.day AS TEXT))"
            ),
            _ => format!("t.{column}"),
        }
    };
    let values: Vec<String> = into.columns.iter().map(of_copy).collect();
    let key = &into.keys[0];
    // In the order of the log, where there is one.
    let order = if *from == into.table {
        "c.id"
    } else {
        "t.position, c.id"
    };
    // PostgreSQL would give ids by itself.
    let overriding = match db {
        Db::Postgres(_) if into.table == "records" => "OVERRIDING SYSTEM VALUE",
        _ => "",
    };
    format!(
        "INSERT INTO {} ({}) {overriding} SELECT {} FROM copies c CROSS JOIN original_{from} t \
         WHERE t.{key} = c.original_id ORDER BY {order}",
        into.table,
        into.columns.join(", "),
        values.join(", "),
    )
}

/// Which rows of a table are about records.
fn of_records(table: &str) -> String {
    let column = match table {
        "events" => "event_type",
        "audit_entries" => "action",
        _ => return "TRUE".to_owned(),
    };
    let kinds = RecordKind::ALL.iter();
    let kinds: Vec<String> = kinds
        .map(|kind| format!("t.{column} LIKE '{}.%'", kind.as_str()))
        .collect();
    kinds.join(" OR ")
}

/// All tables that have rows of records, as the database itself knows them; the records come first.
pub fn belonging(db: &mut Db) -> Result<Vec<Belonging>> {
    let mut all = vec![Belonging {
        table: "records".to_owned(),
        keys: vec!["id".to_owned()],
        columns: columns(db, "records")?,
    }];
    let references = match db {
        Db::Sqlite(_) => {
            "SELECT m.name || ' ' || f.\"from\" AS word FROM sqlite_schema m \
             JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'records' ORDER BY 1"
        }
        Db::Postgres(_) => {
            "SELECT CAST(f.conrelid::regclass AS TEXT) || ' ' || a.attname AS word FROM pg_constraint f \
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
             WHERE f.contype = 'f' AND f.confrelid = 'records'::regclass ORDER BY 1"
        }
    };
    for reference in texts(db, references)? {
        let (table, key) = reference.split_once(' ').unwrap_or_default();
        match all.iter_mut().find(|known| known.table == table) {
            Some(known) => known.keys.push(key.to_owned()),
            None => {
                let columns = columns(db, table)?.into_iter();
                all.push(Belonging {
                    // Of its own the database gives.
                    columns: columns.filter(|name| name != "id").collect(),
                    table: table.to_owned(),
                    keys: vec![key.to_owned()],
                });
            }
        }
    }
    Ok(all)
}

fn columns(db: &mut Db, table: &str) -> Result<Vec<String>> {
    let query = match db {
        Db::Sqlite(_) => {
            format!("SELECT name AS word FROM pragma_table_info('{table}') ORDER BY cid")
        }
        Db::Postgres(_) => format!(
            "SELECT CAST(attname AS TEXT) AS word FROM pg_attribute \
             WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
    };
    texts(db, &query)
}

pub fn texts(db: &mut Db, query: &str) -> Result<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        word: String,
    }
    let query = diesel::sql_query(query);
    let rows: Vec<Row> = on_engine!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

fn number(db: &mut Db, query: &str) -> Result<i64> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let query = diesel::sql_query(query);
    let row: Row = on_engine!(db, c => query.get_result(c))?;
    Ok(row.number)
}
