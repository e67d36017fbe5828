//! Finds the end of the first entry in a list of attribute arguments.

use proc_macro2::{Delimiter, TokenTree};

/// Splits the tokens before the next comma, or before the place where a comma is missing.
pub(crate) fn chunk(rest: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let end = closure_end(rest)
        .or_else(|| [comma(rest), missing_comma(rest)].into_iter().flatten().min())
        .unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, &[]))
}

fn comma(tokens: &[TokenTree]) -> Option<usize> {
    tokens.iter().position(|token| is_punct(token, ','))
}

/// Finds the place where a comma is missing: outside closures this is before an identifier that
/// follows a literal, a group or another identifier.
fn missing_comma(rest: &[TokenTree]) -> Option<usize> {
    let is_boundary = |pair: &[TokenTree]| {
        matches!(
            pair,
            [
                TokenTree::Literal(_) | TokenTree::Group(_) | TokenTree::Ident(_),
                TokenTree::Ident(_)
            ]
        )
    };
    // No comma is missing directly after the key, even if the user has left out `=`.
    let before = rest.windows(2).skip(1).position(is_boundary)?;
    Some(before + 2)
}

/// Finds the end of the entry `key = |...| ...`. The arguments of the closure may contain commas.
fn closure_end(rest: &[TokenTree]) -> Option<usize> {
    let body_start = closure_body(rest)?;
    let (_, body) = rest.split_at_checked(body_start)?;
    let length = block_end(body).or_else(|| comma(body));
    Some(length.map_or(rest.len(), |length| body_start + length))
}

/// Finds the start of the closure body in `key = |...| ...`.
pub(crate) fn closure_body(rest: &[TokenTree]) -> Option<usize> {
    if !is_closure(rest) {
        return None;
    }
    let mut bars = (0..).zip(rest).filter(|(_, token)| is_punct(token, '|'));
    let (arguments_end, _) = bars.nth(1)?;
    Some(arguments_end + 1)
}

/// Returns true if the tokens start with `key =` and a closure.
pub(crate) fn is_closure(rest: &[TokenTree]) -> bool {
    match rest {
        [TokenTree::Ident(_), equals, value @ ..] => is_punct(equals, '=') && begins_closure(value),
        _ => false,
    }
}

/// Returns true if the tokens start with `|`, or with `|` after `async` and `move`.
pub(crate) fn begins_closure(value: &[TokenTree]) -> bool {
    value
        .iter()
        .find(|token| !matches!(token, TokenTree::Ident(word) if word == "async" || word == "move"))
        .is_some_and(|first| is_punct(first, '|'))
}

/// Finds the end of a closure body that is `async move { ... }` or `-> Type { ... }`. Returns
/// `None` if `.` or `?` follows the block, because the body then continues.
fn block_end(body: &[TokenTree]) -> Option<usize> {
    match body {
        [TokenTree::Ident(word), ..] if word == "async" => {}
        [TokenTree::Punct(arrow), ..] if arrow.as_char() == '-' => {}
        _ => return None,
    }
    let end = body.iter().position(is_block)? + 1;
    let continues = body.get(end).is_some_and(|next| is_punct(next, '.') || is_punct(next, '?'));
    (!continues).then_some(end)
}

/// Returns true for `{ ... }`, and for the group without delimiters that `macro_rules!` puts around
/// a substituted block.
fn is_block(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut tokens = group.stream().into_iter();
            tokens.next().is_some_and(|first| is_block(&first)) && tokens.next().is_none()
        }
        Delimiter::Parenthesis | Delimiter::Bracket => false,
    }
}

pub(crate) fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
