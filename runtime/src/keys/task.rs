//! The task that fetches, and the tokio runtime that it is on.

use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;

use super::lock::lock;
use super::pulse::Pulse;

/// Spawns the task on a runtime, each time with what was configured.
type Start = dyn Fn(&Handle, Arc<Pulse>) -> JoinHandle<()> + Send + Sync;

/// Ends the task when it is dropped.
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

    /// Starts the task where there is none, and returns whether there is one now. It dies with the
    /// runtime it was spawned on; the next request on another runtime starts it again.
    pub(super) fn keep(&self) -> bool {
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

    /// Ends a task on another runtime if nothing drives that runtime, as one that only built the
    /// server: it lives on and fetches nothing. For a request that woke the task and waited in vain.
    ///
    /// A task that is polled is waited for, however slow the issuer is: its fetch has deadlines of its
    /// own, and with several runtimes each would end the fetch of the others for ever.
    pub(super) fn end_if_silent(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let is_given_up = |task: &mut Task| task.runtime != runtime.id() && task.pulse.is_silent();
        if let Some(silent) = lock(&self.task).take_if(is_given_up) {
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
        let mut shown = formatter.debug_struct("Fetching");
        shown.field("task", &self.task).finish_non_exhaustive()
    }
}
