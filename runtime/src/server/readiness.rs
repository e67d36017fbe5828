//! The rule that decides whose keys a server needs to be ready.

/// Issuers whose keys the server needs to be ready.
#[derive(Debug)]
pub(super) enum Readiness<T> {
    /// The required issuers. The server needs the keys of all of them. Empty for a server that has
    /// API keys and no issuers.
    All(Vec<T>),
    /// All issuers, because none is required. The server needs the keys of one of them.
    One(Vec<T>),
}

impl<T> Readiness<T> {
    pub(super) fn of(
        issuers: impl Iterator<Item = T>,
        is_required: impl FnMut(&T) -> bool,
    ) -> Self {
        let (required, optional): (Vec<T>, Vec<T>) = issuers.partition(is_required);
        let needs_one = required.is_empty() && !optional.is_empty();
        if needs_one { Self::One(optional) } else { Self::All(required) }
    }
}
