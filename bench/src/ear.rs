//! Statements as this process sends them, overheard.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

use crate::Result;

/// Each statement with the values that it first came with.
pub type Overheard = BTreeMap<String, String>;

static OVERHEARD: Mutex<Overheard> = Mutex::new(BTreeMap::new());

/// Connections that were opened before the last start, and live on, are no longer meant.
static STARTS: AtomicUsize = AtomicUsize::new(0);

struct Ear {
    start: usize,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && self.start == STARTS.load(Ordering::Relaxed)
        {
            let text = query.to_string();
            if let Some((statement, binds)) = text.split_once(" -- binds: ") {
                let mut overheard = OVERHEARD.lock().unwrap_or_else(PoisonError::into_inner);
                overheard
                    .entry(statement.to_owned())
                    .or_insert(binds.to_owned());
            }
        }
    }
}

/// Connections that are opened from now on are listened to.
pub fn start() -> Result<()> {
    STARTS.fetch_add(1, Ordering::Relaxed);
    Ok(diesel::connection::set_default_instrumentation(|| {
        let start = STARTS.load(Ordering::Relaxed);
        Some(Box::new(Ear { start }))
    })?)
}

/// What was sent since the start.
pub fn stop() -> Result<Overheard> {
    STARTS.fetch_add(1, Ordering::Relaxed);
    diesel::connection::set_default_instrumentation(|| None)?;
    let mut overheard = OVERHEARD.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *overheard))
}

/// What `read` sends by a connection that it opens.
pub fn listen(read: impl FnOnce() -> Result<()>) -> Result<Overheard> {
    start()?;
    let done = read();
    let overheard = stop()?;
    done.map(|()| overheard)
}
