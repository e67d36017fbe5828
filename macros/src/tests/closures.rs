//! Tests of fragments that `macro_rules!` substitutes into the closure of a check.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use super::messages;

/// Returns the closure body `!fragment` after expansion.
fn negate(fragment: &str) -> String {
    let fragment = Group::new(Delimiter::None, fragment.parse().unwrap());
    let args = quote!(check = async |_: A| !#fragment, scope = "a");
    let item = quote!(
        async fn list() {}
    );
    let expanded = crate::entry_points::on_protected(args, item, None).to_string();
    let (_, check) = expanded.split_once("async | _ : A | ! ").unwrap();
    let (check, _) = check.split_once(" ;").unwrap();
    check.to_owned()
}

/// Parses the source of an expression and prints it in a uniform format.
fn print(source: &str) -> String {
    source.parse::<TokenStream>().unwrap().to_string()
}

#[test]
fn a_substituted_expression_gets_parentheses() {
    for fragment in [
        "A || B",
        "!A",
        "-1",
        "a as u8",
        "a..b",
        "a = b",
        "&a",
        "|| a",
        "S { a: 1 }",
        "a.b",
        "a.b()",
        "if a { b } else { c }",
        "Some(a) | None",
    ] {
        assert_eq!(negate(fragment), print(&format!("({fragment})")));
    }
}

#[test]
fn a_self_contained_fragment_stays_unchanged() {
    for fragment in [
        "a",
        "a::b::<C>",
        "1",
        "\"a\"",
        "{ a }",
        "(a || b)",
        "[a, b]",
        "m!(a)",
        "Vec<u8>",
        "&'static str",
        "dyn Fn(A) -> B",
    ] {
        assert_eq!(negate(fragment), print(fragment));
    }
}

#[test]
fn a_substituted_closure_ends_with_its_group() {
    const MESSAGE: &str = "a substituted closure must be the whole value: write a comma after it, or move this into the closure";
    let closure = Group::new(Delimiter::None, quote!(async || false));
    let nested = Group::new(Delimiter::None, quote!(#closure));
    let body = Group::new(Delimiter::None, quote!(|| false));
    let entry = Group::new(Delimiter::None, quote!(check = async || false));
    for args in [
        quote!(check = #closure || true),
        quote!(check = #closure.or(true), scope = "a"),
        quote!(check = #nested || true),
        quote!(check = async #body || true),
        quote!(#entry || true),
        quote!(scope = "a", check = #closure scope = "b"),
        quote!(any(role = "a", check = #closure || true)),
        quote!(check = #closure #closure),
    ] {
        assert_eq!(messages::of_protected(args.clone()), [MESSAGE], "{args}");
    }
    for args in [
        quote!(check = #closure),
        quote!(check = #nested, scope = "a"),
        quote!(#entry,),
        quote!(any(check = #closure, check = #closure)),
    ] {
        assert_eq!(messages::of_protected(args.clone()), <[&str; 0]>::default(), "{args}");
    }
}
