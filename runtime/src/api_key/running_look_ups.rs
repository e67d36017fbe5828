//! The look-ups that run or wait, and the keys that the application told the server to forget.

use super::digest::KeyDigest;
use super::forgotten_keys::ForgottenKeys;
use super::standing::KeyFault;
use crate::flights::{FAILURE_PERIOD, FlightResult, Flights, next_number};

/// The result of a look-up: an identity, or the reason why there is none. `None` if the key was
/// forgotten in the meantime.
pub(super) type LookUpResult<I> = Option<Result<I, KeyFault>>;

/// Receives the result of a look-up. The value is `None` until the look-up has ended.
pub(super) type ResultReceiver<I> = FlightResult<LookUpResult<I>>;

pub(super) struct RunningLookUps<I> {
    pub(super) flights: Flights<KeyDigest, LookUpResult<I>>,
    forgotten: ForgottenKeys,
}

impl<I> RunningLookUps<I> {
    pub(super) fn new(unknown_rate: u32) -> Self {
        Self { flights: Flights::new(unknown_rate), forgotten: ForgottenKeys::default() }
    }

    /// Forgets a key: its running look-up, and all earlier ones. Returns the number up to which the
    /// look-ups of all keys are forgotten.
    pub(super) fn forget(&mut self, digest: &KeyDigest) -> u64 {
        self.flights.remove(digest);
        self.forgotten.add(*digest, next_number())
    }

    /// Returns true if the key was forgotten after the look-up with this number.
    pub(super) fn has_forgotten(&self, digest: &KeyDigest, number: u64) -> bool {
        self.forgotten.includes(digest, number)
    }
}

pub(super) fn unavailable(cause: &str) -> KeyFault {
    KeyFault::Unavailable { cause: cause.into(), retry_after: FAILURE_PERIOD }
}
