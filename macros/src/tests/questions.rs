//! The questions that constants ask the compiler.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{File, Item};

use super::expansion::pretty;

/// Finds the constants that ask.
pub(super) fn is_question(item: &Item) -> bool {
    matches!(item, Item::Const(item) if item.ident == "_")
}

fn asked(args: TokenStream, expected: &Expect) {
    asked_by("", args, expected);
}

/// The questions of the function with this name.
fn asked_by(function: &str, args: TokenStream, expected: &Expect) {
    let item = quote!(
        #[cfg(unix)]
        async fn store() {}
    );
    let expanded = crate::entry_points::on_protected(args, item, None);
    let mut file: File = syn::parse2(expanded).unwrap();
    let is_by = |item: &Item| item.to_token_stream().to_string().contains(function);
    file.items.retain(|item| is_question(item) && is_by(item));
    expected.assert_eq(&pretty(&file.into_token_stream()));
}

#[test]
fn of_each_that_another_may_make_pointless() {
    asked(
        quote!(all(scope = Scope::Read, scope = "x", role = "r"), crate = ::auth),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Connective::All,
                &::auth::policy::Requirement::One(
                    ::auth::policy::Demand::Declared({
                        #[allow(unused_imports, reason = "used where a type declares no scopes")]
                        use ::auth::__private::Undeclared as _;
                        ::auth::__private::declared(&Scope::Read).__entry()
                    }),
                ),
                &[],
                &[
                    (
                        &::auth::policy::Requirement::One(::auth::policy::Demand::Scope("x")),
                        "`scope = Scope::Read` is redundant here: `scope = \"x\"` already demands it, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Connective::All,
                &::auth::policy::Requirement::One(::auth::policy::Demand::Scope("x")),
                &[
                    (
                        &::auth::policy::Requirement::One(
                            ::auth::policy::Demand::Declared({
                                #[allow(
                                    unused_imports,
                                    reason = "used where a type declares no scopes"
                                )]
                                use ::auth::__private::Undeclared as _;
                                ::auth::__private::declared(&Scope::Read).__entry()
                            }),
                        ),
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
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Role("r"),
                ),
                &[],
                &[
                    (
                        &::axum_protected::__private::policy(
                            1,
                            &<CanWrite as ::axum_protected::Policy>::OPERATION,
                        ),
                        "`role = \"r\"` is redundant here: `policy = CanWrite` already suffices, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::__private::policy(
                    1,
                    &<CanWrite as ::axum_protected::Policy>::OPERATION,
                ),
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("r"),
                        ),
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
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Client("c"),
                ),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::policy::Requirement::Any(
                            &[
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Role("r"),
                                ),
                                ::axum_protected::__private::policy(
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
                &::axum_protected::policy::Requirement::Any(
                    &[
                        ::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("r"),
                        ),
                        ::axum_protected::__private::policy(
                            0,
                            &<Web as ::axum_protected::Policy>::OPERATION,
                        ),
                    ],
                ),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Client("c"),
                        ),
                        "`any(role = \"r\", policy = Web)` and `client = \"c\"` cannot both hold: remove one",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::__private::policy(
                    0,
                    &<Web as ::axum_protected::Policy>::OPERATION,
                ),
                ::core::option::Option::Some(
                    &::axum_protected::policy::Requirement::Any(
                        &[
                            ::axum_protected::policy::Requirement::One(
                                ::axum_protected::policy::Demand::Role("r"),
                            ),
                            ::axum_protected::__private::policy(
                                0,
                                &<Web as ::axum_protected::Policy>::OPERATION,
                            ),
                        ],
                    ),
                ),
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Client("c"),
                        ),
                        "`policy = Web` cannot hold beside `client = \"c\"`: remove it",
                    ),
                ],
            );
        "##]],
    );
}

#[test]
fn of_nothing_that_no_other_can_be_about() {
    for args in [
        quote!(scope = Scope::Read),
        quote!(policy = CanWrite),
        quote!(scope = Scope::Read, role = "r", check = owns),
        quote!(check = owns, policy = CanWrite),
        quote!(client = "c", any(issuer = "i", acr = "a")),
    ] {
        asked(args, &expect![[""]]);
    }
}

#[test]
fn of_the_same_key_and_of_what_a_token_has_one_only() {
    asked(
        quote!(all(role = "a", role = "b")),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Role("a"),
                ),
                &[],
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("b"),
                        ),
                        "`role = \"a\"` is redundant here: `role = \"b\"` already demands it, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Role("b"),
                ),
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("a"),
                        ),
                        "`role = \"b\"` is redundant here: `role = \"a\"` already demands it, remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
    asked(
        quote!(all(acr = "a", acr = "b")),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Acr("a"),
                ),
                &[],
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Acr("b"),
                        ),
                        "`acr = \"a\"` is redundant here: `acr = \"b\"` already demands it, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Acr("b"),
                ),
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Acr("a"),
                        ),
                        "`acr = \"b\"` is redundant here: `acr = \"a\"` already demands it, remove it",
                    ),
                ],
                &[],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Acr("a"),
                ),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Acr("b"),
                        ),
                        "`acr = \"a\"` and `acr = \"b\"` cannot both hold: write `any(acr = \"a\", acr = \"b\")`",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::possible(
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Acr("b"),
                ),
                ::core::option::Option::None,
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Acr("a"),
                        ),
                        "`acr = \"b\"` and `acr = \"a\"` cannot both hold: write `any(acr = \"b\", acr = \"a\")`",
                    ),
                ],
            );
        "##]],
    );
}

#[test]
fn of_code_by_its_number() {
    asked(
        quote!(all(check = owns, any(check = owns, check = || true))),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::__private::check(0, "owns"),
                &[],
                &[
                    (
                        &::axum_protected::policy::Requirement::Any(
                            &[
                                ::axum_protected::__private::check(0, "owns"),
                                ::axum_protected::__private::check(1, "inline check"),
                            ],
                        ),
                        "`check = owns` is redundant here: `any(check = owns, check = |...| ...)` already demands it, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::All,
                &::axum_protected::policy::Requirement::Any(
                    &[
                        ::axum_protected::__private::check(0, "owns"),
                        ::axum_protected::__private::check(1, "inline check"),
                    ],
                ),
                &[
                    (
                        &::axum_protected::__private::check(0, "owns"),
                        "`any(check = owns, check = |...| ...)` is redundant here: `check = owns` already demands it, remove it",
                    ),
                ],
                &[],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::__private::check(0, "owns"),
                &[],
                &[
                    (
                        &::axum_protected::__private::check(1, "inline check"),
                        "`check = owns` is redundant here: `check = |...| ...` already suffices, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::__private::check(1, "inline check"),
                &[
                    (
                        &::axum_protected::__private::check(0, "owns"),
                        "`check = |...| ...` is redundant here: `check = owns` already suffices, remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

/// Of what is here twice nothing is asked beside the other; of the rest it is, so that one build
/// shows every mistake.
#[test]
fn of_what_stands_beside_another_mistake() {
    asked(
        quote!(scope = "a", scope = "a", any(role = "r", role = "r"), scop = "b"),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Role("r"),
                ),
                &[],
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("r"),
                        ),
                        "`role = \"r\"` is redundant here: the same before it already suffices, remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::axum_protected::__private::needed(
                ::axum_protected::__private::Connective::Any,
                &::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Role("r"),
                ),
                &[
                    (
                        &::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("r"),
                        ),
                        "`role = \"r\"` is redundant here: the same before it already suffices, remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}
