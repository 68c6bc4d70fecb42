//! How the databases answer the service's own statements: overheard while it serves, then explained.

use std::net::TcpListener;

use liendoan::config::Config;
use liendoan::server::Service;
use liendoan_core::Files;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::database::Database;
use crate::rows::{content, engine_name, read};
use crate::{Result, caller, print};

/// Words of statements that may read a whole table, and why.
pub type Excuses = [(&'static str, &'static str)];

/// Those about kinds.
pub const SCANS_OF_KINDS: &Excuses = &[
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

/// Overhears the statements that read one of the large tables while the service is asked for `everything`, and
/// prints the plan of each that scans one; answers whether all of these are excused.
pub async fn check<F>(
    database: &Database,
    tables: &[&str],
    excuses: &Excuses,
    everything: impl FnOnce(String) -> F,
) -> Result<bool>
where
    F: Future<Output = Result<()>>,
{
    liendoan_plans::attend()?;
    liendoan_plans::start(&database.url);
    let asked = serve(database, everything).await;
    let overheard = liendoan_plans::stop(&database.url);
    asked?;
    let plans = liendoan_plans::explain(&mut database.connect()?, &overheard, tables)?;
    let (found, mut all_pass) = (plans.len(), true);
    print(&format!(
        "\n{}: {found} query plans; a whole table is read by these:\n",
        engine_name(database.engine)
    ))?;
    for plan in plans.iter().filter(|plan| plan.scans) {
        let text = plain(&plan.statement);
        let excuse = excuses.iter().find(|(word, _)| text.contains(word));
        all_pass &= excuse.is_some();
        let verdict = match excuse {
            Some((_, why)) => &format!("allowed: {why}"),
            None => "FAIL",
        };
        let lines: String = plan
            .lines
            .iter()
            .map(|line| format!("    {line}\n"))
            .collect();
        print(&format!("{}\n{lines}    {verdict}\n", shortened(&text)))?;
    }
    Ok(all_pass)
}

/// The statement without the table's name before each column.
fn plain(statement: &str) -> String {
    statement.replace("unit_kinds.", "")
}

/// The statement with the names of columns left out.
fn shortened(statement: &str) -> String {
    match (statement.strip_prefix("SELECT "), statement.find(" FROM ")) {
        (Some(_), Some(from)) if from > 60 => format!("SELECT … {}", &statement[from + 1..]),
        _ => statement.to_owned(),
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
