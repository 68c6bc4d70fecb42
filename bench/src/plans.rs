//! How the databases answer the service's own statements: overheard while it serves, then explained.

use std::net::TcpListener;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use liendoan::config::Config;
use liendoan::server::Service;
use liendoan_core::{Db, Files};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::binds::binds;
use crate::database::Database;
use crate::rows::{content, engine_name, read};
use crate::{Result, caller, ear, print};

/// Statements that may read a whole table, and why.
const SCANS: &[(&str, &str)] = &[
    (
        "LIKE",
        "looks for a kind's name in all others before a deletion",
    ),
    ("COUNT(*)", "count=exact counts the whole list"),
    (
        "may_be_root, child_kinds, rank FROM",
        "holds a change against all rules there are: a dozen, where they are not made by a bench",
    ),
];

/// Prints the plan of each statement that reads one of the large tables while the service is asked for
/// `everything`; answers whether none scans one.
pub async fn check<F>(
    database: &Database,
    tables: &[&str],
    everything: impl FnOnce(String) -> F,
) -> Result<bool>
where
    F: Future<Output = Result<()>>,
{
    ear::start()?;
    let asked = serve(database, everything).await;
    let overheard = ear::stop()?;
    asked?;
    let mut db = database.connect()?;
    print(&format!(
        "\n{}: query plans\n",
        engine_name(database.engine)
    ))?;
    let mut all_pass = true;
    for (statement, values) in overheard {
        let bare = statement.replace(['"', '`'], "") + " ";
        let words: Vec<&str> = bare.split([' ', '(', ')']).collect();
        let is_meant = tables.iter().any(|table| words.contains(table));
        if bare.starts_with("INSERT") || !is_meant {
            continue;
        }
        let plan = explain(&mut db, &statement, &values)?;
        let text = plain(&statement);
        let excuse = SCANS.iter().find(|(word, _)| text.contains(word));
        let scans = plan.iter().any(|line| is_scan(line, tables));
        let verdict = match (scans, excuse) {
            (false, _) => "",
            (true, Some((_, why))) => &format!("    allowed to scan: {why}\n"),
            (true, None) => {
                all_pass = false;
                "    FAIL: reads the whole table\n"
            }
        };
        let plan: String = plan.iter().map(|line| format!("    {line}\n")).collect();
        print(&format!("{}\n{plan}{verdict}", shortened(&statement)))?;
    }
    Ok(all_pass)
}

fn is_scan(line: &str, tables: &[&str]) -> bool {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| !word.ends_with("Scan"));
    let in_postgres =
        line.contains("Seq Scan") && words.nth(2).is_some_and(|table| tables.contains(&table));
    // SQLite names the alias, and a part of the statement like a table.
    let of_part = ["CONSTANT ROW", "SUBQUERY", "below", "up"].map(|part| format!("SCAN {part}"));
    let in_sqlite = line.starts_with("SCAN")
        && !line.contains("USING INDEX")
        && !of_part.iter().any(|part| line.starts_with(part));
    in_postgres || in_sqlite
}

/// The statement without quotes and the table's name before each column.
fn plain(statement: &str) -> String {
    statement.replace(['"', '`'], "").replace("unit_kinds.", "")
}

/// The statement with the names of columns left out.
fn shortened(statement: &str) -> String {
    let statement = plain(statement);
    match (statement.strip_prefix("SELECT "), statement.find(" FROM ")) {
        (Some(_), Some(from)) if from > 60 => format!("SELECT … {}", &statement[from + 1..]),
        _ => statement,
    }
}

fn explain(db: &mut Db, statement: &str, values: &str) -> Result<Vec<String>> {
    match db {
        Db::Sqlite(connection) => {
            #[derive(QueryableByName)]
            struct Step {
                #[diesel(sql_type = Text)]
                detail: String,
            }
            // Values left out are null: this planner does not look at them.
            let steps = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
            let steps: Vec<Step> = steps.load(connection)?;
            Ok(steps.into_iter().map(|step| step.detail).collect())
        }
        Db::Postgres(connection) => {
            #[derive(QueryableByName)]
            struct Line {
                #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
                line: String,
            }
            connection.batch_execute(&format!("PREPARE explained AS {statement}"))?;
            let values = binds(values);
            let values = if values.is_empty() {
                String::new()
            } else {
                format!("({})", values.join(", "))
            };
            let lines = diesel::sql_query(format!("EXPLAIN EXECUTE explained{values}"));
            let lines: Vec<Line> = lines.load(connection)?;
            connection.batch_execute("DEALLOCATE explained")?;
            Ok(lines.into_iter().map(|line| line.line).collect())
        }
    }
}

/// Serves in this process while `everything` asks the address it is given.
async fn serve<F>(database: &Database, everything: impl FnOnce(String) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let folder = database.folder.path().join("files");
    let mut flags = vec![
        ("database.url", database.url.clone()),
        ("files.folder", folder.display().to_string()),
    ];
    let settings = caller::SETTINGS.iter();
    flags.extend(settings.map(|(name, value)| (*name, (*value).to_owned())));
    let config = Config::load(None, &flags)?;
    let options = config.store_options()?;
    let service = Service::open(config, &options, Files::open(&folder)?).await?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let base = format!("http://{address}/api/v1");
    let server = service.serve(listener)?;
    let handle = server.handle();
    tokio::spawn(server);
    let folder = database.folder.path().to_owned();
    // It waits for the answer, which comes from this very thread.
    let sign_in = move || caller::sign_in(&address, &folder).map_err(|why| why.to_string());
    tokio::task::spawn_blocking(sign_in).await??;
    let asked = everything(base).await;
    handle.stop(false).await;
    asked
}

/// One request of every sort about kinds and events.
pub async fn ask_about_kinds(base: String) -> Result<()> {
    let client = caller::client()?;
    let get = |path: &str| client.get(format!("{base}{path}"));
    for path in [
        "/unit_kinds/500",
        "/unit_kinds/500?expand=child_kinds",
        "/unit_kinds?kind=k500",
        "/unit_kinds?level=3",
        "/unit_kinds?as_of=2026-01-01",
        "/unit_kinds?kind=k500&level=1&as_of=2026-01-01",
        "/unit_kinds?limit=1&count=exact&expand=child_kinds",
        "/events?after=500",
    ] {
        read(get(path).send().await?).await?;
    }
    for filter in ["", "&level=3", "&as_of=2026-01-01"] {
        let page = read(get(&format!("/unit_kinds?limit=50{filter}")).send().await?).await?;
        let cursor = page["next_cursor"].as_str().ok_or("the list ends early")?;
        read(
            get(&format!("/unit_kinds?limit=50{filter}&cursor={cursor}"))
                .send()
                .await?,
        )
        .await?;
    }
    let create = client.post(format!("{base}/unit_kinds"));
    let made = read(create.json(&content("to_be_deleted", 7)).send().await?).await?;
    let change = |method: Method, version: u32| -> RequestBuilder {
        let url = format!("{base}/unit_kinds/{}", made["id"]);
        let request = client.request(method, url);
        request.header("if-match", format!("\"{version}\""))
    };
    let patch = change(Method::PATCH, 1)
        .header("content-type", "application/merge-patch+json")
        .body(json!({"rank": 8}).to_string());
    read(patch.send().await?).await?;
    read(change(Method::DELETE, 2).send().await?).await?;
    Ok(())
}
