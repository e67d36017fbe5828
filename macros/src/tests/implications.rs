use crate::requirement::{Atom, Tree};

fn is(name: &str) -> Tree {
    Tree::Atom(Atom::Is(name.to_owned()))
}

fn within(seconds: u64) -> Tree {
    Tree::Atom(Atom::Within(seconds))
}

fn all<const N: usize>(parts: [Tree; N]) -> Tree {
    Tree::All(parts.into())
}

fn any<const N: usize>(cases: [Tree; N]) -> Tree {
    Tree::Any(cases.into())
}

#[test]
fn what_implies_what() {
    let (a, b, c) = (|| is("a"), || is("b"), || is("c"));
    for (this, other) in [
        (a(), a()),
        (all([a()]), a()),
        (a(), any([a()])),
        (all([a(), b()]), a()),
        (all([a(), b()]), all([b(), a()])),
        (all([a(), b(), c()]), all([a(), b()])),
        (a(), any([b(), a()])),
        (any([a(), b()]), any([c(), b(), a()])),
        (all([a(), any([b(), c()])]), any([b(), c()])),
        (all([a(), b()]), any([all([a(), b()]), c()])),
        (all([a(), b()]), any([c(), b()])),
        (any([all([a(), b()]), all([a(), c()])]), a()),
        (within(5), within(5)),
        (within(5), within(6)),
        (all([within(5), a()]), any([within(6), b()])),
        (a(), all([])),
        (any([]), a()),
    ] {
        assert!(this.implies(&other), "{this:?} implies {other:?}");
    }
    for (this, other) in [
        (a(), b()),
        (a(), all([a(), b()])),
        (any([a(), b()]), a()),
        (any([a(), b()]), all([a(), b()])),
        (any([a(), b(), c()]), any([a(), b()])),
        (all([a(), any([b(), c()])]), b()),
        (within(6), within(5)),
        (within(5), is("5")),
        (all([]), a()),
        (a(), any([])),
    ] {
        assert!(!this.implies(&other), "{this:?} does not imply {other:?}");
    }
}
