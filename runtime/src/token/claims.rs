//! The claims of a token: the registered ones, typed strictly, and the verified token itself.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::dialect::Dialect;
use super::rules::Rules;
use super::signed_by::SignedBy;
use crate::error::TokenErrorKind::{self, MalformedClaim, MissingClaim};
use crate::json::{self, Object};
use crate::scope::Scopes;

/// The claims that every decision needs, each of the type its RFC gives it (RFC 7519 section 4.1).
#[derive(Debug, PartialEq)]
pub(crate) struct Registered {
    pub(crate) audience: Vec<String>,
    pub(crate) expires_at: SystemTime,
    pub(crate) not_before: Option<SystemTime>,
    pub(crate) issued_at: Option<SystemTime>,
}

impl Registered {
    pub(crate) fn read(claims: &Object, dialect: &Dialect) -> Result<Self, TokenErrorKind> {
        for name in ["sub", "jti", "client_id"] {
            string(claims, name)?;
        }
        Ok(Self {
            audience: audience(claims.get(dialect.audience))?,
            expires_at: time(claims, "exp")?.ok_or(MissingClaim)?,
            not_before: time(claims, "nbf")?,
            issued_at: time(claims, "iat")?,
        })
    }
}

/// A claim that is a string where it is there at all.
pub(crate) fn string<'a>(
    claims: &'a Object,
    name: &str,
) -> Result<Option<&'a str>, TokenErrorKind> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(MalformedClaim),
    }
}

/// A string or an array of strings (RFC 7519 section 4.1.3), and not empty: a token for nobody is
/// not for us.
fn audience(claim: Option<&Value>) -> Result<Vec<String>, TokenErrorKind> {
    let values = match claim {
        None => return Err(MissingClaim),
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
    };
    let audience: Option<Vec<String>> = values
        .iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect();
    audience
        .filter(|audience| !audience.is_empty())
        .ok_or(MalformedClaim)
}

/// A `NumericDate`: seconds, perhaps with a fraction (RFC 7519 section 2). What no clock can show
/// is malformed rather than far away.
fn time(claims: &Object, name: &str) -> Result<Option<SystemTime>, TokenErrorKind> {
    let seconds = match claims.get(name) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_f64().ok_or(MalformedClaim)?,
        Some(_) => return Err(MalformedClaim),
    };
    let distance = Duration::try_from_secs_f64(seconds.abs()).map_err(|_| MalformedClaim)?;
    let time = if seconds < 0.0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    time.map(Some).ok_or(MalformedClaim)
}

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
pub struct AccessToken(Arc<Verified>);

struct Verified {
    claims: Object,
    scopes: Scopes,
    /// Its audience is ours among those the token names: roles granted at other APIs are none here.
    registered: Registered,
    dialect: &'static Dialect,
    issuer_name: Option<Arc<str>>,
    /// `None` where nobody verified it: such a token is confirmed by no key set.
    signed_by: Option<SignedBy>,
}

impl AccessToken {
    /// Only for claims whose signature and rules have been checked.
    pub(crate) fn new(
        claims: Object,
        mut registered: Registered,
        rules: &Rules,
        signed_by: Option<SignedBy>,
    ) -> Result<Self, TokenErrorKind> {
        let scopes = Scopes::from_claims(&claims).ok_or(MalformedClaim)?;
        let is_ours = |audience: &String| rules.audiences.contains(audience);
        registered.audience.retain(is_ours);
        Ok(Self(Arc::new(Verified {
            claims,
            scopes,
            registered,
            dialect: rules.dialect,
            issuer_name: rules.issuer_name.clone(),
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
        self.0.dialect.client(&self.0.claims)
    }

    /// The organisation or tenant, from where the issuer's [`Provider`](crate::Provider) writes it.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.0.dialect.tenant(&self.0.claims)
    }

    /// The roles, from where the issuer's [`Provider`](crate::Provider) writes them.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let audience = &self.0.registered.audience;
        self.0.dialect.roles(&self.0.claims, audience)
    }

    /// Whether this role is granted, compared exactly.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|granted| granted == role)
    }

    /// The granted scopes, from `scope` or, where there is none, `scp`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.scopes.iter()
    }

    /// Whether exactly this scope is granted (RFC 6749 section 3.3: case-sensitive, no hierarchy).
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scopes.contains(scope)
    }

    /// `exp`: from when on the token is refused, but for the configured leeway.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.0.registered.expires_at
    }

    /// Any claim by its name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.0.claims.get(name)
    }

    /// Whether the issuer has this name in the configuration, or this identifier.
    pub(crate) fn is_from(&self, issuer: &str) -> bool {
        self.0.issuer_name.as_deref() == Some(issuer) || self.issuer() == issuer
    }

    /// All claims.
    pub(crate) fn claims(&self) -> &Object {
        &self.0.claims
    }

    pub(crate) fn registered(&self) -> &Registered {
        &self.0.registered
    }

    pub(crate) fn signed_by(&self) -> Option<&SignedBy> {
        self.0.signed_by.as_ref()
    }

    /// The bytes that it takes, and at most a few more.
    pub(crate) fn size(&self) -> usize {
        let Verified {
            claims,
            scopes,
            registered,
            signed_by,
            ..
        } = &*self.0;
        let kid = signed_by.as_ref().and_then(|key| key.kid.as_deref());
        let audience = registered.audience.iter();
        let audience = audience.map(|text| size_of::<String>().saturating_add(text.len()));
        // The two counters of what is shared.
        let shared = size_of::<Verified>().saturating_add(2 * size_of::<usize>());
        [
            shared,
            json::size(claims),
            scopes.size(),
            kid.map_or(0, str::len),
        ]
        .into_iter()
        .chain(audience)
        .fold(0, usize::saturating_add)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claim(name)?.as_str()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .finish_non_exhaustive()
    }
}
