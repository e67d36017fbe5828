//! The claims of a token: the registered ones, typed strictly, and the verified token itself.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;

use super::dialect::Dialect;
use super::rules::Rules;
use crate::error::TokenErrorKind::{self, MalformedClaim, MissingClaim};
use crate::json::{Array, Document, Item, Object, Position};
use crate::scope::Scopes;

/// The claims that every decision needs, each of the type its RFC gives it (RFC 7519 section 4.1).
#[derive(Debug, PartialEq)]
pub(crate) struct Registered {
    audience: Position,
    pub(crate) expires_at: SystemTime,
    pub(crate) not_before: Option<SystemTime>,
    pub(crate) issued_at: Option<SystemTime>,
}

impl Registered {
    pub(crate) fn read(claims: &Document, dialect: &Dialect) -> Result<Self, TokenErrorKind> {
        let root = claims.root();
        for name in ["sub", "jti", "client_id"] {
            string(root, name)?;
        }
        let audience = root.position(dialect.audience).ok_or(MissingClaim)?;
        if !is_audience(claims.at(audience)) {
            return Err(MalformedClaim);
        }
        Ok(Self {
            audience,
            expires_at: time(root, "exp")?.ok_or(MissingClaim)?,
            not_before: time(root, "nbf")?,
            issued_at: time(root, "iat")?,
        })
    }

    /// Whom the token is meant for, in the claims that this was read from.
    pub(crate) fn audiences<'a>(&self, claims: &'a Document) -> impl Iterator<Item = &'a str> {
        let claim = claims.at(self.audience);
        let several = claim.as_array().into_iter().flat_map(Array::items);
        claim
            .as_str()
            .into_iter()
            .chain(several.filter_map(Item::as_str))
    }
}

/// A claim that is a string where it is there at all.
pub(crate) fn string<'a>(
    claims: Object<'a>,
    name: &str,
) -> Result<Option<&'a str>, TokenErrorKind> {
    match claims.get(name) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(MalformedClaim),
    }
}

/// A string or an array of strings (RFC 7519 section 4.1.3), and not empty: a token for nobody is
/// not for us.
fn is_audience(claim: Item<'_>) -> bool {
    match claim {
        Item::String(_) => true,
        Item::Array(values) => {
            let mut values = values.items().peekable();
            values.peek().is_some() && values.all(|value| value.as_str().is_some())
        }
        _ => false,
    }
}

/// A `NumericDate`: seconds, perhaps with a fraction (RFC 7519 section 2). What no clock can show
/// is malformed rather than far away.
fn time(claims: Object<'_>, name: &str) -> Result<Option<SystemTime>, TokenErrorKind> {
    let seconds = match claims.get(name) {
        None => return Ok(None),
        Some(Item::Number(number)) => number.as_f64(),
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
    claims: Document,
    scopes: Scopes,
    registered: Registered,
    rules: Arc<Rules>,
}

impl AccessToken {
    /// Only for claims whose signature and rules have been checked.
    pub(crate) fn new(
        claims: Document,
        registered: Registered,
        rules: &Arc<Rules>,
    ) -> Result<Self, TokenErrorKind> {
        let scopes = Scopes::from_claims(&claims).ok_or(MalformedClaim)?;
        Ok(Self(Arc::new(Verified {
            claims,
            scopes,
            registered,
            rules: Arc::clone(rules),
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
        let Verified {
            claims,
            registered,
            rules,
            ..
        } = &*self.0;
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
        Value::deserialize(self.claims().get(name)?).ok()
    }

    /// Whether the issuer has this name in the configuration, or this identifier.
    pub(crate) fn is_from(&self, issuer: &str) -> bool {
        self.0.rules.issuer_name.as_deref() == Some(issuer) || self.issuer() == issuer
    }

    /// All claims.
    pub(crate) fn claims(&self) -> Object<'_> {
        self.0.claims.root()
    }

    /// Whether it is good now, as far as that changes.
    pub(crate) fn check_now(&self, now: SystemTime) -> Result<(), TokenErrorKind> {
        let Verified {
            claims,
            registered,
            rules,
            ..
        } = &*self.0;
        rules.check_now(claims, registered, now)
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        // The two counters of what is shared.
        let shared = size_of::<Verified>().saturating_add(2 * size_of::<usize>());
        let Verified { claims, scopes, .. } = &*self.0;
        [shared, claims.size(), scopes.size()]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims().get(name)?.as_str()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .finish_non_exhaustive()
    }
}
