//! The `WWW-Authenticate` lines of a refusal.

use http::HeaderValue;

/// The challenges of one refusal, in the order of their field lines. Each has a field line of its
/// own, because some clients read only one challenge of a line.
#[derive(Clone, Default)]
pub(super) struct Challenges {
    pub(super) bearer: Option<HeaderValue>,
    pub(super) dpop: Option<HeaderValue>,
}

impl Challenges {
    pub(super) fn into_lines(self) -> impl Iterator<Item = HeaderValue> {
        self.bearer.into_iter().chain(self.dpop)
    }
}
