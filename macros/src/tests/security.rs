//! Tests of a hand-written `security(...)` in `#[utoipa::path]`.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

/// Returns the first error message of `#[protected]`, and of `#[public]`, on a handler with this
/// `#[utoipa::path]`. The message is empty if `#[utoipa::path]` is valid, or if a compile-time
/// assertion reports the mistake later.
fn messages(utoipa_path: &str) -> [String; 2] {
    let item: TokenStream = format!("#[{utoipa_path}] async fn list() {{}}").parse().unwrap();
    let protected = crate::entry_points::on_protected(quote!(scope = "a"), item.clone(), None);
    let public = crate::entry_points::on_public(quote!(reason = "x"), item);
    [protected, public].map(message)
}

/// Returns the first error message in an expansion.
fn message(tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let mut messages = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) => item.mac.parse_body::<syn::LitStr>().ok(),
        _ => None,
    });
    messages.next().map(|message| message.value()).unwrap_or_default()
}

#[test]
fn hand_written_security() {
    const WITHOUT_TOKEN: &str = "this documents access without a token, which `#[protected]` refuses: remove `security(...)`, the attribute generates it";
    const ONE: &str = "an access token is a single security scheme: remove `security(...)`, the attribute generates it";
    const UNKNOWN: &str = "this cannot be compared with `#[protected]`: remove `security(...)`, the attribute generates it";
    const PUBLIC: &str = "a `#[public]` handler needs no token: remove `security(...)`";
    for (security, protected, public) in [
        ("", WITHOUT_TOKEN, ""),
        ("()", WITHOUT_TOKEN, ""),
        (r#"(), ("o" = ["a"])"#, WITHOUT_TOKEN, ""),
        (r#"("o" = ["a"])"#, "", PUBLIC),
        (r#"("o" = ["a"]), ("o" = ["b"])"#, "", PUBLIC),
        (r#"("o" = ["a"], "p" = [])"#, ONE, PUBLIC),
        (r#"("o" = [A])"#, UNKNOWN, PUBLIC),
        ("a", UNKNOWN, PUBLIC),
    ] {
        let found = messages(&format!("utoipa::path(get, security({security}))"));
        assert_eq!(found, [protected, public], "{security}");
    }
}

#[test]
fn a_renamed_utoipa_path_is_recognised_by_impl_for() {
    for (attribute, is_described) in [
        ("described(get, impl_for = Listed)", true),
        ("cfg_attr(a, described(get, impl_for = Listed))", true),
        ("described(get)", false),
        ("other(impl_for(Listed))", false),
        ("path = \"x\"", false),
    ] {
        let item = format!("#[{attribute}] async fn list() {{}}").parse().unwrap();
        let items = crate::entry_points::on_protected(quote!(), item, None).to_string();
        let described = items.contains("impl_for = __documented_list");
        assert_eq!(described, is_described, "{attribute}");
        assert_eq!(items.contains("document !"), is_described, "{attribute}");
    }
}

/// utoipa also unwraps the groups that `macro_rules!` puts around substituted fragments.
#[test]
fn security_that_a_macro_substitutes_is_compared_too() {
    let security = Group::new(Delimiter::None, quote!(security(())));
    let item = quote! {
        #[utoipa::path(get, path = "/", #security)]
        async fn list() {}
    };
    let items = crate::entry_points::on_protected(quote!(scope = "a"), item, None);
    assert!(message(items).starts_with("this documents access without a token"));
}
