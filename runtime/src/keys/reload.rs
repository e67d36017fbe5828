//! Fetching because somebody says so.

use tokio::time::{Instant, timeout_at};

use super::Keys;
use super::cache::{Demand, FetchNumber};

/// What a reload has to wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reload {
    /// The set was configured.
    Nothing,
    Fetch(FetchNumber),
    /// The last fetch was a moment ago.
    Recent,
    /// There is no runtime to fetch on.
    Impossible,
}

impl Keys {
    /// Joins the fetch under way, or begins one as far as the rules of `cache` allow.
    pub(crate) fn begin_reload(&self) -> Reload {
        if self.fetching.is_none() {
            return Reload::Nothing;
        }
        if !self.keep_fetching() {
            return Reload::Impossible;
        }
        let demand = self.shared.cache().reload(Instant::now());
        self.shared.wake.notify_one();
        match demand {
            Demand::Await(fetch) | Demand::Join(fetch) => Reload::Fetch(fetch),
            Demand::Refuse => Reload::Recent,
        }
    }

    /// Waits for its end; or why it brought nothing.
    pub(crate) async fn reloaded(&self, reload: Reload, deadline: Instant) -> Result<(), String> {
        match reload {
            Reload::Nothing => return Ok(()),
            Reload::Recent => {}
            Reload::Impossible => return Err("no runtime to fetch on".to_owned()),
            Reload::Fetch(fetch) => {
                let mut published = self.shared.published.subscribe();
                let outcome = published.wait_for(|published| published.last_fetch >= fetch);
                if timeout_at(deadline, outcome).await.is_err() {
                    self.end_silent_fetching();
                    return Err("no answer yet".to_owned());
                }
            }
        }
        let published = self.shared.published.borrow();
        let error = published.last_error.as_ref();
        error.map_or(Ok(()), |error| Err(error.to_string()))
    }
}
