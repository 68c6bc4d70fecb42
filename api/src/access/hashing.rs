//! Passwords at rest: argon2id over the peppered password, on threads of their own.
//!
//! Each hash takes a core for tens of milliseconds and 19 MiB. The threads give way to everybody else, each
//! keeps its memory, and the queue before them is short: a flood of sign-ins is refused at its door, and can exhaust
//! neither memory nor the threads that serve everybody else.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use crossbeam_channel::{Receiver, Sender};
use liendoan_core::db::StartError;
use liendoan_core::{Code, Error, Result};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::vault::Vault;

/// OWASP's minimum. What rises here is applied to each account as it signs in.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// How many may wait for each thread; past that the service answers `overloaded`. The last waits for a few
/// tenths of a second.
const WAITING_A_THREAD: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right {
        /// It is to be hashed again, now that the password is at hand.
        is_outdated: bool,
    },
}

/// The threads that hash. Clones share them; they end with the last clone, or when closed.
#[derive(Clone)]
pub struct Hashing(Arc<Pool>);

struct Pool {
    /// `None` once closed.
    jobs: Mutex<Option<Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

type Job = Box<dyn FnOnce(&Recipe, &mut Memory) + Send>;

impl Hashing {
    /// One thread for each core but one: that they step back is not enough where the database runs beside
    /// them, to which their steps do not matter.
    pub fn start(vault: &Vault) -> Result<Self, StartError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_threads(vault, cores.saturating_sub(1).max(1))
    }

    fn with_threads(vault: &Vault, size: usize) -> Result<Self, StartError> {
        let recipe = Recipe::new(vault.clone());
        let recipe = Arc::new(recipe.map_err(|why| StartError::new(why.to_string()))?);
        let (jobs, queue) = crossbeam_channel::bounded(WAITING_A_THREAD * size);
        let mut threads = Vec::new();
        for _ in 0..size {
            let (queue, recipe) = (queue.clone(), recipe.clone());
            let thread = std::thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || work(&queue, &recipe));
            threads.push(thread.map_err(|why| StartError::new(why.to_string()))?);
        }
        Ok(Self(Arc::new(Pool {
            jobs: Mutex::new(Some(jobs)),
            threads: Mutex::new(threads),
        })))
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.run(move |recipe, memory| recipe.hash(memory, &password))
            .await
    }

    /// Whether this is the password behind `hash`. `None`, for an account that does not exist, is
    /// always wrong, and takes as long to find out.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<Verdict> {
        self.run(move |recipe, memory| recipe.verify(memory, &password, hash.as_deref()))
            .await
    }

    /// Refuses whoever would only be refused later, after work of others.
    pub fn check_room(&self) -> Result<()> {
        let jobs = lock(&self.0.jobs);
        let is_full = jobs.as_ref().is_some_and(Sender::is_full);
        if is_full {
            Err(Code::Overloaded.into())
        } else {
            Ok(())
        }
    }

    /// Lets the threads finish what waits, and waits for their end.
    pub fn close(&self) {
        self.0.close();
    }

    async fn run<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Recipe, &mut Memory) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = move |recipe: &Recipe, memory: &mut Memory| {
            // Closed: the caller hung up.
            if !reply.is_closed() {
                let _ = reply.send(f(recipe, memory));
            }
        };
        match &*lock(&self.0.jobs) {
            None => return Err(Code::ShuttingDown.into()),
            // Fails only where it is full: the threads live for as long as it is there.
            Some(jobs) => jobs.try_send(Box::new(job)).map_err(|_| Code::Overloaded)?,
        }
        let panicked = |_| Error::internal("panic while hashing");
        answer.await.map_err(panicked)?
    }
}

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashing")
    }
}

