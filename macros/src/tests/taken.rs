use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

fn shown(tokens: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let items = file.items.into_iter().map(|item| quote!(#item).to_string());
    items.collect()
}

/// What is said of a public handler with this argument.
fn public(argument: &str) -> String {
    let item = format!("async fn open({argument}) {{}}").parse().unwrap();
    let items = shown(crate::entry_points::on_public(quote!(reason = "x"), item));
    let mut told = items.iter().filter(|item| item.contains("compile_error"));
    told.next().cloned().unwrap_or_default()
}

/// What the compiler is asked of a protected handler with these arguments.
fn asked(arguments: &str, expected: &Expect) {
    let item = format!("#[cfg(a)] async fn list({arguments}) {{}}");
    let item = item.parse().unwrap();
    let items = crate::entry_points::on_protected(quote!(policy = Admin), item, None);
    let mut file: syn::File = syn::parse2(items).unwrap();
    file.items.retain(|item| matches!(item, syn::Item::Const(item) if item.ident == "_"));
    expected.assert_eq(&prettyplease::unparse(&file));
}

#[test]
fn a_public_handler_needs_no_token() {
    for (argument, instead) in [
        ("_: Authorized<Admin>", "write `#[protected(policy = Admin)]`"),
        ("_: a::Authorized<b::Admin>", "write `#[protected(policy = b::Admin)]`"),
        ("caller: AccessToken", "take `Option<AccessToken>`, or write `#[protected]`"),
        ("_: a::AccessToken", "take `Option<a::AccessToken>`, or write `#[protected]`"),
        ("Claims(me): Claims<Me>", "take `Option<Claims<Me>>`, or write `#[protected]`"),
    ] {
        let told = public(argument);
        let message = format!("`#[public]` lets in who has no token: {instead}");
        assert!(told.contains(&message), "{argument}: {told}");
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
        assert!(!public(argument).contains("lets in"), "{argument}");
    }
}

#[test]
fn that_a_token_may_be_read_is_said() {
    for (argument, is_said) in [
        ("_: Option<AccessToken>", true),
        ("_: u8, #[cfg(a)] _: ::std::option::Option<a::Claims<Me>>", true),
        ("_: Option<Claims>", false),
        ("_: Option<u8>", false),
        ("_: Vec<AccessToken>", false),
        ("", false),
    ] {
        let item = format!("async fn open({argument}) {{}}").parse().unwrap();
        let items = shown(crate::entry_points::on_public(quote!(reason = "x"), item)).join("\n");
        assert_eq!(items.contains("reading_token"), is_said, "{argument}");
    }
}

#[test]
fn arguments_that_read_the_token_are_seen() {
    for (argument, is_seen) in [
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
        let items = crate::entry_points::on_protected(quote!(), item, None);
        let items = shown(items).join("\n");
        assert_eq!(items.contains("reading_token"), is_seen, "{argument}");
    }
}

#[test]
fn whether_a_proof_is_demanded_is_asked() {
    asked(
        "_: u8, _: Authorized<Admin>, #[cfg(b)] #[other] _: a::Authorized<a::Admin>, _: Authorized",
        &expect![[r##"
            #[cfg(a)]
            const _: () = ::axum_protected::__private::proves(
                &<__protected_list as ::axum_protected::Policy>::OPERATION.requirement,
                &<Admin as ::axum_protected::Policy>::OPERATION,
                "the attribute does not demand what this proof is of: add `policy = Admin` to it",
            );
            #[cfg(a)]
            #[cfg(b)]
            const _: () = ::axum_protected::__private::proves(
                &<__protected_list as ::axum_protected::Policy>::OPERATION.requirement,
                &<a::Admin as ::axum_protected::Policy>::OPERATION,
                "the attribute does not demand what this proof is of: add `policy = a::Admin` to it",
            );
        "##]],
    );
    asked("_: AccessToken, _: Option<Authorized<Admin>>", &expect![[r#""#]]);
}

#[test]
fn no_attribute_demands_a_parameter() {
    let item = quote!(
        async fn list<P: Policy>(_: Authorized<P>) {}
    );
    let items = shown(crate::entry_points::on_protected(quote!(), item, None)).join("\n");
    assert!(items.contains("no attribute demands what a parameter stands for"), "{items}");
}
