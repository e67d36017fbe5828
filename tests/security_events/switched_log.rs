//! A log of revocations that a test switches off and on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
use tokio::sync::watch;

/// A log of revocations in memory. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct SwitchedLog(Arc<Shared>);

#[derive(Default)]
struct Shared {
    is_off: AtomicBool,
    records: Mutex<Vec<String>>,
    news: watch::Sender<()>,
}

impl SwitchedLog {
    pub(crate) fn switch_off(&self, is_off: bool) {
        self.0.is_off.store(is_off, Ordering::Relaxed);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.records.lock().unwrap().len()
    }

    fn page(&self, after: usize, limit: usize) -> LogPage {
        let records = self.0.records.lock().unwrap();
        let position = |index: usize| LogPosition::new(index as u64 + 1, 0);
        let last = records.len().checked_sub(1).map(position);
        let state = LogState::new("log", last.map(|_| position(0)), last);
        let rest = records.iter().enumerate().skip(after).take(limit);
        LogPage::new(state, rest.map(|(index, text)| (position(index), text.clone())).collect())
    }
}

impl RevocationLog for SwitchedLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Box::pin(async move {
            if self.0.is_off.load(Ordering::Relaxed) {
                return Err("the log is off".into());
            }
            self.0.records.lock().unwrap().extend(records);
            self.0.news.send_replace(());
            Ok(())
        })
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        let after = after.map_or(0, |position| usize::try_from(position.numbers().0).unwrap());
        Box::pin(async move {
            let mut news = self.0.news.subscribe();
            if self.0.is_off.load(Ordering::Relaxed) {
                return Err("the log is off".into());
            }
            if self.len() <= after {
                let _ = tokio::time::timeout(wait, news.changed()).await;
            }
            Ok(self.page(after, limit))
        })
    }

    fn trim(&self, _: LogPosition) -> LogFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}
