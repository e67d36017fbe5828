//! What a demand without parts says about another. No `==` of the standard library's is to be had
//! in a constant.

use super::requirement::{ClaimValue, Requirement};

/// Whether a token with this scope satisfies the demand.
pub(super) const fn scope_implies(name: &str, other: &Requirement) -> bool {
    match other {
        Requirement::Scope(other) => is(name, other),
        Requirement::Declared(entry) => is(name, entry.name) || is_one_of(name, entry.implied_by),
        _ => false,
    }
}

/// Whether a token with any of these scopes satisfies the demand.
pub(super) const fn scopes_imply(mut names: &[&str], other: &Requirement) -> bool {
    while let [name, rest @ ..] = names {
        if !scope_implies(name, other) {
            return false;
        }
        names = rest;
    }
    true
}

/// Whether one demand of anything but scopes and code implies another.
pub(super) const fn leaf_implies(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{Acr, Claim, Client, Issuer, MaxAge, Role};
    match (this, other) {
        (Role(this), Role(other))
        | (Client(this), Client(other))
        | (Issuer(this), Issuer(other))
        | (Acr(this), Acr(other)) => is(this, other),
        (MaxAge(this), MaxAge(other)) => *this <= *other,
        (Claim(path, value), Claim(other_path, other_value)) => {
            are(path, other_path) && is_value(*value, *other_value)
        }
        _ => false,
    }
}

/// Whether no token satisfies both: each has one client, one acr and one issuer. An issuer may have
/// a name besides its identifier, so only two names are surely two issuers. An array may have any
/// values of a claim.
pub(super) const fn leaf_excludes(this: &Requirement, other: &Requirement) -> bool {
    use Requirement::{Acr, Client, Issuer};
    match (this, other) {
        (Client(this), Client(other)) | (Acr(this), Acr(other)) => !is(this, other),
        (Issuer(this), Issuer(other)) => {
            !is(this, other) && !is_identifier(this) && !is_identifier(other)
        }
        _ => false,
    }
}

/// The identifier of an issuer is a URL.
const fn is_identifier(issuer: &str) -> bool {
    matches!(
        issuer.as_bytes(),
        [b'h', b't', b't', b'p', b':', ..] | [b'h', b't', b't', b'p', b's', b':', ..]
    )
}

const fn is_value(this: ClaimValue, other: ClaimValue) -> bool {
    match (this, other) {
        (ClaimValue::Text(this), ClaimValue::Text(other)) => is(this, other),
        (ClaimValue::Integer(this), ClaimValue::Integer(other)) => this == other,
        (ClaimValue::Bool(this), ClaimValue::Bool(other)) => this == other,
        _ => false,
    }
}

pub(super) const fn is_one_of(name: &str, mut names: &[&str]) -> bool {
    while let [one, rest @ ..] = names {
        if is(name, one) {
            return true;
        }
        names = rest;
    }
    false
}

const fn are(mut these: &[&str], mut others: &[&str]) -> bool {
    while let ([this, rest @ ..], [other, other_rest @ ..]) = (these, others) {
        if !is(this, other) {
            return false;
        }
        (these, others) = (rest, other_rest);
    }
    these.is_empty() && others.is_empty()
}

pub(super) const fn is(this: &str, other: &str) -> bool {
    let (mut these, mut others) = (this.as_bytes(), other.as_bytes());
    while let ([this, rest @ ..], [other, other_rest @ ..]) = (these, others) {
        if *this != *other {
            return false;
        }
        (these, others) = (rest, other_rest);
    }
    these.is_empty() && others.is_empty()
}
