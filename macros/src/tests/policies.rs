//! Tests of the expansions of policies, checks and scopes.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::File;

use super::assertions::is_assertion;
use super::expansion::pretty;
use crate::args::{self, Args};
use crate::errors::Errors;
use crate::requirement::Statement;

/// Compares the expansion without its compile-time assertions with the expected text.
pub(super) fn protected(args: TokenStream, item: TokenStream, expected: &Expect) {
    let mut file: File = syn::parse2(crate::entry_points::on_protected(args, item, None)).unwrap();
    file.items.retain(|item| !is_assertion(item));
    expected.assert_eq(&pretty(&file.into_token_stream()));
}

fn check(args: TokenStream, item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_check(args, item)));
}

fn policy(item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_policy(item)));
}

fn scopes(item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_scopes(item)));
}

/// Compares only the requirement in the expansion with the expected text.
pub(super) fn requirement(args: TokenStream, expected: &Expect) {
    let mut errors = Errors::default();
    let Args { runtime, value, .. } = args::protected(args, None, &mut errors);
    let Statement { requirement, .. } = errors.finish(Some(value)).unwrap();
    let expression = requirement.expression(&runtime);
    expected.assert_eq(&pretty(&quote!(const REQUIREMENT: Requirement = #expression;)));
}

#[test]
fn string_demands_of_a_token() {
    protected(
        quote!(
            scope = Scope::ItemsWrite,
            role = "auditor",
            client = "web",
            issuer = "acme",
            acr = "urn:mace:incommon:iap:silver",
            max_age = "1h 5m",
        ),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: ::axum_protected::Authorized<__protected_list>) {}
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __protected_list {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_list_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_list {
                type Checks = ();
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_list_future);
                    ::axum_protected::__private::not_documented_above::<__path_list>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        ::axum_protected::policy::Requirement::All(
                            &[
                                ::axum_protected::policy::Requirement::One({
                                    #[allow(
                                        unused_imports,
                                        reason = "used only if the type declares no values"
                                    )]
                                    use ::axum_protected::__private::Undeclared as _;
                                    ::axum_protected::__private::declared_scope(&Scope::ItemsWrite)
                                        .__scope_demand()
                                }),
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Role("auditor"),
                                ),
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Client("web"),
                                ),
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Issuer("acme"),
                                ),
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Acr(
                                        "urn:mace:incommon:iap:silver",
                                    ),
                                ),
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::MaxAge(3900),
                                ),
                            ],
                        ),
                    )
                };
            }
        "#]],
    );
}

#[test]
fn claims_of_each_type() {
    requirement(
        quote!(all(
            claim("realm.path" = "x"),
            claim(["https://x.y/z", "a.b"] = -3),
            claim("urn:x.y" = true)
        )),
        &expect![[r#"
            const REQUIREMENT: Requirement = ::axum_protected::policy::Requirement::All(
                &[
                    ::axum_protected::policy::Requirement::One(
                        ::axum_protected::policy::Demand::Claim(
                            &["realm", "path"],
                            ::axum_protected::policy::ClaimValue::Text("x"),
                        ),
                    ),
                    ::axum_protected::policy::Requirement::One(
                        ::axum_protected::policy::Demand::Claim(
                            &["https://x.y/z", "a.b"],
                            ::axum_protected::policy::ClaimValue::Integer(-3),
                        ),
                    ),
                    ::axum_protected::policy::Requirement::One(
                        ::axum_protected::policy::Demand::Claim(
                            &["urn:x.y"],
                            ::axum_protected::policy::ClaimValue::Bool(true),
                        ),
                    ),
                ],
            );
        "#]],
    );
}

#[test]
fn a_check_by_its_name() {
    protected(
        quote!(any(role = "a", check = orders::owns_order)),
        quote!(
            #[cfg(unix)]
            pub(crate) async fn r#type() {}
        ),
        &expect![[r##"
            #[cfg(unix)]
            pub(crate) async fn r#type(_: ::axum_protected::Authorized<__protected_type>) {}
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            pub(crate) enum __protected_type {}
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_type_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_type = ::axum_protected::__private::Undocumented;
            #[cfg(unix)]
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_type {
                type Checks = (__check_type_0,);
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_type_future);
                    ::axum_protected::__private::not_documented_above::<__path_type>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::type"),
                        ::axum_protected::policy::Requirement::Any(
                            &[
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Role("a"),
                                ),
                                ::axum_protected::__private::check(0, "orders::owns_order"),
                            ],
                        ),
                    )
                };
            }
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            pub(crate) enum __check_type_0 {}
            #[cfg(unix)]
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for __check_type_0
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                orders::owns_order: ::axum_protected::check::Check<__S>,
            {
                const NAME: &'static ::core::primitive::str = <orders::owns_order as ::axum_protected::check::Check<
                    __S,
                >>::NAME;
                fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> impl ::core::future::Future<
                    Output = ::core::result::Result<(), ::axum_protected::check::CheckRejection>,
                > + ::core::marker::Send {
                    <orders::owns_order as ::axum_protected::check::Check<
                        __S,
                    >>::check(__parts, __state)
                }
            }
        "##]],
    );
}

