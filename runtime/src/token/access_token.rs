//! The verified token, and what it says.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::registered::{ClaimPositions, Registered};
use super::rules::Rules;
use super::signed_by::SignedBy;
use crate::error::RefusalKind::{self, MalformedClaim};
use crate::json::{Document, Item, Object};
use crate::scope::Scopes;

/// A verified access token. It cannot be made, only received: holding one proves that its
/// signature, issuer, audience and lifetime were checked for this request.
///
/// As an extractor it gives the token that the handler's attribute verified; on a handler without
/// an attribute it authenticates by itself. `Option<AccessToken>` is `None` only where the request
/// carries no credentials; credentials that are no good are refused all the same.
///
/// ```
/// use axum_protected::{AccessToken, protected};
///
/// #[protected(scope = "items:read")]
/// async fn who(token: AccessToken) -> String {
///     token.subject().unwrap_or("a machine").to_owned()
/// }
/// ```
///
/// A user is `issuer()` and `subject()` together: subjects of two issuers may be equal.
/// Cheap to clone. `Debug` shows no claim.
#[derive(Clone)]
pub struct AccessToken(Arc<TokenData>);

struct TokenData {
    claims: Document,
    scopes: Scopes,
    registered: Registered,
    rules: Arc<Rules>,
    /// `None` where nobody verified it: such a token is confirmed by no key set.
    signed_by: Option<SignedBy>,
}

impl AccessToken {
    /// Only for claims whose signature and rules have been checked.
    pub(crate) fn new(
        claims: Document,
        found: &ClaimPositions,
        registered: Registered,
        rules: &Arc<Rules>,
        signed_by: Option<SignedBy>,
    ) -> Result<Self, RefusalKind> {
        let scopes = Scopes::read(&claims, found.scopes()).ok_or(MalformedClaim)?;
        Ok(Self(Arc::new(TokenData {
            claims,
            scopes,
            registered,
            rules: Arc::clone(rules),
            signed_by,
        })))
    }

    /// `iss`: who signed the token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.text("iss").unwrap_or_default()
    }

    /// `sub`: on whose behalf it was issued; some issuers leave it out for machines.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// The OAuth client it was issued to, from where the issuer's [`Provider`](crate::Provider)
    /// writes it.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.0.rules.dialect.client(self.claims())
    }

    /// The organisation or tenant, from where the issuer's [`Provider`](crate::Provider) writes it.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.0.rules.dialect.tenant(self.claims())
    }

    /// The roles, from where the issuer's [`Provider`](crate::Provider) writes them.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let TokenData { claims, registered, rules, .. } = &*self.0;
        let audiences = rules.audiences_of(claims, registered);
        rules.dialect.roles(claims.root(), audiences)
    }

    /// Whether this role is granted, compared exactly.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|granted| granted == role)
    }

    /// The granted scopes, from `scope` or, where there is none, `scp`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.scopes.iter(&self.0.claims)
    }

    /// Whether exactly this scope is granted (RFC 6749 section 3.3: case-sensitive, no hierarchy).
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|granted| granted == scope)
    }

    /// `exp`: from when on the token is refused, but for the configured leeway.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.0.registered.expires_at
    }

    /// A copy of any claim, by its name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value> {
        self.claim_as(name)
    }

    /// A claim that is a string, by its name.
    #[must_use]
    pub fn claim_str(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    /// A claim that is a whole number within the range of `i64`, by its name.
    #[must_use]
    pub fn claim_i64(&self, name: &str) -> Option<i64> {
        match self.claims().get(name)? {
            Item::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// A claim as a type of the application's own, by its name; nothing where the token has no such
    /// claim or the claim cannot be read as a `T`.
    ///
    /// ```
    /// use axum_protected::{AccessToken, protected};
    ///
    /// #[protected]
    /// async fn teams(token: AccessToken) -> String {
    ///     token.claim_as::<Vec<String>>("teams").unwrap_or_default().join(", ")
    /// }
    /// ```
    #[must_use]
    pub fn claim_as<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.claims().get(name)?).ok()
    }

    /// Compares with what policies call the issuer: its configured name, or its identifier where it
    /// has no name.
    pub(crate) fn is_from(&self, issuer: &str) -> bool {
        self.0.rules.issuer_name.as_deref().unwrap_or(self.issuer()) == issuer
    }

    /// All claims.
    pub(crate) fn claims(&self) -> Object<'_> {
        self.0.claims.root()
    }

    /// Compares identity: true for clones of one verified token.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn registered(&self) -> &Registered {
        &self.0.registered
    }

    pub(crate) fn signed_by(&self) -> Option<&SignedBy> {
        self.0.signed_by.as_ref()
    }

    /// Whether it is good now by these rules, as far as that changes.
    pub(crate) fn check_now(&self, rules: &Rules, now: SystemTime) -> Result<(), RefusalKind> {
        rules.check_now(&self.0.claims, &self.0.registered, now)
    }

    /// Whether it was verified by these rules, so that nothing is left but what changes.
    pub(crate) fn is_by(&self, rules: &Arc<Rules>) -> bool {
        Arc::ptr_eq(&self.0.rules, rules)
    }

    /// Checks a token that other rules let in by all of these.
    pub(crate) fn check(&self, rules: &Rules, now: SystemTime) -> Result<(), RefusalKind> {
        let claims = &self.0.claims;
        let found = ClaimPositions::of(claims);
        let registered = Registered::read(claims, &found, rules.dialect)?;
        rules.check(claims, &found, &registered, now)
    }

    /// The same, of a token whose audience was judged earlier in the same request.
    pub(crate) fn check_time(&self, rules: &Rules, now: SystemTime) -> Result<(), RefusalKind> {
        rules.check_time(&self.0.registered, now)
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        // The two counters of what is shared.
        let shared = size_of::<TokenData>().saturating_add(2 * size_of::<usize>());
        let TokenData { claims, scopes, .. } = &*self.0;
        let kid = self.signed_by().and_then(|key| key.kid.as_deref());
        [shared, claims.size(), scopes.size(), kid.map_or(0, str::len)]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims().get(name)?.as_str()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AccessToken").finish_non_exhaustive()
    }
}
