//! Who wants to hear of changed keys: told of one after the other, beside the fetching, so that
//! neither a slow listener nor one that panics holds anything up.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

use super::keys_changed::KeysChanged;
use super::lock::lock;
use crate::telemetry;

/// The most changes that wait for a slow listener; then the oldest is dropped.
const WAITING_LIMIT: usize = 64;

type Hear = dyn Fn(&KeysChanged) + Send + Sync;

/// Clones are the same listener.
#[derive(Clone)]
pub(crate) struct Listener(Arc<Told>);

struct Told {
    hear: Box<Hear>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    changes: VecDeque<KeysChanged>,
    /// Who tells them, while there are any.
    task: Option<JoinHandle<()>>,
}

impl Listener {
    pub(crate) fn new(hear: impl Fn(&KeysChanged) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Told { hear: Box::new(hear), waiting: Mutex::default() }))
    }

    /// Returns at once.
    pub(super) fn tell(&self, changed: KeysChanged) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let mut waiting = lock(&self.0.waiting);
        waiting.changes.push_back(changed);
        let dropped =
            if waiting.changes.len() > WAITING_LIMIT { waiting.changes.pop_front() } else { None };
        // The task dies with the runtime it was spawned on.
        if waiting.task.as_ref().is_none_or(JoinHandle::is_finished) {
            waiting.task = Some(runtime.spawn(tell_all(self.clone())));
        }
        drop(waiting);
        if let Some(dropped) = dropped {
            telemetry::listener_overrun(&dropped.issuer);
        }
    }

    fn next(&self) -> Option<KeysChanged> {
        let mut waiting = lock(&self.0.waiting);
        let next = waiting.changes.pop_front();
        if next.is_none() {
            waiting.task = None;
        }
        next
    }
}

async fn tell_all(listener: Listener) {
    while let Some(changed) = listener.next() {
        let issuer = changed.issuer.clone();
        let told = Arc::clone(&listener.0);
        let telling = spawn_blocking(move || (told.hear)(&changed));
        if telling.await.is_err_and(|error| error.is_panic()) {
            telemetry::listener_panicked(&issuer);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Listener").finish_non_exhaustive()
    }
}
