//! Statements as this process sends them to a database, overheard.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::Result;

/// Each statement, with what was heard of it.
pub type Overheard = BTreeMap<String, Heard>;

/// What was heard of a statement.
#[derive(Debug, Default)]
pub struct Heard {
    /// The values that it first came with, as Rust shows them; nothing, where it has none.
    pub binds: String,
    pub times: usize,
}

/// What was overheard of each database that is listened to.
static OVERHEARD: Mutex<Option<HashMap<String, Overheard>>> = Mutex::new(None);

fn overheard() -> MutexGuard<'static, Option<HashMap<String, Overheard>>> {
    OVERHEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The database that an address leads to, without what is set for a connection.
fn database(url: &str) -> &str {
    let url = url.strip_prefix("sqlite://").unwrap_or(url);
    url.split('?').next().unwrap_or_default()
}

/// Of one connection.
#[derive(Default)]
struct Ear {
    database: String,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                database(url).clone_into(&mut self.database);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let mut overheard = overheard();
                let Some(heard) = overheard
                    .as_mut()
                    .and_then(|all| all.get_mut(&self.database))
                else {
                    return;
                };
                let text = query.to_string();
                let (statement, binds) = text.split_once(" -- binds: ").unwrap_or((&text, ""));
                let heard = heard.entry(statement.to_owned()).or_insert_with(|| Heard {
                    binds: binds.to_owned(),
                    times: 0,
                });
                heard.times += 1;
            }
            _ => {}
        }
    }
}

/// Connections that are opened from now on can be listened to.
///
/// # Errors
///
/// Where diesel does not take an instrumentation.
pub fn attend() -> Result<()> {
    Ok(diesel::connection::set_default_instrumentation(|| {
        Some(Box::new(Ear::default()))
    })?)
}

/// Listens to what goes to the database at an address, by connections that were opened since [`attend`].
pub fn start(url: &str) {
    let mut overheard = overheard();
    let all = overheard.get_or_insert_default();
    all.insert(database(url).to_owned(), Overheard::new());
}

/// What was sent there since the start.
pub fn stop(url: &str) -> Overheard {
    let mut overheard = overheard();
    let heard = overheard.as_mut().and_then(|all| all.remove(database(url)));
    heard.unwrap_or_default()
}
