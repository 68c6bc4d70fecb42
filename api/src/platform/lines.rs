//! Log lines on their way to standard error. Requests' lines are gathered for some milliseconds and
//! written together: one system call for each, under a lock that all threads share, costs a tenth of
//! a small request. What tells of trouble is written at once, after all that came before it.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a line waits for others: what a process that is killed may fail to tell.
const WAIT: Duration = Duration::from_millis(20);

/// Bytes that may wait; past that, who logs waits until all are written.
const MOST: usize = 1 << 20;

static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static SOME_WAIT: Condvar = Condvar::new();

fn waiting() -> MutexGuard<'static, Vec<u8>> {
    // Bytes are whole lines, whoever panicked.
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes all that waits.
fn write_out() {
    // First of all, so that lines stay in their order.
    let mut to = io::stderr().lock();
    let lines = std::mem::take(&mut *waiting());
    // A closed standard error leaves nobody to tell.
    let _ = to.write_all(&lines);
}

/// Starts the thread that writes. What still waits when the answer is dropped is written then.
pub fn start() -> io::Result<Rest> {
    let write = || {
        loop {
            drop(SOME_WAIT.wait_while(waiting(), |lines| lines.is_empty()));
            std::thread::sleep(WAIT);
            write_out();
        }
    };
    let thread = std::thread::Builder::new().name("log".to_owned());
    thread.spawn(write).map(|_| Rest)
}

#[must_use]
pub struct Rest;

impl Drop for Rest {
    fn drop(&mut self) {
        write_out();
    }
}

/// Takes a line with its end. What is urgent is written at once.
pub fn take(line: &[u8], is_urgent: bool) {
    let mut lines = waiting();
    let is_first = lines.is_empty();
    lines.extend_from_slice(line);
    let are_many = lines.len() > MOST;
    drop(lines);
    if is_urgent || are_many {
        write_out();
    } else if is_first {
        SOME_WAIT.notify_one();
    }
}
