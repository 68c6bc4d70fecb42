//! A bounded set of connections, used from a bounded set of threads.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{self, ManageConnection, PooledConnection};
use tokio::sync::Semaphore;

use super::Db;
use crate::error::{Code, Error, Result};

/// A pooled connection; one that has shown itself dead is not used again.
pub(super) struct Pooled {
    pub db: Db,
    pub is_dead: bool,
}

type Open = dyn Fn() -> Result<Db> + Send + Sync;

struct Manager {
    open: Box<Open>,
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = Error;

    fn connect(&self) -> Result<Pooled> {
        let db = (self.open)()?;
        Ok(Pooled { db, is_dead: false })
    }

    fn is_valid(&self, _: &mut Pooled) -> Result<()> {
        // Never asked: a check before each use would double the cost of a small read. A dead
        // connection fails once, and that read is run again.
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        // A panic may have left a transaction open.
        pooled.is_dead || std::thread::panicking()
    }
}

#[derive(Clone)]
pub(super) struct Pool {
    connections: r2d2::Pool<Manager>,
    /// As many permits as connections: who waits, waits here and not in a thread.
    permits: Arc<Semaphore>,
    wait: Duration,
}

impl Pool {
    pub fn new(
        size: u32,
        wait: Duration,
        open: impl Fn() -> Result<Db> + Send + Sync + 'static,
    ) -> Self {
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(wait)
            // So that nothing stays long on a server that has stepped down.
            .max_lifetime(Some(Duration::from_secs(600)))
            .build_unchecked(Manager {
                open: Box::new(open),
            });
        Self {
            connections,
            permits: Arc::new(Semaphore::new(size as usize)),
            wait,
        }
    }

    /// Runs `f` on this very thread, if a connection is free at this moment.
    pub fn try_run<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Option<Result<T>> {
        let _permit = self.permits.try_acquire().ok()?;
        Some(run(self.connections.try_get()?, f))
    }

    /// Runs `f` with a connection on a thread that may block.
    pub async fn run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T> + Send + 'static,
    {
        let permit = tokio::time::timeout(self.wait, self.permits.clone().acquire_owned())
            .await
            .map_err(|_| Code::Overloaded)?
            .map_err(|_| Code::ShuttingDown)?;
        let connections = self.connections.clone();
        let outcome = tokio::task::spawn_blocking(move || {
            let pooled = connections
                .get()
                .map_err(|cause| Error::new(Code::DatabaseUnavailable).because(cause))?;
            let outcome = run(pooled, f);
            drop(permit);
            outcome
        });
        outcome
            .await
            .unwrap_or_else(|panic| Err(Error::internal(panic)))
    }
}

fn run<T>(
    mut pooled: PooledConnection<Manager>,
    f: impl FnOnce(&mut Db) -> Result<T>,
) -> Result<T> {
    let outcome = f(&mut pooled.db);
    if let Err(error) = &outcome {
        pooled.is_dead = error.code() == Code::DatabaseUnavailable;
    }
    outcome
}
