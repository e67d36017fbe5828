//! Tests of checks with constants and of checks for one state.

use expect_test::{Expect, expect};
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Expr, File, ImplItem, ImplItemConst, Item, Lit};

use super::expansion::pretty;
use super::messages;

fn check(args: TokenStream, item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_check(args, item)));
}

fn protected(args: TokenStream) -> TokenStream {
    let item = quote!(
        async fn list() {}
    );
    crate::entry_points::on_protected(args, item, None)
}

/// Returns the name of the only check in logs.
fn name(args: TokenStream) -> String {
    let file: File = syn::parse2(protected(args)).unwrap();
    let items = file.items.into_iter().filter_map(|item| match item {
        Item::Impl(item) => Some(item.items),
        _ => None,
    });
    let mut names = items.flatten().filter_map(|item| match item {
        ImplItem::Const(ImplItemConst { ident, expr: Expr::Lit(name), .. }) if ident == "NAME" => {
            Some(name.lit)
        }
        _ => None,
    });
    match names.next() {
        Some(Lit::Str(name)) => name.value(),
        _ => panic!("the attribute names one check"),
    }
}

#[test]
fn a_check_with_constants() {
    check(
        quote!(crate = ::auth),
        quote! {
            #[cfg(unix)]
            pub async fn can(
                #[constant] permission: Permission,
                #[constant] Limit(limit): Limit,
                State(db): State<Db>,
            ) -> bool {
                true
            }
        },
        &expect![[r##"
            #[cfg(unix)]
            pub async fn can(
                permission: Permission,
                Limit(limit): Limit,
                State(db): State<Db>,
            ) -> bool {
                true
            }
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            pub enum can {}
            #[cfg(unix)]
            #[automatically_derived]
            impl<__S> ::auth::check::ConstantCheck<__S> for can
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                State<Db>: ::auth::__private::FromRequestParts<__S>,
            {
                async fn check(
                    __values: __constants_can,
                    __parts: &mut ::auth::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::auth::check::CheckRejection> {
                    let __0 = ::auth::__private::extract::<State<Db>, __S>(__parts, __state).await?;
                    let __check = can;
                    ::auth::check::CheckOutcome::into_result(
                        __check(__values.0, __values.1, __0).await,
                    )
                }
            }
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_structs,
                reason = "holds the values of constants"
            )]
            pub struct __constants_can(Permission, Limit);
            #[cfg(unix)]
            #[automatically_derived]
            impl ::auth::check::Constants for can {
                type Values = __constants_can;
            }
            #[cfg(unix)]
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, reason = "used where the check is named")]
            impl can {
                #[doc(hidden)]
                pub const __MISSING_CONSTANTS: ::core::option::Option<
                    &'static ::core::primitive::str,
                > = ::core::option::Option::Some(
                    "this check takes constants: write a value for each of `permission: Permission, Limit(limit): Limit`, as in `can(...)`",
                );
                #[doc(hidden)]
                pub fn __constants(values: (Permission, Limit)) -> __constants_can {
                    __constants_can(values.0, values.1)
                }
            }
        "##]],
    );
}

