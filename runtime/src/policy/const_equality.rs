//! Functions that compare strings, and macros that loop over slices, for use in constants. A
//! constant cannot call `==` of `str` and cannot use iterators.

/// Expands to an expression that is true if `$holds` is true for at least one member of the slice.
macro_rules! some {
    ($member:ident in $members:expr => $holds:expr) => {{
        let mut rest = $members;
        let mut found = false;
        while let [$member, others @ ..] = rest {
            if $holds {
                found = true;
                break;
            }
            rest = others;
        }
        found
    }};
}

/// Expands to an expression that is true if `$holds` is true for every member of the slice.
macro_rules! every {
    ($member:ident in $members:expr => $holds:expr) => {
        !some!($member in $members => !$holds)
    };
}

pub(super) use {every, some};

pub(super) const fn text_eq(this: &str, other: &str) -> bool {
    let (mut these, mut others) = (this.as_bytes(), other.as_bytes());
    while let ([this, rest @ ..], [other, other_rest @ ..]) = (these, others) {
        if *this != *other {
            return false;
        }
        (these, others) = (rest, other_rest);
    }
    these.is_empty() && others.is_empty()
}

pub(super) const fn contains_text(name: &str, names: &[&str]) -> bool {
    some!(one in names => text_eq(name, one))
}

pub(super) const fn texts_eq(mut these: &[&str], mut others: &[&str]) -> bool {
    while let ([this, rest @ ..], [other, other_rest @ ..]) = (these, others) {
        if !text_eq(this, other) {
            return false;
        }
        (these, others) = (rest, other_rest);
    }
    these.is_empty() && others.is_empty()
}
