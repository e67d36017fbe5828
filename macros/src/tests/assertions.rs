//! Tests of the compile-time assertions that attributes generate.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{File, Item};

use super::expansion::pretty;

/// Returns true if an item is a compile-time assertion.
pub(super) fn is_assertion(item: &Item) -> bool {
    matches!(item, Item::Const(item) if item.ident == "_")
}

/// Compares the assertions about the relations of requirements with the expected text.
fn assertions(args: TokenStream, expected: &Expect) {
    compare(args, |call| !call.contains("takes_no_constants"), expected);
}

/// Compares the assertions that call the function with this name with the expected text.
fn assertions_of(function: &str, args: TokenStream, expected: &Expect) {
    compare(args, |call| call.contains(function), expected);
}

fn compare(args: TokenStream, is_compared: impl Fn(&str) -> bool, expected: &Expect) {
    let item = quote!(
        #[cfg(unix)]
        async fn store() {}
    );
    let expanded = crate::entry_points::on_protected(args, item, None);
    let mut file: File = syn::parse2(expanded).unwrap();
    file.items
        .retain(|item| is_assertion(item) && is_compared(&item.to_token_stream().to_string()));
    expected.assert_eq(&pretty(&file.into_token_stream()));
}

#[test]
fn each_requirement_that_another_may_make_redundant() {
    assertions(
        quote!(all(scope = Scope::Read, scope = "x", role = "r"), crate = ::auth),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Connective::All,
                &::auth::policy::Requirement::One({
                    #[allow(unused_imports, reason = "used only if the type declares no values")]
                    use ::auth::__private::Undeclared as _;
                    ::auth::__private::declared_scope(&Scope::Read).__scope_demand()
                }),
                &[],
                &[
                    (
                        &::auth::policy::Requirement::One(::auth::policy::Demand::Scope("x")),
                        "`scope = Scope::Read` is redundant, as `scope = \"x\"` already requires it: remove it",
                    ),
                ],
            );
            #[cfg(unix)]
            const _: () = ::auth::__private::needed(
                ::auth::__private::Connective::All,
                &::auth::policy::Requirement::One(::auth::policy::Demand::Scope("x")),
                &[
                    (
                        &::auth::policy::Requirement::One({
                            #[allow(
                                unused_imports,
                                reason = "used only if the type declares no values"
                            )]
                            use ::auth::__private::Undeclared as _;
                            ::auth::__private::declared_scope(&Scope::Read).__scope_demand()
                        }),
                        "`scope = \"x\"` is redundant, as `scope = Scope::Read` already requires it: remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn requirements_that_a_policy_may_imply() {
    assertions(
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
                        "`role = \"r\"` is redundant, as `policy = CanWrite` already suffices: remove it",
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
                        "`policy = CanWrite` is redundant, as `role = \"r\"` already suffices: remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn requirements_that_a_policy_may_exclude() {
    assertions_of(
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
                        "`policy = Web` cannot hold together with `client = \"c\"`: remove it",
                    ),
                ],
            );
        "##]],
    );
}

#[test]
fn unrelated_requirements_need_no_assertion() {
    for args in [
        quote!(scope = Scope::Read),
        quote!(policy = CanWrite),
        quote!(scope = Scope::Read, role = "r", check = owns),
        quote!(check = owns, policy = CanWrite),
        quote!(client = "c", any(issuer = "i", acr = "a")),
    ] {
        assertions(args, &expect![[""]]);
    }
}

#[test]
fn the_same_key_twice() {
    assertions(
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
                        "`role = \"a\"` is redundant, as `role = \"b\"` already requires it: remove it",
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
                        "`role = \"b\"` is redundant, as `role = \"a\"` already requires it: remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn the_same_single_key_twice() {
    assertions(
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
                        "`acr = \"a\"` is redundant, as `acr = \"b\"` already requires it: remove it",
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
                        "`acr = \"b\"` is redundant, as `acr = \"a\"` already requires it: remove it",
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
fn code_is_compared_by_its_number() {
    assertions(
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
                        "`check = owns` is redundant, as `any(check = owns, check = |...| ...)` already requires it: remove it",
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
                        "`any(check = owns, check = |...| ...)` is redundant, as `check = owns` already requires it: remove it",
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
                        "`check = owns` is redundant, as `check = |...| ...` already suffices: remove it",
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
                        "`check = |...| ...` is redundant, as `check = owns` already suffices: remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

/// Two requirements with the same key are not compared with each other. The assertions compare all
/// other requirements, so that one build shows every mistake.
#[test]
fn requirements_next_to_another_mistake() {
    assertions(
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
                        "`role = \"r\"` is redundant, as it is already stated before: remove it",
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
                        "`role = \"r\"` is redundant, as it is already stated before: remove it",
                    ),
                ],
                &[],
            );
        "##]],
    );
}

#[test]
fn a_check_by_its_name_takes_no_constants() {
    assertions_of(
        "takes_no_constants",
        quote!(all(check = orders::owns, check = can(A), check = || true)),
        &expect![[r##"
            #[cfg(unix)]
            const _: () = {
                #[allow(unused_imports, reason = "used only if the check takes no constants")]
                use ::axum_protected::__private::NoConstants as _;
                ::axum_protected::__private::takes_no_constants(<orders::owns>::__MISSING_CONSTANTS)
            };
        "##]],
    );
}
