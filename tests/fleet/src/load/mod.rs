//! The load on all instances: valid tokens, and tokens that an operator revokes.

mod operator;
mod presenter;
#[cfg(test)]
mod tests;
mod valid;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{RwLock, watch};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::fleet::{Fleet, INSTANCES};
use crate::tally::Tally;
use crate::victim::Victim;

/// The running load.
#[derive(Debug)]
pub(crate) struct Load {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// All that the tasks write.
#[derive(Debug)]
pub(crate) struct Shared {
    fleet: Arc<Fleet>,
    stopped: watch::Receiver<bool>,
    /// Each revocation holds it for reading until its answer.
    revoking: RwLock<bool>,
    valid: [Mutex<Tally>; INSTANCES],
    /// The tokens whose revocation was answered.
    victims: Mutex<Vec<Arc<Victim>>>,
    /// Revocations that an instance did not make, with the answers.
    unmade: Mutex<Tally>,
}

/// The result of a load.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) valid: [Tally; INSTANCES],
    pub(crate) victims: Vec<Arc<Victim>>,
    pub(crate) unmade: Tally,
}

impl Load {
    /// Starts the load.
    pub(crate) fn start(fleet: &Arc<Fleet>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let shared = Arc::new(Shared {
            fleet: Arc::clone(fleet),
            stopped,
            revoking: RwLock::new(true),
            valid: std::array::from_fn(|_| Mutex::default()),
            victims: Mutex::default(),
            unmade: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        for instance in 0..INSTANCES {
            for _ in 0..valid::CALLERS {
                tasks.spawn(valid::call(Arc::clone(&shared), instance));
            }
            tasks.spawn(presenter::repeat(Arc::clone(&shared), instance));
        }
        tasks.spawn(operator::revoke(Arc::clone(&shared)));
        Self { shared, stop, tasks }
    }

    /// Returns the tokens that are revoked so far.
    pub(crate) fn victims(&self) -> Vec<Arc<Victim>> {
        self.shared.victims().clone()
    }

    /// Lets the operator make revocations or not. Waits for the answers to earlier ones.
    pub(crate) async fn set_revoking(&self, revokes: bool) {
        *self.shared.revoking.write().await = revokes;
    }

    /// Ends the load after the requests that are on their way.
    pub(crate) async fn stop(mut self) -> Seen {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("a task of the load panicked");
        }
        let tally =
            |tally: &Mutex<Tally>| tally.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Seen {
            valid: std::array::from_fn(|instance| tally(&self.shared.valid[instance])),
            victims: self.victims(),
            unmade: tally(&self.shared.unmade),
        }
    }
}

impl Shared {
    fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    fn victims(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Victim>>> {
        self.victims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the ticks of a task that leaves out what it missed.
fn ticks(pace: Duration) -> Interval {
    let mut ticks = interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
