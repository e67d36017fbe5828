//! A check that is written where it is demanded.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Pat, Token, Type, TypePath};

use crate::entry::tokens;
use crate::errors::Errors;
use crate::function::MAX_EXTRACTORS;

const INLINE: &str = "check = |Path(id): Path<u64>| async move { ... }";

/// A closure whose body stays tokens.
pub(crate) struct Closure {
    pub(crate) written: TokenStream,
    /// The types of its arguments.
    pub(crate) arguments: Vec<Type>,
}

impl Closure {
    /// Reads the closure of an entry.
    pub(crate) fn parse(value: &[TokenTree], errors: &mut Errors) -> Option<Self> {
        let written = tokens(value);
        let Ok((arguments, body)) = read.parse2(written.clone()) else {
            errors.at(
                written,
                format!("this closure cannot be read: write `{INLINE}`"),
            );
            return None;
        };
        if body.is_empty() {
            errors.at(written, format!("the check has no body: write `{INLINE}`"));
            return None;
        }
        for (argument, _) in arguments.iter().filter(|(_, ty)| ty.is_none()) {
            errors.at(argument, "an argument of a check has a type, which says what to extract: write it after the argument, as in `Path(id): Path<u64>`");
        }
        let types = arguments.iter().filter_map(|(_, ty)| ty.as_ref());
        if !takes_values(types, errors) {
            return None;
        }
        let arguments = arguments.into_iter().map(|(_, ty)| ty);
        let arguments = arguments.collect::<Option<_>>()?;
        Some(Self { written, arguments })
    }
}

/// `|`, after `async` or `move`.
pub(crate) fn begins_closure(value: &[TokenTree]) -> bool {
    let first = value.iter().find(
        |token| !matches!(token, TokenTree::Ident(word) if word == "async" || word == "move"),
    );
    matches!(first, Some(TokenTree::Punct(bar)) if bar.as_char() == '|')
}

/// Extractors are extracted for the check, so it has them to itself.
pub(crate) fn takes_values<'a>(
    arguments: impl IntoIterator<Item = &'a Type>,
    errors: &mut Errors,
) -> bool {
    let mut values = true;
    let mut refuse = |ty: &Type, message: String| {
        errors.at(ty, message);
        values = false;
    };
    for (index, ty) in arguments.into_iter().enumerate() {
        match ty {
            _ if index == MAX_EXTRACTORS => refuse(
                ty,
                format!(
                    "a check has {MAX_EXTRACTORS} extractors at most: join some in a tuple, as in `(a, b): (A, B)`"
                ),
            ),
            Type::Reference(_) => refuse(
                ty,
                "a check takes its extractors by value: remove the `&`".to_owned(),
            ),
            Type::Path(path) if reads_body(path) => refuse(
                ty,
                "a check is asked before the body is read: take what is in the path, the query or the headers, and look at the body in the handler".to_owned(),
            ),
            Type::ImplTrait(_) | Type::Infer(_) => refuse(
                ty,
                "the type says what to extract: write its name".to_owned(),
            ),
            _ => {}
        }
    }
    values
}

/// By the names that axum has for them.
fn reads_body(path: &TypePath) -> bool {
    const NAMES: &[&str] = &[
        "Body",
        "Bytes",
        "Form",
        "Json",
        "Multipart",
        "RawForm",
        "Request",
    ];
    let last = path.path.segments.last();
    last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

type Arguments = Vec<(Pat, Option<Type>)>;

fn read(input: ParseStream<'_>) -> syn::Result<(Arguments, TokenStream)> {
    input.parse::<Option<Token![async]>>()?;
    input.parse::<Option<Token![move]>>()?;
    let mut arguments = Vec::new();
    if input.parse::<Option<Token![||]>>()?.is_none() {
        input.parse::<Token![|]>()?;
        while !input.peek(Token![|]) {
            input.call(Attribute::parse_outer)?;
            let pattern = input.call(Pat::parse_single)?;
            let typed = input.parse::<Option<Token![:]>>()?.is_some();
            arguments.push((pattern, typed.then(|| input.parse()).transpose()?));
            if !input.peek(Token![|]) {
                input.parse::<Token![,]>()?;
            }
        }
        input.parse::<Token![|]>()?;
    }
    Ok((arguments, TokenStream::parse(input)?))
}
