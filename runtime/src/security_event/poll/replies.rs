//! Replies to the events of the last response, for the next request.

use std::collections::BTreeMap;

use serde::Serialize;

/// Error object about a SET that cannot be accepted (RFC 8936 section 2.6, RFC 8935 section 2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SetError {
    pub(crate) err: &'static str,
    pub(crate) description: String,
}

/// Acknowledgements and errors that the transmitter has not received as far as known.
///
/// They are of the events of one response, because a response says that the transmitter received the
/// request before it. Their number is therefore that of the events in a response at most. An event
/// that is neither acknowledged nor reported is sent again by the transmitter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Replies {
    acknowledged: Vec<String>,
    errors: BTreeMap<String, SetError>,
}

impl Replies {
    /// Acknowledges an event, whose effect must not be lost from now on.
    pub(crate) fn acknowledge(&mut self, jti: String) {
        self.acknowledged.push(jti);
    }

    /// Reports an event that can never be accepted.
    pub(crate) fn report(&mut self, jti: String, error: SetError) {
        self.errors.insert(jti, error);
    }

    pub(super) fn acknowledged(&self) -> &[String] {
        &self.acknowledged
    }

    pub(super) fn errors(&self) -> &BTreeMap<String, SetError> {
        &self.errors
    }
}
