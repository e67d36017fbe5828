//! Tests of the error messages of the derives and of `#[check]`.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;

use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::function::Function;

/// Compares a list of the items, each followed by its error messages, with the expected text.
fn assert_messages(all: &[&str], read: impl Fn(TokenStream) -> syn::Result<()>, expected: &Expect) {
    let mut text = String::new();
    for item in all {
        writeln!(text, "{item}").unwrap();
        for message in read(item.parse().unwrap()).err().into_iter().flatten() {
            writeln!(text, "    {message}").unwrap();
        }
    }
    expected.assert_eq(&text);
}

fn vocabulary(item: TokenStream) -> syn::Result<()> {
    crate::scopes::parse(item)?.graph.map(drop)
}

fn scopes(variants: &[&str], expected: &Expect) {
    let read = |variants| vocabulary(quote::quote!(enum Scope { #variants }));
    assert_messages(variants, read, expected);
}

#[test]
fn scopes_of_an_enum() {
    scopes(
        &[
            "",
            "A",
            r#"#[scope("a")] A(u8)"#,
            r#"#[scope("a")] A {}"#,
            r#"#[scope] A"#,
            r#"#[scope = "a"] A"#,
            r#"#[scope()] A"#,
            r#"#[scope(name = "a")] A"#,
            r#"#[scope(1)] A"#,
            r#"#[scope("")] A"#,
            r#"#[scope("a b")] A"#,
            r#"#[scope("ä")] A"#,
            r#"#[scope("a", "b")] A"#,
            r#"#[scope("a")] #[scope("b")] A"#,
            r#"#[scope("a")] A, #[scope("a")] B"#,
            r#"#[doc = include_str!("a")] #[scope("a")] A"#,
        ],
        &expect![[r#"

                the enum has no scopes: write a variant for each, as in `#[scope("items:read")] ItemsRead`
            A
                variant `A` has no scope: write `#[scope("items:read")]` above it
            #[scope("a")] A(u8)
                a scope cannot have fields: write `A` alone
            #[scope("a")] A {}
                a scope cannot have fields: write `A` alone
            #[scope] A
                the scope must be in parentheses: write `#[scope("items:read")]`
            #[scope = "a"] A
                the scope must be in parentheses: write `#[scope("items:read")]`
            #[scope()] A
                the name of the scope is missing: write it first, as in `#[scope("items:read")]`
            #[scope(name = "a")] A
                the name of the scope is missing: write it first, as in `#[scope("items:read")]`
                unknown key `name`: write one of `implies`
            #[scope(1)] A
                the name of a scope must be a string: write `#[scope("items:read")]`
            #[scope("")] A
                the scope is empty: write its name, as in `items:read`
            #[scope("a b")] A
                a scope cannot contain a space: remove it, or write a variant for each
            #[scope("ä")] A
                a scope cannot contain `ä`: write visible ASCII other than `"` and `\`, as in `items:read`
            #[scope("a", "b")] A
                a variant declares one scope: write a variant for each
            #[scope("a")] #[scope("b")] A
                variant `A` has two scopes: write a variant for each
            #[scope("a")] A, #[scope("a")] B
                `a` is also the scope of `B`: rename or remove one
                `a` is also the scope of `A`: rename or remove one
            #[doc = include_str!("a")] #[scope("a")] A
                the description of a scope must be a literal: write it as `/// See items`
        "#]],
    );
}

#[test]
fn implications() {
    scopes(
        &[
            r#"#[scope("a", implies)] A"#,
            r#"#[scope("a", implies = B)] A, #[scope("b")] B"#,
            r#"#[scope("a", implies(B))] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = ["b"])] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = [Scope::B])] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = [B], implies = [B])] A, #[scope("b")] B"#,
            r#"#[scope("a", imply = [B])] A, #[scope("b")] B"#,
            r#"#[scope("a" implies = [B])] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = [ItemRead])] A, #[scope("b")] ItemsRead"#,
            r#"#[scope("a", implies = [Other])] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = [Other])] A"#,
            r#"#[scope("a", implies = [A])] A"#,
            r#"#[scope("a", implies = [B, B])] A, #[scope("b")] B"#,
            r#"#[scope("a", implies = [B])] A, #[scope("b", implies = [A])] B"#,
            r#"#[scope("a", implies = [B])] A, #[scope("b", implies = [C])] B, #[scope("c", implies = [D, B])] C, #[scope("d")] D"#,
            r#"#[scope("a", implies = [])] A"#,
            r#"#[scope("a", implies = [B, C])] A, #[scope("b", implies = [C])] B, #[scope("c")] C"#,
        ],
        &expect![[r##"
            #[scope("a", implies)] A
                `implies` takes a list of variants of this enum, without paths: write `implies = [ItemsRead]`
            #[scope("a", implies = B)] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, without paths: write `implies = [ItemsRead]`
            #[scope("a", implies(B))] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, without paths: write `implies = [ItemsRead]`
            #[scope("a", implies = ["b"])] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, without paths: write `implies = [ItemsRead]`
            #[scope("a", implies = [Scope::B])] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, without paths: write `implies = [ItemsRead]`
            #[scope("a", implies = [B], implies = [B])] A, #[scope("b")] B
                duplicate key `implies`: write one list, as in `implies = [A, B]`
            #[scope("a", imply = [B])] A, #[scope("b")] B
                unknown key `imply`: write one of `implies`
            #[scope("a" implies = [B])] A, #[scope("b")] B
                missing comma: write one before `implies`
            #[scope("a", implies = [ItemRead])] A, #[scope("b")] ItemsRead
                unknown variant `ItemRead`: did you mean `ItemsRead`?
            #[scope("a", implies = [Other])] A, #[scope("b")] B
                unknown variant `Other`: write one of `B`
            #[scope("a", implies = [Other])] A
                unknown variant `Other`: remove it
            #[scope("a", implies = [A])] A
                every scope implies itself: remove `A`
            #[scope("a", implies = [B, B])] A, #[scope("b")] B
                duplicate variant `B`: remove one
            #[scope("a", implies = [B])] A, #[scope("b", implies = [A])] B
                `A -> B -> A` is a cycle: remove one of its `implies`
            #[scope("a", implies = [B])] A, #[scope("b", implies = [C])] B, #[scope("c", implies = [D, B])] C, #[scope("d")] D
                `B -> C -> B` is a cycle: remove one of its `implies`
            #[scope("a", implies = [])] A
            #[scope("a", implies = [B, C])] A, #[scope("b", implies = [C])] B, #[scope("c")] C
        "##]],
    );
}

#[test]
fn types_with_scopes() {
    assert_messages(
        &[
            "struct Scope;",
            "union Scope { a: u8 }",
            "fn scope() {}",
            r#"enum Scope<T> { #[scope("a")] A }"#,
            r#"#[scopes] enum Scope { #[scope("a")] A }"#,
            r#"#[scopes(name = "a")] enum Scope { #[scope("a")] A }"#,
            r#"#[scopes(crate = a)] enum Scope { #[scope("a")] A }"#,
            r#"#[scopes(crate = ::a)] #[scopes(crate = ::b)] enum Scope { #[scope("a")] A }"#,
        ],
        vocabulary,
        &expect![[r#"
            struct Scope;
                `Scopes` can only be derived for an enum, with one variant for each scope
            union Scope { a: u8 }
                `Scopes` can only be derived for an enum, with one variant for each scope
            fn scope() {}
                `Scopes` can only be derived for an enum, with one variant for each scope
            enum Scope<T> { #[scope("a")] A }
                an enum of scopes cannot be generic: remove its parameters
            #[scopes] enum Scope { #[scope("a")] A }
                `#[scopes]` needs a path: write `#[scopes(crate = ::axum_protected)]`
            #[scopes(name = "a")] enum Scope { #[scope("a")] A }
                unknown key `name`: write one of `crate`
            #[scopes(crate = a)] enum Scope { #[scope("a")] A }
                a relative path resolves differently in each module: write `crate = ::a` or `crate = crate::a`
            #[scopes(crate = ::a)] #[scopes(crate = ::b)] enum Scope { #[scope("a")] A }
                duplicate key `crate`: remove one
        "#]],
    );
}

#[test]
fn policies() {
    assert_messages(
        &[
            "struct A;",
            "#[policy] struct A;",
            "#[policy()] struct A;",
            r#"#[policy = "a"] struct A;"#,
            "#[policy(crate = ::a)] struct A;",
            r#"#[policy("a")] struct A;"#,
            r#"#[policy(scop = "a")] struct A;"#,
            r#"#[policy(scope = "a")] #[policy(scope = "b")] struct A;"#,
            r#"#[policy(scope = "a")] struct A<T>(T);"#,
            r#"#[policy(scope = "a")] union A { a: u8 }"#,
            r#"#[policy(scope = "a")] fn a() {}"#,
            r#"#[policy(scope = "a", any(scope = "a", role = "r"))] struct A;"#,
            r#"#[policy(scope = "a")] enum A {}"#,
        ],
        |item| crate::derive_policy::parse(item)?.mistake.map_or(Ok(()), Err),
        &expect![[r#"
            struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy] struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy()] struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy = "a"] struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy(crate = ::a)] struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy("a")] struct A;
                the key is missing: write `scope = "a"`
            #[policy(scop = "a")] struct A;
                unknown key `scop`: did you mean `scope`?
            #[policy(scope = "a")] #[policy(scope = "b")] struct A;
                `#[policy]` is on this type twice: combine both in one, as in `#[policy(all(...))]`
            #[policy(scope = "a")] struct A<T>(T);
                a policy cannot be generic: write a type for each policy
            #[policy(scope = "a")] union A { a: u8 }
                `Policy` can only be derived for a struct or an enum, as in `struct CanWriteItems;`
            #[policy(scope = "a")] fn a() {}
                `Policy` can only be derived for a struct or an enum, as in `struct CanWriteItems;`
            #[policy(scope = "a", any(scope = "a", role = "r"))] struct A;
            #[policy(scope = "a")] enum A {}
        "#]],
    );
}

#[test]
fn checks() {
    let read = |item| {
        let mut errors = Errors::default();
        let check = Function::parse(item, Attr::Check)?;
        crate::check_attribute::check(&check, &mut errors);
        errors.finish(Some(()))
    };
    let sixteen = format!("async fn a({}) -> bool {{}}", "_: A, ".repeat(16));
    assert_messages(
        &[
            "struct A;",
            "async fn a() -> bool;",
            "fn a() -> bool {}",
            "fn a() {}",
            "async fn a() {}",
            "async fn a(&self) -> bool {}",
            "async fn a(_: Vec<Self>) -> bool {}",
            "async fn a<T>(_: T) -> bool {}",
            "async unsafe fn a() -> bool {}",
            "async fn a(_: &A, _: impl B) -> bool {}",
            "async fn a(#[cfg(unix)] _: A) -> bool {}",
            "#[check] async fn a() -> bool {}",
            r#"#[protected(scope = "a")] async fn a() -> bool {}"#,
            &sixteen,
        ],
        read,
        &expect![[r#"
            struct A;
                `#[check]` goes on a free function with a body: move it to a check
            async fn a() -> bool;
                `#[check]` goes on a free function with a body: move it to a check
            fn a() -> bool {}
                a check must be `async`: write `async fn a`
            fn a() {}
                a check must be `async`: write `async fn a`
                a check must return its decision: return `bool` or `Result<(), Denied>`
            async fn a() {}
                a check must return its decision: return `bool` or `Result<(), Denied>`
            async fn a(&self) -> bool {}
                `#[check]` goes on a free function: move it out of the `impl` and take the state with an extractor
            async fn a(_: Vec<Self>) -> bool {}
                `#[check]` goes on a free function, which has no `Self`: write the name of the type
            async fn a<T>(_: T) -> bool {}
                a check cannot be generic: write concrete types
            async unsafe fn a() -> bool {}
                a check cannot be unsafe: remove `unsafe`
            async fn a(_: &A, _: impl B) -> bool {}
                a check must take its extractors by value: remove the `&`
                an argument of a check needs a concrete type: write its name
            async fn a(#[cfg(unix)] _: A) -> bool {}
                an argument of a check cannot have `cfg`: write the function twice, each with its own `cfg`
            #[check] async fn a() -> bool {}
                `#[check]` is on this function twice: remove one
            #[protected(scope = "a")] async fn a() -> bool {}
                a check is not a handler: remove one attribute, and name the check in `#[protected(check = ...)]`
            async fn a(_: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, ) -> bool {}
                a check takes at most 15 extractors: combine some in a tuple, as in `(a, b): (A, B)`
        "#]],
    );
}
