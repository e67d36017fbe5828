//! Finds `Checked<C>` among the arguments of a handler, by the last path segment of each type.
//! Checks that the guard runs the check `C`, whose value the argument takes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, Path, Signature, Type};

use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::function::{Function, attributes};
use crate::requirement::{Requirement, Statement};
use crate::spans::call_at;
use crate::type_path::{last_segment, only_argument, path, type_text};

/// An argument of a handler that takes the value of a check.
struct CheckedExtractor<'a> {
    attributes: &'a [Attribute],
    ty: &'a Type,
    check: &'a Type,
    /// True for `Option<Checked<C>>`.
    is_optional: bool,
}

/// Reports each argument that can never have a value.
pub(crate) fn check(signature: &Signature, attr: Attr, errors: &mut Errors) {
    let mut checks = Vec::new();
    for CheckedExtractor { attributes, ty, check, .. } in checked_extractors(signature) {
        let name = type_text(check);
        if attr == Attr::Public {
            errors.at(
                ty,
                format!(
                    "a `#[public]` handler runs no check: write `#[protected(check = {name})]`"
                ),
            );
        }
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
            errors.at(attribute, "an argument `Checked` cannot have `cfg`: write the function twice, each with its own `cfg`");
        }
        if path(check).is_none() {
            errors.at(check, "the value of a check is taken by the name of the check: write the path of the function, as in `Checked<own_blog>`");
        }
        if checks.contains(&name) {
            errors.at(ty, format!("the value of `{name}` is taken twice: remove one argument"));
        }
        checks.push(name);
    }
}

/// Counts the arguments of the types `Checked<C>` and `Option<Checked<C>>`. If `Checked` was imported
/// under another name, the argument does not count, and its extraction is refused.
pub(crate) fn count(signature: &Signature) -> usize {
    checked_extractors(signature).count()
}

/// Returns a compile-time assertion for each argument that the guard runs its check.
pub(crate) fn assertions(
    function: &Function,
    statement: &Statement,
    runtime: &TokenStream,
    requirement: &TokenStream,
) -> TokenStream {
    let assertions = checked_extractors(&function.signature).filter_map(|extractor| {
        let path = path(extractor.check)?;
        let name = path.segments.last()?.ident.clone();
        let run = run(&extractor, &name, &statement.requirement, runtime, requirement);
        let same = same(path, &statement.requirement.checks_of(&name), runtime);
        let assertions = [Some(run), same].into_iter().flatten().map(|assertion| {
            let conditions = function.conditions();
            quote!(#(#conditions)* const _: () = #assertion;)
        });
        Some(assertions.collect::<TokenStream>())
    });
    assertions.collect()
}

/// Asserts that the requirement demands the check, or that it names the check if the argument is
/// optional.
fn run(
    extractor: &CheckedExtractor<'_>,
    name: &Ident,
    statement: &Requirement,
    runtime: &TokenStream,
    requirement: &TokenStream,
) -> TokenStream {
    let location = extractor.ty.to_token_stream();
    let check = type_text(extractor.check);
    let absent = format!("the attribute does not run this check: add `check = {check}` to it");
    let function = name.unraw().to_string();
    let several = format!(
        "the guard runs `{check}` several times with constants, and has no single value: name it once, or write a check without constants for each value"
    );
    let optional = if extractor.is_optional {
        quote!(::core::option::Option::None)
    } else {
        let without = match statement.alternative_without(name) {
            Some(alternative) => format!("a request that satisfies `{alternative}`"),
            None => "a request that satisfies the named policy".to_owned(),
        };
        let message =
            format!("{without} comes in without this check: take `Option<Checked<{check}>>`");
        quote!(::core::option::Option::Some(#message))
    };
    let arguments = quote!(&#requirement, #function, #absent, #several, #optional);
    call_at(&location, quote!(#runtime::__private::runs), arguments)
}

/// Asserts that a check of the attribute with this name is the check of the argument. Equal paths
/// need no assertion.
fn same(check: &Path, found: &[&Path], runtime: &TokenStream) -> Option<TokenStream> {
    let text = |path: &Path| path.to_token_stream().to_string();
    let [first, ..] = found else {
        return None;
    };
    if found.iter().any(|path| text(path) == text(check)) {
        return None;
    }
    let types = quote!(#runtime::__private::same_check::<#check, #first>);
    Some(call_at(&check.to_token_stream(), types, TokenStream::new()))
}

fn checked_extractors(signature: &Signature) -> impl Iterator<Item = CheckedExtractor<'_>> {
    signature.inputs.iter().filter_map(|argument| {
        let FnArg::Typed(typed) = argument else {
            return None;
        };
        let ty = &*typed.ty;
        let (check, is_optional) = match checked(ty) {
            Some(check) => (check, false),
            None => (optional(ty).and_then(checked)?, true),
        };
        Some(CheckedExtractor { attributes: attributes(argument), ty, check, is_optional })
    })
}

fn checked(ty: &Type) -> Option<&Type> {
    last_segment(ty).filter(|last| last.ident == "Checked").and_then(only_argument)
}

fn optional(ty: &Type) -> Option<&Type> {
    last_segment(ty).filter(|last| last.ident == "Option").and_then(only_argument)
}
