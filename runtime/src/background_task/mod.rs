//! Starts and aborts a background task of the server.

mod pulse;

use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;

pub(crate) use self::pulse::Pulse;

use crate::lock::lock;

/// Function that spawns the task on a runtime.
type Start = dyn Fn(&Handle, Arc<Pulse>) -> JoinHandle<()> + Send + Sync;

/// Handle of a background task. If the handle goes out of scope, the task is aborted.
pub(crate) struct BackgroundTask {
    start: Box<Start>,
    task: Mutex<Option<Task>>,
}

#[derive(Debug)]
struct Task {
    handle: JoinHandle<()>,
    runtime: Id,
    pulse: Arc<Pulse>,
}

impl BackgroundTask {
    pub(crate) fn new(
        start: impl Fn(&Handle, Arc<Pulse>) -> JoinHandle<()> + Send + Sync + 'static,
    ) -> Self {
        Self { start: Box::new(start), task: Mutex::default() }
    }

    /// Starts the task on the current tokio runtime if it is not running already.
    /// Returns false if the caller is not on a tokio runtime, and true otherwise.
    ///
    /// The task ends when its tokio runtime shuts down. The next request on another tokio runtime
    /// then starts the task again.
    pub(crate) fn ensure_started(&self) -> bool {
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

    /// Returns true if the task has been started and has not ended.
    pub(crate) fn is_running(&self) -> bool {
        lock(&self.task).as_ref().is_some_and(|task| !task.handle.is_finished())
    }

    /// Aborts the task if it is on another tokio runtime and no thread drives that runtime. For
    /// example, a `current_thread` runtime that was used only to build the server keeps the task
    /// alive but never polls it. This function is called for a request that waited for the task in
    /// vain.
    ///
    /// If the task is polled, this function lets it run on, even if the network is slow. The task
    /// limits the time of its own calls. If requests on several tokio runtimes aborted a task that
    /// is slow, they could abort each other's tasks forever.
    pub(crate) fn abort_if_silent(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let is_silent = |task: &mut Task| task.runtime != runtime.id() && task.pulse.is_silent();
        if let Some(silent) = lock(&self.task).take_if(is_silent) {
            silent.handle.abort();
        }
    }
}

impl Drop for BackgroundTask {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.task).take() {
            task.handle.abort();
        }
    }
}

impl fmt::Debug for BackgroundTask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BackgroundTask").field("task", &self.task).finish_non_exhaustive()
    }
}
