//! The measured sizes, one for each row of the printed table: the smallest server, and larger
//! servers.

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    /// The number of threads. Each thread has its own runtime, and all threads share the router.
    pub(crate) threads: usize,
    /// The number of different known tokens.
    pub(crate) tokens: usize,
    pub(crate) issuers: usize,
    /// The number of keys in the key set of each issuer. The server accepts at most 100 keys.
    pub(crate) keys: usize,
    /// The size in bytes of the cache of verified tokens; `None` for the default size.
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

/// A server with so many tokens that their requests and claims do not fit into the L1 cache of the
/// processor.
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

/// Returns the sizes whose names are selected, preceded by the size of the smallest server.
pub(crate) fn select(is_selected: impl Fn(&str) -> bool) -> Vec<Size> {
    let mut sizes = SIZES.to_vec();
    sizes.retain(|size| is_selected(size.name));
    if sizes.first().is_some_and(|size| size.name != SMALLEST.name) {
        sizes.insert(0, SMALLEST);
    }
    sizes
}
