//! Sessions in a store that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::{Error, Result};
use tower_sessions_memory_store::MemoryStore;

use crate::application::{LONG, alice, ended, eventually, start_with};

/// A store whose operations fail while the connection is interrupted.
#[derive(Debug, Clone, Default)]
struct Store {
    records: MemoryStore,
    is_interrupted: Arc<AtomicBool>,
    /// True after an operation has failed.
    has_failed: Arc<AtomicBool>,
}

impl Store {
    fn check(&self) -> Result<()> {
        if self.is_interrupted.load(Ordering::SeqCst) {
            self.has_failed.store(true, Ordering::SeqCst);
            return Err(Error::Backend("no connection".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.check()?;
        self.records.create(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.check()?;
        self.records.save(record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.check()?;
        self.records.load(id).await
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.check()?;
        self.records.delete(id).await
    }
}

#[tokio::test]
async fn a_logout_at_the_provider_is_not_lost_while_the_store_fails() {
    let store = Store::default();
    let copy = store.clone();
    let world = start_with(LONG, |backend| backend.sessions_in(copy)).await;
    let mut browser = world.sign_in().await;
    assert_eq!(world.notes(&mut browser).await, alice());
    store.is_interrupted.store(true, Ordering::SeqCst);
    let (logout, ()) = tokio::join!(world.issuer.log_out("alice"), async {
        eventually(|| store.has_failed.load(Ordering::SeqCst)).await;
        store.is_interrupted.store(false, Ordering::SeqCst);
    });
    assert_eq!(logout.unwrap(), 1);
    assert_eq!(world.notes(&mut browser).await, ended());
}
