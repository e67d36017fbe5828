//! Recognizes that a key set may lack a key that the issuer has published.

use super::Keys;
use super::fetch_schedule::FetchNumber;

impl Keys {
    /// Returns true if the server fetches the keys, and no fetch has succeeded after the fetch
    /// `seen`. The issuer may then have published a key that the current key set does not contain.
    pub(crate) fn may_lag_since(&self, seen: FetchNumber) -> bool {
        let published = self.shared.published.borrow();
        let is_newer = published.last_fetch > seen && published.last_error.is_none();
        self.fetching.is_some() && !is_newer
    }
}
