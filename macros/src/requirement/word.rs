//! The demands that are one string: which they are, and what it may be made of.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use crate::entry::Entry;
use crate::errors::Errors;
use crate::text::{Wanted, text};

/// A demand that is one string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Scope,
    Role,
    Client,
    Issuer,
    Acr,
}

impl Word {
    /// Its key, as users write it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Role => "role",
            Self::Client => "client",
            Self::Issuer => "issuer",
            Self::Acr => "acr",
        }
    }

    /// The variant of the runtime.
    pub(crate) fn variant(self) -> Ident {
        let name = match self {
            Self::Scope => "Scope",
            Self::Role => "Role",
            Self::Client => "Client",
            Self::Issuer => "Issuer",
            Self::Acr => "Acr",
        };
        Ident::new(name, Span::call_site())
    }

    /// Whether a token has one value of it at most.
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Self::Client | Self::Issuer | Self::Acr)
    }

    fn wanted(self) -> Wanted {
        let (example, several) = match self {
            Self::Scope => (
                super::EXAMPLE,
                "one `scope` names one scope: write `all(scope = \"a\", scope = \"b\")` or `any(scope = \"a\", scope = \"b\")`",
            ),
            Self::Role => (
                "role = \"auditor\"",
                "one `role` names one role: write `all(role = \"a\", role = \"b\")` or `any(role = \"a\", role = \"b\")`",
            ),
            Self::Client => (
                "client = \"web\"",
                "one `client` names one client: write `any(client = \"a\", client = \"b\")`",
            ),
            Self::Issuer => (
                "issuer = \"acme\"",
                "one `issuer` names one issuer: write `any(issuer = \"a\", issuer = \"b\")`",
            ),
            Self::Acr => (
                "acr = \"urn:mace:incommon:iap:silver\"",
                "one `acr` names one class: write `any(acr = \"a\", acr = \"b\")`",
            ),
        };
        Wanted {
            example,
            several: Some(several),
        }
    }

    /// Reads the string of an entry.
    pub(crate) fn parse(self, entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
        let wanted = self.wanted();
        let word = text(entry, &wanted, errors)?;
        match self.mistake(&word.value(), wanted.example) {
            Some(mistake) => {
                errors.at(word, mistake);
                None
            }
            None => Some(word),
        }
    }

    fn mistake(self, value: &str, example: &str) -> Option<String> {
        let key = self.key();
        match self {
            Self::Scope if value.is_empty() => Some(format!(
                "the scope is empty: write `{example}`, or `#[protected]` for any valid token"
            )),
            _ if value.trim().is_empty() => Some(format!("the {key} is empty: write `{example}`")),
            Self::Scope | Self::Acr => self.not_a_token(value, example),
            Self::Role | Self::Client | Self::Issuer => None,
        }
    }

    fn not_a_token(self, value: &str, example: &str) -> Option<String> {
        let key = self.key();
        let odd = odd_in_token(value)?;
        let several: Vec<_> = value.split(' ').filter(|part| !part.is_empty()).collect();
        Some(match (odd, several.as_slice()) {
            (' ', [first, second, ..]) => {
                let both = format!("{key} = {first:?}, {key} = {second:?}");
                let all = format!("`all({both})` or ");
                let all = if self.is_single() { "" } else { &all };
                format!("one {key} has no space: write {all}`any({both})`")
            }
            (' ', _) => format!("one {key} has no space: remove it"),
            _ => format!("{}, as in `{example}`", not_allowed(key, odd)),
        })
    }
}

/// Why a string is not one scope-token, with what to do.
pub(crate) fn scope_mistake(value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return Some("the scope is empty: write its name, as in `items:read`".to_owned());
    }
    let odd = odd_in_token(value)?;
    Some(match odd {
        ' ' => "one scope has no space: remove it, or write a variant for each".to_owned(),
        _ => format!("{}, as in `items:read`", not_allowed("scope", odd)),
    })
}

/// The first character that no scope-token has: `%x21 / %x23-5B / %x5D-7E` (RFC 6749 section 3.3).
/// An acr stands in the same kind of list, and in a challenge within the same quotes.
fn odd_in_token(value: &str) -> Option<char> {
    value
        .chars()
        .find(|character| !matches!(character, '\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E'))
}

/// What to say of such a character.
fn not_allowed(key: &str, odd: char) -> String {
    let odd = if odd.is_control() || odd.is_whitespace() {
        odd.escape_default().to_string()
    } else {
        odd.to_string()
    };
    let article = if key == "acr" { "an" } else { "a" };
    format!("{article} {key} has no `{odd}`: write visible ASCII other than `\"` and `\\`")
}
