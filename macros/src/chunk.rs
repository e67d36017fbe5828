//! Where one entry of a list ends.

use proc_macro2::{Delimiter, TokenTree};

use crate::requirement::begins_closure;

/// Up to the next comma, or to where one is missing; and what is left.
pub(crate) fn chunk(rest: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let end = closure_end(rest)
        .or_else(|| {
            [comma(rest), missing_comma(rest)]
                .into_iter()
                .flatten()
                .min()
        })
        .unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, &[]))
}

fn comma(tokens: &[TokenTree]) -> Option<usize> {
    tokens.iter().position(|token| is_punct(token, ','))
}

/// No value but a closure has a word right before another.
fn missing_comma(rest: &[TokenTree]) -> Option<usize> {
    let words = |pair: &[TokenTree]| {
        matches!(
            pair,
            [
                TokenTree::Literal(_) | TokenTree::Group(_) | TokenTree::Ident(_),
                TokenTree::Ident(_)
            ]
        )
    };
    // The key and what follows it belong together even when `=` was forgotten.
    let before = rest.windows(2).skip(1).position(words)?;
    Some(before + 2)
}

/// The end of `key = |...| ...`, whose arguments have commas of their own.
fn closure_end(rest: &[TokenTree]) -> Option<usize> {
    let [TokenTree::Ident(_), TokenTree::Punct(equals), value @ ..] = rest else {
        return None;
    };
    if equals.as_char() != '=' || !begins_closure(value) {
        return None;
    }
    let bar = |token: &TokenTree| is_punct(token, '|');
    let mut bars = (0..).zip(rest).filter(|(_, token)| bar(token));
    let (arguments_end, _) = bars.nth(1)?;
    let body_start = arguments_end + 1;
    let (_, body) = rest.split_at_checked(body_start)?;
    let length = block_end(body).or_else(|| comma(body));
    Some(length.map_or(rest.len(), |length| body_start + length))
}

/// The end of `async move { ... }` or `-> Type { ... }`, unless it goes on after the block.
fn block_end(body: &[TokenTree]) -> Option<usize> {
    let is_block = |token: &TokenTree| matches!(token, TokenTree::Group(block) if block.delimiter() == Delimiter::Brace);
    match body {
        [TokenTree::Ident(word), ..] if word == "async" => {}
        [TokenTree::Punct(arrow), ..] if arrow.as_char() == '-' => {}
        _ => return None,
    }
    let end = body.iter().position(is_block)? + 1;
    let goes_on = body
        .get(end)
        .is_some_and(|next| is_punct(next, '.') || is_punct(next, '?'));
    (!goes_on).then_some(end)
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}
