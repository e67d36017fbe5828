//! `details(type = "...", actions = all("...", "..."))`: the authorization details that one object
//! of the token must have (RFC 9396).

mod member;
mod values;

use syn::LitStr;

pub(super) use self::member::Member;

use self::member::{MEMBERS, TYPE};
use self::values::{several, single};
use crate::errors::Errors;
use crate::list::{Entry, Form, entries};
use crate::suggest;

const EXAMPLE: &str = "details(type = \"payment_initiation\")";

/// The text of a valid entry of `details`, as an example in error messages.
const ENTRY: &str = "type = \"payment_initiation\"";

/// The members that one object of the authorization details must have.
pub(crate) struct Details {
    pub(super) kind: LitStr,
    /// The other demanded members in the order of the declaration, each with its values.
    pub(super) members: Vec<(&'static Member, Vec<LitStr>)>,
}

impl Details {
    /// Reads the entry `details(...)`.
    pub(super) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let Form::List(list) = &entry.form else {
            errors.at(entry, format!("`details` takes a list in parentheses: write `{EXAMPLE}`"));
            return None;
        };
        if list.stream().is_empty() {
            errors.at(entry, format!("`details()` is empty: write `{EXAMPLE}`"));
            return None;
        }
        let inner = entries(list.stream(), ENTRY, errors);
        let is_unique = require_unique_keys(&inner, errors);
        let (kinds, others): (Vec<_>, Vec<_>) = inner.iter().partition(|inner| inner.key == TYPE);
        // A misspelt key may be the type.
        if kinds.is_empty() && others.iter().any(|other| Member::of_key(&other.key).is_some()) {
            errors.at(entry, format!("the `type` of the details is missing: write `{EXAMPLE}`"));
        }
        let kinds: Vec<_> =
            kinds.into_iter().map(|kind| single(kind, TYPE, ENTRY, errors)).collect();
        let members: Vec<_> = others.into_iter().map(|other| member(other, errors)).collect();
        let kind = kinds.into_iter().next()??;
        let members = members.into_iter().collect::<Option<_>>()?;
        is_unique.then_some(Self { kind, members })
    }
}

/// Reads an entry other than `type`.
fn member(entry: &Entry, errors: &mut Errors) -> Option<(&'static Member, Vec<LitStr>)> {
    let Some(member) = Member::of_key(&entry.key) else {
        let known: Vec<_> =
            std::iter::once(TYPE).chain(MEMBERS.iter().map(|member| member.key)).collect();
        suggest::unknown(&entry.key, &known, errors);
        return None;
    };
    let Member { key, example, .. } = member;
    let values = if member.is_single() {
        vec![single(entry, key, example, errors)?]
    } else {
        several(entry, key, example, errors)?
    };
    Some((member, values))
}

/// Reports keys that occur twice, and returns true if all keys differ.
fn require_unique_keys(entries: &[Entry], errors: &mut Errors) -> bool {
    let mut is_unique = true;
    for (index, entry) in entries.iter().enumerate() {
        if !entries.iter().take(index).any(|earlier| earlier.key == entry.key) {
            continue;
        }
        is_unique = false;
        let key = &entry.key;
        let fix = match Member::of_key(key) {
            Some(member) if !member.is_single() => {
                format!("write one `{key} = all(\"a\", \"b\")`")
            }
            _ => {
                "remove one, or write `any(details(...), details(...))` for alternatives".to_owned()
            }
        };
        errors.at(entry, format!("duplicate key `{key}`: {fix}"));
    }
    is_unique
}
