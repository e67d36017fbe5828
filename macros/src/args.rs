//! The grammar of `#[protected(...)]` and `#[public(...)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::LitStr;

use crate::errors::Errors;
use crate::list::{Entry, entries, flatten};
use crate::requirement::{Requirement, Statement};
use crate::string_value::{Hint, text};
use crate::{crate_path, requirement, suggest};

const REASON: Hint<'_> = Hint { example: "reason = \"liveness probe\"", several: None };

/// The arguments of an attribute: the path of the runtime, and a value of its own.
pub(crate) struct Args<T> {
    pub(crate) runtime: TokenStream,
    pub(crate) value: T,
}

/// Reads `#[protected(...)]`. `source` is its source text, if the compiler has it.
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

/// Reads `#[policy(...)]`. The value is `None` if there is no requirement.
pub(crate) fn policy(args: TokenStream, errors: &mut Errors) -> Args<Option<Statement>> {
    let is_empty = is_empty(&args);
    let entries = entries(args, requirement::EXAMPLE, errors);
    let has_requirement =
        !is_empty && entries.is_empty() || entries.iter().any(|entry| entry.key != "crate");
    let Args { runtime, value } = statement(&entries, errors);
    Args { runtime, value: has_requirement.then_some(value) }
}

/// Recognises a list without tokens. A fragment that `macro_rules!` has substituted, such as a
/// visibility, may be empty: it is a group without delimiters.
fn is_empty(list: &TokenStream) -> bool {
    flatten(list.clone()).is_empty()
}

fn statement(entries: &[Entry], errors: &mut Errors) -> Args<Statement> {
    let is_unique = require_unique_keys(entries, errors);
    let mut runtime = None;
    let mut members = Vec::new();
    let mut is_complete = true;
    for entry in entries {
        if entry.key == "crate" {
            runtime = crate_path::runtime(entry, errors);
        } else {
            let member = requirement::parse(entry, 0, errors);
            is_complete &= member.is_some();
            members.extend(member);
        }
    }
    let runtime = runtime.unwrap_or_else(crate_path::default);
    // With a duplicate key it is unknown if both requirements apply. The members are then checked
    // one by one, not against each other.
    let member_assertions = (!is_unique)
        .then(|| members.iter().flat_map(|member| member.assertions(&runtime)).collect());
    let requirement = Requirement::all(members);
    requirement::limit_checks(&requirement, errors);
    let value = Statement {
        assertions: member_assertions.unwrap_or_else(|| requirement.assertions(&runtime)),
        requirement,
        is_complete,
    };
    Args { runtime, value }
}

/// Reads `#[public(...)]`.
pub(crate) fn public(args: TokenStream, errors: &mut Errors) -> Args<Option<LitStr>> {
    let is_empty = is_empty(&args);
    let entries = entries(args, REASON.example, errors);
    require_unique_keys(&entries, errors);
    let mut runtime = None;
    let mut reason = None;
    for entry in &entries {
        match entry.key.to_string().as_str() {
            "crate" => runtime = crate_path::runtime(entry, errors),
            "reason" => reason = text(entry, &REASON, errors),
            _ => suggest::unknown(&entry.key, &["reason", "crate"], errors),
        }
    }
    if (is_empty || !entries.is_empty()) && entries.iter().all(|entry| entry.key == "crate") {
        errors.at_span(
            Span::call_site(),
            "the reason is missing: state why this handler is public, as in `#[public(reason = \"liveness probe\")]`",
        );
    }
    Args {
        runtime: runtime.unwrap_or_else(crate_path::default),
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

/// Reports keys that occur twice. At the top level a second requirement of the same kind could mean
/// `all` or `any`, so both are refused.
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

/// Checks if the source text of an attribute without arguments ends in delimiters. The compiler
/// passes the same empty list for `#[protected]` and `#[protected()]`, and in the second the user
/// may have forgotten the requirement. The name of the attribute is unknown, as imports rename.
///
/// A list with metavariables can have become empty. Any other list that is not empty belongs to another
/// macro, which has generated `#[protected]`.
fn has_empty_delimiters(source: &str) -> bool {
    let Ok(source) = source.parse() else {
        return true;
    };
    let attribute = match flatten(source).as_slice() {
        [TokenTree::Punct(_), TokenTree::Group(attribute)] => flatten(attribute.stream()),
        behind_cfg => behind_cfg.to_vec(),
    };
    // In a macro call `!` precedes the list.
    let [.., TokenTree::Ident(_), TokenTree::Group(list)] = attribute.as_slice() else {
        return false;
    };
    let is_metavariable =
        |token: TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '$');
    list.stream().is_empty() || list.stream().into_iter().any(is_metavariable)
}
