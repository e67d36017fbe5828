//! What only the compiler knows is asked in constants.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{File, Item};

use super::expansion::pretty;

/// Whether an item is such a constant.
pub(super) fn is_question(item: &Item) -> bool {
    matches!(item, Item::Const(item) if item.ident == "_")
}

fn asked(args: TokenStream, expected: &Expect) {
    asked_by("", args, expected);
}

/// What is asked by the function of this name.
fn asked_by(function: &str, args: TokenStream, expected: &Expect) {
    let item = quote!(
        #[cfg(unix)]
        async fn store() {}
    );
    let expanded = crate::attributes::on_protected(args, item, None);
    let mut file: File = syn::parse2(expanded).unwrap();
    let is_by = |item: &Item| item.to_token_stream().to_string().contains(function);
    file.items.retain(|item| is_question(item) && is_by(item));
    expected.assert_eq(&pretty(&file.into_token_stream()));
}

#[test]
fn of_each_that_another_may_make_pointless() {
    asked(
        quote!(
            all(scope = Scope::Read, scope = "x", role = "r"),
            crate = ::auth
        ),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Joint::All,
                &::auth::Requirement::Declared({
                    #[allow(unused_imports, reason = "used where a type declares no scopes")]
                    use ::auth::__private::Undeclared as _;
                    ::auth::__private::declared(&Scope::Read).__entry()
                }),
                &[],
                &[
                    (
                        &::auth::Requirement::Scope("x"),
                        "`scope = Scope::Read` is redundant here: `scope = \"x\"` already demands it, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Joint::All,
                &::auth::Requirement::Scope("x"),
                &[
                    (
                        &::auth::Requirement::Declared({
                            #[allow(unused_imports, reason = "used where a type declares no scopes")]
                            use ::auth::__private::Undeclared as _;
                            ::auth::__private::declared(&Scope::Read).__entry()
                        }),
                        "`scope = \"x\"` is redundant here: `scope = Scope::Read` already demands it, remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn of_what_a_policy_may_demand() {
    asked(
        quote!(check = owns, any(role = "r", policy = CanWrite)),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Joint::Any,
                &::axum_protected::Requirement::Role("r"),
                &[],
                &[
                    (
                        &::axum_protected::Requirement::Named(
                            1,
                            &<CanWrite as ::axum_protected::Policy>::OPERATION,
                        ),
                        "`role = \"r\"` is redundant here: `policy = CanWrite` already suffices, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Joint::Any,
                &::axum_protected::Requirement::Named(
                    1,
                    &<CanWrite as ::axum_protected::Policy>::OPERATION,
                ),
                &[
                    (
                        &::axum_protected::Requirement::Role("r"),
                        "`policy = CanWrite` is redundant here: `role = \"r\"` already suffices, remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn of_what_a_policy_may_exclude() {
    asked_by(
        "possible",
        quote!(client = "c", any(role = "r", policy = Web)),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::Requirement::Client("c"),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::Requirement::Any(
                            &[
                                ::axum_protected::Requirement::Role("r"),
                                ::axum_protected::Requirement::Named(
                                    0,
                                    &<Web as ::axum_protected::Policy>::OPERATION,
                                ),
                            ],
                        ),
                        "`client = \"c\"` and `any(role = \"r\", policy = Web)` cannot both hold: remove one",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::Requirement::Any(
                    &[
                        ::axum_protected::Requirement::Role("r"),
                        ::axum_protected::Requirement::Named(
                            0,
                            &<Web as ::axum_protected::Policy>::OPERATION,
                        ),
                    ],
                ),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::Requirement::Client("c"),
                        "`any(role = \"r\", policy = Web)` and `client = \"c\"` cannot both hold: remove one",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::Requirement::Named(
                    0,
                    &<Web as ::axum_protected::Policy>::OPERATION,
                ),
                ::core::option::Option::Some(
                    &::axum_protected::Requirement::Any(
                        &[
                            ::axum_protected::Requirement::Role("r"),
                            ::axum_protected::Requirement::Named(
                                0,
                                &<Web as ::axum_protected::Policy>::OPERATION,
                            ),
                        ],
                    ),
                ),
                &[
                    (
                        &::axum_protected::Requirement::Client("c"),
                        "`policy = Web` cannot hold beside `client = \"c\"`: remove it",
                    ),
                ],
            );
        "##]],
    );
}

#[test]
fn of_nothing_that_the_attribute_knows() {
    for args in [
        quote!(scope = Scope::Read),
        quote!(policy = CanWrite),
        quote!(all(scope = "a", scope = "b"), any(role = "r", client = "c")),
        quote!(scope = Scope::Read, role = "r", check = owns),
        quote!(check = owns, policy = CanWrite),
        quote!(client = "c", any(issuer = "i", acr = "a")),
    ] {
        asked(args, &expect![[""]]);
    }
}
