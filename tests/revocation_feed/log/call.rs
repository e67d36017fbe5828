//! A call to the log, on its way through a connection.

use std::error::Error;
use std::future::{Future, pending};
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition};
use tokio::time::{Instant, sleep, timeout_at};

use super::event::{LogEvent, Removal};
use super::link::{LostAnswers, Progress};
use super::{SharedLog, State};

/// The number of events that nobody has taken, from which the log is silent. Servers that append
/// without end would not let the time of a test pass.
const MOST_EVENTS: usize = 100_000;

type Failure = Box<dyn Error + Send + Sync>;

/// A call that is under way.
pub(super) struct Call {
    log: SharedLog,
    link: usize,
    connection: u64,
}

/// Counts a call until the server drops its future.
struct Counted(SharedLog, usize);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.state().calls[self.1] -= 1;
    }
}

impl Call {
    pub(super) fn begin(log: &SharedLog, link: usize) -> Self {
        let connection = log.state().links[link].connection();
        Self { log: log.clone(), link, connection }
    }

    fn count(&self) -> Counted {
        self.log.state().calls[self.link] += 1;
        Counted(self.log.clone(), self.link)
    }

    /// Runs a call in a task of its own: what was sent arrives, even if the server drops the future.
    pub(super) fn run_detached<'a, F>(
        self,
        run: impl FnOnce(Self) -> F + Send + 'a,
    ) -> LogFuture<'a, ()>
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        Box::pin(async move {
            let _counted = self.count();
            tokio::spawn(run(self)).await?
        })
    }

    pub(super) async fn append(self, records: Vec<String>) -> Result<(), Failure> {
        self.travel().await?;
        match self.log.append_through(self.link, records) {
            LostAnswers::Never => self.travel().await,
            LostAnswers::AsError => Err("the connection broke after the records were sent".into()),
            LostAnswers::InSilence => pending().await,
        }
    }

    pub(super) async fn trim(self, before: LogPosition) -> Result<(), Failure> {
        self.travel().await?;
        self.log.trim_through(self.link, before);
        self.travel().await
    }

    pub(super) async fn read(
        self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> Result<LogPage, Failure> {
        let _counted = self.count();
        self.travel().await?;
        let deadline = Instant::now() + wait;
        // Redis tells its state before it waits. Other logs may tell it afterwards.
        let (early, is_early) =
            self.log.with(|state| (state.copy_of(self.link).state(), state.rng.bool()));
        let mut page = loop {
            self.check().await?;
            let change = self.log.0.changed.notified();
            let page = self.log.page(self.link, after, limit);
            if !page.records.is_empty() || timeout_at(deadline, change).await.is_err() {
                break page;
            }
        };
        if is_early {
            page.state = early;
        }
        self.travel().await?;
        Ok(page)
    }

    /// Waits for as long as the call or its answer takes.
    async fn travel(&self) -> Result<(), Failure> {
        let delay = self.log.with(|state| {
            let longest = u64::try_from(state.links[self.link].delay.as_millis()).unwrap();
            Duration::from_millis(state.rng.u64(0..=longest))
        });
        if !delay.is_zero() {
            sleep(delay).await;
        }
        self.check().await
    }

    /// Waits while the connection stalls, and fails if it was closed.
    async fn check(&self) -> Result<(), Failure> {
        loop {
            let change = self.log.0.changed.notified();
            let progress = self.log.state().links[self.link].progress(self.connection);
            match progress {
                Progress::Continue => return Ok(()),
                Progress::Fail => return Err("the connection was closed".into()),
                Progress::Never => pending().await,
                Progress::Wait => change.await,
            }
        }
    }
}

impl SharedLog {
    fn with<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        read(&mut self.state())
    }

    fn page(&self, link: usize, after: Option<LogPosition>, limit: usize) -> LogPage {
        let mut state = self.state();
        let copy = state.copy_of(link);
        LogPage::new(copy.state(), copy.after(after, limit))
    }

    /// Appends records, all of them or, if the answer is lost, perhaps only the first ones.
    fn append_through(&self, link: usize, records: Vec<String>) -> LostAnswers {
        let now = self.milliseconds();
        self.update(|state| {
            if state.events.len() > MOST_EVENTS {
                return LostAnswers::InSilence;
            }
            let lost = state.links[link].lost_answers;
            let arrived = match lost {
                LostAnswers::Never => records.len(),
                LostAnswers::AsError | LostAnswers::InSilence => state.rng.usize(0..=records.len()),
            };
            let copy = state.links[link].copy;
            for text in records.into_iter().take(arrived) {
                let position = state.copies[copy].append(now, text.clone());
                state.record(LogEvent::Appended { link: Some(link), copy, position, text });
            }
            lost
        })
    }

    fn trim_through(&self, link: usize, before: LogPosition) {
        self.update(|state| {
            let copy = state.links[link].copy;
            for position in state.copies[copy].trim(before) {
                let removal = Removal::Trim(link);
                state.record(LogEvent::Removed { copy, position, removal });
            }
        });
    }
}
