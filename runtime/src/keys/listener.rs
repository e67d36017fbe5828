//! Runs the `on_keys_changed` callback in its own task, one key change at a time. The fetch task
//! and requests do not wait for the callback, even if the callback is slow or panics.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

use super::keys_changed::KeysChanged;
use crate::lock::lock;
use crate::telemetry;

/// Largest number of key changes in the queue of the callback. If the queue is full, a new key
/// change replaces the oldest key change.
const QUEUE_LIMIT: usize = 64;

type Callback = dyn Fn(&KeysChanged) + Send + Sync;

/// The `on_keys_changed` callback and its queue of key changes. Clones share the callback and the
/// queue.
#[derive(Clone)]
pub(crate) struct Listener(Arc<State>);

struct State {
    callback: Box<Callback>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    changes: VecDeque<KeysChanged>,
    /// Task that calls the callback until the queue is empty.
    task: Option<JoinHandle<()>>,
}

impl Listener {
    pub(crate) fn new(callback: impl Fn(&KeysChanged) + Send + Sync + 'static) -> Self {
        Self(Arc::new(State { callback: Box::new(callback), queue: Mutex::default() }))
    }

    /// Adds a key change to the queue and returns without waiting for the callback.
    pub(super) fn notify(&self, changed: KeysChanged) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let mut queue = lock(&self.0.queue);
        queue.changes.push_back(changed);
        let dropped =
            if queue.changes.len() > QUEUE_LIMIT { queue.changes.pop_front() } else { None };
        // `is_finished` is also true for a task whose tokio runtime has shut down.
        if queue.task.as_ref().is_none_or(JoinHandle::is_finished) {
            queue.task = Some(runtime.spawn(run_callback(self.clone())));
        }
        drop(queue);
        if let Some(dropped) = dropped {
            telemetry::listener_overrun(&dropped.issuer);
        }
    }

    fn next(&self) -> Option<KeysChanged> {
        let mut queue = lock(&self.0.queue);
        let next = queue.changes.pop_front();
        if next.is_none() {
            queue.task = None;
        }
        next
    }
}

async fn run_callback(listener: Listener) {
    while let Some(changed) = listener.next() {
        let issuer = changed.issuer.clone();
        let state = Arc::clone(&listener.0);
        let call = spawn_blocking(move || (state.callback)(&changed));
        if call.await.is_err_and(|error| error.is_panic()) {
            telemetry::listener_panicked(&issuer);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Listener").finish_non_exhaustive()
    }
}
