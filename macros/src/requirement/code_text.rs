//! The text of the user's code in messages, tables and logs.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::list::{flatten, is_punct};

/// The operators of two characters. Two operators of one character that are adjacent get a space if
/// they would read like one of these.
const OPERATORS: &[&str] = &[
    "&&", "||", "<<", ">>", "==", "!=", "<=", ">=", "->", "=>", "<-", "..", "::", "+=", "-=", "*=",
    "/=", "%=", "^=", "&=", "|=",
];

/// Returns the text of tokens. The text does not depend on white space in the source. Macros and
/// compilers print tokens differently, so the text is not the `Display` of a `TokenStream`.
pub(crate) fn code_text(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut before = None;
    for token in flatten(tokens) {
        if before.as_ref().is_some_and(|before| is_space_between(before, &token)) {
            text.push(' ');
        }
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&code_text(group.stream()));
                text.push_str(close);
            }
            other => text.push_str(&other.to_string()),
        }
        before = Some(token);
    }
    text
}

fn is_space_between(before: &TokenTree, after: &TokenTree) -> bool {
    match (before, after) {
        (TokenTree::Punct(before), _) if ",;".contains(before.as_char()) => true,
        (TokenTree::Punct(before), TokenTree::Punct(after)) => {
            let both = format!("{}{}", before.as_char(), after.as_char());
            before.spacing() == Spacing::Alone && OPERATORS.contains(&both.as_str())
        }
        (
            TokenTree::Ident(_) | TokenTree::Literal(_),
            TokenTree::Ident(_) | TokenTree::Literal(_),
        ) => true,
        _ => false,
    }
}

/// Returns true if code certainly means the same in the macros of all crates. Macros of several
/// crates can write the attribute of one handler. `$crate` is the crate that defines the macro. A
/// leading `::` means an item of this crate in a macro of edition 2015, but another crate in a macro
/// of a later edition.
pub(super) fn is_same_in_each_crate(code: TokenStream) -> bool {
    let tokens = flatten(code);
    let own = tokens.iter().all(|token| match token {
        TokenTree::Group(group) => is_same_in_each_crate(group.stream()),
        TokenTree::Ident(ident) => ident != "$crate",
        TokenTree::Punct(_) | TokenTree::Literal(_) => true,
    });
    own && !begins_with_colons(&tokens) && !tokens.windows(3).any(has_leading_colons)
}

fn begins_with_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, ..] if is_punct(first, ':') && is_punct(second, ':'))
}

/// Returns true if the last two of three tokens are a `::` that may continue no path. The `::` after
/// a `>` counts, because the `>` may be an operator.
fn has_leading_colons(three: &[TokenTree]) -> bool {
    match three {
        [before, colons @ ..] => {
            !matches!(before, TokenTree::Ident(_)) && begins_with_colons(colons)
        }
        [] => false,
    }
}
