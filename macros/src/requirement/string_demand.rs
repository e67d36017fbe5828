//! The demands that are one string: a table, and the reading of a row.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::EXAMPLE;
use crate::errors::Errors;
use crate::list::Entry;
use crate::string_value::{Hint, text};

/// Every demand that is one string.
pub(crate) const STRING_DEMANDS: [StringDemand; 5] = [
    StringDemand {
        key: "scope",
        variant: "Scope",
        noun: "scope",
        example: EXAMPLE,
        or_instead: ", or `#[protected]` for any valid token",
        characters: Characters::ScopeToken,
        per_token: PerToken::Several,
    },
    StringDemand {
        key: "role",
        variant: "Role",
        noun: "role",
        example: "role = \"auditor\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::Several,
    },
    StringDemand {
        key: "client",
        variant: "Client",
        noun: "client",
        example: "client = \"web\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::One,
    },
    StringDemand {
        key: "issuer",
        variant: "Issuer",
        noun: "issuer",
        example: "issuer = \"acme\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::One,
    },
    StringDemand {
        key: "acr",
        variant: "Acr",
        noun: "class",
        example: "acr = \"urn:mace:incommon:iap:silver\"",
        or_instead: "",
        characters: Characters::ScopeToken,
        per_token: PerToken::One,
    },
];

/// A demand that is one string.
pub(crate) struct StringDemand {
    /// The key, as users write it.
    pub(super) key: &'static str,
    /// The variant of the runtime's `Demand`.
    pub(crate) variant: &'static str,
    /// The noun for its value.
    noun: &'static str,
    /// An entry that would be right.
    example: &'static str,
    /// Another fix for an empty string.
    or_instead: &'static str,
    characters: Characters,
    per_token: PerToken,
}

/// The characters of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Characters {
    /// Those of a scope-token.
    ScopeToken,
    /// Any that can be seen.
    Visible,
}

/// The number of values that a token may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PerToken {
    One,
    Several,
}

impl StringDemand {
    /// The demand with this key.
    pub(super) fn of_key(key: &str) -> Option<&'static Self> {
        const ALL: &[StringDemand] = &STRING_DEMANDS;
        ALL.iter().find(|demand| demand.key == key)
    }

    /// The variant of the runtime's `Demand`.
    pub(super) fn variant(&self) -> Ident {
        Ident::new(self.variant, Span::call_site())
    }

    /// A token has one value of it at most.
    pub(crate) fn is_single(&self) -> bool {
        self.per_token == PerToken::One
    }

    /// Reads the string of an entry.
    pub(super) fn parse(&self, entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
        let Self { key, noun, example, .. } = self;
        let several = format!("one `{key}` names one {noun}: write {}", self.both("a", "b"));
        let wanted = Hint { example, several: Some(&several) };
        let string = text(entry, &wanted, errors)?;
        match self.mistake(&string.value()) {
            Some(mistake) => {
                errors.at(string, mistake);
                None
            }
            None => Some(string),
        }
    }

    fn mistake(&self, value: &str) -> Option<String> {
        let Self { key, example, or_instead, .. } = self;
        if value.trim().is_empty() {
            return Some(format!("the {key} is empty: write `{example}`{or_instead}"));
        }
        match self.characters {
            Characters::ScopeToken => self.not_a_token(value),
            Characters::Visible => None,
        }
    }

    fn not_a_token(&self, value: &str) -> Option<String> {
        let Self { key, example, .. } = self;
        let odd = odd_in_token(value)?;
        let several: Vec<_> = value.split(' ').filter(|part| !part.is_empty()).collect();
        Some(match (odd, several.as_slice()) {
            (' ', [first, second, ..]) => {
                format!("one {key} has no space: write {}", self.both(first, second))
            }
            (' ', _) => format!("one {key} has no space: remove it"),
            _ => format!("{}, as in `{example}`", not_allowed(key, odd)),
        })
    }

    /// The ways to write two values.
    fn both(&self, first: &str, second: &str) -> String {
        let key = self.key;
        let both = format!("{key} = {first:?}, {key} = {second:?}");
        match self.per_token {
            PerToken::One => format!("`any({both})`"),
            PerToken::Several => format!("`all({both})` or `any({both})`"),
        }
    }
}

/// The mistake in a string that is not one scope-token, with its fix.
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
    value.chars().find(|character| !matches!(character, '\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E'))
}

/// The message about such a character.
fn not_allowed(key: &str, odd: char) -> String {
    let odd = if odd.is_control() || odd.is_whitespace() {
        odd.escape_default().to_string()
    } else {
        odd.to_string()
    };
    let article = if key == "acr" { "an" } else { "a" };
    format!("{article} {key} has no `{odd}`: write visible ASCII other than `\"` and `\\`")
}
