//! Runs the macros on arbitrary attribute arguments and items. The macros must not panic, and their
//! output must contain the annotated function.
#![no_main]

#[path = "../../macros/src/args.rs"]
#[allow(dead_code)]
mod args;
#[path = "../../macros/src/attribute_kind.rs"]
#[allow(dead_code)]
mod attribute_kind;
#[path = "../../macros/src/check_attribute/mod.rs"]
#[allow(dead_code)]
mod check_attribute;
#[path = "../../macros/src/check_impl/mod.rs"]
#[allow(dead_code)]
mod check_impl;
#[path = "../../macros/src/checked_extractors.rs"]
#[allow(dead_code)]
mod checked_extractors;
#[path = "../../macros/src/crate_path.rs"]
#[allow(dead_code)]
mod crate_path;
#[path = "../../macros/src/declared_enum.rs"]
#[allow(dead_code)]
mod declared_enum;
#[path = "../../macros/src/derive_has_resource_server.rs"]
#[allow(dead_code)]
mod derive_has_resource_server;
#[path = "../../macros/src/derive_policy.rs"]
#[allow(dead_code)]
mod derive_policy;
#[path = "../../macros/src/entry_points.rs"]
#[allow(dead_code)]
mod entry_points;
#[path = "../../macros/src/errors.rs"]
#[allow(dead_code)]
mod errors;
#[path = "../../macros/src/expand.rs"]
#[allow(dead_code)]
mod expand;
#[path = "../../macros/src/function.rs"]
#[allow(dead_code)]
mod function;
#[path = "../../macros/src/handler.rs"]
#[allow(dead_code)]
mod handler;
#[path = "../../macros/src/handler_rules.rs"]
#[allow(dead_code)]
mod handler_rules;
#[path = "../../macros/src/list/mod.rs"]
#[allow(dead_code)]
mod list;
#[path = "../../macros/src/page.rs"]
#[allow(dead_code)]
mod page;
#[path = "../../macros/src/placement.rs"]
#[allow(dead_code)]
mod placement;
#[path = "../../macros/src/policy_impl.rs"]
#[allow(dead_code)]
mod policy_impl;
#[path = "../../macros/src/requirement/mod.rs"]
#[allow(dead_code)]
mod requirement;
#[path = "../../macros/src/roles.rs"]
#[allow(dead_code)]
mod roles;
#[path = "../../macros/src/routes.rs"]
#[allow(dead_code)]
mod routes;
#[path = "../../macros/src/scopes/mod.rs"]
#[allow(dead_code)]
mod scopes;
#[path = "../../macros/src/spans.rs"]
#[allow(dead_code)]
mod spans;
#[path = "../../macros/src/string_value.rs"]
#[allow(dead_code)]
mod string_value;
#[path = "../../macros/src/suggest.rs"]
#[allow(dead_code)]
mod suggest;
#[path = "../../macros/src/token_extractors.rs"]
#[allow(dead_code)]
mod token_extractors;
#[path = "../../macros/src/type_path.rs"]
#[allow(dead_code)]
mod type_path;
#[path = "../../macros/src/utoipa_path/mod.rs"]
#[allow(dead_code)]
mod utoipa_path;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

// The first line of the text contains the arguments of the attribute, and the other lines contain
// the item.
fuzz_target!(|text: &str| {
    let (arguments, item) = text.split_once('\n').unwrap_or((text, "async fn list() {}"));
    let (Ok(arguments), Ok(item)) = (tokens(arguments), tokens(item)) else {
        return;
    };
    let written = format!("#[protected({arguments})]");
    let outcomes = [
        entry_points::on_protected(arguments.clone(), item.clone(), Some(&written)),
        entry_points::on_public(arguments.clone(), item.clone()),
        entry_points::on_check(arguments, item.clone()),
    ];
    let function: Option<syn::ItemFn> = syn::parse2(item.clone()).ok();
    for outcome in outcomes {
        let file = syn::parse2::<syn::File>(outcome);
        if let Some(function) = &function {
            assert!(file.unwrap().items.iter().any(|item| match item {
                syn::Item::Fn(other) => other.sig.ident == function.sig.ident,
                _ => false,
            }));
        }
    }
    for derive in [
        entry_points::on_state,
        entry_points::on_scopes,
        entry_points::on_roles,
        entry_points::on_policy,
    ] {
        let _ = derive(item.clone());
    }
});

/// Parses the text as Rust tokens. Refuses deeply nested brackets, as the compiler does, because
/// the parser recurses at each bracket.
fn tokens(text: &str) -> Result<TokenStream, ()> {
    let depth = text.bytes().filter(|byte| b"([{<".contains(byte)).count();
    if depth > 64 {
        return Err(());
    }
    text.parse().map_err(|_| ())
}
