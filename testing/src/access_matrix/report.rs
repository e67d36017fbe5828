//! The result of the access matrix.

/// The number of requests, and the routes that could not be fully tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessMatrix {
    pub(super) requests: usize,
    pub(super) not_tried: Vec<String>,
}

impl AccessMatrix {
    /// The number of requests.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// Each route for which no request was expected to be granted, with the reason:
    /// `GET /orders/{id}: a check decides`.
    pub fn untried(&self) -> impl Iterator<Item = &str> {
        self.not_tried.iter().map(String::as_str)
    }
}
