//! Tests of the values that checks load: the end of a check, and the arguments of a handler that take
//! the values.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the expansion of a handler with these arguments of the attribute and of the function.
fn handler(args: &str, arguments: &str) -> TokenStream {
    let item = format!("#[cfg(a)] async fn read({arguments}) {{}}");
    crate::entry_points::on_protected(args.parse().unwrap(), item.parse().unwrap(), None)
}

/// Compares the items of an expansion that `is_relevant` with the expected text.
fn compare(tokens: TokenStream, is_relevant: fn(&syn::Item) -> bool, expected: &Expect) {
    let mut file: syn::File = syn::parse2(tokens).unwrap();
    file.items.retain(is_relevant);
    expected.assert_eq(&prettyplease::unparse(&file));
}

fn is_constant_about_values(item: &syn::Item) -> bool {
    let text = quote!(#item).to_string();
    matches!(item, syn::Item::Const(_))
        && ["runs", "same_check"].iter().any(|name| text.contains(name))
}

#[test]
fn a_check_that_loads_a_value_passes_it_on() {
    compare(
        crate::entry_points::on_check(
            quote!(),
            quote!(
                #[cfg(a)]
                pub(crate) async fn load(Path(id): Path<u64>) -> Result<Loaded<Blog>, StatusCode> {}
            ),
        ),
        |item| matches!(item, syn::Item::Impl(_)),
        &expect![[r##"
            #[cfg(a)]
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for load
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                __S: 'static,
                Path<u64>: ::axum_protected::__private::FromRequestParts<__S>,
            {
                const NAME: &'static ::core::primitive::str = "load";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __0 = ::axum_protected::__private::extract::<
                        Path<u64>,
                        __S,
                    >(__parts, __state)
                        .await?;
                    let __check = load;
                    ::axum_protected::__private::pass_on::<
                        Self,
                        _,
                        _,
                    >(__parts, __state, __check(__0).await, false)
                }
            }
            #[cfg(a)]
            #[automatically_derived]
            impl ::axum_protected::check::LoadingCheck for load {
                type Value = Blog;
            }
        "##]],
    );
}

#[test]
fn a_return_type_is_recognised_by_its_names() {
    for (output, is_loading) in [
        ("Option<Loaded<u8>>", true),
        ("std::option::Option<axum_protected::Loaded<u8>>", true),
        ("Result<Loaded<(u8, Vec<u8>)>, E>", true),
        ("Result<Loaded<u8>>", true),
        ("Option<Loaded>", false),
        ("Loaded<u8>", false),
        ("Vec<Loaded<u8>>", false),
        ("Result<u8, Loaded<u8>>", false),
        ("Result<Option<Loaded<u8>>, E>", false),
        ("Result<bool, E>", false),
        ("Alias", false),
    ] {
        let item = format!("async fn load() -> {output} {{}}").parse().unwrap();
        let text = crate::entry_points::on_check(quote!(), item).to_string();
        assert_eq!(text.contains("LoadingCheck"), is_loading, "{output}");
        assert_eq!(text.contains("pass_on"), is_loading, "{output}");
        assert_eq!(text.contains("CheckOutcome"), !is_loading, "{output}");
    }
}

#[test]
fn a_protected_operation_counts_the_arguments_that_take_values() {
    for (arguments, expected) in [
        ("_: Checked<load>", "taking_values (1usize)"),
        ("_: Option<a::Checked<a::load>>, _: u8, _: Checked<b>", "taking_values (2usize)"),
        ("_: Checked", ""),
        ("_: Json<Checked<load>>", ""),
        ("_: Result<Checked<load>, Refusal>", ""),
        ("_: Authorized<Admin>, _: AccessToken", ""),
    ] {
        let items = handler("check = load", arguments).to_string();
        assert!(items.contains(expected), "{arguments}: {items}");
        assert_eq!(items.contains("taking_values"), !expected.is_empty(), "{arguments}");
        assert_eq!(items.contains("reading_token"), arguments.contains("Token"), "{arguments}");
    }
}

#[test]
fn the_guard_must_run_the_check_of_each_argument() {
    compare(
        handler(
            "check = a::load, any(role = \"admin\", check = other)",
            "_: Checked<load>, _: Option<Checked<r#other>>, _: Checked<missing>",
        ),
        is_constant_about_values,
        &expect![[r##"
            #[cfg(a)]
            const _: () = ::axum_protected::__private::runs(
                &<__protected_read as ::axum_protected::Policy>::OPERATION.requirement,
                "load",
                "the attribute does not run this check: add `check = load` to it",
                "the guard runs `load` several times with constants, and has no single value: name it once, or write a check without constants for each value",
                ::core::option::Option::Some(
                    "a request that satisfies the named policy comes in without this check: take `Option<Checked<load>>`",
                ),
            );
            #[cfg(a)]
            const _: () = ::axum_protected::__private::same_check::<load, a::load>();
            #[cfg(a)]
            const _: () = ::axum_protected::__private::runs(
                &<__protected_read as ::axum_protected::Policy>::OPERATION.requirement,
                "other",
                "the attribute does not run this check: add `check = r#other` to it",
                "the guard runs `r#other` several times with constants, and has no single value: name it once, or write a check without constants for each value",
                ::core::option::Option::None,
            );
            #[cfg(a)]
            const _: () = ::axum_protected::__private::same_check::<r#other, other>();
            #[cfg(a)]
            const _: () = ::axum_protected::__private::runs(
                &<__protected_read as ::axum_protected::Policy>::OPERATION.requirement,
                "missing",
                "the attribute does not run this check: add `check = missing` to it",
                "the guard runs `missing` several times with constants, and has no single value: name it once, or write a check without constants for each value",
                ::core::option::Option::Some(
                    "a request that satisfies the named policy comes in without this check: take `Option<Checked<missing>>`",
                ),
            );
        "##]],
    );
    compare(handler("check = load", ""), is_constant_about_values, &expect![[r#""#]]);
}

#[test]
fn an_argument_names_its_check_by_a_path() {
    for argument in ["(load,)", "<A as B>::C", "fn()"] {
        let items = handler("check = load", &format!("_: Checked<{argument}>")).to_string();
        assert!(
            items.contains("the value of a check is taken by the name of the check"),
            "{argument}"
        );
    }
    let items = handler("check = load", "_: Checked<(load)>").to_string();
    assert!(!items.contains("compile_error"), "{items}");
}

/// Returns the alternative that the message for `Checked<load>` names.
fn alternative(args: &str) -> String {
    let items = handler(args, "_: Checked<load>").to_string();
    let (_, rest) = items.split_once("a request that satisfies ").unwrap();
    let (alternative, _) = rest.split_once(" comes in without this check").unwrap();
    alternative.replace('\\', "")
}

#[test]
fn the_message_names_an_alternative_without_the_check() {
    for (args, expected) in [
        (r#"any(role = "admin", check = load)"#, r#"`role = "admin"`"#),
        (r#"any(check = a::load, role = "admin")"#, r#"`role = "admin"`"#),
        (r#"any(check = load(Kind::A), role = "admin")"#, r#"`role = "admin"`"#),
        (
            r#"any(all(check = load, role = "a"), all(role = "b", role = "c"))"#,
            r#"`all(role = "b", role = "c")`"#,
        ),
        (
            r#"all(any(role = "a", role = "b"), any(check = load, check = other))"#,
            "`check = other`",
        ),
        (r#"any(policy = P, check = load)"#, "`policy = P`"),
        (r#"any(policy = P, check = load, scope = "a")"#, r#"`scope = "a"`"#),
        (r#"any(policy = P, role = "a")"#, r#"`role = "a"`"#),
        (r#"any(role = "c", all(any(check = load, role = "a"), role = "b"))"#, r#"`role = "c"`"#),
        ("policy = P", "the named policy"),
        ("check = load", "the named policy"),
    ] {
        assert_eq!(alternative(args), expected, "{args}");
    }
}
