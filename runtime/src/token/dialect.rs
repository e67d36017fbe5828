//! Names of the claims of one issuer that the standards do not define, and the values of these
//! claims in a token.

mod role_path;
#[cfg(any(test, feature = "__testing"))]
mod writer;

pub(crate) use self::role_path::{AUDIENCE, RolePath};

use crate::json::{Document, Item, Object, Position};

/// Names of the claims of one issuer: the row of its [`Provider`](super::Provider), in which the
/// settings of the issuer replace single values.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    /// Claim that is used instead of `aud` in a token without `aud`.
    pub(crate) audience: Option<String>,
    /// Paths of the claims with the scopes. `None` stands for `scope` and `scp`.
    pub(crate) scopes: Option<Vec<Vec<String>>>,
    /// Claims with the client. The first claim that is a string counts.
    pub(crate) client: Vec<String>,
    /// Paths of the claims with the roles. All of them count.
    pub(crate) roles: Vec<RolePath>,
    pub(crate) tenant: Option<String>,
    /// Name and value of a claim that every access token of the issuer has.
    pub(crate) kind: Option<(String, String)>,
    /// True if access tokens of the issuer have the claim `at_hash`.
    pub(crate) has_at_hash: bool,
}

impl Dialect {
    /// Returns true if the token has the claim that marks access tokens of this issuer. Returns
    /// `None` if the issuer has no such claim.
    ///
    /// Keycloak writes `DPoP` in place of `Bearer` into access tokens that are bound to a key.
    pub(crate) fn has_mark(&self, claims: Object<'_>) -> Option<bool> {
        let (name, value) = self.kind.as_ref()?;
        let found = claims.get(name).and_then(Item::as_str);
        Some(found == Some(value) || (value == "Bearer" && found == Some("DPoP")))
    }

    pub(crate) fn client<'a>(&self, claims: Object<'a>) -> Option<&'a str> {
        self.client.iter().find_map(|name| claims.get(name)?.as_str())
    }

    pub(crate) fn tenant<'a>(&self, claims: Object<'a>) -> Option<&'a str> {
        claims.get(self.tenant.as_deref()?)?.as_str()
    }

    /// Returns the roles in the token. `audiences` returns the configured audiences that the token
    /// has.
    pub(crate) fn roles<'a, A: Iterator<Item = &'a str> + 'a>(
        &'a self,
        claims: Object<'a>,
        audiences: impl Fn() -> A + Copy + 'a,
    ) -> impl Iterator<Item = &'a str> {
        self.roles.iter().flat_map(move |path| path.roles(claims, audiences))
    }

    /// Returns true if the claim with this name contains scopes or roles according to the settings of
    /// the issuer. `audiences` are those of this API.
    pub(crate) fn grants(&self, name: &str, audiences: &[String]) -> bool {
        let has_scopes = |paths: &Vec<Vec<String>>| {
            paths.iter().any(|path| path.first().is_some_and(|first| first == name))
        };
        self.scopes.as_ref().is_some_and(has_scopes)
            || self.roles.iter().any(|path| path.starts_at(name, audiences))
    }

    /// Returns the positions of the claims with the scopes, if the issuer has settings for them.
    /// Returns `None` if the scopes are in `scope` or `scp`.
    pub(crate) fn scopes<'a>(
        &'a self,
        claims: &'a Document,
    ) -> Option<impl Iterator<Item = Position> + use<'a>> {
        let paths = self.scopes.as_ref()?;
        Some(
            paths
                .iter()
                .filter_map(|path| claims.root().member_position(path))
                .filter(|position| !matches!(claims.at(*position), Item::Null)),
        )
    }
}