impl Pool {
    fn close(&self) {
        // Threads end when they have emptied a queue into which nobody can send any more.
        lock(&self.jobs).take();
        for thread in std::mem::take(&mut *lock(&self.threads)) {
            let _ = thread.join();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

fn work(queue: &Receiver<Job>, recipe: &Recipe) {
    step_back();
    let mut memory = Memory::default();
    for job in queue {
        // One job less, not one thread less.
        let _ = catch_unwind(AssertUnwindSafe(|| job(recipe, &mut memory)));
    }
}

/// Lets everybody else go first: a flood of sign-ins shall take the time that nobody else needs. A low priority
/// (nice) is not enough, since the scheduler lets a thread of it finish its slice of milliseconds before whoever
/// answers a request; one of the idle policy gives way at once (sched(7)). Where it is refused, they work on as
/// they are.
fn step_back() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{
            NormalThreadSchedulePolicy::Idle, ThreadPriority, ThreadSchedulePolicy,
            set_thread_priority_and_policy, thread_native_id,
        };
        let idle = ThreadSchedulePolicy::Normal(Idle);
        let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
    }
}

/// No lock here is held where anything could panic.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a thread hashes in. Kept from one hash to the next: to be given 19 MiB anew each time takes longer, and
/// the allocator would hold on to several.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn digest(&mut self, argon2: &Argon2<'_>, salt: &[u8], password: &[u8]) -> Result<Output> {
        let params = argon2.params();
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut buffer = [0; Output::MAX_LENGTH];
        let out = buffer.get_mut(..length);
        let out = out.ok_or_else(|| Error::internal("a password's hash is too long"))?;
        let blocks = params.block_count();
        if self.0.len() < blocks {
            self.0.resize(blocks, Block::default());
        }
        argon2
            .hash_password_into_with_memory(password, salt, out, &mut self.0[..blocks])
            .map_err(Error::internal)?;
        Output::new(out).map_err(Error::internal)
    }
}

/// How a password becomes a hash.
struct Recipe {
    vault: Vault,
    argon2: Argon2<'static>,
    /// Stands for the hash of an account that does not exist. Nobody knows its password.
    nobody: String,
}

impl Recipe {
    fn new(vault: Vault) -> Result<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES));
        let params = params.map_err(Error::internal)?;
        let mut recipe = Self {
            vault,
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobody: String::new(),
        };
        let password = rand::random::<[u8; 32]>();
        recipe.nobody = recipe.hash_bytes(&mut Memory::default(), &password)?;
        Ok(recipe)
    }

    fn hash(&self, memory: &mut Memory, password: &SecretString) -> Result<String> {
        self.hash_bytes(memory, password.expose_secret().as_bytes())
    }

    fn hash_bytes(&self, memory: &mut Memory, password: &[u8]) -> Result<String> {
        let salt = rand::random::<[u8; SALT_BYTES]>();
        let peppered = self.vault.pepper(password);
        let hash = memory.digest(&self.argon2, &salt, &peppered)?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(self.argon2.params()).map_err(Error::internal)?,
            salt: Some(Salt::new(&salt).map_err(Error::internal)?),
            hash: Some(hash),
        };
        Ok(hash.to_string())
    }

    fn verify(
        &self,
        memory: &mut Memory,
        password: &SecretString,
        hash: Option<&str>,
    ) -> Result<Verdict> {
        let is_right = self.matches(memory, password, hash.unwrap_or(&self.nobody))?;
        Ok(match hash {
            Some(hash) if is_right => Verdict::Right {
                is_outdated: is_outdated(hash),
            },
            _ => Verdict::Wrong,
        })
    }

    fn matches(&self, memory: &mut Memory, password: &SecretString, hash: &str) -> Result<bool> {
        let cut_short = || Error::internal("a password's hash is cut short");
        let kept = PasswordHash::new(hash).map_err(Error::internal)?;
        let (salt, expected) = kept.salt.as_ref().zip(kept.hash).ok_or_else(cut_short)?;
        let algorithm = Algorithm::try_from(kept.algorithm.as_str()).map_err(Error::internal)?;
        let version = kept
            .version
            .map_or(Ok(Version::default()), Version::try_from);
        let version = version.map_err(Error::internal)?;
        let params = Params::try_from(&kept).map_err(Error::internal)?;
        let argon2 = Argon2::new(algorithm, version, params);
        let peppered = self.vault.pepper(password.expose_secret().as_bytes());
        // Outputs are compared in constant time.
        Ok(memory.digest(&argon2, salt, &peppered)? == expected)
    }
}

/// Whether `hash` is weaker than one made today.
pub fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return true;
    };
    let Ok(params) = Params::try_from(&hash) else {
        return true;
    };
    let is_as_strong = hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && params.m_cost() >= MEMORY_KIB
        && params.t_cost() >= PASSES
        && params.output_len() >= Some(HASH_BYTES)
        && hash.salt.is_some_and(|salt| salt.len() >= SALT_BYTES);
    !is_as_strong
}

#[cfg(test)]
mod tests;
