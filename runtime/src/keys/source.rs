//! Decides which documents of an issuer a fetch of its keys asks for, and in which order.

use std::sync::Arc;
use std::time::Duration;

use super::error::FetchError;
use super::fetch_schedule::{FetchCause, Pace};
use super::set::KeySet;

/// Source of an issuer's key set, such as the network or a file.
pub(crate) trait KeySource: Clone + Send + Sync + 'static {
    /// Returns the kind of source, which determines when to fetch.
    fn pace(&self) -> Pace {
        Pace::Network
    }

    /// Fetches the issuer's current key set. Implementations must return in bounded time.
    fn fetch(&mut self, cause: FetchCause) -> impl Future<Output = Fetched> + Send;
}

/// Result of a fetch.
pub(crate) type Fetched = Result<FetchedKeys, FetchError>;

/// Result of a successful fetch.
#[derive(Debug)]
pub(crate) struct FetchedKeys {
    /// Key set, or `None` if the key set has not changed since the previous fetch.
    pub(crate) set: Option<Arc<KeySet>>,
    /// Lifetime that the source states, if any.
    pub(crate) lifetime: Option<Duration>,
    pub(crate) metadata: MetadataCheck,
}

/// Result of asking for the metadata that names the location of the key set.
#[derive(Debug)]
pub(crate) enum MetadataCheck {
    /// The key set is from the location that the metadata names now, or that the configuration
    /// names.
    Current,
    /// The key set is from the location that the metadata named at an earlier fetch, and this fetch
    /// did not ask for the metadata.
    NotAsked,
    /// The key set is from the location that the metadata named at an earlier fetch, because the
    /// metadata could not be revalidated.
    Failed(FetchError),
}

impl FetchedKeys {
    pub(crate) fn new(set: Option<KeySet>, lifetime: Option<Duration>) -> Self {
        Self { set: set.map(Arc::new), lifetime, metadata: MetadataCheck::Current }
    }

    fn with(self, metadata: MetadataCheck) -> Self {
        Self { metadata, ..self }
    }
}

/// Documents of an issuer: on the network, or in a simulation in tests. Each method returns in
/// bounded time.
pub(crate) trait Documents: Clone + Send + Sync + 'static {
    /// Returns true if the metadata has one location, so that a fetch of new keys may leave it out.
    /// Returns false if the configuration names the location of the key set, or if an earlier
    /// location of the metadata may still take over.
    fn has_settled_metadata(&self) -> bool;

    /// Finds or revalidates the metadata. Returns true if the location of the key set is another one
    /// than before, or was not known before.
    fn ask_metadata(&mut self) -> impl Future<Output = Result<bool, FetchError>> + Send;

    /// Fetches or revalidates the key set at its last known location.
    fn ask_set(&mut self) -> impl Future<Output = Fetched> + Send;
}

/// Key source that reads an issuer's metadata and the key set that the metadata names.
#[derive(Debug, Clone)]
pub(crate) struct Source<D> {
    documents: D,
    /// Last key set that was fetched.
    last: Option<Arc<KeySet>>,
    /// True if the last fetch succeeded and its metadata was not refused.
    is_current: bool,
}

impl<D: Documents> KeySource for Source<D> {
    async fn fetch(&mut self, cause: FetchCause) -> Fetched {
        let has_location = self.last.is_some();
        let fetched = match cause {
            FetchCause::UnknownKey if has_location => self.fetch_set_first().await,
            _ => self.fetch_metadata_first().await,
        };
        self.is_current = fetched
            .as_ref()
            .is_ok_and(|fetched| !matches!(fetched.metadata, MetadataCheck::Failed(_)));
        fetched
    }
}

impl<D: Documents> Source<D> {
    pub(crate) fn of(documents: D) -> Self {
        Self { documents, last: None, is_current: false }
    }

    /// Revalidates the metadata, then the key set.
    ///
    /// Invalid metadata must not be used (OpenID Connect Discovery section 4.3). If a key set was
    /// fetched from the location in the last valid metadata, this location remains in use.
    async fn fetch_metadata_first(&mut self) -> Fetched {
        let metadata = match self.documents.ask_metadata().await {
            Ok(_) => MetadataCheck::Current,
            Err(error) if self.last.is_none() => return Err(error),
            Err(error) => MetadataCheck::Failed(error),
        };
        Ok(self.ask_set().await?.0.with(metadata))
    }

    /// Asks for the key set before the metadata, because a request waits for a new key, and new
    /// keys are usually at the known location. Asks for the metadata if the key set has not changed
    /// or cannot be fetched: the key set may have moved. Also asks for it if the last fetch failed,
    /// so that a fetch without the metadata never ends the retries, and if an earlier location of
    /// the metadata may take over, so that a planted key set cannot prevent this by changing at
    /// each fetch.
    async fn fetch_set_first(&mut self) -> Fetched {
        let first = self.ask_set().await;
        let first = match first {
            Ok((fetched, true)) if self.is_current && self.documents.has_settled_metadata() => {
                return Ok(fetched.with(MetadataCheck::NotAsked));
            }
            first => first.map(|(fetched, _)| fetched),
        };
        match self.documents.ask_metadata().await {
            Ok(true) => Ok(self.ask_set().await?.0),
            Ok(false) => first,
            Err(error) => Ok(first?.with(MetadataCheck::Failed(error))),
        }
    }

    /// Fetches the key set, and returns true with it if it differs from the last one.
    async fn ask_set(&mut self) -> Result<(FetchedKeys, bool), FetchError> {
        let fetched = self.documents.ask_set().await?;
        let has_changed = fetched.set.is_some() && fetched.set != self.last;
        if let Some(set) = &fetched.set {
            self.last = Some(Arc::clone(set));
        }
        Ok((fetched, has_changed))
    }
}
