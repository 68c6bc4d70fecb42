//! A bounded set of threads that may block, and the connections they use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::Db;
use super::options::StartError;
use super::queue::{Next, Queue};
use crate::error::{Code, Error, Result};

/// How old a connection may get, so that nothing stays long on a server that has stepped down.
const LIFETIME: Duration = Duration::from_secs(600);

/// How often a thread without work throws away connections that are too old.
const TIDY: Duration = Duration::from_secs(60);

/// Pause between attempts to connect.
const PAUSE: Duration = Duration::from_millis(50);

/// Closures that may wait for a thread; past that the service answers `overloaded`.
const QUEUE: usize = 4096;

type Job = Box<dyn FnOnce(&Connections) + Send>;

#[derive(Clone)]
pub(super) struct Pool {
    jobs: Arc<Jobs>,
    connections: Arc<Connections>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

/// The pool's end of the queue.
struct Jobs(Arc<Queue<Job>>);

impl Drop for Jobs {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Pool {
    /// A pool of `size` threads. Dropping it lets them finish what waits.
    pub fn start(
        size: u32,
        wait: Duration,
        open: impl Fn() -> Result<Db> + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let queue = Arc::new(Queue::new(QUEUE));
        let connections = Arc::new(Connections {
            open: Box::new(open),
            wait,
            idle: Mutex::default(),
        });
        let mut threads = Vec::new();
        for _ in 0..size {
            let (queue, connections) = (queue.clone(), connections.clone());
            let thread = std::thread::Builder::new()
                .name("database".to_owned())
                .spawn(move || work(&queue, &connections));
            threads.push(thread.map_err(|e| StartError::new(e.to_string()))?);
        }
        Ok(Self {
            jobs: Arc::new(Jobs(queue)),
            connections,
            threads: Arc::new(Mutex::new(threads)),
        })
    }

    /// Lets the threads finish what waits, and waits for their end. To be called before the process ends:
    /// libraries that clean up at exit, such as OpenSSL under libpq, do so beneath a thread that still
    /// uses them, and the process dies of it.
    pub fn close(&self) {
        let threads = std::mem::take(&mut *lock(&self.threads));
        self.jobs.0.close();
        for thread in threads {
            let _ = thread.join();
        }
    }

    /// Runs `f` on this very thread, if a connection is free at this moment.
    pub fn try_run<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Option<Result<T>> {
        let connection = self.connections.take()?;
        Some(self.connections.run(connection, f))
    }

    /// Runs `f` with a connection on a thread that may block.
    pub async fn run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Db) -> Result<T> + Send + 'static,
    {
        // Whoever takes it first has it: a thread, or the caller who has waited long enough.
        let waiting = Arc::new(Mutex::new(Some(f)));
        let (reply, mut answer) = oneshot::channel();
        let job = {
            let waiting = waiting.clone();
            move |connections: &Connections| {
                // Out of the condition, which would keep the lock.
                let taken = lock(&waiting).take();
                // Closed: the caller hung up.
                if let Some(f) = taken
                    && !reply.is_closed()
                {
                    let _ = reply.send(connections.run_any(f));
                }
            }
        };
        if !self.jobs.0.add(Box::new(job)) {
            return Err(Code::Overloaded.into());
        }
        let outcome = match tokio::time::timeout(self.connections.wait, &mut answer).await {
            Ok(outcome) => outcome,
            Err(_) if lock(&waiting).take().is_some() => return Err(Code::Overloaded.into()),
            Err(_) => answer.await,
        };
        outcome.map_err(|_| Code::ShuttingDown)?
    }
}

fn work(queue: &Queue<Job>, connections: &Connections) {
    loop {
        match queue.next(TIDY) {
            Next::Job(job) => job(connections),
            Next::Nothing => connections.tidy(),
            Next::End => return,
        }
    }
}

struct Connection {
    db: Db,
    opened: Instant,
}

impl Connection {
    fn is_young(&self) -> bool {
        self.opened.elapsed() < LIFETIME
    }
}

struct Connections {
    open: Box<dyn Fn() -> Result<Db> + Send + Sync>,
    wait: Duration,
    /// The one used last is used next: where few are needed, the others grow old.
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    fn take(&self) -> Option<Connection> {
        lock(&self.idle).pop().filter(Connection::is_young)
    }

    /// Opens one, and tries again for as long as a request may wait: the server may be starting.
    fn open(&self) -> Result<Connection> {
        let start = Instant::now();
        loop {
            match (self.open)() {
                Err(_) if start.elapsed() < self.wait => std::thread::sleep(PAUSE),
                outcome => {
                    let opened = Instant::now();
                    return outcome.map(|db| Connection { db, opened });
                }
            }
        }
    }

    /// Runs `f` with an idle connection, or a new one.
    fn run_any<T>(&self, f: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        let run = || {
            let connection = self.take().map_or_else(|| self.open(), Ok)?;
            self.run(connection, f)
        };
        catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Error::internal("panic in a transaction")))
    }

    /// Runs `f`. A panic, which may leave a transaction open, takes the connection along.
    fn run<T>(
        &self,
        mut connection: Connection,
        f: impl FnOnce(&mut Db) -> Result<T>,
    ) -> Result<T> {
        let outcome = f(&mut connection.db);
        let mut idle = lock(&self.idle);
        match &outcome {
            // The others go the same way: what is run again must not meet the next dead one. Not asked
            // before each use, because that would double the cost of a small read.
            Err(error) if error.code() == Code::DatabaseUnavailable => idle.clear(),
            _ => idle.push(connection),
        }
        outcome
    }

    fn tidy(&self) {
        lock(&self.idle).retain(Connection::is_young);
    }
}

/// No lock here is held where anything could panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
