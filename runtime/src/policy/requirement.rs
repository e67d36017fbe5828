//! The tree of demands.

use std::fmt;

use super::Operation;
use super::vocabulary::ScopeEntry;
use super::words::{self, word};

/// A tree of demands on a token that is already known to be valid.
///
/// ```
/// use axum_protected::Requirement::{All, Any, Scope};
///
/// let requirement = Any(&[Scope("items:admin"), All(&[Scope("a"), Scope("b")])]);
/// assert_eq!(requirement.scopes(), ["items:admin"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// Every one of these; none at all demands only that the token is valid.
    All(&'static [Self]),
    /// At least one of these; none at all can never be satisfied.
    Any(&'static [Self]),
    /// This scope.
    Scope(&'static str),
    /// This scope of a vocabulary, or one that implies it.
    Declared(ScopeEntry),
    /// This role, where the issuer's [`Provider`](crate::Provider) writes roles.
    Role(&'static str),
    /// A claim, by the names on the way to it, that has this value or is an array with it.
    Claim(&'static [&'static str], ClaimValue),
    /// This OAuth client, where the issuer's [`Provider`](crate::Provider) writes it.
    Client(&'static str),
    /// The issuer with this name in the configuration, or this identifier.
    Issuer(&'static str),
    /// This authentication context class, in the claim `acr` (RFC 9470).
    Acr(&'static str),
    /// An authentication, by the claim `auth_time`, at most so many seconds ago (RFC 9470).
    MaxAge(u64),
    /// The check of this number among the policy's checks, and its name.
    Check(usize, &'static str),
    /// Another policy, which is the check of this number.
    Named(usize, &'static Operation),
}

/// A value that a claim is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimValue {
    /// A string, compared exactly.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Bool(bool),
}

impl Requirement {
    /// Scopes that together satisfy what it demands of scopes, in the order they were written and
    /// each once: what a client should ask for (RFC 6750 section 3). Of alternatives the first.
    #[must_use]
    pub fn scopes(&self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        self.walk(&mut |leaf| match leaf {
            Self::Scope(name) | Self::Declared(ScopeEntry { name, .. })
                if !scopes.contains(name) =>
            {
                scopes.push(*name);
            }
            _ => {}
        });
        scopes
    }

    /// The `acr` values any of which may be what is lacking, each once (RFC 9470 section 3).
    pub(crate) fn acr_values(&self) -> Vec<&'static str> {
        let mut values = Vec::new();
        self.walk_all(&mut |leaf| match leaf {
            Self::Acr(value) if !values.contains(value) => values.push(*value),
            _ => {}
        });
        values
    }

    /// The shortest age of an authentication that is asked for, in seconds.
    pub(crate) fn max_age(&self) -> Option<u64> {
        let mut shortest = None;
        self.walk_all(&mut |leaf| {
            if let Self::MaxAge(age) = leaf {
                shortest = Some(shortest.map_or(*age, |shorter: u64| shorter.min(*age)));
            }
        });
        shortest
    }

    pub(crate) fn is_group(&self) -> bool {
        match self {
            Self::All(members) | Self::Any(members) => members.len() > 1,
            Self::Named(_, operation) => operation.requirement.is_group(),
            _ => false,
        }
    }

    /// The leaves on one way to satisfy it.
    fn walk(&self, visit: &mut impl FnMut(&Self)) {
        match self {
            Self::All(members) => members.iter().for_each(|member| member.walk(visit)),
            Self::Any(members) => members.iter().take(1).for_each(|first| first.walk(visit)),
            Self::Named(_, operation) => operation.requirement.walk(visit),
            leaf => visit(leaf),
        }
    }

    /// Every leaf.
    pub(crate) fn walk_all(&self, visit: &mut impl FnMut(&Self)) {
        match self {
            Self::All(members) | Self::Any(members) => {
                members.iter().for_each(|member| member.walk_all(visit));
            }
            Self::Named(_, operation) => operation.requirement.walk_all(visit),
            leaf => visit(leaf),
        }
    }
}

/// As a person reads it: `items:write and (role auditor or check owns_order)`.
impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(members) => words::all(formatter, members, Self::is_group),
            Self::Any(members) => words::any(formatter, members, Self::is_group),
            Self::Scope(name) | Self::Declared(ScopeEntry { name, .. }) => {
                formatter.write_str(&word(name))
            }
            Self::Role(role) => write!(formatter, "role {}", word(role)),
            Self::Claim(path, value) => {
                // A dot that is part of a name leads nowhere.
                let names = path.iter().map(|name| {
                    if name.contains('.') {
                        format!("{name:?}")
                    } else {
                        word(name)
                    }
                });
                let names = names.collect::<Vec<_>>().join(".");
                write!(formatter, "claim {names} = {value}")
            }
            Self::Client(client) => write!(formatter, "client {}", word(client)),
            Self::Issuer(issuer) => write!(formatter, "issuer {}", word(issuer)),
            Self::Acr(acr) => write!(formatter, "acr {}", word(acr)),
            Self::MaxAge(seconds) => write!(formatter, "authenticated within {seconds} s"),
            Self::Check(_, name) => write!(formatter, "check {}", word(name)),
            Self::Named(_, operation) => operation.requirement.fmt(formatter),
        }
    }
}

impl fmt::Display for ClaimValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Integer(number) => number.fmt(formatter),
            Self::Bool(truth) => truth.fmt(formatter),
        }
    }
}
