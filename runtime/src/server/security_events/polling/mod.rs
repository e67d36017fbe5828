//! Polls a transmitter for its events (RFC 8936).
//!
//! `task` runs for each transmitter: it sends a request (`exchange`), accepts the events of the answer
//! (`acceptance`), and waits. `security_event/poll` decides what a request says and when the next one
//! is due.

mod acceptance;
mod exchange;
mod poller;
mod status;
mod task;

use std::sync::Arc;

use fastrand::Rng;

pub(in crate::server) use self::exchange::{PollAuthorization, PollEndpoint};
pub(in crate::server) use self::status::PollStatus;

use self::poller::Poller;
use self::task::supervise;
use super::Polled;
use super::transmitter::TrustedTransmitter;
use crate::background_task::BackgroundTask;
use crate::server::ResourceServer;
use crate::server::inner::Inner;

/// Task that polls one transmitter. The task ends when this value is dropped.
pub(in crate::server) struct EventPoll {
    task: BackgroundTask,
    transmitter: Arc<TrustedTransmitter>,
    pub(in crate::server) status: Arc<PollStatus>,
}

impl Inner {
    /// Starts to poll these transmitters. The events are received by a server that shares all state
    /// with this one and does not poll, so that the tasks end with this server and its clones.
    pub(in crate::server) fn polling(self, polled: Vec<Polled>) -> Self {
        if polled.is_empty() {
            return self;
        }
        let receiver = ResourceServer(Arc::new(self.clone()));
        let polls = polled.into_iter().map(|(transmitter, endpoint)| {
            EventPoll::start(receiver.clone(), transmitter, endpoint)
        });
        Self { event_polls: polls.collect(), ..self }
    }
}

impl ResourceServer {
    /// Starts the polls that were not started, because the server was built outside of a runtime, or
    /// that ended with their runtime.
    pub(in crate::server) fn ensure_polling(&self) {
        for poll in self.inner().event_polls.iter() {
            poll.task.ensure_started();
        }
    }
}

impl EventPoll {
    /// Starts to poll, if the caller is on a tokio runtime. `server` receives the events. It must not
    /// own this poll, because the poll would otherwise never end.
    fn start(
        server: ResourceServer,
        transmitter: Arc<TrustedTransmitter>,
        endpoint: PollEndpoint,
    ) -> Self {
        let status = Arc::<PollStatus>::default();
        let poller = Arc::new(Poller {
            server,
            transmitter: Arc::clone(&transmitter),
            endpoint,
            status: Arc::clone(&status),
        });
        let task = BackgroundTask::new(move |runtime, pulse| {
            runtime.spawn(supervise(Arc::clone(&poller), Rng::new(), pulse))
        });
        let poll = Self { task, transmitter, status };
        poll.task.ensure_started();
        poll
    }

    pub(in crate::server) fn is_of(&self, transmitter: &TrustedTransmitter) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.transmitter), transmitter)
    }
}
