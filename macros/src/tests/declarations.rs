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
fn roles_of_an_enum() {
    let read = |item| crate::roles::parse(item)?.mistake.map_or(Ok(()), Err);
    assert_messages(
        &[
            "struct Role;",
            "enum Role {}",
            r#"enum Role<T> { #[role("a")] A(T) }"#,
            "enum Role { A }",
            r#"enum Role { #[role("a")] A(u8) }"#,
            r#"enum Role { #[role] A }"#,
            r#"enum Role { #[role = "a"] A }"#,
            r#"enum Role { #[role()] A }"#,
            r#"enum Role { #[role(1)] A }"#,
            r#"enum Role { #[role("a", implies = [B])] A }"#,
            r#"enum Role { #[role(" ")] A }"#,
            r#"enum Role { #[role("a\nb")] A }"#,
            r#"enum Role { #[role("a")] #[role("b")] A }"#,
            r#"enum Role { #[role("a")] A, #[role("a")] B }"#,
            r#"#[roles(crate = auth)] enum Role { #[role("a")] A }"#,
            r#"#[roles(crate = ::auth)] enum Role { #[role("a b")] A, #[role("ä")] B }"#,
        ],
        read,
        &expect![[r#"
            struct Role;
                `Roles` can only be derived for an enum, with one variant for each role
            enum Role {}
                the enum has no roles: write a variant for each, as in `#[role("admin")] Admin`
            enum Role<T> { #[role("a")] A(T) }
                an enum of roles cannot be generic: remove its parameters
                a role cannot have fields: write `A` alone
            enum Role { A }
                variant `A` has no role: write `#[role("admin")]` above it
            enum Role { #[role("a")] A(u8) }
                a role cannot have fields: write `A` alone
            enum Role { #[role] A }
                the role must be in parentheses: write `#[role("admin")]`
            enum Role { #[role = "a"] A }
                the role must be in parentheses: write `#[role("admin")]`
            enum Role { #[role()] A }
                a variant declares one role as a string: write `#[role("admin")]`
            enum Role { #[role(1)] A }
                a variant declares one role as a string: write `#[role("admin")]`
            enum Role { #[role("a", implies = [B])] A }
                a variant declares one role as a string: write `#[role("admin")]`
            enum Role { #[role(" ")] A }
                the role is empty: write its name, as in `#[role("admin")]`
            enum Role { #[role("a\nb")] A }
                the string cannot contain `\n`: use visible characters on one line
            enum Role { #[role("a")] #[role("b")] A }
                variant `A` has two roles: write a variant for each
            enum Role { #[role("a")] A, #[role("a")] B }
                `a` is also the role of `B`: rename or remove one
                `a` is also the role of `A`: rename or remove one
            #[roles(crate = auth)] enum Role { #[role("a")] A }
                a relative path resolves differently in each module: write `crate = ::auth` or `crate = crate::auth`
            #[roles(crate = ::auth)] enum Role { #[role("a b")] A, #[role("ä")] B }
        "#]],
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
            "#[policy(page)] struct A;",
            r#"#[policy(page, page = 1, any(role = "r", page))] struct A;"#,
            r#"#[policy("a")] struct A;"#,
            r#"#[policy(scop = "a")] struct A;"#,
            r#"#[policy(scope = "a")] #[policy(scope = "b")] struct A;"#,
            r#"#[policy(scope = "a")] struct A<T>(T);"#,
            r#"#[policy(scope = "a")] union A { a: u8 }"#,
            r#"#[policy(scope = "a")] fn a() {}"#,
            r#"#[policy(scope = "a", any(scope = "a", role = "r"))] struct A;"#,
            r#"#[policy(scope = "a")] enum A {}"#,
            r#"#[policy(scope = "a")] enum A { B, C }"#,
            r#"#[policy(scope = "a")] enum A { B, #[policy(role = "r")] C }"#,
            r#"enum A { #[policy(scope = "a")] B, #[policy(role = "r")] C }"#,
            r#"#[policy(scope = "a")] struct A { #[policy(role = "r")] b: u8 }"#,
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
            #[policy(page)] struct A;
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy(page, page = 1, any(role = "r", page))] struct A;
                duplicate key `page`: remove one
                duplicate key `page`: remove one
                `page` takes no value: write `page` alone, with a comma before the next entry
                `page` belongs to the whole attribute: move it out of the group
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
            #[policy(scope = "a")] enum A { B, C }
                a policy has no variants: write a unit struct with `#[derive(Policy)]` and `#[policy(...)]` for each policy
            #[policy(scope = "a")] enum A { B, #[policy(role = "r")] C }
                a policy has no variants: write a unit struct with `#[derive(Policy)]` and `#[policy(...)]` for each policy
            enum A { #[policy(scope = "a")] B, #[policy(role = "r")] C }
                a policy has no variants: write a unit struct with `#[derive(Policy)]` and `#[policy(...)]` for each policy
                the policy has no requirement: write `#[policy(scope = "items:write")]`
            #[policy(scope = "a")] struct A { #[policy(role = "r")] b: u8 }
                the requirement of a policy is written above the type, not above a field
        "#]],
    );
}

/// Splits `#[check(...)]` with arguments from an item.
fn args_of_check(item: TokenStream) -> (TokenStream, TokenStream) {
    let text = item.to_string();
    match text.strip_prefix("# [check (").and_then(|rest| rest.split_once(")] async")) {
        Some((args, rest)) => (args.parse().unwrap(), format!("async{rest}").parse().unwrap()),
        None => (TokenStream::new(), item),
    }
}

fn checks(items: &[&str], expected: &Expect) {
    let read = |item| {
        let mut errors = Errors::default();
        let (args, item) = args_of_check(item);
        let check = Function::parse(item, Attr::Check)?;
        let args = crate::check_attribute::Args::parse(args, &mut errors);
        crate::check_attribute::check(&args, &check, &mut errors);
        errors.finish(Some(()))
    };
    assert_messages(items, read, expected);
}

#[test]
fn functions_with_checks() {
    let sixteen = format!("async fn a({}) -> bool {{}}", "_: A, ".repeat(16));
    checks(
        &[
            "struct A;",
            "async fn a() -> bool;",
            "fn a() -> bool {}",
            "fn a() {}",
            "async fn a() {}",
            "async fn a(&self) -> bool {}",
            "async fn a(_: Vec<Self>) -> bool {}",
            "async unsafe fn a() -> bool {}",
            "async fn a(_: &A, _: impl B) -> bool {}",
            "async fn a(#[cfg(unix)] _: A) -> bool {}",
            "#[check] async fn a() -> bool {}",
            r#"#[protected(scope = "a")] async fn a() -> bool {}"#,
            &sixteen,
        ],
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

#[test]
fn checks_of_one_state() {
    checks(
        &[
            "async fn a<T, const N: usize>(_: T) -> bool {}",
            "async fn a<'a>(_: A<'a>) -> bool {}",
            "#[check(state = App<R, [u8; N]>)] async fn a<R: B, const N: usize>() -> bool {}",
            "#[check(state = (App<R>, &'static dyn B<S>), crate = ::auth)] async fn a<R, S>() -> bool where R: B {}",
            "#[check(state = App<u8>)] async fn a<R, S>(_: R) -> bool {}",
            "#[check(state = R::State)] async fn a<R: B>(_: R) -> bool {}",
            "#[check(state = <R as B>::State)] async fn a<R: B>(_: R) -> bool {}",
            "#[check(state = fn(R) -> R)] async fn a<R: B>(_: R) -> bool {}",
            "#[check(state = impl B)] async fn a() -> bool {}",
            "#[check(state)] async fn a() -> bool {}",
            "#[check(state = )] async fn a() -> bool {}",
            "#[check(state(App))] async fn a() -> bool {}",
            "#[check(state = 1)] async fn a() -> bool {}",
            "#[check(state = App, state = App)] async fn a() -> bool {}",
            "#[check(state = App crate = ::auth)] async fn a() -> bool {}",
            "#[check(stat = App)] async fn a() -> bool {}",
        ],
        &expect![[r#"
            async fn a<T, const N: usize>(_: T) -> bool {}
                a generic check must name its state, which selects the types: write `#[check(state = AppState<T, N>)]`, or write concrete types
            async fn a<'a>(_: A<'a>) -> bool {}
                a check takes its extractors by value and cannot have lifetimes: remove it
            #[check(state = App<R, [u8; N]>)] async fn a<R: B, const N: usize>() -> bool {}
            #[check(state = (App<R>, &'static dyn B<S>), crate = ::auth)] async fn a<R, S>() -> bool where R: B {}
            #[check(state = App<u8>)] async fn a<R, S>(_: R) -> bool {}
                the state does not determine `R`: name it in the state, as in `state = AppState<R>`, or write a concrete type
                the state does not determine `S`: name it in the state, as in `state = AppState<S>`, or write a concrete type
            #[check(state = R::State)] async fn a<R: B>(_: R) -> bool {}
                the state does not determine `R`: name it in the state, as in `state = AppState<R>`, or write a concrete type
            #[check(state = <R as B>::State)] async fn a<R: B>(_: R) -> bool {}
                the state does not determine `R`: name it in the state, as in `state = AppState<R>`, or write a concrete type
            #[check(state = fn(R) -> R)] async fn a<R: B>(_: R) -> bool {}
                the state does not determine `R`: name it in the state, as in `state = AppState<R>`, or write a concrete type
            #[check(state = impl B)] async fn a() -> bool {}
                the state of a check needs a concrete type: write its name
            #[check(state)] async fn a() -> bool {}
                `state` needs a type: write `state = AppState`
            #[check(state = )] async fn a() -> bool {}
                `state` needs a type: write `state = AppState`
            #[check(state(App))] async fn a() -> bool {}
                `state` needs a type: write `state = AppState`
            #[check(state = 1)] async fn a() -> bool {}
                this is not a type: write `state = AppState`
            #[check(state = App, state = App)] async fn a() -> bool {}
                duplicate key `state`: remove one
            #[check(state = App crate = ::auth)] async fn a() -> bool {}
                missing comma: write one before `crate`
            #[check(stat = App)] async fn a() -> bool {}
                unknown key `stat`: did you mean `state`?
        "#]],
    );
}

#[test]
fn constants_of_checks() {
    let sixteen = format!("async fn a({}) -> bool {{}}", "_: A, ".repeat(16));
    checks(
        &[
            "async fn a(#[constant] a: A, #[constant] (b, c): (B, C), _: D) -> bool {}",
            "async fn a(_: D, #[constant] a: A) -> bool {}",
            "async fn a(#[constant(1)] a: A, #[constant = 1] b: B) -> bool {}",
            "async fn a(#[constant] #[constant] a: A) -> bool {}",
            "async fn a(#[constant] a: &str, #[constant] b: &'static str, #[constant] c: &'a u8) -> bool {}",
            "async fn a(#[constant] a: impl A, #[constant] b: _) -> bool {}",
            "#[check(state = App<R>)] async fn a<R>(#[constant] a: Vec<R>) -> bool {}",
            "async fn a(#[constant] #[cfg(unix)] a: A) -> bool {}",
            &sixteen.replacen("_: A", "#[constant] a: A", 1),
        ],
        &expect![[r#"
            async fn a(#[constant] a: A, #[constant] (b, c): (B, C), _: D) -> bool {}
            async fn a(_: D, #[constant] a: A) -> bool {}
                the constants of a check must come first: move this parameter before the extractors
            async fn a(#[constant(1)] a: A, #[constant = 1] b: B) -> bool {}
                `#[constant]` takes no arguments: write `#[constant]` before the parameter, and its value where the check is named
                `#[constant]` takes no arguments: write `#[constant]` before the parameter, and its value where the check is named
            async fn a(#[constant] #[constant] a: A) -> bool {}
                `#[constant]` is on this parameter twice: remove one
            async fn a(#[constant] a: &str, #[constant] b: &'static str, #[constant] c: &'a u8) -> bool {}
                a constant can only borrow static data: write `&'static`
                a constant can only borrow static data: write `&'static`
            async fn a(#[constant] a: impl A, #[constant] b: _) -> bool {}
                a constant needs a concrete type: write its name
                a constant needs a concrete type: write its name
            #[check(state = App<R>)] async fn a<R>(#[constant] a: Vec<R>) -> bool {}
                the type of a constant cannot depend on `R`, as the state is not known where the check is named: write a concrete type
            async fn a(#[constant] #[cfg(unix)] a: A) -> bool {}
                an argument of a check cannot have `cfg`: write the function twice, each with its own `cfg`
            async fn a(#[constant] a: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, _: A, ) -> bool {}
        "#]],
    );
}
