//! The grammar of `#[protected(...)]` and `#[public(...)]`.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::entry::{Entry, entries};
use crate::errors::Errors;
use crate::requirement::{Requirement, Stated};
use crate::text::{Wanted, text};
use crate::{path, requirement, suggest};

const REASON: Wanted<'_> = Wanted {
    example: "reason = \"liveness probe\"",
    several: None,
};

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
    if args.is_empty() && written.is_some_and(has_parentheses) {
        errors.at_span(Span::call_site(), "empty parentheses: write `#[protected]` for any valid token, or state a requirement: `#[protected(scope = \"items:read\")]`");
    }
    demanded(&entries(args, requirement::EXAMPLE, errors), errors)
}

/// Reads `#[policy(...)]`; nothing where nothing is demanded.
pub(crate) fn policy(args: TokenStream, errors: &mut Errors) -> Args<Option<Stated>> {
    let something = !args.is_empty();
    let entries = entries(args, requirement::EXAMPLE, errors);
    let demands =
        something && entries.is_empty() || entries.iter().any(|entry| entry.key != "crate");
    let Args { runtime, said } = demanded(&entries, errors);
    Args {
        runtime,
        said: demands.then_some(said),
    }
}

fn demanded(entries: &[Entry], errors: &mut Errors) -> Args<Stated> {
    let once = once_each(entries, errors);
    let mut runtime = None;
    let mut members = Vec::new();
    for entry in entries {
        if entry.key == "crate" {
            runtime = path::runtime(entry, errors);
        } else {
            members.extend(requirement::parse(entry, 0, errors));
        }
    }
    let runtime = runtime.unwrap_or_else(path::default);
    // Of a key that is here twice it is not known whether both are meant, so that nothing is asked
    // of one beside the other.
    let of_each = (!once).then(|| {
        let members = members.iter();
        members
            .flat_map(|member| member.questions(&runtime))
            .collect()
    });
    let requirement = Requirement::all(members);
    requirement::few_checks(&requirement, errors);
    let said = Stated {
        questions: of_each.unwrap_or_else(|| requirement.questions(&runtime)),
        requirement,
    };
    Args { runtime, said }
}

/// Reads `#[public(...)]`.
pub(crate) fn public(args: TokenStream, errors: &mut Errors) -> Args<Option<LitStr>> {
    let nothing = args.is_empty();
    let entries = entries(args, REASON.example, errors);
    once_each(&entries, errors);
    let mut runtime = None;
    let mut reason = None;
    for entry in &entries {
        match entry.key.to_string().as_str() {
            "crate" => runtime = path::runtime(entry, errors),
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
        runtime: runtime.unwrap_or_else(path::default),
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

/// The compiler hands over the same nothing for `#[protected]` and `#[protected()]`, and the
/// second may be a list that somebody forgot to fill. Under its own name whatever stands in the
/// delimiters has come to nothing; under another, which an import may give it, they are empty.
fn has_parentheses(written: &str) -> bool {
    const DELIMITERS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let written = written.trim_end();
    let inner = written.strip_suffix(']').unwrap_or(written).trim_end();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    DELIMITERS.iter().any(|(open, close)| {
        let Some(opened) = inner.strip_suffix(*close) else {
            return false;
        };
        let emptied = opened.trim_end().strip_suffix(*open).map(str::trim_end);
        let name = opened.split(*open).next().map(str::trim_end);
        emptied.is_some_and(|name| name.ends_with(is_word))
            || name.is_some_and(|name| name.ends_with("protected"))
    })
}
