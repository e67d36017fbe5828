//! A check that is a closure.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Expr, Pat, Token, Type, TypePath};

use crate::errors::Errors;
use crate::function::MAX_EXTRACTORS;
use crate::list::tokens;

const INLINE: &str = "check = |Path(id): Path<u64>| async move { ... }";

/// A closure whose body is not parsed.
pub(crate) struct Closure {
    /// The tokens of the closure, with parentheses around substituted expressions.
    pub(crate) tokens: TokenStream,
    /// The types of the closure's arguments.
    pub(crate) arguments: Vec<Type>,
}

impl Closure {
    /// Reads the closure in the value of an entry.
    pub(crate) fn parse(value: &[TokenTree], errors: &mut Errors) -> Option<Self> {
        let closure = tokens(value);
        let Ok((arguments, body)) = parse_closure.parse2(closure.clone()) else {
            errors.at(closure, format!("this is not a valid closure: write `{INLINE}`"));
            return None;
        };
        if body.is_empty() {
            errors.at(closure, format!("the check has no body: write `{INLINE}`"));
            return None;
        }
        for (argument, _) in arguments.iter().filter(|(_, ty)| ty.is_none()) {
            errors.at(argument, "an argument of a check needs a type, which selects the extractor: write it after the argument, as in `Path(id): Path<u64>`");
        }
        let types = arguments.iter().filter_map(|(_, ty)| ty.as_ref());
        if !check_extractors(types, errors) {
            return None;
        }
        Some(Self {
            tokens: value.iter().map(parenthesise).collect(),
            arguments: arguments.into_iter().map(|(_, ty)| ty).collect::<Option<_>>()?,
        })
    }
}

/// Reports arguments that a check cannot extract, and an argument beyond [`MAX_EXTRACTORS`].
/// Returns true if all arguments are valid.
pub(crate) fn check_extractors<'a>(
    arguments: impl IntoIterator<Item = &'a Type>,
    errors: &mut Errors,
) -> bool {
    let mut is_valid = true;
    let mut refuse = |ty: &Type, message: String| {
        errors.at(ty, message);
        is_valid = false;
    };
    for (index, ty) in arguments.into_iter().enumerate() {
        match ty {
            _ if index == MAX_EXTRACTORS => refuse(
                ty,
                format!(
                    "a check takes at most {MAX_EXTRACTORS} extractors: combine some in a tuple, as in `(a, b): (A, B)`"
                ),
            ),
            Type::Reference(_) => refuse(
                ty,
                "a check must take its extractors by value: remove the `&`".to_owned(),
            ),
            Type::Path(path) if reads_body(path) => refuse(
                ty,
                "a check runs before the request body is read: extract from the path, the query or the headers, and check the body in the handler".to_owned(),
            ),
            Type::Path(path) if takes_value(path) => refuse(
                ty,
                "a check cannot take the value of another check: load the value in this check, or pass it on to the handler".to_owned(),
            ),
            Type::ImplTrait(_) | Type::Infer(_) => refuse(
                ty,
                "an argument of a check needs a concrete type: write its name".to_owned(),
            ),
            _ => {}
        }
    }
    is_valid
}

/// Returns true if a type has the name of an axum extractor that consumes the request body.
fn reads_body(path: &TypePath) -> bool {
    const NAMES: &[&str] = &["Body", "Bytes", "Form", "Json", "Multipart", "RawForm", "Request"];
    let last = path.path.segments.last();
    last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

fn takes_value(path: &TypePath) -> bool {
    path.path.segments.last().is_some_and(|last| last.ident == "Checked")
}

/// Puts parentheses around an expression that `macro_rules!` has substituted. The compiler ignores
/// groups without delimiters in the output of an attribute. Without the parentheses `!$closed`
/// would become `!A || B` if `$closed` is `A || B`.
pub(super) fn parenthesise(token: &TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group)
            if group.delimiter() == Delimiter::None && !is_self_contained(group.stream()) =>
        {
            let mut parentheses = Group::new(Delimiter::Parenthesis, group.stream());
            // The parentheses do not get the span of the user's code, because lints would then
            // report the parentheses as unnecessary.
            parentheses.set_span(Span::mixed_site().located_at(group.span()));
            parentheses.into()
        }
        _ => token.clone(),
    }
}

/// Returns true if surrounding tokens cannot change the meaning of `tokens`. Returns false for
/// tokens that are neither an expression nor a type, such as a pattern, because parentheses do not
/// change the meaning of a pattern.
fn is_self_contained(tokens: TokenStream) -> bool {
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

fn parse_closure(input: ParseStream<'_>) -> syn::Result<(Arguments, TokenStream)> {
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
