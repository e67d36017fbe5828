//! The result of the access matrix.

/// The number of requests that the access matrix sent, and the routes for which the access matrix
/// had no token that the route must accept.
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

    /// Returns each route for which the access matrix had no token that the route must accept, with
    /// the reason: `GET /orders/{id}: a check decides`.
    pub fn untried(&self) -> impl Iterator<Item = &str> {
        self.not_tried.iter().map(String::as_str)
    }
}
