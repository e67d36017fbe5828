//! The grammar of `#[protected(...)]` and `#[public(...)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::LitStr;

use crate::errors::Errors;
use crate::list::{Entry, entries, flat};
use crate::requirement::{Requirement, Stated};
use crate::string_value::{Hint, text};
use crate::{crate_path, requirement, suggest};

const REASON: Hint<'_> = Hint { example: "reason = \"liveness probe\"", several: None };

/// What an attribute says: where the runtime is, and something of its own.
pub(crate) struct Args<T> {
    pub(crate) runtime: TokenStream,
    pub(crate) said: T,
}

/// Reads `#[protected(...)]`; `written` is its source text where the compiler has it.
pub(crate) fn protected(
    args: TokenStream,
    written: Option<&str>,
    errors: &mut Errors,
) -> Args<Stated> {
    if is_nothing(&args) && (!args.is_empty() || written.is_some_and(has_empty_delimiters)) {
        errors.at_span(Span::call_site(), "empty parentheses: write `#[protected]` for any valid token, or state a requirement: `#[protected(scope = \"items:read\")]`");
    }
    demanded(&entries(args, requirement::EXAMPLE, errors), errors)
}

/// Reads `#[policy(...)]`; nothing where nothing is demanded.
pub(crate) fn policy(args: TokenStream, errors: &mut Errors) -> Args<Option<Stated>> {
    let something = !is_nothing(&args);
    let entries = entries(args, requirement::EXAMPLE, errors);
    let demands =
        something && entries.is_empty() || entries.iter().any(|entry| entry.key != "crate");
    let Args { runtime, said } = demanded(&entries, errors);
    Args { runtime, said: demands.then_some(said) }
}

/// Recognises a list without tokens. `macro_rules!` may have substituted a fragment that is empty,
/// such as a visibility: a group without delimiters.
fn is_nothing(list: &TokenStream) -> bool {
    flat(list.clone()).is_empty()
}

fn demanded(entries: &[Entry], errors: &mut Errors) -> Args<Stated> {
    let once = once_each(entries, errors);
    let mut runtime = None;
    let mut members = Vec::new();
    let mut all_read = true;
    for entry in entries {
        if entry.key == "crate" {
            runtime = crate_path::runtime(entry, errors);
        } else {
            let member = requirement::parse(entry, 0, errors);
            all_read &= member.is_some();
            members.extend(member);
        }
    }
    let runtime = runtime.unwrap_or_else(crate_path::default);
    // Of a key that is here twice it is not known whether both are meant, so that nothing is asked
    // of one beside the other.
    let of_each = (!once).then(|| {
        let members = members.iter();
        members.flat_map(|member| member.questions(&runtime)).collect()
    });
    let requirement = Requirement::all(members);
    requirement::few_checks(&requirement, errors);
    let said = Stated {
        questions: of_each.unwrap_or_else(|| requirement.questions(&runtime)),
        requirement,
        is_whole: all_read,
    };
    Args { runtime, said }
}

/// Reads `#[public(...)]`.
pub(crate) fn public(args: TokenStream, errors: &mut Errors) -> Args<Option<LitStr>> {
    let nothing = is_nothing(&args);
    let entries = entries(args, REASON.example, errors);
    once_each(&entries, errors);
    let mut runtime = None;
    let mut reason = None;
    for entry in &entries {
        match entry.key.to_string().as_str() {
            "crate" => runtime = crate_path::runtime(entry, errors),
            "reason" => reason = text(entry, &REASON, errors),
            _ => suggest::unknown(&entry.key, &["reason", "crate"], errors),
        }
    }
    if (nothing || !entries.is_empty()) && entries.iter().all(|entry| entry.key == "crate") {
        errors.at_span(
            Span::call_site(),
            "say why anyone may call this: write `#[public(reason = \"liveness probe\")]`",
        );
    }
    Args {
        runtime: runtime.unwrap_or_else(crate_path::default),
        said: reason.filter(|reason| is_said(reason, errors)),
    }
}

fn is_said(reason: &LitStr, errors: &mut Errors) -> bool {
    let said = !reason.value().trim().is_empty();
    if !said {
        errors.at(reason, "the reason is empty: say why anyone may call this, as in `reason = \"liveness probe\"`");
    }
    said
}

/// At the top level a second key could be meant either way, so both are refused.
fn once_each(entries: &[Entry], errors: &mut Errors) -> bool {
    let mut once = true;
    for entry in entries {
        let key = &entry.key;
        if entries.iter().filter(|other| other.key == *key).count() < 2 {
            continue;
        }
        once = false;
        if requirement::is_key(key) {
            errors.at(entry, format!("`{key}` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them"));
        } else {
            errors.at(entry, format!("`{key}` is here twice: remove one"));
        }
    }
    once
}

/// Says whether the source text of an attribute without arguments ends in delimiters. The compiler
/// hands over the same nothing for `#[protected]` and `#[protected()]`, and the second may be a list
/// that somebody forgot to fill. Any name may be the attribute's, as imports rename.
///
/// A list of something that is not a metavariable was not empty. The text then is of another macro,
/// which has written `#[protected]`.
fn has_empty_delimiters(written: &str) -> bool {
    let Ok(written) = written.parse() else {
        return true;
    };
    let attribute = match flat(written).as_slice() {
        [TokenTree::Punct(_), TokenTree::Group(attribute)] => flat(attribute.stream()),
        behind_cfg => behind_cfg.to_vec(),
    };
    // A macro that is called has `!` before its list.
    let [.., TokenTree::Ident(_), TokenTree::Group(list)] = attribute.as_slice() else {
        return false;
    };
    let is_metavariable =
        |token: TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '$');
    list.stream().is_empty() || list.stream().into_iter().any(is_metavariable)
}
