//! A log of revocations in memory that obeys the test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
use tokio::time::{Instant, sleep};

/// Behaviour of the calls of a [`ScriptedLog`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogBehaviour {
    #[default]
    Answer,
    Fail,
    Panic,
    /// Answers, but removes nothing.
    Keep,
}

/// A log of revocations. Clones share the records.
#[derive(Clone, Default)]
pub struct ScriptedLog(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    behaviour: LogBehaviour,
    lineage: u32,
    last: u64,
    records: Vec<(LogPosition, String)>,
}

impl ScriptedLog {
    fn state<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        use_state(&mut self.0.lock().unwrap())
    }

    pub fn set(&self, behaviour: LogBehaviour) {
        self.state(|state| state.behaviour = behaviour);
    }

    /// Appends a text that need not be a record.
    pub fn push(&self, text: &str) {
        self.state(|state| state.push(text.to_owned()));
    }

    /// Loses all records, as a copy does that takes over without them.
    pub fn lose_everything(&self) {
        self.state(|state| {
            *state = State { lineage: state.lineage + 1, ..State::default() };
        });
    }

    pub fn len(&self) -> usize {
        self.state(|state| state.records.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn obey(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.state(|state| state.behaviour) {
            LogBehaviour::Answer | LogBehaviour::Keep => Ok(()),
            LogBehaviour::Fail => Err("down".into()),
            LogBehaviour::Panic => panic!("a log that panics"),
        }
    }
}

impl State {
    fn push(&mut self, text: String) {
        self.last += 1;
        self.records.push((LogPosition::new(self.last, 0), text));
    }

    fn page(&self, after: Option<LogPosition>, limit: usize) -> LogPage {
        let first = self.records.first().map(|(position, _)| *position);
        let last = (self.last > 0).then(|| LogPosition::new(self.last, 0));
        let later = self.records.iter().filter(|(position, _)| Some(*position) > after);
        let records = later.take(limit).cloned().collect();
        LogPage::new(LogState::new(self.lineage.to_string(), first, last), records)
    }
}

impl RevocationLog for ScriptedLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Box::pin(async move {
            self.obey()?;
            self.state(|state| {
                for record in records {
                    state.push(record);
                }
            });
            Ok(())
        })
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        Box::pin(async move {
            let end = Instant::now() + wait;
            loop {
                self.obey()?;
                let page = self.state(|state| state.page(after, limit));
                if !page.records.is_empty() || Instant::now() >= end {
                    return Ok(page);
                }
                sleep(Duration::from_millis(5)).await;
            }
        })
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        Box::pin(async move {
            self.obey()?;
            if self.state(|state| state.behaviour == LogBehaviour::Keep) {
                return Err("the user may not remove records".into());
            }
            self.state(|state| state.records.retain(|(position, _)| before <= *position));
            Ok(())
        })
    }
}
