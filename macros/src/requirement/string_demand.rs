//! The demands that are one string: a table of the demands, and their common parser.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::EXAMPLE;
use crate::errors::Errors;
use crate::list::Entry;
use crate::string_value::{Hint, text};

/// The table of all demands that are one string.
pub(crate) const STRING_DEMANDS: [StringDemand; 5] = [
    StringDemand {
        key: "scope",
        variant: "Scope",
        noun: "scope",
        example: EXAMPLE,
        or_instead: ", or `#[protected]` for any valid token",
        characters: Characters::ScopeToken,
        per_token: PerToken::Several,
        declared: Some(DeclaredDemand {
            kind: "Scope",
            example: "Scope::ItemsRead",
            accept: "declared_scope",
            convert: "__scope_demand",
        }),
    },
    StringDemand {
        key: "role",
        variant: "Role",
        noun: "role",
        example: "role = \"auditor\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::Several,
        declared: Some(DeclaredDemand {
            kind: "Role",
            example: "Role::Auditor",
            accept: "declared_role",
            convert: "__role_demand",
        }),
    },
    StringDemand {
        key: "client",
        variant: "Client",
        noun: "client",
        example: "client = \"web\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::One,
        declared: None,
    },
    StringDemand {
        key: "issuer",
        variant: "Issuer",
        noun: "issuer",
        example: "issuer = \"acme\"",
        or_instead: "",
        characters: Characters::Visible,
        per_token: PerToken::One,
        declared: None,
    },
    StringDemand {
        key: "acr",
        variant: "Acr",
        noun: "class",
        example: "acr = \"urn:mace:incommon:iap:silver\"",
        or_instead: "",
        characters: Characters::ScopeToken,
        per_token: PerToken::One,
        declared: None,
    },
];

/// A kind of demand that is one string, such as a scope or a role.
pub(crate) struct StringDemand {
    /// The key of the demand, as users write it.
    pub(super) key: &'static str,
    /// The name of the variant in the runtime's `Demand`.
    pub(crate) variant: &'static str,
    /// The word for the value of the demand in error messages, such as `scope`.
    noun: &'static str,
    /// The text of a valid entry, as an example in error messages.
    pub(super) example: &'static str,
    /// The text after the first fix in the error message for an empty string: a second fix, or
    /// nothing.
    or_instead: &'static str,
    characters: Characters,
    per_token: PerToken,
    /// The paths that the demand takes instead of a string, if it takes paths.
    pub(super) declared: Option<DeclaredDemand>,
}

/// The paths that a demand takes instead of a string, and the items of the runtime that convert the
/// value of such a path to a demand.
pub(crate) struct DeclaredDemand {
    /// The name of an enum of declared values, as an example in error messages.
    pub(super) kind: &'static str,
    /// The path of a variant of this enum.
    pub(super) example: &'static str,
    /// The function of the runtime whose bound accepts the types of the values.
    accept: &'static str,
    /// The constant method of these types that returns the demand.
    convert: &'static str,
}

impl DeclaredDemand {
    /// Returns the name of the function in the runtime whose bound accepts the types of the values.
    pub(super) fn accept(&self) -> Ident {
        Ident::new(self.accept, Span::call_site())
    }

    /// Returns the name of the constant method of these types that returns the demand.
    pub(super) fn convert(&self) -> Ident {
        Ident::new(self.convert, Span::call_site())
    }
}

/// The characters that the value of a demand may contain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Characters {
    /// The characters of a `scope-token` (RFC 6749 section 3.3).
    ScopeToken,
    /// Any visible character.
    Visible,
}

/// The largest number of values that a token has for a demand: one or several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PerToken {
    One,
    Several,
}

impl StringDemand {
    /// Returns the entry of [`STRING_DEMANDS`] with this key.
    pub(super) fn of_key(key: &str) -> Option<&'static Self> {
        const ALL: &[StringDemand] = &STRING_DEMANDS;
        ALL.iter().find(|demand| demand.key == key)
    }

    /// Returns the identifier of the variant in the runtime's `Demand`.
    pub(super) fn variant(&self) -> Ident {
        Ident::new(self.variant, Span::call_site())
    }

    /// Returns true if a token has at most one value for this demand.
    pub(crate) fn is_single(&self) -> bool {
        self.per_token == PerToken::One
    }

    /// Reads the string in the value of an entry.
    pub(super) fn parse(&self, entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
        let Self { key, noun, example, .. } = self;
        let several = format!("`{key}` takes one {noun}: write {}", self.both("a", "b"));
        let hint = Hint { example, several: Some(&several) };
        let string = text(entry, &hint, errors)?;
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
            Characters::ScopeToken => self.not_a_scope_token(value),
            Characters::Visible => None,
        }
    }

    fn not_a_scope_token(&self, value: &str) -> Option<String> {
        let Self { key, example, .. } = self;
        let invalid = invalid_character(value)?;
        let parts: Vec<_> = value.split(' ').filter(|part| !part.is_empty()).collect();
        let article = article(key);
        Some(match (invalid, parts.as_slice()) {
            (' ', [first, second, ..]) => {
                let both = self.both(first, second);
                format!("{article} {key} cannot contain a space: write {both}")
            }
            (' ', _) => format!("{article} {key} cannot contain a space: remove it"),
            _ => format!("{}, as in `{example}`", not_allowed(key, invalid)),
        })
    }

    /// Returns the text of a requirement for two values, as the fix in an error message.
    fn both(&self, first: &str, second: &str) -> String {
        let key = self.key;
        let both = format!("{key} = {first:?}, {key} = {second:?}");
        match self.per_token {
            PerToken::One => format!("`any({both})`"),
            PerToken::Several => format!("`all({both})` or `any({both})`"),
        }
    }
}

/// Returns the error message for a string that is not a `scope-token`.
pub(crate) fn scope_mistake(value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return Some("the scope is empty: write its name, as in `items:read`".to_owned());
    }
    let invalid = invalid_character(value)?;
    Some(match invalid {
        ' ' => "a scope cannot contain a space: remove it, or write a variant for each".to_owned(),
        _ => format!("{}, as in `items:read`", not_allowed("scope", invalid)),
    })
}

/// Finds the first character that a `scope-token` cannot contain, which is any character other than
/// `%x21 / %x23-5B / %x5D-7E` (RFC 6749 section 3.3). The same rule applies to `acr` values,
/// because a challenge contains both scopes and `acr` values as quoted lists with spaces.
fn invalid_character(value: &str) -> Option<char> {
    value.chars().find(|character| !matches!(character, '\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E'))
}

/// Returns the error message for a character that a `scope-token` cannot contain.
fn not_allowed(key: &str, invalid: char) -> String {
    let character = if invalid.is_control() || invalid.is_whitespace() {
        invalid.escape_default().to_string()
    } else {
        invalid.to_string()
    };
    let article = article(key);
    format!(
        "{article} {key} cannot contain `{character}`: write visible ASCII other than `\"` and `\\`"
    )
}

fn article(key: &str) -> &'static str {
    if key == "acr" { "an" } else { "a" }
}