#[test]
fn a_check_for_one_state() {
    check(
        quote!(state = AppState<R, N>),
        quote! {
            async fn owns<R: Repo, const N: usize>(State(repo): State<R>) -> bool where R::Id: Eq {
                true
            }
        },
        &expect![[r#"
            async fn owns<R: Repo, const N: usize>(State(repo): State<R>) -> bool
            where
                R::Id: Eq,
            {
                true
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum owns {}
            #[automatically_derived]
            impl<R: Repo, const N: usize> ::axum_protected::check::Check<AppState<R, N>> for owns
            where
                AppState<R, N>: ::core::marker::Send + ::core::marker::Sync,
                State<R>: ::axum_protected::__private::FromRequestParts<AppState<R, N>>,
                R::Id: Eq,
            {
                const NAME: &'static ::core::primitive::str = "owns";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &AppState<R, N>,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __0 = ::axum_protected::__private::extract::<
                        State<R>,
                        AppState<R, N>,
                    >(__parts, __state)
                        .await?;
                    let __check = owns::<R, N>;
                    ::axum_protected::check::CheckOutcome::into_result(__check(__0).await)
                }
            }
        "#]],
    );
}

#[test]
fn a_mistake_leaves_a_check_that_takes_the_constants() {
    check(
        quote!(crate = ::auth),
        quote! {
            fn can(#[constant] permission: Permission) -> bool {
                true
            }
        },
        &expect![[r#"
            fn can(permission: Permission) -> bool {
                true
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum can {}
            #[automatically_derived]
            impl<__S> ::auth::check::ConstantCheck<__S> for can
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
            {
                async fn check(
                    __values: __constants_can,
                    __parts: &mut ::auth::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::auth::check::CheckRejection> {
                    let __check = async |_| false;
                    ::auth::check::CheckOutcome::into_result(__check(__values.0).await)
                }
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_structs,
                reason = "holds the values of constants"
            )]
            struct __constants_can(Permission);
            #[automatically_derived]
            impl ::auth::check::Constants for can {
                type Values = __constants_can;
            }
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, reason = "used where the check is named")]
            impl can {
                #[doc(hidden)]
                const __MISSING_CONSTANTS: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
                    "this check takes constants: write a value for each of `permission: Permission`, as in `can(...)`",
                );
                #[doc(hidden)]
                fn __constants(values: (Permission,)) -> __constants_can {
                    __constants_can(values.0)
                }
            }
            ::core::compile_error! {
                "a check must be `async`: write `async fn can`"
            }
        "#]],
    );
}

#[test]
fn a_mistake_in_the_constants_leaves_a_check_without_constants() {
    check(
        quote!(state = App<R>),
        quote! {
            async fn can<R>(#[constant] permission: R, #[constant(a)] b: B) -> bool {
                true
            }
        },
        &expect![[r#"
            async fn can<R>(permission: R, b: B) -> bool {
                true
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum can {}
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for can
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
            {
                const NAME: &'static ::core::primitive::str = "can";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __check = async || false;
                    ::axum_protected::check::CheckOutcome::into_result(__check().await)
                }
            }
            ::core::compile_error! {
                "the type of a constant cannot depend on `R`, as the state is not known where the check is named: write a concrete type"
            }
            ::core::compile_error! {
                "`#[constant]` takes no arguments: write `#[constant]` before the parameter, and its value where the check is named"
            }
        "#]],
    );
}

#[test]
fn the_attribute_passes_the_values() {
    let expanded = protected(quote!(check = perms::can(Permission::ItemsRead, limit(3))));
    let mut file: File = syn::parse2(expanded).unwrap();
    file.items.retain(|item| match item {
        Item::Impl(item) => item.self_ty.to_token_stream().to_string().contains("__check"),
        _ => false,
    });
    expect![[r##"
        #[automatically_derived]
        impl<__S> ::axum_protected::check::Check<__S> for __check_list_0
        where
            __S: ::core::marker::Send + ::core::marker::Sync,
            perms::can: ::axum_protected::check::ConstantCheck<__S>,
        {
            const NAME: &'static ::core::primitive::str = "perms::can(Permission::ItemsRead, limit(3))";
            fn check(
                __parts: &mut ::axum_protected::__private::Parts,
                __state: &__S,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<(), ::axum_protected::check::CheckRejection>,
            > + ::core::marker::Send {
                #[allow(unused_imports, reason = "used only if the check takes no constants")]
                use ::axum_protected::__private::NoConstants as _;
                <perms::can as ::axum_protected::check::ConstantCheck<
                    __S,
                >>::check(
                    <perms::can>::__constants((
                        const { Permission::ItemsRead },
                        const { limit(3) },
                    )),
                    __parts,
                    __state,
                )
            }
        }
    "##]].assert_eq(&pretty(&file.into_token_stream()));
}

#[test]
fn the_name_does_not_depend_on_white_space() {
    for (source, text) in [
        ("A", "A"),
        (" crate :: perms ::A , B ,", "crate::perms::A, B"),
        ("& A, &&A, & &A", "&A, & &A, & &A"),
        ("-1, - 1, A-1, A - -1, A|-1", "-1, -1, A-1, A--1, A|-1"),
        ("A && B, A&&B, A & B, A & & B", "A&&B, A&&B, A&B, A& &B"),
        ("[1,2] , ( A,B ), (A ,)", "[1, 2], (A, B), (A,)"),
        ("\"a  b\", 'c', b\"d\", 1_000u64", "\"a  b\", 'c', b\"d\", 1_000u64"),
        ("f :: < u8 , 2 > ( 1 ), A as u8", "f::<u8, 2>(1), A as u8"),
        ("P { a : 1 , .. P :: DEFAULT }", "P{a:1, ..P::DEFAULT}"),
        ("Some ( A ) . unwrap ( ), concat ! ( \"a\" )", "Some(A).unwrap(), concat!(\"a\")"),
    ] {
        let list: TokenStream = source.parse().unwrap();
        assert_eq!(name(quote!(check = a::can(#list))), format!("a::can({text})"), "{source}");
    }
}

#[test]
fn tables_can_show_the_constants() {
    for (character, escaped) in
        [("\n", "\\n"), ("\u{202e}", "\\u{202e}"), ("\u{2028}", "\\u{2028}")]
    {
        let source = format!("check = can((1, \"a{character}b\"))");
        let message = format!(
            "tables and logs show these constants, which cannot contain `{escaped}`: give the value a name with `const`"
        );
        assert_eq!(messages::protected(&source), [message], "{source:?}");
    }
    assert_eq!(messages::protected(r#"check = can("a\u{202e}\nb")"#), <[&str; 0]>::default());
}

#[test]
fn equal_constants_are_one_check() {
    let count =
        |args: TokenStream| protected(args).to_string().matches("enum __check_list").count();
    for (args, checks) in [
        (quote!(any(all(role = "a", check = can(A)), all(role = "b", check = can(A)))), 1),
        (quote!(any(check = can(A), check = can(B))), 2),
        (quote!(any(check = can(A), check = may(A))), 2),
        (quote!(any(check = can(a & &b), check = can(a && b))), 2),
        (quote!(any(check = can("a"), check = can(r"a"))), 2),
        (quote!(any(check = can(::a::A), check = can(::a::A))), 2),
        (quote!(any(check = can((B, ::a::A)), check = can((B, ::a::A)))), 2),
        (quote!(any(check = can(&::a::A), check = can(&::a::A))), 2),
        (quote!(any(check = can(f::<::A>()), check = can(f::<::A>()))), 2),
        (quote!(any(check = can(A > ::B), check = can(A > ::B))), 2),
        (quote!(any(check = can(a::<B>(C)), check = can(a::<B>(C)))), 1),
    ] {
        assert_eq!(count(args.clone()), checks, "{args}");
    }
}

#[test]
fn a_substituted_constant_stays_one_expression() {
    let group = |source: &str| Group::new(Delimiter::None, source.parse().unwrap());
    let (whole, part) = (group("A || B"), group("A || B"));
    assert_eq!(name(quote!(check = can(#whole))), "can(A||B)");
    assert_eq!(name(quote!(check = can(!#part, (1, !#part)))), "can(!(A||B), (1, !(A||B)))");
    let expanded = protected(quote!(check = can(!#part))).to_string();
    assert!(expanded.contains("const { ! (A || B) }"), "{expanded}");
}
