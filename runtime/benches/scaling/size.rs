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
}

const SMALLEST: Size = Size {
    name: "1 thread, 1 token, 1 issuer, 1 key",
    threads: 1,
    tokens: 1,
    issuers: 1,
    keys: 1,
};

const SIZES: [Size; 5] = [
    SMALLEST,
    Size {
        name: "2 threads",
        threads: 2,
        ..SMALLEST
    },
    Size {
        name: "100,000 tokens",
        tokens: 100_000,
        ..SMALLEST
    },
    Size {
        name: "1,000 issuers",
        issuers: 1_000,
        ..SMALLEST
    },
    Size {
        name: "100 keys",
        keys: 100,
        ..SMALLEST
    },
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
