//! Tests of the expansions of handlers and of `#[derive(HasResourceServer)]`.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn pretty(tokens: &TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens.clone()).unwrap())
}

fn protected(args: TokenStream, item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_protected(args, item, None)));
}

fn public(args: TokenStream, item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_public(args, item)));
}

fn state(item: TokenStream, expected: &Expect) {
    expected.assert_eq(&pretty(&crate::entry_points::on_state(item)));
}

#[test]
fn bare() {
    protected(
        quote!(),
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
                        ::axum_protected::policy::Requirement::All(&[]),
                    )
                };
            }
        "#]],
    );
}

#[test]
fn one_scope() {
    protected(
        quote!(scope = "items:write"),
        quote! {
            pub async fn create(Json(item): Json<Item>) -> StatusCode { store(item).await }
        },
        &expect![[r#"
            pub async fn create(
                _: ::axum_protected::Authorized<__protected_create>,
                Json(item): Json<Item>,
            ) -> StatusCode {
                store(item).await
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            pub enum __protected_create {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_create_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_create = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_create {
                type Checks = ();
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_create_future);
                    ::axum_protected::__private::not_documented_above::<__path_create>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::create"),
                        ::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Scope("items:write"),
                        ),
                    )
                };
            }
        "#]],
    );
}

#[test]
fn nested() {
    super::policies::protected(
        quote!(scope = "a", any(scope = "b", all(scope = "c", scope = "d"),),),
        quote!(
            async fn nested() {}
        ),
        &expect![[r#"
            async fn nested(_: ::axum_protected::Authorized<__protected_nested>) {}
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __protected_nested {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_nested_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_nested = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_nested {
                type Checks = ();
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_nested_future);
                    ::axum_protected::__private::not_documented_above::<__path_nested>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::nested"),
                        ::axum_protected::policy::Requirement::All(
                            &[
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Scope("a"),
                                ),
                                ::axum_protected::policy::Requirement::Any(
                                    &[
                                        ::axum_protected::policy::Requirement::One(
                                            ::axum_protected::policy::Demand::Scope("b"),
                                        ),
                                        ::axum_protected::policy::Requirement::All(
                                            &[
                                                ::axum_protected::policy::Requirement::One(
                                                    ::axum_protected::policy::Demand::Scope("c"),
                                                ),
                                                ::axum_protected::policy::Requirement::One(
                                                    ::axum_protected::policy::Demand::Scope("d"),
                                                ),
                                            ],
                                        ),
                                    ],
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
fn everything_a_function_may_have() {
    protected(
        quote!(all(scope = "a")),
        quote! {
            /// Lists.
            #[cfg(feature = "list")]
            #[instrument(skip_all)]
            pub(crate) async fn list<'a, T: Clone, const N: usize>(
                #[cfg(unix)] mut peer: Peer,
                Query(Page { at, .. }): Query<Page<'a, N>>,
            ) -> Result<Json<T>, Error>
            where
                T: Serialize,
            {
                let x = { y };
            }
        },
        &expect![[r#"
            /// Lists.
            #[cfg(feature = "list")]
            #[instrument(skip_all)]
            pub(crate) async fn list<'a, T: Clone, const N: usize>(
                _: ::axum_protected::Authorized<__protected_list>,
                #[cfg(unix)]
                mut peer: Peer,
                Query(Page { at, .. }): Query<Page<'a, N>>,
            ) -> Result<Json<T>, Error>
            where
                T: Serialize,
            {
                let x = { y };
            }
            #[cfg(feature = "list")]
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            pub(crate) enum __protected_list {}
            #[cfg(feature = "list")]
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_list_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[cfg(feature = "list")]
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::axum_protected::__private::Undocumented;
            #[cfg(feature = "list")]
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
                                ::axum_protected::policy::Requirement::One(
                                    ::axum_protected::policy::Demand::Scope("a"),
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
fn an_attribute_that_may_be_debug_handler_disables_its_probe() {
    protected(
        quote!(),
        quote!(
            #[debug_handler]
            async fn list() {}
        ),
        &expect![[r##"
            #[debug_handler]
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
            type __path_list = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_list {
                type Checks = ();
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::not_documented_above::<__path_list>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        ::axum_protected::policy::Requirement::All(&[]),
                    )
                };
            }
        "##]],
    );
}

#[test]
fn raw_identifier() {
    protected(
        quote!(),
        quote!(
            fn r#type() -> impl Future<Output = ()> {
                ready(())
            }
        ),
        &expect![[r#"
            fn r#type(
                _: ::axum_protected::Authorized<__protected_type>,
            ) -> impl Future<Output = ()> {
                ready(())
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __protected_type {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_type_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_type = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::Policy for __protected_type {
                type Checks = ();
                const OPERATION: ::axum_protected::policy::Operation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_type_future);
                    ::axum_protected::__private::not_documented_above::<__path_type>();
                    ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::type"),
                        ::axum_protected::policy::Requirement::All(&[]),
                    )
                };
            }
        "#]],
    );
}

#[test]
fn another_path() {
    protected(
        quote!(scope = "a", crate = crate::auth),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: crate::auth::Authorized<__protected_list>) {}
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
            const __axum_macros_check_list_future: crate::auth::__private::Alone = crate::auth::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = crate::auth::__private::Undocumented;
            #[automatically_derived]
            impl crate::auth::Policy for __protected_list {
                type Checks = ();
                const OPERATION: crate::auth::policy::Operation = {
                    crate::auth::__private::nothing_above(&__axum_macros_check_list_future);
                    crate::auth::__private::not_documented_above::<__path_list>();
                    crate::auth::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        crate::auth::policy::Requirement::One(
                            crate::auth::policy::Demand::Scope("a"),
                        ),
                    )
                };
            }
        "#]],
    );
}

#[test]
fn a_public_handler() {
    public(
        quote!(reason = "liveness probe"),
        quote!(
            pub async fn health() -> &'static str {
                "ok"
            }
        ),
        &expect![[r#"
            pub async fn health(
                _: ::axum_protected::extract::Public<__public_health>,
            ) -> &'static str {
                "ok"
            }
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            pub enum __public_health {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_health_future: ::axum_protected::__private::Alone = ::axum_protected::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_health = ::axum_protected::__private::Undocumented;
            #[automatically_derived]
            impl ::axum_protected::policy::PublicAccess for __public_health {
                const OPERATION: ::axum_protected::policy::PublicOperation = {
                    ::axum_protected::__private::nothing_above(&__axum_macros_check_health_future);
                    ::axum_protected::__private::not_documented_above::<__path_health>();
                    ::axum_protected::policy::PublicOperation::new(
                        ::core::concat!(::core::module_path!(), "::health"),
                        "liveness probe",
                    )
                };
            }
        "#]],
    );
}

#[test]
fn an_invalid_function_stays_unchanged() {
    protected(
        quote!(scoop = "a"),
        quote!(
            #[doc = "x"]
            #[protected]
            #[inline]
            async fn list(&self) {
                body
            }
        ),
        &expect![[r#"
            ///x
            #[inline]
            async fn list(&self) {
                body
            }
            ::core::compile_error! {
                "unknown key `scoop`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `proof`, `details`, `check`, `policy`, `all`, `any`, `crate`, `page`"
            }
            ::core::compile_error! {
                "`#[protected]` goes on a free function: move it out of the `impl` and take the state with an extractor"
            }
            ::core::compile_error! {
                "`#[protected]` is on this function twice: combine both in one, as in `#[protected(all(...))]`"
            }
        "#]],
    );
}

#[test]
fn a_mistake_in_the_arguments_leaves_a_guard_that_refuses_every_token() {
    protected(
        quote!(scpoe = "a", check = owns, crate = ::auth),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: ::auth::Authorized<__protected_list>) {}
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
            const __axum_macros_check_list_future: ::auth::__private::Alone = ::auth::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::auth::__private::Undocumented;
            #[automatically_derived]
            impl ::auth::Policy for __protected_list {
                type Checks = ();
                const OPERATION: ::auth::policy::Operation = {
                    ::auth::__private::nothing_above(&__axum_macros_check_list_future);
                    ::auth::__private::not_documented_above::<__path_list>();
                    ::auth::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::list"),
                        ::auth::policy::Requirement::Any(&[]),
                    )
                };
            }
            ::core::compile_error! {
                "unknown key `scpoe`: did you mean `scope`?"
            }
        "#]],
    );
}

#[test]
fn a_mistake_in_the_reason_leaves_the_declaration() {
    public(
        quote!(reason = "", crate = ::auth),
        quote!(
            async fn list() {}
        ),
        &expect![[r#"
            async fn list(_: ::auth::extract::Public<__public_list>) {}
            #[doc(hidden)]
            #[allow(
                non_camel_case_types,
                clippy::exhaustive_enums,
                reason = "names the handler and is never constructed"
            )]
            enum __public_list {}
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            const __axum_macros_check_list_future: ::auth::__private::Alone = ::auth::__private::Alone;
            #[doc(hidden)]
            #[allow(
                non_upper_case_globals,
                non_camel_case_types,
                reason = "the name of an item that another attribute generates"
            )]
            type __path_list = ::auth::__private::Undocumented;
            #[automatically_derived]
            impl ::auth::policy::PublicAccess for __public_list {
                const OPERATION: ::auth::policy::PublicOperation = {
                    ::auth::__private::nothing_above(&__axum_macros_check_list_future);
                    ::auth::__private::not_documented_above::<__path_list>();
                    ::auth::policy::PublicOperation::new(
                        ::core::concat!(::core::module_path!(), "::list"),
                        "",
                    )
                };
            }
            ::core::compile_error! {
                "the reason is empty: state why this handler is public, as in `reason = \"liveness probe\"`"
            }
        "#]],
    );
}

#[test]
fn named_state() {
    state(
        quote!(
            struct AppState {
                server: axum_protected::ResourceServer,
                items: Items,
            }
        ),
        &expect![[r#"
            #[automatically_derived]
            impl ::axum_protected::HasResourceServer for AppState {
                fn resource_server(&self) -> &::axum_protected::ResourceServer {
                    <axum_protected::ResourceServer as ::axum_protected::HasResourceServer>::resource_server(
                        &self.server,
                    )
                }
            }
        "#]],
    );
}

#[test]
fn tuple_state() {
    state(
        quote!(
            struct AppState(Items, ResourceServer);
        ),
        &expect![[r#"
            #[automatically_derived]
            impl ::axum_protected::HasResourceServer for AppState {
                fn resource_server(&self) -> &::axum_protected::ResourceServer {
                    <ResourceServer as ::axum_protected::HasResourceServer>::resource_server(&self.1)
                }
            }
        "#]],
    );
}

#[test]
fn marked_and_generic_state() {
    state(
        quote! {
            #[has_resource_server(crate = ::facade::auth)]
            struct AppState<'a, S: Clone = ()> where S: Store {
                ours: ResourceServer,
                #[resource_server]
                theirs: Arc<Inner<'a, S>>,
            }
        },
        &expect![[r#"
            #[automatically_derived]
            impl<'a, S: Clone> ::facade::auth::HasResourceServer for AppState<'a, S>
            where
                S: Store,
            {
                fn resource_server(&self) -> &::facade::auth::ResourceServer {
                    <Arc<
                        Inner<'a, S>,
                    > as ::facade::auth::HasResourceServer>::resource_server(&self.theirs)
                }
            }
        "#]],
    );
}

/// Returns the constant of an expansion that declares the operation.
fn operation(expansion: &TokenStream) -> String {
    let text = pretty(expansion);
    let start = text.find("const OPERATION").unwrap();
    text.get(start..).unwrap().to_owned()
}

#[test]
fn a_page() {
    let item = quote!(
        async fn show(_: AccessToken) {}
    );
    let protected = crate::entry_points::on_protected(quote!(page, scope = "a"), item, None);
    expect![[r#"
        const OPERATION: ::axum_protected::policy::Operation = {
                ::axum_protected::__private::nothing_above(&__axum_macros_check_show_future);
                ::axum_protected::__private::not_documented_above::<__path_show>();
                ::axum_protected::policy::Operation::of_handler(
                        ::core::concat!(::core::module_path!(), "::show"),
                        ::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Scope("a"),
                        ),
                    )
                    .reading_token()
                    .page()
            };
        }
    "#]]
    .assert_eq(&operation(&protected));
    let item = quote!(
        async fn show(_: Option<AccessToken>) {}
    );
    let public = crate::entry_points::on_public(quote!(reason = "a", page), item);
    expect![[r#"
        const OPERATION: ::axum_protected::policy::PublicOperation = {
                ::axum_protected::__private::nothing_above(&__axum_macros_check_show_future);
                ::axum_protected::__private::not_documented_above::<__path_show>();
                ::axum_protected::policy::PublicOperation::new(
                        ::core::concat!(::core::module_path!(), "::show"),
                        "a",
                    )
                    .reading_token()
                    .page()
            };
        }
    "#]]
    .assert_eq(&operation(&public));
    let item = quote!(
        #[policy(role = "r", page)]
        struct ShowsPage;
    );
    expect![[r#"
        const OPERATION: ::axum_protected::policy::Operation = ::axum_protected::policy::Operation::new(
                    ::core::concat!(::core::module_path!(), "::ShowsPage"),
                    ::axum_protected::policy::Requirement::One(
                        ::axum_protected::policy::Demand::Role("r"),
                    ),
                )
                .page();
        }
    "#]].assert_eq(&operation(&crate::entry_points::on_policy(item)));
}
