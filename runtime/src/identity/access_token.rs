//! Verified access token and its content.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Fault;
use crate::granted_scopes::Scopes;
use crate::json::{Document, Item, Object};
use crate::token::{ClaimPositions, Profile, Registered, Rules, SignedBy};

/// Verified access token.
///
/// The application gets an `AccessToken` from the server and cannot construct one. The server has
/// checked the token's signature, issuer, audience and lifetime.
///
/// As an extractor, `AccessToken` returns the token that the handler's attribute verified. On a
/// handler without an attribute, the extractor itself verifies the token. `Option<AccessToken>` is
/// `None` only for a request without credentials; a request with invalid credentials is refused.
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
/// `issuer()` and `subject()` together identify a user: two issuers may use the same subject.
/// Cloning is cheap. The `Debug` output does not contain claims.
#[derive(Clone)]
pub struct AccessToken(Arc<TokenData>);

struct TokenData {
    claims: Document,
    scopes: Scopes,
    registered: Registered,
    rules: Arc<Rules>,
    /// Key that signed the token. `None` for a token that was created without a signature. No key
    /// set confirms a token without this key.
    signed_by: Option<SignedBy>,
}

impl AccessToken {
    /// Creates a token from its claims. The caller has checked the signature of the token and its
    /// claims.
    pub(crate) fn new(
        claims: Document,
        positions: &ClaimPositions,
        registered: Registered,
        rules: &Arc<Rules>,
        signed_by: Option<SignedBy>,
    ) -> Result<Self, Fault> {
        let scopes = match rules.dialect.scopes(&claims) {
            Some(configured) => Scopes::read(&claims, configured),
            None => Scopes::read(&claims, positions.scopes()),
        };
        let scopes = scopes.ok_or(Fault::ScopesMalformed)?;
        Ok(Self(Arc::new(TokenData {
            claims,
            scopes,
            registered,
            rules: Arc::clone(rules),
            signed_by,
        })))
    }

    /// Returns the issuer, `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.text("iss").unwrap_or_default()
    }

    /// Returns the subject, `sub`. Some issuers omit it for clients that act without a user.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// Returns the OAuth client that the token was issued to, from the claim that the issuer's
    /// [`Provider`](crate::Provider) or settings name.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.0.rules.dialect.client(self.claims())
    }

    /// Returns the organisation or tenant, from the claim that the issuer's
    /// [`Provider`](crate::Provider) or settings name.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.0.rules.dialect.tenant(self.claims())
    }

    /// Returns the roles in the token, from the claims that the issuer's
    /// [`Provider`](crate::Provider) or settings name.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let TokenData { claims, registered, rules, .. } = &*self.0;
        rules.dialect.roles(claims.root(), || rules.audiences_of(claims, registered))
    }

    /// Returns true if the token grants exactly this role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|granted| granted == role)
    }

    /// Returns the granted scopes, from `scope`, or from `scp` if there is no `scope`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.scopes.iter(&self.0.claims)
    }

    /// Returns true if the token grants exactly this scope. Scopes are case-sensitive and have no
    /// hierarchy (RFC 6749 section 3.3).
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|granted| granted == scope)
    }

    /// Returns the expiry time, `exp`. The server refuses the token from the time `exp` plus the
    /// configured leeway on.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.0.registered.expires_at
    }

    /// Returns a copy of the claim with this name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value> {
        self.claim_as(name)
    }

    /// Returns the claim with this name if it is a string.
    #[must_use]
    pub fn claim_str(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    /// Returns the claim with this name if it is an integer in the range of `i64`.
    #[must_use]
    pub fn claim_i64(&self, name: &str) -> Option<i64> {
        match self.claims().get(name)? {
            Item::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Returns the claim with this name, deserialized as `T`. Returns `None` if the token does not
    /// have the claim or the claim cannot be deserialized.
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

    /// Returns true if `issuer` is the name by which policies refer to the token's issuer. This
    /// name is the configured name of the issuer, or the issuer's identifier if no name is
    /// configured.
    pub(crate) fn is_from(&self, issuer: &str) -> bool {
        self.0.rules.issuer_name.as_deref().unwrap_or_else(|| self.issuer()) == issuer
    }

    /// Returns all claims of the token.
    pub(crate) fn claims(&self) -> Object<'_> {
        self.0.claims.root()
    }

    /// Returns true if both values are clones of the same `AccessToken`.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn registered(&self) -> &Registered {
        &self.0.registered
    }

    pub(crate) fn signed_by(&self) -> Option<&SignedBy> {
        self.0.signed_by.as_ref()
    }

    /// Checks the audience and the lifetime of the token. A token that passed these checks when it
    /// was cached may fail them later.
    pub(crate) fn check_now(&self, rules: &Rules, now: SystemTime) -> Result<(), Fault> {
        rules.check_now(&self.0.claims, &self.0.registered, now)
    }

    /// Returns true if these same `rules` accepted the token when it was verified, so that calling
    /// `check_now` is sufficient.
    pub(crate) fn is_by(&self, rules: &Arc<Rules>) -> bool {
        Arc::ptr_eq(&self.0.rules, rules)
    }

    /// Checks the token against all of `rules`. This function is called for a token that was
    /// verified with other rules. `typ` is the strictest profile that accepts its header.
    pub(crate) fn check(&self, rules: &Rules, typ: Profile, now: SystemTime) -> Result<(), Fault> {
        let claims = &self.0.claims;
        let positions = ClaimPositions::of(claims);
        let registered = Registered::read(claims, &positions, &rules.dialect)?;
        rules.check(claims, &positions, &registered, typ, now).map(|_| ())
    }

    /// Checks the lifetime of a token whose audience was checked earlier in the same request.
    pub(crate) fn check_time(&self, rules: &Rules, now: SystemTime) -> Result<(), Fault> {
        rules.check_time(&self.0.registered, now)
    }

    /// Returns the size of the token in memory, in bytes.
    pub(crate) fn size(&self) -> usize {
        // An `Arc` allocates two reference counters with its value.
        let allocation = size_of::<TokenData>().saturating_add(2 * size_of::<usize>());
        let TokenData { claims, scopes, .. } = &*self.0;
        let kid = self.signed_by().and_then(|key| key.kid.as_deref());
        [allocation, claims.size(), scopes.size(), kid.map_or(0, str::len)]
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
