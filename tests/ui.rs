//! Tests the compiler messages for wrong uses of the macros, and that right uses compile.
//!
//! The command `TRYBUILD=overwrite cargo test -p axum-protected-tests --test ui` overwrites the
//! stored messages.

#[test]
fn misuses_are_told_and_right_uses_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.pass("ui/pass/*.rs");
}

/// The compiler reports these misuses, because the macros cannot detect them. Where possible, the
/// messages contain a note of this library.
#[rustversion::attr(not(stable(1.95)), ignore = "the words are those of Rust 1.95")]
#[test]
fn misuses_that_only_the_compiler_sees() {
    trybuild::TestCases::new().compile_fail("ui/compiler/*.rs");
}
