//! Names that authorization server products give to the claims that the standards do not define.

use serde::{Deserialize, Serialize};

use super::dialect::{AUDIENCE, Dialect, RolePath};

macro_rules! providers {
    ($(#[$doc:meta])* enum Provider { $($(#[$variant_doc:meta])* $provider:ident = $row:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Provider {
            $($(#[$variant_doc])* $provider,)*
        }

        impl Provider {
            /// Array of all values of `Provider`.
            pub const ALL: &[Self] = &[$(Self::$provider),*];

            fn row(self) -> Row {
                match self { $(Self::$provider => $row,)* }
            }
        }
    };
}

providers! {
    /// Authorization server product that an issuer uses. Each row of the table contains the
    /// settings of a provider. Each setting can also be set for an issuer, with the method in the
    /// heading.
    ///
    /// | provider | [`audience_claim`] | [`client_claim`] | [`roles_claim`] | [`tenant_claim`] | [`kind_claim`] |
    /// |---|---|---|---|---|---|
    /// | `Standard` | | `client_id`, `azp` | `roles` | | |
    /// | `Keycloak` | | `azp`, `client_id` | `realm_access.roles`, `resource_access.{audience}.roles` | | `typ` = `Bearer` |
    /// | `Auth0` | | `azp`, `client_id` | `permissions` | `org_id` | |
    /// | `Okta` | | `cid` | `groups` | | |
    /// | `EntraId` | | `azp`, `appid` | `roles` | `tid` | |
    /// | `Cognito` | `client_id` | `client_id` | `cognito:groups` | | `token_use` = `access` |
    /// | `Google` | | `azp` | | `hd` | |
    /// | `Dex` | | `azp` | `groups` | | |
    /// | `Zitadel` | | `client_id`, `azp` | `urn:zitadel:iam:org:project:roles` | `urn:zitadel:iam:user:resourceowner:id` | |
    ///
    /// Access tokens of Dex have the claim `at_hash`, so the row `Dex` also has the setting
    /// [`access_tokens_have_at_hash`]. No row has the setting [`scopes_claim`].
    ///
    /// The client of a token is the first of the listed claims whose value is a string. Access
    /// tokens of Cognito have no `aud`, so the configured audience is compared with `client_id`. Keycloak
    /// writes `DPoP` in place of `Bearer` into tokens that are bound to a key, which counts as the same.
    ///
    /// [`audience_claim`]: crate::Issuer::audience_claim
    /// [`client_claim`]: crate::Issuer::client_claim
    /// [`roles_claim`]: crate::Issuer::roles_claim
    /// [`tenant_claim`]: crate::Issuer::tenant_claim
    /// [`kind_claim`]: crate::Issuer::kind_claim
    /// [`scopes_claim`]: crate::Issuer::scopes_claim
    /// [`access_tokens_have_at_hash`]: crate::Issuer::access_tokens_have_at_hash
    enum Provider {
        /// RFC 9068, and products that write their tokens in this way
        #[default]
        Standard = STANDARD,
        /// Keycloak
        Keycloak = KEYCLOAK,
        /// Auth0
        Auth0 = AUTH0,
        /// Okta
        Okta = OKTA,
        /// Microsoft Entra ID
        EntraId = ENTRA_ID,
        /// Amazon Cognito user pools
        Cognito = COGNITO,
        /// Google
        Google = GOOGLE,
        /// Dex
        Dex = DEX,
        /// Zitadel
        Zitadel = ZITADEL,
    }
}

/// Settings of a provider. The table in the documentation of [`Provider`] shows them.
struct Row {
    audience: Option<&'static str>,
    client: &'static [&'static str],
    roles: &'static [&'static [&'static str]],
    tenant: Option<&'static str>,
    kind: Option<(&'static str, &'static str)>,
    has_at_hash: bool,
}

const STANDARD: Row = Row {
    audience: None,
    client: &["client_id", "azp"],
    roles: &[&["roles"]],
    tenant: None,
    kind: None,
    has_at_hash: false,
};

const KEYCLOAK: Row = Row {
    client: &["azp", "client_id"],
    roles: &[&["realm_access", "roles"], &["resource_access", AUDIENCE, "roles"]],
    kind: Some(("typ", "Bearer")),
    ..STANDARD
};

const AUTH0: Row = Row {
    client: &["azp", "client_id"],
    roles: &[&["permissions"]],
    tenant: Some("org_id"),
    ..STANDARD
};

const OKTA: Row = Row { client: &["cid"], roles: &[&["groups"]], ..STANDARD };

const ENTRA_ID: Row = Row { client: &["azp", "appid"], tenant: Some("tid"), ..STANDARD };

const COGNITO: Row = Row {
    audience: Some("client_id"),
    client: &["client_id"],
    roles: &[&["cognito:groups"]],
    kind: Some(("token_use", "access")),
    ..STANDARD
};

const GOOGLE: Row = Row { client: &["azp"], roles: &[], tenant: Some("hd"), ..STANDARD };

const DEX: Row = Row { client: &["azp"], roles: &[&["groups"]], has_at_hash: true, ..STANDARD };

const ZITADEL: Row = Row {
    roles: &[&["urn:zitadel:iam:org:project:roles"]],
    tenant: Some("urn:zitadel:iam:user:resourceowner:id"),
    ..STANDARD
};

impl Provider {
    /// Returns the names of the claims in tokens of this provider.
    pub(crate) fn dialect(self) -> Dialect {
        let row = self.row();
        let owned = |text: &str| text.to_owned();
        let path = |path: &&[&str]| RolePath::new(path.iter().copied().map(owned).collect());
        Dialect {
            audience: row.audience.map(owned),
            scopes: None,
            client: row.client.iter().copied().map(owned).collect(),
            roles: row.roles.iter().filter_map(path).collect(),
            tenant: row.tenant.map(owned),
            kind: row.kind.map(|(name, value)| (owned(name), owned(value))),
            has_at_hash: row.has_at_hash,
        }
    }
}

#[cfg(test)]
#[path = "provider/tests.rs"]
mod tests;
