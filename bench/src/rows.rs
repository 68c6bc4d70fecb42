//! Rows, made through the API; and pages of them.

use chrono::NaiveDate;
use diesel::prelude::*;
use liendoan_core::db::Engine;
use liendoan_core::schema::unit_kinds;
use liendoan_core::{Db, Timestamp, on_engine};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::{Result, caller};

/// Items of one batch.
const BATCH: usize = 1_000;

/// An entry's content with a code of its own.
pub fn content(code: &str, number: usize) -> Value {
    json!({
        "kind": code,
        "level": number % 4 + 1,
        "rank": number,
        "name_vi": format!("Công đoàn loại {number}"),
        "name_en": format!("Union of kind {number}"),
        "child_kinds": ["grassroots_union"],
        "from": "2025-07-01",
        "to": null,
        "document": "97/2025/QH15",
    })
}

/// Adds entries until there are `rows` of them.
pub async fn fill(address: &str, rows: usize) -> Result<()> {
    let client = caller::client()?;
    let mut there = count(&client, address).await?;
    while there < rows {
        let items: Vec<Value> = (there..rows.min(there + BATCH))
            .map(|n| json!({"action": "create", "content": content(&format!("k{n}"), n)}))
            .collect();
        there += items.len();
        let request = client
            .post(format!("http://{address}/api/v1/unit_kinds:batch"))
            .header("idempotency-key", format!("rows-{there}"))
            .json(&json!({ "items": items }));
        let answer = read(request.send().await?).await?;
        if answer["failed"] != 0 {
            return Err(format!("a batch failed: {}", answer["items"][0]).into());
        }
    }
    Ok(())
}

type Row = (
    i64,
    i32,
    String,
    Option<i32>,
    i32,
    bool,
    String,
    String,
    String,
    NaiveDate,
    NaiveDate,
    Option<String>,
    Timestamp,
    Timestamp,
);

/// One entry by its id, as the service reads it.
pub fn find(db: &mut Db, id: i64) -> Result<()> {
    let query = unit_kinds::table.find(id);
    let _: Row = on_engine!(db, c => query.first(c))?;
    Ok(())
}

async fn count(client: &Client, address: &str) -> Result<usize> {
    let url = format!("http://{address}/api/v1/unit_kinds?limit=1&count=exact");
    let page = read(client.get(url).send().await?).await?;
    Ok(serde_json::from_value(page["total"].clone())?)
}

/// Rows of a page at most.
const PAGE: usize = 200;

/// The path of the page of 50 that lies so many rows deep in a list, whose path ends with `?` or a filter: found as
/// a client finds it, page by page.
pub async fn deep_page(client: &Client, address: &str, list: &str, rows: usize) -> Result<String> {
    let (mut cursor, mut deep) = (String::new(), 0);
    while deep < rows {
        let limit = PAGE.min(rows - deep);
        let url = format!("http://{address}{list}&limit={limit}{cursor}");
        let page = read(client.get(url).send().await?).await?;
        let next = page["next_cursor"].as_str();
        let next = next.ok_or_else(|| format!("{list} ends before {rows} rows"))?;
        cursor = format!("&cursor={next}");
        deep += limit;
    }
    Ok(format!("{list}&limit=50{cursor}"))
}

pub async fn read(response: Response) -> Result<Value> {
    let status = response.status();
    let text = response.text().await?;
    if status.is_success() {
        Ok(serde_json::from_str(&text).unwrap_or_default())
    } else {
        Err(format!("{status}: {text}").into())
    }
}

pub fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}
