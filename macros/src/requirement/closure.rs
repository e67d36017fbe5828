//! A check that is written where it is demanded.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Expr, Pat, Token, Type, TypePath};

use crate::errors::Errors;
use crate::function::MAX_EXTRACTORS;
use crate::list::tokens;

const INLINE: &str = "check = |Path(id): Path<u64>| async move { ... }";

/// A closure whose body stays tokens.
pub(crate) struct Closure {
    /// Its tokens, as they are to be compiled.
    pub(crate) written: TokenStream,
    /// The types of its arguments.
    pub(crate) arguments: Vec<Type>,
}

impl Closure {
    /// Reads the closure of an entry.
    pub(crate) fn parse(value: &[TokenTree], errors: &mut Errors) -> Option<Self> {
        let written = tokens(value);
        let Ok((arguments, body)) = read.parse2(written.clone()) else {
            errors.at(written, format!("this closure cannot be read: write `{INLINE}`"));
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
        Some(Self { written: value.iter().map(parenthesised).collect(), arguments })
    }
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
    const NAMES: &[&str] = &["Body", "Bytes", "Form", "Json", "Multipart", "RawForm", "Request"];
    let last = path.path.segments.last();
    last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

/// The token, with parentheses where it is an expression that `macro_rules!` has substituted: the
/// compiler drops groups without delimiters from what an attribute returns, so that `!$closed` would
/// become `!A || B`.
fn parenthesised(token: &TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group)
            if group.delimiter() == Delimiter::None && !stands_alone(group.stream()) =>
        {
            let mut parentheses = Group::new(Delimiter::Parenthesis, group.stream());
            // Not the user's, so that no lint says that they are too many.
            parentheses.set_span(Span::mixed_site().located_at(group.span()));
            parentheses.into()
        }
        _ => token.clone(),
    }
}

/// Says whether nothing that is written around these tokens changes what they mean. What cannot be
/// read as an expression or a type, such as a pattern, may stand in parentheses as well.
fn stands_alone(tokens: TokenStream) -> bool {
    match syn::parse2::<Expr>(tokens.clone()) {
        Ok(expression) => matches!(
            expression,
            Expr::Array(_)
                | Expr::Block(_)
                | Expr::Lit(_)
                | Expr::Macro(_)
                | Expr::Paren(_)
                | Expr::Path(_)
                | Expr::Tuple(_)
        ),
        Err(_) => syn::parse2::<Type>(tokens).is_ok(),
    }
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