#[test]
fn an_inline_check() {
    protected(
        quote!(check = |Path(id): Path<u64>, _: A<B, C>| async move { id == 7 }),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: ::axum_protected::Authorized<__protected_list>) {}
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __protected_list {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_list_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_list {
                type Checks = (__check_list_0,);
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_list_future);
                    ::axum_protected::__private::not_documented_above::<__path_list>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        ::axum_protected::__private::check(0, "inline check"),
                    )
                };
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum __check_list_0 {}
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for __check_list_0
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                Path<u64>: ::axum_protected::__private::FromRequestParts<__S>,
                A<B, C>: ::axum_protected::__private::FromRequestParts<__S>,
            {
                const NAME: &'static ::core::primitive::str = "inline check";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __0 = ::axum_protected::__private::extract::<
                        Path<u64>,
                        __S,
                    >(__parts, __state)
                        .await?;
                    let __1 = ::axum_protected::__private::extract::<A<B, C>, __S>(__parts, __state)
                        .await?;
                    let __check = |Path(id): Path<u64>, _: A<B, C>| async move { id == 7 };
                    ::axum_protected::check::CheckOutcome::into_result(__check(__0, __1).await)
                }
            }
        "#]],
    );
}

#[test]
fn the_same_policy_runs_once() {
    protected(
        quote!(any(
            all(role = "a", policy = CanWriteItems),
            all(role = "b", policy = CanWriteItems),
        )),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: ::axum_protected::Authorized<__protected_list>) {}
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __protected_list {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_list_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_list {
                type Checks = (__check_list_0,);
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_list_future);
                    ::axum_protected::__private::not_documented_above::<__path_list>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        ::axum_protected::policy::Requirement::Any(
                            &[
                                ::axum_protected::policy::Requirement::All(
                                    &[
                                        ::axum_protected::policy::Requirement::One(
                                            ::axum_protected::policy::Demand::Role("a"),
                                        ),
                                        ::axum_protected::__private::policy(
                                            0,
                                            &<CanWriteItems as ::axum_protected::Policy>::OPERATION,
                                        ),
                                    ],
                                ),
                                ::axum_protected::policy::Requirement::All(
                                    &[
                                        ::axum_protected::policy::Requirement::One(
                                            ::axum_protected::policy::Demand::Role("b"),
                                        ),
                                        ::axum_protected::__private::policy(
                                            0,
                                            &<CanWriteItems as ::axum_protected::Policy>::OPERATION,
                                        ),
                                    ],
                                ),
                            ],
                        ),
                    )
                };
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum __check_list_0 {}
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for __check_list_0
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                ::axum_protected::__private::Named<
                    CanWriteItems,
                >: ::axum_protected::check::Check<__S>,
            {
                const NAME: &'static ::core::primitive::str = <::axum_protected::__private::Named<
                    CanWriteItems,
                > as ::axum_protected::check::Check<__S>>::NAME;
                fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> impl ::core::future::Future<
                    Output = ::core::result::Result<(), ::axum_protected::check::CheckRejection>,
                > + ::core::marker::Send {
                    <::axum_protected::__private::Named<
                        CanWriteItems,
                    > as ::axum_protected::check::Check<__S>>::check(__parts, __state)
                }
            }
        "#]],
    );
}

