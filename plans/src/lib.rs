//! How the databases answer the service's own statements: overheard while it serves, then explained.

mod binds;
mod ear;
pub mod records;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use liendoan_core::Db;

pub use binds::binds;
pub use ear::{Heard, Overheard, attend, start, stop};

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How a database answers a statement.
pub struct Plan {
    /// Without quotes.
    pub statement: String,
    /// As the engine tells it.
    pub lines: Vec<String>,
    /// Whether one of the tables is read whole, or more of the records than a page and those few that it is made of.
    pub scans: bool,
}

/// The plan of each statement that reads one of `tables`; on PostgreSQL two: the one for its values, and the one
/// for any values, which it takes once it has seen the statement a few times.
///
/// # Errors
///
/// Where the database does not explain a statement.
pub fn explain(db: &mut Db, overheard: &Overheard, tables: &[&str]) -> Result<Vec<Plan>> {
    let mut plans = Vec::new();
    for (statement, heard) in overheard {
        let plain = statement.replace(['"', '`'], "");
        let names = names(&plain, tables);
        if plain.starts_with("INSERT") || names.is_empty() {
            continue;
        }
        let found =
            all_lines(db, statement, &heard.binds).map_err(|why| format!("{plain}: {why}"))?;
        plans.extend(found.into_iter().map(|lines| Plan {
            scans: scans(&lines, &names) || records::is_unbounded(&plain, &lines),
            statement: plain.clone(),
            lines,
        }));
    }
    Ok(plans)
}

/// The tables that a statement reads, and what it calls them.
fn names<'a>(statement: &'a str, tables: &[&str]) -> Vec<&'a str> {
    let parts = statement.split([' ', '(', ')', ',', '\n']);
    let words: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if tables.contains(word) {
            names.push(*word);
            let next = words.get(at + 1).filter(|next| **next != "AS");
            let alias = next.or_else(|| words.get(at + 2));
            names.extend(alias.filter(|alias| alias.chars().all(|c| c.is_lowercase() || c == '_')));
        }
    }
    names
}

/// Whether a plan reads one of these from its beginning to its end.
fn scans(lines: &[String], names: &[&str]) -> bool {
    // An index that is walked ends with the page only where it stands in the page's order.
    let sorts = lines
        .iter()
        .any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    lines.iter().any(|line| is_scan(line, names, sorts))
}

fn is_scan(line: &str, names: &[&str], sorts: bool) -> bool {
    if let Some((_, of)) = line.split_once("Seq Scan on ") {
        return of
            .split_whitespace()
            .next()
            .is_some_and(|table| names.contains(&table));
    }
    // SQLite names the alias.
    let Some(of) = line.strip_prefix("SCAN ") else {
        return false;
    };
    let is_meant = of
        .split_whitespace()
        .next()
        .is_some_and(|name| names.contains(&name));
    is_meant && (sorts || !of.contains(" USING INDEX "))
}

fn all_lines(db: &mut Db, statement: &str, values: &str) -> Result<Vec<Vec<String>>> {
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
            Ok(vec![steps.into_iter().map(|step| step.detail).collect()])
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
            let mut plans = Vec::new();
            for mode in ["force_custom_plan", "force_generic_plan"] {
                connection.batch_execute(&format!("SET plan_cache_mode = {mode}"))?;
                let lines = diesel::sql_query(format!("EXPLAIN EXECUTE explained{values}"));
                let lines: Vec<Line> = lines.load(connection)?;
                plans.push(lines.into_iter().map(|line| line.line).collect());
            }
            connection.batch_execute("DEALLOCATE explained")?;
            Ok(plans)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{names, scans};

    fn finds(statement: &str, lines: &[&str]) -> bool {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        scans(&lines, &names(statement, &["records", "units"]))
    }

    #[test]
    fn a_scan_is_found_by_the_name_or_the_alias() {
        let statement =
            "SELECT r.id FROM records r JOIN (SELECT 1) w WHERE r.id IN (SELECT id FROM units)";
        for line in [
            "SCAN r",
            "SCAN units",
            "  ->  Seq Scan on records r  (cost=0.00..1.00 rows=1 width=8)",
            "  ->  Parallel Seq Scan on units  (cost=0.00..1.00 rows=1 width=8)",
        ] {
            assert!(finds(statement, &[line]), "{line}");
        }
        for line in [
            "SCAN w",
            "SCAN CONSTANT ROW",
            "SCAN r USING INDEX records_by_day",
            "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
            "  ->  Seq Scan on roles  (cost=0.00..1.00 rows=1 width=8)",
            "  ->  Index Scan using records_by_day on records r  (cost=0.00..1.00 rows=1 width=8)",
        ] {
            assert!(!finds(statement, &[line]), "{line}");
        }
        let sorted = [
            "SCAN r USING INDEX records_by_day",
            "USE TEMP B-TREE FOR ORDER BY",
        ];
        assert!(finds(statement, &sorted));
    }
}
