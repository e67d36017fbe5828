//! A log in memory that fails on command.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::super::super::log::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
use crate::lock::lock;

/// Behaviour of all calls of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Answer,
    Fail,
    Hang,
    Panic,
    /// Answers, but removes nothing.
    Keep,
    /// Answers, but does not send more than 100 records in time.
    Slow,
}

pub(super) struct MemoryLog {
    pub(super) started: Instant,
    content: Mutex<Content>,
    changes: watch::Sender<()>,
    reads: AtomicUsize,
}

struct Content {
    behaviour: Behaviour,
    lineage: String,
    records: Vec<(LogPosition, String)>,
    last: u64,
    forgets_next_append: bool,
}

impl MemoryLog {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            content: Mutex::new(Content {
                behaviour: Behaviour::Answer,
                lineage: "one".to_owned(),
                records: Vec::new(),
                last: 0,
                forgets_next_append: false,
            }),
            changes: watch::Sender::default(),
            reads: AtomicUsize::new(0),
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Content) -> T) -> T {
        let result = change(&mut lock(&self.content));
        self.changes.send_replace(());
        result
    }

    pub(super) fn set(&self, behaviour: Behaviour) {
        self.change(|content| content.behaviour = behaviour);
    }

    pub(super) fn push(&self, text: &str) {
        self.change(|content| content.push(text.to_owned()));
    }

    pub(super) fn remove(&self, text: &str) {
        self.change(|content| content.records.retain(|(_, record)| record != text));
    }

    pub(super) fn lose_everything(&self, lineage: &str) {
        self.change(|content| {
            content.lineage = lineage.to_owned();
            content.records.clear();
            content.last = 0;
        });
    }

    pub(super) fn remove_everything(&self) {
        self.change(|content| content.records.clear());
    }

    pub(super) fn forget_next_append(&self) {
        self.change(|content| content.forgets_next_append = true);
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.content).records.len()
    }

    /// Returns the number of reads since the last call.
    pub(super) fn take_reads(&self) -> usize {
        self.reads.swap(0, Ordering::Relaxed)
    }

    /// Behaves as commanded until the calls are to be answered.
    async fn behave(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let behaviour = lock(&self.content).behaviour;
        match behaviour {
            Behaviour::Answer | Behaviour::Keep | Behaviour::Slow => Ok(()),
            Behaviour::Fail => Err("the log is down".into()),
            Behaviour::Hang => pending().await,
            Behaviour::Panic => panic!("the log panics"),
        }
    }
}

impl Content {
    fn push(&mut self, text: String) {
        self.last += 1;
        self.records.push((LogPosition::new(self.last, 0), text));
    }

    fn page(&self, after: Option<LogPosition>, limit: usize) -> LogPage {
        let first = self.records.first().map(|(position, _)| *position);
        let last = (self.last > 0).then(|| LogPosition::new(self.last, 0));
        let later = self.records.iter().filter(|(position, _)| Some(*position) > after);
        let records = later.take(limit).cloned().collect();
        LogPage::new(LogState::new(self.lineage.clone(), first, last), records)
    }
}

impl RevocationLog for MemoryLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Box::pin(async move {
            self.behave().await?;
            self.change(|content| {
                if !std::mem::take(&mut content.forgets_next_append) {
                    for record in records {
                        content.push(record);
                    }
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
            self.reads.fetch_add(1, Ordering::Relaxed);
            let mut changes = self.changes.subscribe();
            self.behave().await?;
            let page = lock(&self.content).page(after, limit);
            let is_slow = lock(&self.content).behaviour == Behaviour::Slow;
            if is_slow && page.records.len() > 100 {
                return pending().await;
            }
            if !page.records.is_empty() || timeout(wait, changes.changed()).await.is_err() {
                return Ok(page);
            }
            self.behave().await?;
            Ok(lock(&self.content).page(after, limit))
        })
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        Box::pin(async move {
            self.behave().await?;
            if lock(&self.content).behaviour == Behaviour::Keep {
                return Err("the user may not remove records".into());
            }
            self.change(|content| content.records.retain(|(position, _)| before <= *position));
            Ok(())
        })
    }
}
