use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

/// What is said of each attribute above this operation; nothing where it is right, or the compiler
/// is asked.
fn said(described: &str) -> [String; 2] {
    let item: TokenStream = format!("#[{described}] async fn list() {{}}").parse().unwrap();
    let protected = crate::entry_points::on_protected(quote!(scope = "a"), item.clone(), None);
    let public = crate::entry_points::on_public(quote!(reason = "x"), item);
    [protected, public].map(message)
}

/// The first mistake.
fn message(tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let mut told = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) => item.mac.parse_body::<syn::LitStr>().ok(),
        _ => None,
    });
    told.next().map(|told| told.value()).unwrap_or_default()
}

#[test]
fn what_is_written_by_hand() {
    const LETS_IN: &str = "this would let in who has no token, whom `#[protected]` refuses: remove `security(...)`, the attribute writes it";
    const ONE: &str =
        "an access token is one scheme: remove `security(...)`, the attribute writes it";
    const UNKNOWN: &str = "this cannot be compared with `#[protected]`: remove `security(...)`, the attribute writes it";
    const PUBLIC: &str = "`#[public]` lets everybody in: remove `security(...)`";
    for (security, protected, public) in [
        ("", LETS_IN, ""),
        ("()", LETS_IN, ""),
        (r#"(), ("o" = ["a"])"#, LETS_IN, ""),
        (r#"("o" = ["a"])"#, "", PUBLIC),
        (r#"("o" = ["a"]), ("o" = ["b"])"#, "", PUBLIC),
        (r#"("o" = ["a"], "p" = [])"#, ONE, PUBLIC),
        (r#"("o" = [A])"#, UNKNOWN, PUBLIC),
        ("a", UNKNOWN, PUBLIC),
    ] {
        let told = said(&format!("utoipa::path(get, security({security}))"));
        assert_eq!(told, [protected, public], "{security}");
    }
}

#[test]
fn an_operation_for_a_type_is_utoipas_by_any_name() {
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

/// Utoipa reads through the groups of `macro_rules!`.
#[test]
fn what_a_macro_substitutes_is_compared_as_well() {
    let security = Group::new(Delimiter::None, quote!(security(())));
    let item = quote! {
        #[utoipa::path(get, path = "/", #security)]
        async fn list() {}
    };
    let items = crate::entry_points::on_protected(quote!(scope = "a"), item, None);
    assert!(message(items).starts_with("this would let in who has no token"));
}
