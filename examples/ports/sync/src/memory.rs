//! The database in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Repository;

#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Content>>);

#[derive(Default)]
pub(crate) struct Content {
    links: HashMap<u64, Vec<String>>,
    version: u64,
}

impl Memory {
    pub(crate) fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Repository for Memory {
    async fn read(&self, collection: u64) -> Vec<String> {
        self.content().links.get(&collection).cloned().unwrap_or_default()
    }

    async fn write(&self, collection: u64, links: Vec<String>) -> u64 {
        let mut content = self.content();
        content.links.insert(collection, links);
        content.version += 1;
        content.version
    }

    async fn version(&self) -> u64 {
        self.content().version
    }
}
