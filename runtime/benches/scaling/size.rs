//! The rows: the smallest server, and what grows by itself.

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    /// Each with a runtime of its own, all with the same router.
    pub(crate) threads: usize,
    /// Distinct tokens that the server has seen and sees again.
    pub(crate) tokens: usize,
    pub(crate) issuers: usize,
    /// In the set of each issuer; the server's limit is 100.
    pub(crate) keys: usize,
    /// For verified tokens, in bytes, where that is not the default.
    pub(crate) room: Option<usize>,
}

const SMALLEST: Size = Size {
    name: "1 thread, 1 token, 1 issuer, 1 key",
    threads: 1,
    tokens: 1,
    issuers: 1,
    keys: 1,
    room: None,
};

/// Whose requests and claims do not all fit into the nearest cache of the processor.
const MANY: Size = Size { name: "1,000 tokens", tokens: 1_000, ..SMALLEST };

const SIZES: [Size; 7] = [
    SMALLEST,
    Size { name: "2 threads", threads: 2, ..SMALLEST },
    MANY,
    Size { name: "1,000 tokens of 1,000 issuers", issuers: 1_000, ..MANY },
    Size { name: "1,000 tokens of 100 keys", keys: 100, ..MANY },
    Size { name: "100,000 tokens, room for all", tokens: 100_000, room: Some(1 << 29), ..SMALLEST },
    Size { name: "100,000 tokens, 32 MiB", tokens: 100_000, ..SMALLEST },
];

/// Those with a wanted name, and first the one that they are compared with.
pub(crate) fn chosen(wanted: impl Fn(&str) -> bool) -> Vec<Size> {
    let mut sizes = SIZES.to_vec();
    sizes.retain(|size| wanted(size.name));
    if sizes.first().is_some_and(|size| size.name != SMALLEST.name) {
        sizes.insert(0, SMALLEST);
    }
    sizes
}
