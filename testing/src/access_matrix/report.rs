//! The result of the access matrix.

/// The number of requests that the access matrix sent, and the routes of which it has not seen every
/// decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessMatrix {
    pub(super) requests: usize,
    pub(super) not_tried: Vec<String>,
}

impl AccessMatrix {
    /// Returns the number of requests that the access matrix sent.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// Returns each route of which the access matrix has not seen every decision, with the reason:
    /// `GET /orders/{id}: a check decides`.
    pub fn untried(&self) -> impl Iterator<Item = &str> {
        self.not_tried.iter().map(String::as_str)
    }
}
