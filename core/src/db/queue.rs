//! Work for a set of threads. Threads without work sleep at once: a channel's, which try and yield for a
//! while before they sleep, cost a small read a third more, in switches between threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    changed: Condvar,
    most: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    /// Threads that sleep. Where none does, to wake one would be a system call for nothing.
    sleeping: usize,
    is_closed: bool,
}

/// What a thread is to do.
pub(super) enum Next<J> {
    Job(J),
    /// Nothing came for the time that it was ready to wait.
    Nothing,
    /// Nothing will come any more.
    End,
}

impl<J> Queue<J> {
    /// A queue in which `most` jobs may wait.
    pub fn new(most: usize) -> Self {
        Self {
            state: Mutex::new(State {
                jobs: VecDeque::new(),
                sleeping: 0,
                is_closed: false,
            }),
            changed: Condvar::new(),
            most,
        }
    }

    /// Adds a job; answers whether it was taken.
    #[must_use]
    pub fn add(&self, job: J) -> bool {
        let mut state = self.lock();
        if state.is_closed || state.jobs.len() >= self.most {
            return false;
        }
        state.jobs.push_back(job);
        let someone_sleeps = state.sleeping > 0;
        drop(state);
        if someone_sleeps {
            self.changed.notify_one();
        }
        true
    }

    /// The job that came first; waits for one.
    pub fn next(&self, patience: Duration) -> Next<J> {
        let mut state = self.lock();
        let mut is_patient = true;
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            if state.is_closed {
                return Next::End;
            }
            if !is_patient {
                return Next::Nothing;
            }
            state.sleeping += 1;
            let woken = self.changed.wait_timeout(state, patience);
            let (again, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            state = again;
            state.sleeping -= 1;
            is_patient = !timeout.timed_out();
        }
    }

    /// Takes nothing more. What waits is still to be done.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_done_in_their_order_and_to_the_end() {
        let queue = Queue::new(2);
        assert!(queue.add(1) && queue.add(2));
        assert!(!queue.add(3), "it is full");
        assert!(matches!(queue.next(Duration::ZERO), Next::Job(1)));
        queue.close();
        assert!(!queue.add(4), "it is closed");
        assert!(matches!(queue.next(Duration::MAX), Next::Job(2)));
        assert!(matches!(queue.next(Duration::MAX), Next::End));
    }

    #[test]
    fn a_thread_that_waits_hears_of_a_job_and_of_the_end() {
        let queue = Queue::new(1);
        assert!(matches!(queue.next(Duration::ZERO), Next::Nothing));
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let first = queue.next(Duration::MAX);
                (first, queue.next(Duration::MAX))
            });
            assert!(queue.add(1));
            while !queue.lock().jobs.is_empty() {
                std::thread::yield_now();
            }
            queue.close();
            assert!(matches!(thread.join().unwrap(), (Next::Job(1), Next::End)));
        });
    }
}
