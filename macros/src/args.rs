//! Reads the arguments of `#[protected(...)]`, `#[policy(...)]` and `#[public(...)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::LitStr;

use crate::errors::Errors;
use crate::list::{Entry, entries, flatten};
use crate::page::{self, Page};
use crate::requirement::{Requirement, Statement};
use crate::string_value::{Hint, text};
use crate::{crate_path, requirement, suggest};

const REASON: Hint<'_> = Hint { example: "reason = \"liveness probe\"", several: None };

/// The parsed arguments of an attribute: the path of the runtime crate, the word `page`, and a value
/// whose type depends on the attribute.
pub(crate) struct Args<T> {
    pub(crate) runtime: TokenStream,
    pub(crate) page: Page,
    pub(crate) value: T,
}

/// Reads the arguments of `#[protected(...)]`. `source` is the source text of the attribute, if the
/// compiler has it.
pub(crate) fn protected(
    args: TokenStream,
    source: Option<&str>,
    errors: &mut Errors,
) -> Args<Statement> {
    if is_empty(&args) && (!args.is_empty() || source.is_some_and(has_empty_delimiters)) {
        errors.at_span(Span::call_site(), "empty parentheses: write `#[protected]` for any valid token, or state a requirement: `#[protected(scope = \"items:read\")]`");
    }
    statement(&entries(args, requirement::EXAMPLE, errors), errors)
}

/// Reads the arguments of `#[policy(...)]`. The `Args` contain `None` if the list is empty.
pub(crate) fn policy(args: TokenStream, errors: &mut Errors) -> Args<Option<Statement>> {
    let is_empty = is_empty(&args);
    let entries = entries(args, requirement::EXAMPLE, errors);
    let has_requirement =
        !is_empty && entries.is_empty() || !entries.iter().all(is_about_the_attribute);
    let Args { runtime, page, value } = statement(&entries, errors);
    Args { runtime, page, value: has_requirement.then_some(value) }
}

/// Returns true for an entry that is neither a requirement nor a reason.
fn is_about_the_attribute(entry: &Entry) -> bool {
    entry.key == "crate" || entry.key == page::KEY
}

/// Returns true if a list contains no tokens. An empty group without delimiters does not count as a
/// token: `macro_rules!` puts groups without delimiters around substituted fragments, and a
/// fragment may be empty, for example a visibility.
fn is_empty(list: &TokenStream) -> bool {
    flatten(list.clone()).is_empty()
}

fn statement(entries: &[Entry], errors: &mut Errors) -> Args<Statement> {
    let is_unique = require_unique_keys(entries, errors);
    let page = Page::find(entries, errors);
    let mut runtime = None;
    let mut members = Vec::new();
    let mut is_complete = true;
    for entry in entries {
        if entry.key == "crate" {
            runtime = crate_path::runtime(entry, errors);
        } else if entry.key != page::KEY {
            let member = requirement::parse(entry, 0, errors);
            is_complete &= member.is_some();
            members.extend(member);
        }
    }
    let runtime = runtime.unwrap_or_else(crate_path::default);
    // If a key occurs twice, the user may have meant `all` or `any`. The assertions then check the
    // inside of each member, but do not compare the members with each other.
    let member_assertions = (!is_unique)
        .then(|| members.iter().flat_map(|member| member.assertions(&runtime)).collect());
    let requirement = Requirement::all(members);
    requirement::limit_checks(&requirement, errors);
    let value = Statement {
        assertions: member_assertions.unwrap_or_else(|| requirement.assertions(&runtime)),
        requirement,
        is_complete,
    };
    Args { runtime, page, value }
}

/// Reads the arguments of `#[public(...)]`. The `Args` contain the reason that the user wrote.
pub(crate) fn public(args: TokenStream, errors: &mut Errors) -> Args<Option<LitStr>> {
    let is_empty = is_empty(&args);
    let entries = entries(args, REASON.example, errors);
    require_unique_keys(&entries, errors);
    let page = Page::find(&entries, errors);
    let mut runtime = None;
    let mut reason = None;
    for entry in &entries {
        match entry.key.to_string().as_str() {
            "crate" => runtime = crate_path::runtime(entry, errors),
            "reason" => reason = text(entry, &REASON, errors),
            page::KEY => {}
            _ => suggest::unknown(&entry.key, &["reason", "crate", page::KEY], errors),
        }
    }
    if (is_empty || !entries.is_empty()) && entries.iter().all(is_about_the_attribute) {
        errors.at_span(
            Span::call_site(),
            "the reason is missing: state why this handler is public, as in `#[public(reason = \"liveness probe\")]`",
        );
    }
    Args {
        runtime: runtime.unwrap_or_else(crate_path::default),
        page,
        value: reason.filter(|reason| require_text(reason, errors)),
    }
}

fn require_text(reason: &LitStr, errors: &mut Errors) -> bool {
    let has_text = !reason.value().trim().is_empty();
    if !has_text {
        errors.at(reason, "the reason is empty: state why this handler is public, as in `reason = \"liveness probe\"`");
    }
    has_text
}

/// Reports keys that occur twice, and returns true if all keys differ. At the top level two
/// requirements with the same key could mean `all` or `any`, so both entries are errors.
fn require_unique_keys(entries: &[Entry], errors: &mut Errors) -> bool {
    let mut is_unique = true;
    for entry in entries {
        let key = &entry.key;
        if entries.iter().filter(|other| other.key == *key).count() < 2 {
            continue;
        }
        is_unique = false;
        if requirement::is_key(key) {
            errors.at(entry, format!("duplicate key `{key}`: write `all(...)` to require both or `any(...)` to require one of them"));
        } else {
            errors.at(entry, format!("duplicate key `{key}`: remove one"));
        }
    }
    is_unique
}

/// Returns true if the source text of an attribute without arguments ends in empty delimiters. The
/// compiler passes the same empty list for `#[protected]` and for `#[protected()]`, but in
/// `#[protected()]` the user may have forgotten the requirement. This function does not compare the
/// name of the attribute, because an import can rename the attribute.
///
/// A list that contains metavariables of `macro_rules!` counts as empty, because each metavariable
/// can expand to nothing. Any other list with tokens belongs to another macro, which has generated
/// `#[protected]`.
fn has_empty_delimiters(source: &str) -> bool {
    let Ok(source) = source.parse() else {
        return true;
    };
    let attribute = match flatten(source).as_slice() {
        [TokenTree::Punct(_), TokenTree::Group(attribute)] => flatten(attribute.stream()),
        behind_cfg => behind_cfg.to_vec(),
    };
    // The pattern matches the name of an attribute directly before the list. The pattern does not
    // match a macro call, which has `!` between the name and the list.
    let [.., TokenTree::Ident(_), TokenTree::Group(list)] = attribute.as_slice() else {
        return false;
    };
    let is_metavariable =
        |token: TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '$');
    list.stream().is_empty() || list.stream().into_iter().any(is_metavariable)
}