/// In a macro of edition 2015 a path with a leading `::` names an item of this crate.
#[test]
fn equal_paths_with_leading_colons_may_differ() {
    requirement(
        quote!(any(
            all(role = "a", check = ::orders::owns),
            all(role = "b", check = ::orders::owns),
        )),
        &expect![[r#"
            const REQUIREMENT: Requirement = ::axum_protected::policy::Requirement::Any(
                &[
                    ::axum_protected::policy::Requirement::All(
                        &[
                            ::axum_protected::policy::Requirement::One(
                                ::axum_protected::policy::Demand::Role("a"),
                            ),
                            ::axum_protected::__private::check(0, "::orders::owns"),
                        ],
                    ),
                    ::axum_protected::policy::Requirement::All(
                        &[
                            ::axum_protected::policy::Requirement::One(
                                ::axum_protected::policy::Demand::Role("b"),
                            ),
                            ::axum_protected::__private::check(1, "::orders::owns"),
                        ],
                    ),
                ],
            );
        "#]],
    );
}

#[test]
fn a_check_of_three_arguments() {
    check(
        quote!(),
        quote!(
            /// Checks the owner.
            #[cfg(unix)]
            #[instrument]
            pub(crate) async fn owns_order(
                Path(id): Path<u64>,
                mut state: State<Orders>,
                _: AccessToken,
            ) -> Result<(), Denied> {
                let x = { y };
            }
        ),
        &expect![[r#"
            /// Checks the owner.
            #[cfg(unix)]
            #[instrument]
            pub(crate) async fn owns_order(
                Path(id): Path<u64>,
                mut state: State<Orders>,
                _: AccessToken,
            ) -> Result<(), Denied> {
                let x = { y };
            }
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            pub(crate) enum owns_order {}
            #[cfg(unix)]
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for owns_order
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                Path<u64>: ::axum_protected::__private::FromRequestParts<__S>,
                State<Orders>: ::axum_protected::__private::FromRequestParts<__S>,
                AccessToken: ::axum_protected::__private::FromRequestParts<__S>,
            {
                const NAME: &'static ::core::primitive::str = "owns_order";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __0 = ::axum_protected::__private::extract::<
                        Path<u64>,
                        __S,
                    >(__parts, __state)
                        .await?;
                    let __1 = ::axum_protected::__private::extract::<
                        State<Orders>,
                        __S,
                    >(__parts, __state)
                        .await?;
                    let __2 = ::axum_protected::__private::extract::<
                        AccessToken,
                        __S,
                    >(__parts, __state)
                        .await?;
                    let __check = owns_order;
                    ::axum_protected::check::CheckOutcome::into_result(__check(__0, __1, __2).await)
                }
            }
        "#]],
    );
}

#[test]
fn a_check_without_arguments_under_another_path() {
    check(
        quote!(crate = crate::auth),
        quote!(
            async fn r#type() -> bool {
                true
            }
        ),
        &expect![[r#"
            async fn r#type() -> bool {
                true
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            enum r#type {}
            #[automatically_derived]
            impl<__S> crate::auth::check::Check<__S> for r#type
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
            {
                const NAME: &'static ::core::primitive::str = "type";
                async fn check(
                    __parts: &mut crate::auth::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), crate::auth::check::CheckRejection> {
                    let __check = r#type;
                    crate::auth::check::CheckOutcome::into_result(__check().await)
                }
            }
        "#]],
    );
}

#[test]
fn an_invalid_check_stays_unchanged() {
    check(
        quote!(scope = "a"),
        quote!(
            #[inline]
            #[check]
            fn owns(&self) {}
        ),
        &expect![[r##"
            #[inline]
            fn owns(&self) {}
            ::core::compile_error! {
                "unknown key `scope`: write one of `state`, `crate`"
            }
            ::core::compile_error! {
                "`#[check]` goes on a free function: move it out of the `impl` and take the state with an extractor"
            }
            ::core::compile_error! {
                "`#[check]` is on this function twice: remove one"
            }
            ::core::compile_error! {
                "a check must be `async`: write `async fn owns`"
            }
            ::core::compile_error! {
                "a check must return its decision: return `bool` or `Result<(), Denied>`"
            }
        "##]],
    );
}

#[test]
fn a_named_policy() {
    policy(
        quote!(
            #[derive(Debug)]
            #[policy(scope = "items:write", check = async || true, crate = ::auth)]
            pub struct CanWriteItems;
        ),
        &expect![[r##"
            #[automatically_derived]
            impl ::auth::Policy for CanWriteItems {
                type Checks = (__check_CanWriteItems_0,);
                const OPERATION: ::auth::policy::Operation = ::auth::policy::Operation::new(
                    ::core::concat!(::core::module_path!(), "::CanWriteItems"),
                    ::auth::policy::Requirement::All(
                        &[
                            ::auth::policy::Requirement::One(
                                ::auth::policy::Demand::Scope("items:write"),
                            ),
                            ::auth::__private::check(0, "inline check"),
                        ],
                    ),
                );
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            pub enum __check_CanWriteItems_0 {}
            #[automatically_derived]
            impl<__S> ::auth::check::Check<__S> for __check_CanWriteItems_0
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
            {
                const NAME: &'static ::core::primitive::str = "inline check";
                async fn check(
                    __parts: &mut ::auth::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::auth::check::CheckRejection> {
                    let __check = async || true;
                    ::auth::check::CheckOutcome::into_result(__check().await)
                }
            }
        "##]],
    );
}

#[test]
fn an_invalid_policy_refuses_every_token() {
    policy(
        quote!(
            #[policy(scpoe = "a", check = owns, crate = ::auth)]
            struct CanWriteItems;
        ),
        &expect![[r##"
            #[automatically_derived]
            impl ::auth::Policy for CanWriteItems {
                type Checks = ();
                const OPERATION: ::auth::policy::Operation = ::auth::policy::Operation::new(
                    ::core::concat!(::core::module_path!(), "::CanWriteItems"),
                    ::auth::policy::Requirement::Any(&[]),
                );
            }
            ::core::compile_error! {
                "unknown key `scpoe`: did you mean `scope`?"
            }
        "##]],
    );
}

#[test]
fn invalid_scopes_have_no_implications() {
    scopes(
        quote!(
            #[scopes(crate = ::auth)]
            enum Scope {
                #[scope("a", implies = [B])]
                A(u8),
                B,
            }
        ),
        &expect![[r##"
            #[automatically_derived]
            impl Scope {
                #[doc(hidden)]
                const fn __entry(&self) -> ::auth::policy::ScopeEntry {
                    match *self {
                        Self::A { .. } => ::auth::policy::ScopeEntry::new("A", "", &[]),
                        Self::B { .. } => ::auth::policy::ScopeEntry::new("B", "", &[]),
                    }
                }
                #[doc(hidden)]
                const fn __scope_demand(&self) -> ::auth::policy::Demand {
                    ::auth::policy::Demand::Declared(self.__entry())
                }
            }
            #[automatically_derived]
            impl ::auth::__private::ScopeValue for Scope {}
            #[automatically_derived]
            impl ::auth::Scopes for Scope {
                const ALL: &'static [::auth::policy::ScopeEntry] = &[];
                fn entry(&self) -> ::auth::policy::ScopeEntry {
                    self.__entry()
                }
            }
            ::core::compile_error! {
                "a scope cannot have fields: write `A` alone"
            }
            ::core::compile_error! {
                "variant `B` has no scope: write `#[scope(\"items:read\")]` above it"
            }
        "##]],
    );
}

#[test]
fn an_invalid_check_refuses_every_request() {
    check(
        quote!(),
        quote!(
            #[cfg(unix)]
            pub fn owns(Path(id): Path<u64>) -> bool {
                true
            }
        ),
        &expect![[r##"
            #[cfg(unix)]
            pub fn owns(Path(id): Path<u64>) -> bool {
                true
            }
            #[cfg(unix)]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the check and is never constructed"
            )]
            pub enum owns {}
            #[cfg(unix)]
            #[automatically_derived]
            impl<__S> ::axum_protected::check::Check<__S> for owns
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
            {
                const NAME: &'static ::core::primitive::str = "owns";
                async fn check(
                    __parts: &mut ::axum_protected::__private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<(), ::axum_protected::check::CheckRejection> {
                    let __check = async || false;
                    ::axum_protected::check::CheckOutcome::into_result(__check().await)
                }
            }
            ::core::compile_error! {
                "a check must be `async`: write `async fn owns`"
            }
        "##]],
    );
}

#[test]
fn scopes_of_an_enum() {
    scopes(
        quote!(
            #[derive(Debug)]
            pub enum Scope {
                /// See items.
                ///  All of them.
                ///
                /// With prices.
                #[scope("items:read")]
                ItemsRead,
                #[scope("items:write", implies = [ItemsRead])]
                ItemsWrite,
                /// Everything
                #[scope("items:admin", implies = [ItemsWrite],)]
                Admin,
            }
        ),
        &expect![[r##"
            #[automatically_derived]
            impl Scope {
                #[doc(hidden)]
                pub const fn __entry(&self) -> ::axum_protected::policy::ScopeEntry {
                    match self {
                        Self::ItemsRead => {
                            ::axum_protected::policy::ScopeEntry::new(
                                "items:read",
                                "See items. All of them.\n\nWith prices.",
                                &["items:write", "items:admin"],
                            )
                        }
                        Self::ItemsWrite => {
                            ::axum_protected::policy::ScopeEntry::new(
                                "items:write",
                                "",
                                &["items:admin"],
                            )
                        }
                        Self::Admin => {
                            ::axum_protected::policy::ScopeEntry::new(
                                "items:admin",
                                "Everything",
                                &[],
                            )
                        }
                    }
                }
                #[doc(hidden)]
                pub const fn __scope_demand(&self) -> ::axum_protected::policy::Demand {
                    ::axum_protected::policy::Demand::Declared(self.__entry())
                }
            }
            #[automatically_derived]
            impl ::axum_protected::__private::ScopeValue for Scope {}
            #[automatically_derived]
            impl ::axum_protected::Scopes for Scope {
                const ALL: &'static [::axum_protected::policy::ScopeEntry] = &[
                    Self::ItemsRead.__entry(),
                    Self::ItemsWrite.__entry(),
                    Self::Admin.__entry(),
                ];
                fn entry(&self) -> ::axum_protected::policy::ScopeEntry {
                    self.__entry()
                }
            }
        "##]],
    );
}

#[test]
fn scopes_under_another_path() {
    scopes(
        quote!(
            #[scopes(crate = crate::auth)]
            enum Scope {
                #[doc = "One"]
                #[scope("one")]
                One,
            }
        ),
        &expect![[r##"
            #[automatically_derived]
            impl Scope {
                #[doc(hidden)]
                const fn __entry(&self) -> crate::auth::policy::ScopeEntry {
                    match self {
                        Self::One => crate::auth::policy::ScopeEntry::new("one", "One", &[]),
                    }
                }
                #[doc(hidden)]
                const fn __scope_demand(&self) -> crate::auth::policy::Demand {
                    crate::auth::policy::Demand::Declared(self.__entry())
                }
            }
            #[automatically_derived]
            impl crate::auth::__private::ScopeValue for Scope {}
            #[automatically_derived]
            impl crate::auth::Scopes for Scope {
                const ALL: &'static [crate::auth::policy::ScopeEntry] = &[Self::One.__entry()];
                fn entry(&self) -> crate::auth::policy::ScopeEntry {
                    self.__entry()
                }
            }
        "##]],
    );
}
