//! What does not compile, and what it says; and what does.
//!
//! `TRYBUILD=overwrite cargo test -p axum-protected-tests --test ui` writes the messages anew.

#[test]
fn misuses_are_told_and_right_uses_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.pass("ui/pass/*.rs");
}

/// Misuses that no macro can see: the compiler's own words are in these messages, beside ours
/// where they can be.
#[rustversion::attr(not(stable(1.95)), ignore = "the words are those of Rust 1.95")]
#[test]
fn misuses_that_only_the_compiler_sees() {
    trybuild::TestCases::new().compile_fail("ui/compiler/*.rs");
}
