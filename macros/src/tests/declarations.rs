//! What the derives and `#[check]` say.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;

use crate::attribute::Attr;
use crate::errors::Errors;
use crate::function::Function;

/// Each of the items and below it what is said.
fn say(all: &[&str], read: impl Fn(TokenStream) -> syn::Result<()>, expected: &Expect) {
    let mut told = String::new();
    for item in all {
        writeln!(told, "{item}").unwrap();
        for message in read(item.parse().unwrap()).err().into_iter().flatten() {
            writeln!(told, "    {message}").unwrap();
        }
    }
    expected.assert_eq(&told);
}

fn vocabulary(item: TokenStream) -> syn::Result<()> {
    crate::scopes::parse(item)?.graph.map(drop)
}

fn scopes(variants: &[&str], expected: &Expect) {
    let read = |variants| vocabulary(quote::quote!(enum Scope { #variants }));
    say(variants, read, expected);
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

                these are no scopes: write a variant for each, as in `#[scope("items:read")] ItemsRead`
            A
                `A` names no scope: write `#[scope("items:read")]` above it
            #[scope("a")] A(u8)
                a scope has no fields: write `A` alone
            #[scope("a")] A {}
                a scope has no fields: write `A` alone
            #[scope] A
                name the scope in parentheses: write `#[scope("items:read")]`
            #[scope = "a"] A
                name the scope in parentheses: write `#[scope("items:read")]`
            #[scope()] A
                the scope has no name: write it first, as in `#[scope("items:read")]`
            #[scope(name = "a")] A
                the scope has no name: write it first, as in `#[scope("items:read")]`
                unknown key `name`: write one of `implies`
            #[scope(1)] A
                the name of a scope is a string: write `#[scope("items:read")]`
            #[scope("")] A
                the scope is empty: write its name, as in `items:read`
            #[scope("a b")] A
                one scope has no space: remove it, or write a variant for each
            #[scope("ä")] A
                a scope has no `ä`: write visible ASCII other than `"` and `\`, as in `items:read`
            #[scope("a", "b")] A
                a variant is one scope: write a variant for each
            #[scope("a")] #[scope("b")] A
                `A` has two scopes: write a variant for each
            #[scope("a")] A, #[scope("a")] B
                `a` is the scope of `B` as well: name another, or remove one
                `a` is the scope of `A` as well: name another, or remove one
            #[doc = include_str!("a")] #[scope("a")] A
                the description of a scope is read from here: write it as `/// See items`
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
                `implies` takes a list of variants of this enum, each by its name alone: write `implies = [ItemsRead]`
            #[scope("a", implies = B)] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, each by its name alone: write `implies = [ItemsRead]`
            #[scope("a", implies(B))] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, each by its name alone: write `implies = [ItemsRead]`
            #[scope("a", implies = ["b"])] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, each by its name alone: write `implies = [ItemsRead]`
            #[scope("a", implies = [Scope::B])] A, #[scope("b")] B
                `implies` takes a list of variants of this enum, each by its name alone: write `implies = [ItemsRead]`
            #[scope("a", implies = [B], implies = [B])] A, #[scope("b")] B
                `implies` is here twice: write one list, as in `implies = [A, B]`
            #[scope("a", imply = [B])] A, #[scope("b")] B
                unknown key `imply`: write one of `implies`
            #[scope("a" implies = [B])] A, #[scope("b")] B
                write a comma before `implies`
            #[scope("a", implies = [ItemRead])] A, #[scope("b")] ItemsRead
                unknown variant `ItemRead`: did you mean `ItemsRead`?
            #[scope("a", implies = [Other])] A, #[scope("b")] B
                unknown variant `Other`: write one of `B`
            #[scope("a", implies = [Other])] A
                unknown variant `Other`: remove it
            #[scope("a", implies = [A])] A
                `A` implies itself already: remove it
            #[scope("a", implies = [B, B])] A, #[scope("b")] B
                `B` is in this list already: remove one
            #[scope("a", implies = [B])] A, #[scope("b", implies = [A])] B
                `A -> B -> A` is a cycle, which makes them one scope: remove one `implies` of it
            #[scope("a", implies = [B])] A, #[scope("b", implies = [C])] B, #[scope("c", implies = [D, B])] C, #[scope("d")] D
                `B -> C -> B` is a cycle, which makes them one scope: remove one `implies` of it
            #[scope("a", implies = [])] A
            #[scope("a", implies = [B, C])] A, #[scope("b", implies = [C])] B, #[scope("c")] C
        "##]],
    );
}

#[test]
fn types_with_scopes() {
    say(
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
                `Scopes` can be derived for an enum only, with one variant for each scope
            union Scope { a: u8 }
                `Scopes` can be derived for an enum only, with one variant for each scope
            fn scope() {}
                `Scopes` can be derived for an enum only, with one variant for each scope
            enum Scope<T> { #[scope("a")] A }
                scopes have no parameters: remove them from the enum
            #[scopes] enum Scope { #[scope("a")] A }
                write `#[scopes(crate = ::axum_protected)]`
            #[scopes(name = "a")] enum Scope { #[scope("a")] A }
                unknown key `name`: write one of `crate`
            #[scopes(crate = a)] enum Scope { #[scope("a")] A }
                a relative path means something else in each module: write `crate = ::a` or `crate = crate::a`
            #[scopes(crate = ::a)] #[scopes(crate = ::b)] enum Scope { #[scope("a")] A }
                `crate` is here twice: remove one
        "#]],
    );
}

#[test]
fn policies() {
    say(
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
                `#[policy(...)]` states what it demands: write `#[policy(scope = "items:write")]`
            #[policy] struct A;
                `#[policy(...)]` states what it demands: write `#[policy(scope = "items:write")]`
            #[policy()] struct A;
                `#[policy(...)]` states what it demands: write `#[policy(scope = "items:write")]`
            #[policy = "a"] struct A;
                `#[policy(...)]` states what it demands: write `#[policy(scope = "items:write")]`
            #[policy(crate = ::a)] struct A;
                `#[policy(...)]` states what it demands: write `#[policy(scope = "items:write")]`
            #[policy("a")] struct A;
                write `scope = "a"`
            #[policy(scop = "a")] struct A;
                unknown key `scop`: did you mean `scope`?
            #[policy(scope = "a")] #[policy(scope = "b")] struct A;
                `#[policy]` is on this type twice: join both in one, as in `#[policy(all(...))]`
            #[policy(scope = "a")] struct A<T>(T);
                a policy has no parameters: write a type for each policy
            #[policy(scope = "a")] union A { a: u8 }
                `Policy` can be derived for a struct or an enum only, as in `struct CanWriteItems;`
            #[policy(scope = "a")] fn a() {}
                `Policy` can be derived for a struct or an enum only, as in `struct CanWriteItems;`
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
    say(
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
                a check is `async`: write `async fn a`
            fn a() {}
                a check is `async`: write `async fn a`
                a check says yes or no: return `bool` or `Result<(), Denied>`
            async fn a() {}
                a check says yes or no: return `bool` or `Result<(), Denied>`
            async fn a(&self) -> bool {}
                `#[check]` goes on a free function: move it out of the `impl` and take the state with an extractor
            async fn a(_: Vec<Self>) -> bool {}
                `#[check]` goes on a free function, where `Self` means nothing: write the type's name
            async fn a<T>(_: T) -> bool {}
                a check has no parameters, as nothing chooses them: write the types
            async unsafe fn a() -> bool {}
                a check is a safe function: remove `unsafe`
            async fn a(_: &A, _: impl B) -> bool {}
                a check takes its extractors by value: remove the `&`
                the type says what to extract: write its name
            async fn a(#[cfg(unix)] _: A) -> bool {}
                whether this argument is there is not known here: write the function twice, with `cfg` on each
            #[check] async fn a() -> bool {}
                `#[check]` is on this function twice: remove one
            #[protected(scope = "a")] async fn a() -> bool {}
                a check is no handler: remove one attribute, and name the check in `#[protected(check = ...)]`
            async fn a(_: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, ) -> bool {}
                a check has 15 extractors at most: join some in a tuple, as in `(a, b): (A, B)`
        "#]],
    );
}
