//! The rows: the smallest server, and servers that are larger in one dimension.

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    /// Each thread has its own runtime; all share the router.
    pub(crate) threads: usize,
    /// Distinct known tokens.
    pub(crate) tokens: usize,
    pub(crate) issuers: usize,
    /// Keys in the set of each issuer; the server's limit is 100.
    pub(crate) keys: usize,
    /// Bytes for verified tokens, if not the default.
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

/// Too many for their requests and claims to fit into the processor's L1 cache.
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

/// The rows with a selected name, preceded by the base row.
pub(crate) fn select(is_selected: impl Fn(&str) -> bool) -> Vec<Size> {
    let mut sizes = SIZES.to_vec();
    sizes.retain(|size| is_selected(size.name));
    if sizes.first().is_some_and(|size| size.name != SMALLEST.name) {
        sizes.insert(0, SMALLEST);
    }
    sizes
}
