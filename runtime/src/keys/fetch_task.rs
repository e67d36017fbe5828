//! Starts and aborts the fetch task of one issuer.

use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;

use super::lock::lock;
use super::pulse::Pulse;

/// Function that spawns the fetch task on a runtime.
type Start = dyn Fn(&Handle, Arc<Pulse>) -> JoinHandle<()> + Send + Sync;

/// Handle of the fetch task. Dropping the handle aborts the task.
pub(super) struct Fetching {
    start: Box<Start>,
    task: Mutex<Option<Task>>,
}

#[derive(Debug)]
struct Task {
    handle: JoinHandle<()>,
    runtime: Id,
    pulse: Arc<Pulse>,
}

impl Fetching {
    pub(super) fn new(
        start: impl Fn(&Handle, Arc<Pulse>) -> JoinHandle<()> + Send + Sync + 'static,
    ) -> Self {
        Self { start: Box::new(start), task: Mutex::default() }
    }

    /// Starts the task on the current tokio runtime if the task is not running. Returns false if
    /// there is no current runtime.
    ///
    /// The task ends when its runtime is dropped. The next request on another runtime starts the
    /// task again.
    pub(super) fn ensure_started(&self) -> bool {
        let Ok(runtime) = Handle::try_current() else {
            return false;
        };
        let mut task = lock(&self.task);
        if task.as_ref().is_none_or(|task| task.handle.is_finished()) {
            let pulse = Arc::new(Pulse::new());
            *task = Some(Task {
                handle: (self.start)(&runtime, Arc::clone(&pulse)),
                runtime: runtime.id(),
                pulse,
            });
        }
        true
    }

    /// Aborts the task if it runs on another runtime and that runtime is not driven. For example, a
    /// `current_thread` runtime that only built the server keeps the task alive but never polls the
    /// task. A request that woke the task and then timed out calls this function.
    ///
    /// This function never aborts a task that is polled, even if the issuer is slow. The fetch has
    /// its own timeout, and requests on several runtimes would otherwise keep aborting each other's
    /// fetch.
    pub(super) fn abort_if_silent(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let is_silent = |task: &mut Task| task.runtime != runtime.id() && task.pulse.is_silent();
        if let Some(silent) = lock(&self.task).take_if(is_silent) {
            silent.handle.abort();
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.task).take() {
            task.handle.abort();
        }
    }
}

impl fmt::Debug for Fetching {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fetching").field("task", &self.task).finish_non_exhaustive()
    }
}
