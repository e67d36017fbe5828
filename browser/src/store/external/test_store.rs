//! A store of `tower-sessions` for tests, with the manners of several products.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use async_trait::async_trait;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::{Error, Result};

/// Keeps records without regard to their expiry, and calls a function before each operation.
#[derive(Debug, Clone)]
pub(super) struct TestStore {
    pub(super) manners: Manners,
    pub(super) records: Arc<Mutex<HashMap<Id, Record>>>,
    pub(super) fault: Arc<Mutex<Option<Fault>>>,
    /// Lets other operations run before and after each operation.
    pub(super) yields: bool,
}

/// The treatment of a record that exists in `create`, or is missing in `save`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Manners {
    /// As in memory and SQL: `create` takes another id, `save` writes.
    Upsert,
    /// As in Redis: both fail.
    Fail,
    /// Both do nothing.
    Ignore,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// Each operation fails.
    Fails,
    /// No operation ends.
    Hangs,
    /// Nothing is written, and no operation fails.
    Forgets,
    /// `delete` fails.
    KeepsDeleted,
}

impl TestStore {
    pub(super) fn new(manners: Manners) -> Self {
        Self { manners, records: Arc::default(), fault: Arc::default(), yields: false }
    }

    pub(super) fn set_fault(&self, fault: Option<Fault>) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Runs an operation as one step.
    async fn step<T>(&self, act: impl FnOnce(&mut HashMap<Id, Record>) -> Result<T>) -> Result<T> {
        self.pause().await;
        let fault = *self.fault.lock().unwrap();
        match fault {
            Some(Fault::Fails) => return Err(Error::Backend("no connection".into())),
            Some(Fault::Hangs) => std::future::pending().await,
            _ => {}
        }
        let result = act(&mut self.records.lock().unwrap());
        self.pause().await;
        result
    }

    async fn pause(&self) {
        let mut is_first = self.yields;
        std::future::poll_fn(|context| {
            if std::mem::take(&mut is_first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }

    fn forgets(&self) -> bool {
        *self.fault.lock().unwrap() == Some(Fault::Forgets)
    }

    fn conflict() -> Result<()> {
        Err(Error::Backend("Could not convert to bool".into()))
    }
}

#[async_trait]
impl SessionStore for TestStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.step(|records| {
            while records.contains_key(&record.id) {
                match self.manners {
                    Manners::Upsert => record.id = Id::default(),
                    Manners::Fail => return Self::conflict(),
                    Manners::Ignore => return Ok(()),
                }
            }
            if !self.forgets() {
                records.insert(record.id, record.clone());
            }
            Ok(())
        })
        .await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.step(|records| {
            match self.manners {
                Manners::Fail if !records.contains_key(&record.id) => return Self::conflict(),
                Manners::Ignore if !records.contains_key(&record.id) => {}
                _ if self.forgets() => {}
                _ => {
                    records.insert(record.id, record.clone());
                }
            }
            Ok(())
        })
        .await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.step(|records| Ok(records.get(id).cloned())).await
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.step(|records| {
            if *self.fault.lock().unwrap() == Some(Fault::KeepsDeleted) {
                return Err(Error::Backend("read-only".into()));
            }
            records.remove(id);
            Ok(())
        })
        .await
    }
}
