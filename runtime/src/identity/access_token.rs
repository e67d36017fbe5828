//! Verified access token and its content.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::origin::Origin;
use crate::credential::Presentation;
use crate::granted_scopes::Scopes;
use crate::json::{Document, Item, Object};
use crate::possession::{Proofs, Thumbprint};
use crate::token::Dialect;

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
pub struct AccessToken {
    identity: Arc<Identity>,
    presentation: Presentation,
    /// True if the token is bound to a key. It stands here too, because every request asks for it.
    pub(super) is_bound: bool,
    /// The proofs that the request has presented for this token.
    pub(super) proofs: Proofs,
}

/// The caller, regardless of the place of the credential in the request.
pub(super) struct Identity {
    pub(super) claims: Document,
    pub(super) scopes: Scopes,
    pub(super) origin: Origin,
    /// The digest of the text of the credential, once it was needed.
    pub(super) text_digest: OnceLock<Thumbprint>,
}

impl Identity {
    pub(super) fn new(claims: Document, scopes: Scopes, origin: Origin) -> Self {
        Self { claims, scopes, origin, text_digest: OnceLock::new() }
    }
}

impl AccessToken {
    pub(super) fn new(identity: Identity, presentation: Presentation) -> Self {
        let is_bound = identity.origin.binding().is_some();
        Self { identity: Arc::new(identity), presentation, is_bound, proofs: Proofs::default() }
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Records the place of the request in which the caller presented the credential.
    pub(crate) fn set_presentation(&mut self, presentation: Presentation) {
        self.presentation = presentation;
    }

    /// Returns the place of the request in which the caller presented the credential.
    #[must_use]
    pub fn presentation(&self) -> Presentation {
        self.presentation
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
        self.identity.origin.dialect().client(self.claims())
    }

    /// Returns the organisation or tenant, from the claim that the issuer's
    /// [`Provider`](crate::Provider) or settings name.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.identity.origin.dialect().tenant(self.claims())
    }

    /// Returns the roles in the token, from the claims that the issuer's
    /// [`Provider`](crate::Provider) or settings name.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let Identity { claims, origin, .. } = &*self.identity;
        origin.dialect().roles(claims.root(), || origin.audiences(claims))
    }

    /// Returns true if the token grants exactly this role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|granted| granted == role)
    }

    /// Returns the granted scopes, from `scope`, or from `scp` if there is no `scope`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.identity.scopes.iter(&self.identity.claims)
    }

    /// Returns true if the token grants exactly this scope. Scopes are case-sensitive and have no
    /// hierarchy (RFC 6749 section 3.3).
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|granted| granted == scope)
    }

    /// Returns the expiry time: `exp` of a token. The server refuses a token from the time `exp`
    /// plus the configured leeway on, and an API key from its expiry time on. Returns `None` for an
    /// API key that does not expire; a token always expires.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.identity.origin.expires_at()
    }

    /// Returns the name of the API key that the request presented, for an audit log. Returns `None`
    /// for a key without a name, and for a token.
    #[must_use]
    pub fn api_key_name(&self) -> Option<&str> {
        self.api_key()?.name.as_deref()
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
        self.identity.origin.issuer_name().unwrap_or_else(|| self.issuer()) == issuer
    }

    /// Returns all claims of the token.
    pub(crate) fn claims(&self) -> Object<'_> {
        self.identity.claims.root()
    }

    /// Returns true if both values have the same identity from one verification.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.identity, &other.identity)
    }

    /// Returns the names of the claims in which the identity has its client, roles and tenant.
    pub(crate) fn dialect(&self) -> &Dialect {
        self.identity.origin.dialect()
    }

    /// Returns the time at which the credential was issued, if it is known.
    pub(crate) fn issued_at(&self) -> Option<SystemTime> {
        self.identity.origin.issued_at()
    }

    /// Returns the size of the token in memory, in bytes.
    pub(crate) fn size(&self) -> usize {
        // An `Arc` allocates two reference counters with its value.
        let allocation = size_of::<Identity>().saturating_add(2 * size_of::<usize>());
        let Identity { claims, scopes, origin, .. } = &*self.identity;
        [allocation, claims.size(), scopes.size(), origin.text_size()]
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
