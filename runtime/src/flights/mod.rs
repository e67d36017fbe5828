//! Questions to a system outside of this process, each of which is asked once for all requests that
//! need its answer.
//!
//! API keys ask the application, and introspection asks the authorization server. Both have the same
//! needs: one question for each credential, in a task of its own, so that an aborted request does not
//! end it; a limited rate of questions about credentials that were never valid; and a short memory
//! for negative answers, in a cache of its own, so that random credentials displace no valid one.

mod bucket;
mod flight;
mod refusals;

pub(crate) use self::flight::{Flight, FlightResult, Flights, next_number};
pub(crate) use self::refusals::Refusals;

use std::time::Duration;

use tokio::time::Instant;

/// The time for which a failed question is not repeated.
pub(crate) const FAILURE_PERIOD: Duration = Duration::from_secs(1);

/// Returns the time after this period. The limits keep the period short, so that the fallback never
/// occurs.
pub(crate) fn later(period: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(period).unwrap_or(now)
}
