//! Tests of the extractors that read the token among the arguments of a handler.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the text of the items.
fn items(tokens: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(tokens).unwrap();
    file.items.into_iter().map(|item| quote!(#item).to_string()).collect()
}

/// Returns the first error message about a public handler with this argument.
fn public(argument: &str) -> String {
    let item = format!("async fn open({argument}) {{}}").parse().unwrap();
    let items = items(crate::entry_points::on_public(quote!(reason = "x"), item));
    items.into_iter().find(|item| item.contains("compile_error")).unwrap_or_default()
}

/// Compares the assertions about a protected handler with these arguments with the expected text.
fn assertions(arguments: &str, expected: &Expect) {
    let item = format!("#[cfg(a)] async fn list({arguments}) {{}}");
    let item = item.parse().unwrap();
    let items = crate::entry_points::on_protected(quote!(policy = Admin), item, None);
    let mut file: syn::File = syn::parse2(items).unwrap();
    file.items.retain(|item| matches!(item, syn::Item::Const(item) if item.ident == "_"));
    expected.assert_eq(&prettyplease::unparse(&file));
}

#[test]
fn a_public_handler_needs_no_token() {
    for (argument, fix) in [
        ("_: Authorized<Admin>", "write `#[protected(policy = Admin)]`"),
        ("_: a::Authorized<b::Admin>", "write `#[protected(policy = b::Admin)]`"),
        ("caller: AccessToken", "take `Option<AccessToken>`, or write `#[protected]`"),
        ("_: a::AccessToken", "take `Option<a::AccessToken>`, or write `#[protected]`"),
        ("Claims(me): Claims<Me>", "take `Option<Claims<Me>>`, or write `#[protected]`"),
    ] {
        let found = public(argument);
        let message = format!("a `#[public]` handler accepts requests without a token: {fix}");
        assert!(found.contains(&message), "{argument}: {found}");
    }
    for argument in [
        "_: Option<AccessToken>",
        "_: std::option::Option<a::Claims<Me>>",
        "_: Claims",
        "_: Json<AccessToken>",
        "_: Authorized",
        "_: Authorized<A, B>",
        "_: &'static AccessTokens",
        "",
    ] {
        assert!(!public(argument).contains("without a token"), "{argument}");
    }
}

#[test]
fn a_public_operation_records_an_optional_token() {
    for (argument, is_recorded) in [
        ("_: Option<AccessToken>", true),
        ("_: u8, #[cfg(a)] _: ::std::option::Option<a::Claims<Me>>", true),
        ("_: Option<Claims>", false),
        ("_: Option<u8>", false),
        ("_: Vec<AccessToken>", false),
        ("", false),
    ] {
        let item = format!("async fn open({argument}) {{}}").parse().unwrap();
        let items = items(crate::entry_points::on_public(quote!(reason = "x"), item)).join("\n");
        assert_eq!(items.contains("reading_token"), is_recorded, "{argument}");
    }
}

#[test]
fn a_protected_operation_records_arguments_that_read_the_token() {
    for (argument, is_recorded) in [
        ("caller: AccessToken", true),
        ("Claims(me): axum_protected::Claims<Me>", true),
        ("_: Authorized<Admin>", true),
        ("_: Option<AccessToken>", true),
        ("_: Option<a::Claims<Me>>", true),
        ("_: u8, #[cfg(a)] _: AccessToken", true),
        ("_: Claims", false),
        ("_: Alias", false),
        ("_: Json<AccessToken>", false),
        ("", false),
    ] {
        let item = format!("async fn list({argument}) {{}}").parse().unwrap();
        let items = items(crate::entry_points::on_protected(quote!(), item, None)).join("\n");
        assert_eq!(items.contains("reading_token"), is_recorded, "{argument}");
    }
}

#[test]
fn a_protected_operation_counts_the_proofs_that_are_certainly_there() {
    for (arguments, expected) in [
        ("_: Authorized<A>", "taking_proofs (1usize)"),
        ("_: AccessToken, _: Authorized<A>, _: a::Authorized<a::B>", "taking_proofs (2usize)"),
        ("_: Authorized<A>, #[cfg(a)] _: Authorized<B>", "taking_proofs (1usize)"),
        ("#[cfg(a)] _: Authorized<A>", ""),
        ("_: AccessToken, _: Json<Authorized<A>>", ""),
    ] {
        let item = format!("async fn list({arguments}) {{}}").parse().unwrap();
        let items = items(crate::entry_points::on_protected(quote!(), item, None)).join("\n");
        assert!(items.contains(expected), "{arguments}: {items}");
        assert_eq!(items.contains("taking_proofs"), !expected.is_empty(), "{arguments}");
    }
}

#[test]
fn each_proof_must_be_required() {
    assertions(
        "_: u8, _: Authorized<Admin>, #[cfg(b)] #[other] _: a::Authorized<a::Admin>, _: Authorized",
        &expect![[r##"
            #[cfg(a)]
            const _: () = ::axum_protected::__private::proves(
                &<__protected_list as ::axum_protected::Policy>::OPERATION.requirement,
                &<Admin as ::axum_protected::Policy>::OPERATION,
                "the attribute does not require this policy: add `policy = Admin` to it",
            );
            #[cfg(a)]
            #[cfg(b)]
            const _: () = ::axum_protected::__private::proves(
                &<__protected_list as ::axum_protected::Policy>::OPERATION.requirement,
                &<a::Admin as ::axum_protected::Policy>::OPERATION,
                "the attribute does not require this policy: add `policy = a::Admin` to it",
            );
        "##]],
    );
    assertions("_: AccessToken, _: Option<Authorized<Admin>>", &expect![[r#""#]]);
}

#[test]
fn a_proof_of_a_generic_policy_is_refused() {
    let item = quote!(
        async fn list<P: Policy>(_: Authorized<P>) {}
    );
    let items = items(crate::entry_points::on_protected(quote!(), item, None)).join("\n");
    assert!(items.contains("an attribute cannot require a generic policy"), "{items}");
}
