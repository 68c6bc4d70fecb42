//! Whether copies are what the service would have made: the same content is recorded once more by requests, and
//! all that there is of both is compared, row by row and as the API answers.

use liendoan_core::Db;
use serde_json::{Map, Value};

use super::copies::{Belonging, Copied, Copier, belonging, kind_at, texts, wait_until_sealed};
use super::recorder::Recorder;
use crate::Result;

/// What no two records share.
const OWN: [&str; 4] = ["id", "position", "hash", "request_id"];
/// When it was done, if it was.
const TIMES: [&str; 6] = [
    "created_at",
    "updated_at",
    "submitted_at",
    "done_at",
    "approved_at",
    "occurred_at",
];

/// Compares one copy of each kind and state; answers how many.
pub async fn compare(copier: &mut Copier, recorder: &Recorder, copies: &[Copied]) -> Result<usize> {
    let mut chosen: Vec<&Copied> = copies.iter().collect();
    chosen.sort_by_key(|copy| (copy.told.kind, copy.told.state, copy.id));
    chosen.dedup_by_key(|copy| (copy.told.kind, copy.told.state));
    let told: Vec<_> = chosen.iter().map(|copy| copy.told.clone()).collect();
    let ids = recorder.enter(&told).await?;
    wait_until_sealed(&mut copier.db).await?;
    let mut tables = belonging(&mut copier.db)?;
    for (table, key) in [("events", "subject_id"), ("audit_entries", "object_id")] {
        tables.push(Belonging {
            table: table.to_owned(),
            keys: vec![key.to_owned()],
            columns: Vec::new(),
        });
    }
    for (copy, recorded) in chosen.iter().zip(ids) {
        for table in &tables {
            let kind = kind_at(copy.told.kind)?.as_str();
            let rows = |db: &mut Db, id| rows(db, table, kind, id);
            let (copied, made) = (
                rows(&mut copier.db, copy.id)?,
                rows(&mut copier.db, recorded)?,
            );
            if copied != made {
                return Err(format!(
                    "{} of the copy {} are not what the service makes of the same:\n{copied:#?}\n{made:#?}",
                    table.table, copy.id
                )
                .into());
            }
        }
        let (copied, made) = (
            recorder
                .get(&format!("/{}/{}", copy.told.kind, copy.id))
                .await?,
            recorder
                .get(&format!("/{}/{recorded}", copy.told.kind))
                .await?,
        );
        let (copied, made) = (comparable(copied, &[]), comparable(made, &[]));
        if copied != made {
            return Err(
                format!("the API answers of the copy {}\n{copied}\n{made}", copy.id).into(),
            );
        }
    }
    Ok(chosen.len())
}

/// What a table has of a record, without what no two records share.
fn rows(db: &mut Db, belonging: &Belonging, kind: &str, id: i64) -> Result<Vec<String>> {
    let Belonging { table, keys, .. } = belonging;
    let only = match table.as_str() {
        "events" => format!("AND event_type LIKE '{kind}.%'"),
        "audit_entries" => format!("AND action LIKE '{kind}.%'"),
        _ => String::new(),
    };
    let spelt = match db {
        Db::Postgres(_) => "CAST(row_to_json(t) AS TEXT)".to_owned(),
        Db::Sqlite(_) => {
            let pairs = texts(
                db,
                &format!(
                    "SELECT '''' || name || ''', ' || CASE type WHEN 'BLOB' THEN 'hex(' || name || ')' ELSE name END \
                     AS word FROM pragma_table_info('{table}')"
                ),
            )?;
            format!("json_object({})", pairs.join(", "))
        }
    };
    let query = format!(
        "SELECT {spelt} AS word FROM {table} t WHERE {} = {id} {only}",
        keys[0]
    );
    let rows = texts(db, &query)?.into_iter();
    let mut rows: Vec<String> = rows
        .map(|row| Ok(comparable(serde_json::from_str(&row)?, keys)))
        .collect::<Result<_>>()?;
    rows.sort_unstable();
    Ok(rows)
}

fn comparable(row: Value, keys: &[String]) -> String {
    let mut row = match row {
        Value::Object(row) => row,
        other => Map::from_iter([("row".to_owned(), other)]),
    };
    row.retain(|name, _| !OWN.contains(&name.as_str()) && !keys.contains(name));
    for (name, value) in &mut row {
        if TIMES.contains(&name.as_str()) {
            *value = (!value.is_null()).into();
        }
    }
    Value::Object(row).to_string()
}
