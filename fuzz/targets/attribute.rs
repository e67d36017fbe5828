//! What is written in the attributes and above the functions: whatever it is, the macros answer, and
//! the function is there again.
#![no_main]

#[path = "../../macros/src/above.rs"]
#[allow(dead_code)]
mod above;
#[path = "../../macros/src/args.rs"]
#[allow(dead_code)]
mod args;
#[path = "../../macros/src/attributes.rs"]
#[allow(dead_code)]
mod attributes;
#[path = "../../macros/src/check_fn.rs"]
#[allow(dead_code)]
mod check_fn;
#[path = "../../macros/src/chunk.rs"]
#[allow(dead_code)]
mod chunk;
#[path = "../../macros/src/entry.rs"]
#[allow(dead_code)]
mod entry;
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
#[path = "../../macros/src/named_policy.rs"]
#[allow(dead_code)]
mod named_policy;
#[path = "../../macros/src/openapi.rs"]
#[allow(dead_code)]
mod openapi;
#[path = "../../macros/src/path.rs"]
#[allow(dead_code)]
mod path;
#[path = "../../macros/src/policy.rs"]
#[allow(dead_code)]
mod policy;
#[path = "../../macros/src/requirement/mod.rs"]
#[allow(dead_code)]
mod requirement;
#[path = "../../macros/src/routes.rs"]
#[allow(dead_code)]
mod routes;
#[path = "../../macros/src/running.rs"]
#[allow(dead_code)]
mod running;
#[path = "../../macros/src/scopes/mod.rs"]
#[allow(dead_code)]
mod scopes;
#[path = "../../macros/src/security.rs"]
#[allow(dead_code)]
mod security;
#[path = "../../macros/src/state.rs"]
#[allow(dead_code)]
mod state;
#[path = "../../macros/src/suggest.rs"]
#[allow(dead_code)]
mod suggest;
#[path = "../../macros/src/taken.rs"]
#[allow(dead_code)]
mod taken;
#[path = "../../macros/src/text.rs"]
#[allow(dead_code)]
mod text;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

// The arguments in the first line, the item behind it.
fuzz_target!(|text: &str| {
    let (arguments, item) = text
        .split_once('\n')
        .unwrap_or((text, "async fn list() {}"));
    let (Ok(arguments), Ok(item)) = (tokens(arguments), tokens(item)) else {
        return;
    };
    let written = format!("#[protected({arguments})]");
    let outcomes = [
        attributes::on_protected(arguments.clone(), item.clone(), Some(&written)),
        attributes::on_public(arguments.clone(), item.clone()),
        attributes::on_check(arguments, item.clone()),
    ];
    let function: Option<syn::ItemFn> = syn::parse2(item.clone()).ok();
    for outcome in outcomes {
        let file = syn::parse2::<syn::File>(outcome);
        if let Some(function) = &function {
            let is_it = |item: &syn::Item| matches!(item, syn::Item::Fn(again) if again.sig.ident == function.sig.ident);
            assert!(file.unwrap().items.iter().any(is_it));
        }
    }
    for derive in [
        attributes::on_state,
        attributes::on_scopes,
        attributes::on_policy,
    ] {
        let _ = derive(item.clone());
    }
});

/// The parser of tokens goes as deep as the brackets do, and the compiler's own limits that.
fn tokens(text: &str) -> Result<TokenStream, ()> {
    let depth = text.bytes().filter(|byte| b"([{<".contains(byte)).count();
    if depth > 64 {
        return Err(());
    }
    text.parse().map_err(|_| ())
}
