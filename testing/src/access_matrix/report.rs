//! What the access matrix has tried.

/// What was tried of an access table, and what could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessMatrix {
    pub(super) requests: usize,
    pub(super) untried: Vec<String>,
}

impl AccessMatrix {
    /// How many requests were made.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// Each route of which it is not known that it lets anybody through, and why not:
    /// `GET /orders/{id}: a check decides`.
    pub fn untried(&self) -> impl Iterator<Item = &str> {
        self.untried.iter().map(String::as_str)
    }
}
